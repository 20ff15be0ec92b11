//! Waiting for work that takes long.

use crate::failure::Failure;
use codexa_api::{Job, JobState};
use codexa_client::Client;
use indicatif::ProgressBar;
use std::time::Duration;
use tokio::time::sleep;

/// How often it looks how far the work is.
const LOOK: Duration = Duration::from_millis(200);

/// The job when it is over. How far it is is told on the way, where somebody watches.
pub(super) async fn followed(job: Job, client: &Client) -> Result<Job, Failure> {
    // Drawn only where stderr is a terminal.
    let bar = ProgressBar::new_spinner();
    let mut job = job;
    while matches!(job.state, JobState::Queued | JobState::Running) {
        bar.set_message(if job.progress.is_empty() { job.kind.clone() } else { job.progress.clone() });
        sleep(LOOK).await;
        job = client.job(&job.id).await?;
    }
    bar.finish_and_clear();
    Ok(job)
}
