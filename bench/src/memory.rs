//! Peak memory of a program and all the processes it starts.

use crate::error::Error;
use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How often the processes are looked at.
const EVERY: Duration = Duration::from_millis(20);

/// Runs a program and gives its peak memory in bytes: at each look, the sum over its living processes of the most that
/// each has ever held (VmHWM), and of these sums the greatest. It counts shared pages once per process and peaks that
/// did not fall together as if they had, so the truth is at most this.
pub(crate) fn peak(command: &mut Command) -> Result<u64, Error> {
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = started.map_err(|source| Error::Start { program: program.clone(), source })?;
    let process = child.id();

    let (ended, watch) = channel::<()>();
    let watcher = thread::spawn(move || {
        let mut peak = 0;
        while watch.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            peak = peak.max(held_by_tree(process));
        }
        peak
    });
    let status = child.wait();
    drop(ended);
    let peak = watcher.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let status = status.map_err(|source| Error::Start { program: program.clone(), source })?;
    match status.code() {
        Some(0 | 1) => Ok(peak),
        _ => Err(Error::Failed { command: program, status, stderr: String::new() }),
    }
}

/// The sum of VmHWM over a process and its descendants.
fn held_by_tree(root: u32) -> u64 {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Some(parent) = field(process, "PPid:") {
            children.entry(u32::try_from(parent).unwrap_or_default()).or_default().push(process);
        }
    }
    let (mut sum, mut open) = (0, vec![root]);
    while let Some(process) = open.pop() {
        sum += field(process, "VmHWM:").unwrap_or_default() * 1024;
        open.extend(children.remove(&process).unwrap_or_default());
    }
    sum
}

/// A number out of /proc/PID/status; `None` once the process has gone.
fn field(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn memory_of_a_process_below_counts() {
        // `tail` holds what it was given until its input ends; the shell above it holds next to nothing.
        let mut shell = Command::new("sh")
            .args(["-c", "tail -c 67108864; true"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        shell.stdin.as_mut().unwrap().write_all(&vec![0; 64 << 20]).unwrap();
        let held = held_by_tree(shell.id());
        shell.kill().unwrap();
        shell.wait().unwrap();
        assert!(held > 60 << 20, "{held}");
    }
}
