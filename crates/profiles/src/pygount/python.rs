//! Pygments' Python lexer, and pygount's rule that a string behind a colon is documentation.

use std::sync::LazyLock;

use regex::Regex;

use super::cursor::{Cursor, word_length};
use super::marks::{Class, Counts};

/// `%` and `{}` formats inside strings. They are tokens of their own, can hold quotes, and split the text around them.
static PERCENT_FORMAT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\A%(?:\(\w+\))?[-#0 +]*(?:[0-9]+|[*])?(?:\.(?:[0-9]+|[*]))?[hlL]?[E-GXc-giorsaux%]").ok()
});
static BRACE_FORMAT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\A\{(?:\w+(?:\.\w+|\[[^\]]+\])*)?(?:![sra])?",
        r"(?::(?:.?[<>=\^])?[-+ ]?#?0?\d*,?(?:\.\d+)?[E-GXb-gnosx%]?)?\}"
    ))
    .ok()
});

pub(super) fn count(text: &str) -> Counts {
    let mut lexer = Python { cursor: Cursor::new(text), behind_colon: true, open: Vec::new() };
    lexer.run();
    lexer.cursor.finish()
}

/// A string that is open, and whether the lexer is in a field of it.
struct OpenString {
    quote: char,
    triple: bool,
    raw: bool,
    bytes: bool,
    interpolated: bool,
    /// In a field of an f-string: how many brackets are open in it.
    field: Option<usize>,
}

struct Python<'a> {
    cursor: Cursor<'a>,
    /// No code since the last colon, or since the start: then strings are documentation.
    behind_colon: bool,
    /// Strings around here; more than one only in fields of f-strings.
    open: Vec<OpenString>,
}

impl Python<'_> {
    fn run(&mut self) {
        while !self.cursor.rest().is_empty() {
            let in_string = self.open.last().map(|string| string.field.is_none());
            match in_string {
                None => self.code(),
                Some(true) => self.string_part(),
                Some(false) => self.field_part(),
            }
        }
    }

    fn code_token(&mut self, length: usize) {
        let token = self.cursor.rest().get(..length).unwrap_or_default();
        if token == ":" {
            self.behind_colon = true;
        } else if !token.trim_end_matches([' ', '\x0c', '\n', '\r', '\t']).is_empty() {
            self.behind_colon = false;
        }
        // A lone `pass` is a white word.
        if token == "pass" {
            self.cursor.take_white(length);
        } else {
            self.cursor.take(Class::Code, length);
        }
    }

    /// A token of a string, one for each of its lines.
    fn string_token(&mut self, length: usize) {
        let token = self.cursor.rest().get(..length).unwrap_or(self.cursor.rest());
        for piece in token.split_inclusive('\n') {
            if self.behind_colon {
                self.cursor.take(Class::Comment, piece.len());
                continue;
            }
            // The text of a string can be a colon, too.
            self.behind_colon = piece == ":";
            self.cursor.take(Class::String, piece.len());
        }
    }

    fn code(&mut self) {
        let rest = self.cursor.rest();
        if rest.starts_with('\n') {
            return self.code_token(1);
        }
        if self.cursor.is_line_start()
            && let Some((space, prefix, string)) = self.doc_string()
        {
            self.code_token(space);
            if prefix > 0 {
                self.string_token(prefix);
            }
            return self.string_token(string);
        }
        if rest.starts_with('#') {
            return self.cursor.take_line(Class::Comment);
        }
        self.expression();
    }

    /// White space, prefix and triple-quoted string at the start of a line; no escapes count in it.
    fn doc_string(&mut self) -> Option<(usize, usize, usize)> {
        let rest = self.cursor.rest();
        let space = super::cursor::space_length(rest);
        let behind = rest.get(space..)?;
        let prefix = behind.bytes().take(2).take_while(|byte| b"rRuUbB".contains(byte)).count();
        let quotes = match behind.get(prefix..)? {
            quoted if quoted.starts_with("\"\"\"") => "\"\"\"",
            quoted if quoted.starts_with("'''") => "'''",
            _ => return None,
        };
        let end = self.cursor.length_to(quotes, space + prefix + 3)?;
        Some((space, prefix, end - space - prefix))
    }

    /// A token of an expression: a string's start, a word or one character.
    fn expression(&mut self) {
        let rest = self.cursor.rest();
        if let Some((length, string)) = string_start(rest) {
            let prefix = length - if string.triple { 3 } else { 1 };
            if prefix > 0 {
                self.string_token(prefix);
            }
            self.string_token(length - prefix);
            self.open.push(string);
            return;
        }
        let word = word_length(rest);
        let length = if word > 0 { word } else { rest.chars().next().map_or(1, char::len_utf8) };
        let length = if rest.starts_with(":=") { 2 } else { length };
        self.code_token(length);
    }

    fn string_part(&mut self) {
        let Some(string) = self.open.last() else { return };
        let (quote, triple, interpolated) = (string.quote, string.triple, string.interpolated);
        let rest = self.cursor.rest();
        if let Some(length) = escape(rest, string) {
            return self.string_token(length);
        }
        let closes =
            rest.chars().take(if triple { 3 } else { 1 }).filter(|c| *c == quote).count() == if triple { 3 } else { 1 };
        if closes {
            self.string_token(if triple { 3 } else { 1 });
            self.open.pop();
            return;
        }
        match rest.chars().next() {
            Some('\n') if triple => self.string_token(1),
            Some('\n') => {
                // Pygments gives up on an open string here, and on all strings around it.
                self.open.clear();
                self.code_token(1);
            }
            Some('{') if interpolated => {
                self.string_token(1);
                if let Some(string) = self.open.last_mut() {
                    string.field = Some(0);
                }
            }
            Some('}') if interpolated => self.string_token(1),
            Some(c @ ('%' | '{')) if !interpolated => {
                let format = if c == '%' { &PERCENT_FORMAT } else { &BRACE_FORMAT };
                let found = format.as_ref().and_then(|regex| regex.find(rest)).map(|found| found.end());
                let doubled = if rest.starts_with("{{") { 2 } else { 1 };
                self.string_token(found.unwrap_or(doubled));
            }
            Some('\\' | '\'' | '"') => self.string_token(1),
            _ => {
                let special = if interpolated { "\\'\"{}\n" } else { "\\'\"%{\n" };
                self.string_token(rest.find(|c| special.contains(c)).unwrap_or(rest.len()));
            }
        }
    }

    fn field_part(&mut self) {
        let Some(OpenString { field: Some(depth), .. }) = self.open.last_mut() else { return };
        let rest = self.cursor.rest();
        match rest.chars().next() {
            Some('(' | '[' | '{') => *depth += 1,
            Some(')' | ']' | '}') if *depth > 0 => *depth -= 1,
            _ if *depth == 0 => {
                if let Some(length) = field_end(rest) {
                    if let Some(string) = self.open.last_mut() {
                        string.field = None;
                    }
                    return self.string_token(length);
                }
                return self.expression();
            }
            _ => return self.expression(),
        }
        self.code_token(1);
    }
}

