//! Pygments' C and C++ lexers.

use super::cursor::{Cursor, character_length, space_length, word_length};
use super::marks::{Class, Counts};

pub(super) fn count(text: &str, cpp: bool) -> Counts {
    let mut cursor = Cursor::new(text);
    while !cursor.rest().is_empty() {
        if cursor.is_line_start()
            && let Some(length) = directive_start(cursor.rest())
        {
            directive(&mut cursor, length);
        } else if !comment(&mut cursor) {
            token(&mut cursor, cpp);
        }
    }
    cursor.finish()
}

/// White space and at most one comment of one line before a `#`, in bytes.
fn directive_start(text: &str) -> Option<usize> {
    let mut length = space_length(text);
    let behind = text.get(length..)?;
    if behind.starts_with("/*") {
        let line = behind.split('\n').next()?;
        length += line.get(2..)?.find("*/")? + 4;
        length += space_length(text.get(length..)?);
    }
    text.get(length..)?.starts_with('#').then_some(length)
}

/// A preprocessor directive with its continuation lines, in which strings are not known.
fn directive(cursor: &mut Cursor<'_>, before: usize) {
    // What stands before the `#` has its own tokens: white space, and a comment that may be there.
    let space = space_length(cursor.rest());
    cursor.take(Class::Code, space.min(before));
    if before > space {
        comment(cursor);
        cursor.take(Class::Code, space_length(cursor.rest()));
    }
    if is_if_0(cursor.rest()) {
        return skipped_block(cursor);
    }
    cursor.take(Class::Code, 1);
    include_comment(cursor);
    while !cursor.rest().is_empty() {
        let rest = cursor.rest();
        if rest.starts_with("/*")
            && let Some(length) = cursor.length_to("*/", 2)
        {
            cursor.take(Class::Comment, length);
        } else if rest.starts_with("//") {
            let length = cursor.line_length() + 1;
            return cursor.take(Class::Comment, length);
        } else if rest.starts_with('\n') {
            let continued = cursor.is_behind("\\");
            cursor.take(Class::Code, 1);
            if !continued {
                return;
            }
        } else if rest.starts_with('/') {
            cursor.take(Class::Code, 1);
        } else {
            cursor.take(Class::Code, rest.find(['/', '\n']).unwrap_or(rest.len()));
        }
    }
}

/// What follows the file name of an `#include` on its line is a comment to Pygments.
fn include_comment(cursor: &mut Cursor<'_>) {
    let rest = cursor.rest();
    let space = space_length(rest);
    let Some(behind) = rest.get(space..).and_then(|rest| rest.strip_prefix("include")) else { return };
    let gap = space_length(behind);
    let Some(name) = behind.get(gap..) else { return };
    let close = match name.chars().next() {
        Some('"') => '"',
        Some('<') => '>',
        _ => return,
    };
    let Some(end) = name.get(1..).and_then(|name| name.find(close)).filter(|end| *end > 0) else { return };
    cursor.take(Class::Code, space + "include".len() + gap + end + 2);
    if !cursor.starts_with("\n") {
        cursor.take_line(Class::Comment);
    }
}

fn is_if_0(text: &str) -> bool {
    text.strip_prefix("#if").is_some_and(|rest| {
        let space = space_length(rest);
        space > 0 && rest.get(space..).is_some_and(|rest| rest.starts_with('0'))
    })
}

/// `#if 0` up to the directive that ends it: its lines are comments.
fn skipped_block(cursor: &mut Cursor<'_>) {
    let zero = cursor.rest().find('0').unwrap_or_default();
    cursor.take(Class::Code, zero + 1);
    let mut depth = 1_usize;
    while depth > 0 && !cursor.rest().is_empty() {
        if cursor.is_line_start() {
            let rest = cursor.rest();
            let space = space_length(rest);
            let behind = rest.get(space..).unwrap_or_default();
            let line = behind.split('\n').next().unwrap_or_default();
            let whole = !line.ends_with('\\');
            let change = if behind.starts_with("#if") && whole {
                Some(true)
            } else if behind.starts_with("#else")
                || behind.starts_with("#elif")
                || (behind.starts_with("#endif") && whole)
            {
                Some(false)
            } else {
                None
            };
            if let Some(opens) = change {
                depth = if opens { depth + 1 } else { depth - 1 };
                cursor.take(Class::Code, space + line.len() + 1);
                continue;
            }
        }
        let length = cursor.line_length() + 1;
        cursor.take(Class::Comment, length);
    }
}

