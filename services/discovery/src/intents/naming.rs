//! What clusters are called: the words that tell each from the others (class-based TF-IDF: M. Grootendorst, "BERTopic", 2022),
//! put together as they stand together in the code.

use super::FITTING;
use super::evidence::stem_of_file;
use super::headings::Headings;
use super::stop::{is_vague, says_nothing};
use super::terms::{Term, Terms, log2, names, whole};
use super::words::{Words, stem, words_of_path};
use crate::documents::Document;
use crate::record::FileRecord;
use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Words of a cluster that are kept, the most telling first.
pub(super) const TERMS_KEPT: usize = 8;
/// A word must stand in files with this share of a cluster's weight to name it.
pub(super) const NAMING_SHARE: f32 = 0.25;
/// The second word of a name scores at least this share of the first.
pub(super) const SECOND: f32 = 0.35;
/// A word that names files stands in the paths of at least this share of them, where there is one.
pub(super) const IN_NAME: f32 = 0.15;
/// Two words are one where more than this share of the names with the first has them side by side.
pub(super) const TOGETHER: f32 = 0.4;
/// How words are spelled and stand together is heard from so many files of a cluster.
pub(super) const FILES_HEARD: usize = 64;
/// What a word gains from standing in a heading.
const IN_HEADING: f32 = 1.3;
/// What it gains from standing in the paths of all files: half of them give half of it.
const IN_PATHS: f32 = 2.0;

/// A word that tells a cluster from the others.
#[derive(Clone, Debug)]
pub(super) struct Telling {
    pub(super) term: u32,
    /// As most of the cluster's files write it.
    pub(super) word: String,
    pub(super) score: f32,
    /// Share of the files, by what they weigh, that have it in their path.
    in_paths: f32,
}

/// What names stand on.
pub(super) struct Naming<'a> {
    pub(super) records: &'a [&'a FileRecord],
    pub(super) terms: &'a Terms,
    /// What each word counts over all files.
    totals: Vec<f32>,
    /// What the words of a cluster count on average.
    average: f32,
    pub(super) headings: Headings<'a>,
    /// The word that the name of each file begins with, and the folder of each: found when somebody asks.
    beginnings: OnceLock<Vec<Option<CompactString>>>,
    folders: OnceLock<Vec<Option<&'a str>>>,
}

/// What some files are called.
pub(super) struct Name {
    pub(super) text: String,
    /// The words of its first and its second phrase.
    pub(super) first: Vec<u32>,
    pub(super) second: Vec<u32>,
}

/// A name that a file has or gives.
#[derive(PartialEq, Eq, Hash)]
struct Given<'a> {
    words: Words<'a>,
    in_path: bool,
}

/// What a word comes to in a cluster.
#[derive(Clone, Copy, Default)]
struct Sum {
    weight: f32,
    /// What the files that have it, or have it in their paths, weigh.
    holders: f32,
    in_paths: f32,
}

