//! `system_manifest.yaml`: the system on a page or two.

use super::components::uses_of_components;
use super::coverage::classes;
use super::{Slugs, contact_name, thresholds};
use crate::components::{Component, ComponentKind};
use crate::entries::{self, Way};
use crate::model::{ContextFile, Model};
use crate::query::text::{number, plural};
use crate::record::FileClass;
use crate::tested::Source;
use codexa_model::manifest::{
    Architecture, Artifacts, ComponentCycle, ComponentSummary, Configuration, ContactSummary, ContextDocument,
    CoverageInput, CoverageSummary, Dependency, EntryPointSummary, Flow, ImportSummary, Inputs, LanguageSummary,
    Metadata, NameSummary, PackageEntry, Reach, SYSTEM_MANIFEST, StructureSummary, Summary, SystemManifest,
    TestCoverage,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

mod externals;
mod followups;
mod risks;

pub(super) use externals::UNDECLARED_CAP;
pub use risks::quoted;
pub(crate) use risks::{LANGUAGE_FILES, LANGUAGE_SHARE, OpenImports, circles_of_parts, open_imports};
pub(super) use risks::{PER_KIND, PLACES};

/// Most declared dependencies that the manifest lists.
pub(super) const DEPENDENCY_CAP: usize = 200;
/// Most packages that the manifest lists.
pub(super) const PACKAGE_CAP: usize = 100;
/// How many files, symbols, offers or entry points a list of examples shows.
pub(super) const FIRST: usize = 10;

/// The manifest of a model.
pub(super) fn manifest(model: &Model, slugs: &Slugs) -> SystemManifest {
    let components = component_summaries(model, slugs);
    SystemManifest {
        schema: SYSTEM_MANIFEST.to_owned(),
        metadata: metadata(model),
        inputs: inputs(model),
        summary: summary(model),
        architecture: architecture(model),
        components,
        intents: super::intents::summary(model),
        history: super::zones::history(model),
        zones: super::zones::summary(model),
        artifacts: artifacts(model),
        dependencies_external: externals::dependencies(model),
        risks_and_gaps: risks::risks(model),
        followups: followups::followups(model),
        stated: followups::stated(model),
        next_actions: risks::next_actions(model),
    }
}

fn metadata(model: &Model) -> Metadata {
    let run = &model.run;
    Metadata {
        project: run.project.clone(),
        basis_commit: run.basis_commit.clone(),
        generated_at: run.generated_at.clone(),
        codexa: run.codexa.clone(),
        mode: run.mode.clone(),
        partial: !model.partial_because().is_empty(),
        reproducible: run.reproducible,
    }
}

fn inputs(model: &Model) -> Inputs {
    let configuration = model.run.configuration.iter();
    Inputs {
        files: Flow(classes(model)),
        focus: model.run.focus.clone(),
        skip_paths: model.run.skip_paths.clone(),
        generated: model.run.generated.clone(),
        vendored: model.run.vendored.clone(),
        no_ignore: model.run.no_ignore,
        context: model.run.context.globs.clone(),
        context_read: model.run.context.read.iter().map(|file| Flow(context_document(file))).collect(),
        configuration: configuration
            .map(|(path, sha256)| Flow(Configuration { path: path.clone(), sha256: sha256.clone() }))
            .collect(),
        annotations: model.run.annotations.clone(),
        coverage_files: model.tested.sources.iter().map(|source| Flow(coverage_file(source))).collect(),
        thresholds: thresholds(model),
    }
}

fn context_document(file: &ContextFile) -> ContextDocument {
    ContextDocument { path: file.path.clone(), sha256: file.sha256.clone(), untracked: !file.tracked }
}

fn coverage_file(source: &Source) -> CoverageInput {
    CoverageInput {
        path: source.path.to_string(),
        sha256: Some(source.sha256.to_string()).filter(|hash| !hash.is_empty()),
        format: source.format.as_deref().map(str::to_owned),
        files: source.files,
        declined: source.declined,
        by_test: source.by_test,
        stale: source.stale,
        cut: source.cut,
    }
}

fn summary(model: &Model) -> Summary {
    let mut languages: Vec<LanguageSummary> = model
        .coverage
        .languages
        .iter()
        .map(|(name, language)| LanguageSummary {
            language: name.to_string(),
            files: language.files,
            code: language.code,
            comments: model.has_comments().then_some(language.comments),
            parsed: (language.reach == Reach::Parsed).then_some(language.parsed),
        })
        .collect();
    languages.sort_by(|a, b| (Reverse(a.code), &a.language).cmp(&(Reverse(b.code), &b.language)));
    let structure = structure(model);
    Summary {
        text: text(model, &languages, &structure),
        languages: languages.into_iter().map(Flow).collect(),
        structure: Flow(structure),
        coverage: coverage(model),
    }
}

/// The size of the graph.
pub(crate) fn structure(model: &Model) -> StructureSummary {
    let ways = entries::ways(model).into_iter().filter(|(_, _, is_apart)| !is_apart).count();
    let files = (0_u32..).zip(&model.files).map(|(id, file)| (id, entries::contacts_of_file(file).count()));
    let own = |(id, contacts): &(u32, usize)| *contacts > 0 && !entries::is_apart(model, *id);
    let contacts = files.filter(own).map(|(_, contacts)| contacts).sum();
    StructureSummary {
        components: count(model.components.all.len()),
        edges: count(model.graph.depends_on.edges()),
        file_cycles: count(model.file_cycles().len()),
        file_layers: model.strata.height(),
        entry_points: count(ways),
        contacts: count(contacts),
    }
}

fn text(model: &Model, languages: &[LanguageSummary], structure: &StructureSummary) -> String {
    let code: u64 = languages.iter().map(|language| language.code).sum();
    let files: u32 = languages.iter().map(|language| language.files).sum();
    let main: Vec<&str> = languages.iter().take(3).map(|language| language.language.as_str()).collect();
    let rest = languages.len().saturating_sub(main.len());
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let imports = &model.coverage.imports;
    if let Some(cause) = model.not_read() {
        return format!(
            "{} of code with {} in {}{more}; {}; no edges and imports are known: {cause}",
            plural(files.into(), "file"),
            plural(code, "line"),
            main.join(", "),
            plural(structure.components.into(), "component"),
        );
    }
    format!(
        "{} of code with {} in {}{more}; {}, {} between files, {}; {} of {} lead to a file here, {} should and do not",
        plural(files.into(), "file"),
        plural(code, "line"),
        main.join(", "),
        plural(structure.components.into(), "component"),
        plural(structure.edges.into(), "edge"),
        plural(structure.file_cycles.into(), "file cycle"),
        number(imports.resolved),
        plural(imports.total, "import"),
        number(imports.open().into()),
    )
}

fn coverage(model: &Model) -> CoverageSummary {
    let (coverage, names) = (&model.coverage, model.references.tally);
    let declined = coverage.imports.declined.named();
    CoverageSummary {
        files_parsed: Flow([coverage.files_parsed, coverage.files_to_parse]),
        bytes_parsed: Flow([coverage.bytes_parsed, coverage.bytes_to_parse]),
        imports: Flow(ImportSummary {
            total: coverage.imports.total,
            resolved: coverage.imports.resolved,
            declined: declined.map(|(reason, count)| (reason.to_owned(), count.into())).collect(),
        }),
        names: Flow(NameSummary {
            total: names.total(),
            linked: names.linked,
            unique: names.unique,
            ambiguous: names.ambiguous,
            common: names.common,
        }),
        tests: model.tests_not_looked_at().is_none().then(|| Flow(tests(model))),
    }
}

fn tests(model: &Model) -> TestCoverage {
    let tally = model.test_tally();
    let unfollowed = &model.tested.unfollowed;
    TestCoverage {
        code: tally.code,
        directly: tally.directly,
        reached: tally.reached,
        untested: tally.untested(),
        not_followed: unfollowed.is_substantial().then(|| unfollowed.says()),
        by_basis: tally.bases().map(|(basis, count)| (basis.name().to_owned(), count)).collect(),
        tests: tally.tests + tally.with_own_tests,
    }
}

fn architecture(model: &Model) -> Architecture {
    let strata = &model.relations.strata;
    let id = |component: u32| component_id(model, component);
    let mut layers: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (at, component) in model.components.all.iter().enumerate() {
        if model.unknown_dependencies(at).is_some() {
            continue;
        }
        layers.entry(strata.layer(at)).or_default().push(component.id.to_string());
    }
    let cycles = model.relations.circles.iter().map(|circle| ComponentCycle {
        components: Flow(circle.members.iter().map(|&member| id(member)).collect()),
        weakest: circle.weakest.map_or_else(String::new, |cut| {
            format!("{} -> {} ({})", id(cut.from), id(cut.to), plural(cut.pairs.into(), "file pair"))
        }),
    });
    Architecture {
        layers: layers.into_values().rev().map(Flow).collect(),
        cycles: cycles.collect(),
        central_files: central_files(model, FIRST).into_iter().map(|file| model.path(file).to_owned()).collect(),
        central_symbols: central_symbols(model, FIRST),
    }
}

/// The files with the highest rank, source only.
pub(crate) fn central_files(model: &Model, most: usize) -> Vec<u32> {
    let mut files: Vec<u32> = (0..count(model.files.len())).filter(|&file| ships(model, file)).collect();
    let rank = |file: u32| model.references.file_ranks.get(file as usize).copied().unwrap_or(0.0);
    files.sort_by(|&a, &b| rank(b).total_cmp(&rank(a)).then(a.cmp(&b)));
    files.truncate(most);
    files.retain(|&file| !model.graph.dependents.of(file as usize).is_empty() || rank(file) > 0.0);
    files
}

/// Whether a file is source of a part that people write and ship: tests, examples and benchmarks use, and are not used.
fn ships(model: &Model, file: u32) -> bool {
    let is_source = model.file(file).is_some_and(|file| file.is_code && file.class == FileClass::Source);
    is_source && model.components.of(file).is_some_and(|component| component.kind.ships())
}

fn central_symbols(model: &Model, most: usize) -> Vec<String> {
    let is_used = |symbol: &&crate::graph::Symbol| symbol.rank > 0.0 && ships(model, symbol.file);
    let mut symbols: Vec<_> = model.references.symbols.iter().filter(is_used).collect();
    symbols.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| (a.file, &a.name).cmp(&(b.file, &b.name))));
    symbols.iter().take(most).map(|symbol| format!("{} {}", model.path(symbol.file), symbol.name)).collect()
}

