//! `codexa say --dry-run`: what words are read as, offline.

use crate::failure::Exit;
use crate::output::{Page, Report, Ui, wrapped};
use codexa_api::Said;
use codexa_directive::{Class, Context, Directive, Outcome, interpret};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

#[derive(Serialize)]
#[serde(transparent)]
struct Answer(Said);

/// Columns of a question or reason.
const WIDTH: usize = 78;

impl Report for Answer {
    const NAME: &'static str = "say";

    fn page(&self, page: &mut Page) {
        if let Some((directive, canonical)) = self.0.directive.as_ref().zip(self.0.canonical.as_ref()) {
            page.heading(canonical, "", "dry run");
            page.blank();
            return page.rows(&rows(directive));
        }
        unsaid(page, &self.0, "dry run");
    }
}

/// What is answered to words that are no directive.
pub(super) fn unsaid(page: &mut Page, said: &Said, right: &str) {
    let Said { outcome, question, options, reason, .. } = said;
    let word = match outcome {
        Outcome::Directive => return,
        Outcome::Clarify => "clarify",
        Outcome::Refused => "refused",
        Outcome::None => "no order",
    };
    page.heading(word, "", right);
    page.blank();
    let said = question.iter().chain(reason).flat_map(|text| wrapped(text, WIDTH));
    said.for_each(|line| page.line(&format!("  {line}")));
    if !options.is_empty() {
        page.blank();
        page.rows(&options.iter().map(|option| [option.clone()]).collect::<Vec<_>>());
    }
}

/// The parts of a directive, each with its name.
fn rows(directive: &Directive) -> Vec<[String; 2]> {
    let Directive { verb, gate, target, args } = directive;
    let class = match verb.class() {
        Class::Deciding => "decides: it will ask to be confirmed",
        Class::Working => "works",
        Class::Query => "asks",
    };
    let mut rows = vec![["verb".to_owned(), format!("{}, {class}", verb.word())]];
    let mut add = |name: &str, value: Option<String>| rows.extend(value.map(|value| [name.to_owned(), value]));
    add("gate", gate.map(|gate| gate.word().to_owned()));
    add("target", target.as_ref().map(|target| format!("{} {}", target.kind.noun(), target.id)));
    add("title", args.title.clone());
    add("text", args.text.clone());
    add("question", args.question.clone());
    add("to", args.to.as_ref().map(ToString::to_string));
    add("mode", args.mode.map(|mode| mode.word().to_owned()));
    add("severity", args.severity.map(|severity| severity.word().to_owned()));
    add("view", args.view.map(|view| view.word().to_owned()));
    add("until", args.until.map(|day| format!("the end of {day}, UTC")));
    add("because", args.reason.clone());
    rows
}

/// A time, or the beginning of a day in UTC.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    let day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp());
    text.parse().ok().or_else(day).ok_or_else(|| "neither a date nor an RFC 3339 time".to_owned())
}

pub(super) fn run(words: &[String], at: Option<Timestamp>, ui: &Ui) -> crate::Outcome {
    let context = Context::at(at.unwrap_or_else(Timestamp::now));
    ui.answer(&Answer(interpret(&words.join(" "), &context).into()))?;
    Ok(Exit::Well)
}
