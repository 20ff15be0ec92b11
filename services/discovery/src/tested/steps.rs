//! What a file runs of others: the functions and types of theirs that it names.
//!
//! A name that only holds a value, or only says what something looks like, runs nothing. An import by itself runs nothing
//! either, but for languages in which what is imported may be called by any name.

use super::{Role, Sources};
use crate::graph::FileGraph;
use crate::offers::Offers;
use crate::record::{Digest, FileRecord};
use codexa_model::Language;
use codexa_model::facts::SymbolKind;
use rustc_hash::FxHashSet;

/// One file runs something of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The other.
    pub(super) to: u32,
    /// How many of its functions and types the file names; 0 where it only imports it, or only reads values.
    pub(super) names: u16,
    /// How sure it is that they are meant, in percent.
    pub(super) confidence: u8,
}

/// What each file runs of others.
pub(super) struct Steps {
    offsets: Vec<u32>,
    steps: Vec<Step>,
}

/// A use of one name before uses are gathered: user, used, how sure, and whether it runs something.
type Use = (u32, u32, u8, bool);

/// Confidence of a name that a header declares and the source beside it defines, in percent.
const BESIDE_HEADER: u8 = 80;
/// Confidence of a fixture that a test asks for by its name, in percent.
const FIXTURE: u8 = 95;
/// Confidence of an import whose names nobody knows, in percent.
const ONLY_IMPORTED: u8 = 70;
/// Confidence of values that are read of a file that holds nothing else, in percent.
const ONLY_READ: u8 = 60;

impl Steps {
    pub(super) fn new(from: &Sources<'_>, roles: &[Role]) -> Self {
        let mut uses = named(from);
        uses.extend(fixtures(from.records, roles));
        uses.sort_unstable();
        let mut offsets = vec![0];
        let mut steps: Vec<Step> = Vec::with_capacity(uses.len() / 2);
        let mut rest = uses.as_slice();
        for (file, record) in (0_u32..).zip(from.records) {
            let (own, others) = rest.split_at(rest.partition_point(|(user, ..)| *user <= file));
            gather(from, roles, file, own, &mut steps);
            rest = others;
            imported(from, roles, file, record, own, &mut steps);
            offsets.push(u32::try_from(steps.len()).unwrap_or(u32::MAX));
        }
        Self { offsets, steps }
    }

    /// What a file runs of others.
    pub(super) fn of(&self, file: u32) -> &[Step] {
        let file = file as usize;
        let bounds = self.offsets.get(file).zip(self.offsets.get(file + 1));
        bounds.and_then(|(&from, &to)| self.steps.get(from as usize..to as usize)).unwrap_or_default()
    }
}

/// Every use of a name that is sure enough, in whatever order.
fn named(from: &Sources<'_>) -> Vec<Use> {
    let mut uses = Vec::new();
    let symbols = &from.references.symbols;
    let mut values = (u32::MAX, FxHashSet::default());
    for (at, symbol) in symbols.iter().enumerate() {
        let Some(digest) = digest(from.records, symbol.file) else { continue };
        if values.0 != symbol.file {
            values = (symbol.file, values_of(&digest.offers));
        }
        let runs = !values.1.contains(&*symbol.name);
        let beside = sources_beside(from, symbol.file, digest.language, &symbol.name);
        let is_enough = decides_alone(digest.language);
        for user in from.references.users(at).iter().filter(|user| user.linked || is_enough) {
            uses.push((user.file, symbol.file, user.confidence, runs));
            let of_source = |&source: &u32| (user.file, source, user.confidence.min(BESIDE_HEADER), runs);
            uses.extend(beside.iter().filter(|&&source| source != user.file).map(of_source));
        }
    }
    uses
}

fn digest<'a>(records: &[&'a FileRecord], file: u32) -> Option<&'a Digest> {
    records.get(file as usize)?.digest.as_deref()
}

/// Names of a file that run nothing when they are used.
fn values_of(offers: &Offers) -> FxHashSet<&str> {
    let is_value = |kind| {
        matches!(kind, SymbolKind::Constant | SymbolKind::Variable | SymbolKind::TypeAlias | SymbolKind::Interface)
    };
    let mut values: FxHashSet<&str> =
        offers.iter().filter(|offer| is_value(offer.kind)).map(|offer| offer.name).collect();
    // What is a function in one branch and a value in another may run.
    for offer in offers.iter().filter(|offer| !is_value(offer.kind)) {
        values.remove(offer.name);
    }
    values
}

/// Whether a name that one file alone defines says that it is meant, without an import: the language loads what is named,
/// or what is included need not say what it brings.
fn decides_alone(language: Language) -> bool {
    matches!(language, Language::Ruby | Language::C | Language::Cpp)
}

