//! A platform's text to plain text: entities, mark-up and smart quotes are undone in one place.

use crate::markup;

/// How often mark-up may hide in mark-up. Text that still changes after that is nobody's writing.
const PASSES: usize = 16;

/// The plain text of a message; `None` where its mark-up is nested without end.
///
/// The result is a fixed point, so that what came out once (a reason in a canonical form) comes out the same again.
pub(crate) fn normalise(words: &str) -> Option<String> {
    let mut text = words.replace("\r\n", "\n");
    for _ in 0..PASSES {
        let next = markup::undo(&entities(&quotes(&text)));
        if next == text {
            return Some(text);
        }
        text = next;
    }
    None
}

/// Smart quotes and spaces that only look different.
fn quotes(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
            '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
            '\u{a0}' | '\u{202f}' | '\u{2000}'..='\u{200a}' => ' ',
            _ => c,
        })
        .collect()
}

/// The entities that Slack escapes with; the ampersand last, so that one pass undoes one escape.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}
