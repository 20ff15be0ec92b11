//! Waiting in tests: for what comes by itself, never for a time to pass.

use std::future::Future;
use std::time::Duration;

/// What does not come within this does not come.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a future gives, which has to be soon.
#[track_caller]
pub fn soon<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let place = std::panic::Location::caller();
    async move {
        let outcome = tokio::time::timeout(PATIENCE, future).await;
        outcome.unwrap_or_else(|_| panic!("{place}: nothing within {PATIENCE:?}"))
    }
}

/// Asks until the answer is yes, which has to be soon.
#[track_caller]
pub fn until<F: Future<Output = bool>>(mut ask: impl FnMut() -> F) -> impl Future<Output = ()> {
    soon(async move {
        while !ask().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
}
