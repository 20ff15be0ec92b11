//! `lcov.info`: `SF:path`, then `DA:line,hits` for each line, then `end_of_record`.

use super::hits::Hits;
use super::{Format, Report, text_lines};

pub(super) fn parse(bytes: &[u8]) -> Option<Report> {
    let mut hits: Hits<u32> = Hits::new();
    let mut file = None;
    for line in text_lines(bytes) {
        if let Some(path) = line.strip_prefix("SF:") {
            file = Some(hits.file(path));
        } else if line == "end_of_record" {
            file = None;
        } else if let Some((places, (line, ran))) = file.as_mut().zip(line.strip_prefix("DA:").and_then(line_of)) {
            Hits::hit(places, line, 1, ran);
        }
    }
    Some(Report { format: Format::Lcov, made_at: None, code: hits.covered(), runs: Vec::new(), cut: false })
}

/// `12,3` or `12,3,checksum`: the line, and whether it ran.
fn line_of(data: &str) -> Option<(u32, bool)> {
    let mut parts = data.split(',');
    let line = parts.next()?.parse().ok()?;
    Some((line, ran(parts.next()?)))
}

/// Whether a number of runs is more than none; counts may be larger than any integer, or negative where they ran over.
fn ran(count: &str) -> bool {
    !count.is_empty() && count.bytes().any(|byte| matches!(byte, b'1'..=b'9')) && !count.starts_with('-')
}
