//! Where decisions are kept. One trait, two engines: [`sqlite`] on a laptop, [`postgres`] on a server. Whoever writes holds
//! the project's row of `ledgers` until the transaction ends, so that ledger entries and events are numbered without a gap
//! and every act sees all acts before it.
//!
//! The statements are the same in both engines and stand once, in [`statements`]; what differs is in the engines' modules.

mod postgres;
pub mod rows;
mod sqlite;
mod statements;

use async_trait::async_trait;
use rows::{
    AccountRow, ChangeRow, DirectiveRow, EventRow, GateRow, HoldRow, JobRow, LeafRow, LedgerRow, LinkCodeRow, NonceRow,
    RequestRow, RulesRow, TokenRow, VoteRow,
};
use sqlx::migrate::MigrateError;
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

/// Decisions of one project.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// A transaction that writes; waits for the one before it.
    async fn write(&self) -> Result<Box<dyn Transaction>, StoreError>;
    /// A transaction that only reads.
    async fn read(&self) -> Result<Box<dyn Transaction>, StoreError>;
}

/// One transaction: what it wrote is there for everybody after [`Transaction::commit`], or never.
#[async_trait]
pub trait Transaction: Send {
    /// Makes it so.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
    /// The database's clock.
    async fn now(&mut self) -> Result<i64, StoreError>;

    /// The state of the ledger.
    async fn ledger(&mut self) -> Result<LedgerRow, StoreError>;
    /// The rules that came into force last.
    async fn rules(&mut self) -> Result<Option<RulesRow>, StoreError>;
    /// Lets rules come into force, and notes their branch as the one that proposes others.
    async fn put_rules(&mut self, rules: &RulesRow) -> Result<(), StoreError>;
    /// Adds an entry behind the last one.
    async fn append(&mut self, leaf: &LeafRow) -> Result<(), StoreError>;
    /// Entries from a place on.
    async fn leaves(&mut self, from: i64, limit: i64) -> Result<Vec<LeafRow>, StoreError>;

    /// Adds an event behind the last one; gives its id.
    async fn announce(&mut self, event: &EventRow) -> Result<i64, StoreError>;
    /// The newest entry of an act.
    async fn newest_of(&mut self, act: &str) -> Result<Option<LeafRow>, StoreError>;
    /// Events after an id.
    async fn events(&mut self, after: i64, limit: i64) -> Result<Vec<EventRow>, StoreError>;
    /// Notes that events up to this one were passed on.
    async fn relayed(&mut self, up_to: i64) -> Result<(), StoreError>;

    /// Adds a change.
    async fn put_change(&mut self, change: &ChangeRow) -> Result<(), StoreError>;
    /// A change.
    async fn change(&mut self, id: &str) -> Result<Option<ChangeRow>, StoreError>;
    /// All changes, by number.
    async fn changes(&mut self) -> Result<Vec<ChangeRow>, StoreError>;
    /// The changes with the largest numbers below this one, largest first.
    async fn changes_below(&mut self, number: i64, limit: i64) -> Result<Vec<ChangeRow>, StoreError>;
    /// How many changes there are.
    async fn count_changes(&mut self) -> Result<i64, StoreError>;
    /// Holds a change, or lets it go on.
    async fn set_hold(&mut self, change: &str, hold: Option<&HoldRow>) -> Result<(), StoreError>;

    /// Opens a gate, or opens it again.
    async fn put_gate(&mut self, gate: &GateRow) -> Result<(), StoreError>;
    /// The opened gates of all changes.
    async fn every_gate(&mut self) -> Result<Vec<GateRow>, StoreError>;
    /// The opened gates of a change.
    async fn gates(&mut self, change: &str) -> Result<Vec<GateRow>, StoreError>;
    /// Notes the digest that was announced.
    async fn set_seen(&mut self, change: &str, gate: &str, digest: &str) -> Result<(), StoreError>;

