//! The head of the page: which project this is, at which commit, and its numbers.

use super::html::{sentence, text};
use crate::model::Model;
use crate::query::status;
use crate::query::text::{number, percent, plural};
use std::fmt::Write as _;

/// Languages that are named; the others stand together.
const LANGUAGES: usize = 5;

pub(super) fn head(model: &Model) -> String {
    let status = status(model);
    let commit = status.basis_commit.as_deref().map(|commit| commit.get(..8).unwrap_or(commit));
    let day = model.run.generated_at.as_deref().and_then(|time| time.get(..10));
    let mut basis: Vec<String> = Vec::new();
    basis.extend(commit.map(|commit| format!("commit <code>{}</code>", text(commit))));
    basis.extend(day.map(text));
    basis.push(format!("{} mode", text(&status.mode)));
    basis.push(format!("Codexa {}", text(&model.run.codexa)));
    let mut out = format!("<h1>{}</h1>\n<p class=\"basis\">{}</p>\n", text(&status.project), basis.join(" · "));
    let mut notes = status.partial_because.clone();
    notes.extend(status.not_read.map(str::to_owned));
    notes.extend(model.run.lacks.iter().cloned());
    if !notes.is_empty() {
        let word = if status.partial { "Partial." } else { "Note." };
        let said: Vec<String> = notes.iter().map(|note| sentence(note)).collect();
        let _ = writeln!(out, "<p class=\"note\"><b>{word}</b> {}</p>", said.join(" "));
    }
    out.push_str("<dl class=\"numbers\">\n");
    for (word, value, beside) in numbers(model, &status) {
        let _ = writeln!(out, "<div><dt>{word}</dt><dd><b>{value}</b><span>{}</span></dd></div>", text(&beside));
    }
    out.push_str("</dl>\n");
    out.push_str(&languages(model));
    out
}

/// A word, a number and what stands beside it.
fn numbers(model: &Model, status: &crate::query::Status) -> Vec<(&'static str, String, String)> {
    let code: u64 = model.coverage.languages.values().map(|language| language.code).sum();
    let ships = model.components.all.iter().filter(|component| component.kind.ships()).count() as u64;
    let apart = (model.components.all.len() as u64).saturating_sub(ships);
    let beside = match apart {
        0 => "all of them ship".to_owned(),
        apart => format!("{} beside them: tests, documents …", number(apart)),
    };
    let [parsed, to_parse] = status.files_parsed.map(u64::from);
    let mut numbers = vec![
        ("files", number(status.files), format!("{} parsed of {}", number(parsed), number(to_parse))),
        ("lines of code", number(code), plural(model.coverage.languages.len() as u64, "language")),
        ("components", number(ships), beside),
    ];
    if status.not_read.is_none() {
        numbers.push((
            "circles",
            number(status.component_cycles.len() as u64),
            format!("of components; {} of files", number(status.file_cycles.into())),
        ));
        numbers.push((
            "entry points",
            number(status.entry_points.into()),
            plural(status.contacts.into(), "outside contact"),
        ));
        numbers.push(("intents", number(model.intents.all.len() as u64), "what the code is for".to_owned()));
    }
    if let Some(history) = &model.history {
        let named: Vec<&str> = history.truck.iter().take(2).map(|person| history.name(*person)).collect();
        let more = if history.truck.len() > named.len() { " …" } else { "" };
        numbers.push(("truck factor", number(history.truck.len() as u64), format!("{}{more}", named.join(", "))));
    }
    numbers
}

fn languages(model: &Model) -> String {
    let mut all: Vec<(&str, u64)> =
        model.coverage.languages.iter().map(|(name, language)| (&**name, language.code)).collect();
    all.retain(|(_, code)| *code > 0);
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let total: u64 = all.iter().map(|(_, code)| code).sum();
    if total == 0 {
        return String::new();
    }
    let (named, others) = all.split_at(all.len().min(LANGUAGES));
    let mut rows: Vec<(String, u64)> = named.iter().map(|(name, code)| ((*name).to_owned(), *code)).collect();
    if !others.is_empty() {
        let code = others.iter().map(|(_, code)| code).sum();
        rows.push((plural(others.len() as u64, "other"), code));
    }
    let mut bar = String::new();
    let mut legend = String::new();
    for (at, (name, code)) in rows.iter().enumerate() {
        let share = *code as f64 * 100.0 / total as f64;
        let _ = write!(bar, "<span class=\"l{at}\" style=\"flex-grow:{share:.2}\"></span>");
        let _ = write!(legend, "<li><i class=\"l{at}\"></i>{} <b>{}</b></li>", text(name), percent(*code, total));
    }
    format!(
        "<div class=\"languages\"><div class=\"bar\" aria-hidden=\"true\">{bar}</div>\n<ul aria-label=\"Languages by lines of \
         code\">{legend}</ul></div>\n"
    )
}
