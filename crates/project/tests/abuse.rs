//! Rows 30, 31, 32 and 35 of the abuse cases: what a stranger's folder may try.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

use codexa_project::lock::Lock;
use codexa_project::survey::{OnDisk, SurveyOptions};
use codexa_project::tree::Tree;
use codexa_project::write::Transaction;
use codexa_project::{Lack, Project, ReadError};
use codexa_testkit::GitRepository;
use codexa_testkit::hostile::Trap;
use rustix::fs::{CWD, FileType, Mode, RenameFlags, mknodat, renameat_with};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const LIMIT: u64 = 1 << 20;

fn fifo(path: &Path) {
    let _ = fs::remove_file(path);
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

/// Everything that reads a project.
fn read_all(project: &Project) {
    let listing = project.tracked().unwrap();
    let survey = project.survey(&listing, Default::default());
    let reader = project.reader().unwrap();
    for path in listing.entries.iter().map(|entry| &entry.path).chain(survey.found.iter().map(|found| &found.path)) {
        let _ = reader.read(path, LIMIT);
    }
    let _ = (project.basis().unwrap(), project.head().unwrap(), project.lacks().unwrap());
}

#[test]
fn abuse_30_symlinks_are_not_followed() {
    let repository = GitRepository::with_files(&[("folder/secret", "inside"), ("file", "inside")]);
    let outside = repository.beside("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), "outside").unwrap();
    fs::remove_dir_all(repository.path().join("folder")).unwrap();
    fs::remove_file(repository.path().join("file")).unwrap();
    symlink(&outside, repository.path().join("folder")).unwrap();
    symlink(outside.join("secret"), repository.path().join("file")).unwrap();
    symlink("loop", repository.path().join("loop")).unwrap();
    symlink(".", repository.path().join("self")).unwrap();

    let project = Project::open(repository.path()).unwrap();
    let reader = project.reader().unwrap();
    for path in ["folder/secret", "file", "loop", "self/file", "self/self/self/file"] {
        assert!(matches!(reader.read(path, LIMIT), Err(ReadError::Symlink)), "{path}");
    }
    let listing = project.tracked().unwrap();
    let survey = project.survey(&listing, Default::default());
    assert_eq!(survey.tracked, [OnDisk::Symlink, OnDisk::Missing]);
    assert_eq!(survey.untracked.files, 3, "the links themselves, nothing behind them");
}

#[test]
fn abuse_30_a_folder_swapped_during_the_walk_leads_nowhere() {
    let repository = GitRepository::with_files(&[("folder/file", "inside"), ("other", "")]);
    let outside = repository.beside("outside");
    fs::create_dir(&outside).unwrap();
    for name in ["file", "extra-1", "extra-2"] {
        fs::write(outside.join(name), "outside").unwrap();
    }
    let (folder, link) = (repository.path().join("folder"), repository.beside("link"));
    symlink(&outside, &link).unwrap();
    let project = Project::open(repository.path()).unwrap();
    let listing = project.tracked().unwrap();
    let reader = project.reader().unwrap();
    let is_over = AtomicBool::new(false);
    let mut seen = [0_u32; 2];
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                renameat_with(CWD, &folder, CWD, &link, RenameFlags::EXCHANGE).unwrap();
            }
        });
        for _ in 0..2_000 {
            match reader.read("folder/file", LIMIT) {
                Ok(content) => {
                    assert_eq!(content.bytes, b"inside");
                    seen[0] += 1;
                }
                Err(_) => seen[1] += 1,
            }
            let survey = project.survey(&listing, Default::default());
            assert!(survey.untracked.files <= 1, "only the link itself may be counted");
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(seen[0] > 0, "the folder must have been met as a folder at least once");
}

