//! `codexa status`: the model in a few lines.

use super::followups::in_a_line;
use super::text::{clean, number, percent, plural, wrap};
use super::zones::{ZoneRow, why, zones};
use crate::model::Model;
use codexa_model::manifest::Reach;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The model in a few numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// The project's name.
    pub project: String,
    /// The commit that the model describes; absent without git.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_commit: Option<String>,
    /// `deep`, `quick` or `code-only`.
    pub mode: String,
    /// Tracked files.
    pub files: u64,
    /// Whether anything was cut or left unread.
    pub partial: bool,
    /// Why, one sentence each.
    pub partial_because: Vec<String>,
    /// Why nothing was read of what stands in the files, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_read: Option<&'static str>,
    /// Files that were parsed, of those that should be.
    pub files_parsed: [u32; 2],
    /// Bytes that were understood, of those that should be.
    pub bytes_parsed: [u64; 2],
    /// Languages that are counted and not parsed, with their files.
    pub not_parsed: BTreeMap<String, u32>,
    /// Imports that lead to a file here, of all.
    pub imports_resolved: [u64; 2],
    /// The others, by reason.
    pub imports_declined: BTreeMap<&'static str, u32>,
    /// Components.
    pub components: u32,
    /// Circles of components, by id.
    pub component_cycles: Vec<Vec<String>>,
    /// Circles of source files.
    pub file_cycles: u32,
    /// Entry points found in code or declared by packages.
    pub entry_points: u32,
    /// Further ones of examples, benchmarks and documents.
    pub entry_points_in_examples: u32,
    /// Outside contacts found in code.
    pub contacts: u32,
    /// Questions for a person.
    pub followups: u32,
    /// The first of them in a line.
    #[serde(skip)]
    pub questions: Option<String>,
    /// The first zones: where to begin.
    pub begin: Vec<Begin>,
    /// The command to go on with.
    pub next: String,
}

/// A zone in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Begin {
    /// Its place in the order of zones, from 1.
    pub rank: u32,
    /// Its id.
    pub zone: String,
    /// Where it lies.
    pub place: String,
    /// `ready`, or what is lacking most.
    pub readiness: String,
    /// Why it stands first.
    pub why: String,
}

/// Zones that are told of.
const BEGIN: usize = 2;

/// Where to begin: the first zones in their order; nothing where that is withheld, or nothing was repaired in the last year.
fn begin(model: &Model) -> Vec<Begin> {
    let zone = |zone: &ZoneRow<'_>| {
        Some(Begin {
            rank: zone.rank.filter(|_| zone.all_repairs > 0 && !zone.id.is_empty())?,
            zone: zone.id.to_owned(),
            place: zone.place.to_owned(),
            readiness: zone.readiness.to_owned(),
            why: why(zone),
        })
    };
    zones(model).zones.iter().take(BEGIN).filter_map(zone).collect()
}

/// The model in a few numbers.
#[must_use]
pub fn status(model: &Model) -> Status {
    let manifest = crate::projections::structure(model);
    let in_examples = crate::entries::ways(model).into_iter().filter(|(_, _, is_apart)| *is_apart).count();
    let in_examples = u32::try_from(in_examples).unwrap_or(u32::MAX);
    let coverage = &model.coverage;
    let partial_because = model.partial_because();
    let counted = coverage.languages.iter().filter(|(_, language)| language.reach == Reach::Counted);
    let id_of = |&id: &u32| {
        model.components.all.get(id as usize).map_or_else(String::new, |component| component.id.to_string())
    };
    let begin = begin(model);
    let next = match (partial_because.is_empty(), begin.first()) {
        (false, _) => "codexa show coverage".to_owned(),
        (true, Some(first)) => format!("codexa explain {}", first.zone),
        (true, None) => "codexa show components".to_owned(),
    };
    Status {
        project: model.run.project.clone(),
        basis_commit: model.run.basis_commit.clone(),
        mode: model.run.mode.clone(),
        files: model.files.len() as u64,
        partial: !partial_because.is_empty(),
        next,
        begin,
        partial_because,
        not_read: model.not_read(),
        files_parsed: [coverage.files_parsed, coverage.files_to_parse],
        bytes_parsed: [coverage.bytes_parsed, coverage.bytes_to_parse],
        not_parsed: counted.map(|(name, language)| (name.to_string(), language.files)).collect(),
        imports_resolved: [coverage.imports.resolved, coverage.imports.total],
        imports_declined: coverage.imports.declined.named().collect(),
        components: manifest.components,
        component_cycles: model
            .relations
            .circles
            .iter()
            .map(|circle| circle.members.iter().map(id_of).collect())
            .collect(),
        file_cycles: manifest.file_cycles,
        entry_points: manifest.entry_points,
        entry_points_in_examples: in_examples,
        contacts: manifest.contacts,
        followups: u32::try_from(model.questions.asked.len()).unwrap_or(u32::MAX),
        questions: in_a_line(model),
    }
}

