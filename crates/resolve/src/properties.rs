//! What holds for every import of every language, whatever it says.

use crate::testing::{TestRepository, plain};
use crate::{Links, Repository, Resolvers, packages};
use codexa_model::Language;
use codexa_model::facts::{Import, ImportKind, ImportedName};
use proptest::prelude::*;

const LANGUAGES: [(Language, &str); 4] =
    [(Language::Python, "py"), (Language::Rust, "rs"), (Language::Go, "go"), (Language::Java, "java")];

const KINDS: [ImportKind; 10] = [
    ImportKind::Module,
    ImportKind::From,
    ImportKind::Static,
    ImportKind::ReExport,
    ImportKind::IncludeLocal,
    ImportKind::IncludeSystem,
    ImportKind::Require,
    ImportKind::ModDeclaration,
    ImportKind::Path,
    ImportKind::Dynamic,
];

/// Names and separators of all four languages, so that targets often lead somewhere, and any text.
fn target() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "A",
        "crate",
        "super",
        "self",
        "std",
        "example.com/m",
        ".",
        "..",
        "::",
        "/",
        "../",
        "a.rs",
        "r#a",
        "é",
        "*",
        "$crate",
        "m",
        "lib",
        "\\",
        "",
    ]);
    prop_oneof![3 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()), 1 => any::<String>()]
}

fn import() -> impl Strategy<Value = Import> {
    let names = prop::collection::vec(target(), 0..3);
    (prop::sample::select(KINDS.to_vec()), target(), names, any::<bool>(), prop::option::of(target()), 1..9_u32)
        .prop_map(|(kind, target, names, wildcard, alias, line)| Import {
            names: names.iter().map(|name| ImportedName { name: name.as_str().into(), alias: None }).collect(),
            wildcard,
            alias: alias.map(Into::into),
            ..plain(kind, &target, line)
        })
}

/// Files at places that all four languages have rules for, each with its imports and an inline scope.
fn files() -> impl Strategy<Value = Vec<(usize, String, Vec<Import>, String)>> {
    let place = prop::sample::select(vec![
        "a",
        "b",
        "lib",
        "src/lib",
        "src/a",
        "src/a/mod",
        "src/a/b",
        "a/__init__",
        "A",
        "m/a/A",
    ]);
    let file = (0..LANGUAGES.len(), place.prop_map(str::to_owned), prop::collection::vec(import(), 0..6), target());
    prop::collection::vec(file, 1..10)
}

fn repository(files: &[(usize, String, Vec<Import>, String)], manifest: &str) -> TestRepository {
    let mut repo = TestRepository::default();
    for path in
        ["Cargo.toml", "go.mod", "go.work", "pyproject.toml", "setup.cfg", "setup.py", "pom.xml", "settings.gradle"]
    {
        repo.text(path, manifest);
    }
    for (language, place, imports, scope) in files {
        let Some((language, ending)) = LANGUAGES.get(*language) else { continue };
        let file = repo.parsed_file(&format!("{place}.{ending}"), *language, imports.clone());
        file.module("a").defines("A a").uses("A B a").inline(0, scope);
    }
    repo
}

fn manifest() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "[package]\nname = 'a'\n[dependencies]\nb = { path = '../../..' }",
        "[package]\nname = 'a'\n[workspace]\nexclude = ['.']\n[lib]\npath = 'src/a.rs'\n[dependencies]\na = { path = '.' }",
        "module example.com/m\nreplace a => ../..\nreplace b => .\nuse .",
        "[options]\npackage_dir =\n  = ..\n[metadata]\nname = a",
        "include ':a', 'b'\nproject(':a').projectDir = file('../..')",
        "<project><artifactId>a</artifactId></project>",
    ]);
    prop_oneof![3 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    /// Nothing panics; a link leads to another tracked file, stands once per origin, and has a rule of its language.
    #[test]
    fn links_lead_to_tracked_files_once(files in files(), manifest in manifest()) {
        let repo = repository(&files, &manifest);
        let resolvers = Resolvers::prepare(&repo);
        for file in repo.sources() {
            let Links { links, declined } = resolvers.resolve(&file);
            for link in &links {
                prop_assert!(repo.paths().contains(&link.to), "{}", link.to);
                prop_assert_ne!(&*link.to, file.path);
                prop_assert!((1..=100).contains(&link.confidence));
                prop_assert!(link.origin.starts_with(&file.language.name().to_lowercase()));
            }
            let mut keys: Vec<_> = links.iter().map(|link| (&link.to, &link.origin)).collect();
            let count = keys.len();
            keys.dedup();
            prop_assert_eq!(keys.len(), count);
            prop_assert!(keys.is_sorted());
            prop_assert!(declined.is_sorted());
        }
        for package in packages(&repo) {
            prop_assert!(repo.paths().contains(&package.manifest));
        }
    }

    /// Neither the order in which files are handed in nor the order in which they are asked for changes an answer.
    #[test]
    fn order_changes_nothing(files in files(), manifest in manifest()) {
        let repo = repository(&files, &manifest);
        let backwards = Backwards(&repo);
        let (one, other) = (Resolvers::prepare(&repo), Resolvers::prepare(&backwards));
        for file in backwards.sources() {
            prop_assert_eq!(one.resolve(&file), other.resolve(&file));
        }
    }
}

/// The same repository with its parsed files in reverse.
struct Backwards<'a>(&'a TestRepository);

impl Repository for Backwards<'_> {
    fn sources(&self) -> Vec<crate::SourceFile<'_>> {
        let mut sources = self.0.sources();
        sources.reverse();
        sources
    }

    fn paths(&self) -> &[Box<str>] {
        self.0.paths()
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.read(path)
    }

    fn cut(&self, path: &str, what: &'static str) {
        self.0.cut(path, what);
    }
}
