//! What must hold for every family, whatever manifests and imports say.

use crate::testing::plain;
use crate::{Links, Repository, Resolvers, SourceFile, packages};
use codexa_model::facts::{Import, ImportKind};
use codexa_model::{Language, NameList};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A parsed file: path, language, imports, definitions, references.
type Parsed = (Box<str>, Language, Vec<Import>, NameList, NameList);

#[derive(Debug)]
struct Random {
    paths: Vec<Box<str>>,
    content: Vec<Vec<u8>>,
    parsed: Vec<Parsed>,
    reversed: bool,
}

impl Repository for Random {
    fn sources(&self) -> Vec<SourceFile<'_>> {
        let sources = self.parsed.iter().map(|(path, language, imports, definitions, references)| SourceFile {
            path,
            language: *language,
            module: Some("A.B"),
            imports,
            definitions,
            references,
            scopes: &[],
        });
        if self.reversed { sources.rev().collect() } else { sources.collect() }
    }

    fn paths(&self) -> &[Box<str>] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let at = self.paths.binary_search_by(|known| (**known).cmp(path)).ok()?;
        self.content.get(at).cloned()
    }

    fn cut(&self, _: &str, _: &'static str) {}
}

impl Random {
    fn links(&self) -> Vec<Links> {
        let resolvers = Resolvers::prepare(self);
        let mut sources = self.sources();
        sources.sort_by_key(|file| file.path);
        sources.iter().map(|file| resolvers.resolve(file)).collect()
    }
}

const MANIFESTS: &[&str] = &[
    "package.json",
    "tsconfig.json",
    "jsconfig.json",
    "pnpm-workspace.yaml",
    "lerna.json",
    "rush.json",
    "composer.json",
    "composer.lock",
    "compile_commands.json",
    "x.csproj",
    "x.sln",
    "x.gemspec",
    "Gemfile",
    "Gemfile.lock",
    "CMakeLists.txt",
    "configure.ac",
    "Makefile",
    "x.ts",
    "x.js",
    "x.h",
    "x.c",
    "x.rb",
    "x.php",
    "x.cs",
    "x.sh",
    "index.ts",
];

/// Pieces that rules look at, in any order and number.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/".to_owned()),
        Just("..".to_owned()),
        Just("./".to_owned()),
        Just("*".to_owned()),
        Just("\\".to_owned()),
        Just("@".to_owned()),
        Just("#".to_owned()),
        Just("$".to_owned()),
        Just("{\"name\": \"a\", \"exports\": {\"./*\": \"../*.js\"}}".to_owned()),
        Just("{\"compilerOptions\": {\"baseUrl\": \"../..\", \"paths\": {\"*\": [\"*\"]}}, \"extends\": \"./tsconfig.json\"}".to_owned()),
        Just("<Project><PackageReference Include=\"".to_owned()),
        Just("project(a \"".to_owned()),
        Just("AC_INIT([".to_owned()),
        "[a-z]{1,3}",
        "\\PC{0,4}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..8).prop_map(|pieces| pieces.concat())
}

fn repository() -> impl Strategy<Value = Random> {
    let folder = prop_oneof![
        Just(""),
        Just("a/"),
        Just("a/include/"),
        Just("arch/x/"),
        Just("a/node_modules/b/"),
        Just("a/lib/é/")
    ];
    let file =
        (folder, proptest::sample::select(MANIFESTS)).prop_map(|(folder, name)| Box::from([folder, name].concat()));
    let files = proptest::collection::btree_map(file, text(), 1..16);
    let imports = proptest::collection::vec((text(), 0..10_usize), 0..6);
    (files, imports, proptest::collection::vec("[A-Z][a-z]{0,2}", 0..4)).prop_map(|(files, written, names)| {
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
        let imports: Vec<Import> =
            written.iter().zip(1..).map(|((target, kind), line)| plain(KINDS[*kind], target, line)).collect();
        let names: NameList = names.into_iter().collect::<BTreeSet<String>>().into_iter().collect();
        let (paths, content): (Vec<Box<str>>, Vec<Vec<u8>>) =
            files.into_iter().map(|(path, text)| (path, text.into_bytes())).unzip();
        let parsed = paths.iter().zip(Language::ALL.iter().cycle());
        let parsed =
            parsed.map(|(path, language)| (path.clone(), *language, imports.clone(), names.clone(), names.clone()));
        let parsed = parsed.collect();
        Random { paths, content, parsed, reversed: false }
    })
}

proptest! {
    #[test]
    fn links_stay_inside_and_do_not_depend_on_the_order_of_files(mut repo in repository()) {
        let links = repo.links();
        for link in links.iter().flat_map(|links| &links.links) {
            prop_assert!(repo.paths.contains(&link.to), "{} leads to {}", link.origin, link.to);
            prop_assert!((1..=100).contains(&link.confidence));
            prop_assert!(link.origin.split_once('.').is_some());
        }
        repo.reversed = true;
        prop_assert_eq!(links, repo.links());
    }

    #[test]
    fn packages_name_tracked_manifests(repo in repository()) {
        for package in packages(&repo) {
            prop_assert!(repo.paths.contains(&package.manifest));
            prop_assert!(package.exports.files().iter().all(|path| repo.paths.contains(path)), "{:?}", package);
        }
    }
}
