//! `codexa worker`, hidden: the child process that parses files for `codexa discover`.

use crate::failure::{Exit, Failure};
use std::io::{BufReader, BufWriter};

pub(super) fn run() -> crate::Outcome {
    let mut input = BufReader::with_capacity(64 << 10, std::io::stdin().lock());
    let mut output = BufWriter::with_capacity(256 << 10, std::io::stdout().lock());
    match codexa_discovery::workers::serve(&mut input, &mut output) {
        Ok(()) => Ok(Exit::Well),
        Err(error) => Err(Failure::unexpected("DISCOVERY_WORKERS", error.to_string())),
    }
}
