//! `compile_commands.json` (Clang, "JSON Compilation Database"): the include directories that each file is compiled with.

use super::tree::Matches;
use crate::Repository;
use crate::files::below;
use crate::paths::{ancestors, folder, name, resolve};
use crate::work::Work;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Entries that are looked at to find where the repository stood when the file was written.
const SAMPLE: usize = 2000;
/// Include directories of one entry, or known to headers, beyond this number are not looked at.
const MOST_FOLDERS: usize = 256;
/// Longest path of an entry that is looked at, in bytes.
const LONGEST_PATH: usize = 512;

#[derive(Deserialize)]
struct Entry {
    directory: String,
    file: String,
    command: Option<String>,
    arguments: Option<Vec<String>>,
}

impl Entry {
    /// Whether its paths are as builds have them: every part of one is tried.
    fn is_short(&self) -> bool {
        self.directory.len().max(self.file.len()) <= LONGEST_PATH
    }
}

/// The include directories of compiled files, as folders of the repository.
#[derive(Debug, Default)]
pub(super) struct CompileCommands {
    /// Distinct lists of directories.
    lists: Vec<FolderList>,
    /// A compiled file -> its list.
    files: FxHashMap<Box<str>, usize>,
    /// Every directory, for headers, which have no entry of their own.
    all: FolderList,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct FolderList {
    /// `-iquote`: for the quoted form only, looked at first.
    quoted: Vec<Arc<str>>,
    /// `-I`, then `-isystem`, then `-idirafter`.
    folders: Vec<Arc<str>>,
    /// Whether there were more.
    is_cut: bool,
}

/// The directories of one file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folders<'a> {
    list: &'a FolderList,
    /// Whether the file has an entry of its own.
    own: bool,
}

impl CompileCommands {
    /// Reads every tracked `compile_commands.json`.
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let mut found = Self::default();
        let mut known: FxHashMap<FolderList, usize> = FxHashMap::default();
        let mut uses: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        let mut folders: Option<FxHashSet<Arc<str>>> = None;
        let read: Vec<_> = repo.paths().iter().filter(|path| name(path) == "compile_commands.json").collect();
        for path in &read {
            let Some(bytes) = repo.read(path) else { continue };
            let Ok(entries) = serde_json::from_slice::<Vec<Entry>>(&bytes) else { continue };
            let place = Place::of(&entries, repo.paths());
            let folders = folders.get_or_insert_with(|| folders_of(repo.paths()));
            if !entries.iter().all(Entry::is_short) {
                repo.cut(path, "has entries with longer paths than are looked at");
            }
            for entry in entries.iter().filter(|entry| entry.is_short()) {
                let Some(file) = place.locate(&entry.directory, &entry.file) else { continue };
                let list = folder_list(entry, &place, folders);
                if list.is_cut {
                    repo.cut(path, "has an entry with more include directories than are looked at");
                }
                for folder in list.quoted.iter().chain(&list.folders) {
                    *uses.entry(folder.clone()).or_default() += 1;
                }
                let index = *known.entry(list).or_insert_with_key(|list| {
                    found.lists.push(list.clone());
                    found.lists.len() - 1
                });
                found.files.insert(file.into(), index);
            }
        }
        let mut uses: Vec<_> = uses.into_iter().collect();
        uses.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if uses.len() > MOST_FOLDERS {
            for path in &read {
                repo.cut(path, "names more include directories than are looked at for headers");
            }
        }
        found.all.folders = uses.into_iter().take(MOST_FOLDERS).map(|(folder, _)| folder).collect();
        found
    }

    /// The directories that a file is compiled with, or all there are where it has no entry.
    pub(super) fn folders(&self, path: &str) -> Folders<'_> {
        let own = self.files.get(path).and_then(|index| self.lists.get(*index));
        Folders { list: own.unwrap_or(&self.all), own: own.is_some() }
    }
}

impl Folders<'_> {
    /// The file that an include means, and how sure that is: the first in the file's own order, or for a header the
    /// only one that any compiled file could see.
    pub(super) fn find<'m>(&self, matches: &Matches<'m>, local: bool, work: &Work) -> Option<(&'m str, u8)> {
        let quoted = if local { self.list.quoted.as_slice() } else { &[] };
        let folders = quoted.iter().chain(&self.list.folders).take_while(|_| work.take(1));
        let mut found = folders.filter_map(|folder| matches.under(folder));
        let first = found.next()?;
        if self.own {
            return Some((first, 100));
        }
        found.all(|other| other == first).then_some((first, 95))
    }
}

/// Where the repository stood on the machine that wrote the file.
struct Place(String);

