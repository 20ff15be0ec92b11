//! The walk behind a survey.

use super::{Found, OnDisk, Survey, SurveyOptions};
use crate::find::Project;
use crate::git::{Entry, Repository};
use crate::lacks::Lack;
use crate::rules::{RULES_LIMIT, Rules};
use crate::stat::FileStat;
use crate::tree::{Bytes, NotRead, Tree, read_in};
use crate::{is_written_by_codexa, path};
use rustix::fs::{AtFlags, FileType, Mode, RawDir, Stat};
use rustix::io::Errno;
use std::borrow::Cow;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// Fewer tracked entries than this are not worth a second thread.
const ENTRIES_PER_THREAD: usize = 512;

/// Most threads that are started unasked: beyond, the kernel's locks are what one waits for.
const MOST_THREADS: usize = 8;

/// Bytes of names that are asked for at once.
const FOLDER_BUFFER: usize = 32 << 10;

/// A folder to look at.
struct Task {
    /// Its path from the root as bytes; empty for the root.
    raw: Vec<u8>,
    /// The tracked entries beneath it; empty where nothing beneath it is tracked.
    range: Range<usize>,
    /// The rules that hold in the folder above it.
    rules: Option<Arc<Rules>>,
    /// Whether a rule hides the folder, so that all of it that is not tracked is ignored.
    is_hidden: bool,
}

/// A tracked child of the folder that is looked at.
struct Child<'a> {
    name: Cow<'a, [u8]>,
    range: Range<usize>,
    is_folder: bool,
}

/// The folders that wait, and how many threads may still add some.
#[derive(Default)]
struct Queue {
    tasks: Vec<Task>,
    busy: usize,
    /// Threads that sleep; without any there is nobody to wake.
    idle: usize,
}

struct Walk<'a> {
    tree: &'a Tree,
    /// `None` where git knows nothing: every file counts.
    entries: Option<&'a [Entry]>,
    no_ignore: bool,
    /// Once it says so, what was seen counts for nothing.
    cancelled: &'a (dyn Fn() -> bool + Sync),
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// One thread's turn with a folder; its end, however it comes, lets the others go on.
struct Turn<'a> {
    walk: &'a Walk<'a>,
    subfolders: Vec<Task>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = self.walk.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.busy -= 1;
        queue.tasks.append(&mut self.subfolders);
        let is_news = queue.idle > 0 && (!queue.tasks.is_empty() || queue.busy == 0);
        drop(queue);
        if is_news {
            self.walk.changed.notify_all();
        }
    }
}

/// A folder that is being looked at.
struct Open<'a> {
    task: &'a Task,
    folder: BorrowedFd<'a>,
    rules: Option<Arc<Rules>>,
}

/// What one thread saw.
#[derive(Default)]
struct Seen {
    survey: Survey,
    tracked: Vec<(usize, OnDisk)>,
}

pub(super) fn run(
    project: &Project,
    entries: Option<&[Entry]>,
    options: SurveyOptions,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Survey {
    let count = entries.map_or(0, <[Entry]>::len);
    let exclude = project.repository().filter(|_| !options.no_ignore).map(exclude_file);
    let (rules, are_whole) = match exclude {
        Some(Ok(read)) => Rules::push_global(None, ".git/info/exclude", &read.bytes),
        Some(Err(NotRead::TooLarge { .. })) => (None, false),
        Some(Err(_)) | None => (None, true),
    };
    let root = Task { raw: Vec::new(), range: 0..count, rules, is_hidden: false };
    let walk = Walk {
        tree: project.tree(),
        entries,
        no_ignore: options.no_ignore,
        cancelled,
        queue: Mutex::new(Queue { tasks: vec![root], ..Queue::default() }),
        changed: Condvar::new(),
    };
    let threads = match options.threads {
        0 if entries.is_some() && count < ENTRIES_PER_THREAD => 1,
        0 => thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS),
        threads => threads,
    };
    let mut seen = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(|| walk.work())).collect();
        let mut seen = vec![walk.work()];
        seen.extend(
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
        );
        seen
    });
    let lacks = if are_whole { Vec::new() } else { vec![Lack::TooManyIgnoreRules] };
    let mut survey = Survey { tracked: vec![OnDisk::Missing; count], lacks, ..Survey::default() };
    for part in &mut seen {
        merge(&mut survey, part);
    }
    survey.found.sort_by(|a, b| a.path.cmp(&b.path));
    survey.unread_folders.sort();
    survey.lacks.dedup();
    survey
}

