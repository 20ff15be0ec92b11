//! The model in memory: everything that projections write and queries answer from.

mod declared_tests;
mod mentioned;
mod unused;
mod users;

pub(crate) use users::{MEMBER, THROUGH_HEADER};

pub use unused::MIN_UNUSED_LINES;

use self::mentioned::Mentions;
use crate::behaviour::{Behaviour, mounting};
use crate::components::{Components, Relations, is_code, is_markup};
use crate::coverage::{Coverage, Declines, is_cut, unread_name};
use crate::documents::Document;
use crate::externals::Externals;
use crate::followups::{Questions, Stated};
use crate::graph::{Csr, FileGraph, References, Strata};
use crate::history::History;
use crate::hotspots::Hotspots;
use crate::intents::{Intents, Memory, Parts};
use crate::libraries::{self, Library};
use crate::offers::Offers;
use crate::parallel::Pace;
use crate::record::{FileClass, FileLinks, FileRecord, LineCounts, Unread, holds_line};
use crate::tested::{ReportFile, Role, Sources, Tally, Tested};
use crate::zones::Zones;
use codexa_model::Language;
use codexa_model::facts::{FileMetrics, ParseQuality, SymbolKind};
use codexa_model::manifest::Reach;
use codexa_model::relation::{ExternalDependency, Package};
use codexa_resolve::external::Namespace;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything a model is made from. Order does not matter: the model sorts.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// Which run of what on what.
    pub run: &'a Run,
    /// Every tracked file.
    pub records: &'a [FileRecord],
    /// What each file's imports came to, in the order of `records`; a missing entry has none.
    pub links: &'a [FileLinks],
    /// Packages that manifests declare.
    pub packages: &'a [Package],
    /// External dependencies that manifests and lock files name.
    pub dependencies: &'a [ExternalDependency],
    /// Names in code that lock files tie to packages.
    pub namespaces: &'a [Namespace],
    /// What the repository's past says about the files, in the order of their paths; `None` where it was not read.
    pub history: Option<History>,
    /// Documents that the settings name, tracked or not.
    pub context: &'a [Document],
    /// Coverage files that were found.
    pub reports: &'a [ReportFile],
}

/// Which run of what on what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The project's name.
    pub project: String,
    /// Newest commit that touches anything but what Codexa writes.
    pub basis_commit: Option<String>,
    /// That commit's time, RFC 3339.
    pub generated_at: Option<String>,
    /// Version of Codexa.
    pub codexa: String,
    /// `deep`, `quick` or `code-only`.
    pub mode: String,
    /// Globs the run was narrowed to.
    pub focus: Vec<String>,
    /// Globs of what was left out.
    pub skip_paths: Vec<String>,
    /// Globs of generated files beyond the built-in rules.
    pub generated: Vec<String>,
    /// The same of vendored files.
    pub vendored: Vec<String>,
    /// Whether `.gitignore` had no say in a folder without git.
    pub no_ignore: bool,
    /// Configuration that took part: path and SHA-256.
    pub configuration: Vec<(String, String)>,
    /// SHA-256 of what people answered (`.codexa/annotations.yaml`), where they did.
    pub annotations: Option<String>,
    /// The settings that `--config` named in place of the project's own: from the project's root, or absolute. What took
    /// part stands above, and so this is in no manifest; it says which settings to compare the model with.
    pub config: Option<String>,
    /// What the repository lacks, one sentence each (`shallow clone: history ends at 1a2b3c`).
    pub lacks: Vec<String>,
    /// Why the run is partial, beyond what the files themselves say, one sentence each (`budget of 2 s used up`).
    pub cuts: Vec<String>,
    /// Files that were not read to their end for what imports lead to and packages are made of, with what was left out.
    pub cut_short: BTreeMap<String, Vec<String>>,
    /// What `discovery.context` names.
    pub context: ContextRun,
    /// Limits of scan and parser by name, to be printed with the model's own.
    pub limits: BTreeMap<String, u64>,
    /// Whether no wall-clock limit was hit.
    pub reproducible: bool,
}

/// What `discovery.context` names, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextRun {
    /// The globs.
    pub globs: Vec<String>,
    /// Documents that were read, sorted by path: they have a say in the model.
    pub read: Vec<ContextFile>,
    /// What could not be read, with the reason: paths, and globs that name nothing.
    pub unread: BTreeMap<String, String>,
}

