//! Names of folders whose content is not the repository's own. They stand here once; who asks for fewer says why.

use crate::paths::folder;

/// Folders that package managers put other people's packages into.
const INSTALLED: &[&str] = &[
    ".tox",
    ".venv",
    "Godeps",
    "Pods",
    "bower_components",
    "jspm_packages",
    "node_modules",
    "site-packages",
    "vendor",
    "venv",
];

/// Folders that hold what tests read.
const FIXTURES: &[&str] = &["__fixtures__", "fixtures", "test-data", "test_data", "testdata"];

/// Folders that Maven's archetypes begin other projects from: their manifests have gaps where those will have names.
const TEMPLATES: &[&str] = &["archetype-resources"];

/// Folders of other people's libraries that a repository carries along and builds, besides [`GO`].
const CARRIED: &[&str] = &[
    "3rd-party",
    "3rd_party",
    "3rdparty",
    "contrib",
    "dep",
    "dependencies",
    "deps",
    "ext",
    "extern",
    "external",
    "externals",
    "libs",
    "submodules",
    "subprojects",
    "third-party",
    "third_party",
    "thirdparty",
];

/// The only name that the go tool knows.
const GO: &str = "vendor";

fn among(folder: &str, names: &[&str]) -> bool {
    folder.split('/').any(|name| names.contains(&name))
}

/// Whether a folder lies in a template of a project; Cookiecutter names such folders by what will be filled in
/// (`{{ cookiecutter.slug }}`).
fn is_template(folder: &str) -> bool {
    among(folder, TEMPLATES) || folder.split('/').any(|name| name.starts_with("{{"))
}

/// Whether a file lies among installed packages or in a template: its manifest declares nothing that this repository needs.
/// Libraries that are carried along are built here, and what tests read is read here: what those need counts.
pub(crate) fn is_installed(path: &str) -> bool {
    among(folder(path), INSTALLED) || is_template(folder(path))
}

/// Whether a folder lies among installed packages, in a template or among what tests read: none is a package that this
/// repository offers. Libraries that are carried along are packages of it, as they are built with it.
pub(crate) fn is_foreign(path: &str) -> bool {
    among(path, INSTALLED) || among(path, FIXTURES) || is_template(path)
}

/// Whether a folder lies among libraries that C code may include by their bare names. Only those that are compiled along
/// count: no C is compiled out of `node_modules`.
pub(crate) fn is_carried_along(folder: &str) -> bool {
    among(folder, CARRIED) || is_vendored_by_go(folder)
}

/// Whether the go tool takes a path for a dependency's. It knows no other name, and modules in folders with one are
/// imported by their paths like any other.
pub(crate) fn is_vendored_by_go(path: &str) -> bool {
    among(path, &[GO])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_as_whole_folders() {
        assert!(is_installed("a/Pods/b/c.json") && !is_installed("a/Pods") && !is_installed("a/fixtures/b"));
        assert!(is_foreign("a/site-packages/b") && is_foreign("testdata") && !is_foreign("a/deps/b"));
        assert!(is_foreign("a/archetype-resources") && is_installed("{{ a }}/setup.py") && !is_foreign("archetype"));
        assert!(is_carried_along("a/deps") && is_carried_along("vendor/b") && !is_carried_along("node_modules/b"));
        assert!(is_vendored_by_go("a/vendor/b") && !is_vendored_by_go("a/vendored"));
    }
}
