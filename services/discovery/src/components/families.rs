//! Parts of a flat folder. C and C++ have no modules, so a large program may keep hundreds of files in one folder; what
//! their authors grouped by the first word of the names (`cluster.c`, `cluster_legacy.c`) is shown as a family.

use super::thresholds::{FLAT_FILES, MIN_FAMILY};
use codexa_model::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Whether files of this language, by tokei's name, belong to no module of the language.
pub(super) fn has_no_modules(language: &str) -> bool {
    language == Language::C.name() || language == Language::Cpp.name() || language.ends_with(" Header")
}

/// The family of each file of one flat folder, for files that have one; `files` are names without folders.
pub(super) fn families<'a>(files: &[&'a str]) -> BTreeMap<&'a str, &'a str> {
    if files.len() <= FLAT_FILES as usize {
        return BTreeMap::new();
    }
    let mut stems: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let stem = stem(file);
        stems.entry(first_word(stem)).or_default().insert(stem);
    }
    let is_family = |word: &str| stems.get(word).is_some_and(|stems| stems.len() >= MIN_FAMILY as usize);
    files.iter().map(|&file| (file, first_word(stem(file)))).filter(|(_, word)| is_family(word)).collect()
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
        let found = families(&files);
        assert_eq!(found.get("t_hash.c"), Some(&"t"));
        assert_eq!(found.get("rdb.c"), None, "two stems, three files");
        assert!(families(&files[50..]).is_empty(), "a small folder stays whole");
    }
}
