//! Programs built by a Makefile alone, and projects of the autotools. A Makefile counts where it builds C or C++ (it
//! has an `all` or `install` target, and sources lie beside or below it), where no other build file stands beside it,
//! and where none of the folders around it is such a project already.

use super::is_fixture;
use crate::Repository;
use crate::paths::{ancestors, folder, join, name};
use codexa_model::relation::Package;
use regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Names of Makefiles, in the order make looks for them.
const MAKEFILES: &[&str] = &["GNUmakefile", "makefile", "Makefile"];

/// Build files that say more than a Makefile beside them.
const OTHERS: &[&str] = &[
    "CMakeLists.txt",
    "Cargo.toml",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "configure.ac",
    "configure.in",
    "go.mod",
    "meson.build",
    "package.json",
    "pom.xml",
    "pyproject.toml",
    "setup.py",
];

static TARGET: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?m)^(?:all|install)\s*::?(?:[^=]|$)").ok());
static INIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"AC_INIT\(\s*\[?\s*([A-Za-z0-9_.+-][A-Za-z0-9_.+ -]*?)\s*\]?\s*(?:,\s*\[?\s*([0-9][A-Za-z0-9_.+-]*|-)\s*\]?\s*)?[,)]").ok()
});

/// The projects that are built by Makefiles or the autotools.
///
/// A Makefile at the root has no name of its own but that of the repository's folder, which no path says: its name is
/// empty, and who knows the folder may fill it in.
pub(super) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let mut found: Vec<Package> = repo
        .paths()
        .iter()
        .filter(|path| matches!(name(path), "configure.ac" | "configure.in") && !is_fixture(path))
        .filter_map(|path| autotools(path, &String::from_utf8_lossy(&repo.read(path)?)))
        .collect();
    let mut roots: BTreeSet<Box<str>> = found.iter().map(|package| package.root.clone()).collect();

    let mut folders: Vec<&str> =
        repo.paths().iter().filter(|path| MAKEFILES.contains(&name(path))).map(|path| folder(path)).collect();
    folders.sort_by_key(|folder| (folder.matches('/').count() + usize::from(!folder.is_empty()), *folder));
    folders.dedup();
    if folders.is_empty() {
        return found;
    }
    let compiled = folders_of_sources(repo);
    for root in folders {
        let tracked = |file: &str| repo.paths().binary_search_by(|known| (**known).cmp(&join(root, file))).is_ok();
        let covered = is_fixture(root) || ancestors(root).any(|outer| roots.contains(outer));
        if covered || !compiled.contains(root) || OTHERS.iter().any(|file| tracked(file)) {
            continue;
        }
        let Some(manifest) = MAKEFILES.iter().find(|file| tracked(file)).map(|file| join(root, file)) else { continue };
        let text = repo.read(&manifest).unwrap_or_default();
        if TARGET.as_ref().is_some_and(|target| target.is_match(&String::from_utf8_lossy(&text))) {
            roots.insert(root.into());
            found.push(unit(root, "make", name(root), None, &manifest));
        }
    }
    found
}

fn autotools(path: &str, text: &str) -> Option<Package> {
    let captures = INIT.as_ref()?.captures(text)?;
    let version = captures.get(2).map(|version| version.as_str()).filter(|version| *version != "-");
    // Before Autoconf 2.50 the only argument was a file of the sources.
    let written = captures.get(1).map_or("", |name| name.as_str());
    let name = if captures.get(2).is_none() && written.contains('.') { name(folder(path)) } else { written };
    Some(unit(folder(path), "autotools", name, version, path))
}

fn unit(root: &str, ecosystem: &'static str, name: &str, version: Option<&str>, manifest: &str) -> Package {
    Package {
        root: root.into(),
        ecosystem: Cow::Borrowed(ecosystem),
        name: name.into(),
        version: version.map(Into::into),
        manifest: manifest.into(),
        programs: Vec::new(),
        exports: Vec::new(),
    }
}

/// Every folder that holds C or C++ sources, itself or further down.
fn folders_of_sources(repo: &dyn Repository) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let endings = [".c", ".cc", ".cpp", ".cxx", ".C"];
    for path in repo.paths().iter().filter(|path| endings.iter().any(|ending| path.ends_with(ending))) {
        for outer in ancestors(folder(path)) {
            if !found.insert(outer) {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestRepository;

    #[test]
    fn patterns_are_patterns() {
        assert!(TARGET.is_some());
        assert!(INIT.is_some());
    }

    #[test]
    fn the_outermost_makefile_that_builds_c_is_a_package() {
        let mut repo = TestRepository::default();
        repo.text("tool/Makefile", "CC = cc\nall: tool\n");
        repo.text("tool/src/Makefile", "all:\n");
        repo.text("tool/src/main.c", "");
        repo.text("docs/Makefile", "all:\n");
        repo.text("go/Makefile", "install:\n");
        repo.text("go/go.mod", "module m\n");
        repo.text("go/x.c", "");
        repo.text("variables/Makefile", "all := 1\ninstall = 2\n");
        repo.text("variables/x.c", "");
        repo.text("curl/configure.ac", "AC_PREREQ(2.59)\nAC_INIT([curl], [-], [a suitable list])\n");
        repo.text("old/configure.in", "AC_INIT(old tool, 1.4)\n");
        repo.text("old/Makefile", "all:\n");
        repo.text("old/x.c", "");
        let shown = [repo.show_packages("make"), repo.show_packages("autotools")].join("\n");
        insta::assert_snapshot!(shown, @r"
        tool tool/Makefile
        curl curl/configure.ac
        old tool 1.4 old/configure.in
        ");
    }

    #[test]
    fn a_makefile_at_the_root_has_the_name_of_a_folder_nobody_told() {
        let mut repo = TestRepository::default();
        repo.text("Makefile", "default: all\n\ninstall:\n\tcd src && $(MAKE) $@\n");
        repo.text("src/server.c", "");
        repo.text("deps/lua/Makefile", "all:\n");
        repo.text("deps/lua/lua.c", "");
        assert_eq!(repo.show_packages("make"), " Makefile");
    }
}
