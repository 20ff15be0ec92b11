//! What the model knows and what it does not, counted.

use crate::components::{Component, is_code};
use crate::model::Model;
use crate::record::{FileClass, FileLinks, FileRecord, Unread};
use codexa_model::Language;
use codexa_model::facts::Cut;
use codexa_model::manifest::{ComponentsWithIntent, Reach};
use codexa_model::relation::DeclineReason;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A share of bytes under this counts as parsed whole; the rest is shown as parsed in part.
pub const WHOLE: f64 = 0.99;

/// What was looked at, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Tracked files, by class.
    pub classes: BTreeMap<FileClass, u32>,
    /// Files of code that are ours, by language.
    pub languages: BTreeMap<Box<str>, LanguageCoverage>,
    /// Files of languages with a grammar that should be parsed.
    pub files_to_parse: u32,
    /// Of them, files that were parsed, whole or in part.
    pub files_parsed: u32,
    /// Bytes of those files.
    pub bytes_to_parse: u64,
    /// Of them, bytes that were understood.
    pub bytes_parsed: u64,
    /// Files that were not parsed although their language has a grammar, by reason.
    pub unread: BTreeMap<Unread, Vec<u32>>,
    /// Files that were parsed in part, sorted.
    pub gaps: Vec<Gap>,
    /// What the imports came to.
    pub imports: ImportCoverage,
}

/// One language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageCoverage {
    /// How deep it is looked into.
    pub reach: Reach,
    /// Its files.
    pub files: u32,
    /// Of them, files that were parsed.
    pub parsed: u32,
    /// Lines of code.
    pub code: u64,
    /// Lines of comment.
    pub comments: u64,
}

/// A file that was parsed in part.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// The file.
    pub file: u32,
    /// Share of its bytes that was not understood, 0 to 1.
    pub share: f64,
    /// Why the walk ended early, if it did.
    pub cut: Option<Cut>,
}

/// What the imports came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCoverage {
    /// Imports read.
    pub total: u64,
    /// Imports that led to a file of the repository.
    pub resolved: u64,
    /// Imports that did not, by reason.
    pub declined: Declines,
    /// Targets that should lead into the repository and do not, or that were not looked for to the end: reason and target
    /// to the files that import it.
    pub gaps: BTreeMap<(Box<str>, Box<str>), Vec<u32>>,
}

impl Coverage {
    /// Counts over all files, which stand in the model's order with their links.
    #[must_use]
    pub fn new(records: &[&FileRecord], links: &[&FileLinks]) -> Self {
        let parsed_names: BTreeSet<&str> = Language::ALL.iter().map(|language| language.name()).collect();
        let mut all = Self::default();
        for ((file, record), links) in (0_u32..).zip(records).zip(links) {
            *all.classes.entry(record.class).or_default() += 1;
            all.count_language(record, &parsed_names);
            all.count_parsing(file, record);
            all.imports.count(file, record, links);
        }
        all
    }

    /// Whether anything was cut or left unread that should have been read. Files that are skipped by rule (vendored,
    /// minified, binary) cut nothing.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.unread.keys().any(|reason| is_cut(*reason)) || self.gaps.iter().any(|gap| gap.cut.is_some())
    }

    fn count_language(&mut self, record: &FileRecord, parsed_names: &BTreeSet<&str>) {
        let Some(language) = record.language.as_ref().filter(|_| is_code(record)) else { return };
        let has_grammar = record.digest.is_some() || record.unread.is_some() || parsed_names.contains(&**language);
        let entry = self.languages.entry(language.clone()).or_insert(LanguageCoverage {
            reach: Reach::Counted,
            files: 0,
            parsed: 0,
            code: 0,
            comments: 0,
        });
        if has_grammar {
            entry.reach = Reach::Parsed;
        }
        entry.files += 1;
        entry.parsed += u32::from(record.digest.is_some());
        entry.code += u64::from(record.lines.code);
        entry.comments += u64::from(record.lines.comments);
    }

    fn count_parsing(&mut self, file: u32, record: &FileRecord) {
        if let Some(reason) = record.unread {
            self.unread.entry(reason).or_default().push(file);
            if is_cut(reason) {
                self.files_to_parse += 1;
                self.bytes_to_parse += record.bytes;
            }
        }
        let Some(digest) = &record.digest else { return };
        self.files_to_parse += 1;
        self.files_parsed += 1;
        let (bytes, lost) =
            (u64::from(digest.parse.bytes), u64::from(digest.parse.error_bytes.min(digest.parse.bytes)));
        self.bytes_to_parse += bytes;
        self.bytes_parsed += bytes - lost;
        let understood = digest.parse.confidence();
        if digest.parse.cut.is_some() || understood < WHOLE {
            self.gaps.push(Gap { file, share: 1.0 - understood, cut: digest.parse.cut });
        }
    }
}

impl ImportCoverage {
    fn count(&mut self, file: u32, record: &FileRecord, links: &FileLinks) {
        let imports = record.digest.as_ref().map_or(0, |digest| u64::from(digest.imports.count()));
        let declined = links.declined().len() as u64;
        self.total += imports.max(declined);
        self.resolved += imports.saturating_sub(declined);
        self.declined.add(links);
        for import in links.declined() {
            if matches!(import.reason, DeclineReason::Ambiguous | DeclineReason::Cut | DeclineReason::NotFound) {
                let files = self.gaps.entry((reason_name(&import.reason).into(), import.target.into())).or_default();
                if files.last() != Some(&file) {
                    files.push(file);
                }
            }
        }
    }