/// What a backslash or a doubled brace escapes at the start of `text`, in bytes.
fn escape(text: &str, string: &OpenString) -> Option<usize> {
    if string.interpolated && (text.starts_with("{{") || text.starts_with("}}")) {
        return Some(2);
    }
    let behind = text.strip_prefix('\\')?;
    let next = behind.chars().next()?;
    if string.raw {
        // Only the rules of one-line strings know escapes in raw strings.
        let escaped = !string.triple && (matches!(next, '\\' | '\n') || next == string.quote);
        return escaped.then_some(2);
    }
    let digits = |from: usize, most: usize, radix: u32| {
        behind.get(from..).unwrap_or_default().chars().take(most).take_while(|c| c.is_digit(radix)).count()
    };
    let exactly = |wanted: usize| (digits(1, wanted, 16) == wanted).then_some(2 + wanted);
    match next {
        '\\' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '"' | '\'' | '\n' => Some(2),
        '0'..='7' => Some(1 + digits(0, 3, 8)),
        'x' => exactly(2),
        'u' if !string.bytes => exactly(4),
        'U' if !string.bytes => exactly(8),
        'N' if !string.bytes && behind.starts_with("N{") => {
            let name = behind.split('\n').next()?;
            name.find('}').map(|end| end + 2)
        }
        _ => None,
    }
}

/// The end of an f-string's field: `=`, a conversion, then `}` or the colon before the format.
fn field_end(text: &str) -> Option<usize> {
    let mut rest = text;
    if let Some(behind) = rest.strip_prefix('=') {
        rest = behind.trim_start_matches(crate::python_text::is_space);
    }
    if let Some(behind) = rest.strip_prefix('!')
        && behind.starts_with(['s', 'r', 'a', 'f'])
    {
        rest = behind.get(1..)?;
    }
    rest.starts_with(['}', ':']).then(|| text.len() - rest.len() + 1)
}

/// A string's prefix and quotes at the start of `text`: their length and what they open.
fn string_start(text: &str) -> Option<(usize, OpenString)> {
    let at = text.bytes().take(3).position(|byte| matches!(byte, b'\'' | b'"'))?;
    let prefix = text.get(..at)?.to_ascii_lowercase();
    let (raw, interpolated) = match prefix.as_str() {
        "" | "u" | "b" => (false, false),
        "r" | "rb" | "br" => (true, false),
        "f" | "t" => (false, true),
        "rf" | "fr" | "rt" | "tr" => (true, true),
        _ => return None,
    };
    let quoted = text.get(at..)?;
    let quote = quoted.chars().next()?;
    let triple = quoted.starts_with("\"\"\"") || quoted.starts_with("'''");
    Some((
        at + if triple { 3 } else { 1 },
        OpenString { quote, triple, raw, bytes: prefix.contains('b'), interpolated, field: None },
    ))
}
