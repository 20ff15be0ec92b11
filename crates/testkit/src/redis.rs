//! A real Redis that nobody else uses: a child process on a free port of this machine, gone when dropped.

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A server that says nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(20);
/// Another process may take a port between our choice and the server's start.
const TRIES: usize = 10;

/// A server without anything on disk.
#[derive(Debug)]
pub struct Redis {
    folder: tempfile::TempDir,
    port: u16,
    /// `None` while it is stopped.
    child: Option<Child>,
}

impl Redis {
    /// Starts a server; it is ready when this returns.
    ///
    /// # Panics
    /// When none can be started.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("codexa-redis-").tempdir().expect("a temporary directory");
        let mut redis = Self { folder, port: 0, child: None };
        for _ in 0..TRIES {
            redis.port = free_port();
            if redis.try_start() {
                return redis;
            }
        }
        panic!("redis-server started on none of {TRIES} ports");
    }

    /// Where it is: `redis://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://{}:{}/", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Kills the server. What it held is lost.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Both fail only where it has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Kills the server and starts another at the same place.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn restart(&mut self) {
        self.stop();
        assert!(self.try_start(), "redis-server does not start on port {} again", self.port);
    }

    /// The server hangs: it holds its connections, takes new ones and answers nothing.
    ///
    /// # Panics
    /// When it is stopped.
    pub fn hang(&self) {
        self.signal(Signal::STOP);
    }

    /// The server goes on where it hung.
    ///
    /// # Panics
    /// When it is stopped.
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let child = self.child.as_ref().expect("a running server");
        kill_process(Pid::from_child(child), signal).expect("signalled");
    }

    /// Whether a server started that answers on the port.
    fn try_start(&mut self) -> bool {
        let mut child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir"])
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server, which scripts/test-setup.sh installs");
        let log = child.stdout.take().expect("its output");
        self.child = Some(child);
        let is_ready = says_ready(log) && answers(self.port);
        if !is_ready {
            self.stop();
        }
        is_ready
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// Whether the server says that it takes connections, before it ends. Its log is read on, so that it never waits for us.
fn says_ready(log: ChildStdout) -> bool {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if line.contains("Ready to accept connections") {
                let _ = sender.send(());
            }
        }
    });
    receiver.recv_timeout(PATIENCE).is_ok()
}

fn answers(port: u16) -> bool {
    let ping = || -> std::io::Result<[u8; 7]> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 7];
        stream.read_exact(&mut answer)?;
        Ok(answer)
    };
    ping().is_ok_and(|answer| answer == *b"+PONG\r\n")
}
