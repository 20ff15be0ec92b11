//! Whole runs of the engine, with faults in between.

#![cfg(test)]

mod isolation;
mod moving;
mod window;

use codexa_discovery::engine::{Mode, Request};
use codexa_testkit::GitRepository;
use std::path::PathBuf;
use std::time::Duration;

/// The example that stands beside this test's executable.
fn faulty_worker() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    let worker = folder.join("examples").join("faulty_worker");
    assert!(worker.exists(), "{} is built with the tests", worker.display());
    worker
}

fn request(repository: &GitRepository) -> Request {
    Request {
        root: repository.path().to_path_buf(),
        name: "probe".to_owned(),
        mode: Mode::Deep,
        focus: Vec::new(),
        skip: Vec::new(),
        generated: Vec::new(),
        vendored: Vec::new(),
        context: Vec::new(),
        control_plane: None,
        coverage: Vec::new(),
        no_ignore: false,
        budget: None,
        threads: 2,
        max_files: 1_000_000,
        max_commits: 50_000,
        max_file_bytes: 1 << 20,
        max_depth: 1_000,
        max_nodes: 1_000_000,
        parse_timeout: Duration::from_millis(1_500),
        worker_memory: 512 << 20,
        patience: Duration::from_secs(5),
        worker: vec![faulty_worker().into_os_string()],
        configuration: Vec::new(),
        config: None,
    }
}
