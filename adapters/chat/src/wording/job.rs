//! Long work, while it goes on and at its end.

use crate::message::{Block, Message};
use codexa_api::{Job, JobState};

/// How a job stands.
#[must_use]
pub fn render(job: &Job) -> Message {
    let (word, says) = match job.state {
        JobState::Queued => ("waits for a worker", ""),
        JobState::Running => ("runs", job.progress.as_str()),
        JobState::Done => ("done", job.summary.as_str()),
        JobState::Failed => ("failed", job.summary.as_str()),
    };
    let mut blocks = vec![Block::Heading(format!("{} · {word}", job.kind))];
    if says.contains('\n') {
        blocks.push(Block::Code(says.to_owned()));
    } else if !says.is_empty() {
        blocks.push(Block::Text(says.to_owned()));
    }
    blocks.push(Block::Context(format!("asked for by {}, job {}", job.person, job.id)));
    Message { blocks }
}
