//! A further answer at the end of the list, as text: comments, order and quotes of people stay as they are.

use crate::engine::answers;
use crate::projections::to_yaml;
use codexa_config::document::tree;
use codexa_config::yaml::{Budget, Data, Node};
use codexa_model::annotations::{ANNOTATIONS, Annotations, Answer};
use std::path::Path;

const HEADER: &str = "# What people answered to Codexa's questions (`codexa followups`). `codexa followup` appends; edits are welcome, and the\n\
                      # next `codexa discover` goes by them. Of several answers about one thing the last holds.\n";

/// The text with the answer added, which reads back as what it was and the answer; `None` where it is laid out so that this
/// cannot be done.
pub(super) fn appended(text: &str, known: &Annotations, answer: &Answer) -> Option<String> {
    let text = if text.trim().is_empty() { format!("{HEADER}schema: {ANNOTATIONS}\n") } else { with_end(text) };
    let node = tree(Path::new(""), &text, Budget { bytes: usize::MAX, ..crate::engine::ANNOTATIONS }).ok()?;
    let (text, line, indent) = place(&text, &node)?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (before, after) = lines.split_at_checked(line)?;
    let new = format!("{}{}{}", before.concat(), entry(answer, &indent)?, after.concat());
    let read = answers(&new).ok()?;
    let (last, before) = read.answers.split_last()?;
    (last == answer && before == known.answers).then_some(new)
}

fn with_end(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// The text to add to, the line before which it is added (from 0), and what stands before the dashes of the list.
fn place(text: &str, node: &Node) -> Option<(String, usize, String)> {
    let all = text.split_inclusive('\n').count();
    let entries = node.entries();
    let Some(at) = entries.iter().position(|entry| entry.key == "answers") else {
        return Some((format!("{text}answers:\n"), all + 1, "  ".to_owned()));
    };
    let key = entries.get(at)?;
    let end = match entries.get(at + 1) {
        Some(next) => before_comments(text, line_of(next.key_span.line)?),
        None => all,
    };
    match &key.node.data {
        Data::List(items) if !items.is_empty() => {
            let line = text.lines().nth(line_of(items.last()?.span.line)?)?;
            let indent = line.get(..line.len() - line.trim_start().len())?;
            line.trim_start().starts_with("- ").then(|| (text.to_owned(), end, indent.to_owned()))
        }
        // `answers:` with nothing, and `answers: []`.
        _ => {
            let line = line_of(key.key_span.line)?;
            let lines = text.split_inclusive('\n').enumerate();
            let opened = lines.map(|(n, text)| if n == line { "answers:\n" } else { text }).collect();
            let said = text.lines().nth(line)?.trim_end();
            ["answers:", "answers: []"].contains(&said).then_some((opened, line + 1, "  ".to_owned()))
        }
    }
}

/// A parser's line, which counts from 1, as an index.
fn line_of(line: u32) -> Option<usize> {
    usize::try_from(line).ok()?.checked_sub(1)
}

/// The line at which the comments above a line begin: they belong to what stands below them.
fn before_comments(text: &str, line: usize) -> usize {
    let above: Vec<&str> = text.lines().take(line).collect();
    let is_above = |text: &&&str| text.trim().is_empty() || text.trim_start().starts_with('#');
    line - above.iter().rev().take_while(is_above).count()
}

/// The answer as an entry of the list.
fn entry(answer: &Answer, indent: &str) -> Option<String> {
    let text = to_yaml(answer).ok()?;
    let lines = text.lines().enumerate().map(|(n, line)| match n {
        0 => format!("{indent}- {line}\n"),
        _ => format!("{indent}  {line}\n"),
    });
    Some(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use codexa_model::annotations::{Decision, Statement};

    fn answer(text: &str) -> Answer {
        Answer {
            followup: "issue-7".into(),
            about: "dead_code:src/old.c".into(),
            decision: Decision::Accept,
            by: Some("@sam".into()),
            at: None,
            until: None,
            to: None,
            text: Some(text.into()),
            reason: None,
            states: Some(Statement { dead: Some(false), ..Statement::default() }),
        }
    }

    fn add(text: &str) -> Option<String> {
        appended(text, &answers(text).unwrap_or_default(), &answer("yes: by the loader"))
    }

    const ADDED: &str = "followup: issue-7";

    #[test]
    fn the_first_answer_makes_the_file() {
        insta::assert_snapshot!(add("").unwrap());
    }

    #[test]
    fn what_people_wrote_stays_as_they_wrote_it() {
        let ours = "# ours\nanswers:\n    # the old one\n    - followup: 'issue-1'   # first\n      about: \"cut:too_large\"\n      decision: dismiss\n\n# the end\nschema: codexa/annotations@1\n";
        let both = add(ours).unwrap();
        let (before, after) = both.split_once("    - followup: issue-7\n").unwrap();
        assert!(ours.starts_with(before) && ours.ends_with("\n# the end\nschema: codexa/annotations@1\n"), "{both}");
        assert!(after.ends_with("        dead: false\n\n# the end\nschema: codexa/annotations@1\n"), "{both}");
    }

    #[test]
    fn every_layout_that_can_be_added_to_is() {
        let one = "- {followup: issue-1, about: \"cut:crashed\", decision: dismiss}";
        for text in [
            "# nothing yet\n".to_owned(),
            "answers:\n".to_owned(),
            "answers: []\nschema: codexa/annotations@1".to_owned(),
            format!("answers:\n{one}"),
            format!("answers:\n  {one}\n# trailing\n"),
        ] {
            assert!(add(&text).is_some_and(|both| both.contains(ADDED)), "{text}");
        }
        for text in [
            "answers: [{followup: issue-1, about: \"cut:crashed\", decision: dismiss}]\n",
            "answers:\n- followup: issue-1\n  about: a\n  decision: dismiss\n...\n",
        ] {
            assert_eq!(add(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_words_are_read_back_as_they_are() {
        let known = Annotations { schema: ANNOTATIONS.into(), ..Annotations::default() };
        for words in [
            "no\n  - followup: issue-9",
            "yes: \"a\" 'b' #c",
            "\u{202e}evil",
            "&a *a",
            "- x",
            "<<: y",
            "null",
            "2026-01-01",
        ] {
            let text = appended("", &known, &answer(words)).unwrap();
            assert_eq!(answers(&text).unwrap().answers, [answer(words)]);
        }
    }
}
