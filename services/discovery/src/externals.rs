//! External dependencies and who uses them.

use crate::record::{FileClass, FileLinks, FileRecord};
use codexa_model::Language;
use codexa_model::relation::{DeclineReason, DependencyScope, ExternalDependency};
use codexa_resolve::external::{Declared, Namespace};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Imported names that no manifest declares, by name and language, to the files that import them.
type Undeclared = BTreeMap<(Box<str>, Language), Vec<u32>>;

/// What is needed from outside, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Externals {
    /// As declared or locked, sorted by name, ecosystem and place.
    pub dependencies: Vec<ExternalDependency>,
    /// Files that import each of them, sorted, in the same order. Where it is declared several times, each importing
    /// file counts for one declaration: that of the manifest whose folder is nearest above it, and there the one whose
    /// scope fits the file (a test's is development, any other's the runtime).
    pub users: Vec<Vec<u32>>,
    /// Imported from outside and declared by no manifest that was read: name and language to files. What only a lock file
    /// names is among them, since another dependency may stop bringing it along. Names that only tests import are not:
    /// tests write modules when they run and import them, and nothing in their text tells those from packages.
    pub undeclared: Undeclared,
    /// How many names only tests import and no manifest declares.
    pub undeclared_in_tests: u32,
}

impl Externals {
    /// Joins what is declared with what is imported. Files stand in the model's order.
    #[must_use]
    pub fn new(
        records: &[&FileRecord],
        links: &[&FileLinks],
        declared: &[ExternalDependency],
        namespaces: &[Namespace],
    ) -> Self {
        let mut dependencies = declared.to_vec();
        dependencies.sort_by(|a, b| {
            (&a.name, &a.ecosystem, &a.declared_in, a).cmp(&(&b.name, &b.ecosystem, &b.declared_in, b))
        });
        dependencies.dedup();
        let declared = Declared::new(&dependencies, namespaces);
        let is_vendored = |dependency: &ExternalDependency| {
            let at = records.binary_search_by(|record| record.path.cmp(&dependency.declared_in));
            at.ok().and_then(|at| records.get(at)).is_some_and(|record| record.class == FileClass::Vendored)
        };
        let vendored: Vec<bool> = dependencies.iter().map(is_vendored).collect();
        let mut known: FxHashMap<(Language, &str), Vec<usize>> = FxHashMap::default();
        let mut users = vec![Vec::new(); dependencies.len()];
        let mut missing = Missing::default();
        for ((file, record), links) in (0_u32..).zip(records).zip(links) {
            let Some(language) = record.digest.as_ref().map(|digest| digest.language) else { continue };
            for declined in links.declined() {
                let DeclineReason::External(name) = declined.reason else { continue };
                // A library of C is known by its header rather than by the folder or the stem that was made of it.
                let import = if is_c(language) { declined.target } else { name };
                let places = known.entry((language, import)).or_insert_with(|| {
                    let used = declared
                        .find(language, import)
                        .map_or_else(|| declared.bringing(language, import), |used| vec![used]);
                    used.iter().flat_map(|used| declared.places(used)).copied().collect()
                });
                let nearest = nearest(record, places, &dependencies, &vendored);
                if let Some(files) = nearest.and_then(|at| users.get_mut(at)) {
                    put(files, file);
                }
                match nearest.and_then(|at| dependencies.get(at)) {
                    Some(dependency) if is_in_a_manifest(dependency) => {}
                    Some(dependency) => missing.add(&dependency.name, language, file, record, None),
                    None if is_nobodys(language, name) => {}
                    None => missing.add(name, language, file, record, is_c(language).then_some(declined.target)),
                }
            }
        }
        let (undeclared, undeclared_in_tests) = missing.named();
        Self { dependencies, users, undeclared, undeclared_in_tests }
    }
}

