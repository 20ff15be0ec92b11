use codexa_chassis::health::{Check, Health};
use codexa_chassis::shutdown::Shutdown;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// Answers after a time.
struct After(Duration, Result<(), String>);

#[async_trait::async_trait]
impl Check for After {
    async fn check(&self) -> Result<(), String> {
        tokio::time::sleep(self.0).await;
        self.1.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn one_check_that_is_not_well_makes_a_service_unready() {
    let fast = || After(Duration::from_millis(10), Ok(()));
    let shutdown = Shutdown::new();
    let health = Health::new(Duration::from_secs(2)).with("shutdown", shutdown.clone()).with("store", fast());
    let ready = health.ready().await;
    assert_eq!(
        serde_json::to_value(&ready).expect("JSON"),
        json!({"ready": true, "checks": {"shutdown": "ok", "store": "ok"}})
    );

    shutdown.request();
    let health = health
        .with("bus", After(Duration::ZERO, Err("no connection".to_owned())))
        .with("queue", After(Duration::from_secs(3600), Ok(())))
        .with("planner", After(Duration::from_millis(1999), Ok(())));
    let asked = Instant::now();
    let unready = health.ready().await;
    assert_eq!(asked.elapsed(), Duration::from_secs(2), "all at the same time, none longer than it may");
    assert_eq!(
        serde_json::to_value(&unready).expect("JSON"),
        json!({"ready": false, "checks": {
            "bus": "no connection",
            "planner": "ok",
            "queue": "no answer within 2s",
            "shutdown": "is stopping",
            "store": "ok",
        }})
    );
}

#[tokio::test]
async fn what_needs_nothing_is_ready() {
    assert!(Health::new(Duration::from_secs(1)).ready().await.ready);
}
