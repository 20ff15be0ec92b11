//! Uses of members that stand in another file than their type: methods in Go, where a package is compiled as one, definitions
//! outside of the class in C++, `impl` blocks in Rust. No name leads there; the value brings them.

use super::{Csr, FileGraph, MAX_DEFINERS, References};
use crate::offers::{Offer, Offers};
use crate::record::FileRecord;
use codexa_model::Language;
use codexa_model::facts::SymbolKind;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Of each file, who uses a type of another file of which it has members, and names one of these.
pub(super) fn users(records: &[&FileRecord], graph: &FileGraph, references: &References) -> Csr {
    let folders = folders_of_go(records);
    let added: Vec<(u32, BTreeMap<&str, Vec<&str>>)> = (0_u32..)
        .zip(records)
        .filter_map(|(file, record)| Some((file, added(&record.digest.as_ref()?.offers))))
        .filter(|(_, added)| !added.is_empty())
        .collect();
    let definers = definers(records, added.iter().flat_map(|(_, added)| added.values().flatten().copied()));
    let is_telling = |member: &&&str| definers.get(**member).is_some_and(|files| *files <= MAX_DEFINERS);
    let mut found = Vec::new();
    for (file, added) in &added {
        // The type stands in the same folder, or the file depends on where it stands.
        let record = records.get(*file as usize);
        let homes = match record.and_then(|record| record.digest.as_ref()).map(|digest| digest.language) {
            Some(Language::Go) => {
                record.and_then(|record| folders.get(folder(&record.path))).map_or(&[][..], Vec::as_slice)
            }
            Some(Language::Cpp | Language::Rust) => graph.depends_on.of(*file as usize),
            _ => continue,
        };
        for (owner, members) in added {
            let users = homes.iter().flat_map(|&home| references.users_of(home, owner)).map(|user| user.file);
            let members: Vec<&&str> = members.iter().filter(is_telling).collect();
            let names_one = |user: &u32| {
                let digest = records.get(*user as usize).and_then(|record| record.digest.as_deref());
                digest.is_some_and(|digest| members.iter().any(|member| digest.references.holds(member)))
            };
            found.extend(users.filter(|user| user != file).filter(names_one).map(|user| (*file, user)));
        }
    }
    Csr::new(records.len(), found)
}

/// How many files have members of these names, whatever their types: what many have (`String`, `close`) tells nothing.
fn definers<'r>(records: &[&'r FileRecord], names: impl Iterator<Item = &'r str>) -> FxHashMap<&'r str, usize> {
    let mut definers: FxHashMap<&str, usize> = names.map(|name| (name, 0)).collect();
    if definers.is_empty() {
        return definers;
    }
    for digest in records.iter().filter_map(|record| record.digest.as_ref()) {
        let mut own: Vec<&str> = digest.offers.iter().filter(is_member).map(|offer| last_of(offer.name)).collect();
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

/// The files of Go by their folder.
fn folders_of_go<'r>(records: &[&'r FileRecord]) -> FxHashMap<&'r str, Vec<u32>> {
    let mut folders: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (file, record) in (0_u32..).zip(records) {
        if record.digest.as_ref().is_some_and(|digest| digest.language == Language::Go) {
            folders.entry(folder(&record.path)).or_default().push(file);
        }
    }
    folders
}

/// The types that a file does not offer and of which it offers members, with those.
fn added(offers: &Offers) -> BTreeMap<&str, Vec<&str>> {
    let mut added: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for offer in offers.iter().filter(is_member) {
        let Some((owner, member)) = offer.name.rsplit_once('.') else { continue };
        added.entry(last_of(owner)).or_default().push(member);
    }
    if !added.is_empty() {
        offers.iter().for_each(|offer| drop(added.remove(last_of(offer.name))));
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
