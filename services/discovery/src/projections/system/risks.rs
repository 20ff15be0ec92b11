//! The sections `risks_and_gaps` and `next_actions`: findings of structure and coverage.

use super::{component_id, count};
use crate::components::{Circle, Component, ComponentKind, is_markup};
use crate::coverage::{Gap, is_cut, unread_name};
use crate::model::{File, Model};
use crate::projections::coverage::is_of_this_clone;
use crate::query::text::{number, plural};
use crate::record::FileClass;
use crate::zones::{Dimension, Grade, Zone};
use codexa_model::manifest::{Action, Flow, Reach, Risk, RiskKind};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Places that a finding names.
pub(in crate::projections) const PLACES: usize = 10;
/// Findings of one kind.
pub(in crate::projections) const PER_KIND: usize = 10;
/// A language without a grammar is a gap from one in so many lines of all code.
pub(crate) const LANGUAGE_SHARE: u64 = 20;

/// A language without a grammar is a gap from so many files on: one file is a table or a template.
pub(crate) const LANGUAGE_FILES: u64 = 3;

/// Structural findings, the dearest first: what breaks unseen where much is repaired, what cannot be changed alone, what the
/// model does not know, and what is only worth knowing.
pub(super) fn risks(model: &Model) -> Vec<Risk> {
    let mut risks: Vec<Risk> = untested_zones(model).into_iter().chain(unowned_hotspots(model)).collect();
    risks.extend(component_cycles(model));
    risks.extend(file_cycles(model));
    risks.extend(unread(model));
    risks.extend(declined(model));
    risks.extend(languages(model));
    risks.extend(lacking(model));
    risks.extend(parse_gaps(model));
    risks.extend(inner_cycles(model));
    risks
}

/// Zones that were repaired lately and that no test is about, where the ranking holds.
fn untested_zones(model: &Model) -> Option<Risk> {
    let zones = model.zones.as_ref().filter(|zones| !zones.is_withheld())?;
    let is_bare = |zone: &&Zone| {
        let tests = zone.readiness.part(Dimension::Tests).and_then(|part| part.grade);
        zone.past.repairs > 0 && tests.is_some_and(|grade| grade < Grade::Fair)
    };
    let bare: Vec<&Zone> = zones.shown.iter().filter(is_bare).collect();
    let repairs: u32 = bare.iter().map(|zone| zone.past.repairs).sum();
    let what = format!(
        "{} repaired in the last year ({repairs} times together) are hardly tested",
        plural(bare.len() as u64, "zone")
    );
    (!bare.is_empty())
        .then(|| risk(RiskKind::UntestedZone, what, bare.iter().map(|zone| zone.key.to_string()).collect()))
}

/// Files that follow-ups ask an owner for.
fn unowned_hotspots(model: &Model) -> Option<Risk> {
    let files = crate::followups::unowned(model);
    let what = format!(
        "nobody who is still there knows {} that {} repaired in the last year",
        plural(files.len() as u64, "file"),
        if files.len() == 1 { "was" } else { "were" }
    );
    let paths = files.iter().map(|file| model.path(*file).to_owned()).collect();
    (!files.is_empty()).then(|| risk(RiskKind::UnownedHotspot, what, paths))
}

/// What the repository lacks, where that takes something from the model.
fn lacking(model: &Model) -> Vec<Risk> {
    let lacks = model.run.lacks.iter().filter(|lack| !is_of_this_clone(lack));
    lacks.map(|lack| risk(RiskKind::Lacking, lack.clone(), Vec::new())).collect()
}

fn risk(kind: RiskKind, what: String, mut places: Vec<String>) -> Risk {
    let dropped = places.len().saturating_sub(PLACES);
    places.truncate(PLACES);
    Risk { kind, what, places: Flow(places), places_dropped: (dropped > 0).then(|| count(dropped)) }
}

fn component_cycles(model: &Model) -> Vec<Risk> {
    let cycles = circles_of_parts(model).map(|circle| &*circle.members).take(PER_KIND);
    let finding = |members: &[u32]| {
        let ids = members.iter().map(|&member| component_id(model, member)).collect();
        risk(RiskKind::ComponentCycle, format!("{} components depend on each other in a circle", members.len()), ids)
    };
    cycles.map(finding).collect()
}

/// Circles of components that people keep apart. Those that stay in one flat folder are not: its families are parts by name
/// only, and that they use each other and the folder's other files says nothing. Nor are the modules of one crate, which is
/// compiled as a whole. `architecture` lists them all.
pub(crate) fn circles_of_parts(model: &Model) -> impl Iterator<Item = &Circle> {
    let is_across = |circle: &&Circle| {
        let members: Vec<&Component> =
            circle.members.iter().filter_map(|&member| model.components.all.get(member as usize)).collect();
        let is_family = |part: &&&Component| part.kind == ComponentKind::Family;
        let folders: BTreeSet<&str> = members.iter().map(|part| flat_folder(part)).collect();
        let is_across = folders.len() > 1 || members.iter().filter(is_family).count() + 1 < members.len();
        is_across && !is_in_one_crate(model, members.into_iter())
    };
    model.relations.circles.iter().filter(is_across)
}