fn merge(survey: &mut Survey, part: &mut Seen) {
    for (index, on_disk) in part.tracked.drain(..) {
        if let Some(slot) = survey.tracked.get_mut(index) {
            *slot = on_disk;
        }
    }
    survey.found.append(&mut part.survey.found);
    survey.unread_folders.append(&mut part.survey.unread_folders);
    survey.lacks.append(&mut part.survey.lacks);
    survey.untracked.files += part.survey.untracked.files;
    survey.untracked.ignored += part.survey.untracked.ignored;
    survey.untracked.repositories += part.survey.untracked.repositories;
    for (rule, count) in std::mem::take(&mut part.survey.hidden_by) {
        *survey.hidden_by.entry(rule).or_default() += count;
    }
}

/// The repository's own, untracked ignore rules.
fn exclude_file(repository: &Repository) -> Result<Bytes, NotRead> {
    Tree::open(&repository.common_dir()).map_err(NotRead::Io)?.read(b"info/exclude", RULES_LIMIT)
}

impl Walk<'_> {
    /// Looks at folders until none is left.
    fn work(&self) -> Seen {
        let mut seen = Seen::default();
        while let Some(task) = self.next() {
            let mut turn = Turn { walk: self, subfolders: Vec::new() };
            self.look_at(&task, &mut seen, &mut turn.subfolders);
        }
        seen
    }

    fn next(&self) -> Option<Task> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if (self.cancelled)() {
                queue.tasks.clear();
            }
            if let Some(task) = queue.tasks.pop() {
                queue.busy += 1;
                return Some(task);
            }
            if queue.busy == 0 {
                return None;
            }
            queue.idle += 1;
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
        }
    }

    fn look_at(&self, task: &Task, seen: &mut Seen, subfolders: &mut Vec<Task>) {
        let folder = match self.tree.open_folder(&task.raw) {
            Ok(folder) => folder,
            Err(errno) => {
                // A tracked folder that is gone or has become a link or file: its files are missing, and the link or file is new.
                if matches!(errno, Errno::NOTDIR | Errno::LOOP) && !task.range.is_empty() {
                    seen.survey.untracked.files += u64::from(!task.is_hidden);
                } else if errno != Errno::NOENT {
                    seen.survey.unread_folders.push(path::text(&task.raw));
                    seen.tracked.extend(task.range.clone().map(|index| (index, OnDisk::Denied)));
                }
                return;
            }
        };
        let children = self.children(task);
        for child in children.iter().filter(|child| !child.is_folder) {
            if (self.cancelled)() {
                return;
            }
            seen.tracked.push((child.range.start, on_disk(folder.as_fd(), &child.name)));
        }
        let names = names(folder.as_fd()).unwrap_or_else(|_| {
            seen.survey.unread_folders.push(path::text(&task.raw));
            Vec::new()
        });
        if task.range.is_empty() && !task.raw.is_empty() && is_repository(&names) {
            seen.survey.untracked.repositories += 1;
            return;
        }
        let (rules, are_whole) = self.rules(task, folder.as_fd(), &names);
        if !are_whole {
            seen.survey.lacks = vec![Lack::TooManyIgnoreRules];
        }
        for child in children.iter().filter(|child| child.is_folder) {
            let raw = join(&task.raw, &child.name);
            let is_hidden = task.is_hidden || rules.as_ref().is_some_and(|rules| rules.hiding(&raw, true).is_some());
            subfolders.push(Task { raw, range: child.range.clone(), rules: rules.clone(), is_hidden });
        }
        let open = Open { task, folder: folder.as_fd(), rules };
        for (name, kind) in names {
            if (self.cancelled)() {
                return;
            }
            if children.binary_search_by(|child| child.name.as_ref().cmp(name.as_slice())).is_err() {
                subfolders.extend(self.untracked(&open, &name, kind, &mut seen.survey));
            }
        }
    }

    /// The tracked children of a folder, sorted by name, one per name.
    fn children(&self, task: &Task) -> Vec<Child<'_>> {
        let entries = self.entries.and_then(|entries| entries.get(task.range.clone())).unwrap_or_default();
        let prefix = if task.raw.is_empty() { 0 } else { path::text(&task.raw).len() + 1 };
        let mut children: Vec<Child<'_>> = Vec::new();
        for (index, entry) in (task.range.start..).zip(entries) {
            let rest = entry.path.get(prefix..).unwrap_or_default();
            let (name, is_folder) = match rest.split_once('/') {
                Some((name, _)) => (name, true),
                None => (rest, false),
            };
            let name = path::raw(name);
            match children.last_mut() {
                Some(last) if is_folder && last.is_folder && last.name == name => last.range.end = index + 1,
                _ => children.push(Child { name, range: index..index + 1, is_folder }),
            }
        }
        children.sort_by(|a, b| a.name.cmp(&b.name));
        children
    }

    /// The rules that hold in a folder, and whether all of its own were taken.
    fn rules(&self, task: &Task, folder: BorrowedFd<'_>, names: &[(Vec<u8>, FileType)]) -> (Option<Arc<Rules>>, bool) {
        let above = task.rules.clone();
        if self.no_ignore || !names.iter().any(|(name, _)| name == b".gitignore") {
            return (above, true);
        }
        match read_in(folder, b".gitignore", RULES_LIMIT) {
            Ok(read) => Rules::push(above, &join(&task.raw, b".gitignore"), &read.bytes),
            Err(NotRead::TooLarge { .. }) => (above, false),
            Err(_) => (above, true),
        }
    }

    /// Counts or lists a name that is not tracked; gives the folder to look at, where it is one.
    fn untracked(&self, open: &Open<'_>, name: &[u8], kind: FileType, survey: &mut Survey) -> Option<Task> {
        let raw = join(&open.task.raw, name);
        let kind = match kind {
            FileType::Unknown => rustix::fs::statat(open.folder, name, AtFlags::SYMLINK_NOFOLLOW)
                .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode)),
            kind => kind,
        };
        let is_folder = kind == FileType::Directory;
        if name.eq_ignore_ascii_case(b".git") || is_own(&raw, is_folder) {
            return None;
        }
        if open.task.is_hidden {
            survey.untracked.ignored += 1;
            return None;
        }
        if let Some(rule) = open.rules.as_ref().and_then(|rules| rules.hiding(&raw, is_folder)) {
            survey.untracked.ignored += 1;
            *survey.hidden_by.entry(rule).or_default() += 1;
            return None;
        }
        if is_folder {
            return Some(Task { raw, range: 0..0, rules: open.rules.clone(), is_hidden: false });
        }
        if self.entries.is_some() {
            survey.untracked.files += 1;
        } else {
            survey.found.push(Found { path: path::text(&raw), on_disk: on_disk(open.folder, name) });
        }
        None
    }
}

