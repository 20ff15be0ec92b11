//! What is known now, and how that changed from run to run.

use super::html::text;
use crate::engine::Iteration;
use crate::model::Model;
use crate::query::status;
use crate::query::text::{number, percent, plural};
use std::fmt::Write as _;

/// Most runs that are drawn: the newest.
const RUNS: usize = 40;
/// The chart, in its own units.
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;

/// A share that is drawn.
struct Line {
    class: &'static str,
    name: &'static str,
    /// A part and its whole.
    of: fn(&Iteration) -> (u64, u64),
}

const LINES: [Line; 2] = [
    Line { class: "parsed", name: "files parsed", of: |run| (run.parsed.into(), run.files.into()) },
    Line { class: "resolved", name: "imports resolved", of: |run| (run.resolved, run.resolved + run.declined) },
];

/// The section's content. `runs` are those of the log, oldest first.
pub(super) fn section(model: &Model, runs: &[Iteration]) -> String {
    let mut out = now(model);
    out.push_str("<h3>From run to run</h3>\n");
    let shown = runs.get(runs.len().saturating_sub(RUNS)..).unwrap_or_default();
    match shown {
        [] => out.push_str("<p>The log of runs is empty, so there is no trend.</p>\n"),
        [only] => {
            let _ = writeln!(
                out,
                "<p>One run so far (run {}): there is a trend from the second on. The table has its numbers.</p>",
                only.iteration
            );
            out.push_str(&table(shown, true));
        }
        [first, .., last] => {
            out.push_str(&chart(shown, first, last));
            out.push_str(&table(shown, false));
        }
    }
    out
}

/// What the model at hand knows.
fn now(model: &Model) -> String {
    let status = status(model);
    let [parsed, files] = status.files_parsed.map(u64::from);
    let [known, bytes] = status.bytes_parsed;
    let [resolved, imports] = status.imports_resolved;
    let elsewhere: u64 = ["external", "standard_library"]
        .iter()
        .filter_map(|it| status.imports_declined.get(it))
        .map(|n| u64::from(*n))
        .sum();
    let here = imports.saturating_sub(elsewhere);
    let mut rows = Vec::new();
    if status.not_read.is_none() {
        rows.push(("files parsed", parsed, files, format!("{} of {}", number(parsed), plural(files, "file"))));
        rows.push(("bytes understood", known, bytes, "of the files that have a grammar".to_owned()));
        rows.push((
            "imports resolved",
            resolved,
            here,
            format!(
                "{} of {} that may lead to a file here; {} lead elsewhere",
                number(resolved),
                number(here),
                number(elsewhere)
            ),
        ));
    }
    let counted: u64 = status.not_parsed.values().map(|files| u64::from(*files)).sum();
    let mut out = "<ul class=\"shares\">\n".to_owned();
    for (word, part, whole, said) in rows {
        let _ = writeln!(
            out,
            "<li><span class=\"word\">{word}</span><span class=\"gauge\" aria-hidden=\"true\"><span style=\"width:{:.1}%\"></span></span>\
             <b>{}</b><span class=\"said\">{said}</span></li>",
            share((part, whole)) * 100.0,
            percent(part, whole),
        );
    }
    out.push_str("</ul>\n<ul class=\"plain\">\n");
    let history = match &model.history {
        Some(history) => {
            format!("history read: {} of {} weeks", plural(history.commits.into(), "commit"), history.weeks)
        }
        None => format!("history not read: {}", crate::query::no_history(model)),
    };
    let _ = writeln!(out, "<li>{}</li>", text(&history));
    if counted > 0 {
        let names: Vec<String> =
            status.not_parsed.iter().take(6).map(|(name, files)| format!("{name} {files}")).collect();
        let more = if status.not_parsed.len() > names.len() { ", …" } else { "" };
        let _ = writeln!(
            out,
            "<li>{} counted and not parsed: {}{more}</li>",
            plural(counted, "file"),
            text(&names.join(", "))
        );
    }
    out.push_str("</ul>\n");
    out
}

