//! How far a job is, from its handler to its worker.

use tokio::sync::watch;

/// Takes what a handler says of its progress. Only the newest counts, so it may say as much as it likes.
#[derive(Clone, Debug)]
pub struct ProgressSender(watch::Sender<String>);

impl ProgressSender {
    /// One that nobody reads: for handlers that run without a worker.
    #[must_use]
    pub fn unread() -> Self {
        Self(watch::Sender::new(String::new()))
    }

    pub(super) fn new() -> (Self, Progress) {
        let (sender, receiver) = watch::channel(String::new());
        (Self(sender), Progress { receiver, is_open: true })
    }

    /// How far the work is, in words.
    pub fn say(&self, progress: impl Into<String>) {
        let progress = progress.into();
        self.0.send_if_modified(|said| {
            let is_new = *said != progress;
            *said = progress;
            is_new
        });
    }
}

/// What the worker reads.
#[derive(Debug)]
pub(super) struct Progress {
    receiver: watch::Receiver<String>,
    is_open: bool,
}

impl Progress {
    /// Ends when there is something that [`take`](Self::take) has not given yet. Cancel safe.
    pub(super) async fn changed(&mut self) {
        if self.is_open && self.receiver.changed().await.is_ok() {
            self.receiver.mark_changed();
            return;
        }
        self.is_open = false;
        std::future::pending().await
    }

    /// Whether something was said that has not been taken.
    pub(super) fn is_new(&self) -> bool {
        self.receiver.borrow().has_changed()
    }

    /// The newest that was said.
    pub(super) fn take(&mut self) -> String {
        self.receiver.borrow_and_update().clone()
    }

    /// What was taken did not arrive: it is new again.
    pub(super) fn give_back(&mut self) {
        self.receiver.mark_changed();
    }
}
