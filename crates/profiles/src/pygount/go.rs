//! Pygments' Go lexer.

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
    let comment = if rest.starts_with("/*") { cursor.length_to("*/", 2) } else { None };
    if let Some(length) = comment {
        return cursor.take(Class::Comment, length);
    }
    let string = match rest.chars().next() {
        Some('`') => cursor.length_to("`", 1),
        Some('"') => cursor.quoted_length('"'),
        Some('\'') => character_length(rest),
        _ => None,
    };
    if let Some(length) = string {
        return cursor.take(Class::String, length);
    }
    match word_length(rest) {
        0 => cursor.take_char(Class::Code),
        length => cursor.take(Class::Code, length),
    }
}