fn component_summaries(model: &Model, slugs: &Slugs) -> Vec<ComponentSummary> {
    let uses = uses_of_components(model);
    let offers = offers(model);
    let ways = ways_of_components(model);
    let intents = super::intents::of_components(model);
    let headings = super::intents::headings_of_components(model);
    let all = model.components.all.iter().enumerate();
    all.map(|(id, component)| {
        let has_nodes = component.kind != ComponentKind::Vendored;
        let dependencies = model.unknown_dependencies(id);
        let is_known = dependencies.is_none();
        let depends_on: Vec<_> = model.relations.of(id).iter().map(|to| Flow(dependency(model, to))).collect();
        ComponentSummary {
            id: component.id.to_string(),
            name: component.name.to_string(),
            kind: component.kind.name().to_owned(),
            model: has_nodes.then(|| slugs.path(id)),
            files: component.files_of_every_class(),
            code_files: has_nodes.then(|| count(component.files.len())),
            code: Flow(component.lines.iter().map(|(language, lines)| (language.to_string(), *lines)).collect()),
            layer: is_known.then(|| model.relations.strata.layer(id)),
            instability: model.relations.instability.get(id).copied().flatten().filter(|_| is_known).map(round),
            dependencies,
            depends_on: (is_known || !depends_on.is_empty()).then_some(depends_on),
            uses: Flow(uses.get(id).into_iter().flatten().map(|name| (*name).to_owned()).collect()),
            offers: Flow(offers.get(id).cloned().unwrap_or_default()),
            entry_points: ways.get(id).cloned().filter(|counts| !counts.is_empty()).map(Flow),
            contacts: contact_counts(model, component),
            intents: intents.get(id).cloned().unwrap_or_default(),
            headings: headings.get(id).cloned().unwrap_or_default(),
        }
    })
    .collect()
}