fn is_in_one_crate<'m>(model: &'m Model, components: impl Iterator<Item = &'m Component>) -> bool {
    let packages: BTreeSet<Option<u32>> = components.map(|component| component.package).collect();
    let only = packages.first().copied().flatten().filter(|_| packages.len() == 1);
    only.and_then(|package| model.packages.get(package as usize)).is_some_and(|package| package.ecosystem == "cargo")
}

/// The folder that a family's files lie in, or that another component stands on.
fn flat_folder(component: &Component) -> &str {
    match component.kind {
        ComponentKind::Family => component.name.rsplit_once('/').map_or("", |(folder, _)| folder),
        _ => &component.root,
    }
}

/// Circles of files of different parts.
fn file_cycles(model: &Model) -> Vec<Risk> {
    let mut cycles = model.file_cycles();
    cycles.retain(|files| !is_in_one_part(model, files));
    let finding = |files: &Vec<u32>| {
        let paths = files.iter().map(|&file| model.path(file).to_owned()).collect();
        risk(RiskKind::FileCycle, format!("{} source files depend on each other in a circle", files.len()), paths)
    };
    cycles.iter().take(PER_KIND).map(finding).collect()
}

/// Circles of files that stay within a part each, told together: modules of one crate and headers of one library may use each
/// other, and who changes one has the others before them.
fn inner_cycles(model: &Model) -> Option<Risk> {
    let mut cycles = model.file_cycles();
    cycles.retain(|files| is_in_one_part(model, files));
    let largest = cycles.first()?.len();
    let what = match cycles.len() {
        1 => format!("1 circle of {largest} source files stays within one part"),
        all => format!("{all} circles of source files stay within one part each; the largest has {largest} files"),
    };
    let first = cycles.iter().filter_map(|files| files.first()).map(|&file| model.path(file).to_owned());
    Some(risk(RiskKind::FileCycle, what, first.collect()))
}

fn is_in_one_part(model: &Model, files: &[u32]) -> bool {
    let of = |file: &u32| model.components.of_file.get(*file as usize).copied().flatten();
    let parts: BTreeSet<Option<u32>> = files.iter().map(of).collect();
    let known = parts.iter().flatten().filter_map(|&part| model.components.all.get(part as usize));
    parts.len() == 1 || !parts.contains(&None) && is_in_one_crate(model, known)
}

fn parse_gaps(model: &Model) -> Option<Risk> {
    let mut gaps: Vec<&Gap> = model.coverage.gaps.iter().collect();
    gaps.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.file.cmp(&b.file)));
    let paths = gaps.iter().map(|gap| model.path(gap.file).to_owned()).collect();
    let lost = model.coverage.bytes_to_parse - model.coverage.bytes_parsed;
    let what = format!(
        "{} of {} understood in part; {} of {} not understood",
        number(gaps.len() as u64),
        plural(model.coverage.files_parsed.into(), "parsed file"),
        number(lost),
        plural(model.coverage.bytes_to_parse, "byte"),
    );
    (!gaps.is_empty()).then(|| risk(RiskKind::ParseGap, what, paths))
}

fn unread(model: &Model) -> Vec<Risk> {
    let reasons = model.coverage.unread.iter().filter(|(reason, _)| is_cut(**reason));
    let finding = |(reason, files): (&crate::record::Unread, &Vec<u32>)| {
        let paths = files.iter().map(|&file| model.path(file).to_owned()).collect();
        risk(
            RiskKind::Unread,
            format!("{} not parsed: {}", plural(files.len() as u64, "file"), unread_name(*reason)),
            paths,
        )
    };
    reasons.map(finding).collect()
}

/// Imports that should lead to a file here and do not, most importing files first.
fn declined(model: &Model) -> Vec<Risk> {
    let finding = |cluster: OpenImports<'_>| {
        let what = match cluster.targets[..] {
            [only] => only.to_owned(),
            _ => format!("{} names of {}", cluster.targets.len(), cluster.stem),
        };
        let why = match cluster.reason {
            "ambiguous" => "several files here fit",
            "cut" => "the search was cut short",
            _ => "no file here fits",
        };
        let files = plural(cluster.files.len() as u64, "file");
        let paths = cluster.files.iter().map(|&file| model.path(file).to_owned()).collect();
        risk(RiskKind::DeclinedImports, format!("{files} import {what}: {why}"), paths)
    };
    open_imports(model).into_iter().take(PER_KIND).map(finding).collect()
}