/// A comment here, if there is one. One that is not closed goes to the end of the text.
fn comment(cursor: &mut Cursor<'_>) -> bool {
    let rest = cursor.rest();
    if rest.starts_with("//") {
        // A backslash at the end of the line continues the comment.
        let mut length = cursor.line_length();
        while rest.get(..length).is_some_and(|line| line.ends_with('\\')) && length < rest.len() {
            let next = rest.get(length + 1..).unwrap_or_default();
            length += 1 + next.find('\n').unwrap_or(next.len());
        }
        cursor.take(Class::Comment, length + 1);
        return true;
    }
    let Some(open) = ["/*", "/\\\n*"].iter().find(|open| rest.starts_with(**open)) else { return false };
    let length = cursor.length_to("*/", open.len()).unwrap_or(rest.len());
    cursor.take(Class::Comment, length);
    true
}

fn token(cursor: &mut Cursor<'_>, cpp: bool) {
    let rest = cursor.rest();
    if let Some(prefix) = ["", "L", "u8", "u", "U"]
        .iter()
        .find(|prefix| rest.strip_prefix(**prefix).is_some_and(|rest| rest.starts_with('"')))
    {
        cursor.take(Class::String, prefix.len() + 1);
        return string(cursor);
    }
    if cpp && let Some(length) = raw_string_length(rest) {
        return cursor.take(Class::String, length);
    }
    let word = word_length(rest);
    if word > 0 {
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let is_prefix = matches!(rest.get(..word), Some("L" | "u8" | "u" | "U"));
        let behind = rest.get(word..).unwrap_or_default();
        if is_prefix && let Some(length) = character_length(behind).filter(|_| behind.starts_with('\'')) {
            return cursor.take(Class::String, word + length);
        }
        cursor.take(Class::Code, word);
        // Digit separators.
        let separated = behind.strip_prefix('\'').is_some_and(|next| next.starts_with(|c: char| c.is_ascii_hexdigit()));
        if digits && separated && character_length(behind).is_none() {
            cursor.take(Class::Code, 1);
        }
        return;
    }
    match character_length(rest).filter(|_| rest.starts_with('\'')) {
        Some(length) => cursor.take(Class::String, length),
        None => cursor.take_char(Class::Code),
    }
}

/// The rest of a string; a line end without a backslash ends it.
fn string(cursor: &mut Cursor<'_>) {
    while let Some(c) = cursor.rest().chars().next() {
        match c {
            '"' => return cursor.take(Class::String, 1),
            '\n' => return,
            '\\' => {
                let next = cursor.rest().chars().nth(1).map_or(0, char::len_utf8);
                cursor.take(Class::String, 1 + next);
            }
            _ => {
                let rest = cursor.rest();
                cursor.take(Class::String, rest.find(['"', '\\', '\n']).unwrap_or(rest.len()));
            }
        }
    }
}

/// C++: `R"delimiter(…)delimiter"` with a prefix.
fn raw_string_length(text: &str) -> Option<usize> {
    let prefix = ["R\"", "LR\"", "u8R\"", "uR\"", "UR\""].iter().find(|prefix| text.starts_with(**prefix))?;
    let behind = text.get(prefix.len()..)?;
    let open = behind.find('(').filter(|open| *open <= 16)?;
    let delimiter = behind.get(..open)?;
    if delimiter.contains(|c: char| matches!(c, '\\' | ')') || c.is_whitespace()) {
        return None;
    }
    let close = format!("){delimiter}\"");
    let end = behind.find(&close)?;
    Some(prefix.len() + end + close.len())
}
