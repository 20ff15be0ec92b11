//! A past of which only the newest commits are read.

use crate::request;
use codexa_discovery::engine::{Request, Silent, discover};
use codexa_testkit::GitRepository;
use std::sync::atomic::AtomicBool;

#[test]
fn how_many_commits_were_read_is_said_whatever_they_changed() {
    let mut repository = GitRepository::with_files(&[("a.py", "x = 1\n")]);
    repository.write("a.py", "x = 2\n");
    repository.commit("second");
    repository.commit_staged("nothing");
    repository.write("a.py", "x = 3\n");
    repository.commit("fourth");
    let request = Request { max_commits: 3, ..request(&repository) };
    let model = discover(&request, &AtomicBool::new(false), &Silent).unwrap().model;
    assert_eq!(model.partial_because(), ["history: only the newest 3 commits were read"]);
    assert_eq!(model.history.unwrap().commits, 2);
}
