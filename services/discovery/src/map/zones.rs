//! The zones, each with the reasons for its place and its readiness.

use super::drawing::Zoned;
use super::html::{last, path, sentence, text};
use crate::model::Model;
use crate::query::text::{number, plural};
use crate::query::{ZoneRow, careful, grade_name, why, zones};
use crate::zones::Grade;
use crate::zones::readiness::Part;
use std::fmt::Write as _;

/// Files of a zone that are named.
const NAMED: usize = 4;

/// The zone of each file, with what a cell says of it.
pub(super) fn zoned(model: &Model) -> Zoned {
    let shown = model.zones.iter().flat_map(|zones| &zones.shown);
    let numbered = (1..).zip(shown);
    let with_words = numbered.flat_map(|(place, zone)| {
        let said = format!("in the zone {}: {}", zone.key, zone.readiness.label);
        zone.files.iter().map(move |file| (*file, (place, said.clone())))
    });
    with_words.collect()
}

/// The section's content.
pub(super) fn section(model: &Model) -> String {
    let answer = zones(model);
    if let Some(cause) = &answer.unknown_because {
        return format!("<p>No zones are known: {}.</p>\n", text(cause));
    }
    if answer.zones.is_empty() {
        return "<p>No zones: no tracked file holds source code.</p>\n".to_owned();
    }
    let order = if answer.withheld { "in order of their paths" } else { "best first" };
    let mut out = format!(
        "<p class=\"intro\">Parts of the system where a change is most likely to be needed, and how safe it is there: {} of \
         {}, {order}. A zone is ready when its lowest grade is fair; nothing is averaged.</p>\n",
        answer.zones.len(),
        answer.all
    );
    if let Some(test) = &answer.backtest {
        let _ = writeln!(out, "<p class=\"basis\">{}</p>", sentence(&format!("the order, {}", test.says)));
    }
    out.push_str("<ol class=\"zones\">\n");
    for (place, zone) in (1..).zip(&answer.zones) {
        out.push_str(&card(place, zone));
    }
    out.push_str("</ol>\n");
    out
}

fn card(place: usize, zone: &ZoneRow<'_>) -> String {
    let (mark, kind) = match zone.grade {
        Grade::Good | Grade::Fair => ("✓", "ready"),
        Grade::Low => ("!", "low"),
        Grade::None => ("✕", "none"),
    };
    let rank = zone.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let id = if zone.id.is_empty() { String::new() } else { format!("<span class=\"id\">{}</span>", text(zone.id)) };
    let mut out = format!(
        "<li class=\"zone\" id=\"zone-at-{place}\">\n<div class=\"head\"><span class=\"rank\">{rank}</span><h3>{}</h3>{id}\
         <span class=\"badge {kind}\"><span class=\"mark\" aria-hidden=\"true\">{mark}</span>{}</span></div>\n",
        path(zone.place),
        text(zone.readiness),
    );
    let _ = writeln!(out, "<p>{}</p>\n<p class=\"careful\">{}</p>", sentence(&why(zone)), sentence(&careful(zone)));
    out.push_str("<ul class=\"grades\">\n");
    zone.parts.iter().for_each(|part| out.push_str(&grade(part)));
    out.push_str("</ul>\n<dl>\n");
    let mut say = |word: &str, html: String| {
        let _ = writeln!(out, "<div><dt>{word}</dt><dd>{html}</dd></div>");
    };
    let lacks: Vec<&str> = zone.parts.iter().filter(|part| part.holds_back()).map(|part| &*part.says).collect();
    if !lacks.is_empty() {
        say("lacks", sentence(&lacks.join("; ")));
    }
    if let Some(next) = zone.next {
        say("next step", sentence(&next.what));
    }
    if !zone.owners.is_empty() {
        say("ask", zone.owners.iter().map(|name| text(name)).collect::<Vec<_>>().join(", "));
    }
    say("files", files(zone));
    out.push_str("</dl>\n");
    let _ = writeln!(
        out,
        "<button type=\"button\" class=\"only-live pick\" data-pick=\"{place}\" aria-pressed=\"false\">Show on the map</button>\n</li>"
    );
    out
}

fn grade(part: &Part) -> String {
    let (word, bars) = match part.grade {
        None => ("unknown", 0),
        Some(grade) => (grade_name(grade), grade as u8),
    };
    format!(
        "<li class=\"g{bars}\" title=\"{}\"><span class=\"bars\" aria-hidden=\"true\"><i></i><i></i><i></i></span>{} <b>{word}</b></li>\n",
        text(&part.says),
        part.dimension.name().replace('_', " "),
    )
}

fn files(zone: &ZoneRow<'_>) -> String {
    let named: Vec<String> =
        zone.files.iter().take(NAMED).map(|path| format!("<code>{}</code>", text(last(path)))).collect();
    let more = zone.files.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {} more", number(more as u64)) } else { String::new() };
    format!("{}{more}; {}", named.join(", "), plural(zone.lines, "line"))
}
