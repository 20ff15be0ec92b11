//! What the headings of documents speak of.

use super::evidence::EVIDENCE;
use super::naming::Telling;
use super::stop::says_nothing;
use super::terms::{Terms, whole};
use super::words::{stem, words_of_path};
use crate::documents::Document;
use std::collections::BTreeSet;

/// All headings, by the words in them that files have.
pub(super) struct Headings<'a> {
    all: Vec<Heading<'a>>,
    /// Whether each word stands in one.
    holds: Vec<bool>,
}

/// A heading that may speak of something.
struct Heading<'a> {
    document: &'a Document,
    text: &'a str,
    /// Its words that files have, each once.
    terms: Vec<u32>,
    /// How many of its words say something.
    words: usize,
}

impl<'a> Headings<'a> {
    pub(super) fn of(documents: &'a [Document], terms: &Terms) -> Self {
        let mut headings = Self { all: Vec::new(), holds: vec![false; terms.count()] };
        for document in documents {
            let speaks = !tells_of_releases(&document.path);
            for text in &document.headings {
                let heading = headings.read(document, text, terms);
                if speaks && !heading.terms.is_empty() {
                    headings.all.push(heading);
                }
            }
        }
        headings
    }

    fn read(&mut self, document: &'a Document, text: &'a str, terms: &Terms) -> Heading<'a> {
        let mut heading = Heading { document, text, terms: Vec::new(), words: 0 };
        for word in words_of_path(text) {
            let term = terms.find(&word);
            if let Some(holds) = term.and_then(|term| self.holds.get_mut(term as usize)) {
                *holds = true;
            }
            if !says_nothing(&word, true) {
                heading.words += 1;
                heading.terms.extend(term.filter(|term| !heading.terms.contains(term)));
            }
        }
        heading
    }

    /// Whether a word stands in a heading.
    pub(super) fn hold(&self, term: u32) -> bool {
        self.holds.get(term as usize).copied().unwrap_or(false)
    }

    /// The headings that speak of these words most, each with the path of its document.
    pub(super) fn that_speak_of(&self, telling: &[Telling]) -> Vec<(Box<str>, Box<str>)> {
        let scored = self.all.iter().map(|heading| (heading.speaks_of(telling), heading));
        let mut found: Vec<(f32, &Heading<'_>)> = scored.filter(|(score, _)| *score > 0.0).collect();
        let place = |heading: &Heading<'a>| (&heading.document.path, heading.text);
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| place(a.1).cmp(&place(b.1))));
        found.dedup_by(|later, first| later.1.text == first.1.text);
        let first = found.into_iter().take(EVIDENCE);
        first.map(|(_, heading)| (heading.document.path.clone(), heading.text.into())).collect()
    }
}

impl Heading<'_> {
    /// How well it speaks of these words: the scores of those that it has, less for each word that it has besides.
    fn speaks_of(&self, telling: &[Telling]) -> f32 {
        let known = self.terms.iter().filter_map(|term| telling.iter().find(|word| word.term == *term));
        known.map(|word| word.score).sum::<f32>() / whole(self.words.max(1)).sqrt()
    }
}

/// Whether a document is a list of releases: what it says of a thing is when it changed.
fn tells_of_releases(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ["changelog", "changes", "history", "news", "release", "upgrad", "licen", "copying", "contributing"]
        .iter()
        .any(|start| name.starts_with(start) || (name.contains(start) && *start != "news"))
}

/// For each of these names, the headings that have all its words, with the path of the document: the shortest first, then in order.
pub(crate) fn headings_with<'d>(names: &[&str], documents: &'d [Document]) -> Vec<Vec<(&'d str, &'d str)>> {
    let stems = |text: &str| -> BTreeSet<String> {
        let telling = words_of_path(text).filter(|word| !says_nothing(word, true));
        telling.map(|word| stem(&word).to_owned()).collect()
    };
    let wanted: Vec<BTreeSet<String>> = names.iter().map(|name| stems(name)).collect();
    let known: BTreeSet<&str> = wanted.iter().flatten().map(String::as_str).collect();
    let mut found: Vec<Vec<(usize, &str, &str)>> = vec![Vec::new(); names.len()];
    for document in documents.iter().filter(|document| !tells_of_releases(&document.path)) {
        for heading in &document.headings {
            let words = stems(heading);
            if !words.iter().any(|word| known.contains(word.as_str())) {
                continue;
            }
            for (wanted, found) in wanted.iter().zip(&mut found) {
                if !wanted.is_empty() && wanted.is_subset(&words) {
                    found.push((words.len(), &document.path, heading));
                }
            }
        }
    }
    let first = |mut found: Vec<(usize, &'d str, &'d str)>| {
        found.sort_unstable();
        found.into_iter().take(EVIDENCE).map(|(_, path, heading)| (path, heading)).collect()
    };
    found.into_iter().map(first).collect()
}