fn dependency(model: &Model, to: &crate::components::Dependency) -> Dependency {
    Dependency {
        to: component_id(model, to.to),
        edges: to.edges,
        from_tests: (to.from_tests > 0).then_some(to.from_tests),
        for_types: (to.for_types > 0).then_some(to.for_types),
        confidence: to.confidence,
    }
}

/// For each component, its symbols that files outside of it use, highest rank first.
pub(crate) fn offers(model: &Model) -> Vec<Vec<String>> {
    let owner = |file: u32| model.components.of_file.get(file as usize).copied().flatten();
    let mut all: Vec<Vec<(f64, &str)>> = vec![Vec::new(); model.components.all.len()];
    for (at, symbol) in model.references.symbols.iter().enumerate() {
        let Some(home) = owner(symbol.file) else { continue };
        let is_outside = |user: &crate::graph::User| user.linked && owner(user.file) != Some(home);
        if model.references.users(at).iter().any(is_outside)
            && let Some(found) = all.get_mut(home as usize)
        {
            found.push((symbol.rank, &symbol.name));
        }
    }
    let best = |mut symbols: Vec<(f64, &str)>| {
        symbols.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let mut names: Vec<String> = Vec::new();
        for (_, name) in symbols {
            if names.len() < FIRST && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    };
    all.into_iter().map(best).collect()
}

/// For each component, how many entry points of each kind lie in it.
fn ways_of_components(model: &Model) -> Vec<BTreeMap<String, u32>> {
    let mut all = vec![BTreeMap::new(); model.components.all.len()];
    for (way, file, _) in entries::ways(model) {
        let file = match way {
            // What declares a program and does not start it lies in no component's code.
            Way::Program(_, program) => model.find(&program.target),
            Way::Code(_) | Way::Library(..) => file,
        };
        let owner = file.and_then(|file| model.components.of_file.get(file as usize).copied().flatten());
        if let Some(counts) = owner.and_then(|owner| all.get_mut(owner as usize)) {
            *counts.entry(way.kind().to_owned()).or_insert(0) += 1;
        }
    }
    all
}

fn contact_counts(model: &Model, component: &Component) -> Option<Flow<BTreeMap<String, u32>>> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for file in component.files.iter().filter_map(|&file| model.file(file)) {
        for contact in entries::contacts_of_file(file) {
            *counts.entry(contact_name(contact.kind).to_owned()).or_default() += 1;
        }
    }
    (!counts.is_empty()).then_some(Flow(counts))
}

