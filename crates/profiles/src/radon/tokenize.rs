//! CPython 3.11's `tokenize` (the regular-expression tokenizer of `Lib/tokenize.py`) as far as radon's line counts see
//! it: comments, strings, colons, semicolons, the rest, and which texts it accepts.
//!
//! radon feeds it growing runs of stripped lines until one run neither ends inside something nor has an error token.
//! Reading each run again is quadratic; [`Scanner`] reads each line twice at most: once as the last line of a run
//! (without its newline) and, when the run is not complete, once as a line in the middle.

use crate::python_text::is_word;

/// A token, as radon tells tokens apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenClass {
    Comment,
    String,
    Colon,
    Semicolon,
    /// `NL` or `NEWLINE`.
    LineEnd,
    /// Names, numbers and other operators.
    Other,
    /// The end marker.
    End,
}

/// What follows in the text.
pub(super) enum Accepted<'a, 'text> {
    /// The shortest run of lines that is accepted.
    Item(Item<'a, 'text>),
    /// No lines are left.
    End,
    /// No run that starts here is ever accepted.
    Never,
}

/// A run of lines and its tokens.
pub(super) struct Item<'a, 'text> {
    pub(super) lines: &'a [&'text str],
    /// Ends with [`TokenClass::End`].
    pub(super) tokens: &'a [TokenClass],
    /// Whether the first token is on one line.
    pub(super) first_token_ends_on_first_line: bool,
}

/// Splits stripped lines into items.
#[derive(Default)]
pub(super) struct Scanner<'text> {
    lines: Vec<&'text str>,
    tokens: Vec<TokenClass>,
}

impl<'text> Scanner<'text> {
    /// Takes as many `lines` as the next item needs.
    pub(super) fn next_item(&mut self, lines: &mut impl Iterator<Item = &'text str>) -> Accepted<'_, 'text> {
        self.lines.clear();
        self.tokens.clear();
        let mut state = State::default();
        loop {
            let Some(line) = lines.next() else {
                return if self.lines.is_empty() { Accepted::End } else { Accepted::Never };
            };
            self.lines.push(line);
            let before = self.tokens.len();
            let mut as_last = state;
            as_last.read_line(line, false, &mut self.tokens);
            if as_last.is_complete() {
                if !line.is_empty() && !line.starts_with('#') {
                    self.tokens.push(TokenClass::LineEnd);
                }
                self.tokens.push(TokenClass::End);
                return Accepted::Item(Item {
                    lines: &self.lines,
                    tokens: &self.tokens,
                    first_token_ends_on_first_line: !as_last.first_token_spans_lines,
                });
            }
            self.tokens.truncate(before);
            state.read_line(line, true, &mut self.tokens);
            if state.has_error {
                return Accepted::Never;
            }
        }
    }
}

/// A string that goes on in the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OpenString {
    quote: u8,
    triple: bool,
}

/// Where the tokenizer stands at the start of a line.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Below zero after an unmatched closing bracket: then nothing is complete until brackets balance again.
    brackets: i64,
    /// The line before ended with a backslash.
    continued: bool,
    string: Option<OpenString>,
    has_error: bool,
    first_token_spans_lines: bool,
}

impl State {
    fn is_complete(&self) -> bool {
        !self.has_error && self.string.is_none() && self.brackets == 0 && !self.continued
    }

    /// Reads one line, with its newline or as the end of the text.
    fn read_line(&mut self, line: &str, newline: bool, tokens: &mut Vec<TokenClass>) {
        if line.is_empty() && !newline {
            return; // the end of the text: what is open stays open
        }
        let mut at = 0;
        if let Some(open) = self.string {
            match string_end(line.as_bytes(), 0, open) {
                Some(end) => {
                    self.first_token_spans_lines |= tokens.is_empty();
                    tokens.push(TokenClass::String);
                    self.string = None;
                    at = end;
                }
                None => {
                    if !(open.triple || newline && line.ends_with('\\')) {
                        self.has_error = true;
                        self.string = None;
                    }
                    return;
                }
            }
        } else {
            self.continued = false;
        }
        while let Some(next) = self.read_token(line, at, newline, tokens) {
            at = next;
        }
        if newline && self.string.is_none() && !self.continued {
            tokens.push(TokenClass::LineEnd);
        }
    }