fn share((part, whole): (u64, u64)) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn chart(runs: &[Iteration], first: &Iteration, last: &Iteration) -> String {
    let step = (WIDTH - LEFT - RIGHT) / (runs.len().max(2) - 1) as f64;
    let height = HEIGHT - TOP - BOTTOM;
    let point = |at: usize, share: f64| (LEFT + step * at as f64, TOP + height * (1.0 - share));
    let told: Vec<String> = LINES
        .iter()
        .map(|line| {
            let of = |run| {
                let (part, whole) = (line.of)(run);
                percent_or_none(part, whole)
            };
            format!("{} from {} to {}", line.name, of(first), of(last))
        })
        .collect();
    let told = told.join("; ");
    let mut out = format!(
        "<p class=\"intro\">Runs {} to {}: {told}. Shares of all tracked files, and of all imports: those that lead outside \
         are among the imports.</p>\n<svg class=\"trend\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{told}\">\n",
        first.iteration, last.iteration
    );
    for tenth in [0.0, 0.5, 1.0] {
        let (x, y) = point(0, tenth);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{x}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"/>\
             <text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{:.0} %</text>",
            WIDTH - RIGHT,
            x - 8.0,
            y + 4.0,
            tenth * 100.0
        );
    }
    for (run, at, anchor) in [(first, 0, "start"), (last, runs.len() - 1, "end")] {
        let _ = writeln!(
            out,
            "<text class=\"axis\" x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">run {}</text>",
            point(at, 0.0).0,
            HEIGHT - 8.0,
            run.iteration
        );
    }
    let ends: Vec<f64> = LINES.iter().map(|line| point(0, share((line.of)(last))).1).collect();
    for (line, label) in LINES.iter().zip(apart(&ends)) {
        let points: Vec<(f64, f64)> =
            runs.iter().enumerate().map(|(at, run)| point(at, share((line.of)(run)))).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(out, "<g class=\"{}\"><polyline points=\"{}\"/>", line.class, path.join(" "));
        for (x, y) in points {
            let _ = write!(out, "<use href=\"#mark-{}\" x=\"{x:.1}\" y=\"{y:.1}\"/>", line.class);
        }
        let _ =
            writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text></g>", WIDTH - RIGHT + 12.0, label + 4.0, line.name);
    }
    out.push_str(
        "<defs><circle id=\"mark-parsed\" r=\"3.5\"/><rect id=\"mark-resolved\" x=\"-3.2\" y=\"-3.2\" width=\"6.4\" \
         height=\"6.4\"/></defs>\n</svg>\n",
    );
    out
}

/// Heights of two labels, moved from each other where they would touch.
fn apart(ends: &[f64]) -> Vec<f64> {
    const LEAST: f64 = 16.0;
    let [a, b] = ends else { return ends.to_vec() };
    let (middle, gap) = ((a + b) / 2.0, LEAST / 2.0);
    match (a - b).abs() < LEAST {
        true if a <= b => vec![middle - gap, middle + gap],
        true => vec![middle + gap, middle - gap],
        false => ends.to_vec(),
    }
}

fn percent_or_none(part: u64, whole: u64) -> String {
    if whole == 0 { "none".to_owned() } else { percent(part, whole) }
}

fn table(runs: &[Iteration], is_open: bool) -> String {
    let mut out = format!(
        "<details class=\"runs\"{}><summary>The numbers of {}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Runs\"><table>\n<thead><tr><th scope=\"col\">run</th><th scope=\"col\">mode</th><th scope=\"col\">commit</th>\
         <th scope=\"col\">files</th><th scope=\"col\">parsed</th><th scope=\"col\">components</th><th scope=\"col\">relations</th>\
         <th scope=\"col\">imports resolved</th><th scope=\"col\">partial</th></tr></thead>\n<tbody>\n",
        if is_open { " open" } else { "" },
        plural(runs.len() as u64, "run"),
    );
    for run in runs.iter().rev() {
        let commit = run.basis_commit.as_deref().map_or("none", |commit| commit.get(..8).unwrap_or(commit));
        let imports = run.resolved.saturating_add(run.declined);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{} of {}</td><td>{}</td></tr>",
            run.iteration,
            text(&run.mode),
            text(commit),
            number(run.files.into()),
            number(run.parsed.into()),
            number(run.components.into()),
            number(run.relations.into()),
            number(run.resolved),
            number(imports),
            if run.partial { "yes" } else { "no" },
        );
    }
    out.push_str("</tbody></table></div></details>\n");
    out
}
