//! A repository in a few words.

use codexa_discovery::behaviour::{Behaviour, Contact, ContactKind, EntryKind, EntryPoint, Registrar};
use codexa_discovery::documents::Document;
use codexa_discovery::history::History;
use codexa_discovery::imports::Imports;
use codexa_discovery::model::{Inputs, Model, Run};
use codexa_discovery::offers::Offer;
use codexa_discovery::record::{
    DeclinedView, Digest, FileClass, FileLinks, FileRecord, LineCounts, LinkView, Sums, Unread,
};
use codexa_discovery::tested::{ReportFile, reports};
use codexa_model::facts::{FileMetrics, Import, ImportKind, ParseQuality, SymbolKind};
use codexa_model::relation::{
    DeclineReason, Declined, DependencyScope, Exports, ExternalDependency, Link, Package, Program,
};
use codexa_model::{Language, NameList};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A repository in the making. Methods name files by path; a file that was not added is a mistake of the test.
#[derive(Clone, Debug, Default)]
pub struct Repo {
    pub files: Vec<(FileRecord, FileLinks)>,
    pub packages: Vec<Package>,
    pub dependencies: Vec<ExternalDependency>,
    pub history: Option<History>,
    pub run: Run,
    pub context: Vec<Document>,
    pub reports: Vec<ReportFile>,
}

/// Changes what a file's imports came to.
pub fn relink(of: &mut FileLinks, change: impl FnOnce(&mut Vec<Link>, &mut Vec<Declined>)) {
    let link = |link: LinkView<'_>| Link {
        to: link.to.into(),
        origin: link.origin.to_owned().into(),
        confidence: link.confidence,
        line: link.line,
    };
    let left = |declined: DeclinedView<'_>| Declined {
        target: declined.target.into(),
        reason: declined.reason.map(|name| Box::from(*name)),
        line: declined.line,
    };
    let mut links = of.resolved().map(link).collect();
    let mut declined = of.declined().map(left).collect();
    change(&mut links, &mut declined);
    *of = FileLinks::of(&links, &declined);
}

impl Repo {
    pub fn new(files: &[&str]) -> Self {
        let run = Run {
            project: "sample".into(),
            basis_commit: Some("2579ce9f1f3f4d0b8f6f0a0c7e2d9b1a4c5d6e7f".into()),
            generated_at: Some("2026-05-01T10:00:00Z".into()),
            codexa: "0.1.0".into(),
            mode: "deep".into(),
            configuration: vec![(".codexa/config.yaml".into(), "ab".repeat(32))],
            reproducible: true,
            ..Run::default()
        };
        let mut repo = Self { run, ..Self::default() };
        for path in files {
            repo.add(path);
        }
        repo
    }

    /// `count` files `path/fNNN.ext`.
    pub fn many(mut self, folder: &str, extension: &str, count: usize) -> Self {
        for n in 0..count {
            self.add(&format!("{folder}/f{n:03}.{extension}"));
        }
        self
    }

    pub fn add(&mut self, path: &str) -> &mut FileRecord {
        let language = language(path);
        let class = class(path);
        let mut digest = language.filter(|_| matches!(class, FileClass::Source | FileClass::Test)).map(digest);
        if let Some(digest) = digest.as_mut().filter(|_| class == FileClass::Test) {
            digest.tests = 1;
        }
        let record = FileRecord {
            path: path.into(),
            language: language.map(|language| language.name().into()).or_else(|| other_language(path)),
            class,
            bytes: 1_000,
            lines: LineCounts { code: 50, comments: 5, blanks: 5 },
            digest: digest.map(Box::new),
            unread: None,
            headings: Vec::new(),
            mentions: Vec::new(),
        };
        self.files.push((record, FileLinks::default()));
        &mut self.files.last_mut().unwrap().0
    }

    pub fn at(&mut self, path: &str) -> &mut (FileRecord, FileLinks) {
        self.files.iter_mut().find(|(record, _)| &*record.path == path).unwrap_or_else(|| panic!("no file {path}"))
    }

    pub fn digest(&mut self, path: &str) -> &mut Digest {
        self.at(path).0.digest.as_mut().unwrap()
    }