    /// A person's vote, in the place of the one before.
    async fn put_vote(&mut self, vote: &VoteRow) -> Result<(), StoreError>;
    /// Takes votes back: a person's, or all of a gate.
    async fn remove_votes(&mut self, change: &str, gate: &str, person: Option<&str>) -> Result<u64, StoreError>;
    /// The votes of a change, oldest first.
    async fn votes(&mut self, change: &str) -> Result<Vec<VoteRow>, StoreError>;

    /// Keeps what a digest was taken of.
    async fn put_subject(&mut self, digest: &str, document: &str) -> Result<(), StoreError>;
    /// What a digest was taken of.
    async fn subject(&mut self, digest: &str) -> Result<Option<String>, StoreError>;
    /// Keeps a text under its hash.
    async fn put_text(&mut self, hash: &str, content: &[u8]) -> Result<(), StoreError>;
    /// A text by its hash.
    async fn text(&mut self, hash: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps a nonce.
    async fn put_nonce(&mut self, nonce: &NonceRow) -> Result<(), StoreError>;
    /// A nonce.
    async fn nonce(&mut self, hash: &str) -> Result<Option<NonceRow>, StoreError>;
    /// Notes that a nonce was used.
    async fn use_nonce(&mut self, hash: &str, at: i64) -> Result<(), StoreError>;

    /// Keeps the answer to a request.
    async fn put_request(&mut self, request: &RequestRow) -> Result<(), StoreError>;
    /// The answer to an earlier request of this caller under this key.
    async fn request(&mut self, caller: &str, key: &str) -> Result<Option<RequestRow>, StoreError>;
    /// Notes a directive and what came of it.
    async fn put_directive(&mut self, directive: &DirectiveRow) -> Result<(), StoreError>;

    /// Adds a job.
    async fn put_job(&mut self, job: &JobRow) -> Result<(), StoreError>;
    /// A job.
    async fn job(&mut self, id: &str) -> Result<Option<JobRow>, StoreError>;
    /// The newest jobs behind the one of this time and id, newest first.
    async fn jobs_behind(&mut self, asked_at: i64, id: &str, limit: i64) -> Result<Vec<JobRow>, StoreError>;
    /// Whether there is a job of a kind that nobody has.
    async fn is_waiting(&mut self, kind: &str, now: i64) -> Result<bool, StoreError>;
    /// Gives a worker the oldest job of a kind that nobody has.
    async fn lease(&mut self, kind: &str, worker: &str, now: i64, until: i64) -> Result<Option<JobRow>, StoreError>;
    /// Fails the jobs whose lease ended and that were leased so often; gives their ids.
    async fn give_up(&mut self, now: i64, attempts: i64, summary: &str) -> Result<Vec<String>, StoreError>;
    /// Keeps a lease; whether the worker still had it.
    async fn renew(&mut self, id: &str, worker: &str, progress: &str, until: i64) -> Result<bool, StoreError>;
    /// Puts a job back as if the worker had never taken it; whether the worker still had it.
    async fn let_go(&mut self, id: &str, worker: &str) -> Result<bool, StoreError>;
    /// Ends a job; whether the worker still had it.
    async fn finish(&mut self, id: &str, worker: &str, state: &str, summary: &str) -> Result<bool, StoreError>;

    /// Keeps a token's hash.
    async fn put_token(&mut self, token: &TokenRow) -> Result<(), StoreError>;
    /// A token by its hash.
    async fn token(&mut self, hash: &str) -> Result<Option<TokenRow>, StoreError>;
    /// All tokens, oldest first.
    async fn tokens(&mut self) -> Result<Vec<TokenRow>, StoreError>;
    /// Ends a token.
    async fn revoke_token(&mut self, hash: &str, at: i64) -> Result<(), StoreError>;
    /// Links an account to a person.
    async fn put_account(&mut self, account: &AccountRow) -> Result<(), StoreError>;
    /// The person of an account.
    async fn account(&mut self, platform: &str, space: &str, account: &str) -> Result<Option<AccountRow>, StoreError>;
    /// All accounts, oldest first.
    async fn accounts(&mut self) -> Result<Vec<AccountRow>, StoreError>;
    /// Unlinks an account.
    async fn remove_account(&mut self, platform: &str, space: &str, account: &str) -> Result<(), StoreError>;
    /// Keeps a one-time code. Of an account, the three newest are kept that nobody used: an answer with a code may come twice.
    async fn put_link_code(&mut self, code: &LinkCodeRow) -> Result<(), StoreError>;
    /// A one-time code.
    async fn link_code(&mut self, hash: &str) -> Result<Option<LinkCodeRow>, StoreError>;
    /// Notes that a code was used.
    async fn use_link_code(&mut self, hash: &str, at: i64) -> Result<(), StoreError>;

    /// Removes rows of a kind that are older than `before`, at most `limit` of them; gives their number.
    async fn sweep(&mut self, what: Swept, before: i64, limit: i64) -> Result<u64, StoreError>;
}

/// Rows that nobody needs any more after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// Nonces that ended.
    Nonces,
    /// Codes that ended.
    LinkCodes,
    /// First answers to requests.
    Requests,
    /// Directives and what came of them.
    Directives,
    /// Events that were passed on.
    Events,
    /// Jobs that are over.
    Jobs,
}