impl<'a> Naming<'a> {
    /// For the files that take part, in so many clusters.
    pub(super) fn new(
        records: &'a [&'a FileRecord],
        terms: &'a Terms,
        clusters: usize,
        documents: &'a [Document],
    ) -> Self {
        let headings = Headings::of(documents, terms);
        let totals = vec![0.0; terms.count()];
        let (beginnings, folders) = (OnceLock::new(), OnceLock::new());
        let mut naming = Self { records, terms, totals, average: 0.0, headings, beginnings, folders };
        for file in (0_u32..).take(terms.len()) {
            let size = naming.size(file);
            for term in terms.of_file(file) {
                if let Some(total) = naming.totals.get_mut(term.id as usize) {
                    *total += term.weight * size;
                }
            }
        }
        naming.average = naming.totals.iter().sum::<f32>() / whole(clusters.max(1));
        naming
    }

    /// What a file weighs: the square root of its lines, so that neither many small files nor a large one alone decide.
    fn size(&self, file: u32) -> f32 {
        self.records.get(file as usize).map_or(0.0, |record| whole(record.lines.code as usize + 1).sqrt())
    }

    /// The words that tell these files from all others, the most telling first.
    pub(super) fn telling(&self, files: &[u32]) -> Vec<Telling> {
        let mut sums: FxHashMap<u32, Sum> = FxHashMap::default();
        let mut all = 0.0;
        for &file in files {
            let size = self.size(file);
            all += size;
            for &Term { id, weight, in_path } in self.terms.of_file(file) {
                let sum = sums.entry(id).or_default();
                sum.weight += weight * size;
                sum.holders += size;
                sum.in_paths += if in_path { size } else { 0.0 };
            }
        }
        sums.retain(|&term, sum| sum.holders >= NAMING_SHARE * all && !self.terms.is_common(term));
        let telling = |(term, sum): (u32, Sum)| {
            let total = self.totals.get(term as usize).copied().unwrap_or(0.0);
            let rare = log2(1.0 + self.average / total.max(f32::MIN_POSITIVE));
            let known = if self.headings.hold(term) { IN_HEADING } else { 1.0 } * (1.0 + IN_PATHS * sum.in_paths / all);
            let score = sum.weight / all * rare * (sum.holders / all).sqrt() * known;
            Telling { term, word: String::new(), score, in_paths: sum.in_paths / all }
        };
        let mut found: Vec<Telling> = sums.into_iter().map(telling).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.term.cmp(&b.term)));
        found.truncate(TERMS_KEPT);
        found
    }

    /// The name of these files by their telling words, which are given their spelling, and the words in it; `None` where no
    /// word tells them from others.
    pub(super) fn name(&self, files: &[u32], telling: &mut [Telling]) -> Option<Name> {
        let spoken = Spoken::of(self, files, telling);
        let spelling = |term| spoken.spelling(term).unwrap_or_else(|| self.terms.text(term)).to_owned();
        for word in telling.iter_mut() {
            word.word = spelling(word.term);
        }
        let in_paths = |word: &&Telling| word.in_paths >= IN_NAME;
        // People call files by what they are about; what only stands in them names them where no such word is there.
        let first = telling.iter().find(in_paths).or_else(|| telling.first())?;
        let one = spoken.phrase(first, telling, &[]);
        let is_new = |word: &Telling| one.iter().all(|&term| !says_the_same(&spelling(term), &word.word));
        let is_second =
            |word: &&Telling| in_paths(word) == in_paths(&first) && word.score >= SECOND * first.score && is_new(word);
        let two = telling.iter().find(is_second).map(|word| spoken.phrase(word, telling, &one)).unwrap_or_default();
        let text = |phrase: &[u32]| phrase.iter().map(|term| spelling(*term)).collect::<Vec<_>>().join(" ");
        let name = if two.is_empty() { text(&one) } else { format!("{} and {}", text(&one), text(&two)) };
        Some(Name { text: name, first: one, second: two })
    }

    /// What files are called together that no word of their own tells from others: the word that the names of most of them
    /// begin with, or the folder that most of them lie in, where few others do. Here a word that says nothing elsewhere will
    /// do, `tool` of `tool_help.c`, but not one that may mean anything, nor the project's own. Also the share of the files, by
    /// what they weigh, that are called so.
    pub(super) fn by_place(&self, files: &[u32]) -> Option<(String, f64)> {
        let beginning = |path: &'a str| words_of_path(path.rsplit('/').next().map(stem_of_file)?).next();
        let folder = |path: &'a str| path.rsplit_once('/').map(|(folder, _)| folder);
        let last = |folder: &str| folder.rsplit('/').next().unwrap_or_default().to_owned();
        let is_common = |word: &str| self.terms.find(word).is_some_and(|term| self.terms.is_common(term));
        let is_own = |(name, _): &(String, f64)| !words_of_path(name).any(|word| is_vague(&word) || is_common(&word));
        let beginnings = || self.of_paths(beginning);
        let found = self.called(files, self.beginnings.get_or_init(beginnings)).filter(is_own);
        let by_folder = || {
            let (folder, share) = self.called(files, self.folders.get_or_init(|| self.of_paths(folder)))?;
            Some((last(&folder), share)).filter(is_own)
        };
        found.or_else(by_folder)
    }

    fn of_paths<T>(&self, by: impl Fn(&'a str) -> Option<T>) -> Vec<Option<T>> {
        self.records.iter().map(|record| by(&record.path)).collect()
    }

    /// What most of these files are called by, and few others. `names` is what each file is called by.
    fn called(&self, files: &[u32], names: &[Option<impl AsRef<str>>]) -> Option<(String, f64)> {
        let called = |file: u32| names.get(file as usize)?.as_ref().map(AsRef::as_ref);
        let mut own: BTreeMap<&str, f32> = BTreeMap::new();
        for &file in files {
            if let Some(name) = called(file) {
                *own.entry(name).or_default() += self.size(file);
            }
        }
        let (name, own) = own.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0)))?;
        let sum = |files: &mut dyn Iterator<Item = u32>| f64::from(files.map(|file| self.size(file)).sum::<f32>());
        let everywhere = sum(&mut (0_u32..).take(self.terms.len()).filter(|file| called(*file) == Some(name)));
        let (own, all) = (f64::from(own), sum(&mut files.iter().copied()));
        (own >= FITTING * all && own >= FITTING * everywhere).then(|| (name.to_owned(), own / all))
    }

    /// Whether a file has one of these words in its path.
    pub(super) fn is_called(&self, file: u32, words: &[u32]) -> bool {
        self.terms.of_file(file).iter().any(|term| term.in_path && words.contains(&term.id))
    }

    /// Whether a name has one of these words.
    pub(super) fn speaks_of(&self, name: &str, words: &[u32]) -> bool {
        words_of_path(name).filter_map(|word| self.terms.find(&word)).any(|term| words.contains(&term))
    }

    /// Whether a file has one of these words.
    pub(super) fn has(&self, file: u32, words: &[u32]) -> bool {
        self.terms.of_file(file).iter().any(|term| words.contains(&term.id))
    }

    /// The share of these files, by what they weigh, that have one of these words.
    pub(super) fn fits(&self, files: &[u32], words: &[u32]) -> f64 {
        let sum = |files: &mut dyn Iterator<Item = &u32>| files.map(|&file| self.size(file)).sum::<f32>();
        let has = |file: &&u32| self.has(**file, words);
        let (own, all) = (sum(&mut files.iter().filter(has)), sum(&mut files.iter()));
        f64::from(own) / f64::from(all.max(f32::MIN_POSITIVE))
    }
}

