//! Files as Python's text mode reads them: strict UTF-8 and universal newlines, with Python's words for what is wrong.

use std::borrow::Cow;

/// Decodes as `bytes.decode("utf-8")` does.
///
/// # Errors
/// The text of Python's `UnicodeDecodeError`.
pub(crate) fn decode_utf8(bytes: &[u8]) -> Result<&str, String> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let start = error.valid_up_to();
    let first = bytes.get(start).copied().unwrap_or_default();
    let (end, reason) = match error.error_len() {
        None => (bytes.len(), "unexpected end of data"),
        Some(1) if !matches!(first, 0xC2..=0xF4) => (start + 1, "invalid start byte"),
        Some(length) => (start + length, "invalid continuation byte"),
    };
    Err(if end == start + 1 {
        format!("'utf-8' codec can't decode byte 0x{first:02x} in position {start}: {reason}")
    } else {
        format!("'utf-8' codec can't decode bytes in position {start}-{}: {reason}", end - 1)
    })
}

/// `\r\n` and `\r` as `\n`.
pub(crate) fn universal_newlines(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// `str.splitlines()`: also at form feeds, vertical tabs and Unicode's separators.
pub(crate) fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some((end, separator)) = rest.char_indices().find(|(_, c)| is_line_end(*c)) else {
            return Some(std::mem::take(&mut rest));
        };
        let (line, after) = rest.split_at_checked(end)?;
        let width = if after.starts_with("\r\n") { 2 } else { separator.len_utf8() };
        rest = after.get(width..).unwrap_or_default();
        Some(line)
    })
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\x0b' | '\x0c' | '\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `str.strip()`.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `str.isspace()` of one character.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// Whether Python's `\w` matches: letters and numbers, but not the marks that Unicode calls alphabetic.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c) && !is_circled_letter(c)
}

/// The symbols (category So) with the property Alphabetic.
fn is_circled_letter(c: char) -> bool {
    matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_errors_read_as_in_python() {
        let error = |bytes: &[u8]| decode_utf8(bytes).unwrap_err();
        assert_eq!(error(b"ab\xff"), "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte");
        assert_eq!(error(b"\xe9t"), "'utf-8' codec can't decode byte 0xe9 in position 0: invalid continuation byte");
        assert_eq!(error(b"\xe4\xb8x"), "'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte");
        assert_eq!(error(b"a\xe4\xb8"), "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data");
        assert_eq!(
            error(b"\xed\xa0\x80"),
            "'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte"
        );
    }

    #[test]
    fn lines_split_where_python_splits_them() {
        let lines = |text| split_lines(text).collect::<Vec<_>>();
        assert_eq!(lines("a\n\x0c\nb"), ["a", "", "", "b"]);
        assert_eq!(lines("a\r\nb\n"), ["a", "b"]);
        assert_eq!(lines(""), [] as [&str; 0]);
    }

    #[test]
    fn combining_marks_are_no_words() {
        assert!(is_word('é') && is_word('²') && is_word('_') && is_word('漢'));
        assert!(!is_word('\u{93f}') && !is_word('ⓐ') && !is_word('\u{a0}'));
    }
}