/// A scope's place when one of several is shown or taken: what runs comes first.
#[must_use]
pub fn rank(scope: DependencyScope) -> u8 {
    match scope {
        DependencyScope::Runtime => 0,
        DependencyScope::Optional => 1,
        DependencyScope::Build => 2,
        DependencyScope::Development => 3,
    }
}

/// The declaration whose folder is nearest above the file, the first where none is above it; there the one whose scope
/// fits the file, and of those the likeliest, which stands first. What a lock file alone names gives way to every manifest, and what a vendored library declares counts
/// for its own files only.
fn nearest(
    record: &FileRecord,
    places: &[usize],
    dependencies: &[ExternalDependency],
    vendored: &[bool],
) -> Option<usize> {
    let is_test = record.class == FileClass::Test;
    let fits = places.iter().enumerate().filter_map(|(order, &at)| {
        let dependency = dependencies.get(at)?;
        let folder = dependency.declared_in.rsplit_once('/').map_or("", |(folder, _)| folder);
        let rest = record.path.strip_prefix(folder);
        let is_above = folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'));
        if !is_above && vendored.get(at) == Some(&true) {
            return None;
        }
        let depth = is_above.then_some(folder.len());
        let is_for_tests = is_test && dependency.scope == DependencyScope::Development;
        Some((dependency.direct, depth, is_for_tests, Reverse(rank(dependency.scope)), Reverse((order, at))))
    });
    fits.max().map(|(.., Reverse((_, at)))| at)
}

/// Whether a person wrote it down. `go.mod` names what the module's dependencies need (`// indirect`) as well.
fn is_in_a_manifest(dependency: &ExternalDependency) -> bool {
    dependency.direct || dependency.ecosystem == "go"
}

/// Names that no manifest could declare: what begins with `_` is a package's own or a type checker's (`_typeshed`).
fn is_nobodys(language: Language, name: &str) -> bool {
    language == Language::Python && name.starts_with('_')
}

fn is_c(language: Language) -> bool {
    matches!(language, Language::C | Language::Cpp)
}

/// Adds a file to sorted ones; files come in order.
fn put(files: &mut Vec<u32>, file: u32) {
    if files.last() != Some(&file) {
        files.push(file);
    }
}

/// Names that no manifest declares.
#[derive(Default)]
struct Missing<'a> {
    names: BTreeMap<(Box<str>, Language), Importers<'a>>,
}

/// Who imports one of them.
#[derive(Default)]
struct Importers<'a> {
    files: Vec<u32>,
    /// Whether a file that is no test is among them.
    is_in_sources: bool,
    /// The header of C that is included, or the folder that the headers share; empty where they share none.
    header: Option<&'a str>,
}

impl<'a> Missing<'a> {
    fn add(&mut self, name: &str, language: Language, file: u32, record: &FileRecord, header: Option<&'a str>) {
        let importers = self.names.entry((name.into(), language)).or_default();
        put(&mut importers.files, file);
        importers.is_in_sources |= record.class != FileClass::Test;
        importers.header = match (importers.header, header) {
            (Some(before), Some(header)) => Some(shared(before, header)),
            (before, header) => before.or(header),
        };
    }

    /// The names outside of tests as people know them, and how many others there are.
    fn named(self) -> (Undeclared, u32) {
        let all = self.names.len();
        let in_sources = self.names.into_iter().filter(|(_, importers)| importers.is_in_sources);
        let named: Undeclared = in_sources
            .map(|((name, language), importers)| {
                let header = importers.header.filter(|header| !header.is_empty());
                ((header.map_or(name, Box::from), language), importers.files)
            })
            .collect();
        let others = u32::try_from(all.saturating_sub(named.len())).unwrap_or(u32::MAX);
        (named, others)
    }
}

/// The path where both are the same, else the folder that both lie in, with `/` at its end.
fn shared<'a>(a: &'a str, b: &str) -> &'a str {
    if a == b {
        return a;
    }
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let folder = a.as_bytes().iter().take(same).rposition(|byte| *byte == b'/');
    folder.and_then(|end| a.get(..=end)).unwrap_or_default()
}
