//! What files talk about: the words of their names, of their folders, and of what they define, weighed by how few files
//! use them (TF-IDF).

use super::stop::says_nothing;
use super::words::{Words, stem, words, words_of_path};
use crate::offers::Offers;
use crate::record::FileRecord;
use crate::sums::{Half, half};
use codexa_model::NameList;
use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Names that are read of one file: what defines more is a table, and says the same again and again.
pub(super) const MAX_NAMES: usize = 400;
/// A word in the names of more than this share of files and the folders around them is the project's, not a part's.
pub(super) const COMMON_SHARE: f32 = 0.5;
/// What a word in the name of the file counts against one in the name of a definition.
const IN_FILE_NAME: f32 = 6.0;
/// The same in the names of the folders around it, from the nearest.
const IN_FOLDERS: [f32; 3] = [3.0, 1.5, 0.75];

/// The words of all files, by their stems.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub(super) struct Terms {
    #[serde(skip)]
    ids: FxHashMap<Box<str>, u32>,
    /// The stem of each.
    texts: Vec<Box<str>>,
    /// How many files each stands in.
    files: Vec<u32>,
    /// Whether each is the project's word.
    is_common: Vec<bool>,
    /// What each file's words were read from.
    keys: Vec<Half>,
    /// The words of each file, each once, in the order in which they stand there.
    of_file: Vec<Vec<Term>>,
}

/// [`Terms`] as they are kept: the stems say which id is whose.
#[derive(Deserialize)]
struct Kept {
    texts: Vec<Box<str>>,
    files: Vec<u32>,
    is_common: Vec<bool>,
    keys: Vec<Half>,
    of_file: Vec<Vec<Term>>,
}

impl From<Kept> for Terms {
    fn from(kept: Kept) -> Self {
        let Kept { texts, files, is_common, keys, of_file } = kept;
        let ids = texts.iter().cloned().zip(0_u32..).collect();
        Self { ids, texts, files, is_common, keys, of_file }
    }
}

/// A word of a file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Term {
    pub(super) id: u32,
    /// What it counts in the file.
    pub(super) weight: f32,
    /// Whether it stands in the file's name or near it in its path.
    pub(super) in_path: bool,
}

impl Terms {
    /// Reads the names of these files of the project with this name, but for those whose words are known from `before`.
    pub(super) fn of(project: &str, records: &[&FileRecord], keys: Vec<Half>, before: &Self) -> Self {
        let mut known = Known::of(before);
        let mut terms = Self { of_file: Vec::with_capacity(records.len()), ..Self::default() };
        for (record, key) in records.iter().zip(&keys) {
            let words = known.words(key, &mut terms).unwrap_or_else(|| terms.read(record));
            for id in words.iter().map(|term| term.id) {
                if let Some(files) = terms.files.get_mut(id as usize) {
                    *files += 1;
                }
            }
            terms.of_file.push(words);
        }
        terms.keys = keys;
        terms.is_common = terms.common(project, records);
        terms
    }

    /// The words of a file, each once, in the order of the first of each.
    fn read(&mut self, record: &FileRecord) -> Vec<Term> {
        let mut found: Vec<(usize, Term)> = Vec::new();
        for (words, weight, in_path) in names(record) {
            let terms = telling(words, in_path).map(|stem| Term { id: self.id(&stem), weight, in_path });
            found.extend((found.len()..).zip(terms));
        }
        found.sort_by_key(|(_, term)| term.id);
        found.dedup_by(|(_, later), (_, first)| {
            let is_same = later.id == first.id;
            if is_same {
                first.weight += later.weight;
                first.in_path |= later.in_path;
            }
            is_same
        });
        found.sort_unstable_by_key(|(at, _)| *at);
        // The tenth use of a word says less than the second.
        found.into_iter().map(|(_, term)| Term { weight: log2(1.0 + term.weight), ..term }).collect()
    }

    /// Number of files.
    pub(super) fn len(&self) -> usize {
        self.of_file.len()
    }

    /// Number of words.
    pub(super) fn count(&self) -> usize {
        self.files.len()
    }

    /// The words of a file.
    pub(super) fn of_file(&self, file: u32) -> &[Term] {
        self.of_file.get(file as usize).map_or(&[], Vec::as_slice)
    }

    /// How rare a word is: the logarithm of the share of files that it stands in.
    pub(super) fn rarity(&self, term: u32) -> f32 {
        log2((whole(self.len()) + 1.0) / (whole(self.files(term) as usize) + 0.5)).max(0.0)
    }

