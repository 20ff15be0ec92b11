//! `codexa worker`, hidden: the child process that reads files for `codexa discover`. It is told everything over its pipe, and
//! to build the whole command tree would take longer than to read some files.

use crate::failure::{Exit, Failure};
use std::ffi::OsString;
use std::io::{BufReader, BufWriter};

/// What the program is called with.
pub(crate) const WORKER: &str = "worker";

/// Whether the program was called for this and nothing else, so that the command tree need not be asked.
pub(crate) fn is_meant(arguments: &[OsString]) -> bool {
    matches!(arguments, [_, word] if word == WORKER)
}

pub(crate) fn run() -> crate::Outcome {
    let mut input = BufReader::with_capacity(64 << 10, std::io::stdin().lock());
    let mut output = BufWriter::with_capacity(256 << 10, std::io::stdout().lock());
    match codexa_discovery::workers::serve(&mut input, &mut output) {
        Ok(()) => Ok(Exit::Well),
        Err(error) => Err(Failure::unexpected("DISCOVERY_WORKERS", error.to_string())),
    }
}
