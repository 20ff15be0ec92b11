//! How a process stops: it is asked to once, everything that runs hears of it, and what does not end in time is cut off.

use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The request to stop. Clones are the same request.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    /// One that nobody has requested.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One that is requested with this one, and can be requested alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(self.0.child_token())
    }

    /// Asks to stop; repeats do nothing.
    pub fn request(&self) {
        self.0.cancel();
    }

    /// Whether someone asked to stop.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Ends when someone asks to stop, at once if that has happened.
    pub fn requested(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        self.0.clone().cancelled_owned()
    }

    /// SIGINT and SIGTERM ask to stop. The second of them ends the process as it would end without this.
    ///
    /// # Errors
    /// When the signals cannot be listened to.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn on_signals(&self) -> io::Result<()> {
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::spawn(obey(self.clone(), interrupt, terminate));
        Ok(())
    }
}

async fn obey(shutdown: Shutdown, mut interrupt: Signal, mut terminate: Signal) {
    for is_second in [false, true] {
        let kind = tokio::select! {
            _ = interrupt.recv() => SignalKind::interrupt(),
            _ = terminate.recv() => SignalKind::terminate(),
        };
        if is_second {
            // It returns only where the signal could not be raised; then nothing better is left to do.
            let _ = signal_hook::low_level::emulate_default_handler(kind.as_raw_value());
        }
        tracing::info!(signal = kind.as_raw_value(), "asked to stop; the same again ends at once");
        shutdown.request();
    }
}

/// How many tasks ended which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Ended by themselves.
    pub ended: usize,
    /// Panicked.
    pub panicked: usize,
    /// Did not end in time and were aborted.
    pub aborted: usize,
}

/// Waits until tasks have ended, at most for `grace`, and aborts those that are left.
pub async fn drain<T: 'static>(mut tasks: JoinSet<T>, grace: Duration) -> Drained {
    let mut drained = Drained::default();
    let all = async {
        while let Some(task) = tasks.join_next().await {
            drained.count(task.map(drop));
        }
    };
    if tokio::time::timeout(grace, all).await.is_err() {
        tasks.abort_all();
        while let Some(task) = tasks.join_next().await {
            drained.count(task.map(drop));
        }
    }
    drained
}

impl Drained {
    fn count(&mut self, task: Result<(), tokio::task::JoinError>) {
        match task {
            Ok(()) => self.ended += 1,
            Err(error) if error.is_panic() => self.panicked += 1,
            Err(_) => self.aborted += 1,
        }
    }
}
