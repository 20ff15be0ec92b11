//! The bus within one process.

use super::{BEHIND, Bus, BusError, Notice, Subscription};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::{self, Sender};

/// Clones are the same bus; it is shut when the last is dropped.
#[derive(Clone, Debug, Default)]
pub struct InProcess(Arc<Mutex<BTreeMap<String, Sender<Notice>>>>);

impl InProcess {
    /// A bus without topics.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A map of senders has no state between two statements that a panic could leave behind.
    fn topics(&self) -> MutexGuard<'_, BTreeMap<String, Sender<Notice>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Bus for InProcess {
    async fn publish(&self, topic: &str, message: &str) -> Result<(), BusError> {
        if let Some(sender) = self.topics().get(topic) {
            // An error says that nobody listens any more.
            let _ = sender.send(Notice::Message(message.to_owned()));
        }
        Ok(())
    }

    async fn subscribe(&self, topic: &str) -> Result<Subscription, BusError> {
        let mut topics = self.topics();
        // The moment to let go of topics that nobody listens to any more: there are never many.
        topics.retain(|_, sender| sender.receiver_count() > 0);
        let sender = topics.entry(topic.to_owned()).or_insert_with(|| broadcast::channel(BEHIND).0);
        Ok(Subscription(sender.subscribe()))
    }
}
