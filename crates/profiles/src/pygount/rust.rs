//! Pygments' Rust lexer: documentation comments are strings to it, and attributes know no comments.

use super::cursor::{Cursor, word_length};
use super::marks::{Class, Counts};

pub(super) fn count(text: &str) -> Counts {
    let mut cursor = Cursor::new(text);
    if text.starts_with("#!") && !text.starts_with("#![") {
        cursor.take_line(Class::Code);
    }
    while !cursor.rest().is_empty() {
        if !comment(&mut cursor) {
            token(&mut cursor);
        }
    }
    cursor.finish()
}

fn comment(cursor: &mut Cursor<'_>) -> bool {
    let rest = cursor.rest();
    if rest.starts_with("//") {
        let is_doc = rest.starts_with("//!") || (rest.starts_with("///") && !rest.starts_with("////"));
        cursor.take_line(if is_doc { Class::String } else { Class::Comment });
        return true;
    }
    if !rest.starts_with("/*") {
        return false;
    }
    let third = rest.chars().nth(2);
    let fourth = rest.chars().nth(3);
    let is_doc =
        third == Some('!') || (third == Some('*') && fourth.is_some_and(|c| c == '\n' || !matches!(c, '/' | '*')));
    let class = if is_doc { Class::String } else { Class::Comment };
    // `/**x` and `/*!` are taken with what follows, so that `/**/` and `/***/` stay comments.
    let opening = match third {
        Some('!') if is_doc => 3,
        Some('*') if is_doc => 3 + fourth.map_or(0, char::len_utf8),
        _ => 2,
    };
    cursor.take(class, opening);
    let mut depth = 1_usize;
    while depth > 0 && !cursor.rest().is_empty() {
        let rest = cursor.rest();
        if rest.starts_with("/*") {
            depth += 1;
            cursor.take(class, 2);
        } else if rest.starts_with("*/") {
            depth -= 1;
            cursor.take(class, 2);
        } else if rest.starts_with(['*', '/']) {
            cursor.take(class, 1);
        } else {
            cursor.take(class, rest.find(['*', '/']).unwrap_or(rest.len()));
        }
    }
    true
}

fn token(cursor: &mut Cursor<'_>) {
    let rest = cursor.rest();
    if rest.starts_with("#[") || rest.starts_with("#![") {
        return attribute(cursor);
    }
    let character = rest.strip_prefix('b').filter(|rest| rest.starts_with('\'')).map_or(0, |_| 1);
    if let Some(length) = rest.get(character..).and_then(character_length) {
        return cursor.take(Class::String, character + length);
    }
    if let Some(length) = raw_string(cursor) {
        return cursor.take(Class::String, length);
    }
    let prefix = usize::from(rest.starts_with("b\""));
    if rest.get(prefix..).is_some_and(|rest| rest.starts_with('"')) {
        cursor.take(Class::String, prefix);
        return string(cursor);
    }
    match word_length(rest) {
        0 => cursor.take_char(Class::Code),
        length => cursor.take(Class::Code, length),
    }
}

/// Like Rust's, but without escapes that Pygments does not know; a lifetime is none.
fn character_length(text: &str) -> Option<usize> {
    let behind = text.strip_prefix('\'')?;
    let first = behind.chars().next()?;
    let body = match first {
        '\n' => return None,
        '\\' => {
            let escaped = behind.get(1..)?;
            match escaped.chars().next()? {
                '\'' | '"' | '\\' | 'n' | 'r' | 't' | '0' => 2,
                'x' => 4,
                'u' => 1 + escaped.find('}')? + 1,
                _ => 1,
            }
        }
        c => c.len_utf8(),
    };
    behind.get(body..)?.starts_with('\'').then_some(body + 2)
}

/// `r"…"`, `r#"…"#`, `br"…"`: its length.
fn raw_string(cursor: &mut Cursor<'_>) -> Option<usize> {
    let rest = cursor.rest();
    let prefix = if rest.starts_with("br") { 2 } else { usize::from(rest.starts_with('r')) };
    let behind = rest.get(prefix..).filter(|_| prefix > 0)?;
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    if !behind.get(hashes..)?.starts_with('"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    cursor.length_to(&close, prefix + hashes + 1)
}

/// A string from its opening quote.
fn string(cursor: &mut Cursor<'_>) {
    let length = cursor.quoted_length('"').unwrap_or(cursor.rest().len());
    cursor.take(Class::String, length);
}

fn attribute(cursor: &mut Cursor<'_>) {
    cursor.take(Class::Code, 2);
    let mut depth = usize::from(!cursor.starts_with("["));
    loop {
        let rest = cursor.rest();
        match rest.chars().next() {
            None => return,
            Some('"') => string(cursor),
            Some('[') => {
                depth += 1;
                cursor.take(Class::Code, 1);
            }
            Some(']') => {
                depth = depth.saturating_sub(1);
                cursor.take(Class::Code, 1);
                if depth == 0 {
                    return;
                }
            }
            Some(_) => cursor.take(Class::Code, rest.find(['"', '[', ']']).unwrap_or(rest.len())),
        }
    }
}
