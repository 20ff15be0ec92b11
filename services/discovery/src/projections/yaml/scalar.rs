//! Strings, plain where nothing else could be meant and quoted otherwise.

use std::fmt::Write;

/// Appends a string as a scalar that reads back as the same string, in block and flow style, as key and as value.
pub(crate) fn push_string(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        push_quoted(out, text);
    }
}

/// Whether the text can stand without quotes: it begins like a word or a path, holds nothing that means something to
/// YAML, and is no word that some version of YAML reads as a number, a truth value or nothing.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    if !(first.is_ascii_alphabetic() || matches!(first, b'_' | b'/' | b'.')) || !is_safe(*last) {
        return false;
    }
    if !bytes.iter().all(|byte| is_safe(*byte)) && !bytes.windows(2).all(is_safe_before) {
        return false;
    }
    text.len() > LONGEST_WORD || !is_special(text)
}

/// Whether a character means nothing to YAML inside a word, whatever stands around it.
fn is_safe(byte: u8) -> bool {
    byte < 128 && SAFE >> byte & 1 == 1
}

/// One bit for each safe character.
const SAFE: u128 = bits(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.-+@~*()<>=;");

const fn bits(mut bytes: &[u8]) -> u128 {
    let mut bits = 0;
    while let [first, rest @ ..] = bytes {
        bits |= 1 << *first;
        bytes = rest;
    }
    bits
}

/// Whether the first of two characters is safe before the second: a space where no comment follows, a colon inside a word.
fn is_safe_before(pair: &[u8]) -> bool {
    match pair {
        [b' ', next] => *next != b'#',
        [b':', next] => next.is_ascii_alphanumeric() || matches!(next, b'_' | b'/' | b'.'),
        [byte, _] => is_safe(*byte),
        _ => false,
    }
}

/// Length of the longest word in [`is_special`].
const LONGEST_WORD: usize = 8;

/// Words with a meaning in YAML 1.1 or 1.2, whatever their case, and what begins like a number without a leading digit.
fn is_special(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan", "nan", "inf", "infinity"];
    let begins_like_number = text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    begins_like_number || text == "..." || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            ' '..='~' => out.push(c),
            _ if is_visible(c) => out.push(c),
            _ => push_escape(out, c),
        }
    }
    out.push('"');
}

fn push_escape(out: &mut String, c: char) {
    let code = u32::from(c);
    let written = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// Letters, marks and signs that a reader sees. Everything that is invisible, reorders text, or is not a character is
/// escaped: controls, zero-width and bidirectional characters, variation selectors, tags, private use.
pub(crate) fn is_visible(c: char) -> bool {
    !matches!(u32::from(c),
        0..=0x1f | 0x7f..=0xa0 | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x3000 | 0x3164 | 0xd800..=0xf8ff | 0xfe00..=0xfe0f
        | 0xfeff | 0xffa0 | 0xfff0..=0xffff | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0x10_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mean_something_else_is_quoted() {
        let written = |text: &str| {
            let mut out = String::new();
            push_string(&mut out, text);
            out
        };
        for plain in ["src/flask/app.py", ".github", "c:src/flask", "java.import@100", "a b", "requests~k3x", "."] {
            assert_eq!(written(plain), plain);
        }
        for quoted in
            ["", "1.2", "yes", "NULL", "~", "a: b", "a #b", "- a", "a,b", "[a]", "#a", "...", ".5", "c:", " a", "é"]
        {
            assert_eq!(written(quoted), format!("\"{quoted}\""));
        }
        assert_eq!(written("a\u{202e}b\n\u{7}\u{e0041}"), r#""a\u202eb\n\x07\U000e0041""#);
    }
}
