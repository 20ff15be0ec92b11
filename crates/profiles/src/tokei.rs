//! `tokei -o json`, by tokei's own library.

use std::path::PathBuf;

use serde::Serialize;
use tokei::{Config, Language, Languages};

/// tokei's output: one entry per language, and `Total`.
#[derive(Debug, Serialize)]
pub struct Report {
    #[serde(flatten)]
    languages: Languages,
    #[serde(rename = "Total")]
    total: Language,
}

/// Sums of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// tokei's name of the language.
    pub language: &'static str,
    /// Files.
    pub files: usize,
    /// Lines of code.
    pub code: usize,
    /// Lines of comments.
    pub comments: usize,
    /// Blank lines.
    pub blanks: usize,
}

impl Report {
    /// The sums per language, by name.
    pub fn sums(&self) -> impl Iterator<Item = Sums> + '_ {
        self.languages.iter().map(|(language, counts)| Sums {
            language: language.name(),
            files: counts.reports.len(),
            code: counts.code,
            comments: counts.comments,
            blanks: counts.blanks,
        })
    }
}

/// Counts as tokei's command does without options. Files of a language come in the order of their paths: tokei lists
/// them in the order in which its threads finish.
pub(crate) fn measure(paths: &[PathBuf]) -> Report {
    let mut languages = Languages::new();
    languages.get_statistics(paths, &[], &Config::default());
    for language in languages.values_mut() {
        language.reports.sort_by(|a, b| a.name.cmp(&b.name));
        for reports in language.children.values_mut() {
            reports.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
    let mut total = languages.total();
    for reports in total.children.values_mut() {
        reports.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Report { languages, total }
}
