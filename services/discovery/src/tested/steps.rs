//! What a file runs of others: the functions and types of theirs that it names.
//!
//! A name that only holds a value, or only says what something looks like, runs nothing. An import by itself runs nothing
//! either, but for languages in which what is imported may be called by any name.

use super::{MAX_STEPS, Role, Sources};
use crate::graph::{FileGraph, User};
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
    /// What the tests, and the files they come to, run of others; of the rest nobody asks.
    pub(super) fn new(from: &Sources<'_>, roles: &[Role]) -> Self {
        let mut uses: Vec<Use> = fixtures(from.records, roles).collect();
        let mut wanted: Vec<bool> = roles.iter().map(|role| role.has_tests()).collect();
        let mut taken = vec![false; wanted.len()];
        let mut start = 0;
        let homes = Homes::of(from);
        for _ in 0..MAX_STEPS {
            for &(_, to, ..) in uses.get(start..).unwrap_or_default() {
                want(&mut wanted, to);
            }
            start = uses.len();
            let is_next = |file: u32| is_set(&wanted, file) && !is_set(&taken, file);
            homes.named(from, is_next, &mut uses);
            let next: Vec<u32> = (0_u32..).take(roles.len()).filter(|&file| is_next(file)).collect();
            for file in next {
                want(&mut taken, file);
                // What is only imported may be run as well.
                let imported = from.graph.depends_on.of(file as usize).iter().filter(|_| is_of_tests(roles, file));
                imported.for_each(|&to| want(&mut wanted, to));
            }
        }
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

fn want(files: &mut [bool], file: u32) {
    if let Some(slot) = files.get_mut(file as usize) {
        *slot = true;
    }
}

fn is_set(files: &[bool], file: u32) -> bool {
    files.get(file as usize).copied().unwrap_or(false)
}

/// The files that define what others use, in order.
struct Homes<'a>(Vec<Home<'a>>);

impl<'a> Homes<'a> {
    fn of(from: &Sources<'a>) -> Self {
        let symbols = from.references.symbols.chunk_by(|a, b| a.file == b.file).filter_map(|of_file| of_file.first());
        let home = |file| Some(Home::of(from, file, digest(from.records, file)?));
        Self(symbols.filter_map(|symbol| home(symbol.file)).collect())
    }

    /// Every use of a name by the files that are wanted, where it is sure enough, in whatever order.
    fn named(&self, from: &Sources<'_>, is_wanted: impl Fn(u32) -> bool, uses: &mut Vec<Use>) {
        let mut not_included = Vec::new();
        for home in &self.0 {
            let symbols = from.references.of_file(home.file);
            for (at, symbol) in symbols.clone().zip(from.references.symbols.get(symbols).unwrap_or_default()) {
                for user in from.references.users(at).iter().filter(|user| is_wanted(user.file)) {
                    match home.language {
                        _ if user.linked => uses.extend(home.used(&symbol.name, user)),
                        // The language loads what is named.
                        Language::Ruby => uses.extend(home.used(&symbol.name, user)),
                        Language::C | Language::Cpp => {
                            let used = home.used(&symbol.name, user);
                            not_included.extend(used.map(|used| (user.file, home.file, used)));
                        }
                        _ => {}
                    }
                }
            }
        }
        uses.extend(in_sight(from, not_included));
    }
}

/// Of names of C that one file alone defines and that the user does not include itself, those that it includes through
/// others. Any other of the name is one of the user's own, or of a library: `dict`, `list` and `assert` mean nothing here.
/// Each use comes after its user and the file whose name it is.
fn in_sight(from: &Sources<'_>, mut not_included: Vec<(u32, u32, Use)>) -> Vec<Use> {
    not_included.sort_unstable();
    let mut seen_by = vec![u32::MAX; from.records.len()];
    let mut marked = u32::MAX;
    let is_seen = |(user, home, _): &(u32, u32, Use)| {
        if marked != *user {
            marked = *user;
            mark_included(from.graph, *user, &mut seen_by);
        }
        seen_by.get(*home as usize) == Some(user)
    };
    not_included.retain(is_seen);
    not_included.into_iter().map(|(_, _, used)| used).collect()
}

