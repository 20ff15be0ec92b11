//! Codexa against floors and peers, as ratios within one run.
//!
//! `codexa-bench compare` runs each pair in turn (A B A B …) on copies of real repositories, takes medians, prints a
//! table and keeps it in docs/PERFORMANCE.md. `codexa-bench floor` is one of the peers: tree-sitter alone. `codexa-bench
//! tests-linked` measures claims instead of time.

mod cases;
mod error;
mod evidence;
mod floor;
mod list;
mod machine;
mod measure;
mod memory;
mod page;
mod past;
mod subjects;
mod table;
mod tests_linked;

use clap::{Parser, Subcommand};
use error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use table::Verdict;

#[derive(Parser)]
#[command(about = "Codexa against floors and peers")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Parse the listed files with tree-sitter and do nothing else
    Floor {
        /// Lines of `language<TAB>path`
        list: PathBuf,
        /// Threads that parse
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
    /// Run every comparison and print the table
    Compare(Compare),
    /// Set repositories back and see what their rankings were worth
    Evidence(evidence::Evidence),
    /// Read the past of the clone in a folder and do nothing else
    Past {
        /// The clone
        folder: PathBuf,
        /// Threads that read
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
    /// Hold the links between tests and code against coverage reports
    TestsLinked {
        /// Folders, one a repository, with what `codexa show tests --format json` printed as tests.json and what `coverage
        /// json --show-contexts` wrote as coverage.json
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
}

/// What `compare` measures, and with what.
#[derive(clap::Args)]
struct Compare {
    /// The release binary
    #[arg(long)]
    codexa: PathBuf,
    /// The peer that counts; the program itself, no wrapper
    #[arg(long, default_value = "scc")]
    scc: PathBuf,
    /// The peer that measures Python
    #[arg(long, default_value = "radon")]
    radon: PathBuf,
    /// Folder that holds the clones `redis`, `kafka`, `tokio` and the tree `linux-source-6.1`
    #[arg(long)]
    repos: Option<PathBuf>,
    /// Only these comparisons: deep, quick, rerun, history, linux, million, radon, queries
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Runs of each side; the median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Threads, for Codexa and for the floor; all cores by default
    #[arg(long)]
    threads: Option<usize>,
    /// Folder for the copies, kept for the next run
    #[arg(long)]
    scratch: Option<PathBuf>,
    /// Page whose marked part is replaced by the table
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Floor { list, threads } => floor::run(&list, threads).map(|()| Verdict::Kept),
        Command::Compare(compare) => cases::run(&compare),
        Command::Evidence(evidence) => evidence::run(&evidence).map(|()| Verdict::Kept),
        Command::Past { folder, threads } => past::run(&folder, threads).map(|()| Verdict::Kept),
        Command::TestsLinked { folders } => tests_linked::run(&folders).map(|()| Verdict::Kept),
    };
    match done {
        Ok(Verdict::Kept | Verdict::Skipped) => ExitCode::SUCCESS,
        Ok(Verdict::Missed) => ExitCode::from(1),
        Ok(Verdict::Failed) => ExitCode::from(2),
        Err(error) => {
            report(&error);
            ExitCode::from(2)
        }
    }
}

#[allow(clippy::print_stderr, reason = "the harness has no other way to say why it stopped")]
fn report(error: &Error) {
    eprintln!("error: {error}");
}
