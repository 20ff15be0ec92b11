//! `go test -coverprofile`: `mode: set`, then `path:line.column,line.column statements runs` for each block.

use super::hits::Hits;
use super::{Format, Report, text_lines};

pub(super) fn parse(bytes: &[u8]) -> Option<Report> {
    // Test binaries of several packages write the same block again.
    let mut hits: Hits<&str> = Hits::new();
    for (path, block, statements, ran) in text_lines(bytes).filter_map(block) {
        Hits::hit(hits.file(path), block, statements, ran);
    }
    Some(Report { format: Format::Go, made_at: None, code: hits.covered(), runs: Vec::new(), cut: false })
}

fn block(line: &str) -> Option<(&str, &str, u32, bool)> {
    let (place, counts) = line.split_once(' ')?;
    let (path, block) = place.rsplit_once(':')?;
    let (statements, runs) = counts.split_once(' ')?;
    (block.contains(',')).then_some((path, block, statements.parse().ok()?, runs.parse::<u64>().ok()? > 0))
}