impl Place {
    /// The folder before the tracked path, as most entries have it.
    fn of(entries: &[Entry], paths: &[Box<str>]) -> Self {
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        let tracked = |path: &str| paths.binary_search_by(|known| (**known).cmp(path)).is_ok();
        for entry in entries.iter().take(SAMPLE).filter(|entry| entry.is_short()) {
            let mut starts = entry.file.match_indices('/').map(|(at, _)| at);
            let start = starts.find(|at| entry.file.get(at + 1..).is_some_and(tracked));
            if let Some(outer) = start.and_then(|at| entry.file.get(..at)).filter(|_| entry.file.starts_with('/')) {
                *votes.entry(outer).or_default() += 1;
            }
            // Relative files (`../src/x.c`) still tell it by the folder they are compiled in.
            if !entry.file.starts_with('/') {
                for (at, _) in entry.directory.match_indices('/').chain([(entry.directory.len(), "")]) {
                    let (outer, inner) = entry.directory.split_at_checked(at).unwrap_or_default();
                    if resolve(inner.trim_start_matches('/'), &entry.file).is_some_and(|path| tracked(&path)) {
                        *votes.entry(outer).or_default() += 1;
                        break;
                    }
                }
            }
        }
        let best = votes.iter().max_by_key(|(outer, count)| (**count, std::cmp::Reverse(**outer)));
        Self(best.map_or(String::new(), |(outer, _)| (*outer).to_owned()))
    }

    /// A path of the machine as a path in the repository; `None` where it lies outside.
    fn locate(&self, directory: &str, path: &str) -> Option<String> {
        if !directory.starts_with('/') && !path.starts_with('/') {
            return resolve(directory, path);
        }
        let absolute = if path.starts_with('/') { path.to_owned() } else { [directory, "/", path].concat() };
        let absolute = resolve("", absolute.trim_start_matches('/'))?;
        below(&absolute, self.0.trim_start_matches('/')).map(str::to_owned)
    }
}

/// Every folder of the repository: each is kept once, however many files are compiled with it, and others hold no header.
fn folders_of(paths: &[Box<str>]) -> FxHashSet<Arc<str>> {
    let mut folders: FxHashSet<Arc<str>> = FxHashSet::default();
    for path in paths {
        for outer in ancestors(folder(path)) {
            if !folders.insert(outer.into()) {
                break;
            }
        }
    }
    folders
}

fn folder_list(entry: &Entry, place: &Place, folders: &FxHashSet<Arc<str>>) -> FolderList {
    let arguments = match (&entry.arguments, &entry.command) {
        (Some(arguments), _) => arguments.clone(),
        (None, Some(command)) => words(command),
        (None, None) => Vec::new(),
    };
    let (mut quoted, mut plain, mut system, mut after) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut arguments = arguments.iter().map(String::as_str);
    while let Some(argument) = arguments.next() {
        let options =
            [("-iquote", &mut quoted), ("-isystem", &mut system), ("-idirafter", &mut after), ("-I", &mut plain)];
        let option = options.into_iter().find_map(|(option, list)| Some((argument.strip_prefix(option)?, list)));
        let Some((value, list)) = option else { continue };
        let value = if value.is_empty() { arguments.next() } else { Some(value.trim_start_matches('=')) };
        let folder = value.and_then(|value| place.locate(&entry.directory, value));
        list.extend(folder.and_then(|folder| folders.get(folder.as_str()).cloned()));
    }
    plain.append(&mut system);
    plain.append(&mut after);
    let (quoted, plain) = (distinct(quoted), distinct(plain));
    let is_cut = quoted.len().max(plain.len()) > MOST_FOLDERS;
    let first = |folders: Vec<Arc<str>>| folders.into_iter().take(MOST_FOLDERS).collect();
    FolderList { quoted: first(quoted), folders: first(plain), is_cut }
}

fn distinct(mut folders: Vec<Arc<str>>) -> Vec<Arc<str>> {
    let mut seen = FxHashSet::default();
    folders.retain(|folder| seen.insert(folder.clone()));
    folders
}

/// A command line's words by the quoting rules of a POSIX shell.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (mark, Some(open)) if mark == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(letters.next()),
            (letter, Some(_)) => word.get_or_insert_default().push(letter),
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (letter, None) if letter.is_whitespace() => words.extend(word.take()),
            (letter, None) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_command_as_a_shell_does() {
        assert_eq!(words(r#"cc -I "a b" -DX=\"y\" 'c d'e  "#), ["cc", "-I", "a b", "-DX=\"y\"", "c de"]);
    }
}
