//! Source files that nothing here depends on or names, and that nothing else is known to start: they look dead, and a person may
//! know better. What a framework, a build or a reader of a library may call without a word of it here is left out, and what
//! a build, a script or a document of the repository speaks of.

use super::{Declines, FileGraph, References, mentioned::Mentions};
use crate::components::{Components, is_code, is_markup};
use crate::record::{Digest, FileClass, FileLinks, FileRecord};
use codexa_model::Language;
use codexa_model::relation::{Exports, Package};
use std::collections::BTreeSet;

/// Lines of code below which a file is not worth a question.
pub const MIN_UNUSED_LINES: u32 = 20;

/// Languages whose files are reached by imports and names alone. Frameworks of the others find classes by annotations and
/// folders.
const REACHED_BY_NAME: [Language; 7] = [
    Language::C,
    Language::Cpp,
    Language::Go,
    Language::JavaScript,
    Language::Python,
    Language::Rust,
    Language::TypeScript,
];

/// Names without their extension that tools and frameworks look for.
const LOOKED_FOR: [&str; 22] = [
    "__init__",
    "__main__",
    "admin",
    "app",
    "apps",
    "asgi",
    "build",
    "conf",
    "conftest",
    "fabfile",
    "index",
    "main",
    "manage",
    "models",
    "noxfile",
    "receivers",
    "settings",
    "setup",
    "signals",
    "tasks",
    "urls",
    "wsgi",
];

/// Folders whose files tools and frameworks load one by one.
const LOADED_FROM: [&str; 13] = [
    "alembic",
    "bin",
    "commands",
    "extensions",
    "fuzz",
    "hooks",
    "migrations",
    "modules",
    "pages",
    "plugins",
    "scripts",
    "templatetags",
    "tools",
];

/// The files that look unused, by index.
pub(super) fn files(
    records: &[&FileRecord],
    links: &[&FileLinks],
    graph: &FileGraph,
    references: &References,
    components: &Components,
    packages: &[Package],
    mentions: &Mentions<'_>,
) -> Vec<u32> {
    let mut is_reached = vec![false; records.len()];
    for edge in (0..records.len()).flat_map(|file| graph.edges(file)) {
        if let Some(reached) = is_reached.get_mut(edge.to as usize) {
            *reached = true;
        }
    }
    let named = named_by_packages(packages);
    let libraries: Vec<&str> =
        packages.iter().filter(|package| package.exports != Exports::Nothing).map(|package| &*package.root).collect();
    let (loaders, folders) = loaders(records, links, components);
    let is_unused = |(file, record): &(u32, &&FileRecord)| {
        let at = *file as usize;
        let is = |list: &[bool]| list.get(at).copied().unwrap_or(true);
        let component = components.of(*file);
        may_be_unused(record)
            && !is(&is_reached)
            && !is(&references.named)
            && !named.contains(&*record.path)
            && component.is_none_or(|component| component.kind.ships())
            && !components.is_apart(*file, &record.path)
            && !folders.contains(folder(&record.path))
            && !components.of_file.get(at).is_some_and(|component| loaders.contains(component))
            && !(offers_anything(record) && libraries.iter().any(|root| is_below(&record.path, root)))
            && !mentions.names(&record.path)
    };
    (0_u32..).zip(records).filter(is_unused).map(|(file, _)| file).collect()
}

/// What the file itself says: hand-written code of some size, read whole, that nothing starts.
fn may_be_unused(record: &FileRecord) -> bool {
    let Some(digest) = &record.digest else { return false };
    record.class == FileClass::Source
        && REACHED_BY_NAME.contains(&digest.language)
        && record.lines.code >= MIN_UNUSED_LINES
        && digest.parse.cut.is_none()
        && digest.behaviour.entry_points.is_empty()
        // Go runs it without a name.
        && !(digest.language == Language::Go && digest.definitions.holds("init"))
        && !adds_to_others(digest)
        // Without a name of its own it can only be run as it is: a script.
        && !digest.definitions.is_empty()
        && !is_looked_for(&record.path)
}

/// Whether a file has members of types that another one defines, or of another's namespace: they come with the values, or are
/// declared where those are, and no name leads to the file. Only these languages have such names at file level.
fn adds_to_others(digest: &Digest) -> bool {
    let mut owners = digest.definitions.iter().filter_map(|name| name.split_once('.')).map(|(owner, _)| owner);
    matches!(digest.language, Language::Cpp | Language::Go) && owners.any(|owner| !digest.definitions.holds(owner))
}

fn is_looked_for(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or_default();
    let is_setting = name.contains(".config.") || stem.is_empty();
    is_setting || LOOKED_FOR.contains(&stem) || folder.split('/').any(|part| LOADED_FROM.contains(&part))
}

fn offers_anything(record: &FileRecord) -> bool {
    record.digest.as_ref().is_some_and(|digest| digest.offers.iter().next().is_some())
}

/// Files that manifests name: programs start there, and others build on them.
fn named_by_packages(packages: &[Package]) -> BTreeSet<&str> {
    let programs = packages.iter().flat_map(|package| &package.programs).map(|program| &*program.target);
    let faces = packages.iter().flat_map(|package| package.exports.files()).map(|path| &**path);
    programs.chain(faces).collect()
}

/// Components and folders where more than imports and names may need a file: something is imported by a name that is computed
/// when the program runs, or stands in code that no grammar reads. A flat folder may hold several components.
fn loaders<'r>(
    records: &[&'r FileRecord],
    links: &[&FileLinks],
    components: &Components,
) -> (BTreeSet<Option<u32>>, BTreeSet<&'r str>) {
    let is_unread = |record: &FileRecord| {
        is_code(record) && record.digest.is_none() && !record.language.as_deref().is_some_and(is_markup)
    };
    let files = records.iter().zip(links).zip(&components.of_file);
    let loads = files.filter(|((record, links), _)| Declines::of(links).dynamic > 0 || is_unread(record));
    loads.map(|((record, _), component)| (*component, folder(&record.path))).unzip()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