impl Status {
    /// For a terminal. `note` stands at the right end of the first line (`iteration 7`), `time` after the mode, and
    /// `rows` (a word and a sentence each) below the others.
    #[must_use]
    pub fn text(&self, time: Option<&str>, note: Option<&str>, rows: &[(&str, String)]) -> String {
        let mut out = String::new();
        if self.write(&mut out, time, note, rows).is_err() {
            out.push_str("…\n");
        }
        out
    }

    fn write(
        &self,
        out: &mut String,
        time: Option<&str>,
        note: Option<&str>,
        rows: &[(&str, String)],
    ) -> std::fmt::Result {
        let commit = self.basis_commit.as_deref().map(|commit| format!(" @ {}", commit.get(..8).unwrap_or(commit)));
        let time = time.map(|time| format!(", {time}")).unwrap_or_default();
        let files = plural(self.files, "file");
        let head = format!("{}{}  {}{time}, {files}", clean(&self.project), commit.unwrap_or_default(), self.mode);
        let note = note.unwrap_or_default();
        let gap = 72_usize.saturating_sub(head.chars().count() + note.chars().count()).max(2);
        writeln!(out, "{}\n", format!("{head}{}{note}", " ".repeat(gap)).trim_end())?;
        match self.not_read {
            Some(cause) => {
                out.push_str(&wrap(&format!("  parsed      nothing: {cause}"), "              "));
                let line =
                    format!("  components  {}; what they need, and what reaches them, is not known", self.components);
                out.push_str(&wrap(&line, "              "));
            }
            None => self.write_found(out)?,
        }
        for cause in &self.partial_because {
            out.push_str(&wrap(&format!("  partial     {}", clean(cause)), "              "));
        }
        for (word, sentence) in rows {
            out.push_str(&wrap(&format!("  {word:<11} {}", clean(sentence)), "              "));
        }
        writeln!(out)?;
        for zone in &self.begin {
            let line = format!("  {}  {:<8} {}  {}", zone.rank, zone.zone, clean(&zone.place), zone.readiness);
            out.push_str(&wrap(&line, "     "));
            out.push_str(&wrap(&format!("     {}", clean(&zone.why)), "     "));
        }
        if !self.begin.is_empty() {
            writeln!(out)?;
        }
        if let Some(questions) = &self.questions {
            out.push_str(&wrap(&format!("  {questions}"), "  "));
        }
        writeln!(out, "  next: {}", self.next)
    }

    /// What was parsed, and what was found in it.
    fn write_found(&self, out: &mut String) -> std::fmt::Result {
        let [parsed, of] = self.files_parsed;
        let [known, bytes] = self.bytes_parsed;
        let mut line = format!(
            "  parsed      {} of {} ({} of bytes)",
            number(u64::from(parsed)),
            plural(u64::from(of), "file"),
            percent(known, bytes)
        );
        if !self.not_parsed.is_empty() {
            let all: u32 = self.not_parsed.values().sum();
            let mut languages: Vec<(&String, &u32)> = self.not_parsed.iter().collect();
            languages.sort_by_key(|(name, files)| (std::cmp::Reverse(**files), *name));
            let named: Vec<String> =
                languages.iter().take(4).map(|(name, files)| format!("{} {files}", clean(name))).collect();
            let rest = if languages.len() > 4 { ", …" } else { "" };
            write!(line, ", {} counted only: {}{rest}", number(u64::from(all)), named.join(", "))?;
        }
        out.push_str(&wrap(&line, "              "));
        let [resolved, imports] = self.imports_resolved;
        let declined: Vec<String> = self
            .imports_declined
            .iter()
            .map(|(reason, count)| format!("{} {}", number((*count).into()), reason.replace('_', " ")))
            .collect();
        let mut line = format!("  resolved    {} of {}", number(resolved), plural(imports, "import"));
        if !declined.is_empty() {
            write!(line, "; {} declined ({})", number(imports.saturating_sub(resolved)), declined.join(", "))?;
        }
        out.push_str(&wrap(&line, "              "));
        let cycles = match self.component_cycles.first() {
            None => "0".to_owned(),
            Some(first) => {
                let named: Vec<String> = first.iter().take(3).map(|id| clean(id.trim_start_matches("c:"))).collect();
                let rest = if first.len() > 3 { " …" } else { "" };
                format!("{} ({}{rest})", self.component_cycles.len(), named.join(" <-> "))
            }
        };
        let line = format!("  components  {}, in circles: {cycles}", self.components);
        out.push_str(&wrap(&line, "              "));
        let (entries, contacts) = (u64::from(self.entry_points), u64::from(self.contacts));
        let (entries, contacts) = (plural(entries, "entry point"), plural(contacts, "outside contact"));
        let apart = match self.entry_points_in_examples {
            0 => String::new(),
            apart => format!(" (+ {} in examples)", number(apart.into())),
        };
        let line = format!("  reached by  {entries}{apart}; {contacts}; tests left out");
        out.push_str(&wrap(&line, "              "));
        Ok(())
    }
}
