//! Cobertura's XML: `class` elements with a `filename`, and a `line` with `number` and `hits` for each of their lines.

use super::hits::Hits;
use super::xml::{Step, attribute, walk};
use super::{Format, Report};
use quick_xml::events::BytesStart;

pub(super) fn parse(bytes: &[u8]) -> Option<Report> {
    let mut hits: Hits<u32> = Hits::new();
    let (mut made_at, mut file) = (None, None::<String>);
    walk(bytes, b"coverage", |step| match step {
        Step::Begins(element) => match element.local_name().as_ref() {
            b"coverage" => made_at = made_at.or_else(|| moment(&attribute(element, "timestamp")?)),
            b"class" => file = attribute(element, "filename"),
            b"line" => {
                if let Some((path, (line, ran))) = file.as_deref().zip(line_of(element)) {
                    Hits::hit(hits.file(path), line, 1, ran);
                }
            }
            _ => {}
        },
        Step::Ends(b"class") => file = None,
        Step::Ends(_) => {}
    })?;
    Some(Report { format: Format::Cobertura, made_at, code: hits.covered(), runs: Vec::new(), cut: false })
}

fn line_of(element: &BytesStart<'_>) -> Option<(u32, bool)> {
    let line = attribute(element, "number")?.parse().ok()?;
    Some((line, attribute(element, "hits")?.parse::<u64>().ok()? > 0))
}

/// Some tools write seconds, some milliseconds.
fn moment(stamp: &str) -> Option<i64> {
    let stamp: i64 = stamp.parse().ok()?;
    Some(if stamp > 100_000_000_000 { stamp / 1000 } else { stamp })
}
