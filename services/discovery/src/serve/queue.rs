//! The queue of jobs, which governance keeps.

use codexa_chassis::jobs::{Finished, Held, Leased, Queue, QueueError};
use codexa_chassis::settings::Secret;
use codexa_proto::v1;
use codexa_proto::v1::jobs_client::JobsClient;
use std::time::Duration;
use tonic::Request;
use tonic::transport::Channel;

/// How long governance may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The queue, as one worker reaches it.
pub(super) struct JobQueue {
    jobs: JobsClient<Channel>,
    token: Secret,
}

impl JobQueue {
    pub(super) fn new(governance: Channel, token: Secret) -> Self {
        Self { jobs: JobsClient::new(governance), token }
    }

    fn caller(&self) -> Option<v1::Caller> {
        Some(v1::Caller { token: self.token.expose().to_owned(), ..v1::Caller::default() })
    }
}

#[async_trait::async_trait]
impl Queue for JobQueue {
    async fn lease(&self, worker: &str, kinds: &[&str], lease: Duration) -> Result<Option<Leased>, QueueError> {
        let request = v1::LeaseRequest {
            caller: self.caller(),
            worker: worker.to_owned(),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            seconds: seconds(lease),
        };
        let leased = self.jobs.clone().lease(bounded(request)).await.map_err(QueueError::new)?.into_inner();
        Ok(leased.job.map(|job| Leased { id: job.id, kind: job.kind, args: job.args.into_iter().collect() }))
    }

    async fn renew(&self, worker: &str, job: &str, progress: &str, lease: Duration) -> Result<Held, QueueError> {
        let request = v1::RenewRequest {
            caller: self.caller(),
            worker: worker.to_owned(),
            job: job.to_owned(),
            progress: progress.to_owned(),
            seconds: seconds(lease),
        };
        let renewed = self.jobs.clone().renew(bounded(request)).await.map_err(QueueError::new)?.into_inner();
        Ok(held(renewed.lost))
    }

    async fn finish(&self, worker: &str, job: &str, outcome: &Finished) -> Result<Held, QueueError> {
        let (failed, summary) = match outcome {
            Finished::Done(summary) => (false, summary),
            Finished::Failed(why) => (true, why),
        };
        let request = v1::FinishRequest {
            caller: self.caller(),
            worker: worker.to_owned(),
            job: job.to_owned(),
            failed,
            summary: summary.clone(),
        };
        let finished = self.jobs.clone().finish(bounded(request)).await.map_err(QueueError::new)?.into_inner();
        Ok(held(finished.lost))
    }
}

fn held(lost: bool) -> Held {
    if lost { Held::Lost } else { Held::Yes }
}

fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}

fn bounded<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(PATIENCE);
    request
}
