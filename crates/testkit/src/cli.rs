//! Running the real `codexa` binary in a world of its own: a private home, a private project, a cleared environment.

use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A home and a project that vanish when dropped.
#[derive(Debug)]
pub struct World {
    /// What starts the binary, where it is not started directly.
    through: &'static [&'static str],
    directory: tempfile::TempDir,
}

/// What one run did.
#[derive(Debug)]
pub struct Run {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output, paths normalised: see [`World::normalise`].
    pub stdout: String,
    /// Standard error, paths normalised.
    pub stderr: String,
}

/// Runs a command line in a folder (that of a [`GitRepository`](crate::GitRepository), say), with a home that vanishes.
pub fn codexa(folder: &Path, arguments: &[&str]) -> Run {
    World::new().run_in(folder, arguments)
}

/// The `codexa` that cargo built for the running test: tests lie in `deps/`, beside it.
///
/// # Panics
/// When it is not built.
#[must_use]
pub fn binary() -> OsString {
    let test = std::env::current_exe().expect("the running test");
    let binary = test.ancestors().nth(2).expect("a folder of builds").join("codexa");
    assert!(binary.exists(), "{} is not built", binary.display());
    binary.into()
}

impl World {
    /// A world for the `codexa` of the running test's package.
    ///
    /// # Panics
    /// When the directories cannot be made.
    #[must_use]
    pub fn new() -> Self {
        Self::through(&[])
    }

    /// The same without the right of root to read and write everything.
    ///
    /// # Panics
    /// As [`World::new`].
    #[must_use]
    pub fn without_privilege() -> Self {
        let is_root = rustix::process::geteuid().is_root();
        Self::through(if is_root { &["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] } else { &[] })
    }

    fn through(through: &'static [&'static str]) -> Self {
        let directory = tempfile::Builder::new().prefix("codexa-world-").tempdir().expect("a temporary directory");
        let world = Self { through, directory };
        for folder in [world.home(), world.project()] {
            std::fs::create_dir(folder).expect("a folder of the world");
        }
        world
    }

    /// The private home.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    /// The private project, an empty folder at first.
    #[must_use]
    pub fn project(&self) -> PathBuf {
        self.directory.path().join("project")
    }

    /// Writes a file, relative to the world (`home/…`, `project/…`), with its folders.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.directory.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("folders of the file");
        std::fs::write(&file, text).expect("the file");
        file
    }

    /// A file's text, relative to the world.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.directory.path().join(path)).expect("the file")
    }

    /// A command line of the binary, to be changed before it runs; it starts in the project.
    ///
    /// # Panics
    /// When the binary is not there.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut words = self.through.iter().map(OsString::from).chain([binary()]);
        let mut command = Command::new(words.next().expect("a program"));
        command
            .args(words)
            .args(arguments)
            .current_dir(self.project())
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command at a terminal, with a token, where this is typed: the exit code, and what stood there.
    ///
    /// # Panics
    /// When there is no terminal to be had.
    #[must_use]
    pub fn at_a_terminal(&self, token: &str, arguments: &[&str], typed: &str) -> (i32, String) {
        let command = self.command(arguments);
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let line: Vec<String> = words.map(|word| format!("'{}'", word.display())).collect();
        let mut terminal = Command::new("script");
        terminal.args(["--quiet", "--return", "--command", &line.join(" "), "/dev/null"]).current_dir(self.project());
        terminal.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.home()).env("CODEXA_TOKEN", token);
        let mut terminal =
            terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script of bsdutils is there");
        let mut stdin = terminal.stdin.take().expect("it is piped");
        std::io::Write::write_all(&mut stdin, typed.as_bytes()).expect("the terminal listens");
        let output = terminal.wait_with_output().expect("it ends");
        drop(stdin);
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs a command line.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.command(arguments))
    }

    /// Runs a command line in a folder of another place than the world's project.
    pub fn run_in(&self, folder: &Path, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.current_dir(folder);
        self.finish(command)
    }

    /// Runs a command line with further environment variables.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        self.finish(command)
    }

    /// Runs a command that was made by [`World::command`].
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn finish(&self, mut command: Command) -> Run {
        let output: Output = command.output().expect("the binary runs");
        let text = |bytes: &[u8]| self.normalise(&String::from_utf8_lossy(bytes));
        Run { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Text with the places of this world named `[HOME]`, `[PROJECT]` and `[WORLD]`.
    #[must_use]
    pub fn normalise(&self, text: &str) -> String {
        let real = self.directory.path().canonicalize();
        let roots = [Some(self.directory.path().to_owned()), real.ok()];
        let named = roots.into_iter().flatten().fold(text.to_owned(), |text, root: PathBuf| {
            let shown = |path: &Path| path.display().to_string();
            text.replace(&shown(&root.join("home")), "[HOME]")
                .replace(&shown(&root.join("project")), "[PROJECT]")
                .replace(&shown(&root), "[WORLD]")
        });
        named.split_inclusive('\n').map(closed_up).collect()
    }
}

/// A line whose padding after the name of a place depended on how long that place's path is.
fn closed_up(line: &str) -> String {
    let place = ["[HOME]", "[PROJECT]", "[WORLD]"].iter().filter_map(|name| line.find(name)).min();
    let Some((before, after)) = place.and_then(|at| line.split_at_checked(at)) else { return line.to_owned() };
    let mut after = after.to_owned();
    while after.contains("   ") {
        after = after.replace("   ", "  ");
    }
    format!("{before}{after}")
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Run {
    /// The run, which has to have ended so.
    ///
    /// # Panics
    /// With everything the run said, when it ended with another code.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.transcript());
        self
    }

    /// Standard output as the one JSON document that it has to be.
    ///
    /// # Panics
    /// When it is not exactly one document.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Exit code, standard output and standard error as one text for a snapshot. Hashes and ids become `[HASH]`, `[ID]`.
    #[must_use]
    pub fn transcript(&self) -> String {
        let text = format!("exit {}\n--- stdout\n{}--- stderr\n{}", self.code, self.stdout, self.stderr);
        hidden(&text)
    }
}

/// Replaces runs of 12 and more hex digits by `[HASH]` and UUIDs by `[ID]`.
fn hidden(text: &str) -> String {
    let mut safe = String::new();
    let mut word = String::new();
    for character in text.chars().chain(['\0']) {
        if character.is_ascii_hexdigit() || (character == '-' && !word.is_empty()) {
            word.push(character);
            continue;
        }
        let digits = word.chars().filter(char::is_ascii_hexdigit).count();
        let dashes = word.len() - digits;
        match (digits, dashes) {
            (32, 4) => safe.push_str("[ID]"),
            (12.., 0) => safe.push_str("[HASH]"),
            _ => safe.push_str(&word),
        }
        word.clear();
        safe.extend((character != '\0').then_some(character));
    }
    safe
}
