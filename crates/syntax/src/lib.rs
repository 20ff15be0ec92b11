//! One file to its facts: language, counts, symbols, imports, calls, metrics. Knows no repository and does no I/O.
//!
//! [`Analyser::analyse`] parses with tree-sitter and walks the tree once; [`count()`] counts lines with tokei;
//! [`language_of`] says whether a tokei language has a grammar here. A language is one row in `languages/`.

mod count;
mod extract;
mod functions;
mod grammar;
mod languages;
mod maintainability;
mod members;
mod names;
mod patience;
mod registrations;
mod repair;
mod roles;
mod squeeze;
mod text;
mod walk;

pub use count::{Lines, count, language_of};
pub use maintainability::{halstead_volume, maintainability_index};
pub use names::SHORTEST as SHORTEST_NAME;

use codexa_model::Language;
use codexa_model::facts::{Cut, Facts, FileMetrics, ParseQuality};
use patience::Patience;
use std::ops::ControlFlow;
use std::time::Duration;
use tree_sitter::{ParseOptions, ParseState, Parser, Range};

/// How much work one file may cost. All but `time` count work, so that results do not depend on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file that is parsed, in bytes.
    pub max_bytes: usize,
    /// Deepest syntax tree that is walked.
    pub max_depth: usize,
    /// Most syntax nodes that are walked.
    pub max_nodes: u64,
    /// Backstop: the parser gives up after it has worked for this long.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 8 << 20, max_depth: 1_000, max_nodes: 8_000_000, time: Duration::from_millis(1_500) }
    }
}

/// Parsers, one per language, made when first needed. Not shared between threads: each worker has its own.
#[derive(Default)]
pub struct Analyser {
    parsers: Vec<(Language, Parser)>,
}

impl Analyser {
    /// An analyser without parsers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that the file says of itself. Never fails: what could not be read is labelled in [`Facts::parse`].
    pub fn analyse(&mut self, language: Language, source: &[u8], limits: &Limits) -> Facts {
        if source.len() > limits.max_bytes.min(u32::MAX as usize) {
            return unread(language, source, Cut::TooLarge);
        }
        let Some(parser) = self.parser(language) else { return unread(language, source, Cut::Crashed) };
        let patience = &Patience::begin(limits.time);
        let grammar = grammar::grammar(language);
        let mut left_out = grammar.extract.unexpected(source);
        let Some(mut tree) = parse_without(parser, source, patience, &left_out) else {
            return unread(language, source, Cut::TimedOut);
        };
        match repair::reread(parser, grammar, source, patience, &tree, &left_out) {
            Ok(Some(better)) => (tree, left_out) = better,
            Ok(None) => {}
            Err(repair::TimedOut) => return unread(language, source, Cut::TimedOut),
        }
        let mut reparse = |range: Range| {
            parser.set_included_ranges(&[range]).ok()?;
            let tree = parse(parser, source, patience);
            let all = parser.set_included_ranges(&[]);
            tree.filter(|_| all.is_ok())
        };
        walk::collect(language, grammar, &tree, source, &left_out, limits, &mut reparse)
    }

    /// The parser of a language. `None` only where the linked grammar's ABI does not fit the library.
    fn parser(&mut self, language: Language) -> Option<&mut Parser> {
        let at = match self.parsers.iter().position(|(known, _)| *known == language) {
            Some(at) => at,
            None => {
                let mut parser = Parser::new();
                parser.set_language(&grammar::grammar(language).language).ok()?;
                self.parsers.push((language, parser));
                self.parsers.len() - 1
            }
        };
        self.parsers.get_mut(at).map(|(_, parser)| parser)
    }
}

/// Parses all but some places, which stand in order.
fn parse_without(
    parser: &mut Parser,
    source: &[u8],
    patience: &Patience,
    left_out: &[std::ops::Range<usize>],
) -> Option<tree_sitter::Tree> {
    if left_out.is_empty() {
        return parse(parser, source, patience);
    }
    parser.set_included_ranges(&text::between(source, left_out)).ok()?;
    let tree = parse(parser, source, patience);
    let all = parser.set_included_ranges(&[]);
    tree.filter(|_| all.is_ok())
}

fn parse(parser: &mut Parser, source: &[u8], patience: &Patience) -> Option<tree_sitter::Tree> {
    let mut progress = |_: &ParseState| {
        if patience.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let mut read = |at: usize, _| source.get(at..).unwrap_or_default();
    let tree = parser.parse_with_options(&mut read, None, Some(options));
    if tree.is_none() {
        // An abandoned parse would be resumed on the next file.
        parser.reset();
    }
    tree
}

/// Facts of a file that was not parsed.
fn unread(language: Language, source: &[u8], cut: Cut) -> Facts {
    let bytes = text::number(source.len());
    Facts {
        language,
        module: None,
        symbols: Vec::new(),
        imports: Vec::new(),
        calls: Vec::new(),
        registrations: Vec::new(),
        conditions: Vec::new(),
        references: Vec::new(),
        annotations: Vec::new(),
        texts: Vec::new(),
        metrics: FileMetrics::default(),
        parse: ParseQuality { bytes, error_bytes: bytes, cut: Some(cut) },
    }
}

/// The grammar of a language, for harnesses that measure the parser alone.
#[must_use]
pub fn tree_sitter_grammar(language: Language) -> tree_sitter::Language {
    grammar::grammar(language).language.clone()
}
