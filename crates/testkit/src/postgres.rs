//! A real PostgreSQL that nobody else uses: a child process on a Unix socket in a folder of its own, gone when dropped.
//!
//! A server never runs as root. Where the tests do, it runs as `nobody`, which also owns its folder.

use crate::oracles;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A server that says nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(60);
/// The superuser of each server.
const USER: &str = "codexa";
/// Who runs a server where the tests run as root: `nobody`.
const NOBODY: u32 = 65_534;

/// The versions that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The oldest that is supported.
    V11,
    /// That of Debian 12.
    V15,
}

/// A server, and its folder.
#[derive(Debug)]
pub struct Postgres {
    folder: tempfile::TempDir,
    programs: PathBuf,
    /// `None` while it is stopped.
    child: Option<Child>,
    databases: u32,
    is_durable: bool,
}

impl Version {
    /// The folder of its programs.
    fn programs(self) -> PathBuf {
        match self {
            Self::V11 => oracles::installed("postgresql/bin"),
            Self::V15 => {
                let programs = PathBuf::from("/usr/lib/postgresql/15/bin");
                assert!(programs.is_dir(), "{} is missing: run scripts/test-setup.sh", programs.display());
                programs
            }
        }
    }
}

impl Postgres {
    /// Starts a server that never waits for the disk; it takes connections when this returns.
    ///
    /// # Panics
    /// When none can be started.
    #[must_use]
    pub fn start(version: Version) -> Self {
        Self::new(version, false)
    }

    /// Starts a server that forces to disk what it commits, for tests that break it off.
    ///
    /// # Panics
    /// When none can be started.
    #[must_use]
    pub fn start_durable(version: Version) -> Self {
        Self::new(version, true)
    }

    fn new(version: Version, is_durable: bool) -> Self {
        let folder = tempfile::Builder::new().prefix("codexa-pg-").tempdir().expect("a temporary directory");
        if is_root() {
            std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("a folder of nobody's");
        }
        let programs = readable(version.programs(), folder.path());
        let mut postgres = Self { folder, programs, child: None, databases: 0, is_durable };
        let made = postgres
            .command("initdb")
            .args(["--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(postgres.data())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        postgres.restart();
        postgres
    }

    /// A new, empty database: its URL.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&mut self) -> String {
        self.databases += 1;
        let name = format!("test{}", self.databases);
        self.say("postgres", &format!("CREATE DATABASE {name}")).expect("a database");
        format!("postgres://{USER}@localhost/{name}?host={}", self.folder.path().display())
    }

    /// Says one statement to a database, as its owner.
    ///
    /// # Errors
    /// When the server does not take it, in the server's words.
    pub fn say(&self, database: &str, statement: &str) -> io::Result<()> {
        let mut wire = Wire::connect(self.folder.path(), database)?;
        wire.send(b'Q', &[statement.as_bytes(), b"\0"].concat())?;
        wire.until_ready()
    }

    /// Ends the server as `pg_ctl stop -m immediate` does: nothing is written down, and the next start recovers.
    ///
    /// # Panics
    /// When it cannot be signalled.
    pub fn stop_immediately(&mut self) {
        self.end(Signal::QUIT);
    }

    /// Ends the server as `pg_ctl stop -m fast` does: it breaks off what is in progress and writes the rest down.
    ///
    /// # Panics
    /// When it cannot be signalled.
    pub fn stop(&mut self) {
        self.end(Signal::INT);
    }

    /// Starts the server again at the same place.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&mut self) {
        self.stop();
        let mut child = self
            .command("postgres")
            .args(["-c", "listen_addresses=", "-c", "max_connections=60"])
            .args(["-c", if self.is_durable { "fsync=on" } else { "fsync=off" }])
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("postgres runs");
        let log = child.stderr.take().expect("its log");
        self.child = Some(child);
        until_ready(log);
        Wire::connect(self.folder.path(), "postgres").expect("a connection");
    }

    fn end(&mut self, how: Signal) {
        if let Some(mut child) = self.child.take() {
            kill_process(Pid::from_child(&child), how).expect("signalled");
            child.wait().expect("its end");
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of its programs, as somebody who is not root, in an environment of its own.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()]);
            command.arg("--").arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Both fail only where it has ended already.
            let _ = kill_process(Pid::from_child(&child), Signal::QUIT);
            let _ = child.wait();
        }
    }
}

/// Waits until the server says that it takes connections. Its log is read on, so that it never waits for us.
fn until_ready(log: ChildStderr) {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            // Nobody listens any more once it is ready.
            let _ = sender.send(line);
        }
    });
    let mut said = String::new();
    loop {
        match receiver.recv_timeout(PATIENCE) {
            Ok(line) if line.ends_with("database system is ready to accept connections") => return,
            Ok(line) => said = said + &line + "\n",
            Err(error) => panic!("postgres does not start ({error}): {said}"),
        }
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The programs where the server's user can run them: nobody can look into the cache of root, so they are copied.
fn readable(programs: PathBuf, folder: &Path) -> PathBuf {
    let installation = programs.parent().expect("an installation");
    if !is_root() || installation.starts_with("/usr") {
        return programs;
    }
    let copied = Command::new("cp").arg("-a").arg(installation).arg(folder.join("programs")).status().expect("cp runs");
    assert!(copied.success(), "{} could not be copied", installation.display());
    folder.join("programs/bin")
}

/// A connection, as far as tests need one without a client library: <https://www.postgresql.org/docs/11/protocol.html>.
struct Wire(UnixStream);

impl Wire {
    fn connect(folder: &Path, database: &str) -> io::Result<Self> {
        let stream = UnixStream::connect(folder.join(".s.PGSQL.5432"))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut wire = Self(stream);
        let parameters = format!("user\0{USER}\0database\0{database}\0\0");
        wire.write(&[&196_608_u32.to_be_bytes(), parameters.as_bytes()].concat())?;
        wire.until_ready()?;
        Ok(wire)
    }

    fn send(&mut self, kind: u8, body: &[u8]) -> io::Result<()> {
        self.0.write_all(&[kind])?;
        self.write(body)
    }

    fn write(&mut self, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len() + 4).expect("a short message");
        self.0.write_all(&length.to_be_bytes())?;
        self.0.write_all(body)
    }

    /// Reads until the server waits for more; an error that it says is the result.
    fn until_ready(&mut self) -> io::Result<()> {
        loop {
            let mut head = [0; 5];
            self.0.read_exact(&mut head)?;
            let [kind, length @ ..] = head;
            let mut body = vec![0; u32::from_be_bytes(length).saturating_sub(4) as usize];
            self.0.read_exact(&mut body)?;
            match kind {
                b'E' => return Err(io::Error::other(String::from_utf8_lossy(&body).replace('\0', " "))),
                b'Z' => return Ok(()),
                _ => {}
            }
        }
    }
}
