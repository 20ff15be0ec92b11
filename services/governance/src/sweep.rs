//! What is old and that nobody needs is removed: what ended, first answers to requests that nobody sends again, events that
//! everybody had, jobs that are over. Decisions, what was voted on and the ledger are kept for ever.

use crate::governance::Governance;
use crate::refusal::Refusal;
use crate::store::Swept;

const DAY: i64 = 24 * 3_600_000;

/// What is swept, and how long it is kept.
const KEPT: [(Swept, i64); 6] = [
    (Swept::Nonces, DAY),
    (Swept::LinkCodes, DAY),
    (Swept::Requests, 7 * DAY),
    (Swept::Events, 30 * DAY),
    (Swept::Directives, 90 * DAY),
    (Swept::Jobs, 90 * DAY),
];

/// Rows in one transaction: nobody waits long for their turn.
const BATCH: i64 = 500;

impl Governance {
    /// Removes what is old. Gives the number of rows.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sweep(&self) -> Result<u64, Refusal> {
        let mut removed = 0;
        for (what, kept) in KEPT {
            loop {
                let mut tx = self.store().write().await?;
                let before = tx.now().await? - kept;
                let rows = tx.sweep(what, before, BATCH).await?;
                tx.commit().await?;
                removed += rows;
                if rows < BATCH.unsigned_abs() {
                    break;
                }
            }
        }
        Ok(removed)
    }
}
