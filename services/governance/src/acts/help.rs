//! `help`: what can be said.

use codexa_proto::v1;

/// What is carried out, with an example each.
const LINES: [(&str, &str); 11] = [
    ("open change: cap the parser depth", "a new change"),
    ("approve design for CH-001", "vote on a gate; its card says for what"),
    ("deny design for CH-001 because …", "a veto until it is withdrawn"),
    ("withdraw design for CH-001", "take your vote back"),
    ("hold CH-001 because …", "stop it; `resume CH-001` lets it go on"),
    ("status", "how all stands; `show CH-001` for one change"),
    ("discover", "read the code again"),
    ("show followups", "what discovery asks you"),
    ("answer issue-1: yes, …", "or accept, defer, dismiss, assign it"),
    ("publish governance report", "the report, or what still blocks it"),
    ("link", "make this account yours"),
];

pub(super) fn help() -> v1::Answer {
    let width = LINES.iter().map(|(words, _)| words.chars().count()).max().unwrap_or_default();
    let lines = LINES.iter().map(|(words, what)| format!("{words:width$}  {what}")).collect();
    v1::Answer { says: "Say one of these, in your own words.".to_owned(), lines, ..v1::Answer::default() }
}
