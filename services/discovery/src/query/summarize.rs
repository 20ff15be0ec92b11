//! `codexa summarize`: the system, or what words are about in it, on a screen.

use super::beside::KnownBy;
use super::focus::files_about;
use super::past::no_history;
use super::text::{clean, number, plural, wrap};
use super::zones::zones;
use crate::model::Model;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Things of a kind that are named.
const NAMED: usize = 6;

/// The system, or what words are about in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummaryAnswer<'m> {
    /// The words that were asked for; empty for the whole.
    pub focus: String,
    /// Files that are about them, best first; of the whole the ones that most stands on.
    pub files: Vec<&'m str>,
    /// How many there are, and their lines.
    pub all_files: u32,
    /// See `all_files`.
    pub lines: u64,
    /// Components that they lie in, most files first.
    pub components: Vec<&'m str>,
    /// What they are for, most files first.
    pub intents: Vec<&'m str>,
    /// Public names of theirs that are used most.
    pub names: Vec<&'m str>,
    /// Zones that they lie in, in order of the ranking.
    pub zones: Vec<&'m str>,
    /// Files of tests that are about them.
    pub tests: u32,
    /// Who knows them.
    pub known_by: Vec<KnownBy<'m>>,
    /// Why the past says nothing, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past_unknown_because: Option<String>,
}

/// The system, or what words are about in it. A file is about a word that is in its path, in the name of what it is for, or
/// in a name that it offers or uses.
#[must_use]
pub fn summarize<'m>(model: &'m Model, focus: &str) -> SummaryAnswer<'m> {
    let mut files: Vec<u32> =
        (0_u32..).zip(&model.files).map(|(id, _)| id).filter(|id| crate::hotspots::is_ranked_in(model, *id)).collect();
    if focus.trim().is_empty() {
        let rank = |file: &u32| model.references.file_ranks.get(*file as usize).copied().unwrap_or(0.0);
        files.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then(a.cmp(b)));
    } else {
        files = files_about(model, focus, &files);
    }
    let inside: BTreeSet<u32> = files.iter().copied().collect();
    let most = |of: &dyn Fn(u32) -> Option<&'m str>| {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        files.iter().filter_map(|file| of(*file)).for_each(|name| *counts.entry(name).or_default() += 1);
        let mut counts: Vec<(&str, u32)> = counts.into_iter().collect();
        counts.sort_by_key(|(name, count)| (Reverse(*count), *name));
        counts.into_iter().take(NAMED).map(|(name, _)| name).collect::<Vec<_>>()
    };
    let component = |file: u32| model.components.of(file).map(|component| &*component.id);
    let intent = |file: u32| {
        let at = model.intents.of_file.get(file as usize).copied().flatten()?;
        model.intents.all.get(at as usize).map(|intent| &*intent.name)
    };
    let mut symbols: Vec<_> = model.references.symbols.iter().filter(|symbol| inside.contains(&symbol.file)).collect();
    symbols.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| (a.file, &a.name).cmp(&(b.file, &b.name))));
    let tests = files.iter().flat_map(|file| model.tested.links(*file)).filter(|link| link.is_direct());
    let tests: BTreeSet<u32> = tests.map(|link| link.test).collect();
    let is_inside = |path: &str| model.find(path).is_some_and(|file| inside.contains(&file));
    let zones = zones(model).zones.into_iter().filter(|zone| zone.files.iter().any(|path| is_inside(path)));
    SummaryAnswer {
        focus: focus.to_owned(),
        all_files: u32::try_from(files.len()).unwrap_or(u32::MAX),
        lines: files.iter().filter_map(|file| model.file(*file)).map(|file| u64::from(file.lines.total())).sum(),
        components: most(&component),
        intents: most(&intent),
        names: symbols.iter().take(NAMED).map(|symbol| &*symbol.name).collect(),
        zones: zones.map(|zone| zone.id).filter(|id| !id.is_empty()).take(NAMED).collect(),
        tests: u32::try_from(tests.len()).unwrap_or(u32::MAX),
        known_by: super::beside::Beside::of(model, &files, |_| true).known_by,
        past_unknown_because: model.history.is_none().then(|| no_history(model)),
        files: files.iter().take(NAMED).map(|file| model.path(*file)).collect(),
    }
}

impl SummaryAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if self.files.is_empty() {
            let about = if self.focus.is_empty() {
                "no source file".to_owned()
            } else {
                format!("no source file is about `{}`", clean(&self.focus))
            };
            return format!("  {about}\nnext: codexa show intents\n");
        }
        let about = if self.focus.is_empty() { "the whole".to_owned() } else { clean(&self.focus) };
        let mut out = format!(
            "  {about}: {} of source, {}\n\n",
            plural(self.all_files.into(), "file"),
            plural(self.lines, "line")
        );
        let known: Vec<String> = self.known_by.iter().map(|it| clean(it.name)).collect();
        let rows: [(&str, Vec<String>); 6] = [
            ("for", self.intents.iter().map(|it| clean(it)).collect()),
            ("in", self.components.iter().map(|it| clean(it.trim_start_matches("c:"))).collect()),
            ("files", self.files.iter().map(|it| clean(it)).collect()),
            ("names", self.names.iter().map(|it| clean(it)).collect()),
            ("zones", self.zones.iter().map(|it| clean(it)).collect()),
            ("known by", known),
        ];
        for (label, names) in rows.into_iter().filter(|(_, names)| !names.is_empty()) {
            out.push_str(&wrap(&format!("  {label:<10}{}", names.join(", ")), "            "));
        }
        out.push_str(&wrap(&format!("  {:<10}{}", "tests", plural(self.tests.into(), "test file")), "            "));
        if let Some(cause) = &self.past_unknown_because {
            out.push_str(&wrap(&format!("  {:<10}not known: {cause}", "past"), "            "));
        }
        let rest = u64::from(self.all_files).saturating_sub(self.files.len() as u64);
        if rest > 0 {
            out.push_str(&format!("  {:<10}{} more files; --format json has what is named here\n", "", number(rest)));
        }
        let next = self.zones.first().map_or_else(
            || {
                format!(
                    "codexa impact {}",
                    clean(&crate::projections::quoted(self.files.first().copied().unwrap_or_default()))
                )
            },
            |zone| format!("codexa explain {zone}"),
        );
        out.push_str(&format!("\n  next: {next}\n"));
        out
    }
}
