//! How good what Codexa says of a repository's past is: every repository is set back a year, the product is asked there, and
//! what git tells of the year after decides. The product is asked through its program, and the figures of the time before are
//! those that it prints itself; of its libraries come only the rules that the page names, so that both sides mean the same.

mod git;
mod groups;
mod page;
mod ranking;
mod together;

use crate::error::{Error, at};
use crate::measure::quietly;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `evidence` measures, and with what.
#[derive(clap::Args)]
pub(crate) struct Evidence {
    /// The release binary
    #[arg(long)]
    codexa: PathBuf,
    /// Folder that holds clones with their whole past
    #[arg(long)]
    repos: PathBuf,
    /// Only these clones
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Folder for copies; a new one by default
    #[arg(long)]
    scratch: PathBuf,
    /// Page that is written
    #[arg(long)]
    write: Option<PathBuf>,
}

/// One repository, set back once.
pub(crate) struct Trial {
    pub(crate) name: String,
    /// The commit the product was asked at, and the one up to which the later past was counted, shortened.
    pub(crate) window: (String, String),
    pub(crate) files: ranking::Judged,
    pub(crate) zones: ranking::Judged,
    pub(crate) together: together::Row,
    pub(crate) groups: groups::Row,
}

/// How many years back repositories are set.
const YEARS: [u32; 2] = [1, 2];
const YEAR: i64 = 364 * 24 * 60 * 60;

pub(crate) fn run(evidence: &Evidence) -> Result<(), Error> {
    let mut trials = Vec::new();
    for clone in clones(evidence)? {
        for years in YEARS {
            trials.extend(trial(evidence, &clone, years)?);
        }
    }
    let text = page::render(&trials);
    match &evidence.write {
        Some(path) => std::fs::write(path, text).map_err(at(path)),
        None => {
            std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes()).map_err(at(Path::new("standard output")))
        }
    }
}

fn clones(evidence: &Evidence) -> Result<Vec<PathBuf>, Error> {
    let mut clones = Vec::new();
    for entry in std::fs::read_dir(&evidence.repos).map_err(at(&evidence.repos))? {
        let path = entry.map_err(at(&evidence.repos))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_wanted = evidence.only.is_empty() || evidence.only.contains(&name);
        if is_wanted && (path.join(".git").exists() || path.join("objects").is_dir()) {
            clones.push(path);
        }
    }
    clones.sort();
    Ok(clones)
}

/// Sets a copy back, asks the product there and judges it. `None` where the past does not reach as far.
fn trial(evidence: &Evidence, clone: &Path, years: u32) -> Result<Option<Trial>, Error> {
    let name = clone.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let newest = git::time(clone, "HEAD")?;
    let then = git::mainline_before(clone, newest - i64::from(years) * YEAR)?;
    let until = if years == 1 {
        Some(git::id(clone, "HEAD")?)
    } else {
        git::mainline_before(clone, newest - i64::from(years - 1) * YEAR)?
    };
    let (Some(then), Some(until)) = (then, until) else { return Ok(None) };
    let copy = evidence.scratch.join(format!("{name}-{years}"));
    git::set_back(clone, &copy, &then)?;
    quietly(Command::new(&evidence.codexa).args(["init", "--project"]).arg(&copy))?;
    quietly(Command::new(&evidence.codexa).args(["discover", "--project"]).arg(&copy))?;
    let commits = git::between(clone, &then, &until)?;
    let (files, zones) = ranking::judge(evidence, &copy, &commits)?;
    let together = together::judge(evidence, &copy, &commits)?;
    let groups = groups::judge(evidence, &copy, &commits)?;
    let short = |id: &str| id.get(..10).unwrap_or(id).to_owned();
    Ok(Some(Trial { name, window: (short(&then), short(&until)), files, zones, together, groups }))
}

/// What the product answers, as JSON.
fn asked(evidence: &Evidence, project: &Path, question: &[&str]) -> Result<serde_json::Value, Error> {
    let mut command = Command::new(&evidence.codexa);
    command.args(question).args(["--format", "json", "--project"]).arg(project);
    let text = crate::measure::output(&mut command)?;
    serde_json::from_str(&text).map_err(|error| Error::Absent(format!("{question:?} answered no JSON: {error}")))
}