/// A document that `discovery.context` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextFile {
    /// Its path from the project's root, or `control-plane:` and its path there.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Whether git tracks it.
    pub tracked: bool,
}

impl ContextRun {
    pub(crate) fn leave(&mut self, what: &str, why: &str) {
        self.unread.insert(what.to_owned(), why.to_owned());
    }
}

/// A file of the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// Path in the repository, with `/`.
    pub path: Box<str>,
    /// The language's name as tokei knows it.
    pub language: Option<Box<str>>,
    /// What kind of file it is.
    pub class: FileClass,
    /// Whether it is code that is ours.
    pub is_code: bool,
    /// Bytes.
    pub bytes: u64,
    /// Lines by kind.
    pub lines: LineCounts,
    /// Why it was not parsed, where its language has a grammar.
    pub unread: Option<Unread>,
    /// What was read of it, for parsed files.
    pub parsed: Option<Parsed>,
}

/// What was read of a parsed file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parsed {
    /// The language it was parsed as.
    pub language: Language,
    /// The package or namespace it declares.
    pub module: Option<Box<str>>,
    /// Public symbols, in source order.
    pub offers: Arc<Offers>,
    /// Symbols of every kind and visibility.
    pub symbols: u32,
    /// Functions and methods.
    pub functions: u32,
    /// Highest cyclomatic complexity of a function, and its qualified name.
    pub most_complex: Option<(Box<str>, u32)>,
    /// First and last lines of what is compiled for tests only, sorted.
    pub test_lines: Vec<(u32, u32)>,
    /// Tests that it holds, as the runners of its language find them.
    pub tests: u32,
    /// Measures of the whole file.
    pub metrics: FileMetrics,
    /// How well it was parsed.
    pub parse: ParseQuality,
    /// Imports that led to no file, by reason.
    pub declined: Declines,
    /// Entry points and outside contacts.
    pub behaviour: Behaviour,
}

impl Parsed {
    /// The names of the namespaces that it offers something in.
    pub(crate) fn namespaces(&self) -> BTreeSet<&str> {
        self.offers.iter().filter(|offer| offer.kind == SymbolKind::Module).map(|offer| offer.name).collect()
    }
}

/// The model of one repository at one basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Which run of what on what.
    pub run: Run,
    /// Every tracked file, sorted by path; indices everywhere are into this.
    pub files: Vec<File>,
    /// Which file depends on which.
    pub graph: FileGraph,
    /// Cycles and layers of files, by what they load when the program runs.
    pub strata: Strata,
    /// Who uses which name, and what is used most.
    pub references: References,
    /// Packages, sorted by root.
    pub packages: Vec<Package>,
    /// The packages that others can build on.
    pub libraries: Vec<Library>,
    /// The parts.
    pub components: Components,
    /// How the parts lie on each other.
    pub relations: Relations,
    /// What is needed from outside, and by whom.
    pub externals: Externals,
    /// Documents with headings, sorted by path.
    pub documents: Vec<Document>,
    /// What the code is for.
    pub intents: Intents,
    /// Which tests reach which code.
    pub tested: Tested,
    /// What is known and what is not.
    pub coverage: Coverage,
    /// What the repository's past says about the files; `None` where it was not read.
    pub history: Option<History>,
    /// The files to look at first; `None` where there is no history.
    pub hotspots: Option<Hotspots>,
    /// The parts worth changing; `None` where there is no history.
    pub zones: Option<Zones>,
    /// Source files that look as if nobody needed them, by index.
    pub unused: Vec<u32>,
    /// What a person may know.
    pub questions: Questions,
    /// What people stated in answers.
    pub stated: Vec<Stated>,
}

impl Model {
    /// Builds the model: a pure function of its inputs, independent of their order.
    #[must_use]
    pub fn new(inputs: Inputs<'_>) -> Self {
        Self::remembering(inputs, &mut Memory::default())
    }

