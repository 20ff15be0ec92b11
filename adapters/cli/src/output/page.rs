//! The text of one answer, line by line, aligned for 80 columns.

use super::{diagnostics, escape};
use anstyle::{AnsiColor, Style};
use codexa_model::Diagnostic;
use std::collections::BTreeMap;
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr;

/// Columns that every answer fits into, as far as its names do.
const WIDTH: usize = 80;
/// The one accent colour.
pub(super) const ACCENT: Style = AnsiColor::Cyan.on_default().bold();
/// For what matters less.
const DIM: Style = Style::new().dimmed();

/// Text for people. Everything that is added is escaped; styles are added here only, and the stream drops them where
/// colours are not wanted.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// A heading: a strong word, what it is about, and something at the right edge.
    pub fn heading(&mut self, word: &str, about: &str, right: &str) {
        let (word, about, right) = (escape(word), escape(about), escape(right));
        let mut line = format!("{ACCENT}{word}{ACCENT:#}  {about}");
        if !right.is_empty() {
            let used = word.width() + 2 + about.width() + right.width();
            line.extend(std::iter::repeat_n(' ', WIDTH.saturating_sub(used).max(2)));
            line.push_str(&format!("{DIM}{right}{DIM:#}"));
        }
        self.push(line.trim_end());
    }

    /// One line.
    pub fn line(&mut self, text: &str) {
        let line = text.lines().map(|line| escape(line).into_owned()).collect::<Vec<_>>().join("\n");
        self.push(&line);
    }

    /// Lines that are laid out already; the first is emphasised up to its first double space, and a last `next:` too.
    pub fn laid_out(&mut self, text: &str) {
        for (at, line) in text.lines().enumerate() {
            let line = escape(line);
            match (at, line.strip_prefix("  next: ")) {
                (0, _) => {
                    let (head, rest) = line.split_at(line.find("  ").unwrap_or(line.len()));
                    self.push(&format!("{ACCENT}{head}{ACCENT:#}{rest}"));
                }
                (_, Some(step)) => self.push(&format!("  next: {ACCENT}{step}{ACCENT:#}")),
                _ => self.push(&line),
            }
        }
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Rows with aligned columns, indented by two. The last column is never padded.
    pub fn rows<const N: usize>(&mut self, rows: &[[String; N]]) {
        let escaped: Vec<[String; N]> =
            rows.iter().map(|row| row.each_ref().map(|cell| escape(cell).into_owned())).collect();
        let mut widths = [0_usize; N];
        for row in &escaped {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        for row in &escaped {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(widths) {
                line.push_str("  ");
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
            }
            self.push(line.trim_end());
        }
    }

    /// Rows of two columns, and what is to be said of each: beside it where that fits, else on lines below, at the right.
    pub fn attributed(&mut self, rows: &[([String; 2], Vec<String>)]) {
        let safe = |text: &String| escape(text).into_owned();
        let wide = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| safe(text).width()).max().unwrap_or(0);
        let first = wide(&mut rows.iter().map(|(cells, _)| &cells[0]));
        let last = wide(&mut rows.iter().flat_map(|(_, notes)| notes)).min(WIDTH / 2);
        // What is longer than the room between them takes a line of its own and widens nobody else's.
        let room = WIDTH.saturating_sub(first + last + 6).max(8);
        let fitting = rows.iter().map(|(cells, _)| safe(&cells[1]).width()).filter(|width| *width <= room);
        let second = fitting.max().unwrap_or(0);
        let edge = first + second + 6;
        for ([key, value], notes) in rows {
            let mut line = format!("  {}", padded(&safe(key), first + 2));
            line.push_str(&safe(value));
            for note in notes.iter().map(safe) {
                let at = edge.min(WIDTH.saturating_sub(note.width())).max(4);
                if line.width() + 2 > at {
                    self.push(line.trim_end());
                    line.clear();
                }
                line = padded(&line, at) + &note;
                self.push(&line);
                line.clear();
            }
            if !line.is_empty() {
                self.push(line.trim_end());
            }
        }
    }

    /// The next step, at the end of an answer.
    pub fn next(&mut self, step: &str) {
        let step = escape(step);
        self.push(&format!("  next: {ACCENT}{step}{ACCENT:#}"));
    }

    /// A diagnostic with its source line, if one of the sources holds it.
    pub fn diagnostic(&mut self, diagnostic: &Diagnostic, sources: &BTreeMap<PathBuf, String>) {
        let text = diagnostics::render(diagnostic, sources);
        self.push(&text);
    }

    /// What was written, with styles.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// The text with spaces up to a width.
fn padded(text: &str, width: usize) -> String {
    let spaces = width.saturating_sub(text.width());
    text.chars().chain(std::iter::repeat_n(' ', spaces)).collect()
}

/// The text in lines of at most so many columns, as far as its words allow; one at least.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.width() + 1 + word.width() <= width => *line = format!("{line} {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `1 file`, `2 files`.
#[must_use]
pub fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