/// How the words of a cluster stand in its names, each of which counts once: a header and its source say the same.
struct Spoken {
    /// Names by how they spell a word.
    spellings: BTreeMap<u32, BTreeMap<CompactString, u32>>,
    /// Names that have a word.
    words: BTreeMap<u32, u32>,
    /// Names in which two words stand side by side.
    pairs: BTreeMap<(u32, u32), u32>,
}

impl Spoken {
    fn of(naming: &Naming<'_>, files: &[u32], telling: &[Telling]) -> Self {
        let mut spoken = Self { spellings: BTreeMap::new(), words: BTreeMap::new(), pairs: BTreeMap::new() };
        let stems: Vec<(&str, u32)> = telling.iter().map(|word| (naming.terms.text(word.term), word.term)).collect();
        let find = |word: &str| {
            let own = stem(word);
            stems.iter().find(|(telling, _)| *telling == own).map(|(_, term)| *term)
        };
        let mut seen: FxHashSet<Given<'_>> = FxHashSet::default();
        let step = files.len().div_ceil(FILES_HEARD).max(1);
        for record in files.iter().step_by(step).filter_map(|&file| naming.records.get(file as usize)) {
            seen.extend(names(record).map(|(words, _, in_path)| Given { words, in_path }));
        }
        for name in seen {
            let mut found: Vec<(u32, CompactString)> = Vec::new();
            let mut before = None;
            for word in name.words {
                let term = find(&word).filter(|_| !says_nothing(&word, name.in_path));
                if let Some(pair) = before.zip(term).filter(|(a, b)| a != b) {
                    *spoken.pairs.entry(pair).or_default() += 1;
                }
                before = term;
                found.extend(term.map(|term| (term, word)));
            }
            found.sort_unstable();
            found.dedup_by_key(|(term, _)| *term);
            for (term, word) in found {
                *spoken.words.entry(term).or_default() += 1;
                *spoken.spellings.entry(term).or_default().entry(word).or_default() += 1;
            }
        }
        spoken
    }

    /// The spelling in most names; of several the shortest, which is the singular.
    fn spelling(&self, term: u32) -> Option<&str> {
        let all = self.spellings.get(&term).into_iter().flatten();
        let best = all.max_by_key(|(word, names)| (**names, Reverse(word.len()), Reverse(*word)));
        best.map(|(word, _)| word.as_str())
    }

    /// The word alone, or with the one that mostly stands beside it.
    fn phrase(&self, word: &Telling, telling: &[Telling], taken: &[u32]) -> Vec<u32> {
        let other = |pair: &(u32, u32)| if pair.0 == word.term { pair.1 } else { pair.0 };
        let all = self.words.get(&word.term).copied().unwrap_or(0);
        let fits = |(pair, names): &(&(u32, u32), &u32)| {
            (pair.0 == word.term || pair.1 == word.term)
                && **names > 1
                && whole(**names as usize) >= TOGETHER * whole(all as usize)
                && !taken.contains(&other(pair))
                && telling.iter().any(|known| known.term == other(pair))
        };
        let best = self.pairs.iter().filter(fits).max_by_key(|(pair, names)| (**names, Reverse(**pair)));
        best.map_or_else(|| vec![word.term], |(pair, _)| vec![pair.0, pair.1])
    }
}

/// Whether two words begin so much alike that they say one thing: `conn` and `connection`, `template` and `templating`,
/// `crc16` and `crc64`.
fn says_the_same(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let shorter = one.chars().count().min(other.chars().count());
    common == shorter || (common >= 4 && common * 4 >= shorter * 3)
}

/// A name as a part of an id: words of small letters and digits, joined by `-`.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{says_the_same, slug};

    #[test]
    fn words_that_begin_alike_say_the_same() {
        for (one, other) in [("conn", "connection"), ("templating", "template"), ("crc16", "crc64"), ("auth", "auth")] {
            assert!(says_the_same(one, other) && says_the_same(other, one), "{one} {other}");
        }
        for (one, other) in [("rdb", "rio"), ("session", "server"), ("stream", "string"), ("acl", "aof")] {
            assert!(!says_the_same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_is_a_slug_without_signs() {
        assert_eq!(slug("kstream and streams (window)"), "kstream-and-streams-window");
        assert_eq!(slug("Über/x"), "über-x");
    }
}
