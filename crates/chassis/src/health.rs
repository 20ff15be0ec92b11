//! Whether a service is ready to be asked. Being alive is another matter: a process that answers at all is alive.

use crate::shutdown::Shutdown;
use futures_util::future::join_all;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Looks at one thing that a service needs.
#[async_trait::async_trait]
pub trait Check: Send + Sync {
    /// Whether it is there.
    ///
    /// # Errors
    /// Why not, in words that anyone may read: no addresses, no secrets.
    async fn check(&self) -> Result<(), String>;
}

/// A service that was asked to stop is not ready.
#[async_trait::async_trait]
impl Check for Shutdown {
    async fn check(&self) -> Result<(), String> {
        if self.is_requested() { Err("is stopping".to_owned()) } else { Ok(()) }
    }
}

/// What a service needs to be ready.
#[derive(Clone)]
pub struct Health {
    checks: BTreeMap<String, Arc<dyn Check>>,
    patience: Duration,
}

impl Health {
    /// Without checks, which is always ready. `patience`: how long each check may take.
    #[must_use]
    pub const fn new(patience: Duration) -> Self {
        Self { checks: BTreeMap::new(), patience }
    }

    /// The same with another check.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, check: impl Check + 'static) -> Self {
        self.checks.insert(name.into(), Arc::new(check));
        self
    }

    /// Looks at everything now, at the same time.
    pub async fn ready(&self) -> Readiness {
        let looks = self.checks.iter().map(|(name, check)| async {
            let state = match timeout(self.patience, check.check()).await {
                Ok(Ok(())) => State::Ok,
                Ok(Err(why)) => State::Not(why),
                Err(_) => State::Not(format!("no answer within {:?}", self.patience)),
            };
            (name.clone(), state)
        });
        let checks: BTreeMap<String, State> = join_all(looks).await.into_iter().collect();
        Readiness { ready: checks.values().all(|state| *state == State::Ok), checks }
    }
}

/// What the checks said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether all of them are well.
    pub ready: bool,
    /// By their names.
    pub checks: BTreeMap<String, State>,
}

/// What one check said. It is written as `"ok"`, or as the reason why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is well.
    Ok,
    /// Why not.
    Not(String),
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Ok => serializer.serialize_str("ok"),
            Self::Not(why) => serializer.serialize_str(why),
        }
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").field("checks", &self.checks.keys()).field("patience", &self.patience).finish()
    }
}
