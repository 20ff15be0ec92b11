//! Making untrusted text harmless to look at.

use codexa_model::shown::is_dangerous;
use std::borrow::Cow;
use std::fmt::Write;

/// The text with every character that a terminal obeys or hides replaced by its code: `\u{1b}`. Line breaks become
/// `\n`, so that a name stays on its line.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            other if is_dangerous(other) => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(other));
            }
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// A serialised JSON document with the same characters written as `\uXXXX`, which means the same to a parser. Outside of
/// strings JSON has only ASCII, and inside the serialiser has escaped what lies below U+0020.
pub(super) fn json(document: &str) -> String {
    let mut safe = String::with_capacity(document.len());
    let mut units = [0_u16; 2];
    for character in document.chars() {
        if character == '\n' || !is_dangerous(character) {
            safe.push(character);
        } else {
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown_as_a_code() {
        assert_eq!(escape("a\u{1b}[31mb\u{202e}c\n\u{9b}d"), "a\\u{1b}[31mb\\u{202e}c\\n\\u{9b}d");
        assert!(matches!(escape("naïve – 変更 🙂"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_means_the_same_before_and_after() {
        let value = serde_json::json!({"n": "\u{7f}\u{9b}\u{202e}\u{e0041}\u{1b}ok"});
        let text = json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(text.is_ascii());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
