//! `codexa discover`: from a repository to its model.

use super::stored::{configuration, named_settings, project};
use super::worker::WORKER;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::output::{Page, Ui};
use crate::telemetry::{ProgressFormat, progress};
use clap::{Args, ValueEnum};
use codexa_config::settings::{DiscoveryMode, Settings};
use codexa_config::{Options, Resolution, resolve};
use codexa_discovery::engine::{Mode, Replaced, Report, Request, discover};
use codexa_discovery::iterations::Difference;
use codexa_discovery::query::{Status, status};
use codexa_discovery::serve::Orders;
use rustix::thread::disable_transparent_huge_pages;
use serde::Serialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// How to look.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Settings to use in place of the project's `.codexa/config.yaml`
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// How deep to look; a lesser mode takes the place of a fuller model, and says so [default: deep]
    #[arg(long, value_name = "MODE")]
    mode: Option<ModeArgument>,
    /// Only these paths, as in .gitignore; repeatable. The model of them takes the place of that of all
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    focus: Vec<String>,
    /// Stop parsing after this long and label what is missing: 500ms, 2s, 1m
    #[arg(long, value_name = "TIME")]
    budget: Option<String>,
    /// Parser processes [default: one per processor]
    #[arg(long, value_name = "N")]
    threads: Option<u32>,
    /// In a folder without git, read what .gitignore hides as well
    #[arg(long)]
    no_ignore: bool,
    /// How to show progress, on stderr
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    progress: ProgressFormat,
    /// How long to wait for another run in the same project, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u64,
}

/// The modes as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeArgument {
    /// Count and classify; parse nothing
    Quick,
    /// Everything
    Deep,
    /// Everything but documents, tests and comments
    CodeOnly,
}

impl ModeArgument {
    fn word(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Deep => "deep",
            Self::CodeOnly => "code-only",
        }
    }
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let mut options = options(arguments, globals)?;
    // Before settings are looked for, so that a path that is not there is named as what it is, and settings are this
    // project's and no other's.
    let found = project(&options)?;
    options.project = Some(found.root().to_path_buf());
    let resolution = resolve(&options)?;
    let settings = resolution.ready().map_err(|errors| Failure::broken_settings(&resolution, errors))?;
    let way = Way { no_ignore: arguments.no_ignore, patience: Duration::from_secs(arguments.wait) };
    let request = request(way, settings, &resolution, &options, found.root())?;
    if request.mode == Mode::Quick {
        // Here and in the workers: what files are counted in is little, and large pages are cleared whole.
        let _ = disable_transparent_huge_pages(true);
    }
    let stop = stop_on_signals()?;
    let report = {
        let progress = progress(arguments.progress, ui);
        discover(&request, &stop, &*progress)?
    };
    let answer = Answer::of(&report, &request);
    // The process ends here. To take a large model apart costs more than to leave it to the system.
    std::mem::forget(report);
    ui.answer(&answer)?;
    Ok(if answer.status.partial { Exit::Findings } else { Exit::Well })
}

fn options(arguments: &Arguments, globals: &Globals) -> Result<Options, Failure> {
    let mut options = Options { config: arguments.config.clone(), ..globals.options()? };
    if let Some(mode) = arguments.mode {
        options = options.with_flag("--mode", "discovery.mode", mode.word());
    }
    if !arguments.focus.is_empty() {
        options = options.with_flag("--focus", "discovery.focus", arguments.focus.clone());
    }
    if let Some(budget) = &arguments.budget {
        options = options.with_flag("--budget", "discovery.budget", budget.clone());
    }
    if let Some(threads) = arguments.threads {
        options = options.with_flag("--threads", "discovery.threads", threads);
    }
    Ok(options)
}

/// What a job of discovery is asked to do: each run goes by the settings as they are when it begins.
pub(crate) fn orders(options: Options, root: PathBuf) -> Orders {
    Arc::new(move |mode| {
        let mut options = options.clone();
        if let Some(mode) = mode {
            options = options.with_flag("mode", "discovery.mode", mode.name());
        }
        let words = |failure: Failure| {
            let messages = failure.diagnostics.iter().map(|diagnostic| diagnostic.message.clone());
            messages.collect::<Vec<_>>().join("; ")
        };
        let resolution = resolve(&options).map_err(|error| words(error.into()))?;
        let settings = resolution.ready().map_err(|errors| words(Failure::broken_settings(&resolution, errors)))?;
        let way = Way { no_ignore: false, patience: JOB_PATIENCE };
        request(way, settings, &resolution, &options, &root).map_err(words)
    })
}

/// How long a job waits for another run in the same project.
const JOB_PATIENCE: Duration = Duration::from_secs(600);

/// What the settings do not say of a run.
#[derive(Clone, Copy)]
struct Way {
    no_ignore: bool,
    patience: Duration,
}

