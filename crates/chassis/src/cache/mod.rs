//! Copies of what can be computed or fetched again. Any of them may be gone at any moment, and nothing is lost by it.

mod in_process;
mod redis;

pub use in_process::{Bounds, InProcess};
pub use redis::Redis;

use std::fmt::Debug;
use std::time::Duration;

/// Keeps values for a while. A cache that cannot be reached knows nothing: every failure is a miss and a warning.
#[async_trait::async_trait]
pub trait Cache: Send + Sync + Debug {
    /// The value, where it is still there.
    async fn get(&self, key: &str) -> Option<Vec<u8>>;

    /// Keeps a value for at most `ttl`, in place of an earlier one.
    async fn put(&self, key: &str, value: &[u8], ttl: Duration);

    /// Forgets a value. This may fail as silently as everything else here, so `ttl` is what bounds how long a value
    /// outlives its truth.
    async fn forget(&self, key: &str);
}

/// The address is none of Redis, or cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("not an address of Redis")]
pub struct AddressError(#[from] ::redis::RedisError);
