//! `pygount --format json`: line classes by the tokens that Pygments' lexers would give.
//!
//! Python, C, C++, Java, JavaScript, TypeScript, Go and Rust are lexed as Pygments 2.20 lexes them, as far as the class
//! of a line depends on it, plain text files too. A file of another language has the state `unknown`.

mod c_family;
mod cursor;
mod go;
mod java;
mod javascript;
mod language;
mod marks;
mod python;
mod rust;
mod select;
mod source;

use std::path::PathBuf;

use rustc_hash::FxHashMap;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{Error, Options, parallel, shown};
pub use marks::Counts;

/// pygount's output. `runtime` is left out: the same files give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    format_version: &'static str,
    pygount_version: &'static str,
    /// Every file that was looked at, by path.
    pub files: Vec<FileCounts>,
    /// Sums per language, in the order in which the files bring them.
    pub languages: Vec<LanguageCounts>,
    summary: Summary,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Counted.
    Analyzed,
    /// A zero byte without a byte order mark.
    Binary,
    /// The same bytes as another file.
    Duplicate,
    /// No bytes.
    Empty,
    /// It could not be read or decoded.
    Error,
    /// Its name or its first lines say that a program wrote it.
    Generated,
    /// No lexer for its name.
    Unknown,
}

impl State {
    const fn pseudo_language(self) -> &'static str {
        match self {
            Self::Analyzed => "__analyzed__",
            Self::Binary => "__binary__",
            Self::Duplicate => "__duplicate__",
            Self::Empty => "__empty__",
            Self::Error => "__error__",
            Self::Generated => "__generated__",
            Self::Unknown => "__unknown__",
        }
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileCounts {
    /// Lines with code.
    pub code_count: usize,
    /// Lines with comments and neither code nor strings.
    pub documentation_count: usize,
    /// Lines without any of them.
    pub empty_count: usize,
    /// The folder that was given, by name.
    pub group: String,
    /// Whether the numbers count toward sums.
    pub is_countable: bool,
    /// Pygments' name of the language, or the state between underscores.
    pub language: String,
    /// All lines.
    pub line_count: usize,
    /// The path as given, with what was found below it.
    pub path: String,
    /// What became of the file.
    pub state: State,
    /// Why, for some states.
    pub state_info: Option<String>,
    /// Lines with code or strings.
    pub source_count: usize,
}

/// One language.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LanguageCounts {
    /// Lines with comments and neither code nor strings.
    pub documentation_count: usize,
    documentation_percentage: f64,
    /// Lines with code.
    pub code_count: usize,
    code_percentage: f64,
    /// Lines without any of them.
    pub empty_count: usize,
    empty_percentage: f64,
    /// Files.
    pub file_count: usize,
    file_percentage: f64,
    is_pseudo_language: bool,
    /// Pygments' name, or a state between underscores.
    pub language: String,
    source_count: usize,
    source_percentage: f64,
    /// Lines with strings and no code.
    pub string_count: usize,
    string_percentage: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    total_code_count: usize,
    total_code_percentage: f64,
    total_documentation_count: usize,
    total_documentation_percentage: f64,
    total_empty_count: usize,
    total_empty_percentage: f64,
    total_file_count: usize,
    total_source_count: usize,
    total_source_percentage: f64,
    total_string_count: usize,
    total_string_percentage: f64,
}

/// A file's own result, before duplicates are known.
struct Analysis {
    language: String,
    counts: Counts,
    state: State,
    info: Option<String>,
    /// Size and hash of the content.
    content: Option<(u64, [u8; 32])>,
}

impl Analysis {
    fn of_state(state: State, info: Option<String>) -> Self {
        Self { language: state.pseudo_language().to_owned(), counts: Counts::default(), state, info, content: None }
    }
}

/// Contents of the files so far. Of several files with one content pygount names the first one when that was the first
/// of its size, else the last one.
#[derive(Default)]
struct Contents {
    first_of_size: FxHashMap<u64, ([u8; 32], String)>,
    last_with: FxHashMap<(u64, [u8; 32]), String>,
}

impl Contents {
    fn earlier(&mut self, content: (u64, [u8; 32]), path: &str) -> Option<String> {
        let (size, hash) = content;
        match self.first_of_size.get(&size) {
            None => {
                self.first_of_size.insert(size, (hash, path.to_owned()));
                None
            }
            Some((first, first_path)) if *first == hash => Some(first_path.clone()),
            Some(_) => self.last_with.insert(content, path.to_owned()),
        }
    }
}

