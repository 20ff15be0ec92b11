//! The adapter's memory: one SQLite file. What was received stays until it had its effect and its answer is delivered, so
//! that a message may be acknowledged once it is in; what is shown is remembered, so that it can be kept up to date.

mod kept;
mod shown;

pub use shown::{Shown, Subject};

use crate::clock;
use crate::incoming::Incoming;
use crate::reply::Reply;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How long a row that had its effect is remembered, so that repeats are known: 7 days, in milliseconds.
const REMEMBERED: i64 = 7 * 24 * 60 * 60 * 1000;

/// How long a message is kept up to date and what its buttons carry is known: 90 days, in milliseconds.
const CURRENT: i64 = 90 * 24 * 60 * 60 * 1000;

/// The inbox. Clones share it.
#[derive(Clone, Debug)]
pub struct Inbox {
    pool: SqlitePool,
    arrived: Arc<Notify>,
    answered: Arc<Notify>,
    news: Arc<Notify>,
}

/// What became of a message that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is in: acknowledge it.
    New,
    /// It was in before: acknowledge it, it has its one effect.
    Again,
    /// Another message came under this key before: nothing was changed. Refuse it, and be alarmed.
    Conflict,
}

/// What is done with a message, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It has its effect, in the order of its channel.
    Effect,
    /// Its answer is delivered. One that cannot be waits apart, and holds up nothing.
    Delivery,
}

/// A message that waits for a step.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The platform's id of it, and the idempotency key of what it leads to.
    pub key: String,
    /// What was said or pressed.
    pub incoming: Incoming,
    /// The answer that is to be delivered; nothing where it did not have its effect yet.
    pub reply: Option<Reply>,
    /// Since when it waits: when it came, or when it had its effect.
    pub since: i64,
    /// How often the step was tried in vain.
    pub tries: u32,
    /// Whether it was [admitted](Inbox::admit), and may have had its effect.
    pub admitted: bool,
}

