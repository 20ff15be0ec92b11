//! What is asked and changes nothing: who somebody is, the changes, the jobs, and what happened.

use crate::bounds;
use crate::cursor::{self, Cursor};
use crate::governance::Governance;
use crate::identity::Principal;
use crate::jobs;
use crate::pages::{self, Page};
use crate::refusal::{Kind, Refusal};
use crate::store::rows::EventRow;
use codexa_proto::v1;

/// Events in one answer at most.
const MAX_EVENTS: u32 = 500;

impl Governance {
    /// Who asks.
    ///
    /// # Errors
    /// When nobody known does.
    pub async fn identify(&self, caller: &v1::Caller) -> Result<Principal, Refusal> {
        Ok(self.reading(caller).await?.principal)
    }

    /// What questions can offer, of the newest changes, and who speaks.
    ///
    /// # Errors
    /// When nobody known asks, or the store does not answer.
    pub async fn context(&self, caller: &v1::Caller) -> Result<v1::Context, Refusal> {
        let mut reader = self.reading(caller).await?;
        let mut context = v1::Context::default();
        if let Principal::Person(person) = &reader.principal {
            context.speaker.clone_from(&person.id);
        }
        let gates: Vec<String> = reader.rules.gates.keys().map(|gate| gate.word().to_owned()).collect();
        for change in reader.tx.changes_below(i64::MAX, i64::from(pages::MOST)).await? {
            context.open_gates.insert(change.id.clone(), v1::GateNames { names: gates.clone() });
            context.changes.push(change.id);
        }
        Ok(context)
    }

    /// A page of the changes, newest first. It has fewer than it may have where they are large.
    ///
    /// # Errors
    /// When nobody known asks, there is no such page, or the store does not answer.
    pub async fn changes(&self, caller: &v1::Caller, page: &Page) -> Result<v1::ChangeList, Refusal> {
        let mut reader = self.reading(caller).await?;
        let below = page.below(&mut *reader.tx).await?;
        let rows = reader.tx.changes_below(below, page.rows()).await?;
        let desk = self.desk(&reader.rules, reader.now);
        let wanted = rows.get(..page.size()).unwrap_or(&rows);
        let changes = pages::changes(&desk, &mut *reader.tx, wanted).await?;
        let last = changes.last().filter(|_| changes.len() < rows.len());
        let next = last.map(|last| last.id.clone()).unwrap_or_default();
        Ok(v1::ChangeList { changes, next })
    }

    /// One change.
    ///
    /// # Errors
    /// When there is no such change, nobody known asks, or the store does not answer.
    pub async fn change(&self, caller: &v1::Caller, id: &str) -> Result<v1::Change, Refusal> {
        let mut reader = self.reading(caller).await?;
        let unknown = || Refusal::change_not_found(id);
        let found = if bounds::is_id(id) { reader.tx.change(id).await? } else { None };
        let row = found.ok_or_else(unknown)?;
        self.desk(&reader.rules, reader.now).change(&mut *reader.tx, &row).await
    }

    /// A page of the jobs, newest first.
    ///
    /// # Errors
    /// When nobody known asks, there is no such page, or the store does not answer.
    pub async fn jobs(&self, caller: &v1::Caller, page: &Page) -> Result<v1::JobList, Refusal> {
        let mut reader = self.reading(caller).await?;
        let (asked_at, id) = page.behind(&mut *reader.tx).await?;
        let rows = reader.tx.jobs_behind(asked_at, &id, page.rows()).await?;
        let found = rows.len();
        let jobs: Vec<v1::Job> = rows.into_iter().take(page.size()).map(jobs::message).collect();
        let last = jobs.last().filter(|_| jobs.len() < found);
        let next = last.map(|last| last.id.clone()).unwrap_or_default();
        Ok(v1::JobList { jobs, next })
    }

    /// One job.
    ///
    /// # Errors
    /// When there is no such job, nobody known asks, or the store does not answer.
    pub async fn job(&self, caller: &v1::Caller, id: &str) -> Result<v1::Job, Refusal> {
        let mut reader = self.reading(caller).await?;
        let unknown = || {
            Refusal::new(Kind::NotFound, "JOB_NOT_FOUND", format!("there is no job {id}"), "`GET /v1/jobs` lists them")
        };
        let found = if bounds::is_id(id) { reader.tx.job(id).await? } else { None };
        found.map(jobs::message).ok_or_else(unknown)
    }

    /// What happened behind a cursor, oldest first, and the newest cursor there is; only that where `after` is empty.
    ///
    /// # Errors
    /// When what happened behind the cursor is not known any more, nobody known asks, or the store does not answer.
    pub async fn events(&self, caller: &v1::Caller, after: &str, limit: u32) -> Result<v1::EventList, Refusal> {
        let mut reader = self.reading(caller).await?;
        let last = reader.tx.ledger().await?.events;
        let newest = reader.tx.events(last - 1, 1).await?;
        // Where the newest event was swept, its id alone has to do: nothing is behind it.
        let newest = newest.first().map_or_else(|| last.to_string(), cursor::of);
        if after.is_empty() {
            return Ok(v1::EventList { events: Vec::new(), newest });
        }
        let (after, limit) = (Cursor::parse(after)?, limit.clamp(1, MAX_EVENTS));
        let rows = reader.tx.events(after.id - 1, i64::from(limit) + 1).await?;
        let events = after.behind(rows, last)?.take(limit as usize).map(event).collect();
        Ok(v1::EventList { events, newest })
    }
}

fn event(row: EventRow) -> v1::Event {
    v1::Event {
        cursor: cursor::of(&row),
        id: row.id,
        at: row.at,
        kind: row.kind,
        change: row.change_id.unwrap_or_default(),
        gate: row.gate.unwrap_or_default(),
        job: row.job.unwrap_or_default(),
        says: row.says,
    }
}
