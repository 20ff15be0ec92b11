//! History alone, as a process of its own: what a cold run reads of a repository's past.

use crate::error::{Error, at};
use codexa_history::Past;
use codexa_history::read::{Pulse, Request, read};
use codexa_project::Project;
use std::path::Path;

/// Reads the past of the newest commit, all of it.
pub(crate) fn run(folder: &Path, threads: usize) -> Result<(), Error> {
    let absent = |why: String| Error::Absent(format!("{}: {why}", folder.display()));
    let project = Project::open(folder).map_err(|error| absent(error.to_string()))?;
    let head = project.head().map_err(|error| absent(error.to_string()))?.and_then(|head| head.commit);
    let (Some(repository), Some(from)) = (project.repository(), head) else { return Err(absent("no commit".into())) };
    let request = Request {
        repository: repository.objects(),
        from,
        prefix: project.prefix(),
        mailmap: b"",
        is_left_out: &|_| false,
        max_commits: usize::MAX,
        max_files: 10_000,
        max_changes: usize::MAX,
        threads,
        pulse: &|| Pulse::GoOn,
    };
    let past = read(&request, &Past::default()).map_err(|_| absent("cancelled".into()))?;
    let text = format!("{} commits, {} changes\n", past.commits.len(), past.changes.len());
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes()).map_err(at(Path::new("standard output")))
}