/// Marks what a file includes, and what that does, with the file.
fn mark_included(graph: &FileGraph, file: u32, seen_by: &mut [u32]) {
    let mut open = vec![file];
    while let Some(next) = open.pop() {
        for &to in graph.depends_on.of(next as usize) {
            if let Some(mark) = seen_by.get_mut(to as usize).filter(|mark| **mark != file) {
                *mark = file;
                open.push(to);
            }
        }
    }
}

/// What is asked of a file once, for all its names.
struct Home<'a> {
    file: u32,
    language: Language,
    /// Names that run nothing when they are used.
    values: FxHashSet<&'a str>,
    /// The sources of a header's name, which may define what it declares: `dict.c` for `dict.h`.
    beside: Vec<(u32, &'a Digest)>,
}

impl<'a> Home<'a> {
    fn of(from: &Sources<'a>, file: u32, digest: &'a Digest) -> Self {
        let values = if is_declaration(from, file) { FxHashSet::default() } else { values_of(digest) };
        Self { file, language: digest.language, values, beside: sources_beside(from, file, digest.language) }
    }

    /// What a user of one of its names uses: the file, and the sources beside it that define the name.
    fn used(&self, name: &str, user: &User) -> impl Iterator<Item = Use> {
        let runs = !self.values.contains(name);
        let defines = |(source, digest): &&(u32, &Digest)| *source != user.file && digest.definitions.holds(name);
        let beside = self.beside.iter().filter(defines);
        let beside = beside.map(move |(source, _)| (*source, user.confidence.min(BESIDE_HEADER)));
        let used = std::iter::once((self.file, user.confidence)).chain(beside);
        used.map(move |(file, confidence)| (user.file, file, confidence, runs))
    }
}

fn digest<'a>(records: &[&'a FileRecord], file: u32) -> Option<&'a Digest> {
    records.get(file as usize)?.digest.as_deref()
}

/// Names of a file that run nothing when they are used.
fn values_of(digest: &Digest) -> FxHashSet<&str> {
    let is_value = |kind| match kind {
        SymbolKind::Constant | SymbolKind::Variable | SymbolKind::TypeAlias => true,
        // Elsewhere an interface may hold code, and is all that is in its file.
        SymbolKind::Interface => matches!(digest.language, Language::Go | Language::Tsx | Language::TypeScript),
        _ => false,
    };
    let offers = || digest.offers.iter();
    let mut values: FxHashSet<&str> = offers().filter(|offer| is_value(offer.kind)).map(|offer| offer.name).collect();
    if values.is_empty() {
        return values;
    }
    // What is a function in one branch and a value in another may run.
    for offer in offers().filter(|offer| !is_value(offer.kind)) {
        values.remove(offer.name);
    }
    values
}

fn sources_beside<'a>(from: &Sources<'a>, header: u32, language: Language) -> Vec<(u32, &'a Digest)> {
    let path = |file: u32| from.records.get(file as usize).map_or("", |record| &*record.path);
    if !matches!(language, Language::C | Language::Cpp) || !crate::graph::is_header(path(header)) {
        return Vec::new();
    }
    let own = stem(path(header));
    let is_source = |file: &u32| stem(path(*file)) == own && !crate::graph::is_header(path(*file));
    let including = from.graph.dependents.of(header as usize).iter().copied().filter(is_source);
    including.filter_map(|file| Some((file, digest(from.records, file)?))).collect()
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

/// Whether a file only declares types (`client.d.ts`): whoever uses one has used what there is.
fn is_declaration(from: &Sources<'_>, file: u32) -> bool {
    from.records.get(file as usize).is_some_and(|record| record.path.ends_with(".d.ts"))
}

fn is_for_types(from: &Sources<'_>, file: u32, to: u32) -> bool {
    !is_declaration(from, to)
        && from.typed.get(file as usize).is_some_and(|lines| from.graph.is_only_on(file as usize, to, lines))
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
