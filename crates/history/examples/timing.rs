//! How long a repository's past takes to read: `cargo run --release -p codexa-history --example timing -- DIR`.
use codexa_history::{Past, Request, read, read::Pulse};
use std::time::Instant;

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_default();
    let threads = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(2);
    let repository = gix::open(folder).unwrap().into_sync();
    let from = repository.to_thread_local().head_id().unwrap().detach();
    let request = Request {
        repository: &repository,
        from,
        prefix: b"",
        mailmap: b"",
        is_left_out: &|_| false,
        max_commits: 100_000,
        max_files: 10_000,
        max_changes: 4_000_000,
        threads,
        pulse: &|| Pulse::GoOn,
    };
    let began = Instant::now();
    let past = read(&request, &Past::default()).unwrap();
    println!(
        "{} commits {} changes {} paths {} people {:?} {:?}",
        past.commits.len(),
        past.changes.len(),
        past.paths.len(),
        past.people.all.len(),
        past.told,
        began.elapsed()
    );
    let began = Instant::now();
    let again = read(&request, &past).unwrap();
    println!("again {:?} same {}", began.elapsed(), again == past);
}