/// The turn to write, among the tasks of this process. Whoever waits for it holds no connection, so that readers always
/// find one; other processes are waited for in the database.
#[derive(Clone, Debug, Default)]
struct Turns(Arc<Mutex<()>>);

type Turn = OwnedMutexGuard<()>;

impl Turns {
    /// The next turn: first come, first served.
    async fn take(&self, patience: Duration) -> Result<Turn, StoreError> {
        let turn = timeout(patience, Arc::clone(&self.0).lock_owned()).await;
        turn.map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))
    }
}

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or not now: nothing was written, and trying again may work.
    #[error("the store cannot be reached: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// It broke off while it made a transaction so: whether it did is not known.
    #[error("the store ended before it said whether it is done: {0}")]
    Unknown(#[source] sqlx::Error),
    /// Its tables are not those of this version.
    #[error("the store's tables could not be brought up to date: {0}")]
    Migration(#[source] MigrateError),
    /// It refused what was asked.
    #[error("the store refused: {0}")]
    Refused(#[source] sqlx::Error),
    /// It holds something that this version cannot read.
    #[error("the store holds {what}, which cannot be read: {why}")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if !database.code().is_some_and(|code| passes(&code)) => {
                Self::Refused(error)
            }
            sqlx::Error::RowNotFound => Self::Unreadable { what: "no ledger", why: "its row is gone".to_owned() },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => {
                Self::Unreadable { what: "a row", why: error.to_string() }
            }
            // Waiting does not mend an address that is none.
            sqlx::Error::Configuration(_) => Self::Refused(error),
            _ => Self::Unavailable(error),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => match Self::from(error) {
                Self::Refused(error) => Self::Migration(MigrateError::Execute(error)),
                other => other,
            },
            other => Self::Migration(other),
        }
    }
}

/// Whether what an engine says may be otherwise in a moment.
fn passes(code: &str) -> bool {
    // PostgreSQL: the connection, a conflict with another transaction, resources, the operator, the system; a lock that
    // was waited for too long, a transaction that was idle too long, a server that only reads now.
    const CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];
    const CODES: [&str; 3] = ["55P03", "25P03", "25006"];
    // SQLite, whose codes are numbers with the kind in the lowest byte: busy, locked, read-only, I/O error, full, cannot
    // be opened.
    const KINDS: [u32; 6] = [5, 6, 8, 10, 13, 14];
    if code.len() == 5 {
        return CODES.contains(&code) || CLASSES.iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| KINDS.contains(&(code & 0xff)))
}

/// Opens the store in a file, making it where it is not there.
///
/// # Errors
/// When the file cannot be opened or brought up to date.
pub async fn open_sqlite(file: &Path, project: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(sqlite::Sqlite::open(file, project).await?))
}

/// Opens the store in a PostgreSQL database (11 or newer).
///
/// # Errors
/// When it cannot be reached or brought up to date.
pub async fn open_postgres(url: &str, project: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(postgres::Postgres::open(url, project).await?))
}
