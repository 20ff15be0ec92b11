//! Which messages show what, and what happened since.

use super::{Inbox, InboxError};
use crate::clock;
use crate::delivery::MessageRef;
use crate::incoming::GateOf;
use codexa_api::{Event, EventKind};
use serde::{Deserialize, Serialize};

/// What a message shows and follows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A gate.
    Gate(GateOf),
    /// A job.
    Job(String),
}

/// A message that shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The message.
    pub at: MessageRef,
    /// What it shows.
    pub subject: Subject,
    /// The newest event that it takes into account.
    pub as_of: i64,
    /// What it looks like, as a hash: an edit that changes nothing is left out.
    pub looks: String,
    /// What happened since, counted.
    pub news: i64,
}

type Row = (String, String, Option<String>, Option<String>, Option<String>, i64, String, i64);

const COLUMNS: &str = "SELECT channel, message, change_id, gate, job, as_of, looks, news FROM shown";

fn shown(row: Row) -> Option<Shown> {
    let (channel, message, change, gate, job, as_of, looks, news) = row;
    let subject = match (job, change.zip(gate)) {
        (Some(job), _) => Subject::Job(job),
        (None, Some((change, gate))) => Subject::Gate(GateOf { change, gate }),
        (None, None) => return None,
    };
    Some(Shown { at: MessageRef { channel, message }, subject, as_of, looks, news })
}

