//! Areas that do not ship: tests, examples, benchmarks, documents, other people's code. Each is one component.

use super::ComponentKind;
use super::folders::{Counts, Folder};

/// The kind of area a folder is; `None` for folders of code that ships.
pub(super) fn area(folder: &Folder<'_>) -> Option<ComponentKind> {
    let name = folder.name().to_ascii_lowercase();
    let is_named = |names: &[&str]| names.contains(&name.as_str());
    if folder.path.is_empty() {
        return None;
    }
    if is_vendored(folder.all) {
        return Some(ComponentKind::Vendored);
    }
    if is_named(&["bench", "benches", "benchmark", "benchmarks", "jmh-benchmarks"]) {
        return Some(ComponentKind::Benchmarks);
    }
    if is_tests(folder.all) {
        return Some(ComponentKind::Tests);
    }
    if is_named(&["example", "examples", "sample", "samples", "demo", "demos"]) {
        return Some(ComponentKind::Examples);
    }
    if is_named(&["doc", "docs", "documentation"]) && folder.all.documents > folder.all.code {
        return Some(ComponentKind::Documentation);
    }
    None
}

/// Whether a package exists for tests: its name says so, and half of its code at least is tests. The rest are programs that
/// the tests run. `test-utils` may be a library that others test with.
pub(super) fn is_tests_package(folder: &Folder<'_>) -> bool {
    let name = folder.name().to_ascii_lowercase();
    let is_named = matches!(&*name, "test" | "tests") || name.starts_with("tests-") || name.ends_with("-tests");
    is_named && folder.all.tests > 0 && folder.all.tests * 2 >= folder.all.code
}

/// Nine in ten files of code are tests.
fn is_tests(counts: Counts) -> bool {
    counts.code > 0 && counts.tests * 10 >= counts.code * 9
}

fn is_vendored(counts: Counts) -> bool {
    counts.vendored > 0 && counts.code == 0
}