#[test]
fn abuse_30_special_files_are_neither_read_nor_waited_for() {
    let repository = GitRepository::with_files(&[("pipe", ""), ("device", ""), ("fine", "fine")]);
    fifo(&repository.path().join("pipe"));
    let device = repository.path().join("device");
    fs::remove_file(&device).unwrap();
    // Only root may make devices; elsewhere the path is simply missing.
    let zero = rustix::fs::makedev(1, 5);
    let has_device = mknodat(CWD, &device, FileType::CharacterDevice, Mode::from_raw_mode(0o666), zero).is_ok();

    let project = Project::open(repository.path()).unwrap();
    let reader = project.reader().unwrap();
    assert!(matches!(reader.read("pipe", LIMIT), Err(ReadError::Special)));
    assert!(reader.read("device", LIMIT).is_err());
    assert_eq!(reader.read("fine", LIMIT).unwrap().bytes, b"fine");
    let survey = project.survey(&project.tracked().unwrap(), Default::default());
    assert_eq!(survey.tracked[0], if has_device { OnDisk::Special } else { OnDisk::Missing });
    assert_eq!(survey.tracked[2], OnDisk::Special);
}

#[test]
fn abuse_30_pipes_in_place_of_rules_are_passed_over() {
    let repository = GitRepository::with_files(&[("a/b", "")]);
    fifo(&repository.path().join(".gitignore"));
    fifo(&repository.path().join("a/.gitignore"));
    fifo(&repository.path().join(".git/info/exclude"));
    let project = Project::open(repository.path()).unwrap();
    assert_eq!(project.survey(&project.tracked().unwrap(), Default::default()).untracked.files, 2);
}

#[test]
fn abuse_30_pipes_in_git_s_own_folder_are_refused() {
    for name in ["HEAD", "config", "index", "packed-refs", "refs/heads/main", "objects/info/alternates"] {
        let repository = GitRepository::with_files(&[("a", "")]);
        fifo(&repository.path().join(".git").join(name));
        let read = Project::open(repository.path()).and_then(|project| {
            project.tracked()?;
            project.head()
        });
        match read {
            Err(error) => assert_eq!(error.code(), "DISCOVERY_GIT_UNREADABLE", "{name}"),
            Ok(head) => assert_eq!(head, None, "{name}: no repository at all"),
        }
    }
}

#[test]
fn abuse_31_odd_names_are_read_under_their_safe_text() {
    let mut repository = GitRepository::empty();
    let names: [&[u8]; 6] = [
        b"new\nline.rs",
        b"carriage\r.rs",
        b"latin\xe9.rs",
        b"back\\slash.rs",
        "bidi\u{202e}sr.exe".as_bytes(),
        b"esc\x1b[2J.rs",
    ];
    for name in names {
        use std::os::unix::ffi::OsStrExt as _;
        fs::write(repository.path().join(std::ffi::OsStr::from_bytes(name)), name).unwrap();
    }
    repository.commit("odd");
    let project = Project::open(repository.path()).unwrap();
    let listing = project.tracked().unwrap();
    assert_eq!(listing.entries.len(), names.len());
    let reader = project.reader().unwrap();
    for entry in &listing.entries {
        assert!(!entry.path.chars().any(char::is_control), "{:?}", entry.path);
        let content = reader.read(&entry.path, LIMIT).unwrap();
        assert_eq!(content.bytes, *codexa_project::path::raw(&entry.path));
    }
    let survey = project.survey(&listing, Default::default());
    assert!(survey.tracked.iter().all(|on_disk| matches!(on_disk, OnDisk::File { .. })));
    assert_eq!(survey.untracked.files, 0);
}

#[test]
fn abuse_30_a_pipe_behind_a_chain_of_refs_is_refused() {
    let repository = GitRepository::with_files(&[("a", "")]);
    repository.write(".git/refs/heads/main", "ref: refs/heads/f\n");
    fifo(&repository.path().join(".git/refs/heads/f"));
    let project = Project::open(repository.path()).unwrap();
    for read in [project.head().map(drop), project.basis().map(drop), project.lacks().map(drop)] {
        assert_eq!(read.unwrap_err().code(), "DISCOVERY_GIT_UNREADABLE");
    }
}

#[test]
fn abuse_30_refs_that_lead_on_without_end_or_elsewhere_are_refused() {
    let repository = GitRepository::with_files(&[("a", "")]);
    let project = Project::open(repository.path()).unwrap();
    fs::write(repository.beside("secret"), repository.git(&["rev-parse", "HEAD"])).unwrap();
    for target in ["ref: refs/heads/main", "ref: ../../secret", "ref: refs/../../../secret", "ref: HEAD", "secret"] {
        repository.write(".git/refs/heads/main", target);
        assert_eq!(project.head().unwrap_err().code(), "DISCOVERY_GIT_UNREADABLE", "{target}");
    }
    fs::remove_file(repository.path().join(".git/refs/heads/main")).unwrap();
    symlink(repository.beside("secret"), repository.path().join(".git/refs/heads/main")).unwrap();
    assert_eq!(project.head().unwrap_err().code(), "DISCOVERY_GIT_UNREADABLE");
}

