//! How much files are about the words of a question.

use crate::intents::{stem, words, words_of_path};
use crate::model::Model;
use compact_str::CompactString;
use std::collections::{BTreeMap, BTreeSet};

/// What a word says of a file by where it stands: in its name, in the names of its folders or of what it is for, in a name
/// that it offers, to everybody or to files beside it, in one that it uses of others.
const IN_NAME: f64 = 4.0;
const IN_FOLDER: f64 = 2.0;
const IN_INTENT: f64 = 2.0;
const IN_OFFERS: f64 = 2.0;
const IN_USES: f64 = 1.0;
/// What a word that is only akin to the one that was asked for counts, of one that is the same.
const AKIN: f64 = 0.5;
/// Fewest letters that akin words have in common.
const COMMON: usize = 5;

/// Files that are about words of a question, the best first. What has more of the words comes first, and of those what has
/// the rarer ones in the better places; files that have fewer than the best are left out.
pub(super) fn files_about(model: &Model, focus: &str, files: &[u32]) -> Vec<u32> {
    let asked: BTreeSet<String> = words(focus).map(|word| stem(&word).to_owned()).collect();
    let uses = uses(model, &asked);
    let mut scores: BTreeMap<u32, (usize, f64)> = BTreeMap::new();
    for word in &asked {
        let found: Vec<(u32, f64)> = files
            .iter()
            .map(|&file| (file, place(model, file, word) + uses.get(&(word, file)).map_or(0.0, |kin| kin * IN_USES)))
            .filter(|(_, found)| *found > 0.0)
            .collect();
        #[allow(clippy::cast_precision_loss, reason = "numbers of files are far below 2^52")]
        let rarity = (1.0 + files.len() as f64 / (1.0 + found.len() as f64)).ln();
        for (file, found) in found {
            let (have, score) = scores.entry(file).or_default();
            *have += 1;
            *score += found * rarity;
        }
    }
    let most = scores.values().map(|(have, _)| *have).max().unwrap_or(0);
    let rank = |file: u32| model.references.file_ranks.get(file as usize).copied().unwrap_or(0.0);
    let mut best: Vec<(u32, f64)> =
        scores.into_iter().filter(|(_, (have, _))| *have == most).map(|(file, (_, score))| (file, score)).collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(rank(b.0).total_cmp(&rank(a.0))).then(a.0.cmp(&b.0)));
    best.into_iter().map(|(file, _)| file).collect()
}

/// What a word says of a file by the file's own names.
fn place(model: &Model, file: u32, word: &str) -> f64 {
    let (folders, name) = model.path(file).rsplit_once('/').unwrap_or(("", model.path(file)));
    let name = name.split('.').next().unwrap_or(name);
    let intent = model.intents.of_file.get(file as usize).copied().flatten();
    let intent = intent.and_then(|at| model.intents.all.get(at as usize)).map_or("", |intent| &intent.name);
    let parsed = model.file(file).and_then(|file| file.parsed.as_ref());
    let public = parsed.iter().flat_map(|parsed| parsed.offers.iter()).map(|offer| offer.name);
    let needed = model.references.of_file(file).filter_map(|at| model.references.symbols.get(at));
    let offered = public.chain(needed.map(|symbol| &*symbol.name)).flat_map(words);
    IN_NAME * closest(words_of_path(name), word)
        + IN_FOLDER * closest(words_of_path(folders), word)
        + IN_INTENT * closest(words(intent), word)
        + IN_OFFERS * closest(offered, word)
}

/// How close the names that files use of others are to words that are asked for.
fn uses<'a>(model: &Model, asked: &'a BTreeSet<String>) -> BTreeMap<(&'a String, u32), f64> {
    let mut found: BTreeMap<(&String, u32), f64> = BTreeMap::new();
    for (at, symbol) in model.references.symbols.iter().enumerate() {
        for word in asked {
            let kin = closest(words(&symbol.name), word);
            for user in model.references.users(at).iter().filter(|_| kin > 0.0) {
                let known = found.entry((word, user.file)).or_default();
                *known = known.max(kin);
            }
        }
    }
    found
}

fn closest(names: impl Iterator<Item = CompactString>, word: &str) -> f64 {
    names.map(|name| kinship(stem(&name), word)).fold(0.0, f64::max)
}

/// 1 for the same stem, less for words of one family: `match` and `matching`, `ignore` and `gitignore`.
fn kinship(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    // Endings are short: `match|er` and `match|ing` are one family, `inter|face` and `inter|rupt` are none.
    let is_inflected = common >= COMMON && long.len() - common <= 3;
    let is_compound = short.len() >= COMMON && long.ends_with(short);
    if is_inflected || is_compound { AKIN } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::kinship;

    #[test]
    fn words_of_one_family_are_akin_and_others_are_not() {
        for (one, other, expected) in [
            ("match", "match", 1.0),
            ("match", "matching", 0.5),
            ("matcher", "matching", 0.5),
            ("gitignore", "ignore", 0.5),
            ("interface", "interrupt", 0.0),
            ("git", "digit", 0.0),
            ("walk", "match", 0.0),
        ] {
            assert_eq!((kinship(one, other), kinship(other, one)), (expected, expected), "{one} {other}");
        }
    }
}