    /// The same, sooner where `memory` knows what was found from the same the last time.
    #[must_use]
    pub fn remembering(inputs: Inputs<'_>, memory: &mut Memory) -> Self {
        let none = FileLinks::default();
        let mut files: Vec<(&FileRecord, &FileLinks)> = inputs
            .records
            .iter()
            .enumerate()
            .map(|(at, record)| (record, inputs.links.get(at).unwrap_or(&none)))
            .collect();
        files.sort_by(|a, b| a.0.path.cmp(&b.0.path));
        files.dedup_by(|later, first| later.0.path == first.0.path);
        let (mut records, links): (Vec<&FileRecord>, Vec<&FileLinks>) = files.into_iter().unzip();
        let tests = declared_tests::of_modules(&records, &links);
        for (at, test) in &tests {
            if let Some(record) = records.get_mut(*at) {
                *record = test;
            }
        }
        let paths: Vec<&str> = records.iter().map(|record| &*record.path).collect();
        let mut packages = inputs.packages.to_vec();
        packages.sort();
        packages.dedup();
        let typed: Vec<BTreeSet<u32>> = records.iter().map(|record| record.typed_lines()).collect();
        let parsed = records.iter().filter(|record| record.digest.is_some()).count();
        let pace = Pace::of(records.len(), parsed).unless_too_many(records.len());
        // What needs the graph takes about as long as what does not.
        let (on_graph, rest) = pace.both(
            || {
                let graph = FileGraph::new(&paths, &links);
                let references = References::new(&records, &graph);
                let strata = Strata::of(&at_run_time(&typed, &graph));
                (graph, references, strata)
            },
            || {
                let mentions = Mentions::of(&records);
                let made = mentioned::made(&records, &links, &mentions);
                let mut links = links.clone();
                for (at, with_made) in &made {
                    if let Some(links) = links.get_mut(*at) {
                        *links = with_made;
                    }
                }
                let components = Components::new(&inputs.run.project, &records, &packages);
                let externals = Externals::new(&records, &links, inputs.dependencies, inputs.namespaces);
                let coverage = Coverage::new(&records, &links);
                let files = files_of(&records, &links);
                let libraries = libraries::find(&records, &files, &packages, &components);
                (components, externals, coverage, files, libraries, mentions)
            },
        );
        let (graph, references, strata) = on_graph;
        let (components, externals, coverage, files, libraries, mentions) = rest;
        let history = inputs.history;
        let co_changes = history.as_ref().map(History::co_changes).unwrap_or_default();
        let documents = documents(&records, inputs.context);
        let looks_at_tests = tests_left_out(&inputs.run.mode).is_none();
        let tested = || {
            Tested::new(&Sources {
                records: &records,
                graph: &graph,
                references: &references,
                components: &components,
                typed: &typed,
                co_changes: &co_changes,
                reports: inputs.reports,
                newest: inputs.run.generated_at.as_deref(),
            })
        };
        let intents = || {
            if let Some(cause) = not_read(inputs.run) {
                return Intents::not_read(records.len(), cause);
            }
            let (records, documents) = (&*records, &*documents);
            let parts = Parts { records, graph: &graph, references: &references, components: &components, documents };
            Intents::new(&inputs.run.project, &parts, &co_changes, memory)
        };
        let rest = || {
            let hotspots = history.as_ref().map(|history| Hotspots::new(&files, &components, history));
            let unused = unused::files(&records, &links, &graph, &references, &components, &packages, &mentions);
            (Relations::new(&records, &typed, &graph, &components), unused, hotspots)
        };
        let tested = || if looks_at_tests { tested() } else { Tested::default() };
        let (intents, (tested, (relations, unused, hotspots))) = pace.both(intents, || pace.both(tested, rest));
        Self {
            run: inputs.run.clone(),
            relations,
            tested,
            unused,
            questions: Questions::default(),
            stated: Vec::new(),
            files,
            strata,
            graph,
            references,
            packages,
            libraries,
            components,
            externals,
            documents,
            intents,
            coverage,
            history,
            hotspots,
            zones: None,
        }
    }

