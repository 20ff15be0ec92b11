//! Cobertura's XML: `class` elements with a `filename`, and a `line` with `number` and `hits` for each of their lines.

use super::hits::Hits;
use super::{Format, MAX_DEPTH, Report, attribute};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub(super) fn parse(bytes: &[u8]) -> Option<Report> {
    let mut reader = Reader::from_reader(bytes);
    let mut hits: Hits<u32> = Hits::new();
    let (mut made_at, mut file, mut depth) = (None, None::<String>, 0_usize);
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let is_root = depth == 0;
                match element.local_name().as_ref() {
                    b"coverage" if is_root => {
                        made_at = attribute(element, "timestamp").and_then(|stamp| moment(&stamp))
                    }
                    _ if is_root => return None,
                    b"class" => file = attribute(element, "filename"),
                    b"line" => {
                        if let Some((path, (line, ran))) = file.as_deref().zip(line_of(element)) {
                            Hits::hit(hits.file(path), line, 1, ran);
                        }
                    }
                    _ => {}
                }
                depth += usize::from(matches!(event, Event::Start(_)));
                if depth > MAX_DEPTH {
                    return None;
                }
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                if element.local_name().as_ref() == b"class" {
                    file = None;
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
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
