//! Areas that do not ship: tests, examples, benchmarks, documents, other people's code. Each is one component.

use super::ComponentKind;
use super::folders::{Counts, Folder};
use crate::source_roots::free_names;

/// The kind of area a folder is; `None` for folders of code that ships.
pub(super) fn area(folder: &Folder<'_>) -> Option<ComponentKind> {
    let name = folder.name().to_ascii_lowercase();
    let is_free = !folder.is_in_package && free_names(folder.path) == folder.path;
    let is_named = |names: &[&str]| is_free && names.contains(&name.as_str());
    if folder.path.is_empty() {
        return None;
    }
    if is_vendored(folder.all) {
        return Some(ComponentKind::Vendored);
    }
    if is_named(&BENCHMARKS) {
        return Some(ComponentKind::Benchmarks);
    }
    if is_tests(folder) {
        return Some(ComponentKind::Tests);
    }
    if is_named(&EXAMPLES) {
        return Some(ComponentKind::Examples);
    }
    if is_named(&["doc", "docs", "documentation"]) && folder.all.documents > folder.all.code {
        return Some(ComponentKind::Documentation);
    }
    None
}

/// Names of folders whose code measures.
const BENCHMARKS: [&str; 6] = ["__benchmarks__", "bench", "benches", "benchmark", "benchmarks", "jmh-benchmarks"];

/// Whether one of a file's folders is called like examples or benchmarks, however few files lie in it, or the file is
/// (`sort.bench.ts`).
pub(crate) fn is_named_apart(path: &str) -> bool {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name.rsplit_once('.').is_some_and(|(stem, _)| stem.ends_with(".bench") || stem.ends_with(".benchmark")) {
        return true;
    }
    let known = || BENCHMARKS.iter().chain(&EXAMPLES);
    let is_apart = |name: &str| known().any(|known| known.eq_ignore_ascii_case(name));
    free_names(above).split('/').any(is_apart)
}

/// Names of folders whose code shows how something is used: by hand, in a document, in a browser.
const EXAMPLES: [&str; 13] = [
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "docs_src",
    "docs-src",
    "doc_src",
    "playground",
    "playgrounds",
    "tutorial",
    "tutorials",
];

/// Whether a package is copied out to begin others with: it is data of the one around it.
pub(super) fn is_template(folder: &Folder<'_>) -> bool {
    let is_named = |name: &str| name == "templates" || name == "template" || name.starts_with(TEMPLATE);
    folder.path.split('/').any(is_named)
}

/// What a package's folder and those beside it are called in common: everything before the last `-` or `_`, and of templates
/// the first word.
pub(super) fn common_start<'a>(folder: &Folder<'a>) -> Option<&'a str> {
    let name = folder.name();
    match name.get(..TEMPLATE.len()) {
        Some(TEMPLATE) => Some(TEMPLATE),
        _ => name.rfind(['-', '_']).and_then(|at| name.get(..=at)),
    }
}

const TEMPLATE: &str = "template-";

/// Whether a package exists for tests: its name says so, and half of its code at least is tests. The rest are programs that
/// the tests run. `test-utils` may be a library that others test with.
pub(super) fn is_tests_package(folder: &Folder<'_>) -> bool {
    let name = folder.name().to_ascii_lowercase();
    let is_named = matches!(&*name, "test" | "tests") || name.starts_with("tests-") || name.ends_with("-tests");
    is_named && folder.all.tests > 0 && folder.all.tests * 2 >= folder.all.code
}

/// Whether a package holds source that its name does not lend to tests.
pub(super) fn ships_beside_tests(folder: &Folder<'_>) -> bool {
    folder.all.code > folder.all.tests && !is_tests_package(folder)
}

/// Nine in ten files of code are tests, and they are not kept apart from source that lies in the folder itself.
fn is_tests(folder: &Folder<'_>) -> bool {
    let Folder { all, own, .. } = folder;
    all.code > 0 && all.tests * 10 >= all.code * 9 && (own.code == 0 || own.tests > 0)
}

/// No code of ours, and most of it from elsewhere: one library among a folder's images makes the images nobody else's.
fn is_vendored(counts: Counts) -> bool {
    counts.vendored > 0 && counts.code == 0 && counts.vendored * 2 > counts.files
}
