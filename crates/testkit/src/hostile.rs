//! Repositories that try to run something, and a proof that they would.

use crate::GitRepository;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// A repository in which every way that git has to run a program leads to one that makes a canary file.
#[derive(Debug)]
pub struct Trap {
    /// The repository.
    pub repository: GitRepository,
    canary: PathBuf,
}

/// Hooks that git runs on plain commands.
const HOOKS: [&str; 8] = [
    "post-checkout",
    "post-index-change",
    "pre-commit",
    "post-commit",
    "fsmonitor-watchman",
    "reference-transaction",
    "pre-push",
    "post-merge",
];

impl Trap {
    /// Sets the trap: fsmonitor, filters, textconv, external diff, hooks, pager, editor, ssh and credential commands, an
    /// included configuration, and a bare repository in the work tree with the same.
    ///
    /// # Panics
    /// When it cannot be set.
    #[must_use]
    pub fn set() -> Self {
        let mut repository = GitRepository::with_files(&[
            ("src/lib.rs", "pub fn trap() {}\n"),
            ("notes.txt", "filtered\n"),
            (".gitattributes", "*.txt filter=trap diff=trap merge=trap\n*.rs filter=trap\n"),
        ]);
        let canary = repository.beside("canary");
        let script = repository.beside("trap.sh");
        write_program(&script, &canary);
        repository.write("evil.git/HEAD", "ref: refs/heads/main\n");
        repository.write("evil.git/objects/.keep", "");
        repository.write("evil.git/refs/.keep", "");
        repository.write("evil.git/config", configuration(&script, true));
        repository.commit("with a bare repository in it");
        let config = repository.read(".git/config");
        repository.write(".git/included", "[core]\n\tpager = false\n");
        repository.write(".git/config", format!("{config}{}", configuration(&script, false)));
        for hook in HOOKS {
            write_program(&repository.path().join(".git/hooks").join(hook), &canary);
        }
        let trap = Self { repository, canary };
        trap.dirty();
        trap
    }

    /// Changes a tracked file's stamp, so that `git status` has to look at its content, through the filter.
    fn dirty(&self) {
        self.repository.write("notes.txt", "filtered\n");
        self.repository.write("src/lib.rs", "pub fn trap() { }\n");
    }

    /// Whether anything was run.
    #[must_use]
    pub fn has_sprung(&self) -> bool {
        self.canary.exists()
    }

    /// Shows that the trap works: a plain `git status` springs it. The canary is removed again.
    ///
    /// # Panics
    /// When git does not spring it, for then the test that uses the trap shows nothing.
    pub fn prove(&self) {
        self.dirty();
        self.repository.try_git(&["status", "--short"]);
        assert!(self.has_sprung(), "git itself must spring the trap");
        fs::remove_file(&self.canary).expect("the canary");
        self.dirty();
    }
}

fn configuration(script: &Path, is_bare: bool) -> String {
    let run = script.display();
    format!(
        "[core]\n\tbare = {is_bare}\n\tfsmonitor = {run}\n\tpager = {run}\n\teditor = {run}\n\tsshCommand = {run}\n\
         \taskPass = {run}\n\tgitProxy = {run}\n\talternateRefsCommand = {run}\n\
         [filter \"trap\"]\n\tclean = {run}\n\tsmudge = {run}\n\tprocess = {run}\n\trequired = true\n\
         [diff]\n\texternal = {run}\n[diff \"trap\"]\n\ttextconv = {run}\n\tcommand = {run}\n[merge \"trap\"]\n\tdriver = {run}\n\
         [credential]\n\thelper = {run}\n[gpg]\n\tprogram = {run}\n[uploadpack]\n\tpackObjectsHook = {run}\n\
         [alias]\n\tstatus = !{run}\n[include]\n\tpath = included\n"
    )
}

fn write_program(path: &Path, canary: &Path) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("the program's folder");
    fs::write(path, format!("#!/bin/sh\n: > '{}'\nexec cat\n", canary.display())).expect("the program");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("the program's permissions");
}
