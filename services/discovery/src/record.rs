//! What is kept in memory of each file while the model is built: a digest of its facts.
//!
//! The full facts (private symbols, spans, calls) go to the cache, from which queries answer; a model of 75,000 files
//! must fit in memory, so the digest holds only what relations, components and projections need.

pub use crate::links::{DeclinedView, FileLinks, LinkView};
pub use crate::scan::Class as FileClass;
pub use crate::sums::Sums;

use crate::graph::Edge;
use crate::imports::Imports;
use crate::offers::{Offer, Offers};
use codexa_model::facts::{Annotation, Facts, FileMetrics, Import, ParseQuality, Symbol, SymbolKind, Visibility};
use codexa_model::{Language, NameList};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One tracked file with everything the later stages need of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileRecord {
    /// Path in the repository, with `/`.
    pub path: Box<str>,
    /// The language's name as tokei knows it; `None` where it is unknown.
    pub language: Option<Box<str>>,
    /// What kind of file it is.
    pub class: FileClass,
    /// Bytes.
    pub bytes: u64,
    /// Lines, as tokei counts them; zero for binary and unread files.
    pub lines: LineCounts,
    /// The digest of its facts, for parsed files.
    pub digest: Option<Box<Digest>>,
    /// Why it was not parsed, where its language has a grammar.
    pub unread: Option<Unread>,
    /// The headings of a document, in order; none of what is no document, and in quick mode.
    pub headings: Vec<Box<str>>,
    /// Files that a build, a script or a document names, as written and sorted; none of other files, and in quick mode.
    pub mentions: Vec<Box<str>>,
}

/// Lines by kind, as tokei counts them, embedded languages included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCounts {
    /// Lines of code.
    pub code: u32,
    /// Lines of comment; zero where comments were not looked at.
    pub comments: u32,
    /// Blank lines; likewise.
    pub blanks: u32,
}

impl LineCounts {
    /// Lines of every kind.
    #[must_use]
    pub fn total(self) -> u32 {
        self.code.saturating_add(self.comments).saturating_add(self.blanks)
    }
}

/// Why a file was not read or not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// No permission, or gone while the run went on.
    Unreadable,
    /// Over the size limit.
    TooLarge,
    /// The worker did not answer in time.
    TimedOut,
    /// The worker died on it.
    Crashed,
    /// Binary, minified or vendored: counted, not parsed.
    Skipped,
    /// The run's budget was used up.
    Budget,
    /// Quick mode does not parse.
    QuickMode,
}

/// What relations, components and projections need of a file's facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The language it was parsed as.
    pub language: Language,
    /// The package or namespace it declares.
    pub module: Option<Box<str>>,
    /// Imports, as written.
    pub imports: Imports,
    /// Which of the imports stand in inline modules.
    pub scopes: Vec<codexa_resolve::InlineScope>,
    /// First and last lines of what is compiled for tests only (Rust's `#[cfg(test)]`, symbols under C's `#ifdef X_TEST`),
    /// sorted.
    pub test_lines: Vec<(u32, u32)>,
    /// Tests that it holds, as the runners of its language find them.
    pub tests: u32,
    /// Names defined at file level or directly in a namespace, sorted.
    pub definitions: NameList,
    /// Which of the definitions no other file can name, by index: private ones, where the language keeps to it.
    pub hidden: Vec<u32>,
    /// Which of the others only files of the same package can name, by index: Go's and Java's without a word for more.
    pub package_only: Vec<u32>,
    /// Public symbols, in source order: what the file offers. The model holds the same ones.
    pub offers: Arc<Offers>,
    /// What it is known by, summed up.
    pub sums: Sums,
    /// Names used, sorted.
    pub references: NameList,
    /// How often each of them is used, in the same order.
    pub uses: Vec<u32>,
    /// Symbols of every kind and visibility.
    pub symbols: u32,
    /// Functions and methods.
    pub functions: u32,
    /// Highest cyclomatic complexity of a function, and its qualified name.
    pub most_complex: Option<(Box<str>, u32)>,
    /// Measures of the whole file.
    pub metrics: FileMetrics,
    /// How well it was parsed.
    pub parse: ParseQuality,
    /// Entry points and outside contacts.
    pub behaviour: crate::behaviour::Behaviour,
}

