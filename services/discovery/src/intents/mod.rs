//! What the code is for: clusters of files that belong together, named by the words that tell them from the others.
//!
//! [`mod@graph`] binds files by uses, words and folders; [`mod@leiden`] finds the clusters ([`mod@clusters`]), [`stability`] how far
//! they depend on chance, [`naming`] what they are called, and [`evidence`] what they stand on; [`find`] puts it together. A
//! cluster that is small, that chance made, or that no word tells from the others is no intent: its files are counted, with
//! the reason.

mod clusters;
mod evidence;
mod find;
mod graph;
mod headings;
pub mod leiden;
mod memory;
mod naming;
pub mod stability;
mod stop;
mod terms;
mod words;

pub(crate) use evidence::telling_end;
pub(crate) use headings::headings_with;
pub use memory::Memory;
pub(crate) use terms::said;
pub(crate) use words::{stem, words, words_of_path};

use crate::components::Components;
use crate::documents::Document;
use crate::graph::{FileGraph, References};
use crate::query::text::plural;
use crate::record::FileRecord;
use clusters::{LARGE, LOOSE, SETTLED, effort, resolution};
use evidence::EVIDENCE;
use find::fewest_files;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A cluster that is found again less than this should not be trusted (C. Hennig, `fpc::clusterboot`).
const STABLE: f64 = 0.6;
/// A name of which less than this share of the files has a word is none.
const FITTING: f64 = 0.5;
/// A group is two where neither word of its name is in more than this share of its files, and hardly a file has both.
const MOST: f64 = 0.75;
/// A file without a word of its intent's name belongs to it with this share of its bonds.
const BOUND: f32 = 0.67;
/// Most intents.
const MAX_INTENTS: usize = 60;
/// Fewer files that ship are no system to find parts in.
const FEWEST_FILES: usize = 4;
/// Of fewer files groups say little: in repositories of this size later commits changed files of one group together no more
/// often than any files (`docs/evidence/hotspots.md`).
const FEW_FILES: u32 = 30;
/// What the id of an intent begins with.
pub const PREFIX: &str = "intent:";

/// Every threshold and cap that shapes intents where so many files take part; shares in percent.
#[must_use]
pub fn thresholds(taking_part: usize) -> Vec<(&'static str, u64)> {
    let shares = [
        ("intent_files_alike_percent", graph::ALIKE.into()),
        ("intent_large_file_bound_percent", LOOSE),
        ("intent_file_bound_percent", BOUND.into()),
        ("intent_file_settled_percent", SETTLED),
        ("intent_name_fits_percent", FITTING),
        ("intent_name_apart_percent", MOST),
        ("intent_name_in_paths_percent", naming::IN_NAME.into()),
        ("intent_name_second_percent", naming::SECOND.into()),
        ("intent_name_together_percent", naming::TOGETHER.into()),
        ("intent_name_within_percent", naming::NAMING_SHARE.into()),
        ("intent_resolution_percent", resolution(taking_part)),
        ("intent_stable_percent", STABLE),
        ("intent_word_common_percent", terms::COMMON_SHARE.into()),
    ];
    let counts = [
        ("intent_evidence_max", EVIDENCE),
        ("intent_fewest_files", fewest_files(taking_part)),
        ("intent_few_files_percent_of_lines", usize::try_from(LARGE).unwrap_or(usize::MAX)),
        ("intent_files_alike_max", graph::ALIKE_FILES),
        ("intent_name_files_heard", naming::FILES_HEARD),
        ("intent_names_per_file", terms::MAX_NAMES),
        ("intent_rounds_max", effort(taking_part).1),
        ("intent_seeds", effort(taking_part).0),
        ("intent_terms_max", naming::TERMS_KEPT),
        ("intent_word_max_files", graph::MAX_FILES_OF_WORD),
        ("intent_words_compared", graph::WORDS_COMPARED),
        ("intents_few_files_that_ship", FEW_FILES as usize),
        ("intents_fewest_files_that_ship", FEWEST_FILES),
        ("intents_max", MAX_INTENTS),
    ];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "constants between 0 and 10")]
    let shares = shares.into_iter().map(|(name, share): (_, f64)| (name, (share * 100.0).round() as u64));
    shares.chain(counts.into_iter().map(|(name, count)| (name, count as u64))).collect()
}

/// What intents are found in.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// Every file, sorted by path.
    pub records: &'a [&'a FileRecord],
    /// Which depends on which.
    pub graph: &'a FileGraph,
    /// Who uses which name.
    pub references: &'a References,
    /// The parts of the system.
    pub components: &'a Components,
    /// Documents, sorted by path.
    pub documents: &'a [Document],
}

/// What the code is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Intents {
    /// The intents, ranked by their share and how sure they are.
    pub all: Vec<Intent>,
    /// The intent of each file of the model.
    pub of_file: Vec<Option<u32>>,
    /// How far clusters are found again from other seeds, 0 to 1, over all files that take part.
    pub stability: f64,
    /// The modularity of the partition that intents were taken from.
    pub modularity: f64,
    /// Files that take part: code that people write and ship.
    pub files: u32,
    /// Of them, files without an intent, by the reason.
    pub unnamed: BTreeMap<Unnamed, u32>,
    /// Why there are none, where they were not looked for.
    pub declined: Option<Box<str>>,
    /// Documents whose headings were read.
    pub documents: u32,
    /// Files that take part and were not parsed: only their paths speak for them.
    pub unparsed: u32,
    /// Pairs of files that are known to have changed together.
    pub co_changes: u32,
}

