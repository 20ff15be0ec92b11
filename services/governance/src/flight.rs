//! Requests that are being carried out, so that the same one is not begun twice.

use crate::identity::hash;
use crate::refusal::{Kind, Refusal};
use codexa_proto::v1;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The requests in flight.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flights {
    keys: Arc<Mutex<BTreeSet<String>>>,
}

/// A request in flight, until it is dropped.
#[derive(Debug)]
pub(crate) struct Flight {
    keys: Arc<Mutex<BTreeSet<String>>>,
    key: String,
}

impl Flights {
    /// Begins a request of a caller under a key.
    pub fn enter(&self, caller: &v1::Caller, key: &str) -> Result<Flight, Refusal> {
        let account = caller.account.as_ref().map(|account| (&account.platform, &account.space, &account.user));
        let key = format!("{} {account:?} {key}", hash(&caller.token));
        if !self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
            let message = "this request is being carried out";
            let help = "send it again in a moment, with the same key";
            return Err(Refusal::new(Kind::InFlight, "IDEMPOTENCY_IN_FLIGHT", message, help));
        }
        Ok(Flight { keys: Arc::clone(&self.keys), key })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
