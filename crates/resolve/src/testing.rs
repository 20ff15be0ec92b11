//! A repository for tests: files with content, and parsed files whose imports are written the way their language
//! writes them.

use crate::{InlineScope, Links, Repository, Resolvers, SourceFile};
use codexa_model::facts::{Import, ImportKind, ImportedName};
use codexa_model::relation::{DeclineReason, Exports};
use codexa_model::{Language, NameList};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// A parsed file.
pub(crate) struct TestFile {
    language: Language,
    module: Option<Box<str>>,
    imports: Vec<Import>,
    definitions: NameList,
    references: NameList,
    scopes: Vec<InlineScope>,
}

impl TestFile {
    /// The package or namespace it declares.
    pub(crate) fn module(&mut self, name: &str) -> &mut Self {
        self.module = Some(name.into());
        self
    }

    /// Names it defines, separated by spaces.
    pub(crate) fn defines(&mut self, names: &str) -> &mut Self {
        self.definitions = sorted(names);
        self
    }

    /// Names it uses, separated by spaces.
    pub(crate) fn uses(&mut self, names: &str) -> &mut Self {
        self.references = sorted(names);
        self
    }

    /// Puts its import number `index` (from 0) into an inline module.
    pub(crate) fn inline(&mut self, index: u32, path: &str) -> &mut Self {
        self.scopes.push(InlineScope { import: index, path: path.into() });
        self
    }

    fn source<'a>(&'a self, path: &'a str) -> SourceFile<'a> {
        SourceFile {
            path,
            language: self.language,
            module: self.module.as_deref(),
            imports: &self.imports,
            definitions: &self.definitions,
            references: &self.references,
            scopes: &self.scopes,
        }
    }
}

fn sorted(names: &str) -> NameList {
    let mut names: Vec<&str> = names.split_whitespace().collect();
    names.sort_unstable();
    names.iter().collect()
}

/// A repository in memory.
#[derive(Default)]
pub(crate) struct TestRepository {
    paths: Vec<Box<str>>,
    content: BTreeMap<Box<str>, Vec<u8>>,
    parsed: BTreeMap<Box<str>, TestFile>,
    cuts: Mutex<BTreeSet<String>>,
}

impl TestRepository {
    /// Adds a file that is not parsed.
    pub(crate) fn text(&mut self, path: &str, content: &str) -> &mut Self {
        self.content.insert(path.into(), content.as_bytes().to_vec());
        self.track(path);
        self
    }

    /// Adds a parsed file with imports, one a line, as its language writes them.
    pub(crate) fn source(&mut self, path: &str, language: Language, imports: &str) -> &mut TestFile {
        let written: Vec<&str> = imports.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let imports = written
            .iter()
            .zip(1..)
            .map(|(text, line)| match language {
                Language::Python => python(text, line),
                Language::Rust => rust(text, line),
                Language::Java => java(text, line),
                Language::C | Language::Cpp => include(text, line),
                Language::Go => go(text, line),
                _ => verb(text, line),
            })
            .collect();
        self.parsed_file(path, language, imports)
    }

    /// Adds a parsed file with imports as facts state them.
    pub(crate) fn parsed_file(&mut self, path: &str, language: Language, imports: Vec<Import>) -> &mut TestFile {
        self.track(path);
        self.parsed.entry(path.into()).insert_entry(TestFile {
            language,
            module: None,
            imports,
            definitions: NameList::default(),
            references: NameList::default(),
            scopes: Vec::new(),
        });
        self.parsed.get_mut(path).unwrap()
    }

    fn track(&mut self, path: &str) {
        if let Err(at) = self.paths.binary_search_by(|known| (**known).cmp(path)) {
            self.paths.insert(at, path.into());
        }
    }

    /// What was told to be cut since the last time, as `path: what`.
    pub(crate) fn cuts(&self) -> Vec<String> {
        std::mem::take(&mut *self.cuts.lock().unwrap()).into_iter().collect()
    }

    /// What one file's imports lead to.
    pub(crate) fn resolve(&self, path: &str) -> Links {
        Resolvers::prepare(self).resolve(&self.parsed[path].source(path))
    }

    /// The same as lines for people: `to origin confidence`, then `target: reason`.
    pub(crate) fn show(&self, path: &str) -> Vec<String> {
        let Links { links, declined } = self.resolve(path);
        let links = links.iter().map(|link| format!("{} {} {}", link.to, link.origin, link.confidence));
        let declined = declined.iter().map(|declined| {
            let reason = match &declined.reason {
                DeclineReason::External(name) => format!("external {name}"),
                DeclineReason::StandardLibrary => "standard library".to_owned(),
                DeclineReason::Ambiguous => "ambiguous".to_owned(),
                DeclineReason::Dynamic => "dynamic".to_owned(),
                DeclineReason::NotFound => "not found".to_owned(),
                DeclineReason::Cut => "cut".to_owned(),
                DeclineReason::Made => "made".to_owned(),
            };
            format!("{}: {reason}", declined.target)
        });
        links.chain(declined).collect()
    }

