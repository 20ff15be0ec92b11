//! A diagnostic as compilers show them: code, message, place, source line, mark, next step.

use super::escape;
use super::page::ACCENT;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use codexa_model::{Diagnostic, Location, Severity};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Characters of a source line that are shown at most, around the mark.
const MAX_LINE: usize = 400;

pub(super) fn render(diagnostic: &Diagnostic, sources: &BTreeMap<PathBuf, String>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = escape(&diagnostic.message).into_owned();
    let title = level.primary_title(message).id(escape(&diagnostic.code).into_owned());
    let mut group = Group::with_title(title);
    let mut counted_place = None;
    if let Some(location) = &diagnostic.location {
        let path = escape(&location.file.display().to_string()).into_owned();
        let (line, column) = (location.line as usize, location.column as usize);
        group = match sources.get(&location.file).and_then(|text| excerpt(text, location)) {
            Some(excerpt) => {
                let label = location.label.as_deref().map(|label| escape(label).into_owned());
                let mark = AnnotationKind::Primary.span(excerpt.mark.clone()).label(label);
                // The excerpt has no tabs, no controls and perhaps not the line's beginning: a column counted in it is
                // another one than the place's.
                let counted = excerpt.line.get(..excerpt.mark.start).map_or(0, |before| before.chars().count()) + 1;
                counted_place = Some((format!("{path}:{line}:{counted}"), format!("{path}:{line}:{column}")));
                group.element(Snippet::source(excerpt.line).line_start(line).path(path).annotation(mark))
            }
            None => group.element(Origin::path(path).line(line).char_column(column)),
        };
    }
    let mut text = Renderer::styled().term_width(100).render(&[group]);
    if let Some((counted, place)) = counted_place {
        text = text.replacen(&counted, &place, 1);
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\n{ACCENT}help{ACCENT:#}: {}", escape(help)));
    }
    text
}

struct Excerpt {
    line: String,
    mark: std::ops::Range<usize>,
}

/// The line that is meant, cut where it is very long, and the bytes of it that are marked.
fn excerpt(text: &str, location: &Location) -> Option<Excerpt> {
    let line = text.lines().nth(usize::try_from(location.line).ok()?.checked_sub(1)?)?;
    let start = usize::try_from(location.column).ok()?.saturating_sub(1);
    let skipped = start.saturating_sub(MAX_LINE / 2);
    let shown: Vec<char> = line.chars().skip(skipped).take(MAX_LINE).collect();
    let safe = |range: std::ops::Range<usize>| -> String {
        let part: String = shown.get(range).unwrap_or_default().iter().collect();
        escape(&part.replace('\t', "    ")).into_owned()
    };
    let from = (start - skipped).min(shown.len());
    let to = from.saturating_add(location.length as usize).min(shown.len());
    let (before, marked, after) = (safe(0..from), safe(from..to), safe(to..shown.len()));
    let mark = before.len()..before.len() + marked.len();
    Some(Excerpt { line: before + &marked + &after, mark })
}