    /// Reads one token at byte `at`; gives where the next one starts, or `None` at the line's end.
    fn read_token(&mut self, line: &str, at: usize, newline: bool, tokens: &mut Vec<TokenClass>) -> Option<usize> {
        let rest = line.get(at..)?.trim_start_matches([' ', '\t', '\x0c']);
        let start = line.len() - rest.len();
        let first = rest.chars().next()?;
        if let Some((open, body)) = string_start(rest) {
            return self.read_string(line, start + body, open, newline, tokens);
        }
        if is_word(first) {
            tokens.push(TokenClass::Other);
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            return Some(start + end);
        }
        let after = start + first.len_utf8();
        match first {
            '#' => {
                tokens.push(TokenClass::Comment);
                return None;
            }
            '\\' if newline && after == line.len() => {
                self.continued = true;
                return None;
            }
            ':' if rest.starts_with(":=") => {
                tokens.push(TokenClass::Other);
                return Some(after + 1);
            }
            ':' => tokens.push(TokenClass::Colon),
            ';' => tokens.push(TokenClass::Semicolon),
            '(' | '[' | '{' => {
                self.brackets += 1;
                tokens.push(TokenClass::Other);
            }
            ')' | ']' | '}' => {
                self.brackets -= 1;
                tokens.push(TokenClass::Other);
            }
            '!' if rest.starts_with("!=") => {
                tokens.push(TokenClass::Other);
                return Some(after + 1);
            }
            '%' | '&' | '*' | '+' | ',' | '-' | '.' | '/' | '<' | '=' | '>' | '@' | '^' | '|' | '~' => {
                tokens.push(TokenClass::Other);
            }
            _ => self.has_error = true,
        }
        Some(after)
    }

    fn read_string(
        &mut self,
        line: &str,
        body: usize,
        open: OpenString,
        newline: bool,
        tokens: &mut Vec<TokenClass>,
    ) -> Option<usize> {
        if let Some(end) = string_end(line.as_bytes(), body, open) {
            tokens.push(TokenClass::String);
            return Some(end);
        }
        if open.triple || (newline && ends_in_escape(line.as_bytes(), body)) {
            self.string = Some(open);
            return None;
        }
        self.has_error = true; // an error token for the quote; the run can never be accepted again
        Some(body)
    }
}

/// The string that starts at the start of `text`, if any, and where its body starts.
fn string_start(text: &str) -> Option<(OpenString, usize)> {
    let bytes = text.as_bytes();
    let at = bytes.iter().take(3).position(|byte| matches!(byte, b'\'' | b'"'))?;
    if !is_prefix(bytes.get(..at)?) {
        return None;
    }
    let quote = *bytes.get(at)?;
    let triple = bytes.get(at..at + 3).is_some_and(|three| three.iter().all(|byte| *byte == quote));
    Some((OpenString { quote, triple }, at + if triple { 3 } else { 1 }))
}

fn is_prefix(prefix: &[u8]) -> bool {
    match prefix {
        [] => true,
        [one] => matches!(one.to_ascii_lowercase(), b'b' | b'r' | b'u' | b'f'),
        [one, two] => {
            matches!((one.to_ascii_lowercase(), two.to_ascii_lowercase()), (b'b' | b'f', b'r') | (b'r', b'b' | b'f'))
        }
        _ => false,
    }
}

/// Where the string ends in this line: behind its closing quotes.
fn string_end(line: &[u8], from: usize, open: OpenString) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr2(b'\\', open.quote, line.get(at..)?)?;
        if line.get(at) == Some(&b'\\') {
            at += 2; // an escaped character; its other bytes are no quotes
        } else if !open.triple {
            return Some(at + 1);
        } else if line.get(at..at + 3)?.iter().all(|byte| *byte == open.quote) {
            return Some(at + 3);
        } else {
            at += 1;
        }
    }
}

/// Whether the line's last byte is a backslash that is not itself escaped, counted from `from`.
fn ends_in_escape(line: &[u8], from: usize) -> bool {
    let body = line.get(from..).unwrap_or_default();
    body.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}