    /// The packages of an ecosystem as lines: `name version manifest`, then `program=file` and `-> what it exports`.
    pub(crate) fn show_packages(&self, ecosystem: &str) -> String {
        let packages = crate::packages(self).into_iter().filter(|package| package.ecosystem == ecosystem);
        let lines = packages.map(|package| {
            let version = package.version.map(|version| format!(" {version}")).unwrap_or_default();
            let programs = package.programs.iter().map(|program| {
                let elsewhere = program.declared_in.as_ref().map(|file| format!("@{file}")).unwrap_or_default();
                format!(" {}{elsewhere}={}", program.name, program.target)
            });
            let exports = match &package.exports {
                Exports::Nothing => String::new(),
                Exports::Sources => " -> its sources".to_owned(),
                Exports::Files(files) => files.iter().map(|path| format!(" -> {path}")).collect(),
            };
            let programs = programs.collect::<String>();
            format!("{}{version} {}{programs}{exports}", package.name, package.manifest)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Repository for TestRepository {
    fn sources(&self) -> Vec<SourceFile<'_>> {
        self.parsed.iter().map(|(path, file)| file.source(path)).collect()
    }

    fn paths(&self) -> &[Box<str>] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.content.get(path).cloned()
    }

    fn cut(&self, path: &str, what: &'static str) {
        self.cuts.lock().unwrap().insert(format!("{path}: {what}"));
    }
}

/// An import of a target and nothing else.
pub(crate) fn plain(kind: ImportKind, target: &str, line: u32) -> Import {
    Import {
        kind,
        target: target.into(),
        names: Vec::new(),
        wildcard: false,
        alias: None,
        line,
        within: None,
        members: Vec::new(),
        for_types: false,
    }
}

/// `path`, `path Name Other` with what is used of it, `path as alias Name`.
fn go(text: &str, line: u32) -> Import {
    let mut words = text.split(' ');
    let target = words.next().unwrap_or_default();
    let mut members: Vec<&str> = words.collect();
    let mut import = plain(ImportKind::Module, target, line);
    if members.first() == Some(&"as") {
        import.alias = members.get(1).map(|alias| (*alias).into());
        members.drain(..2);
    }
    members.sort_unstable();
    import.members = members.into_iter().map(Into::into).collect();
    import
}

fn split_alias(text: &str) -> (&str, Option<Box<str>>) {
    text.split_once(" as ").map_or((text, None), |(name, alias)| (name, Some(alias.into())))
}

/// `import a.b as c`, `from .a import b, c as d`, `from a import *`, `dynamic a.b`.
fn python(text: &str, line: u32) -> Import {
    if let Some((target, names)) = text.strip_prefix("from ").and_then(|rest| rest.split_once(" import ")) {
        let wildcard = names == "*";
        let names = if wildcard { "" } else { names };
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(|name| {
            let (name, alias) = split_alias(name);
            ImportedName { name: name.into(), alias }
        });
        return Import { names: names.collect(), wildcard, ..plain(ImportKind::From, target, line) };
    }
    if let Some(target) = text.strip_prefix("dynamic") {
        return plain(ImportKind::Dynamic, target.trim(), line);
    }
    let (target, alias) = split_alias(text.trim_start_matches("import "));
    Import { alias, ..plain(ImportKind::Module, target, line) }
}

/// `mod x`, `mod x = "y.rs"`, `use a::b as c`, `pub use a::*`, `path a::b`.
fn rust(text: &str, line: u32) -> Import {
    if let Some(name) = text.strip_prefix("mod ") {
        let (name, path) =
            name.split_once(" = ").map_or((name, None), |(name, path)| (name, Some(path.trim_matches('"'))));
        let mut import = plain(ImportKind::ModDeclaration, path.unwrap_or(name), line);
        import.alias = path.map(|_| name.into());
        return import;
    }
    let (kind, path) = if let Some(path) = text.strip_prefix("pub use ") {
        (ImportKind::ReExport, path)
    } else if let Some(path) = text.strip_prefix("path ") {
        (ImportKind::Path, path)
    } else {
        (ImportKind::Module, text.trim_start_matches("use "))
    };
    let (path, alias) = split_alias(path);
    let (path, wildcard) = path.strip_suffix("::*").map_or((path, false), |path| (path, true));
    Import { alias, wildcard, ..plain(kind, path, line) }
}

/// `import a.b.C`, `import a.b.*`, `import static a.b.C.m`.
fn java(text: &str, line: u32) -> Import {
    let text = text.trim_start_matches("import ");
    let (kind, path) =
        text.strip_prefix("static ").map_or((ImportKind::Module, text), |path| (ImportKind::Static, path));
    let (path, wildcard) = path.strip_suffix(".*").map_or((path, false), |path| (path, true));
    Import { wildcard, ..plain(kind, path, line) }
}

/// `"x.h"`, `<x.h>`, `import m`.
fn include(text: &str, line: u32) -> Import {
    let (kind, target) = match text.split_at(1) {
        ("\"", rest) => (ImportKind::IncludeLocal, rest.trim_end_matches('"')),
        ("<", rest) => (ImportKind::IncludeSystem, rest.trim_end_matches('>')),
        _ => (ImportKind::Module, text.trim_start_matches("import ")),
    };
    plain(kind, target, line)
}

/// A verb and a target: `import ./x`, `type ./x`, `require x`, `dynamic x`, `using A.B`, `static A.B`, `use A as B`.
fn verb(text: &str, line: u32) -> Import {
    let (verb, target) = text.split_once(' ').unwrap_or((text, ""));
    let kind = match verb {
        "require" => ImportKind::Require,
        "dynamic" => ImportKind::Dynamic,
        "static" => ImportKind::Static,
        "export" => ImportKind::ReExport,
        _ => ImportKind::Module,
    };
    let (target, alias) = split_alias(target);
    Import { alias, for_types: verb == "type", ..plain(kind, target, line) }
}