    /// The file with this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<u32> {
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        u32::try_from(at).ok()
    }

    /// The file at an index.
    #[must_use]
    pub fn file(&self, file: u32) -> Option<&File> {
        self.files.get(file as usize)
    }

    /// The path of the file at an index; empty where there is none.
    #[must_use]
    pub fn path(&self, file: u32) -> &str {
        self.file(file).map_or("", |file| &file.path)
    }

    /// Why a component's dependencies are not known, where that is so: of its lines in languages that can import, more than
    /// half are in languages without a grammar here. Code that nobody read must not look as if it stood on nothing.
    #[must_use]
    pub fn unknown_dependencies(&self, component: usize) -> Option<String> {
        let lines = &self.components.all.get(component)?.lines;
        if self.not_read().is_some() {
            return lines
                .keys()
                .any(|language| !is_markup(language))
                .then(|| "unknown (quick mode parses nothing)".into());
        }
        let is_counted = |language: &str| {
            self.coverage.languages.get(language).is_some_and(|coverage| coverage.reach == Reach::Counted)
        };
        let by_language = lines.iter().map(|(language, lines)| (&**language, *lines));
        let importing: Vec<(&str, u64)> = by_language.filter(|(language, _)| !is_markup(language)).collect();
        let counted: Vec<(&str, u64)> = importing.iter().copied().filter(|(name, _)| is_counted(name)).collect();
        let sum = |lines: &[(&str, u64)]| lines.iter().map(|(_, lines)| lines).sum::<u64>();
        let (all, unread) = (sum(&importing), sum(&counted));
        let large = counted.iter().filter(|(_, lines)| lines * 10 >= all).map(|(language, _)| *language);
        let large: Vec<&str> = large.collect();
        let verb = if large.len() == 1 { "is" } else { "are" };
        let known = if self.relations.of(component).is_empty() { "unknown" } else { "known in part" };
        (unread * 2 > all).then(|| format!("{known} ({} {verb} counted, not parsed)", large.join(", ")))
    }

    /// Cycles among source files that people write, largest first; tests and generated files are left out of them.
    #[must_use]
    pub fn file_cycles(&self) -> Vec<Vec<u32>> {
        let is_source = |&&file: &&u32| self.file(file).is_some_and(|file| file.class == FileClass::Source);
        let sources = self.strata.cycles().into_iter().map(|cycle| cycle.iter().filter(is_source).copied().collect());
        let mut cycles: Vec<Vec<u32>> = sources.filter(|cycle: &Vec<u32>| cycle.len() > 1).collect();
        cycles.sort_by_key(|cycle| (std::cmp::Reverse(cycle.len()), cycle.first().copied()));
        cycles
    }

    /// Why nothing is known of what stands in the files, where that is so.
    #[must_use]
    pub fn not_read(&self) -> Option<&'static str> {
        not_read(&self.run)
    }

    /// The lines of a file, of every kind.
    #[must_use]
    pub fn lines(&self, file: u32) -> u64 {
        self.file(file).map_or(0, |file| u64::from(file.lines.total()))
    }

    /// Whether comments were looked at: where they were not, nothing is known of what is documented.
    #[must_use]
    pub fn has_comments(&self) -> bool {
        self.run.mode != "code-only"
    }

    /// Why nothing is known of what tests reach, where that is so.
    #[must_use]
    pub fn tests_not_looked_at(&self) -> Option<&'static str> {
        tests_left_out(&self.run.mode)
    }

    /// How the code stands to its tests.
    #[must_use]
    pub fn test_tally(&self) -> Tally {
        self.tested.tally((0_u32..).zip(&self.files).map(|(file, _)| file))
    }

    /// Languages of tests that are counted and not parsed, with the number of their files: what they reach is not known.
    #[must_use]
    pub fn tests_not_parsed(&self) -> BTreeMap<&str, u32> {
        let mut languages: BTreeMap<&str, u32> = BTreeMap::new();
        for (_, file) in (0_u32..).zip(&self.files).filter(|(at, _)| self.tested.role(*at) == Role::Unread) {
            *languages.entry(file.language.as_deref().unwrap_or_default()).or_default() += 1;
        }
        languages
    }

    /// Why the model is partial, one sentence each; empty where nothing was cut.
    #[must_use]
    pub fn partial_because(&self) -> Vec<String> {
        let mut causes = self.run.cuts.clone();
        for (reason, files) in self.coverage.unread.iter().filter(|(reason, _)| is_cut(**reason)) {
            causes.push(format!("files not parsed ({}): {}", unread_name(*reason), files.len()));
        }
        let cut = self.coverage.gaps.iter().filter(|gap| gap.cut.is_some()).count();
        if cut > 0 {
            causes.push(format!("files not read to their end: {cut}"));
        }
        let cut_short = &self.run.cut_short;
        if !cut_short.is_empty() {
            let mut named: Vec<&str> = cut_short.keys().take(3).map(String::as_str).collect();
            named.extend((cut_short.len() > named.len()).then_some("…"));
            let named = named.join(", ");
            causes.push(format!("manifests and sources cut short in resolving: {} ({named})", cut_short.len()));
        }
        if self.coverage.imports.declined.cut > 0 {
            causes.push(format!("imports not followed to their end: {}", self.coverage.imports.declined.cut));
        }
        causes.extend(self.history.iter().flat_map(History::cut_by_limits));
        causes
    }
}

