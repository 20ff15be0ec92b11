//! The roadmap: each sentence of what was asked for, where it lives, and what shows it.
//!
//! A page of `docs/roadmap/` is made of tables with the columns `state | sentence | module | shown by`. A row whose
//! state is `shown` is a claim, and this module holds it to what is in the repository; a row that is `open` is a debt.
//!
//! References stand in backticks. In `module`: paths of the repository. In `shown by`:
//! `crate::module::test_name` (the crate without `codexa-`; the parts between are files, folders or `mod`s),
//! `test name`, `make target`, `codexa command …`, or a path.

use crate::sources::{Test, tests};
use crate::workspace::{Member, Workspace};
use crate::{commands, workspace::Source};
use std::fs;

/// Where the pages are.
const PAGES: &str = "docs/roadmap";

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The page.
    pub page: String,
    /// Its line, from 1.
    pub line: usize,
    /// `shown` or `open`.
    pub state: String,
    /// What was asked for.
    pub sentence: String,
    /// Where it lives.
    pub module: String,
    /// What shows it.
    pub shown_by: String,
}

/// Every row of every page, in the order of the pages' names.
#[must_use]
pub fn rows(workspace: &Workspace) -> Vec<Row> {
    let mut names: Vec<String> = fs::read_dir(workspace.root.join(PAGES))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.sort();
    let mut rows = Vec::new();
    for name in names {
        let page = format!("{PAGES}/{name}");
        let text = workspace.text(&page).unwrap_or_default();
        for (at, line) in text.lines().enumerate() {
            let cells = cells(line);
            let [state, sentence, module, shown_by] = cells.as_slice() else { continue };
            if state == "state" || state.chars().all(|c| c == '-' || c == ':') {
                continue;
            }
            rows.push(Row {
                page: page.clone(),
                line: at + 1,
                state: state.clone(),
                sentence: sentence.clone(),
                module: module.clone(),
                shown_by: shown_by.clone(),
            });
        }
    }
    rows
}

/// Claims that the repository does not bear out.
#[must_use]
pub fn claims_hold(workspace: &Workspace) -> Vec<String> {
    let mut broken = Vec::new();
    for row in rows(workspace) {
        let place = format!("{}:{}", row.page, row.line);
        match row.state.as_str() {
            "open" => {}
            "shown" => {
                if references(&row.shown_by).next().is_none() {
                    broken.push(format!("{place}: nothing shows \"{}\"", row.sentence));
                }
                for path in references(&row.module).filter(|path| !workspace.exists(path)) {
                    broken.push(format!("{place}: there is no {path}"));
                }
                for reference in references(&row.shown_by) {
                    if let Err(why) = check(workspace, reference) {
                        broken.push(format!("{place}: `{reference}`: {why}"));
                    }
                }
            }
            other => broken.push(format!("{place}: the state is `{other}`, neither `shown` nor `open`")),
        }
    }
    broken
}

/// What is wrong with a reference, if anything is.
fn check(workspace: &Workspace, reference: &str) -> Result<(), String> {
    if let Some(target) = reference.strip_prefix("make ") {
        let makefile = workspace.text("Makefile").unwrap_or_default();
        let target = target.split_whitespace().next().unwrap_or(target);
        let known = makefile.lines().any(|line| line.strip_prefix(target).is_some_and(|rest| rest.starts_with(':')));
        return known.then_some(()).ok_or_else(|| "the Makefile has no such target".to_owned());
    }
    if let Some(command) = reference.strip_prefix("codexa ") {
        let command = command.split_whitespace().next().unwrap_or(command);
        let known = commands::commands(workspace).iter().any(|known| known == command);
        return known.then_some(()).ok_or_else(|| "there is no such command".to_owned());
    }
    if let Some(name) = reference.strip_prefix("test ") {
        return found(workspace.sources().flat_map(tests).filter(|test| test.name == name).collect());
    }
    if reference.contains("::") {
        return check_test_path(workspace, reference);
    }
    workspace.exists(reference).then_some(()).ok_or_else(|| "there is no such file".to_owned())
}

fn check_test_path(workspace: &Workspace, reference: &str) -> Result<(), String> {
    let parts: Vec<&str> = reference.split("::").collect();
    let [package, modules @ .., name] = parts.as_slice() else { return Err("not a path".to_owned()) };
    let member = workspace.members.iter().find(|member| goes_by(member, package)).ok_or("there is no such crate")?;
    let inside = |source: &&Source| modules.iter().all(|module| holds(source, module));
    found(member.sources.iter().filter(inside).flat_map(tests).filter(|test| test.name == *name).collect())
}

fn goes_by(member: &Member, name: &str) -> bool {
    let name = name.replace('_', "-");
    member.name == name || member.name.strip_prefix("codexa-") == Some(name.as_str())
}

/// Whether a module's name is part of the file's path or is opened inside the file.
fn holds(source: &Source, module: &str) -> bool {
    source.path.trim_end_matches(".rs").split('/').any(|part| part == module)
        || source.text.lines().any(|line| line.trim() == format!("mod {module} {{"))
}

fn found(tests: Vec<Test<'_>>) -> Result<(), String> {
    if tests.is_empty() {
        return Err("there is no such test".to_owned());
    }
    match tests.iter().find(|test| test.ignored) {
        Some(test) => Err(format!("the test is ignored ({}:{})", test.path, test.line)),
        None => Ok(()),
    }
}

/// The cells of a table row, trimmed; a `|` inside backticks or behind a backslash does not part cells.
fn cells(line: &str) -> Vec<String> {
    let Some(line) = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|')) else { return Vec::new() };
    let (mut cells, mut cell, mut code, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in line.chars() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '|' if !code && !escaped => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            _ => {
                code ^= c == '`';
                cell.push(c);
            }
        }
        escaped = false;
    }
    cells.push(cell.trim().to_owned());
    cells
}

/// What stands in backticks.
fn references(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}
