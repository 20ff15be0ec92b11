//! Names from git and from the file system, as safe text.
//!
//! A path is text with `/` between its parts. What is not valid UTF-8, or would disturb a terminal, a log line or a
//! reader's eye, is written as an escape: `\xNN` for a byte, `\n`, `\r`, `\t` and `\u{…}` for control, bidirectional and
//! invisible characters, `\\` for the backslash itself. The mapping loses nothing: [`raw`] gives the bytes back.

use codexa_model::shown::is_dangerous;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Longest path that is handled, in bytes: the kernel's own limit.
pub const MAX_LENGTH: usize = 4095;

/// The text of a path's bytes.
#[must_use]
pub fn text(raw: &[u8]) -> Box<str> {
    if raw.is_ascii() && !raw.iter().any(|byte| *byte == b'\\' || byte.is_ascii_control()) {
        return String::from_utf8_lossy(raw).into();
    }
    let mut text = String::with_capacity(raw.len() + 8);
    for chunk in raw.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_escaped(&mut text, character);
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.into()
}

fn push_escaped(text: &mut String, character: char) {
    match character {
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        c if is_dangerous(c) => {
            let _ = write!(text, "\\u{{{:x}}}", u32::from(c));
        }
        c => text.push(c),
    }
}

/// The bytes of a path's text. Text that [`text`] cannot have made is taken as it is where it has no meaning as an escape.
#[must_use]
pub fn raw(text: &str) -> Cow<'_, [u8]> {
    if !text.contains('\\') {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        rest = unescape(after, &mut bytes);
    }
    bytes.extend_from_slice(rest.as_bytes());
    Cow::Owned(bytes)
}

/// Decodes what follows a backslash into `bytes` and returns what comes after it.
fn unescape<'a>(after: &'a str, bytes: &mut Vec<u8>) -> &'a str {
    let mut characters = after.chars();
    match characters.next() {
        Some('\\') => bytes.push(b'\\'),
        Some('n') => bytes.push(b'\n'),
        Some('r') => bytes.push(b'\r'),
        Some('t') => bytes.push(b'\t'),
        Some('x') => {
            let rest = characters.as_str();
            if let Some((byte, rest)) =
                rest.split_at_checked(2).and_then(|(hex, rest)| Some((u8::try_from(number(hex)?).ok()?, rest)))
            {
                bytes.push(byte);
                return rest;
            }
            bytes.extend_from_slice(b"\\x");
        }
        Some('u') => {
            let rest = characters.as_str();
            if let Some((character, rest)) = rest
                .strip_prefix('{')
                .and_then(|rest| rest.split_once('}'))
                .and_then(|(hex, rest)| Some((char::from_u32(number(hex)?)?, rest)))
            {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return rest;
            }
            bytes.extend_from_slice(b"\\u");
        }
        _ => {
            bytes.push(b'\\');
            return after;
        }
    }
    characters.as_str()
}

/// The number that hex digits, and nothing else, write: `from_str_radix` would take a sign.
fn number(hex: &str) -> Option<u32> {
    hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok()).flatten()
}

/// Whether a path stays inside the folder it starts from and touches no repository's own data:
/// relative, no empty part, no `.`, `..` or `.git` (in any case), no NUL, not longer than [`MAX_LENGTH`].
#[must_use]
pub fn is_safe(raw: &[u8]) -> bool {
    raw.len() <= MAX_LENGTH
        && !raw.contains(&0)
        && raw
            .split(|byte| *byte == b'/')
            .all(|part| !part.is_empty() && part != b"." && part != b".." && !part.eq_ignore_ascii_case(b".git"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_names_are_kept() {
        for name in ["src/main.rs", "docs/Übersicht.md", "日本/ñ", "with space", "🙂.txt"] {
            assert_eq!(&*text(name.as_bytes()), name);
        }
    }

    #[test]
    fn abuse_31_names_with_newlines_and_foreign_bytes_are_escaped() {
        assert_eq!(&*text(b"a\nb\r\tc"), "a\\nb\\r\\tc");
        assert_eq!(&*text(b"caf\xe9"), "caf\\xe9");
        assert_eq!(&*text("a\u{202e}b\u{1b}[31m".as_bytes()), "a\\u{202e}b\\u{1b}[31m");
        assert_eq!(&*text(b"a\\nb"), "a\\\\nb");
    }

    #[test]
    fn abuse_31_what_is_not_an_escape_is_taken_as_it_is() {
        for text in ["\\x+f", "\\u{+41}", "\\u{}", "\\u{-1}", "\\xg0", "\\u{110000}"] {
            assert_eq!(*raw(text), *text.as_bytes());
        }
        assert_eq!(*raw("\\x0f\\u{41}"), *b"\x0fA");
    }

    #[test]
    fn abuse_31_what_is_escaped_on_a_terminal_is_escaped_in_a_path() {
        for character in ('\0'..=char::MAX).filter(|character| codexa_model::shown::is_dangerous(*character)) {
            let text = text(character.to_string().as_bytes());
            assert!(text.starts_with('\\'), "{character:?}");
        }
        assert_eq!(&*text("soft\u{ad}hyphen".as_bytes()), "soft\\u{ad}hyphen");
    }

    #[test]
    fn abuse_31_names_that_leave_the_folder_are_unsafe() {
        for name in ["../x", "a/../b", "/etc/passwd", "a//b", "./a", "", "a/.git/config", ".GIT/hooks/x", "a/"] {
            assert!(!is_safe(name.as_bytes()), "{name}");
        }
        assert!(!is_safe(b"a\0b"));
        assert!(!is_safe(&[b'a'; MAX_LENGTH + 1]));
        for name in ["a", "a/b", "..a/b..", ".gitignore", ".github/x", "a.git/b"] {
            assert!(is_safe(name.as_bytes()), "{name}");
        }
    }

    proptest! {
        #[test]
        fn text_gives_its_bytes_back(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let text = text(&bytes);
            prop_assert_eq!(raw(&text).into_owned(), bytes);
            prop_assert!(!text.chars().any(char::is_control));
        }

        #[test]
        fn any_text_can_be_decoded(text in "[\\\\xun{}0-9a-f]{0,24}") {
            let _ = raw(&text);
        }
    }
}
