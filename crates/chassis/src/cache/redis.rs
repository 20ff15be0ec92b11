//! The cache of several processes.

use super::{AddressError, Cache};
use crate::redis_link::{self, PREFIX};
use crate::telemetry::chain;
use redis::aio::ConnectionManager;
use redis::{AsyncCommands, Client, RedisResult};
use std::fmt;
use std::time::Duration;

/// Clones share one connection, which is made when first used and again whenever it broke.
#[derive(Clone)]
pub struct Redis(ConnectionManager);

impl Redis {
    /// The cache at `redis://…`; the server may be away.
    ///
    /// # Errors
    /// When the address is none.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn new(url: &str) -> Result<Self, AddressError> {
        Ok(Self(redis_link::manager(&Client::open(url)?)?))
    }
}

#[async_trait::async_trait]
impl Cache for Redis {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let got: RedisResult<Option<Vec<u8>>> = self.0.clone().get(name(key)).await;
        or_warn(got, key).flatten()
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) {
        // Redis refuses a ttl of nothing, and counts in 64 signed bits.
        let milliseconds = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).clamp(1, i64::MAX as u64 >> 1);
        let put: RedisResult<()> = self.0.clone().pset_ex(name(key), value, milliseconds).await;
        or_warn(put, key);
    }

    async fn forget(&self, key: &str) {
        let forgotten: RedisResult<()> = self.0.clone().del(name(key)).await;
        or_warn(forgotten, key);
    }
}

fn name(key: &str) -> String {
    format!("{PREFIX}cache:{key}")
}

fn or_warn<T>(answer: RedisResult<T>, key: &str) -> Option<T> {
    answer.inspect_err(|error| tracing::warn!(error = %chain(error), key, "the cache did not answer")).ok()
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}
