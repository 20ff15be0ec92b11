//! Pygments' Java lexer.

use super::cursor::{Cursor, character_length, word_length};
use super::marks::{Class, Counts};

pub(super) fn count(text: &str) -> Counts {
    let mut cursor = Cursor::new(text);
    while !cursor.rest().is_empty() {
        token(&mut cursor);
    }
    cursor.finish()
}

fn token(cursor: &mut Cursor<'_>) {
    let rest = cursor.rest();
    if rest.starts_with("//") {
        return cursor.take_line(Class::Comment);
    }
    if rest.starts_with("/*")
        && let Some(length) = cursor.length_to("*/", 2)
    {
        return cursor.take(Class::Comment, length);
    }
    if rest.starts_with("\"\"\"\n") {
        let length = text_block_length(rest);
        return cursor.take(Class::String, length);
    }
    if rest.starts_with('"') {
        let length = cursor.quoted_length('"').unwrap_or(rest.len());
        return cursor.take(Class::String, length);
    }
    if let Some(length) = character_length(rest).filter(|_| rest.starts_with('\'')) {
        return cursor.take(Class::String, length);
    }
    match word_length(rest) {
        0 => cursor.take_char(Class::Code),
        length => cursor.take(Class::Code, length),
    }
}

/// Pygments ends a text block at the first three quotes that no backslash precedes.
fn text_block_length(text: &str) -> usize {
    let mut at = 4;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("\"\"\"") {
            return at + 3;
        }
        at += if rest.starts_with("\\\\") || rest.starts_with("\\\"") {
            2
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    text.len()
}
