//! Pygments' JavaScript lexer (TypeScript's gives lines the same classes).

use super::cursor::{Cursor, word_length};
use super::marks::{Class, Counts};

/// Words behind which a slash starts a regular expression.
const BEFORE_REGEX: &[&str] = &[
    "typeof",
    "instanceof",
    "in",
    "void",
    "delete",
    "new",
    "for",
    "while",
    "do",
    "break",
    "return",
    "continue",
    "switch",
    "case",
    "default",
    "if",
    "else",
    "throw",
    "try",
    "catch",
    "finally",
    "yield",
    "await",
    "async",
    "this",
    "of",
    "static",
    "export",
    "import",
    "debugger",
    "extends",
    "super",
    "var",
    "let",
    "const",
    "with",
    "function",
    "class",
];

pub(super) fn count(text: &str) -> Counts {
    let mut lexer = JavaScript { cursor: Cursor::new(text), templates: Vec::new(), regex_may_start: false };
    if text.starts_with("#!/") || text.starts_with("#! /") {
        lexer.cursor.take_line(Class::Comment);
    }
    while !lexer.cursor.rest().is_empty() {
        lexer.step();
    }
    lexer.cursor.finish()
}

struct JavaScript<'a> {
    cursor: Cursor<'a>,
    /// Open template strings; true where the lexer is in a `${…}` of one.
    templates: Vec<bool>,
    regex_may_start: bool,
}

impl JavaScript<'_> {
    fn step(&mut self) {
        if self.templates.last() == Some(&false) {
            return self.template_part();
        }
        let rest = self.cursor.rest();
        if self.cursor.is_line_start() && rest.starts_with(|c: char| c == '/' || crate::python_text::is_space(c)) {
            self.regex_may_start = true;
        }
        let space = super::cursor::space_length(rest);
        if space > 0 {
            return self.cursor.take(Class::Code, space);
        }
        if rest.starts_with("<!--") {
            return self.cursor.take(Class::Comment, 4);
        }
        if rest.starts_with("//") {
            return self.cursor.take_line(Class::Comment);
        }
        if rest.starts_with("/*")
            && let Some(length) = self.cursor.length_to("*/", 2)
        {
            return self.cursor.take(Class::Comment, length);
        }
        if std::mem::take(&mut self.regex_may_start) && rest.starts_with('/') {
            return match regex_length(rest) {
                Some(length) => self.cursor.take(Class::String, length),
                // The rest of the line is an error to Pygments.
                None => self.cursor.take_line(Class::Code),
            };
        }
        self.token();
    }

    fn token(&mut self) {
        let rest = self.cursor.rest();
        let Some(first) = rest.chars().next() else { return };
        match first {
            '"' | '\'' => {
                let length = self.cursor.quoted_length(first);
                let class = if length.is_some() { Class::String } else { Class::Code };
                self.cursor.take(class, length.unwrap_or(1));
            }
            '`' => {
                self.cursor.take(Class::String, 1);
                self.templates.push(false);
            }
            '}' if !self.templates.is_empty() => {
                // Pygments takes the first closing brace for the end of `${`, even of a block in it.
                self.cursor.take(Class::String, 1);
                if let Some(inside) = self.templates.last_mut() {
                    *inside = false;
                }
            }
            _ => {
                let word = rest.find(|c| !(crate::python_text::is_word(c) || c == '$')).unwrap_or(rest.len());
                if word > 0 {
                    self.regex_may_start = rest.get(..word).is_some_and(|word| BEFORE_REGEX.contains(&word));
                    return self.cursor.take(Class::Code, word);
                }
                let doubled = ["++", "--", "...", "=>", "??", "?."].iter().find(|text| rest.starts_with(**text));
                if let Some(text) = doubled {
                    self.regex_may_start = matches!(*text, "++" | "--" | "??");
                    return self.cursor.take(Class::Code, text.len());
                }
                self.regex_may_start = matches!(
                    first,
                    '~' | '?'
                        | ':'
                        | '<'
                        | '>'
                        | '='
                        | '!'
                        | '*'
                        | '|'
                        | '&'
                        | '-'
                        | '+'
                        | '%'
                        | '^'
                        | '/'
                        | '{'
                        | '('
                        | '['
                        | ';'
                        | ','
                );
                self.cursor.take_char(Class::Code);
            }
        }
    }

    fn template_part(&mut self) {
        let rest = self.cursor.rest();
        if rest.starts_with('`') {
            self.cursor.take(Class::String, 1);
            self.templates.pop();
        } else if rest.starts_with("${") {
            self.cursor.take(Class::String, 2);
            if let Some(inside) = self.templates.last_mut() {
                *inside = true;
            }
        } else if rest.starts_with('\\') {
            let next = rest.chars().nth(1).map_or(0, char::len_utf8);
            self.cursor.take(Class::String, 1 + next);
        } else if rest.starts_with('$') {
            self.cursor.take(Class::String, 1);
        } else {
            self.cursor.take(Class::String, rest.find(['`', '\\', '$']).unwrap_or(rest.len()));
        }
    }
}

/// A regular expression with its flags, in bytes.
fn regex_length(text: &str) -> Option<usize> {
    let mut in_set = false;
    let mut empty = true;
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next()?;
            }
            '\n' => return None,
            '[' if !in_set => in_set = true,
            ']' if in_set => in_set = false,
            '/' if !in_set => {
                if empty {
                    return None;
                }
                let behind = text.get(at + 1..)?;
                let flags = behind.len() - behind.trim_start_matches(['g', 'i', 'm', 'u', 'y', 's', 'd']).len();
                let word = word_length(behind);
                return (word == 0 || word == flags).then_some(at + 1 + flags);
            }
            _ => {}
        }
        empty = false;
    }
    None
}