/// Why files that take part have no intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unnamed {
    /// Their cluster has too few files.
    Small,
    /// Their cluster is not found again from other seeds.
    Unstable,
    /// They have no word of their cluster's name, or other seeds put them elsewhere.
    Stray,
    /// No word tells their cluster from the others.
    NoWord,
    /// There are more clusters than [`MAX_INTENTS`], and theirs is among the smallest.
    BeyondCap,
}

impl Unnamed {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Unstable => "unstable",
            Self::Stray => "stray",
            Self::NoWord => "no_word",
            Self::BeyondCap => "beyond_cap",
        }
    }

    /// For people, after a number of files.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Small => "in groups too small to be an intent",
            Self::Unstable => "in groups that chance made",
            Self::Stray => "that no group holds for sure",
            Self::NoWord => "in groups that no word tells from the others",
            Self::BeyondCap => "in groups beyond the most that are listed",
        }
    }
}

/// Files that are there for one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// `intent:` and its name.
    pub id: Box<str>,
    /// A few words.
    pub name: Box<str>,
    /// The words that tell it from the others with their scores, the most telling first.
    pub terms: Vec<(Box<str>, f32)>,
    /// Its files, where to begin first: those that are called by a word of its name, but for errors and helpers, then those
    /// that lie in a folder that is, then the others; among each those that the rest leans on most.
    pub files: Vec<u32>,
    /// Share of the lines of code and of the reference rank of all files that take part: the mean of both.
    pub share: f64,
    /// Pairs of files that take part of which one depends on the other, both in it.
    pub edges_inside: u32,
    /// The same with one of them outside.
    pub edges_outside: u32,
    /// How far it is found again from other seeds, 0 to 1.
    pub stability: f64,
    /// Share of its files, by size, that have a word of its name, 0 to 1.
    pub named_by: f64,
    /// Components that its files lie in, most files first.
    pub components: Vec<u32>,
    /// Headings that speak of it, each with the path of its document.
    pub headings: Vec<(Box<str>, Box<str>)>,
    /// What others use of it, by file: what speaks of its name first, then what is used most.
    pub symbols: Vec<(u32, Box<str>)>,
}

impl Intent {
    /// What it is ranked by: its share, less where it is unsure.
    fn weight(&self) -> f64 {
        self.share * f64::from(self.confidence())
    }

    /// Whether it is one large file that no group holds.
    #[must_use]
    pub fn is_one_file(&self) -> bool {
        self.files.len() == 1
    }

    /// How sure it is, in percent: no surer than it is stable and than its name fits its files.
    #[must_use]
    pub fn confidence(&self) -> u8 {
        percent(self.stability.min(self.named_by))
    }

    /// How far it is found again from other seeds, in percent.
    #[must_use]
    pub fn stable(&self) -> u8 {
        percent(self.stability)
    }

    /// Share of its files, by size, that have a word of its name, in percent.
    #[must_use]
    pub fn fits(&self) -> u8 {
        percent(self.named_by)
    }

    /// Share of the edges at its files that stay inside, in percent; `None` where there are none.
    #[must_use]
    pub fn cohesion(&self) -> Option<u8> {
        let all = self.edges_inside + self.edges_outside;
        (all > 0).then(|| percent(f64::from(self.edges_inside) / f64::from(all)))
    }
}

impl Intents {
    /// The intent with this id, with or without `intent:`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        let slug = id.strip_prefix(PREFIX).unwrap_or(id);
        self.all.iter().position(|intent| intent.id.strip_prefix(PREFIX) == Some(slug))
    }

    /// What could not be known in a run of this mode, one sentence each.
    #[must_use]
    pub fn not_known(&self, mode: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        match (mode, self.documents) {
            _ if self.declined.is_some() => return all,
            ("code-only", _) => all.push(
                "code-only: no document and no `discovery.context` was read, so that no heading names an intent".into(),
            ),
            (_, 0) => all.push("no document with headings was found, so that none names an intent".into()),
            _ => {}
        }
        if self.files < FEW_FILES {
            let files = plural(self.files.into(), "file");
            all.push(format!("with only {files}, groups say little: changes mostly span several of them"));
        }
        if self.co_changes == 0 {
            all.push("of files that changed together nothing took part: it is not known, or withheld".into());
        }
        if self.unparsed > 0 {
            let files = plural(self.unparsed.into(), "file");
            let (are, paths) =
                if self.unparsed == 1 { ("is", "its path speaks") } else { ("are", "their paths speak") };
            all.push(format!("{files} of {} {are} not parsed: only {paths}", self.files));
        }
        all
    }
}

fn percent(share: f64) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let whole = (share.clamp(0.0, 1.0) * 100.0).round() as u8;
    whole
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