fn not_read(run: &Run) -> Option<&'static str> {
    (run.mode == "quick").then_some("the last run was in quick mode, which counts files and parses none")
}

/// The documents that have headings, in the order of paths; those that the settings name among them.
fn documents(records: &[&FileRecord], context: &[Document]) -> Vec<Document> {
    let with_headings = records.iter().filter(|record| !record.headings.is_empty());
    let tracked = with_headings.map(|record| Document { path: record.path.clone(), headings: record.headings.clone() });
    let mut all: Vec<Document> = context.iter().cloned().chain(tracked).collect();
    // The sort is stable: of a document that is read twice, the one that the settings name stays.
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all.dedup_by(|later, first| later.path == first.path);
    all
}

/// Why a run of this mode knows nothing of tests, where that is so.
fn tests_left_out(mode: &str) -> Option<&'static str> {
    match mode {
        "quick" => Some("the last run was in quick mode, which counts files and parses none"),
        "code-only" => Some("the last run was in code-only mode, which leaves tests out"),
        _ => None,
    }
}

/// Every record as a file of the model, its routes with the paths of what they are mounted on.
fn files_of(records: &[&FileRecord], links: &[&FileLinks]) -> Vec<File> {
    let mut files: Vec<File> = records.iter().zip(links).map(|(record, links)| File::of(record, links)).collect();
    for (at, whole) in mounting::whole_paths(records, links) {
        if let Some(parsed) = files.get_mut(at).and_then(|file| file.parsed.as_mut()) {
            parsed.behaviour.entry_points = whole;
        }
    }
    files
}

/// Who depends on whom when the program runs: without imports for types only, which languages have so that files may name
/// each other's types without a circle.
fn at_run_time<'g>(typed: &[BTreeSet<u32>], graph: &'g FileGraph) -> Cow<'g, Csr> {
    if typed.iter().all(BTreeSet::is_empty) {
        return Cow::Borrowed(&graph.depends_on);
    }
    let is_only_typed =
        |from: u32, to: u32| typed.get(from as usize).is_some_and(|lines| graph.is_only_on(from as usize, to, lines));
    let pairs = graph.depends_on.pairs().filter(|&(from, to)| !is_only_typed(from, to)).collect();
    Cow::Owned(Csr::new(typed.len(), pairs))
}

impl File {
    /// Whether what stands on a line is there for tests: of a test file all is.
    #[must_use]
    pub fn is_for_tests(&self, line: u32) -> bool {
        let is_inside = |parsed: &Parsed| holds_line(&parsed.test_lines, line);
        self.class == FileClass::Test || self.parsed.as_ref().is_some_and(is_inside)
    }

    fn of(record: &FileRecord, links: &FileLinks) -> Self {
        let parsed = record.digest.as_ref().map(|digest| Parsed {
            language: digest.language,
            module: digest.module.clone(),
            offers: Arc::clone(&digest.offers),
            symbols: digest.symbols,
            functions: digest.functions,
            most_complex: digest.most_complex.clone(),
            test_lines: digest.test_lines.clone(),
            tests: digest.tests,
            metrics: digest.metrics,
            parse: digest.parse,
            declined: Declines::of(links),
            behaviour: digest.behaviour.clone(),
        });
        Self {
            path: record.path.clone(),
            language: record.language.clone(),
            class: record.class,
            is_code: is_code(record),
            bytes: record.bytes,
            lines: record.lines,
            unread: record.unread,
            parsed,
        }
    }
}
