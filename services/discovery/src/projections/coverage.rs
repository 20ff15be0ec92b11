//! `system_model/coverage.yaml`: what the model does not know.

use crate::coverage::{Purposes, class_name, cut_name, unread_name};
use crate::history::History;
use crate::model::Model;
use crate::tested::Basis;
use codexa_model::manifest::{
    COVERAGE, CoverageFile, Flow, ImportGaps, IntentReach, LanguageReach, ParseGap, TestReach,
};
use codexa_project::Lack;
use std::collections::BTreeMap;

/// Most targets that one file's line of `import_gaps` shows.
pub const IMPORT_GAP_CAP: usize = 20;

/// What was not read, not parsed and not resolved, file by file.
pub(super) fn coverage(model: &Model) -> CoverageFile {
    let coverage = &model.coverage;
    let partial_because = model.partial_because();
    let mut unread = BTreeMap::new();
    for (reason, files) in &coverage.unread {
        let name = unread_name(*reason);
        let is_ours = |file: &&u32| model.file(**file).is_some_and(|file| file.is_code);
        unread.extend(files.iter().filter(is_ours).map(|&file| (model.path(file).to_owned(), name.to_owned())));
    }
    let gap = |gap: &crate::coverage::Gap| {
        let cut = gap.cut.map(|cut| cut_name(cut).to_owned());
        (model.path(gap.file).to_owned(), Flow(ParseGap { not_understood: step(gap.share).to_owned(), cut }))
    };
    CoverageFile {
        schema: COVERAGE.to_owned(),
        partial: !partial_because.is_empty(),
        partial_because,
        lacks: model.run.lacks.iter().filter(|lack| !is_of_this_clone(lack)).cloned().collect(),
        files: Flow(classes(model)),
        languages: coverage
            .languages
            .iter()
            .map(|(name, language)| {
                (name.to_string(), Flow(LanguageReach { reach: language.reach, files: language.files }))
            })
            .collect(),
        unread,
        parse_gaps: coverage.gaps.iter().map(gap).collect(),
        import_gaps: import_gaps(model),
        cut_short: model.run.cut_short.clone(),
        context_unread: model.run.context.unread.clone(),
        tests: tests(model),
        intents: intents(model),
        thresholds: super::thresholds(model),
    }
}

fn tests(model: &Model) -> TestReach {
    if let Some(cause) = model.tests_not_looked_at() {
        return TestReach { not_looked_at: Some(cause.to_owned()), ..TestReach::default() };
    }
    let not_parsed = model.tests_not_parsed();
    let not_parsed = not_parsed.into_iter().map(|(language, files)| (language.to_owned(), files)).collect();
    TestReach {
        not_looked_at: None,
        bases: bases(model).into_iter().map(|(basis, state)| (basis.to_owned(), state.to_owned())).collect(),
        not_parsed: Some(Flow(not_parsed)).filter(|Flow(languages): &Flow<BTreeMap<_, _>>| !languages.is_empty()),
        outside: Some(model.tested.unfollowed.outside).filter(|outside| *outside > 0),
    }
}

fn intents(model: &Model) -> IntentReach {
    let Some(Purposes { components, without_intent }) = Purposes::of(model) else {
        let not_looked_at = model.intents.declined.as_deref().map(str::to_owned);
        return IntentReach { not_looked_at, ..IntentReach::default() };
    };
    IntentReach {
        not_looked_at: None,
        components: Some(Flow(components)),
        without_intent: without_intent.into_iter().map(str::to_owned).collect(),
    }
}

/// Each basis on which tests are linked, and whether it was looked at.
pub(crate) fn bases(model: &Model) -> BTreeMap<&'static str, &'static str> {
    let state = |basis| match basis {
        Basis::Coverage => coverage_state(model),
        Basis::CoChange if model.history.is_none() => "history was not read",
        Basis::CoChange if model.history.as_ref().is_some_and(History::withholds_co_change) => {
            "withheld: here the same folder says more"
        }
        Basis::CoChange => LOOKED_AT,
        Basis::Own | Basis::Call | Basis::Import | Basis::Naming => LOOKED_AT,
    };
    Basis::ALL.into_iter().map(|basis| (basis.name(), state(basis))).collect()
}

/// The state of a basis that has its part in the links.
pub(crate) const LOOKED_AT: &str = "looked at";

fn coverage_state(model: &Model) -> &'static str {
    let sources = &model.tested.sources;
    let understood = || sources.iter().filter(|source| source.format.is_some());
    if understood().next().is_none() {
        return if sources.is_empty() { "there is no coverage file" } else { "no coverage file was understood" };
    }
    if understood().all(|source| source.stale == Some(true)) {
        "looked at, older than the newest commit"
    } else {
        LOOKED_AT
    }
}

/// Tracked files by class.
pub(super) fn classes(model: &Model) -> BTreeMap<String, u32> {
    model.coverage.classes.iter().map(|(class, count)| (class_name(*class).to_owned(), *count)).collect()
}

/// A share of bytes, in steps that an edit rarely leaves.
fn step(share: f64) -> &'static str {
    match share {
        share if share < 0.05 => "under 5 %",
        share if share < 0.2 => "5 to 20 %",
        _ => "over 20 %",
    }
}

fn import_gaps(model: &Model) -> BTreeMap<String, Flow<ImportGaps>> {
    let mut all: BTreeMap<&str, ImportGaps> = BTreeMap::new();
    for ((reason, target), files) in &model.coverage.imports.gaps {
        for &file in files {
            let gaps = all.entry(model.path(file)).or_default();
            if gaps.ambiguous.len() + gaps.cut.len() + gaps.not_found.len() >= IMPORT_GAP_CAP {
                *gaps.dropped.get_or_insert(0) += 1;
                continue;
            }
            let targets = match &**reason {
                "ambiguous" => &mut gaps.ambiguous,
                "cut" => &mut gaps.cut,
                _ => &mut gaps.not_found,
            };
            targets.push(target.to_string());
        }
    }
    all.into_iter().map(|(path, gaps)| (path.to_owned(), Flow(gaps))).collect()
}

/// Whether something is lacking because of how this clone was made. It takes nothing from what is parsed, and every clone
/// shall write the same bytes: answers name it, the manifest does not.
pub(super) fn is_of_this_clone(lack: &str) -> bool {
    [Lack::NoBranch, Lack::ShallowHistory].iter().any(|of_clone| of_clone.to_string() == lack)
}
