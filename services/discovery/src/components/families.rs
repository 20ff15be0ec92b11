//! Parts of a flat folder. C and C++ have no modules, so a large program may keep hundreds of files in one folder; what
//! their authors grouped by the first word of the names (`cluster.c`, `cluster_legacy.c`) is shown as a family.

use super::thresholds::{FLAT_FILES, MIN_FAMILY};
use codexa_model::Language;
use codexa_model::relation::Package;
use std::collections::{BTreeMap, BTreeSet};

/// Whether files of this language, by tokei's name, belong to no module of the language.
pub(super) fn has_no_modules(language: &str) -> bool {
    language == Language::C.name() || language == Language::Cpp.name() || language.ends_with(" Header")
}

/// The family of each file of one flat folder, for files that have one, as the start of the names that only its files
/// have; `files` are names without folders.
///
/// A first word that enough stems share makes a family. What only begins with that word and goes on with a letter
/// (`crcspeed` beside `crc16`, `lzfP` beside `lzf_c`) joins it, where the word is long enough to say something.
pub(super) fn families<'a>(files: &[&'a str], brands: &BTreeSet<String>) -> BTreeMap<&'a str, String> {
    if files.len() <= FLAT_FILES as usize {
        return BTreeMap::new();
    }
    let mut stems: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let stem = stem(file);
        stems.entry(first_word(stem)).or_default().insert(stem);
    }
    stems.retain(|word, stems| stems.len() >= MIN_FAMILY as usize && !brands.contains(&word.to_ascii_lowercase()));
    let mut members: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for &file in files {
        let stem = stem(file);
        let own = Some(first_word(stem)).filter(|word| stems.contains_key(word));
        let joined = || stems.keys().copied().filter(|word| joins(stem, word)).max_by_key(|word| word.len());
        if let Some(word) = own.or_else(joined) {
            members.entry(word).or_default().push(file);
        }
    }
    let mut found = BTreeMap::new();
    for (word, members) in members {
        if let Some(prefix) = prefix(word, &members, files) {
            let named = members.into_iter().filter(|file| file.starts_with(&prefix));
            found.extend(named.map(|file| (file, prefix.clone())));
        }
    }
    found
}

/// Names that say whose code it is and not what it does: the project's, the package's, and what most of its programs
/// are called after (`redis-server`, `redis-cli`).
pub(super) fn brands(project: &str, package: Option<&Package>) -> BTreeSet<String> {
    let programs = package.map_or(&[][..], |package| &package.programs);
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for program in programs {
        *words.entry(first_word(&program.name)).or_default() += 1;
    }
    let most = words.into_iter().find(|(_, count)| *count > 1 && count * 2 > programs.len()).map(|(word, _)| word);
    let package = package.map(|package| package.name.rsplit(['/', ':']).next().unwrap_or(&package.name));
    let names = [Some(project), package, most].into_iter().flatten();
    let bare = names.flat_map(|name| [name, name.trim_end_matches(|c: char| c.is_ascii_digit() || "._-".contains(c))]);
    bare.filter(|name| !name.is_empty()).map(str::to_ascii_lowercase).collect()
}

/// Whether a stem goes on with a letter after a family's word of three letters or more.
fn joins(stem: &str, word: &str) -> bool {
    let rest = stem.strip_prefix(word).filter(|_| word.chars().count() >= 3);
    rest.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// What every name of the family begins with and no other name does. Where the word alone is not that, names in which
/// a `_` or `-` follows it are, and the others stay with the folder.
fn prefix(word: &str, members: &[&str], all: &[&str]) -> Option<String> {
    let named = |prefix: &str, names: &[&str]| names.iter().filter(|name| name.starts_with(prefix)).count();
    let prefixes = [word.to_owned(), format!("{word}_"), format!("{word}-")];
    let exact = || prefixes.iter().filter(|prefix| named(prefix, members) == named(prefix, all));
    let whole = exact().find(|prefix| named(prefix, members) == members.len());
    let is_enough = |prefix: &&String| {
        let stems: BTreeSet<&str> =
            members.iter().filter(|name| name.starts_with(prefix.as_str())).map(|name| stem(name)).collect();
        stems.len() >= MIN_FAMILY as usize
    };
    whole.or_else(|| exact().find(is_enough)).cloned()
}

fn stem(file: &str) -> &str {
    file.split_once('.').map_or(file, |(stem, _)| stem)
}

/// What stands before the first `_`, `-` or digit; the whole stem where nothing does.
fn first_word(stem: &str) -> &str {
    let end = stem.find(|c: char| c == '_' || c == '-' || c.is_ascii_digit()).filter(|&at| at > 0);
    end.and_then(|end| stem.get(..end)).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_needs_enough_stems_and_a_header_is_no_stem_of_its_own() {
        let others: Vec<String> = (0..60)
            .map(|n| format!("{}x.c", char::from(b'a' + n % 26).to_string().repeat(2 + usize::from(n))))
            .collect();
        let mut files: Vec<&str> = others.iter().map(String::as_str).collect();
        files.extend(["t_hash.c", "t_list.c", "t_set.c", "t_zset.c", "rdb.c", "rdb.h", "rdb_save.c"]);
        let found = families(&files, &BTreeSet::new());
        assert_eq!(found.get("t_hash.c").map(String::as_str), Some("t_"), "`tttx.c` begins with a t, too");
        assert_eq!(found.get("rdb.c"), None, "two stems, three files");
        assert!(families(&files[50..], &BTreeSet::new()).is_empty(), "a small folder stays whole");
    }
}
