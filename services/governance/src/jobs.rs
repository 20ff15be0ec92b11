//! Long work: rows that workers lease.

use crate::act::{Announced, announce};
use crate::bounds;
use crate::governance::Governance;
use crate::identity::Principal;
use crate::refusal::Refusal;
use crate::store::Transaction;
use crate::store::rows::JobRow;
use codexa_proto::v1;

/// The states of a job that is not over.
pub(crate) const ACTIVE: [&str; 2] = ["queued", "running"];

/// Longest lease, in seconds.
const MAX_LEASE: u32 = 300;

/// How often a job is leased: one that takes its workers with it does not go round for ever.
const MAX_ATTEMPTS: i64 = 5;

/// Longest text of progress or summary, in characters.
const MAX_TEXT: usize = 2_000;

/// A job, as answers show it.
pub(crate) fn message(row: JobRow) -> v1::Job {
    v1::Job {
        args: serde_json::from_str(&row.args).unwrap_or_default(),
        id: row.id,
        kind: row.kind,
        state: row.state,
        progress: row.progress,
        summary: row.summary,
        person: row.person,
        asked_at: row.asked_at,
    }
}

impl Governance {
    /// Gives a worker the oldest job that nobody has.
    ///
    /// # Errors
    /// When the caller is no service, or the store does not answer.
    pub async fn lease(&self, request: v1::LeaseRequest) -> Result<Option<v1::Job>, Refusal> {
        ids([&request.worker].into_iter().chain(&request.kinds))?;
        let caller = request.caller.unwrap_or_default();
        if !self.is_waiting(&caller, &request.kinds).await? {
            return Ok(None);
        }
        let (mut tx, now) = self.worker(&caller).await?;
        let until = now + lease(request.seconds);
        let given_up = give_up(&mut *tx, now).await?;
        for kind in &request.kinds {
            if let Some(job) = tx.lease(kind, &request.worker, now, until).await? {
                changed(&mut *tx, now, &job.id, format!("The {kind} job began.")).await?;
                self.commit(tx).await?;
                return Ok(Some(message(job)));
            }
        }
        if given_up {
            self.commit(tx).await?;
        }
        Ok(None)
    }

    /// Keeps a lease and notes how far the work is, or lets go of the job where the lease is to be none; whether the worker
    /// still had it.
    ///
    /// # Errors
    /// As [`Governance::lease`].
    pub async fn renew(&self, request: v1::RenewRequest) -> Result<bool, Refusal> {
        ids([&request.worker, &request.job])?;
        let (mut tx, now) = self.worker(&request.caller.unwrap_or_default()).await?;
        if request.seconds == 0 {
            let held = tx.let_go(&request.job, &request.worker).await?;
            if held {
                changed(&mut *tx, now, &request.job, "The job waits for another worker.".to_owned()).await?;
            }
            self.commit(tx).await?;
            return Ok(held);
        }
        let before = tx.job(&request.job).await?.map(|job| job.progress).unwrap_or_default();
        let progress = bounds::cut(&request.progress, MAX_TEXT);
        let held = tx.renew(&request.job, &request.worker, &progress, now + lease(request.seconds)).await?;
        if held && progress != before {
            changed(&mut *tx, now, &request.job, progress).await?;
        }
        self.commit(tx).await?;
        Ok(held)
    }

    /// Ends a job; whether the worker still had it.
    ///
    /// # Errors
    /// As [`Governance::lease`].
    pub async fn finish(&self, request: v1::FinishRequest) -> Result<bool, Refusal> {
        ids([&request.worker, &request.job])?;
        let (mut tx, now) = self.worker(&request.caller.unwrap_or_default()).await?;
        let state = if request.failed { "failed" } else { "done" };
        let summary = bounds::cut(&request.summary, MAX_TEXT);
        let held = tx.finish(&request.job, &request.worker, state, &summary).await?;
        if held {
            changed(&mut *tx, now, &request.job, summary).await?;
        }
        self.commit(tx).await?;
        Ok(held)
    }

    /// Whether there is something to do, so that a worker who asks again and again keeps nobody from writing.
    async fn is_waiting(&self, caller: &v1::Caller, kinds: &[String]) -> Result<bool, Refusal> {
        let mut session = self.reading(caller).await?;
        is_service(&session.principal)?;
        for kind in kinds {
            if session.tx.is_waiting(kind, session.now).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A transaction of a worker.
    async fn worker(&self, caller: &v1::Caller) -> Result<(Box<dyn Transaction>, i64), Refusal> {
        let session = self.writing(caller).await?;
        is_service(&session.principal)?;
        Ok((session.tx, session.now))
    }
}

fn is_service(principal: &Principal) -> Result<(), Refusal> {
    match principal {
        Principal::Service(_) => Ok(()),
        Principal::Person(_) | Principal::Operator | Principal::Adapter(_) => Err(Refusal::forbidden(
            "NOT_A_SERVICE",
            "only a service's token takes jobs",
            "`codexa token new --service NAME` makes one",
        )),
    }
}

/// Fails what worker after worker was lost with; whether there was any.
async fn give_up(tx: &mut dyn Transaction, now: i64) -> Result<bool, Refusal> {
    let summary = format!("Given up: each of {MAX_ATTEMPTS} workers that took it was lost.");
    let jobs = tx.give_up(now, MAX_ATTEMPTS, &summary).await?;
    for job in &jobs {
        changed(tx, now, job, summary.clone()).await?;
    }
    Ok(!jobs.is_empty())
}

async fn changed(tx: &mut dyn Transaction, now: i64, job: &str, says: String) -> Result<(), Refusal> {
    announce(tx, now, "job.changed", Announced { job: Some(job), ..Announced::default() }, says).await?;
    Ok(())
}

/// Refuses what is no id of a worker, a job or a kind.
fn ids<'a>(texts: impl IntoIterator<Item = &'a String>) -> Result<(), Refusal> {
    match texts.into_iter().all(|text| !text.is_empty() && bounds::is_id(text)) {
        true => Ok(()),
        false => {
            Err(Refusal::invalid("JOB_INVALID", "this is no worker, job or kind of job", "name each in a few letters"))
        }
    }
}

/// How long a lease is, in milliseconds.
fn lease(seconds: u32) -> i64 {
    i64::from(seconds.min(MAX_LEASE)) * 1_000
}
