//! JaCoCo's XML: `package` elements with a `sourcefile` for each file, whose `counter` of type `LINE` has the numbers.

use super::xml::{Step, attribute, walk};
use super::{Covered, Format, Report};
use quick_xml::events::BytesStart;
use std::collections::BTreeMap;

pub(super) fn parse(bytes: &[u8]) -> Option<Report> {
    let mut code: BTreeMap<Box<str>, Covered> = BTreeMap::new();
    let mut made_at: Option<i64> = None;
    let (mut package, mut file) = (String::new(), None::<String>);
    walk(bytes, b"report", |step| match step {
        Step::Begins(element) => match element.local_name().as_ref() {
            b"sessioninfo" => made_at = made_at.max(dump(element)),
            b"package" => package = attribute(element, "name").unwrap_or_default(),
            b"sourcefile" => file = attribute(element, "name").map(|name| format!("{package}/{name}")),
            b"counter" => {
                if let Some((path, lines)) = file.as_deref().zip(lines(element)) {
                    code.insert(path.into(), lines);
                }
            }
            _ => {}
        },
        Step::Ends(b"sourcefile") => file = None,
        Step::Ends(_) => {}
    })?;
    Some(Report { format: Format::Jacoco, made_at, code: code.into_iter().collect(), runs: Vec::new(), cut: false })
}

fn lines(element: &BytesStart<'_>) -> Option<Covered> {
    let number = |name| attribute(element, name)?.parse::<u32>().ok();
    let covered = attribute(element, "type").filter(|kind| kind == "LINE").and_then(|_| number("covered"))?;
    Some(Covered { covered, lines: covered.saturating_add(number("missed")?) })
}

/// When a run ended, in seconds.
fn dump(element: &BytesStart<'_>) -> Option<i64> {
    attribute(element, "dump")?.parse::<i64>().ok().map(|milliseconds| milliseconds / 1000)
}
