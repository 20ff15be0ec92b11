//! `change_zones.md`: where to begin, and how safe it is there.

use super::markdown::{HEADER, code, file, link, text};
use crate::model::Model;
use crate::query::text::number;
use crate::query::{ORDERED_BY, ZoneRow, careful, grade_name, tested_together, why, zones};
use crate::zones::readiness::{Dimension, Grade, Part};
use codexa_history::churn::REPAIR_FILES;
use std::fmt::Write as _;

/// Files of a zone that are named.
const NAMED: usize = 4;
/// Repairs of a zone that are named.
const FIXES: usize = 3;
/// What the figures of a test mean.
const FIGURES: &str = "In the figures a fix counts once for each file that it changed. A fifth of the lines in no order would hold 20 % of \
     them; Popt is 1 for the best order over all lines and 0 for the worst, AUC the chance that what was repaired stands before \
     what was not.";

/// The page.
pub(super) fn page(model: &Model) -> String {
    let answer = zones(model);
    let mut out = HEADER.to_owned();
    let _ = writeln!(out, "# Change zones of {}\n", text(&model.run.project));
    if let Some(cause) = &answer.unknown_because {
        let _ = writeln!(out, "No zones are known: {}.", text(cause));
        return out;
    }
    if answer.zones.is_empty() {
        out.push_str("No zones: no tracked file holds source code.\n");
        return out;
    }
    let order = if answer.withheld { "in order of their paths".to_owned() } else { "best first".to_owned() };
    let _ = writeln!(
        out,
        "Parts of the system where a change is most likely to be needed, and how safe it is there: {} of {}, {order}. \
         A zone is ready when its lowest grade is fair; nothing is averaged.",
        answer.zones.len(),
        answer.all
    );
    if let Some(test) = &answer.backtest {
        let _ = writeln!(out, "\nThe order, {}.", text(&test.says));
    }
    if let Some(history) = &model.history {
        let _ = writeln!(out, "\nWhat changes together, {}.", text(&tested_together(history).says));
    }
    for partial in model.partial_because() {
        let _ = writeln!(out, "\nPartial: {}.", text(&partial));
    }
    for zone in &answer.zones {
        out.push('\n');
        out.push_str(&section(model, zone));
    }
    let _ = writeln!(
        out,
        "\n## How to read this\n\
         A fix is a commit whose subject says that something was wrong and that changes at most {REPAIR_FILES} source files. \
         The order: {ORDERED_BY}. {FIGURES}"
    );
    out
}

fn section(model: &Model, zone: &ZoneRow<'_>) -> String {
    let rank = zone.rank.map_or_else(String::new, |rank| format!("{rank}. "));
    let intent = zone.intent.map_or_else(String::new, |intent| format!(": {}", text(intent)));
    let mut out = format!("## {rank}{}: {}{intent} · {}\n", text(zone.id), code(zone.place), text(zone.readiness));
    let _ = writeln!(out, "Why here: {}.  ", text(&why(zone)));
    out.push_str(&fixes(model, zone));
    let _ = writeln!(out, "Careful: {}.  ", careful_with_links(zone));
    let (label, parts) = if zone.grade >= Grade::Fair {
        ("Ready because", zone.parts.iter().filter(|part| part.grade.is_some()).collect::<Vec<_>>())
    } else {
        ("Not ready", zone.parts.iter().filter(|part| part.holds_back()).collect())
    };
    let said: Vec<String> =
        parts.into_iter().filter(|part| !is_in_careful(part)).map(|part| said(part, zone)).collect();
    let _ = writeln!(out, "{label}: {}.  ", said.join("; "));
    let improvement = zone.next.map(|step| format!("Cheapest improvement: {}. ", steps(&step.what)));
    let _ = writeln!(out, "{}Start: `codexa explain {}`  ", improvement.unwrap_or_default(), zone.id);
    let names: Vec<String> = zone.files.iter().take(NAMED).map(|path| file(path)).collect();
    let rest = zone.files.len().saturating_sub(NAMED);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let _ = writeln!(out, "Files: {}{more}; {} lines", names.join(", "), number(zone.lines));
    out
}

/// The newest repairs, so that the reader can look at them; nothing where there are none.
fn fixes(model: &Model, zone: &ZoneRow<'_>) -> String {
    let found = crate::query::zone(model, zone.id).map(|answer| answer.fixed).unwrap_or_default();
    if found.is_empty() {
        return String::new();
    }
    let newest = found.iter().take(FIXES).map(|fix| format!("{} {}", code(fix.commit), text(fix.subject)));
    let rest = found.len().saturating_sub(FIXES);
    let more = if rest > 0 { format!("; {rest} more") } else { String::new() };
    format!("Fixed: {}{more}  \n", newest.collect::<Vec<_>>().join("; "))
}

/// How many depend on a place stands in the line before.
fn is_in_careful(part: &Part) -> bool {
    part.dimension == Dimension::BlastRadius
}

fn said(part: &Part, zone: &ZoneRow<'_>) -> String {
    let grade = match part.grade {
        Some(grade) if zone.grade < Grade::Fair => format!(" ({})", grade_name(grade)),
        _ => String::new(),
    };
    format!("{}{grade}", text(&part.says))
}

/// The words of a step, whose parts between ticks are code.
fn steps(what: &str) -> String {
    let parts = what.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { text(part) }).collect()
}

fn careful_with_links(zone: &ZoneRow<'_>) -> String {
    let Some(first) = zone.changes_with.first() else { return text(&careful(zone)) };
    // The same sentence, with the file as a link.
    let plain = careful(zone);
    let shown = crate::query::text::clean(first.path);
    match plain.split_once(&shown) {
        Some((before, after)) => format!("{}{}{}", text(before), link(&shown, first.path), text(after)),
        None => text(&plain),
    }
}
