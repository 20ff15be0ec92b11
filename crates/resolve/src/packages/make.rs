//! Programs built by a Makefile alone, and projects of the autotools. A Makefile counts where it builds C or C++ (it
//! has an `all` or `install` target, and sources lie beside or below it), where no other build file stands beside it,
//! and where none of the folders around it is such a project already. Its programs are those that its Makefile links,
//! and those that the Makefiles directly below link to which it hands over.

use super::makefile::{Linked, Makefile};
use crate::Repository;
use crate::paths::{ancestors, folder, join, name, resolve, stem};
use crate::vendored::is_foreign;
use codexa_model::relation::{Exports, Package, Program};
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
        .filter(|path| matches!(name(path), "configure.ac" | "configure.in") && !is_foreign(path))
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
    for root in &folders {
        let covered = is_foreign(root) || ancestors(root).any(|outer| roots.contains(outer));
        if covered || !compiled.contains(root) {
            continue;
        }
        let Some(manifest) = makefile(repo, root) else { continue };
        let text = repo.read(&manifest).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        if TARGET.as_ref().is_some_and(|target| target.is_match(&text)) {
            roots.insert((*root).into());
            let mut package = unit(root, "make", name(root), None, &manifest);
            package.programs = programs(repo, root, &manifest, &Makefile::parse(&text), &folders);
            found.push(package);
        }
    }
    found
}

/// The Makefile that builds a folder, where no other build file says more.
fn makefile(repo: &dyn Repository, root: &str) -> Option<String> {
    let tracked = |file: &&&str| is_tracked(repo, &join(root, file));
    let none_says_more = !OTHERS.iter().any(|file| tracked(&file));
    MAKEFILES.iter().find(tracked).filter(|_| none_says_more).map(|file| join(root, file))
}

fn is_tracked(repo: &dyn Repository, path: &str) -> bool {
    repo.paths().binary_search_by(|known| (**known).cmp(path)).is_ok()
}

/// What a project's Makefile links, and what those of the folders right below link that it hands over to.
fn programs(repo: &dyn Repository, root: &str, manifest: &str, rules: &Makefile, folders: &[&str]) -> Vec<Program> {
    let mut found: Vec<Program> =
        rules.programs().into_iter().map(|linked| program(repo, manifest, manifest, linked)).collect();
    let handed = rules.hands_over_to();
    let tell = |path: &str, rules: &Makefile| {
        if rules.is_cut() {
            repo.cut(path, "expands to more than is read");
        }
    };
    tell(manifest, rules);
    let below = folders.iter().filter(|inner| !inner.is_empty() && **inner != root && folder(inner) == root);
    for inner in below.filter(|inner| handed.contains(name(inner)) && !is_foreign(inner)) {
        let Some(path) = makefile(repo, inner) else { continue };
        let rules = Makefile::parse(&String::from_utf8_lossy(&repo.read(&path).unwrap_or_default()));
        found.extend(rules.programs().into_iter().map(|linked| program(repo, manifest, &path, linked)));
        tell(&path, &rules);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A linked program of the project whose Makefile is `manifest`, with the source that it seems to start in: the one of its name, `main`, or a part of its name
/// (`server` of `redis-server`). Where none is, the Makefile that links it is all that is known.
fn program(repo: &dyn Repository, manifest: &str, makefile: &str, linked: Linked) -> Program {
    let source = |part: &String| {
        let (path, _) = part.rsplit_once('.')?;
        let places = [path, name(path)].map(|place| resolve(folder(makefile), place));
        let endings = ["c", "cc", "cpp", "cxx", "C"];
        let paths = places.into_iter().flatten().flat_map(|place| endings.map(|ending| format!("{place}.{ending}")));
        paths.into_iter().find(|path| is_tracked(repo, path))
    };
    let sources: Vec<String> = linked.parts.iter().filter_map(source).collect();
    let usual = [&*linked.name, "main"].into_iter().chain(linked.name.rsplit(['-', '_']));
    let named = usual.filter_map(|usual| sources.iter().find(|path| stem(path) == usual)).next();
    let only = sources.first().filter(|_| sources.len() == 1);
    let target = named.or(only).map_or(makefile, |path| &**path);
    let declared_in = (makefile != manifest).then(|| makefile.into());
    Program { name: linked.name.into(), target: target.into(), declared_in }
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
        exports: Exports::Nothing,
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

    /// The shape of redis: programs named by variables, in a folder below, beside libraries that were taken along.
    #[test]
    fn programs_are_linked_where_the_project_hands_over() {
        let mut repo = TestRepository::default();
        repo.text(
            "Makefile",
            "SUBDIRS = src\ndefault: all\ninstall:\n\tfor dir in $(SUBDIRS); do $(MAKE) -C $$dir $@; done\n",
        );
        repo.text(
            "src/Makefile",
            "SERVER=r-server$(PROG_SUFFIX)\nSERVER_OBJ=dict.o server.o\nCLI=r-cli\nLD=$(QUIET)$(CC)\nall: $(SERVER) $(CLI)\n\
             $(SERVER): $(SERVER_OBJ)\n\t$(LD) -o $@ $^ ../deps/lua/liblua.a\n\
             $(CLI): dict.o r-cli.o\n\t$(LD) -o $@ $^\nr-fuzz: dict.o sds.o\n\t$(LD) -o $@ $^\n\
             r-sentinel: $(SERVER)\n\tinstall $(SERVER) r-sentinel\n",
        );
        repo.text("deps/lua/Makefile", "all: lua\nlua: lua.o\n");
        for path in ["src/dict.c", "src/server.c", "src/r-cli.c", "src/sds.c", "deps/lua/lua.c"] {
            repo.text(path, "");
        }
        assert_eq!(
            repo.show_packages("make"),
            " Makefile r-cli@src/Makefile=src/r-cli.c r-fuzz@src/Makefile=src/Makefile r-server@src/Makefile=src/server.c"
        );
    }
}