    /// How many files a word stands in.
    pub(super) fn files(&self, term: u32) -> u32 {
        self.files.get(term as usize).copied().unwrap_or(0)
    }

    /// Whether a word is the project's and not a part's.
    pub(super) fn is_common(&self, term: u32) -> bool {
        self.is_common.get(term as usize).copied().unwrap_or(false)
    }

    /// The stem of a word.
    pub(super) fn text(&self, term: u32) -> &str {
        self.texts.get(term as usize).map_or("", |text| text)
    }

    /// The id of a word, where a file has it.
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        self.ids.get(stem(word)).copied()
    }

    fn id(&mut self, stem: &str) -> u32 {
        if let Some(&id) = self.ids.get(stem) {
            return id;
        }
        let id = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.ids.insert(stem.into(), id);
        self.texts.push(stem.into());
        self.files.push(0);
        id
    }

    /// The words of the project's name, and those that most paths have.
    fn common(&self, project: &str, records: &[&FileRecord]) -> Vec<bool> {
        let mut paths = vec![0_u32; self.count()];
        for record in records {
            let mut ids: Vec<u32> = words_of_path(&record.path).filter_map(|word| self.find(&word)).collect();
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                if let Some(paths) = paths.get_mut(id as usize) {
                    *paths += 1;
                }
            }
        }
        let most = COMMON_SHARE * whole(records.len());
        let mut is_common: Vec<bool> = paths.into_iter().map(|paths| whole(paths as usize) > most).collect();
        for id in words_of_path(project).filter_map(|word| self.find(&word)) {
            if let Some(is_common) = is_common.get_mut(id as usize) {
                *is_common = true;
            }
        }
        is_common
    }
}

/// The words of files that were read before, by what they were read from.
struct Known<'t> {
    before: &'t Terms,
    places: FxHashMap<&'t Half, usize>,
    /// What the id of each word has become.
    ids: Vec<Option<u32>>,
}

impl<'t> Known<'t> {
    fn of(before: &'t Terms) -> Self {
        Self { before, places: before.keys.iter().zip(0..).collect(), ids: vec![None; before.texts.len()] }
    }

    /// The words of a file with this key, as they are called in `terms`; `None` where they are not known.
    fn words(&mut self, key: &Half, terms: &mut Terms) -> Option<Vec<Term>> {
        let own = self.before.of_file.get(*self.places.get(key)?)?;
        if own.iter().any(|term| term.id as usize >= self.ids.len()) {
            return None;
        }
        let words = own.iter().filter_map(|term| {
            let id = self.ids.get_mut(term.id as usize)?;
            let text = self.before.texts.get(term.id as usize)?;
            Some(Term { id: *id.get_or_insert_with(|| terms.id(text)), ..*term })
        });
        Some(words.collect())
    }
}

/// Sums of all that the words of each file are read from: see [`names`].
pub(super) fn keys(records: &[&FileRecord]) -> Vec<Half> {
    let key = |record: &&FileRecord| {
        let words = record.digest.as_deref().map(|digest| digest.sums.words);
        let said = Sha256::new().chain_update([words.is_some().into()]).chain_update(words.unwrap_or_default());
        half(said.chain_update(record.path.as_bytes()))
    };
    records.iter().map(key).collect()
}

/// A sum of all that the words of the project's files are read from.
pub(super) fn key(project: &str, keys: &[Half]) -> [u8; 32] {
    Sha256::new().chain_update(keys.as_flattened()).chain_update(project).finalize().into()
}

/// The names that say what a file is about, with what each counts and whether it is part of the path: the file's own, those
/// of the folders around it, and those of what it defines and offers. Whatever is read here is in [`keys`].
pub(super) fn names(record: &FileRecord) -> impl Iterator<Item = (Words<'_>, f32, bool)> {
    let (folders, file) = record.path.rsplit_once('/').unwrap_or(("", &record.path));
    let own = file.split_once('.').map_or(file, |(stem, _)| stem);
    let around = folders.rsplit('/').filter(|folder| !folder.is_empty());
    let digest = record.digest.as_deref();
    let in_code = digest.into_iter().flat_map(|digest| names_in_code(&digest.definitions, &digest.offers));
    let in_path = std::iter::once((own, IN_FILE_NAME)).chain(around.zip(IN_FOLDERS));
    in_path
        .map(|(name, weight)| (words_of_path(name), weight, true))
        .chain(in_code.map(|(name, weight)| (words(name), weight, false)))
}