fn request(
    way: Way,
    settings: &Settings,
    resolution: &Resolution,
    options: &Options,
    root: &Path,
) -> Result<Request, Failure> {
    let discovery = &settings.discovery;
    let limits = &discovery.limits;
    let program = own_program()?;
    let folder_name = root.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Request {
        root: root.to_path_buf(),
        name: settings.project.name.clone().or(folder_name).unwrap_or_else(|| "project".to_owned()),
        mode: match discovery.mode {
            DiscoveryMode::Quick => Mode::Quick,
            DiscoveryMode::Deep => Mode::Deep,
            DiscoveryMode::CodeOnly => Mode::CodeOnly,
        },
        focus: discovery.focus.clone(),
        skip: discovery.skip_paths.clone(),
        generated: discovery.generated.clone(),
        vendored: discovery.vendored.clone(),
        context: discovery.context.clone(),
        control_plane: options.control_plane(),
        coverage: discovery.coverage.clone(),
        no_ignore: way.no_ignore,
        budget: discovery.budget_duration(),
        threads: discovery.threads.map_or(0, |threads| threads as usize),
        max_files: limits.max_files,
        max_commits: limits.max_commits,
        max_file_bytes: limits.max_file_bytes,
        max_depth: limits.max_depth,
        max_nodes: limits.max_nodes,
        parse_timeout: Duration::from_millis(limits.parse_timeout_ms),
        worker_memory: limits.worker_memory_mb.saturating_mul(1 << 20),
        patience: way.patience,
        worker: vec![program.into_os_string(), OsString::from(WORKER)],
        configuration: configuration(resolution),
        config: named_settings(options, root),
    })
}

/// This very program, also where another version took the place of its file meanwhile: a worker must speak its parent's
/// language.
fn own_program() -> Result<PathBuf, Failure> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_path_buf());
    }
    std::env::current_exe().map_err(|error| {
        Failure::unexpected("DISCOVERY_WORKERS", format!("this program's own file cannot be found: {error}"))
    })
}

/// Ctrl-C and a polite kill end the run before anything that git tracks is touched; a second one ends it at once.
fn stop_on_signals() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The order matters: the first press finds the flag unset and only sets it.
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop)))
            .map_err(|error| Failure::unexpected("CLI_SIGNALS", format!("signals cannot be watched: {error}")))?;
    }
    Ok(stop)
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    status: Status,
    root: String,
    iteration: u32,
    milliseconds: u64,
    /// Files that were read in this run; the others were known.
    read: u32,
    untracked: u64,
    lacks: Vec<String>,
    written: Vec<String>,
    kept: Option<String>,
    /// The fuller model in whose place this one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced: Option<Replaced>,
    /// Ids that two branches gave, and how that was settled.
    settled: Vec<String>,
    /// What changed since the last iteration that looked in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Difference>,
}

impl Answer {
    fn of(report: &Report, request: &Request) -> Self {
        let iteration = &report.iteration;
        let mut status = status(&report.model);
        if !report.answers {
            "clone it with a work tree, and run `codexa discover` there".clone_into(&mut status.next);
        } else if report.model.files.is_empty() && report.untracked > 0 {
            "git add --all".clone_into(&mut status.next);
        } else if let Some(replaced) = &report.replaced {
            replaced.command.clone_into(&mut status.next);
        }
        Self {
            status,
            root: request.root.to_string_lossy().into_owned(),
            iteration: iteration.iteration,
            milliseconds: iteration.milliseconds,
            read: iteration.read,
            untracked: report.untracked,
            lacks: report.model.run.lacks.clone(),
            written: report.written.clone(),
            kept: report.kept.clone(),
            replaced: report.replaced.clone(),
            settled: report.settled.clone(),
            changed: report.changed.clone(),
        }
    }

    fn written_line(&self) -> String {
        match (&self.kept, self.written.len()) {
            (Some(kept), _) => format!("nothing: {kept}"),
            (None, 0) => "nothing: .codexa/manifests/ is up to date".to_owned(),
            (None, 1) => "1 file in .codexa/manifests/".to_owned(),
            (None, count) => format!("{count} files in .codexa/manifests/"),
        }
    }
}

fn replaced_line(replaced: &Replaced) -> String {
    let Replaced { mode, parsed, .. } = replaced;
    let plural = if *parsed == 1 { "" } else { "s" };
    format!("a fuller model ({mode}, {parsed} file{plural} parsed), which the next command brings back")
}

impl crate::output::Report for Answer {
    const NAME: &'static str = "discover";

    fn page(&self, page: &mut Page) {
        let took = if self.milliseconds < 1_000 {
            format!("{} ms", self.milliseconds)
        } else {
            format!("{}.{} s", self.milliseconds / 1_000, self.milliseconds % 1_000 / 100)
        };
        let changed = self.changed.iter().map(|changed| ("changed", changed.in_a_line()));
        let mut rows: Vec<(&str, String)> = changed.collect();
        if self.untracked > 0 {
            let plural = if self.untracked == 1 { "" } else { "s" };
            rows.push(("untracked", format!("{} file{plural}, not modelled", self.untracked)));
        }
        rows.extend(self.lacks.iter().map(|lack| ("lacks", lack.clone())));
        rows.push(("written", self.written_line()));
        rows.extend(self.settled.iter().map(|settled| ("settled", settled.clone())));
        rows.extend(self.replaced.iter().map(|replaced| ("replaced", replaced_line(replaced))));
        page.laid_out(&self.status.text(Some(&took), Some(&format!("iteration {}", self.iteration)), &rows));
    }
}
