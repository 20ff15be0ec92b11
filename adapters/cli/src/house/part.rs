//! What of a house is asked to stop together.

use codexa_chassis::shutdown::{Drained, Shutdown, drain};
use std::time::Duration;
use tokio::task::JoinSet;

/// How long it may take to stop.
const GRACE: Duration = Duration::from_secs(12);

/// Tasks, and the request to stop that they listen to.
#[derive(Default)]
pub(super) struct Part {
    pub tasks: JoinSet<()>,
    pub shutdown: Shutdown,
}

impl Part {
    /// Asks them to stop, and waits until they have, in a bounded time.
    pub async fn end(self) -> Drained {
        self.shutdown.request();
        drain(self.tasks, GRACE).await
    }
}
