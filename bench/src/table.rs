//! Results as a table that is also Markdown.

use crate::measure::Times;
use std::time::Duration;

/// One line of the table.
pub(crate) struct Row {
    what: String,
    codexa: String,
    against: String,
    figure: String,
    limit: String,
    verdict: Verdict,
}

/// What became of a comparison, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// The limit is kept.
    Kept,
    /// What it needs is not on this machine.
    Skipped,
    /// The limit is not kept.
    Missed,
    /// A program failed.
    Failed,
}

impl Row {
    /// A comparison that was not made, and why.
    pub(crate) fn not_made(what: &str, verdict: Verdict, why: String) -> Self {
        let nothing = String::new;
        Self { what: what.to_owned(), codexa: nothing(), against: why, figure: nothing(), limit: nothing(), verdict }
    }

    /// What became of it.
    pub(crate) fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Codexa's median as a multiple of the peer's, at most `limit` and `grace` seconds.
    pub(crate) fn ratio(what: String, codexa: &Times, peer: &str, theirs: &Times, limit: f64, grace: f64) -> Self {
        let (ours, other) = (codexa.median().as_secs_f64(), theirs.median().as_secs_f64());
        Self {
            what,
            codexa: spread(codexa),
            against: format!("{peer} {}", spread(theirs)),
            figure: format!("{:.2} x", ours / other),
            limit: if grace > 0.0 { format!("<= {limit} x + {grace:.2} s") } else { format!("<= {limit} x") },
            verdict: verdict(ours <= limit * other + grace),
        }
    }

    /// The peer's median as a multiple of Codexa's, at least `limit`.
    pub(crate) fn faster(what: String, codexa: &Times, peer: &str, theirs: &Times, limit: f64) -> Self {
        let times = theirs.median().as_secs_f64() / codexa.median().as_secs_f64();
        Self {
            what,
            codexa: spread(codexa),
            against: format!("{peer} {}", spread(theirs)),
            figure: format!("{times:.1} x faster"),
            limit: format!(">= {limit} x"),
            verdict: verdict(times >= limit),
        }
    }

    /// Codexa's median, under a time.
    pub(crate) fn under(what: String, codexa: &Times, limit: Duration) -> Self {
        let median = codexa.median();
        Self {
            what,
            codexa: spread(codexa),
            against: String::new(),
            figure: format!("{} ms", median.as_millis()),
            limit: format!("< {} ms", limit.as_millis()),
            verdict: verdict(median < limit),
        }
    }

    /// Bytes of memory, under a number of them.
    pub(crate) fn bytes(what: String, bytes: u64, limit: u64) -> Self {
        Self {
            what,
            codexa: String::new(),
            against: String::new(),
            figure: mebibytes(bytes),
            limit: format!("< {}", mebibytes(limit)),
            verdict: verdict(bytes < limit),
        }
    }

    fn cells(&self) -> [&str; 6] {
        [&self.what, &self.codexa, &self.against, &self.figure, &self.limit, self.verdict.name()]
    }
}

impl Verdict {
    fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Skipped => "skipped",
            Self::Missed => "MISSED",
            Self::Failed => "FAILED",
        }
    }
}

fn verdict(kept: bool) -> Verdict {
    if kept { Verdict::Kept } else { Verdict::Missed }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// A time with its range: `1.24 s (1.22-1.31)`.
pub(crate) fn spread(times: &Times) -> String {
    let (low, high) = times.range();
    format!("{} ({}-{})", seconds(times.median()), figure(low), figure(high))
}

/// A time with a unit: `1.24 s`.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{} s", figure(time))
}

fn figure(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{seconds:.3}") } else { format!("{seconds:.2}") }
}

/// The table, its columns aligned.
pub(crate) fn render(rows: &[Row]) -> String {
    const HEAD: [&str; 6] = ["comparison", "codexa", "against", "figure", "limit", "verdict"];
    let lines: Vec<[&str; 6]> = std::iter::once(HEAD).chain(rows.iter().map(Row::cells)).collect();
    let mut widths = [0; 6];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(&joined(line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"))));
        if at == 0 {
            text.push_str(&joined(widths.iter().map(|width| "-".repeat(*width))));
        }
    }
    text
}

fn joined(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::times;

    #[test]
    fn a_row_says_whether_its_limit_is_kept() {
        let (ours, theirs) = (times(&[1100, 1300, 1200]), times(&[1000, 1000, 1000]));
        let rows = [
            Row::ratio("deep".to_owned(), &ours, "floor", &theirs, 1.25, 0.0),
            Row::ratio("quick".to_owned(), &ours, "scc", &theirs, 1.0, 0.3),
            Row::faster("radon".to_owned(), &theirs, "radon", &ours, 20.0),
            Row::under("show".to_owned(), &times(&[42]), Duration::from_millis(300)),
            Row::bytes("memory".to_owned(), 3 << 30, 2 << 30),
            Row::not_made("linux", Verdict::Skipped, "no linux here".to_owned()),
        ];
        let expected = "\
| comparison | codexa                | against                  | figure       | limit           | verdict |
| ---------- | --------------------- | ------------------------ | ------------ | --------------- | ------- |
| deep       | 1.20 s (1.10-1.30)    | floor 1.00 s (1.00-1.00) | 1.20 x       | <= 1.25 x       | kept    |
| quick      | 1.20 s (1.10-1.30)    | scc 1.00 s (1.00-1.00)   | 1.20 x       | <= 1 x + 0.30 s | kept    |
| radon      | 1.00 s (1.00-1.00)    | radon 1.20 s (1.10-1.30) | 1.2 x faster | >= 20 x         | MISSED  |
| show       | 0.042 s (0.042-0.042) |                          | 42 ms        | < 300 ms        | kept    |
| memory     |                       |                          | 3072 MiB     | < 2048 MiB      | MISSED  |
| linux      |                       | no linux here            |              |                 | skipped |
";
        assert_eq!(render(&rows), expected);
    }
}
