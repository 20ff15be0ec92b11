//! A worker that does to itself what hostile files may do to a real one; the names of the files say what. For tests.

use codexa_discovery::workers::{Confinement, serve_watched};
use std::fs::{self, File};
use std::hint::spin_loop;
use std::io::{self, BufWriter, ErrorKind, stdin, stdout};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread::{park, park_timeout};
use std::time::Duration;

fn main() -> std::io::Result<()> {
    serve_watched(&mut stdin().lock(), &mut BufWriter::new(stdout().lock()), |task| {
        if task.path.contains("hang") {
            loop {
                spin_loop();
            }
        }
        if task.path.contains("asleep") {
            loop {
                park();
            }
        }
        if task.path.contains("late") {
            park_timeout(Duration::from_secs(3));
        }
        if task.path.contains("crash") {
            std::process::abort();
        }
        if task.path.contains("contained") && is_contained() {
            std::process::abort();
        }
        if task.path.contains("explode") {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![1; 16 << 20]);
            }
        }
    })
}

/// Whether everything that a worker gives up is denied to it, as far as the kernel can deny it.
fn is_contained() -> bool {
    let folder = std::env::current_dir().unwrap_or_default();
    let probe = folder.join("contained.probe");
    let mut tried = vec![
        File::create(&probe).map(drop),
        File::options().append(true).open(folder.join("Cargo.toml")).map(drop),
        fs::create_dir(&probe),
        Command::new("/bin/true").status().map(drop),
    ];
    if Confinement::of_this_kernel() == Confinement::FilesAndConnections {
        tried.push(TcpListener::bind("127.0.0.1:0").map(drop));
        tried.push(TcpStream::connect("127.0.0.1:9").map(drop));
    }
    let is_denied =
        |outcome: &io::Result<()>| outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::PermissionDenied);
    tried.iter().all(is_denied)
}