#[test]
fn abuse_30_a_head_that_is_a_broken_tag_is_refused() {
    let repository = GitRepository::with_files(&[("a", "")]);
    let tag = repository.git_with_input(&["hash-object", "-t", "tag", "--literally", "-w", "--stdin"], "nonsense");
    repository.write(".git/refs/heads/main", tag);
    let project = Project::open(repository.path()).unwrap();
    assert_eq!(project.head().unwrap_err().code(), "DISCOVERY_GIT_UNREADABLE");
}

#[test]
fn abuse_30_pipes_in_a_folder_that_a_git_file_leads_to_are_refused() {
    for name in ["config", "packed-refs", "HEAD"] {
        let repository = GitRepository::with_files(&[("a", "")]);
        repository.git(&["worktree", "add", "--quiet", "../linked"]);
        let moved = repository.path().join("moved");
        fs::rename(repository.path().join(".git"), &moved).unwrap();
        repository.write(".git", "gitdir: moved\n");
        fs::write(moved.join("worktrees/linked/commondir"), format!("{}\n", moved.display())).unwrap();
        fs::write(
            repository.beside("linked").join(".git"),
            format!("gitdir: {}\n", moved.join("worktrees/linked").display()),
        )
        .unwrap();
        assert!(Project::open(&repository.beside("linked")).unwrap().head().unwrap().unwrap().commit.is_some());
        fifo(&moved.join(name));
        for folder in [repository.path(), &repository.beside("linked")] {
            let error = Project::open(folder).and_then(|project| project.head()).unwrap_err();
            assert_eq!(error.code(), "DISCOVERY_GIT_UNREADABLE", "{name}");
        }
    }
}

/// An index that git itself would refuse to write: a name is replaced by one of the same length.
fn with_forged_index(from: &str, to: &str) -> GitRepository {
    let repository = GitRepository::with_files(&[(from, "forged"), ("fine", "")]);
    let index = repository.path().join(".git/index");
    let mut bytes = fs::read(&index).unwrap();
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    fs::write(&index, bytes).unwrap();
    repository
}

#[test]
fn abuse_31_names_that_leave_the_folder_are_never_used() {
    for (from, to) in
        [("xx/evil", "../evil"), ("x/evil", "/a/evi"), ("xxxx/config", ".git/config"), ("xxxx/config", ".GIT/config")]
    {
        let repository = with_forged_index(from, to);
        fs::write(repository.beside("evil"), "outside").unwrap();
        let project = Project::open(repository.path()).unwrap();
        let listing = project.tracked().unwrap();
        assert_eq!(listing.unsafe_names.iter().map(|name| &**name).collect::<Vec<_>>(), [to]);
        assert_eq!(listing.entries.len(), 1);
        assert!(matches!(project.reader().unwrap().read(to, LIMIT), Err(ReadError::UnsafeName)));
    }
}

#[test]
fn abuse_31_a_tree_with_unsafe_names_is_listed_without_them() {
    let repository = GitRepository::with_files(&[("a", "content")]);
    let blob = repository.git(&["rev-parse", "HEAD:a"]);
    let list = format!("100644 blob {blob}\t..\n100644 blob {blob}\t.git\n100644 blob {blob}\tok\n");
    let tree = repository.git_with_input(&["mktree"], &list);
    let commit = repository.git(&["commit-tree", &tree, "-m", "unsafe"]);
    let bare = repository.beside("bare.git");
    repository.git(&["clone", "--quiet", "--bare", ".", &bare.display().to_string()]);
    fs::write(bare.join("refs/heads/main"), format!("{commit}\n")).unwrap();
    let listing = Project::open(&bare).unwrap().tracked().unwrap();
    assert_eq!(listing.entries.iter().map(|entry| &*entry.path).collect::<Vec<_>>(), ["ok"], "{listing:?}");
    assert_eq!(listing.unsafe_names.len(), 2);
}

