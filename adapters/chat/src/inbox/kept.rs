//! What buttons carry that is too long for the platform: kept here, under a short name.

use super::{Inbox, InboxError};
use crate::clock;
use sha2::{Digest, Sha256};

/// What a short name begins with. No JSON does.
const MARK: &str = "kept:";

impl Inbox {
    /// The short name of a value, 37 bytes long. The same value has the same name.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keep(&self, value: &str) -> Result<String, InboxError> {
        let digest = Sha256::digest(value.as_bytes());
        let id: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        sqlx::query(
            "INSERT INTO kept (id, value, at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
        )
        .bind(&id)
        .bind(value)
        .bind(clock::now())
        .execute(&self.pool)
        .await?;
        Ok(format!("{MARK}{id}"))
    }

    /// What a button carried: itself, or what its short name stands for; `None` where that is forgotten.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn carried(&self, value: &str) -> Result<Option<String>, InboxError> {
        let Some(id) = value.strip_prefix(MARK) else { return Ok(Some(value.to_owned())) };
        Ok(sqlx::query_scalar("SELECT value FROM kept WHERE id = ?").bind(id).fetch_optional(&self.pool).await?)
    }
}