/// The names of what a file defines and offers, with what each counts.
fn names_in_code<'n>(definitions: &'n NameList, offers: &'n Offers) -> impl Iterator<Item = (&'n str, f32)> {
    let members = offers.iter().filter_map(|offer| offer.name.rsplit_once('.')).map(|(_, member)| (member, 0.5));
    definitions.iter().map(|name| (name, 1.0)).chain(members).take(MAX_NAMES)
}

/// The stems of the words of what a file defines and offers, in order, with what each counts: all that is read of a file
/// besides its path.
pub(crate) fn said<'n>(
    definitions: &'n NameList,
    offers: &'n Offers,
) -> impl Iterator<Item = (CompactString, f32)> + 'n {
    names_in_code(definitions, offers)
        .flat_map(|(name, weight)| telling(words(name), false).map(move |stem| (stem, weight)))
}

/// The stems of those words that say something.
fn telling<'n>(words: Words<'n>, in_path: bool) -> impl Iterator<Item = CompactString> + 'n {
    words.filter(move |word| !says_nothing(word, in_path)).map(|word| stem(&word).into())
}

/// The logarithm to base 2, between powers of two as a straight line: within 0.09, and the same bits on every machine,
/// which the one of a C library is not.
pub(super) fn log2(x: f32) -> f32 {
    let bits = x.max(f32::MIN_POSITIVE).to_bits();
    let mantissa = f32::from_bits(bits & 0x007f_ffff | 0x3f80_0000);
    let exponent = i16::try_from(bits >> 23).unwrap_or_default() - 127;
    f32::from(exponent) + (mantissa - 1.0)
}

#[allow(clippy::cast_precision_loss, reason = "numbers of files, of which the last digits say nothing")]
pub(super) fn whole(n: usize) -> f32 {
    n as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Digest, FileClass, LineCounts};
    use codexa_model::Language;
    use codexa_syntax::{Analyser, Limits};
    use proptest::prelude::*;

    /// The name of a file, and the types in it, each with its methods.
    type Source = (String, Vec<(String, Vec<String>)>);

    fn record((path, types): &Source) -> FileRecord {
        let method = |name: &String| format!("    public void {name}() {{}}\n");
        let of_type = |(name, methods): &(String, Vec<String>)| {
            format!("public class {name} {{\n{}}}\n", methods.iter().map(method).collect::<String>())
        };
        let text: String = types.iter().map(of_type).collect();
        let facts = Analyser::default().analyse(Language::Java, text.as_bytes(), &Limits::default());
        let digest = Digest::of(path, facts);
        FileRecord {
            path: path.as_str().into(),
            language: None,
            class: FileClass::Source,
            bytes: 1,
            lines: LineCounts::default(),
            digest: Some(Box::new(digest)),
            unread: None,
            headings: Vec::new(),
            mentions: Vec::new(),
        }
    }

    fn source() -> impl Strategy<Value = Source> {
        let methods = prop::collection::vec("(get|pay|ship|tax)(Cart|Price|Item)?", 0..4);
        let types = prop::collection::vec(("(Cart|Price|Tax|Invoice){1,3}", methods), 0..3);
        ("(shop|core)/(cart|price|order)(Invoice|Items)?[.]java", types)
    }

    fn terms(files: &[Source], before: &Terms) -> Terms {
        let records: Vec<FileRecord> = files.iter().map(record).collect();
        let records: Vec<&FileRecord> = records.iter().collect();
        Terms::of("cart", &records, keys(&records), before)
    }

    proptest! {
        #[test]
        fn words_that_are_known_are_those_that_would_be_read(
            files in prop::collection::vec((source(), 0..6_u8, source()), 1..7),
        ) {
            let before: Vec<Source> = files.iter().map(|(source, ..)| source.clone()).collect();
            // Most files stay, some are edited, go or come.
            let now = files.into_iter().flat_map(|(source, fate, other)| match fate {
                0 => vec![(source.0, other.1)],
                1 => Vec::new(),
                2 => vec![other, source],
                _ => vec![source],
            });
            let now: Vec<Source> = now.collect();
            let known = terms(&before, &Terms::default());
            prop_assert!(terms(&now, &known) == terms(&now, &Terms::default()));
        }
    }

    #[test]
    fn the_logarithm_is_exact_at_powers_grows_and_stays_near() {
        for exponent in 0..16_u8 {
            assert_eq!(log2(f32::from(1_u16 << exponent)), f32::from(exponent));
        }
        let mut before = log2(0.01);
        for n in 1..2000_u16 {
            let x = f32::from(n) / 7.0;
            assert!(log2(x) >= before && (log2(x) - x.log2()).abs() < 0.09, "{x}");
            before = log2(x);
        }
    }
}