fn is_own(raw: &[u8], is_folder: bool) -> bool {
    let mut text = path::text(raw).into_string();
    if is_folder {
        text.push('/');
    }
    is_written_by_codexa(&text)
}

/// Whether a folder's names are those of a repository's top or of a bare repository.
fn is_repository(names: &[(Vec<u8>, FileType)]) -> bool {
    let has = |wanted: &[u8]| names.iter().any(|(name, _)| name == wanted);
    has(b".git") || (has(b"HEAD") && has(b"objects") && has(b"refs"))
}

fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut raw = Vec::with_capacity(folder.len() + 1 + name.len());
    if !folder.is_empty() {
        raw.extend_from_slice(folder);
        raw.push(b'/');
    }
    raw.extend_from_slice(name);
    raw
}

fn names(folder: BorrowedFd<'_>) -> Result<Vec<(Vec<u8>, FileType)>, Errno> {
    let mut names = Vec::new();
    let mut buffer = Vec::with_capacity(FOLDER_BUFFER);
    let mut entries = RawDir::new(folder, buffer.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            names.push((name.to_vec(), entry.file_type()));
        }
    }
    Ok(names)
}

fn on_disk(folder: BorrowedFd<'_>, name: &[u8]) -> OnDisk {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => classify(&stat),
        Err(Errno::ACCESS | Errno::PERM) => OnDisk::Denied,
        Err(_) => OnDisk::Missing,
    }
}

fn classify(stat: &Stat) -> OnDisk {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => OnDisk::File {
            stat: FileStat::of(stat),
            executable: Mode::from_raw_mode(stat.st_mode).contains(Mode::XUSR),
        },
        FileType::Symlink => OnDisk::Symlink,
        FileType::Directory => OnDisk::Folder,
        _ => OnDisk::Special,
    }
}