impl Inbox {
    /// The messages that show a gate, and what of it they show.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn cards(&self, change: &str, gate: &str) -> Result<Vec<Shown>, InboxError> {
        let found = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE change_id = ? AND gate = ?")));
        Ok(found.bind(change).bind(gate).fetch_all(&self.pool).await?.into_iter().filter_map(shown).collect())
    }

    /// The messages that show a job.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn jobs(&self, job: &str) -> Result<Vec<Shown>, InboxError> {
        let found = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE job = ?")));
        Ok(found.bind(job).fetch_all(&self.pool).await?.into_iter().filter_map(shown).collect())
    }

    /// The messages that something happened to since they were written.
    pub(crate) async fn outdated(&self) -> Result<Vec<Shown>, InboxError> {
        let found = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE news > 0 ORDER BY posted_at")));
        Ok(found.fetch_all(&self.pool).await?.into_iter().filter_map(shown).collect())
    }

    /// The message `key` was answered with a message that shows something: both are noted, or neither.
    pub(crate) async fn delivered(&self, key: &str, posted: &Shown) -> Result<(), InboxError> {
        let (change, gate, job) = match &posted.subject {
            Subject::Gate(gate) => (Some(&gate.change), Some(&gate.gate), None),
            Subject::Job(job) => (None, None, Some(job)),
        };
        let mut all = self.pool.begin().await?;
        // What was heard while the message was on its way found nothing to note it on.
        sqlx::query(
            "INSERT INTO shown (channel, message, change_id, gate, job, as_of, looks, news, posted_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, coalesce((SELECT event FROM heard), 0) > ?, ?)
             ON CONFLICT (channel, message) DO UPDATE SET news = shown.news + 1",
        )
        .bind(&posted.at.channel)
        .bind(&posted.at.message)
        .bind(change)
        .bind(gate)
        .bind(job)
        .bind(posted.as_of)
        .bind(&posted.looks)
        .bind(posted.as_of)
        .bind(clock::now())
        .execute(&mut *all)
        .await?;
        sqlx::query("UPDATE inbox SET state = 'done', why = '' WHERE key = ?").bind(key).execute(&mut *all).await?;
        all.commit().await?;
        self.news.notify_one();
        Ok(())
    }

    /// Notes that a message shows a gate, where that is not known.
    pub(crate) async fn adopt(&self, at: &MessageRef, gate: &GateOf) -> Result<(), InboxError> {
        sqlx::query(
            "INSERT INTO shown (channel, message, change_id, gate, as_of, looks, news, posted_at)
             VALUES (?, ?, ?, ?, 0, '', 1, ?) ON CONFLICT (channel, message) DO NOTHING",
        )
        .bind(&at.channel)
        .bind(&at.message)
        .bind(&gate.change)
        .bind(&gate.gate)
        .bind(clock::now())
        .execute(&self.pool)
        .await?;
        self.news.notify_one();
        Ok(())
    }

    /// A message was edited, or need not be: it shows what happened up to `as_of`.
    pub(crate) async fn edited(&self, was: &Shown, as_of: i64, looks: &str) -> Result<(), InboxError> {
        // Not where the events began again meanwhile: what was asked for before says nothing about them.
        sqlx::query(
            "UPDATE shown SET as_of = ?, looks = ?, news = max(news - ?, 0)
             WHERE channel = ? AND message = ? AND as_of = ?",
        )
        .bind(as_of)
        .bind(looks)
        .bind(was.news)
        .bind(&was.at.channel)
        .bind(&was.at.message)
        .bind(was.as_of)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// A message is gone, or shows the end of what it showed.
    pub(crate) async fn forget(&self, at: &MessageRef) -> Result<(), InboxError> {
        let gone = sqlx::query("DELETE FROM shown WHERE channel = ? AND message = ?");
        gone.bind(&at.channel).bind(&at.message).execute(&self.pool).await?;
        Ok(())
    }

    /// The cursor of the newest event that was noted.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn heard(&self) -> Result<Option<String>, InboxError> {
        Ok(sqlx::query_scalar("SELECT cursor FROM heard").fetch_optional(&self.pool).await?)
    }

    /// What happened behind the newest event that was noted is not known any more. Its id says nothing about those that
    /// happen from now on: nothing was heard, and what is shown, or kept to be shown, is older than whatever is asked for.
    pub(crate) async fn begin_again(&self) -> Result<(), InboxError> {
        let mut all = self.pool.begin().await?;
        sqlx::query("DELETE FROM heard").execute(&mut *all).await?;
        sqlx::query("UPDATE shown SET as_of = 0").execute(&mut *all).await?;
        sqlx::query(
            "UPDATE inbox SET answer = json_set(answer, '$.channel.shows.as_of', -1)
             WHERE state = 'waiting' AND json_type(answer, '$.channel.shows') = 'object'",
        )
        .execute(&mut *all)
        .await?;
        all.commit().await?;
        Ok(())
    }

    /// Notes an event on the messages that it is about. An event that was heard before changes nothing.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn hear(&self, event: &Event) -> Result<(), InboxError> {
        let mut all = self.pool.begin().await?;
        let newer = sqlx::query(
            "INSERT INTO heard (one, event, cursor) VALUES (1, ?, ?)
             ON CONFLICT (one) DO UPDATE SET event = excluded.event, cursor = excluded.cursor
             WHERE excluded.event > heard.event",
        );
        if newer.bind(event.id).bind(&event.cursor).execute(&mut *all).await?.rows_affected() == 0 {
            return Ok(());
        }
        // An event of a change that names no gate is about all of them; other rules are about every gate.
        sqlx::query(
            "UPDATE shown SET news = news + 1
             WHERE job = ?1 OR (change_id = ?2 AND (?3 IS NULL OR gate = ?3)) OR (?4 AND job IS NULL)",
        )
        .bind(&event.job)
        .bind(&event.change)
        .bind(&event.gate)
        .bind(event.kind == EventKind::RulesChanged)
        .execute(&mut *all)
        .await?;
        all.commit().await?;
        self.news.notify_one();
        Ok(())
    }

    /// Something happened to a gate, or to everything that is shown.
    pub(crate) async fn stir(&self, gate: Option<&GateOf>) -> Result<(), InboxError> {
        sqlx::query("UPDATE shown SET news = news + 1 WHERE ?1 IS NULL OR (change_id = ?1 AND gate = ?2)")
            .bind(gate.map(|gate| &gate.change))
            .bind(gate.map(|gate| &gate.gate))
            .execute(&self.pool)
            .await?;
        self.news.notify_one();
        Ok(())
    }

    /// The gate that a message shows.
    pub(crate) async fn gate_at(&self, at: &MessageRef) -> Result<Option<GateOf>, InboxError> {
        let found =
            sqlx::query_as("SELECT change_id, gate FROM shown WHERE channel = ? AND message = ? AND job IS NULL");
        let found: Option<(String, String)> =
            found.bind(&at.channel).bind(&at.message).fetch_optional(&self.pool).await?;
        Ok(found.map(|(change, gate)| GateOf { change, gate }))
    }

    /// Returns when a message may have become outdated since the last call.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }
}
