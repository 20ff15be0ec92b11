//! The dependency matrix: which component uses which, ordered by layer.

use super::html::{fitting_end, text};
use super::parts::{Part, name};
use crate::model::Model;
use crate::query::text::{number, plural};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// Most components that have a row; the others are counted.
const ROWS: usize = 40;

/// The width of the names, and the size of their words, in pixels.
const NAMES: f64 = 230.0;
const WORDS: f64 = 13.0;

/// The section's content. `parts` are the components, most lines first.
pub(super) fn matrix(model: &Model, parts: &[Part<'_>]) -> String {
    let circles = circles(model);
    let rows = rows(model, parts, &circles);
    if rows.len() < 2 {
        return "<p>There are fewer than two components that ship, so there is nothing to lay on each other.</p>\n"
            .to_owned();
    }
    let mut out = intro(model, parts.len(), rows.len());
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Dependency matrix\">\n<table class=\"matrix\">\n");
    out.push_str(
        "<thead><tr><th scope=\"col\" class=\"name\">component</th><th scope=\"col\" class=\"layer\">layer</th>",
    );
    for (at, part) in (1..).zip(&rows) {
        let _ = write!(out, "<th scope=\"col\" title=\"{}\">{at}</th>", text(name(model, part.component)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let mut before = None;
    for (at, row) in rows.iter().enumerate() {
        let layer = layer(model, row);
        let begins = before.is_some_and(|before| before != layer);
        before = Some(layer);
        let name = name(model, row.component);
        let _ = write!(
            out,
            "<tr{}><th scope=\"row\" class=\"name\" title=\"{}\"><span class=\"nr\">{}</span>{}</th><td class=\"layer\">{}</td>",
            if begins { " class=\"begins\"" } else { "" },
            text(name),
            at + 1,
            text(&fitting_end(name, WORDS, NAMES).unwrap_or_default()),
            layer.map_or_else(|| "?".to_owned(), |layer| layer.to_string()),
        );
        let uses: FxHashMap<u32, u32> =
            model.relations.of(row.id as usize).iter().map(|to| (to.to, to.shaping())).collect();
        for (column, used) in rows.iter().enumerate() {
            let pairs = uses.get(&used.id).copied().unwrap_or(0);
            let is_in_circle = circles.get(&row.id).is_some_and(|circle| circles.get(&used.id) == Some(circle));
            out.push_str(&cell(model, (at, row), (column, used), pairs, is_in_circle));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    out
}

/// The largest components, lowest layer first, those of a circle beside each other; those whose dependencies are not known
/// come last.
fn rows<'a, 'm>(model: &Model, parts: &'a [Part<'m>], circles: &FxHashMap<u32, usize>) -> Vec<&'a Part<'m>> {
    let mut rows: Vec<&Part<'_>> = parts.iter().take(ROWS).collect();
    rows.sort_by_key(|part| {
        let layer = layer(model, part);
        let circle = circles.get(&part.id);
        (layer.is_none(), layer, circle.is_some(), circle, part.id)
    });
    rows
}

fn layer(model: &Model, part: &Part<'_>) -> Option<u32> {
    let id = part.id as usize;
    model.unknown_dependencies(id).is_none().then(|| model.relations.strata.layer(id))
}

/// The circle of each component that is in one.
fn circles(model: &Model) -> FxHashMap<u32, usize> {
    let circles = model.relations.circles.iter().enumerate();
    circles.flat_map(|(at, circle)| circle.members.iter().map(move |member| (*member, at))).collect()
}

fn intro(model: &Model, all: usize, shown: usize) -> String {
    let circles = match model.relations.circles.len() {
        0 => "No components lie in a circle.".to_owned(),
        1 => "One circle of components: its cells have a marked corner.".to_owned(),
        n => format!("{n} circles of components: their cells have a marked corner."),
    };
    let rest = match all.saturating_sub(shown) as u64 {
        0 => String::new(),
        1 => " The smallest component is left out.".to_owned(),
        rest => format!(" The {} smallest components are left out.", number(rest)),
    };
    format!(
        "<p class=\"intro\">Each row uses the columns; a number counts the pairs of files behind it, tests and imports for \
         types only left out. The lowest layer comes first, so in a clean architecture everything lies below the diagonal. \
         {circles}{rest}</p>\n"
    )
}

fn cell(model: &Model, row: (usize, &Part<'_>), column: (usize, &Part<'_>), pairs: u32, is_in_circle: bool) -> String {
    if row.0 == column.0 {
        return "<td class=\"same\"></td>".to_owned();
    }
    if pairs == 0 {
        return "<td></td>".to_owned();
    }
    let strength = match pairs {
        ..=2 => "u1",
        3..=9 => "u2",
        10..=49 => "u3",
        _ => "u4",
    };
    let (mark, said) = match (is_in_circle, column.0 > row.0) {
        (true, true) => (" circle against", ", in a circle and against the layers"),
        (true, false) => (" circle", ", in a circle"),
        (false, true) => (" against", ", against the layers"),
        (false, false) => ("", ""),
    };
    let title = format!(
        "{} uses {}: {}{said}",
        name(model, row.1.component),
        name(model, column.1.component),
        plural(pairs.into(), "pair of files").replace("pair of filess", "pairs of files"),
    );
    format!("<td class=\"{strength}{mark}\" title=\"{}\">{}</td>", text(&title), number(pairs.into()))
}
