//! The evidence adds up: every drawn row has its verdict, and the table of precision is what the verdicts come to.

use crate::Workspace;
use std::fs;

/// The tables of a page, in the order of the columns of `README.md`.
const TABLES: [&str; 3] = ["## Edges", "## Entry points", "## Components"];

/// Pages under `docs/evidence/` with a row that is not judged, or that the table in `README.md` does not sum up. A page with
/// none of the tables is no draw: it has what a program measured.
#[must_use]
pub fn adds_up(workspace: &Workspace) -> Vec<String> {
    let folder = workspace.root.join("docs/evidence");
    let summary = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != "README")
        .collect();
    names.sort();
    let mut wrong = Vec::new();
    for name in names {
        let page = fs::read_to_string(folder.join(format!("{name}.md"))).unwrap_or_default();
        if !TABLES.iter().any(|table| page.contains(table)) {
            continue;
        }
        let shares: Vec<String> = TABLES.iter().map(|table| share(&page, table)).collect();
        let line = format!("| {name} | {} |", shares.join(" | "));
        if shares.iter().any(|share| share.contains('?')) {
            wrong.push(format!("docs/evidence/{name}.md has rows without a verdict: {line}"));
        } else if !summary.contains(&line) {
            wrong.push(format!("docs/evidence/README.md does not say: {line}"));
        }
    }
    wrong
}

/// `28/30` for a table with 28 of 30 rows right; with a `?` where a row is not judged, or where there is none.
fn share(page: &str, heading: &str) -> String {
    let after = page.split_once(heading).map_or("", |(_, after)| after);
    let table = after.split("\n## ").next().unwrap_or_default();
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1).filter(|line| !line.starts_with("| ---"));
    let verdicts: Vec<&str> = rows.map(verdict).collect();
    let right = verdicts.iter().filter(|verdict| **verdict == "right").count();
    let is_judged = verdicts.iter().all(|verdict| matches!(*verdict, "right" | "wrong" | "unclear"));
    let mark = if is_judged && !verdicts.is_empty() { "" } else { "?" };
    format!("{right}/{}{mark}", verdicts.len())
}

/// The last cell but one.
fn verdict(row: &str) -> &str {
    row.trim_end_matches([' ', '|']).rsplit(" | ").nth(1).unwrap_or_default()
}