    pub fn package(mut self, root: &str, ecosystem: &'static str, name: &str, manifest: &str) -> Self {
        let manifest = if root.is_empty() { manifest.to_owned() } else { format!("{root}/{manifest}") };
        self.packages.push(Package {
            root: root.into(),
            ecosystem: ecosystem.into(),
            name: name.into(),
            version: Some("1.2.0".into()),
            manifest: manifest.into(),
            programs: Vec::new(),
            exports: Exports::Nothing,
        });
        self
    }

    pub fn program(mut self, name: &str, target: &str) -> Self {
        let package = self.packages.last_mut().unwrap();
        package.programs.push(Program { name: name.into(), target: target.into(), declared_in: None });
        self
    }

    pub fn link(mut self, from: &str, to: &str) -> Self {
        self.link_by(from, to, "test.import", 100);
        self
    }

    pub fn link_by(&mut self, from: &str, to: &str, origin: &'static str, confidence: u8) {
        let line = u32::try_from(self.at(from).1.resolved().len()).unwrap() + 1;
        self.import(from, to);
        let link = Link { to: to.into(), origin: origin.into(), confidence, line };
        relink(&mut self.at(from).1, |links, _| links.push(link));
    }

    pub fn declined(mut self, from: &str, target: &str, reason: DeclineReason) -> Self {
        self.import(from, target);
        let declined = Declined { target: target.into(), reason, line: 1 };
        relink(&mut self.at(from).1, |_, all| all.push(declined));
        self
    }

    fn import(&mut self, from: &str, target: &str) {
        let import = Import {
            kind: ImportKind::Module,
            target: target.into(),
            names: Vec::new(),
            wildcard: false,
            alias: None,
            line: 1,
            within: None,
            members: Vec::new(),
            for_types: false,
        };
        self.imports(from, |imports| imports.push(import));
    }

    /// Changes what a file imports, where it was parsed.
    pub fn imports(&mut self, path: &str, change: impl FnOnce(&mut Vec<Import>)) {
        if let Some(digest) = &mut self.at(path).0.digest {
            let mut imports = digest.imports.read();
            change(&mut imports);
            digest.imports = Imports::of(&imports);
        }
    }

    pub fn depends(mut self, name: &str, ecosystem: &'static str, requirement: &str, declared_in: &str) -> Self {
        self.dependencies.push(ExternalDependency {
            ecosystem: ecosystem.into(),
            name: name.into(),
            requirement: Some(requirement.into()),
            version: None,
            scope: DependencyScope::Runtime,
            declared_in: declared_in.into(),
            direct: true,
        });
        self
    }

    /// Public symbols, `Type.member` for members; those without a dot are defined at file level.
    pub fn offers(mut self, path: &str, symbols: &[(&str, SymbolKind)]) -> Self {
        let digest = self.digest(path);
        let mut definitions: Vec<String> = digest.definitions.iter().map(Into::into).collect();
        for (name, kind) in symbols {
            Arc::make_mut(&mut digest.offers).push(Offer { name, kind: *kind, documented: false });
            if !name.contains('.') {
                definitions.push((*name).to_owned());
            }
        }
        definitions.sort();
        digest.definitions = definitions.iter().collect();
        digest.symbols += u32::try_from(symbols.len()).unwrap();
        self
    }

    pub fn uses(mut self, path: &str, names: &[(&str, u32)]) -> Self {
        let digest = self.digest(path);
        for (name, count) in names {
            let mut known: Vec<String> = digest.references.iter().map(Into::into).collect();
            let at = known.partition_point(|known| **known < **name);
            known.insert(at, (*name).to_owned());
            digest.references = known.iter().collect();
            digest.uses.insert(at, *count);
        }
        self
    }

    pub fn route(mut self, path: &str, method: &str, route: &str, name: &str) -> Self {
        self.digest(path).behaviour.entry_points.push(EntryPoint {
            kind: EntryKind::HttpRoute,
            name: name.into(),
            method: Some(method.into()),
            path: Some(route.into()),
            registrar: Registrar::default(),
            symbol: None,
            line: 12,
            origin: "python.flask_route".into(),
            confidence: 95,
        });
        self
    }

