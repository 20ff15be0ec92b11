//! Small questions about source text.

use std::ops;
use tree_sitter::{Node, Point, Range};

/// Longest literal, documentation line, argument list or import target that is kept, in bytes.
pub(crate) const LONG: usize = 200;
/// Longest receiver that is kept, in bytes.
pub(crate) const SHORT: usize = 80;

/// The text, cut at a character boundary to at most `max` bytes.
pub(crate) fn clip(text: &str, max: usize) -> &str {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The content of a plain string literal: prefix letters and quotes removed. `None` for anything that is not one
/// literal on one line of at most [`LONG`] bytes without escapes, or that may interpolate.
pub(crate) fn literal(text: &str) -> Option<&str> {
    let body = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '@' || c == '#' || c == '$');
    let prefix = text.get(..text.len() - body.len()).unwrap_or_default();
    if prefix.len() > 3 || prefix.contains('$') || prefix.to_ascii_lowercase().contains('f') {
        return None;
    }
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let body = body.trim_end_matches('#');
    let opening = body.chars().take_while(|c| *c == quote).count();
    let width = if opening >= 3 { 3 } else { 1 };
    let inner = body.get(width..body.len().checked_sub(width)?)?;
    let plain = inner.len() <= LONG
        && body.ends_with(quote)
        && !inner.contains([quote, '\\', '\n', '\r'])
        && !(quote != '\'' && (inner.contains("#{") || inner.contains("${")));
    plain.then_some(inner)
}

/// Whether the first of a list of arguments may be a plain string literal. Most are not, and a look at the text tells so
/// sooner than the tree does.
pub(crate) fn may_begin_with_literal(arguments: &str) -> bool {
    let arguments = arguments.trim_ascii_start();
    let first = arguments.strip_prefix(['(', '[', '{']).unwrap_or(arguments).trim_ascii_start();
    // Letters and marks may stand before the quotes, and a comment before it all.
    first.starts_with('#') || first.bytes().take(4).any(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'/'))
}

/// Whether a literal is text and nothing else: then its parts count for nothing. Where something is computed in one that
/// begins with a quote, one of a few marks says so, and a look at the text is cheaper than a walk through its parts. One that
/// begins otherwise may have parts that count (a prefix, the slashes of a regular expression).
pub(crate) fn is_all_text(source: &[u8], literal: Node<'_>) -> bool {
    let Some(text @ [b'"' | b'\'', ..]) = source.get(literal.byte_range()) else { return false };
    let may_compute = text.iter().any(|byte| matches!(byte, b'{' | b'$' | b'#' | b'`'));
    !may_compute && !literal.has_error()
}

/// A node's text; empty where it is not UTF-8. `whole` is the source as text, where all of it is.
pub(crate) fn text_at<'a>(source: &'a [u8], whole: Option<&'a str>, node: Node<'_>) -> &'a str {
    let range = node.byte_range();
    match whole {
        Some(whole) => whole.get(range),
        None => source.get(range).and_then(|bytes| std::str::from_utf8(bytes).ok()),
    }
    .unwrap_or_default()
}

/// The line a node begins on, from 1.
pub(crate) fn line(node: Node<'_>) -> u32 {
    number(node.start_position().row).saturating_add(1)
}

/// What lies before, between and after some places, which stand in order.
pub(crate) fn between(source: &[u8], places: &[ops::Range<usize>]) -> Vec<Range> {
    let (mut row, mut line_start, mut read) = (0, 0, 0);
    let mut point = |at: usize| {
        for newline in memchr::memchr_iter(b'\n', source.get(read..at).unwrap_or_default()) {
            (row, line_start) = (row + 1, read + newline + 1);
        }
        read = at.max(read);
        Point { row, column: at.saturating_sub(line_start) }
    };
    let starts = [0].into_iter().chain(places.iter().map(|place| place.end));
    let ends = places.iter().map(|place| place.start).chain([source.len()]);
    let range = |(start_byte, end_byte)| {
        let (start_point, end_point) = (point(start_byte), point(end_byte));
        Range { start_byte, end_byte, start_point, end_point }
    };
    starts.zip(ends).map(range).collect()
}

/// A count as `u32`, at its highest where it does not fit.
pub(crate) fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The first line of a comment or docstring that says something, without comment marks, at most [`LONG`] bytes.
pub(crate) fn first_doc_line(text: &str) -> Option<Box<str>> {
    text.lines()
        .map(|line| line.trim().trim_start_matches(['/', '*', '#', '!', '"', '\'', ';']).trim())
        .map(|line| line.trim_end_matches("*/").trim_end_matches(['"', '\'']).trim_end())
        .find(|line| !line.is_empty())
        .map(|line| clip(line, LONG).into())
}

/// Whether nothing but blanks stands before a place in its line.
pub(crate) fn starts_its_line(source: &[u8], start: usize) -> bool {
    let before = source.get(..start).unwrap_or_default();
    before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t')).is_none_or(|byte| *byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_literal_loses_its_prefix_and_quotes() {
        let cases = [
            (r#""a/b""#, Some("a/b")),
            ("'x'", Some("x")),
            ("`x`", Some("x")),
            ("`x${y}`", None),
            (r##"r#"x"#"##, Some("x")),
            ("b'x'", Some("x")),
            ("f'x'", None),
            (r#"$"x""#, None),
            (r#""""doc""""#, Some("doc")),
            (r#""a\n""#, None),
            (r#""a" + "b""#, None),
            ("name", None),
            ("\"", None),
            ("''", Some("")),
        ];
        for (text, expected) in cases {
            assert_eq!(literal(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = literal(&text);
            let _ = first_doc_line(&text);
            prop_assert!(clip(&text, 7).len() <= 7);
        }
    }
}
