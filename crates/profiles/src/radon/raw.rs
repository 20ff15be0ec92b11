//! radon's line counts (`raw.py`): each shortest run of stripped lines that `tokenize` accepts is one item.

use serde::Serialize;

use super::tokenize::{Accepted, Scanner, TokenClass};
use crate::python_text;

/// `radon raw -j` of one file. `loc = sloc + blank + multi + single_comments` always holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Raw {
    /// The sum of the classes below; not always the file's number of lines.
    pub loc: usize,
    /// Logical lines.
    pub lloc: usize,
    /// Lines of code.
    pub sloc: usize,
    /// Comments, also those behind code.
    pub comments: usize,
    /// Lines of strings that stand alone over more than one line.
    pub multi: usize,
    /// Blank lines.
    pub blank: usize,
    /// Lines that are a comment, or a string that stands alone on one line.
    pub single_comments: usize,
}

/// Counts the lines of `text`.
///
/// # Errors
/// radon's error for a file that `tokenize` does not accept to its end.
pub(super) fn analyze(text: &str) -> Result<Raw, String> {
    let mut raw = Raw::default();
    let mut lines = python_text::split_lines(text).map(python_text::strip);
    let mut scanner = Scanner::default();
    let mut line_number = 1;
    loop {
        let item = match scanner.next_item(&mut lines) {
            Accepted::Item(item) => item,
            Accepted::End => break,
            Accepted::Never => return Err(format!("SyntaxError at line: {line_number}")),
        };
        line_number += item.lines.len();
        raw.count(item.lines, item.tokens, item.first_token_ends_on_first_line);
    }
    raw.loc = raw.sloc + raw.blank + raw.multi + raw.single_comments;
    Ok(raw)
}

impl Raw {
    fn count(&mut self, lines: &[&str], tokens: &[TokenClass], first_on_one_line: bool) {
        self.comments += tokens.iter().filter(|token| **token == TokenClass::Comment).count();
        let blank = lines.iter().filter(|line| line.is_empty()).count();
        match tokens {
            [TokenClass::Comment, rest @ ..] if all_line_ends(rest) => self.single_comments += 1,
            [TokenClass::String, rest @ ..] if all_line_ends(rest) => {
                if first_on_one_line {
                    self.single_comments += 1;
                } else {
                    self.multi += lines.len() - blank;
                    self.blank += blank;
                }
            }
            _ => {
                self.sloc += lines.len() - blank;
                self.blank += blank;
            }
        }
        self.lloc += tokens.split(|token| *token == TokenClass::Semicolon).map(logical_lines).sum::<usize>();
    }
}

fn all_line_ends(tokens: &[TokenClass]) -> bool {
    tokens.iter().all(|token| matches!(token, TokenClass::LineEnd | TokenClass::End))
}

/// Logical lines of one part between semicolons: 2 when a block follows its last colon, else 1, 0 without code.
///
/// radon means "only the end marker follows" by "exactly one token follows", also in the parts that have no end marker:
/// `if a: b; c` is 2 logical lines, `if a: b(); c` is 3.
fn logical_lines(part: &[TokenClass]) -> usize {
    let significant = || part.iter().filter(|token| !matches!(token, TokenClass::Comment | TokenClass::LineEnd));
    match significant().rev().position(|token| *token == TokenClass::Colon) {
        Some(behind) => 2 - usize::from(behind == 1),
        None => usize::from(significant().any(|token| *token != TokenClass::End)),
    }
}