impl Digest {
    /// Condenses a file's facts.
    #[must_use]
    pub fn of(path: &str, facts: Facts) -> Self {
        let functions = facts.symbols.iter().filter(|symbol| symbol.metrics.is_some()).count();
        let most_complex = facts
            .symbols
            .iter()
            .enumerate()
            .filter_map(|(index, symbol)| symbol.metrics.map(|metrics| (metrics.cyclomatic, index)))
            .max_by_key(|&(cyclomatic, index)| (cyclomatic, std::cmp::Reverse(index)))
            .map(|(cyclomatic, index)| (qualified_name(&facts.symbols, index), cyclomatic));
        let mut definitions: Vec<&str> = facts
            .symbols
            .iter()
            .filter(|symbol| symbol.kind != SymbolKind::Implementation && is_at_file_level(&facts, symbol.parent))
            .map(|symbol| &*symbol.name)
            .collect();
        definitions.sort_unstable();
        definitions.dedup();
        let hidden = hidden(&facts, &definitions);
        let package_only = package_only(&facts, &definitions, &hidden);
        let (definitions, offers) = (definitions.iter().collect(), offers(&facts.symbols));
        Self {
            sums: Sums::of(facts.language, facts.module.as_deref(), &definitions, &offers),
            language: facts.language,
            scopes: codexa_resolve::inline_scopes(&facts),
            test_lines: test_lines(&facts),
            tests: crate::tested::declared::count(&facts),
            definitions,
            hidden,
            package_only,
            offers: Arc::new(offers),
            references: facts.references.iter().map(|used| &used.name).collect(),
            uses: facts.references.iter().map(|used| used.count).collect(),
            symbols: count(facts.symbols.len()),
            functions: count(functions),
            most_complex,
            metrics: facts.metrics,
            parse: facts.parse,
            behaviour: crate::behaviour::of_file(path, &facts),
            module: facts.module,
            imports: Imports::of(&facts.imports),
        }
    }
}

/// The symbols that everyone may use.
fn offers(symbols: &[Symbol]) -> Offers {
    let mut offers = Offers::default();
    let mut name = QualifiedName::default();
    for (index, symbol) in symbols.iter().enumerate() {
        if symbol.kind != SymbolKind::Implementation && is_public(symbols, index) {
            let name = name.of(symbols, index);
            offers.push(Offer { name, kind: symbol.kind, documented: symbol.doc.is_some() });
        }
    }
    offers.shrink();
    offers
}

impl FileRecord {
    /// Whether all of these edges from the file stand in lines that are compiled for tests only.
    pub(crate) fn is_only_tested(&self, edges: &[Edge]) -> bool {
        !edges.is_empty() && edges.iter().all(|edge| self.is_for_tests(edge.line))
    }

    /// Whether what stands on a line is compiled for tests only.
    pub(crate) fn is_for_tests(&self, line: u32) -> bool {
        self.digest.as_ref().is_some_and(|digest| holds_line(&digest.test_lines, line))
    }

    /// The lines of its imports that are gone when the program runs.
    pub(crate) fn typed_lines(&self) -> BTreeSet<u32> {
        self.digest.as_ref().map(|digest| digest.imports.typed_lines()).unwrap_or_default()
    }
}

/// Whether a line is in one of these ranges.
pub(crate) fn holds_line(ranges: &[(u32, u32)], line: u32) -> bool {
    ranges.iter().any(|&(first, last)| (first..=last).contains(&line))
}

/// Lines of what is compiled for tests only.
fn test_lines(facts: &Facts) -> Vec<(u32, u32)> {
    let mut lines = match facts.language {
        Language::Rust => lines_under_attributes(facts),
        Language::C | Language::Cpp => {
            let symbols = crate::tested::declared::compiled_for_tests(facts);
            symbols.map(|symbol| (symbol.span.start_line, symbol.span.end_line)).collect()
        }
        _ => Vec::new(),
    };
    lines.sort_unstable();
    lines
}