/// Whether a build or a generator of projects fills something in: `$version`, `${group}`, `$(Version)`, `{{name}}`.
pub(crate) fn is_variable(text: &str) -> bool {
    text.contains('$') || text.contains("{{")
}

fn artifacts(model: &Model) -> Artifacts {
    let named = model.packages.iter().filter(|package| !is_variable(&package.name)).take(PACKAGE_CAP);
    let packages: Vec<PackageEntry> = named
        .map(|package| {
            let programs: BTreeMap<String, String> =
                package.programs.iter().map(|program| (program.name.to_string(), program.target.to_string())).collect();
            PackageEntry {
                name: package.name.to_string(),
                ecosystem: package.ecosystem.to_string(),
                version: package.version.as_ref().filter(|text| !is_variable(text)).map(ToString::to_string),
                manifest: package.manifest.to_string(),
                programs: (!programs.is_empty()).then_some(Flow(programs)),
            }
        })
        .collect();
    let dropped = model.packages.len().saturating_sub(packages.len());
    Artifacts {
        packages,
        packages_dropped: (dropped > 0).then(|| count(dropped)),
        entry_points: entry_points(model),
        contacts: contacts(model),
        model: [
            "intent_map.md",
            "system_model/components/",
            "system_model/coverage.yaml",
            "system_model/relationships.yaml",
        ]
        .map(str::to_owned)
        .to_vec(),
    }
}