/// Imports that lead nowhere and name the same part.
#[derive(Debug)]
pub(crate) struct OpenImports<'m> {
    /// Why they lead nowhere, as coverage names it.
    pub(crate) reason: &'m str,
    /// What stands before the last part of their targets: a package, a folder.
    pub(crate) stem: &'m str,
    /// What they name.
    pub(crate) targets: Vec<&'m str>,
    /// Who imports one of them.
    pub(crate) files: BTreeSet<u32>,
}

/// Imports that should lead to a file here and do not, clustered by what stands before the last part of their targets, where
/// more than one file imports it; most importing files first.
pub(crate) fn open_imports(model: &Model) -> Vec<OpenImports<'_>> {
    let mut clusters: BTreeMap<(&str, &str), OpenImports<'_>> = BTreeMap::new();
    for ((reason, target), files) in &model.coverage.imports.gaps {
        let stem = stem_of(target);
        let new = || OpenImports { reason, stem, targets: Vec::new(), files: BTreeSet::new() };
        let cluster = clusters.entry((reason, stem)).or_insert_with(new);
        cluster.targets.push(target);
        cluster.files.extend(files);
    }
    let mut clusters: Vec<_> = clusters.into_values().filter(|cluster| cluster.files.len() > 1).collect();
    clusters.sort_by_key(|cluster| (Reverse(cluster.files.len()), cluster.reason, cluster.stem));
    clusters
}

/// What stands before the last part of a target, whatever its language joins parts with.
fn stem_of(target: &str) -> &str {
    let cut = target.rfind(['.', '/', '\\', ':']).filter(|at| *at > 0);
    cut.and_then(|at| target.get(..at)).map_or(target, |stem| stem.trim_end_matches(':'))
}

/// Languages that people write much code in here and no grammar reads.
fn languages(model: &Model) -> Vec<Risk> {
    let mut written: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let is_written = |file: &&File| file.is_code && matches!(file.class, FileClass::Source | FileClass::Test);
    for file in model.files.iter().filter(is_written) {
        let (files, lines) = written.entry(file.language.as_deref().unwrap_or_default()).or_default();
        *files += 1;
        *lines += u64::from(file.lines.code);
    }
    let all: u64 = written.values().map(|(_, lines)| lines).sum();
    let is_counted =
        |name: &str| model.coverage.languages.get(name).is_some_and(|language| language.reach == Reach::Counted);
    let large = written.iter().filter(|(name, (files, lines))| {
        is_counted(name) && !is_markup(name) && *files >= LANGUAGE_FILES && lines * LANGUAGE_SHARE > all
    });
    let finding = |(name, (files, lines)): (&&str, &(u64, u64))| {
        let what = format!(
            "{name} is counted, not parsed: {}, {} of {} lines of code",
            plural(*files, "file"),
            number(*lines),
            number(all)
        );
        risk(RiskKind::NotParsedLanguage, what, Vec::new())
    };
    large.map(finding).collect()
}

/// What to do next, from what was found; one action for each command.
pub(super) fn next_actions(model: &Model) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let mut act = |what: String, command: &str| match actions.iter_mut().find(|action| action.command == command) {
        Some(known) => known.what = format!("{}; then {}", known.what, uncapitalised(&what)),
        None => actions.push(Action { what, command: command.to_owned() }),
    };
    let causes = model.partial_because();
    if !causes.is_empty() {
        act(format!("Look at what was cut before you rely on absence: {}", causes.join("; ")), "codexa show coverage");
    }
    if let Some(cause) = model.not_read() {
        act(format!("Have the files parsed: {cause}"), "codexa discover --mode deep");
    }
    if let Some(cycle) = circles_of_parts(model).next() {
        act(format!("Look at the largest circle of components ({})", cycle.members.len()), "codexa show components");
    }
    if model.coverage.imports.open() > 0 {
        let open = model.coverage.imports.open();
        act(format!("See which imports should lead to a file here and do not ({open})"), "codexa show coverage");
    }
    if let Some(file) = super::central_files(model, 1).first() {
        let path = model.path(*file);
        act(
            "See what a change of the most central file reaches".to_owned(),
            &format!("codexa impact {}", quoted(path)),
        );
    }
    act("Read the parts and how they lie on each other".to_owned(), "codexa show components");
    actions
}

fn uncapitalised(sentence: &str) -> String {
    let mut rest = sentence.chars();
    rest.next().into_iter().flat_map(char::to_lowercase).chain(rest.clone()).collect()
}

/// A path as one word of a shell's command.
#[must_use]
pub fn quoted(path: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | '@' | ':' | ',');
    if !path.is_empty() && path.chars().all(is_word) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', "'\\''"))
}
