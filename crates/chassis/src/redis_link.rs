//! One way to reach Redis for everything that asks it something.

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult};
use std::time::Duration;

/// What Redis holds of ours, and our channels, begin with this.
pub(crate) const PREFIX: &str = "codexa:";
/// Redis only helps: who asks it does not wait longer than this.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// A connection that is made when first used and again whenever it broke. Nothing is sent a second time: a command that
/// met a broken connection fails.
pub(crate) fn manager(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE))
        .set_number_of_retries(1)
        .set_max_delay(PATIENCE);
    client.get_connection_manager_lazy(config)
}
