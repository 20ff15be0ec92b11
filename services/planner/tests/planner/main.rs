//! Workspaces of changes, in real folders.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

mod following;
mod hostile;
mod workspace;

use codexa_planner::Planner;
use codexa_project::Project;
use codexa_proto::v1;
use codexa_testkit::GitRepository;

fn planner(repository: &GitRepository) -> Planner {
    Planner::new(Project::open(repository.path()).unwrap())
}

fn change(id: &str, title: &str) -> v1::Change {
    v1::Change {
        id: id.to_owned(),
        title: title.to_owned(),
        state: "in_progress".to_owned(),
        requester: "ann".to_owned(),
        ..v1::Change::default()
    }
}

/// The gate of a design with one vote.
fn card() -> v1::Card {
    let vote = |person: &str, stale| v1::Vote {
        person: person.to_owned(),
        role: "architect".to_owned(),
        verdict: "approve".to_owned(),
        stale,
        ..v1::Vote::default()
    };
    v1::Card {
        gate: "design".to_owned(),
        state: "open".to_owned(),
        quorum: 2,
        have: 1,
        digest: "sha256:abab".to_owned(),
        votes: vec![vote("bob", false), vote("eve", true)],
        ..v1::Card::default()
    }
}
