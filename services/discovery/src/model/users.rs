//! Who uses what a file defines without depending on the file: names that go through a header, and members of a type that
//! another file defines.

use super::{Model, Parsed};
use crate::graph::THROUGH_HEADERS;
use codexa_model::Language;
use codexa_model::facts::SymbolKind;
use std::collections::{BTreeMap, BTreeSet};

/// The rule for a name that a header declares and this file defines.
pub(crate) const BY_HEADER: &str = "c.through_header";
/// The rule for users of a type of which this file defines members.
pub(crate) const BY_TYPE: &str = "name.its_type";
/// How sure it is that who uses a type uses a member of it, in percent.
const MEMBER: u8 = 60;

impl Model {
    /// The files that depend on a file or use what it defines, sorted.
    #[must_use]
    pub fn users(&self, file: u32) -> Vec<u32> {
        let by_name = self.users_by_name(file).into_keys();
        let all: BTreeSet<u32> = self.graph.dependents.of(file as usize).iter().copied().chain(by_name).collect();
        all.into_iter().collect()
    }

    /// The files that use what a file defines and need not depend on it, with the rule that says so and how sure it is.
    pub(crate) fn users_by_name(&self, file: u32) -> BTreeMap<u32, (&'static str, u8)> {
        let types = self.extended(file).into_iter().flat_map(|(home, name)| self.references.users_of(home, name));
        let mut users: BTreeMap<u32, (&'static str, u8)> =
            types.map(|user| (user.file, (BY_TYPE, MEMBER.min(user.confidence)))).collect();
        let named = self.references.through_headers.users_of_file(file);
        users.extend(named.map(|user| (user, (BY_HEADER, THROUGH_HEADERS))));
        users.remove(&file);
        users
    }

    /// The types of other files of which a file defines members, each with the file that defines it: one of the same folder in
    /// Go, one that it depends on in C++ and Rust. Elsewhere a type and its members stand together.
    pub(crate) fn extended(&self, file: u32) -> BTreeSet<(u32, &str)> {
        let Some(parsed) = self.file(file).and_then(|file| file.parsed.as_ref()) else { return BTreeSet::new() };
        let homes: Vec<u32> = match parsed.language {
            Language::Go => self.beside(file).collect(),
            Language::Cpp | Language::Rust => self.graph.depends_on.of(file as usize).to_vec(),
            _ => return BTreeSet::new(),
        };
        let names = types_of_members(parsed);
        let defined = |home: &u32| {
            let symbols = self.references.symbols.get(self.references.of_file(*home)).unwrap_or_default();
            symbols.iter().map(|symbol| &*symbol.name)
        };
        let found = homes.iter().flat_map(|home| defined(home).map(|name| (*home, name)));
        found.filter(|(_, name)| names.contains(name)).collect()
    }

    /// The other files of a file's folder.
    fn beside(&self, file: u32) -> impl Iterator<Item = u32> {
        let folder = |path: &str| path.rsplit_once('/').map_or(0, |(folder, _)| folder.len());
        let path = self.path(file);
        let own = path.get(..folder(path)).unwrap_or_default();
        let from = self.files.partition_point(|other| *other.path < *own);
        let is_beside = move |path: &str| folder(path) == own.len() && path.starts_with(own);
        let below =
            self.files.get(from..).unwrap_or_default().iter().take_while(move |other| other.path.starts_with(own));
        let all = below.zip(from..).filter(move |(other, _)| is_beside(&other.path));
        all.filter_map(|(_, at)| u32::try_from(at).ok()).filter(move |other| *other != file)
    }
}

/// The types of which a file offers members and which it does not offer itself.
fn types_of_members(parsed: &Parsed) -> BTreeSet<&str> {
    let owners = parsed.offers.iter().filter(|offer| offer.kind == SymbolKind::Method);
    let owners = owners.filter_map(|offer| offer.name.rsplit_once('.')).map(|(owner, _)| last_of(owner));
    let own: BTreeSet<&str> = parsed.offers.iter().map(|offer| last_of(offer.name)).collect();
    owners.filter(|owner| !own.contains(owner)).collect()
}

fn last_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}
