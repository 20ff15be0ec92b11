//! A job of discovery: one run of the engine, on a thread of its own, saying how far it is.

use crate::engine::{Mode, Phase, Progress, Report, Request, discover};
use crate::query::status;
use codexa_chassis::jobs::{Handler, Leased, Outcome, ProgressSender};
use codexa_chassis::shutdown::Shutdown;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a run is asked to do, from the settings as they are when it begins; the reason where they do not allow one.
pub type Orders = Arc<dyn Fn(Option<Mode>) -> Result<Request, String> + Send + Sync>;

/// Runs discovery.
pub(super) struct Runner {
    orders: Orders,
}

impl Runner {
    pub(super) fn new(orders: Orders) -> Self {
        Self { orders }
    }
}

#[async_trait::async_trait]
impl Handler for Runner {
    fn kind(&self) -> &'static str {
        "discover"
    }

    async fn run(&self, job: &Leased, progress: ProgressSender, stop: Shutdown) -> Outcome {
        let mode = match job.args.get("mode").map(String::as_str) {
            None => None,
            Some(word) => {
                match [Mode::Quick, Mode::Deep, Mode::CodeOnly].into_iter().find(|mode| mode.name() == word) {
                    None => return Outcome::Failed(format!("there is no mode `{word}`")),
                    mode => mode,
                }
            }
        };
        let orders = Arc::clone(&self.orders);
        // Also where this is dropped as it stands: a run that nobody waits for ends soon.
        let stopping = StopOnDrop(Arc::default());
        let flag = Arc::clone(&stopping.0);
        let mut running = tokio::task::spawn_blocking(move || run(&orders, mode, progress, &flag));
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = stop.requested() => {
                stopping.0.store(true, Ordering::Relaxed);
                running.await
            }
        };
        match ended {
            Ok(Ok(summary)) => Outcome::Done(summary),
            Ok(Err(_)) if stopping.0.load(Ordering::Relaxed) => Outcome::Stopped,
            Ok(Err(why)) => Outcome::Failed(why),
            Err(error) => {
                // What a panic says is for who maintains this, not for who asked.
                tracing::error!(%error, "a run panicked");
                Outcome::Failed("the run met an error of its own; the log of discovery says which".to_owned())
            }
        }
    }
}

/// Tells a run to stop when nobody waits for it any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn run(orders: &Orders, mode: Option<Mode>, progress: ProgressSender, stop: &AtomicBool) -> Result<String, String> {
    let request = orders(mode)?;
    let telling = Telling { sender: progress, phase: Cell::new(Phase::Scan), files: Cell::new(0), done: Cell::new(0) };
    let report = discover(&request, stop, &telling).map_err(|error| error.to_string())?;
    Ok(summary(&report))
}

/// What came of a run, in a line.
fn summary(report: &Report) -> String {
    let status = status(&report.model);
    let commit = status.basis_commit.as_deref().map(|commit| format!(" @ {}", commit.get(..8).unwrap_or(commit)));
    let [parsed, of] = status.files_parsed;
    let written = match (&report.kept, report.written.len()) {
        (Some(kept), _) => format!("nothing written: {kept}"),
        (None, 0) => "manifests were up to date".to_owned(),
        (None, 1) => "1 file of the manifests written".to_owned(),
        (None, count) => format!("{count} files of the manifests written"),
    };
    format!(
        "{}{}: {}, {} files, {parsed} of {of} parsed, {} components; {written}",
        status.project,
        commit.unwrap_or_default(),
        status.mode,
        status.files,
        status.components
    )
}

/// Tells the job how far the run is.
struct Telling {
    sender: ProgressSender,
    phase: Cell<Phase>,
    files: Cell<u64>,
    done: Cell<u64>,
}

impl Telling {
    fn say(&self) {
        let phase = self.phase.get().name();
        match self.files.get() {
            0 => self.sender.say(phase),
            files => self.sender.say(format!("{phase}: {} of {files} files", self.done.get().min(files))),
        }
    }
}

impl Progress for Telling {
    fn phase(&self, phase: Phase, files: u64) {
        self.phase.set(phase);
        self.files.set(files);
        self.done.set(0);
        self.say();
    }

    fn advance(&self, files: u64, _bytes: u64) {
        self.done.set(self.done.get() + files);
        self.say();
    }

    fn remark(&self, text: &str) {
        self.sender.say(text);
    }
}
