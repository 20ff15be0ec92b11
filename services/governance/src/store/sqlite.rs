//! Decisions in a SQLite file.

use super::rows::*;
use super::statements::{sweep, transaction};
use super::{Store, StoreError, Swept, Transaction, Turn, Turns};
use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;
use tokio::time::{Instant, sleep};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long it waits before a file that another process makes is asked for again.
const AGAIN: Duration = Duration::from_millis(20);

/// How long a writer waits for its turn, and for another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// A store in a file.
#[derive(Debug)]
pub(super) struct Sqlite {
    pool: sqlx::SqlitePool,
    project: String,
    turns: Turns,
}

impl Sqlite {
    /// Opens the store. While another process makes the file what it should be, SQLite refuses at once and waits for nothing,
    /// whatever its timeout says; so it is asked again.
    pub(super) async fn open(file: &Path, project: &str) -> Result<Self, StoreError> {
        let end = Instant::now() + PATIENCE;
        loop {
            match Self::open_once(file, project).await {
                Err(StoreError::Unavailable(error)) if is_locked(&error) && Instant::now() < end => sleep(AGAIN).await,
                opened => return opened,
            }
        }
    }

    async fn open_once(file: &Path, project: &str) -> Result<Self, StoreError> {
        // A vote that was acknowledged outlives a power cut: the log is forced to disk with each commit.
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new().max_connections(4).acquire_timeout(PATIENCE).connect_with(options).await?;
        let store = Self { pool, project: project.to_owned(), turns: Turns::default() };
        store.bring_up_to_date().await?;
        Ok(store)
    }

    /// In one transaction that nobody else's can overlap: SQLite has no lock of its own for migrations.
    async fn bring_up_to_date(&self) -> Result<(), StoreError> {
        let mut connection = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        // `run` over a transaction has a future that is not `Send`; it does this and nothing else.
        MIGRATIONS.run_direct(None, &mut *connection, false).await?;
        sqlx::query(super::statements::BEGIN_LEDGER)
            .bind(&self.project)
            .bind(uuid::Uuid::new_v4().to_string())
            .execute(&mut *connection)
            .await?;
        Ok(connection.commit().await?)
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn write(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let turn = self.turns.take(PATIENCE).await?;
        let inner = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Box::new(SqliteTransaction { inner, project: self.project.clone(), _turn: Some(turn) }))
    }

    async fn read(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let inner = self.pool.begin().await?;
        Ok(Box::new(SqliteTransaction { inner, project: self.project.clone(), _turn: None }))
    }
}

const NOW: &str = "SELECT CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

/// There is one writer, so nothing has to be skipped.
const LEASE: &str = "UPDATE jobs SET state = 'running', leased_by = $3, leased_until = $5, attempts = attempts + 1
     WHERE project = $1 AND id = (
         SELECT id FROM jobs WHERE project = $1 AND kind = $2
            AND (state = 'queued' OR (state = 'running' AND leased_until <= $4))
         ORDER BY asked_at, id LIMIT 1)
     RETURNING id, kind, args, state, progress, summary, person, asked_at";

/// Whether another process has the file.
fn is_locked(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "5")
}

/// A commit that fails is undone.
fn broken_off(error: sqlx::Error) -> StoreError {
    error.into()
}

transaction!(SqliteTransaction, sqlx::Sqlite);