/// Measures `paths` as pygount does without options.
pub(crate) fn measure(paths: &[PathBuf], options: &Options) -> Result<Report, Error> {
    let files = select::source_files(paths);
    let analyses = parallel::map(&files, options.threads, |file| analyse(&file.path))?;
    let mut seen = Contents::default();
    let mut counted = Vec::with_capacity(files.len());
    for (file, mut analysis) in files.into_iter().zip(analyses) {
        let path = shown(&file.path);
        if let Some(earlier) = analysis.content.and_then(|content| seen.earlier(content, &path)) {
            analysis = Analysis::of_state(State::Duplicate, Some(earlier));
        }
        counted.push(FileCounts {
            code_count: analysis.counts.code,
            documentation_count: analysis.counts.documentation,
            empty_count: analysis.counts.empty,
            group: file.group,
            is_countable: matches!(analysis.state, State::Analyzed | State::Duplicate),
            language: analysis.language,
            line_count: analysis.counts.lines(),
            path,
            state: analysis.state,
            state_info: analysis.info,
            source_count: analysis.counts.code + analysis.counts.string,
        });
    }
    Ok(Report::of(counted))
}

fn analyse(path: &std::path::Path) -> Analysis {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = match source::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Analysis::of_state(State::Error, Some(error)),
    };
    let content = Some((bytes.len() as u64, <[u8; 32]>::from(Sha256::digest(&bytes))));
    let analysis = if let Some(pattern) = source::generated_name(&name) {
        Analysis::of_state(State::Generated, Some(pattern.to_owned()))
    } else if bytes.is_empty() {
        Analysis::of_state(State::Empty, None)
    } else if source::is_binary(&bytes) {
        Analysis::of_state(State::Binary, None)
    } else if !language::is_known(&name) {
        Analysis::of_state(State::Unknown, None)
    } else {
        match source::decode(&bytes) {
            Ok(text) => analyse_text(&name, &text),
            Err(error) => Analysis::of_state(State::Error, Some(error)),
        }
    };
    Analysis { content, ..analysis }
}

fn analyse_text(name: &str, text: &str) -> Analysis {
    if let Some(reason) = source::generated_line(text) {
        return Analysis::of_state(State::Generated, Some(reason));
    }
    let Some(language) = language::of(name, text) else { return Analysis::of_state(State::Unknown, None) };
    Analysis {
        language: language.name().to_owned(),
        counts: language.count(text),
        state: State::Analyzed,
        info: None,
        content: None,
    }
}

/// Counts the lines of `text`, a file called `name`; `None` when its language has no lexer here.
pub fn count_text(name: &str, text: &str) -> Option<(&'static str, Counts)> {
    let language = language::of(name, text)?;
    Some((language.name(), language.count(text)))
}

fn percentage(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

impl Report {
    fn of(files: Vec<FileCounts>) -> Self {
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut sums: Vec<(&str, usize, Counts)> = Vec::new();
        let mut total = Counts::default();
        for file in &files {
            let counts = Counts {
                code: file.code_count,
                documentation: file.documentation_count,
                empty: file.empty_count,
                string: file.source_count - file.code_count,
            };
            let next = sums.len();
            let place = *places.entry(&file.language).or_insert(next);
            if place == next {
                sums.push((&file.language, 0, Counts::default()));
            }
            if let Some((_, number, sum)) = sums.get_mut(place) {
                *number += 1;
                sum.add(counts);
            }
            total.add(counts);
        }
        let languages =
            sums.iter().map(|(name, number, sum)| language_counts(name, *number, *sum, files.len())).collect();
        let lines = total.lines();
        let source = total.code + total.string;
        let summary = Summary {
            total_code_count: total.code,
            total_code_percentage: percentage(total.code, lines),
            total_documentation_count: total.documentation,
            total_documentation_percentage: percentage(total.documentation, lines),
            total_empty_count: total.empty,
            total_empty_percentage: percentage(total.empty, lines),
            total_file_count: files.len(),
            total_source_count: source,
            total_source_percentage: percentage(source, lines),
            total_string_count: total.string,
            total_string_percentage: percentage(total.string, lines),
        };
        Self { format_version: "1.1.0", pygount_version: "3.2.0", files, languages, summary }
    }
}

fn language_counts(name: &str, files: usize, sum: Counts, all_files: usize) -> LanguageCounts {
    let lines = sum.lines();
    let source = sum.code + sum.string;
    LanguageCounts {
        documentation_count: sum.documentation,
        documentation_percentage: percentage(sum.documentation, lines),
        code_count: sum.code,
        code_percentage: percentage(sum.code, lines),
        empty_count: sum.empty,
        empty_percentage: percentage(sum.empty, lines),
        file_count: files,
        file_percentage: percentage(files, all_files),
        is_pseudo_language: name.starts_with("__") && name.ends_with("__"),
        language: name.to_owned(),
        source_count: source,
        source_percentage: percentage(source, lines),
        string_count: sum.string,
        string_percentage: percentage(sum.string, lines),
    }
}