    /// Imports that should lead into the repository and do not. Where one leads that is computed when the program runs
    /// nobody knows.
    #[must_use]
    pub fn open(&self) -> u32 {
        self.declined.ambiguous + self.declined.not_found
    }
}

/// Imports that led to no file, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declines {
    /// More than one file could be meant.
    pub ambiguous: u32,
    /// A bound ended the search.
    pub cut: u32,
    /// Computed when the program runs.
    pub dynamic: u32,
    /// A dependency from outside.
    pub external: u32,
    /// Made by a build or script of the repository.
    pub made: u32,
    /// It should be in the repository and is not.
    pub not_found: u32,
    /// The language's standard library.
    pub standard_library: u32,
}

impl Declines {
    /// Those of one file.
    #[must_use]
    pub fn of(links: &FileLinks) -> Self {
        let mut counts = Self::default();
        counts.add(links);
        counts
    }

    fn add(&mut self, links: &FileLinks) {
        for import in links.declined() {
            *match import.reason {
                DeclineReason::Ambiguous => &mut self.ambiguous,
                DeclineReason::Cut => &mut self.cut,
                DeclineReason::Dynamic => &mut self.dynamic,
                DeclineReason::External(_) => &mut self.external,
                DeclineReason::Made => &mut self.made,
                DeclineReason::NotFound => &mut self.not_found,
                DeclineReason::StandardLibrary => &mut self.standard_library,
            } += 1;
        }
    }

    /// The reasons that occur, sorted by name.
    pub fn named(self) -> impl Iterator<Item = (&'static str, u32)> {
        let all = [
            ("ambiguous", self.ambiguous),
            ("cut", self.cut),
            ("dynamic", self.dynamic),
            ("external", self.external),
            ("made", self.made),
            ("not_found", self.not_found),
            ("standard_library", self.standard_library),
        ];
        all.into_iter().filter(|(_, count)| *count > 0)
    }
}

/// Of which components with code that ships it is known what they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Purposes<'m> {
    /// How many.
    pub components: ComponentsWithIntent,
    /// Ids of those of which neither the code nor a person says it, sorted.
    pub without_intent: Vec<&'m str>,
}

impl<'m> Purposes<'m> {
    /// Those of a model; `None` where intents were not looked for.
    #[must_use]
    pub fn of(model: &'m Model) -> Option<Self> {
        if model.intents.declined.is_some() {
            return None;
        }
        let is_answered = |id: &str| model.stated.iter().any(|stated| &*stated.what == "intent" && &*stated.of == id);
        let mut found = Self::default();
        let holds_source = |component: &&Component| {
            let mut files = component.files.iter().filter_map(|file| model.file(*file));
            files.any(|file| file.is_code && file.class == FileClass::Source)
        };
        for component in model.components.all.iter().filter(|it| it.kind.ships()).filter(holds_source) {
            let count = &mut found.components;
            count.ship += 1;
            if has_intent(model, component) {
                count.with_intent += 1;
            } else if is_answered(&component.id) {
                count.answered += 1;
            } else {
                found.without_intent.push(&component.id);
            }
        }
        found.without_intent.sort_unstable();
        Some(found)
    }
}

/// Whether files of an intent lie in a component.
pub(crate) fn has_intent(model: &Model, component: &Component) -> bool {
    component.files.iter().any(|file| model.intents.of_file.get(*file as usize).is_some_and(Option::is_some))
}

/// Whether a reason for not parsing takes something away that the model should have.
#[must_use]
pub fn is_cut(reason: Unread) -> bool {
    !matches!(reason, Unread::Skipped | Unread::QuickMode)
}

/// The name of a reason, in files and on screens.
#[must_use]
pub fn reason_name<Name>(reason: &DeclineReason<Name>) -> &'static str {
    match reason {
        DeclineReason::External(_) => "external",
        DeclineReason::StandardLibrary => "standard_library",
        DeclineReason::Ambiguous => "ambiguous",
        DeclineReason::Dynamic => "dynamic",
        DeclineReason::Made => "made",
        DeclineReason::NotFound => "not_found",
        DeclineReason::Cut => "cut",
    }
}

/// The name of a class, in files and on screens.
#[must_use]
pub fn class_name(class: FileClass) -> &'static str {
    match class {
        FileClass::Source => "source",
        FileClass::Test => "test",
        FileClass::Generated => "generated",
        FileClass::Vendored => "vendored",
        FileClass::Minified => "minified",
        FileClass::Binary => "binary",
        FileClass::Documentation => "documentation",
        FileClass::Configuration => "configuration",
    }
}

/// The name of a reason for not parsing, in files and on screens.
#[must_use]
pub fn unread_name(reason: Unread) -> &'static str {
    match reason {
        Unread::Unreadable => "unreadable",
        Unread::TooLarge => "too_large",
        Unread::TimedOut => "timed_out",
        Unread::Crashed => "crashed",
        Unread::Skipped => "skipped",
        Unread::Budget => "budget",
        Unread::QuickMode => "quick_mode",
    }
}

/// The name of a cut, in files and on screens.
#[must_use]
pub fn cut_name(cut: Cut) -> &'static str {
    match cut {
        Cut::TooDeep => "too_deep",
        Cut::TooLarge => "too_large",
        Cut::TooManyNodes => "too_many_nodes",
        Cut::TimedOut => "timed_out",
        Cut::Crashed => "crashed",
    }
}
