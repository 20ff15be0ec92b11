//! Text for a terminal: aligned columns within 80 characters, nothing of them cut, untrusted names made visible.

use crate::coverage::{class_name, unread_name};
use crate::model::Model;
use crate::projections::is_visible;

/// Columns that every line fits into.
pub(crate) const WIDTH: usize = 80;

/// The text with everything invisible written as an escape, so that a file's name cannot steer a terminal.
pub(crate) fn clean(text: &str) -> String {
    if text.chars().all(is_visible) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len() + 8), |mut out, c| {
        if is_visible(c) {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
        out
    })
}

/// How a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Words: to the left, as wide as the widest.
    Left,
    /// Numbers: to the right.
    Right,
    /// Paths: to the left, in what the others leave; a longer one goes on, and what follows it stands on the next line.
    Flexible,
}

/// Rows under each other, two spaces in and two between columns. An empty first row of headings is left out. A path is never
/// cut: people copy it, and what tells it from others may be anywhere in it.
pub(crate) fn table(columns: &[(&str, Column)], rows: &[Vec<String>]) -> String {
    let headings: Vec<String> = columns.iter().map(|(heading, _)| (*heading).to_owned()).collect();
    let has_headings = headings.iter().any(|heading| !heading.is_empty());
    let all = || has_headings.then_some(&headings).into_iter().chain(rows);
    let widths = widths(columns, all);
    let mut out = String::new();
    for row in all() {
        let mut line = Line { out: &mut out, length: 0 };
        let mut start = 2;
        for ((cell, width), (_, column)) in row.iter().zip(&widths).zip(columns) {
            let length = cell.chars().count();
            let end = start + width;
            let to_the_end = end.saturating_sub(length).max(2);
            // What is too wide for its column takes what the cell before leaves, or what the one after would have.
            let free = line.length + 2;
            let has_room_after = to_the_end < free && free <= start && start + length <= WIDTH;
            let is_to_the_end = *column == Column::Right || length > *width && !has_room_after;
            let at = if is_to_the_end { to_the_end } else { start };
            line.put(cell, length, at);
            start = end + 2;
        }
        out.push('\n');
    }
    out
}

/// How wide columns are: as their widest cell; where that is too much together, paths share what the others leave, and narrow
/// ones stay whole.
fn widths<'r, I: Iterator<Item = &'r Vec<String>>>(columns: &[(&str, Column)], rows: impl Fn() -> I) -> Vec<usize> {
    let widest =
        |column: usize| rows().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns.len()).map(widest).collect();
    let is_flexible = |at: &usize| columns.get(*at).is_some_and(|(_, column)| *column == Column::Flexible);
    let (mut flexible, fixed): (Vec<usize>, Vec<usize>) = (0..columns.len()).partition(is_flexible);
    let width = |at: &usize| widths.get(*at).copied().unwrap_or(0);
    flexible.sort_by_key(width);
    let mut room = WIDTH.saturating_sub(2 * columns.len() + fixed.iter().map(width).sum::<usize>());
    for (taken, at) in flexible.iter().enumerate() {
        let share = room / (flexible.len() - taken);
        if let Some(width) = widths.get_mut(*at) {
            *width = (*width).min(share.max(12));
            room = room.saturating_sub(*width);
        }
    }
    widths
}

/// The line that a row is written on, and how much of it is.
struct Line<'o> {
    out: &'o mut String,
    length: usize,
}

impl Line<'_> {
    /// Writes a cell at a column, on a new line where this one reaches too far.
    fn put(&mut self, cell: &str, length: usize, at: usize) {
        if length == 0 {
            return;
        }
        if self.length > 0 && self.length + 2 > at {
            self.out.push('\n');
            self.length = 0;
        }
        self.out.extend(std::iter::repeat_n(' ', at - self.length));
        self.out.push_str(cell);
        self.length = at + length;
    }
}

/// `1,234,567`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `99.2 %` of a whole; 100 % only where nothing is missing, 0 % only where nothing is there.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 || part == whole {
        return "100 %".to_owned();
    }
    if part == 0 {
        return "0 %".to_owned();
    }
    let tenths = u128::from(part) * 1000 / u128::from(whole);
    let tenths = tenths.clamp(1, 999);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// `1 cycle`, `2 cycles`.
pub(crate) fn plural(n: u64, one: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {one}{s}", number(n))
}

/// A line that says how many rows were left out, or nothing.
pub(crate) fn more(shown: usize, all: usize, how: &str) -> String {
    let rest = all.saturating_sub(shown);
    if rest == 0 { String::new() } else { format!("  … {} more; {how}\n", number(rest as u64)) }
}

/// Words on lines of at most [`WIDTH`] characters; later lines begin with `indent`.
pub(crate) fn wrap(text: &str, indent: &str) -> String {
    let start = text.len() - text.trim_start_matches(' ').len();
    let mut out = " ".repeat(start);
    let mut length = start;
    for (at, word) in text.trim_start_matches(' ').split(' ').enumerate() {
        let size = word.chars().count();
        if at > 0 && length + 1 + size > WIDTH {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(indent);
            length = indent.chars().count();
        } else if at > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += size;
    }
    out.push('\n');
    out
}

/// Why nothing is known of how these files are bound to others, where none of them was read: no answer about them says
/// that there is nothing.
pub(crate) fn not_looked_at(model: &Model, files: &[u32]) -> Option<String> {
    let mut all = files.iter().filter_map(|&file| model.file(file));
    if let Some(cause) = model.not_read() {
        return Some(cause.to_owned());
    }
    if files.is_empty() || all.clone().any(|file| file.parsed.is_some()) {
        return None;
    }
    let first = all.next()?;
    Some(match (first.unread, &first.language) {
        (Some(reason), _) => format!("the file was not parsed ({})", unread_name(reason).replace('_', " ")),
        (None, Some(language)) => format!("{} is counted, not parsed: nobody looked for what uses it", clean(language)),
        (None, None) => format!("{} files are not parsed: nobody looked for what uses it", class_name(first.class)),
    })
}

/// The answer where nobody looked.
pub(crate) fn unknown(what: &str, cause: &str) -> String {
    format!("{}next: codexa discover --mode deep\n", wrap(&format!("no {what} are known: {cause}"), "  "))
}
