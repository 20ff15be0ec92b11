//! Uses of members that stand in another file than their type: methods in Go, where a package is compiled as one, definitions
//! outside of the class in C++, `impl` blocks in Rust. No name leads there; the value brings them.

use super::{Csr, FileGraph, MAX_DEFINERS, References};
use crate::offers::Offer;
use crate::record::{Digest, FileRecord};
use codexa_model::Language;
use codexa_model::facts::SymbolKind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A file with members of a type that others define.
struct Addition<'r> {
    file: u32,
    owner: &'r str,
    /// Where the type stands.
    homes: Vec<u32>,
}

/// Of each file, who uses a type of another file of which it has members, and names one of these.
pub(super) fn users(records: &[&FileRecord], graph: &FileGraph, references: &References) -> Csr {
    let (additions, of_member) = additions(records, graph);
    let mut found = Vec::new();
    for (user, digest) in (0_u32..).zip(records).filter_map(|(user, record)| Some((user, record.digest.as_ref()?))) {
        for &at in digest.references.iter().filter_map(|name| of_member.get(name)).flatten() {
            let Some(addition) = additions.get(at).filter(|addition| addition.file != user) else { continue };
            let uses = |home: &u32| {
                let users = references.users_of(*home, addition.owner);
                *home == user || users.binary_search_by_key(&user, |user| user.file).is_ok()
            };
            if addition.homes.iter().any(uses) {
                found.push((addition.file, user));
            }
        }
    }
    Csr::new(records.len(), found)
}

/// Those of all files, and which have a member of a name.
fn additions<'r>(records: &[&'r FileRecord], graph: &FileGraph) -> (Vec<Addition<'r>>, FxHashMap<&'r str, Vec<usize>>) {
    let in_go = types_of_go(records);
    let mut additions: Vec<Addition<'_>> = Vec::new();
    let mut of_member: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (file, record) in (0_u32..).zip(records) {
        let Some(digest) = record.digest.as_ref() else { continue };
        for (owner, members) in added(digest) {
            // The type stands in the same folder, or the file depends on where it stands.
            let homes = match digest.language {
                Language::Go => in_go.get(&(folder(&record.path), owner)).cloned().unwrap_or_default(),
                _ => graph.depends_on.of(file as usize).to_vec(),
            };
            members.iter().for_each(|member| of_member.entry(member).or_default().push(additions.len()));
            additions.push(Addition { file, owner, homes });
        }
    }
    if !of_member.is_empty() {
        let definers = definers(records, of_member.keys().copied());
        of_member.retain(|member, _| definers.get(member).is_some_and(|files| *files <= MAX_DEFINERS));
    }
    (additions, of_member)
}

/// The files of Go that define a type, by their folder and its name.
fn types_of_go<'r>(records: &[&'r FileRecord]) -> FxHashMap<(&'r str, &'r str), Vec<u32>> {
    let mut types: FxHashMap<(&str, &str), Vec<u32>> = FxHashMap::default();
    for (file, record) in (0_u32..).zip(records) {
        let Some(digest) = record.digest.as_ref().filter(|digest| digest.language == Language::Go) else { continue };
        for name in digest.definitions.iter().filter(|name| !name.contains('.')) {
            types.entry((folder(&record.path), name)).or_default().push(file);
        }
    }
    types
}

/// How many files have members of these names, whatever their types: what many have (`String`, `close`) tells nothing.
fn definers<'r>(records: &[&'r FileRecord], names: impl Iterator<Item = &'r str>) -> FxHashMap<&'r str, usize> {
    let mut definers: FxHashMap<&str, usize> = names.map(|name| (name, 0)).collect();
    for digest in records.iter().filter_map(|record| record.digest.as_ref()) {
        let of_go = digest.definitions.iter().filter(|name| digest.language == Language::Go && name.contains('.'));
        let offered = digest.offers.iter().filter(is_member).map(|offer| offer.name);
        let mut own: Vec<&str> = offered.chain(of_go).map(last_of).collect();
        own.sort_unstable();
        own.dedup();
        for name in own {
            if let Some(files) = definers.get_mut(name) {
                *files += 1;
            }
        }
    }
    definers
}

/// The types of which a file has members and which it does not define itself, with those members: methods in Go, where a package
/// is compiled as one, what stands outside of its class in C++, `impl` blocks in Rust.
fn added(digest: &Digest) -> BTreeMap<&str, Vec<&str>> {
    let mut added: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    // Those of Go that only the package may use stand among the definitions alone.
    let defined = digest.definitions.iter().filter(|_| digest.language == Language::Go);
    let is_split = matches!(digest.language, Language::Cpp | Language::Rust);
    let offered = digest.offers.iter().filter(|offer| is_split && is_member(offer)).map(|offer| offer.name);
    for (owner, member) in defined.chain(offered).filter_map(|name| name.rsplit_once('.')) {
        added.entry(last_of(owner)).or_default().push(member);
    }
    if !added.is_empty() {
        let own: FxHashSet<&str> = digest.offers.iter().map(|offer| last_of(offer.name)).collect();
        added.retain(|owner, _| !own.contains(owner) && !digest.definitions.holds(owner));
    }
    added
}

fn is_member(offer: &Offer<'_>) -> bool {
    offer.kind == SymbolKind::Method
}

fn last_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