/// Confidence, file and line of an entry point, and how it is shown.
type Found = (Reverse<u8>, u32, u32, String);

/// Programs first, then what source files define; what is apart is one row, counted and not listed.
fn entry_points(model: &Model) -> Vec<EntryPointSummary> {
    let mut kinds: BTreeMap<(bool, &str), Vec<Found>> = BTreeMap::new();
    let mut apart = 0;
    for (at, (way, file, is_apart)) in (0_u32..).zip(entries::ways(model)) {
        if is_apart {
            apart += 1;
            continue;
        }
        let found = match way {
            Way::Code(entry) => {
                let file = file.unwrap_or_default();
                let shown = format!("{} {}", model.path(file), crate::query::entry_label(entry));
                (Reverse(entry.confidence), file, entry.line, shown)
            }
            Way::Program(package, program) => {
                let shown = format!("{} {} -> {}", program.manifest(package), program.name, program.target);
                (Reverse(100), at, 0, shown)
            }
            Way::Library(package, library) => {
                let shown = format!("{} {}", library.place(model, package), package.name);
                (Reverse(library.confidence), at, 0, shown)
            }
        };
        let kind = way.kind();
        kinds.entry((kind != entries::PROGRAM, kind)).or_default().push(found);
    }
    let summary = |((_, kind), mut found): ((bool, &str), Vec<Found>)| {
        found.sort();
        EntryPointSummary {
            kind: kind.to_owned(),
            count: count(found.len()),
            first: found.into_iter().take(FIRST).map(|(_, _, _, shown)| shown).collect(),
        }
    };
    let apart =
        (apart > 0).then(|| EntryPointSummary { kind: IN_EXAMPLES.to_owned(), count: apart, first: Vec::new() });
    kinds.into_iter().map(summary).chain(apart).collect()
}

/// The first contacts of each kind, one for each file: a file that reads twice as much is no other place.
fn contacts(model: &Model) -> Vec<ContactSummary> {
    let mut kinds: BTreeMap<&str, ContactSummary> = BTreeMap::new();
    for (id, file) in (0_u32..).zip(&model.files) {
        let mut told: BTreeSet<&str> = BTreeSet::new();
        let is_apart = entries::contacts_of_file(file).next().is_some() && entries::is_apart(model, id);
        for contact in entries::contacts_of_file(file).filter(|_| !is_apart) {
            let kind = contact_name(contact.kind);
            let none = || ContactSummary { kind: kind.to_owned(), count: 0, first: Vec::new() };
            let summary = kinds.entry(kind).or_insert_with(none);
            summary.count += 1;
            if told.insert(kind) && summary.first.len() < FIRST {
                summary.first.push(format!("{} {}", file.path, contact.detail));
            }
        }
    }
    kinds.into_values().collect()
}

/// The row for entry points of examples, benchmarks and documents, which are not the system's.
const IN_EXAMPLES: &str = "in_examples";

pub(crate) fn component_id(model: &Model, component: u32) -> String {
    model.components.all.get(component as usize).map_or_else(String::new, |component| component.id.to_string())
}

/// Two decimals.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