/// The sources of a header's name that define what it declares: `dict.c` for `dict.h`.
fn sources_beside(from: &Sources<'_>, header: u32, language: Language, name: &str) -> Vec<u32> {
    let path = |file: u32| from.records.get(file as usize).map_or("", |record| &*record.path);
    if !matches!(language, Language::C | Language::Cpp) || !super::role::is_header(path(header)) {
        return Vec::new();
    }
    let own = stem(path(header));
    let defines = |file: u32| digest(from.records, file).is_some_and(|digest| digest.definitions.holds(name));
    let including = from.graph.dependents.of(header as usize).iter().copied();
    including.filter(|&file| stem(path(file)) == own && !super::role::is_header(path(file)) && defines(file)).collect()
}

fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// pytest hands a test what functions of the `conftest.py` beside it, or above, give back under the names it asks for.
fn fixtures<'a>(records: &'a [&'a FileRecord], roles: &'a [Role]) -> impl Iterator<Item = Use> + 'a {
    let name_of =
        |path: &'a str| path.strip_suffix("conftest.py").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    let homes: Vec<(u32, &str, &Digest)> = (0_u32..)
        .zip(records)
        .filter_map(|(file, record)| Some((file, name_of(&record.path)?, record.digest.as_deref()?)))
        .collect();
    let asks = move |(file, (record, _)): (u32, (&'a &FileRecord, &Role))| {
        let above: Vec<(u32, &str, &Digest)> = homes
            .iter()
            .filter(|(home, folder, _)| *home != file && record.path.starts_with(folder))
            .copied()
            .collect();
        let used = record.digest.as_deref().filter(|digest| digest.language == Language::Python);
        above
            .into_iter()
            .filter(move |(_, _, home)| {
                used.is_some_and(|digest| home.definitions.iter().any(|name| digest.references.holds(name)))
            })
            .map(move |(home, ..)| (file, home, FIXTURE, true))
    };
    (0_u32..).zip(records.iter().zip(roles)).filter(|(_, (_, role))| role.is_of_tests()).flat_map(asks)
}

/// The uses of one file, sorted, as one step for each other file.
fn gather(from: &Sources<'_>, roles: &[Role], file: u32, uses: &[Use], steps: &mut Vec<Step>) {
    for same in uses.chunk_by(|a, b| a.1 == b.1) {
        let Some(&(_, to, ..)) = same.first() else { continue };
        if to == file || is_for_types(from, file, to) {
            continue;
        }
        let running = same.iter().filter(|(.., runs)| *runs);
        let names = u16::try_from(running.clone().count()).unwrap_or(u16::MAX);
        let sure = |uses: &mut dyn Iterator<Item = &Use>| uses.map(|(_, _, confidence, _)| *confidence).max();
        if let Some(confidence) = sure(&mut running.clone()) {
            steps.push(Step { to, names, confidence });
        } else if roles.get(to as usize) == Some(&Role::Values) {
            // There are no functions in it: whoever reads its values has used what there is.
            steps.push(Step { to, names: 0, confidence: sure(&mut same.iter()).unwrap_or(0).min(ONLY_READ) });
        }
    }
}

fn is_for_types(from: &Sources<'_>, file: u32, to: u32) -> bool {
    from.typed.get(file as usize).is_some_and(|lines| from.graph.is_only_on(file as usize, to, lines))
}

/// Imports of one file of which no name is known to be used, where that says little: JavaScript's may be called anything.
fn imported(from: &Sources<'_>, roles: &[Role], file: u32, record: &FileRecord, uses: &[Use], steps: &mut Vec<Step>) {
    let web = |language| matches!(language, Language::JavaScript | Language::TypeScript | Language::Tsx);
    if !record.digest.as_deref().is_some_and(|digest| web(digest.language)) || !is_of_tests(roles, file) {
        return;
    }
    let graph: &FileGraph = from.graph;
    let is_named = |to: u32| uses.binary_search_by_key(&to, |(_, used, ..)| *used).is_ok();
    let passes_on = |to: u32| from.records.get(to as usize).is_none_or(|record| stem(&record.path) == "index");
    for &to in graph.depends_on.of(file as usize) {
        if is_named(to) || passes_on(to) || is_for_types(from, file, to) {
            continue;
        }
        let confidence = graph.surest(file as usize, to).map_or(0, |edge| edge.confidence).min(ONLY_IMPORTED);
        steps.push(Step { to, names: 0, confidence });
    }
}

fn is_of_tests(roles: &[Role], file: u32) -> bool {
    roles.get(file as usize).is_some_and(|role| role.is_of_tests())
}