/// Why the inbox cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// The file cannot be opened, or is of a newer version.
    #[error("the inbox {} cannot be opened: {source}; check the folder and who may write there", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// The file cannot be read or written.
    #[error("the inbox cannot be used: {0}; check the disk")]
    Use(#[from] sqlx::Error),
    /// A row is not of this version.
    #[error("the inbox holds what this version cannot read: {0}")]
    Row(#[from] serde_json::Error),
}

impl Inbox {
    /// The inbox in the file `path`, made where it is missing.
    ///
    /// # Errors
    /// When the file cannot be opened or brought up to date.
    pub async fn open(path: &Path) -> Result<Self, InboxError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(2));
        only_for_its_owner(path);
        let open = |source| InboxError::Open { path: path.to_owned(), source };
        // One connection: SQLite has one writer, and a second would only wait for the lock.
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(open)?;
        sqlx::migrate!().run(&pool).await.map_err(|fault| open(fault.into()))?;
        Ok(Self { pool, arrived: Arc::default(), answered: Arc::default(), news: Arc::default() })
    }

    /// Takes a message in. When this returns `New` or `Again`, the message is on the disk and may be acknowledged.
    ///
    /// # Errors
    /// When nothing was written: the message must not be acknowledged.
    pub async fn receive(&self, key: &str, incoming: &Incoming) -> Result<Received, InboxError> {
        let payload = serde_json::to_string(incoming)?;
        let written = sqlx::query(
            "INSERT INTO inbox (key, place, payload, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        )
        .bind(key)
        .bind(&incoming.place.channel)
        .bind(&payload)
        .bind(clock::now())
        .execute(&self.pool)
        .await?;
        if written.rows_affected() == 1 {
            self.arrived.notify_one();
            return Ok(Received::New);
        }
        let known: String =
            sqlx::query_scalar("SELECT payload FROM inbox WHERE key = ?").bind(key).fetch_one(&self.pool).await?;
        if serde_json::from_str::<Incoming>(&known).is_ok_and(|known| known.is_the_same_as(incoming)) {
            return Ok(Received::Again);
        }
        tracing::error!(key, "two different messages came under one id; the second is refused");
        Ok(Received::Conflict)
    }

    /// The oldest message that may take a step now, because its time has come and it is in none of the channels `busy`.
    /// Only the first of a channel may have its effect.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next(&self, step: Step, busy: &BTreeSet<String>) -> Result<Option<Waiting>, InboxError> {
        let head = match step {
            Step::Effect => {
                "SELECT key, payload, answer, received_at, tries, admitted FROM inbox AS head
                 WHERE state = 'waiting' AND answer IS NULL
                   AND due_at <= ? AND place NOT IN (SELECT value FROM json_each(?))
                   AND seq = (SELECT min(seq) FROM inbox
                              WHERE state = 'waiting' AND answer IS NULL AND place = head.place)
                 ORDER BY seq LIMIT 1"
            }
            Step::Delivery => {
                "SELECT key, payload, answer, answered_at, tries, admitted FROM inbox
                 WHERE state = 'waiting' AND answer IS NOT NULL
                   AND due_at <= ? AND place NOT IN (SELECT value FROM json_each(?))
                 ORDER BY seq LIMIT 1"
            }
        };
        let head = sqlx::query_as(head).bind(clock::now()).bind(serde_json::to_string(busy)?);
        let row: Option<Row> = head.fetch_optional(&self.pool).await?;
        let Some((key, payload, answer, since, tries, admitted)) = row else { return Ok(None) };
        match read(&payload, answer.as_deref()) {
            Ok((incoming, reply)) => Ok(Some(Waiting { key, incoming, reply, since, tries, admitted })),
            Err(fault) => {
                // It would be the next for ever.
                self.failed(&key, "of another version", None).await?;
                Err(fault.into())
            }
        }
    }

    /// The last that came in of each channel, with its key; of those where anything did within the last seven days.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn last_of_each_channel(&self) -> Result<Vec<(String, Incoming)>, InboxError> {
        let last: Vec<(String, String)> =
            sqlx::query_as("SELECT key, payload FROM inbox WHERE seq IN (SELECT max(seq) FROM inbox GROUP BY place)")
                .fetch_all(&self.pool)
                .await?;
        // A row of another version names no channel.
        Ok(last.into_iter().filter_map(|(key, payload)| Some((key, serde_json::from_str(&payload).ok()?))).collect())
    }

    /// Returns when a message may have come to wait for a step since the last call.
    pub(crate) async fn arrival(&self, step: Step) {
        match step {
            Step::Effect => self.arrived.notified().await,
            Step::Delivery => self.answered.notified().await,
        }
    }

    /// Whoever sent a message may have it carried out. From now on it may have had its effect, whatever is heard of it.
    ///
    /// # Errors
    /// When the file cannot be written: it must not be carried out.
    pub async fn admit(&self, key: &str) -> Result<(), InboxError> {
        sqlx::query("UPDATE inbox SET admitted = 1 WHERE key = ?").bind(key).execute(&self.pool).await?;
        Ok(())
    }

    /// A message had its effect, and this is to be said to it. It is not asked for its effect again.
    ///
    /// # Errors
    /// When the file cannot be written: the message comes again, under the same key.
    pub async fn answered(&self, key: &str, reply: &Reply) -> Result<(), InboxError> {
        let keep = sqlx::query("UPDATE inbox SET answer = ?, answered_at = ?, tries = 0, due_at = 0 WHERE key = ?");
        keep.bind(serde_json::to_string(reply)?).bind(clock::now()).bind(key).execute(&self.pool).await?;
        self.answered.notify_one();
        Ok(())
    }

    /// A message had its effect, and its answer is delivered.
    ///
    /// # Errors
    /// When the file cannot be written: the message comes again, under the same key.
    pub async fn done(&self, key: &str) -> Result<(), InboxError> {
        let settle = sqlx::query("UPDATE inbox SET state = 'done', why = '' WHERE key = ?").bind(key);
        settle.execute(&self.pool).await?;
        Ok(())
    }

    /// A step was taken in vain. It is tried again at the time `retry`, or never.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn failed(&self, key: &str, why: &str, retry: Option<i64>) -> Result<(), InboxError> {
        let state = if retry.is_some() { "waiting" } else { "failed" };
        sqlx::query("UPDATE inbox SET state = ?, why = ?, due_at = ?, tries = tries + 1 WHERE key = ?")
            .bind(state)
            .bind(why)
            .bind(retry.unwrap_or_default())
            .bind(key)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets what is old.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn purge(&self) -> Result<(), InboxError> {
        let now = clock::now();
        let mut all = self.pool.begin().await?;
        sqlx::query("DELETE FROM inbox WHERE state <> 'waiting' AND received_at < ?")
            .bind(now - REMEMBERED)
            .execute(&mut *all)
            .await?;
        sqlx::query("DELETE FROM shown WHERE posted_at < ?").bind(now - CURRENT).execute(&mut *all).await?;
        sqlx::query("DELETE FROM kept WHERE at < ?").bind(now - CURRENT).execute(&mut *all).await?;
        all.commit().await?;
        Ok(())
    }

    /// Closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

type Row = (String, String, Option<String>, i64, u32, bool);

/// What a row holds.
fn read(payload: &str, answer: Option<&str>) -> Result<(Incoming, Option<Reply>), serde_json::Error> {
    Ok((serde_json::from_str(payload)?, answer.map(serde_json::from_str).transpose()?))
}

/// Makes the file where it is missing, for nobody else to read: it holds what people said. What cannot be made here is
/// SQLite's to say.
fn only_for_its_owner(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    drop(std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path));
}