    pub fn main(mut self, path: &str, confidence: u8) -> Self {
        self.digest(path).behaviour.entry_points.push(EntryPoint {
            kind: EntryKind::Main,
            name: "main".into(),
            method: None,
            path: None,
            registrar: Registrar::default(),
            symbol: None,
            line: 1,
            origin: "test.main".into(),
            confidence,
        });
        self
    }

    pub fn contact(mut self, path: &str, kind: ContactKind, detail: &str) -> Self {
        self.digest(path).behaviour.contacts.push(Contact {
            kind,
            detail: detail.into(),
            literal: None,
            symbol: None,
            line: 9,
            origin: "python.stdlib".into(),
            confidence: 90,
        });
        self
    }

    /// A coverage file with this text.
    pub fn report(mut self, path: &str, text: &str) -> Self {
        let report = reports::parse(text.as_bytes());
        self.reports.push(ReportFile { path: path.into(), sha256: "cd".repeat(32), report });
        self
    }

    pub fn unread(mut self, path: &str, reason: Unread) -> Self {
        let record = &mut self.at(path).0;
        record.digest = None;
        record.unread = Some(reason);
        self
    }

    pub fn model(&self) -> Model {
        let (records, links): (Vec<_>, Vec<_>) = self.files.iter().cloned().unzip();
        Model::new(Inputs {
            run: &self.run,
            records: &records,
            links: &links,
            packages: &self.packages,
            dependencies: &self.dependencies,
            namespaces: &[],
            history: self.history.clone(),
            context: &self.context,
            reports: &self.reports,
        })
    }

    /// The tracked files by path.
    pub fn files(&self) -> BTreeMap<String, String> {
        let files = codexa_discovery::projections::project(&self.model()).unwrap();
        files.into_iter().map(|file| (file.path, file.text)).collect()
    }
}

fn digest(language: Language) -> Digest {
    Digest {
        language,
        module: None,
        imports: Imports::default(),
        scopes: Vec::new(),
        test_lines: Vec::new(),
        tests: 0,
        definitions: NameList::default(),
        hidden: Vec::new(),
        package_only: Vec::new(),
        offers: Arc::default(),
        sums: Sums::default(),
        references: NameList::default(),
        uses: Vec::new(),
        symbols: 0,
        functions: 3,
        most_complex: Some(("run".into(), 4)),
        metrics: FileMetrics { cyclomatic: 9, ..FileMetrics::default() },
        parse: ParseQuality { bytes: 1_000, error_bytes: 0, cut: None },
        behaviour: Behaviour::default(),
    }
}

fn language(path: &str) -> Option<Language> {
    Some(match path.rsplit_once('.')?.1 {
        "py" => Language::Python,
        "rs" => Language::Rust,
        "c" | "h" => Language::C,
        "cpp" => Language::Cpp,
        "go" => Language::Go,
        "java" => Language::Java,
        "js" => Language::JavaScript,
        "ts" => Language::TypeScript,
        "php" => Language::Php,
        "cs" => Language::CSharp,
        "sh" => Language::Bash,
        _ => return None,
    })
}

fn other_language(path: &str) -> Option<Box<str>> {
    Some(match path.rsplit_once('.')?.1 {
        "toml" => "TOML".into(),
        "md" => "Markdown".into(),
        "tcl" => "TCL".into(),
        "scala" => "Scala".into(),
        "html" => "HTML".into(),
        "po" => "PO File".into(),
        _ => return None,
    })
}

fn class(path: &str) -> FileClass {
    let holds = |names: &[&str]| path.split('/').any(|part| names.contains(&part));
    if holds(&["vendor", "deps"]) {
        FileClass::Vendored
    } else if path.ends_with(".md") {
        FileClass::Documentation
    } else if path.ends_with(".toml") {
        FileClass::Configuration
    } else if holds(&["tests", "test"]) || path.ends_with("_test.go") {
        FileClass::Test
    } else {
        FileClass::Source
    }
}
