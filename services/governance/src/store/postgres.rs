//! Decisions in PostgreSQL, 11 or newer.

use super::rows::*;
use super::statements::{sweep, transaction};
use super::{Store, StoreError, Swept, Transaction, Turn, Turns};
use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::str::FromStr as _;
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a request waits for its turn, and for a connection, before it is told that there is none.
const PATIENCE: Duration = Duration::from_secs(5);

/// A store on a server.
#[derive(Debug)]
pub(super) struct Postgres {
    pool: sqlx::PgPool,
    project: String,
    turns: Turns,
}

impl Postgres {
    pub(super) async fn open(url: &str, project: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("codexa")
            // A transaction that waits for a row, or that lost its other end, ends by itself.
            .options([("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "30s")]);
        let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(PATIENCE).connect_with(options).await?;
        MIGRATIONS.run(&pool).await?;
        sqlx::query(super::statements::BEGIN_LEDGER)
            .bind(project)
            .bind(uuid::Uuid::new_v4().to_string())
            .execute(&pool)
            .await?;
        Ok(Self { pool, project: project.to_owned(), turns: Turns::default() })
    }
}

#[async_trait]
impl Store for Postgres {
    async fn write(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let turn = self.turns.take(PATIENCE).await?;
        // Whoever waited for the row must see what was written meanwhile, whatever level the database is set to.
        let mut inner = self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
        sqlx::query("SELECT size FROM ledgers WHERE project = $1 FOR UPDATE")
            .bind(&self.project)
            .fetch_one(&mut *inner)
            .await?;
        Ok(Box::new(PostgresTransaction { inner, project: self.project.clone(), _turn: Some(turn) }))
    }

    async fn read(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let inner = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Ok(Box::new(PostgresTransaction { inner, project: self.project.clone(), _turn: None }))
    }
}

const NOW: &str = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

const LEASE: &str = "UPDATE jobs SET state = 'running', leased_by = $3, leased_until = $5, attempts = attempts + 1
     WHERE project = $1 AND id = (
         SELECT id FROM jobs WHERE project = $1 AND kind = $2
            AND (state = 'queued' OR (state = 'running' AND leased_until <= $4))
         ORDER BY asked_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, kind, args, state, progress, summary, person, asked_at";

/// The server may have ended between the commit and its answer.
fn broken_off(error: sqlx::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Unavailable(error) => StoreError::Unknown(error),
        other => other,
    }
}

transaction!(PostgresTransaction, sqlx::Postgres);
