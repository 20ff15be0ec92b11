//! Git repositories made with the real git, in a cleared environment: no configuration of the machine or the user counts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The time of a repository's first commit, in seconds since 1970; each commit is an hour after the one before.
pub const FIRST_COMMIT: i64 = 1_700_000_000;

/// A repository, or a folder that may become one, in a temporary folder of its own.
#[derive(Debug)]
pub struct GitRepository {
    /// Held for its end: the folder goes with it.
    _holder: TempDir,
    path: PathBuf,
    commits: i64,
}

impl GitRepository {
    /// An empty folder without git.
    ///
    /// # Panics
    /// When the folder cannot be made.
    #[must_use]
    pub fn folder() -> Self {
        let holder = tempfile::Builder::new().prefix("codexa-").tempdir().expect("a temporary folder");
        let path = holder.path().canonicalize().expect("the temporary folder").join("project");
        fs::create_dir(&path).expect("the project's folder");
        Self { _holder: holder, path, commits: 0 }
    }

    /// A repository without a commit, on branch `main`.
    #[must_use]
    pub fn empty() -> Self {
        let repository = Self::folder();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// A repository with these files in one commit.
    #[must_use]
    pub fn with_files(files: &[(&str, &str)]) -> Self {
        let mut repository = Self::empty();
        for (path, content) in files {
            repository.write(path, content);
        }
        repository.commit("first");
        repository
    }

    /// Its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path beside it, in the temporary folder that goes with it.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// The same value for another folder in the same temporary folder (a clone, a worktree).
    #[must_use]
    pub fn moved_to(self, path: PathBuf) -> Self {
        Self { path, ..self }
    }

    /// Writes a file, with its folders.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.path.join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("the file's folders");
        fs::write(&file, content).expect("the file");
        file
    }

    /// A file's text.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path.join(path)).expect("the file")
    }

    /// Commits everything and gives the commit's id.
    pub fn commit(&mut self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.commit_staged(message)
    }

    /// Commits what is staged, also where that is nothing, and gives the commit's id.
    pub fn commit_staged(&mut self, message: &str) -> String {
        let date = format!("{} +0000", FIRST_COMMIT + self.commits * 3600);
        self.commits += 1;
        let mut command = command(&self.path);
        command.args(["commit", "--quiet", "--allow-empty", "--message", message]);
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        run(command);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Commits everything as somebody (name and address), both clocks at so many seconds since 1970.
    pub fn commit_by(&self, who: (&str, &str), time: i64, message: &str) {
        self.git(&["add", "--all"]);
        let date = format!("{time} +0000");
        let mut command = command(&self.path);
        command.args(["commit", "--quiet", "--allow-empty", "--message", message]);
        command.env("GIT_AUTHOR_NAME", who.0).env("GIT_AUTHOR_EMAIL", who.1);
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        run(command);
    }

    /// Puts so many commits on `main`, each of which changes this one file, a minute after the other from so many seconds
    /// since 1970 on. The work tree follows.
    pub fn import(&self, path: &str, from: i64, count: i64) {
        let commit = |n: i64| {
            let (time, text) = (from + 60 * n, format!("{n}\n"));
            format!(
                "commit refs/heads/main\ncommitter Importer <importer@example.com> {time} +0000\ndata 6\nImport\n\
                 M 100644 inline {path}\ndata {}\n{text}\n",
                text.len()
            )
        };
        self.git_with_input(&["fast-import", "--quiet"], &(0..count).map(commit).collect::<String>());
        self.git(&["reset", "--quiet", "--hard", "main"]);
    }

    /// Runs git in the folder and gives what it prints, without the last line end.
    ///
    /// # Panics
    /// When git fails.
    pub fn git(&self, arguments: &[&str]) -> String {
        let mut command = command(&self.path);
        command.args(arguments);
        run(command)
    }

    /// Runs git with this text on its standard input and gives what it prints, without the last line end.
    ///
    /// # Panics
    /// When git fails.
    pub fn git_with_input(&self, arguments: &[&str], input: &str) -> String {
        let file = self.beside("input");
        fs::write(&file, input).expect("the input");
        let mut command = command(&self.path);
        command.args(arguments).stdin(fs::File::open(&file).expect("the input"));
        run(command)
    }

    /// Runs git and gives whether it succeeds (a merge that ends in conflicts does not).
    ///
    /// # Panics
    /// When git cannot be started.
    pub fn try_git(&self, arguments: &[&str]) -> bool {
        command(&self.path).args(arguments).output().expect("git runs").status.success()
    }
}

/// Git in a folder, with an environment of its own.
#[must_use]
pub fn command(folder: &Path) -> Command {
    let date = format!("{FIRST_COMMIT} +0000");
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
        .env("HOME", "/nonexistent")
        .env("LC_ALL", "C.UTF-8")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "Author")
        .env("GIT_AUTHOR_EMAIL", "author@example.com")
        .env("GIT_COMMITTER_NAME", "Committer")
        .env("GIT_COMMITTER_EMAIL", "committer@example.com")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0"])
        .stdin(Stdio::null());
    command
}

fn run(mut command: Command) -> String {
    let output = command.output().expect("git runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    assert!(output.status.success(), "{command:?}\n{}", text(&output.stderr));
    text(&output.stdout)
}