/// Lines of what an attribute keeps for tests: of a symbol, or of an import, which is none.
fn lines_under_attributes(facts: &Facts) -> Vec<(u32, u32)> {
    let is_for_tests = |annotation: &&Annotation| match (&*annotation.name, annotation.arguments.as_deref()) {
        ("cfg", Some(condition)) => condition == "test" || condition.starts_with("all(test,"),
        (name, _) => name == "test" || name.ends_with("::test"),
    };
    let lines = facts.annotations.iter().filter(is_for_tests).filter_map(|annotation| {
        let symbol = annotation.symbol.and_then(|symbol| facts.symbols.get(symbol as usize)).map(|symbol| symbol.span);
        let next = |import: &&Import| (0..=ATTRIBUTES).contains(&import.line.saturating_sub(annotation.line));
        let imports = facts.imports.iter().filter(|import| import.line >= annotation.line).filter(next);
        let import = imports.map(|import| import.line).min();
        // The symbol is the next one in the file, wherever that is: an import before it is what the attribute stands on.
        match (import, symbol) {
            (Some(line), span) if span.is_none_or(|span| line < span.start_line) => Some((annotation.line, line)),
            (_, span) => span.map(|span| (span.start_line, span.end_line)),
        }
    });
    lines.collect()
}

/// Most lines from an attribute to the import that it stands on: other attributes may lie between.
const ATTRIBUTES: u32 = 2;

/// The definitions (sorted) that only private symbols of the file carry.
fn hidden(facts: &Facts, definitions: &[&str]) -> Vec<u32> {
    // What these call private is a wish; other files may name it and do.
    if matches!(facts.language, Language::Python | Language::Ruby | Language::Bash) {
        return Vec::new();
    }
    without(facts, definitions, |symbol| symbol.visibility != Visibility::Private)
}

/// The definitions (sorted) that a symbol carries which its package may name, and none that everyone may.
fn package_only(facts: &Facts, definitions: &[&str], hidden: &[u32]) -> Vec<u32> {
    if !matches!(facts.language, Language::Go | Language::Java) {
        return Vec::new();
    }
    let mut unexported = without(facts, definitions, |symbol| symbol.visibility == Visibility::Public);
    unexported.retain(|at| hidden.binary_search(at).is_err());
    unexported
}

/// The definitions (sorted), by index, that no symbol at file level carries which is like that.
fn without(facts: &Facts, definitions: &[&str], is_like_that: impl Fn(&Symbol) -> bool) -> Vec<u32> {
    let mut is_carried = vec![false; definitions.len()];
    let symbols = facts.symbols.iter().filter(|symbol| is_like_that(symbol));
    for symbol in symbols.filter(|symbol| is_at_file_level(facts, symbol.parent)) {
        if let Ok(at) = definitions.binary_search(&&*symbol.name)
            && let Some(carried) = is_carried.get_mut(at)
        {
            *carried = true;
        }
    }
    (0_u32..).zip(is_carried).filter(|(_, carried)| !carried).map(|(at, _)| at).collect()
}

/// The symbol's name with its enclosing symbols, joined by `.`.
#[must_use]
pub fn qualified_name(symbols: &[Symbol], index: usize) -> Box<str> {
    QualifiedName::default().of(symbols, index).into()
}

/// Room in which qualified names are put together, one after another.
#[derive(Default)]
struct QualifiedName<'s> {
    parts: Vec<&'s str>,
    name: String,
}

impl<'s> QualifiedName<'s> {
    fn of(&mut self, symbols: &'s [Symbol], index: usize) -> &str {
        self.parts.clear();
        let mut next = Some(index);
        while let Some(symbol) = next.and_then(|index| symbols.get(index)) {
            self.parts.push(&*symbol.name);
            next = parent_before(symbol.parent, next);
        }
        self.name.clear();
        for (at, part) in self.parts.iter().rev().enumerate() {
            self.name.push_str(if at > 0 { "." } else { "" });
            self.name.push_str(part);
        }
        &self.name
    }
}

/// A parent always stands before its child; anything else (a damaged cache) ends the chain instead of looping.
fn parent_before(parent: Option<u32>, child: Option<usize>) -> Option<usize> {
    let parent = parent? as usize;
    (parent < child?).then_some(parent)
}

fn is_at_file_level(facts: &Facts, parent: Option<u32>) -> bool {
    parent
        .is_none_or(|parent| facts.symbols.get(parent as usize).is_some_and(|symbol| symbol.kind == SymbolKind::Module))
}

/// Public all the way up.
#[must_use]
pub fn is_public(symbols: &[Symbol], index: usize) -> bool {
    let mut next = Some(index);
    while let Some(symbol) = next.and_then(|index| symbols.get(index)) {
        if symbol.visibility != Visibility::Public {
            return false;
        }
        next = parent_before(symbol.parent, next);
    }
    true
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
