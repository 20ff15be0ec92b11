//! The log of runs: a table that people read, and the same as lines of JSON.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// One run. Wall-clock times live here and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Iteration {
    /// Its number, from 1.
    pub iteration: u32,
    /// When it began, RFC 3339 UTC.
    pub began: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// `deep`, `quick` or `code-only`.
    pub mode: String,
    /// The commit the model stands on.
    pub basis_commit: Option<String>,
    /// Version of Codexa.
    pub codexa: String,
    /// Files of the model.
    pub files: u32,
    /// Files that were read in this run; the others were known.
    pub read: u32,
    /// Files that were parsed.
    pub parsed: u32,
    /// Components.
    pub components: u32,
    /// Relations between files.
    pub relations: u32,
    /// Imports that led to a file.
    pub resolved: u64,
    /// Imports that did not.
    pub declined: u64,
    /// Whether anything was cut.
    pub partial: bool,
    /// Tracked files that have new content.
    pub written: u32,
    /// Hashes of the configuration the run inherited: name and SHA-256.
    pub configuration: Vec<(String, String)>,
}

/// Rows of the table; older runs stay in the lines of JSON.
const ROWS: usize = 50;

/// The log as it is in the project: lines that are no runs (a conflict's marks, a later version's) stay as they are.
#[derive(Debug, Default)]
pub(crate) struct Log {
    lines: Vec<u8>,
    runs: Vec<Iteration>,
}

impl Log {
    pub(crate) fn new(mut lines: Vec<u8>) -> Self {
        if lines.last().is_some_and(|last| *last != b'\n') {
            lines.push(b'\n');
        }
        let runs = lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        Self { lines, runs }
    }

    /// The number of the run that comes next.
    pub(crate) fn next(&self) -> u32 {
        self.runs.iter().map(|run| run.iteration).max().unwrap_or(0).saturating_add(1)
    }

    pub(crate) fn add(&mut self, run: Iteration) {
        if serde_json::to_writer(&mut self.lines, &run).is_ok() {
            self.lines.push(b'\n');
        }
        self.runs.push(run);
    }

    pub(crate) fn lines(&self) -> &[u8] {
        &self.lines
    }

    pub(crate) fn into_runs(self) -> Vec<Iteration> {
        self.runs
    }

    pub(crate) fn table(&self) -> String {
        table(&self.runs)
    }
}

/// The table, newest run first.
fn table(runs: &[Iteration]) -> String {
    let mut text = String::from(
        "# Discovery runs\n\nWritten by `codexa discover`, newest first. Every run with all figures: `iterations.jsonl`.\n\n\
         | run | began (UTC) | took | mode | basis | files | read | parsed | components | relations | resolved | partial |\n\
         | ---: | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    for run in runs.iter().rev().take(ROWS) {
        let basis = run.basis_commit.as_deref().and_then(|id| id.get(..8)).unwrap_or("none");
        let took = if run.milliseconds < 1_000 {
            format!("{} ms", run.milliseconds)
        } else {
            format!("{}.{} s", run.milliseconds / 1_000, run.milliseconds % 1_000 / 100)
        };
        let _ = writeln!(
            text,
            "| {} | {} | {took} | {} | {basis} | {} | {} | {} | {} | {} | {} of {} | {} |",
            run.iteration,
            run.began.trim_end_matches('Z').replace('T', " "),
            run.mode,
            run.files,
            run.read,
            run.parsed,
            run.components,
            run.relations,
            run.resolved,
            run.resolved.saturating_add(run.declined),
            if run.partial { "yes" } else { "no" },
        );
    }
    text
}

/// Seconds since 1970 as RFC 3339 in UTC (Howard Hinnant's `civil_from_days`).
pub(crate) fn rfc3339(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_dates() {
        for (seconds, date) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_826_154, "2000-02-29T12:09:14Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (4_102_444_800, "2100-01-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds), date);
        }
    }

    #[test]
    fn what_is_no_run_stays_in_the_log() {
        let mut log = Log::new(b"<<<<<<< a\n{\n\xff\n[]".to_vec());
        assert_eq!(log.next(), 1);
        let run = Iteration { iteration: u32::MAX, resolved: u64::MAX, declined: 1, ..Iteration::default() };
        log.add(run);
        let text = String::from_utf8_lossy(log.lines()).into_owned();
        assert!(text.starts_with("<<<<<<< a\n{\n\u{fffd}\n[]\n{\"iteration\":4294967295,"), "{text}");
        assert_eq!(Log::new(log.lines().to_vec()).next(), u32::MAX);
        assert!(log.table().contains("| 4294967295 |"));
    }
}