#[test]
fn abuse_31_a_broken_index_is_an_error_and_never_a_panic() {
    let repository = GitRepository::with_files(&[("a/b", "1"), ("a/c", "2"), ("d", "3")]);
    let index = repository.path().join(".git/index");
    let good = fs::read(&index).unwrap();
    let project = Project::open(repository.path()).unwrap();
    for at in 0..good.len() {
        for value in [0x00, 0x7f, 0xff] {
            let mut bad = good.clone();
            bad[at] = value;
            fs::write(&index, &bad).unwrap();
            if let Ok(listing) = project.tracked() {
                let _ = project.survey(&listing, Default::default());
            }
        }
        fs::write(&index, &good[..at]).unwrap();
        let _ = project.tracked();
    }
}

#[test]
fn abuse_32_nothing_that_git_would_run_is_run() {
    let trap = Trap::set();
    trap.prove();
    let project = Project::open(trap.repository.path()).unwrap();
    read_all(&project);
    let lock = Lock::acquire(&project, "test", Duration::ZERO, |_| {}, || false).unwrap();
    let mut transaction = Transaction::new(&lock);
    transaction.put(".codexa/manifests/a.yaml", "a");
    transaction.commit(|| false).unwrap();
    read_all(&Project::open(&trap.repository.path().join("evil.git")).unwrap());
    assert!(!trap.has_sprung());
    trap.prove();
}

#[test]
fn abuse_32_configuration_cannot_move_the_work_tree_or_include_files() {
    let repository = GitRepository::with_files(&[("a", "inside")]);
    let outside = repository.beside("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a"), "outside").unwrap();
    let config = repository.read(".git/config");
    repository.write(
        ".git/config",
        format!("{config}[core]\n\tworktree = {}\n\texcludesFile = /etc/passwd\n", outside.display()),
    );
    let project = Project::open(repository.path()).unwrap();
    assert_eq!(project.root(), repository.path());
    assert_eq!(project.reader().unwrap().read("a", LIMIT).unwrap().bytes, b"inside");
}

#[test]
fn abuse_35_ignore_rules_that_are_left_out_are_named() {
    let rules = |count: usize| "x\n".repeat(count);
    let cases = [
        (".gitignore", rules(10_000), false),
        (".gitignore", rules(10_001), true),
        ("deep/.gitignore", rules(10_001), true),
        (".gitignore", "#".repeat(1 << 20), false),
        (".gitignore", "#".repeat((1 << 20) + 1), true),
        (".git/info/exclude", rules(10_001), true),
        (".git/info/exclude", "#".repeat((1 << 20) + 1), true),
    ];
    for (file, content, is_cut) in cases {
        let repository = GitRepository::with_files(&[("deep/file", "")]);
        repository.write(file, content);
        let project = Project::open(repository.path()).unwrap();
        let listing = project.tracked().unwrap();
        let expected: &[Lack] = if is_cut { &[Lack::TooManyIgnoreRules] } else { &[] };
        assert_eq!(project.survey(&listing, Default::default()).lacks, expected, "{file}");
        let all = SurveyOptions { no_ignore: true, ..SurveyOptions::default() };
        assert_eq!(project.survey(&listing, all).lacks, []);
    }
}

#[test]
fn abuse_35_a_sparse_file_of_2_gib_is_not_read() {
    let repository = GitRepository::with_files(&[("huge.rs", ""), ("small.rs", "")]);
    fs::OpenOptions::new().write(true).open(repository.path().join("huge.rs")).unwrap().set_len(2 << 30).unwrap();
    let project = Project::open(repository.path()).unwrap();
    match project.reader().unwrap().read("huge.rs", 50 << 20) {
        Err(ReadError::TooLarge { size }) => assert_eq!(size, 2 << 30),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_tree_is_read_only_beneath_its_root() {
    let repository = GitRepository::with_files(&[("a/b", "inside")]);
    let tree = Tree::open(&repository.path().join("a")).unwrap();
    assert_eq!(tree.read(b"b", LIMIT).unwrap().bytes, b"inside");
    for name in [&b"../a/b"[..], b"/etc/passwd", b"", b".", b".."] {
        assert!(tree.read(name, LIMIT).is_err());
    }
}
