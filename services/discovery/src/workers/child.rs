//! The worker's side: limits on itself and what it gives up, then tasks in and outcomes out, in order, until the pipe ends.

use super::examine::Examiner;
use super::protocol::{Ready, Setup, Task, read_frame, write_frame, write_frame_with};
use super::sandbox;
use codexa_project::Project;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{self, Read, Write};

/// Serves tasks until the input ends. Everything a worker needs comes over its input.
///
/// # Errors
/// When a pipe breaks, or the project's folder cannot be opened.
pub fn serve(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    serve_watched(input, output, |_| {})
}

/// [`serve`], with a look at each task before it is begun: where tests put faults.
///
/// # Errors
/// As [`serve`].
pub fn serve_watched(input: &mut impl Read, output: &mut impl Write, mut before: impl FnMut(&Task)) -> io::Result<()> {
    let Some(setup) = read_frame::<Setup>(input)? else { return Ok(()) };
    limit_memory(setup.memory_bytes);
    let reader = Project::open(&setup.root).and_then(|project| project.reader()).map_err(io::Error::other)?;
    let mut examiner = Examiner::new(reader, setup);
    sandbox::enter();
    write_frame(output, &Ready)?;
    output.flush()?;
    while let Some(task) = read_frame::<Task>(input)? {
        before(&task);
        let (outcome, symbols) = examiner.examine(&task);
        write_frame_with(output, &outcome, symbols)?;
        output.flush()?;
    }
    Ok(())
}

/// An allocation over the limit fails and ends this process, not the machine's memory. The program itself and what its
/// allocator mapped to begin with do not count. Where the limit cannot be set (it is lower already), the lower one holds.
fn limit_memory(bytes: u64) {
    let bytes = bytes.saturating_add(mapped().unwrap_or(0));
    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    let _ = setrlimit(Resource::As, limit);
    // A crash is an outcome here, not something to dump.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Bytes of address space that this process has mapped by now; `None` where the system does not say.
fn mapped() -> Option<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = pages.split_whitespace().next()?.parse().ok()?;
    pages.checked_mul(u64::try_from(rustix::param::page_size()).ok()?)
}
