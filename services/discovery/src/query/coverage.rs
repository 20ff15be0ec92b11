//! `codexa show coverage`: what is known and what is not.

use super::tests::TestSummary;
use super::text::{Column, clean, number, percent, plural, table, wrap};
use crate::coverage::{Purposes, class_name, cut_name, unread_name};
use crate::model::Model;
use crate::projections::LOOKED_AT;
use codexa_model::manifest::Reach;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Paths and targets that the text shows of each kind.
const SHOWN: usize = 5;

/// What is known and what is not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoverageAnswer<'m> {
    /// Whether anything was cut or left unread.
    pub partial: bool,
    /// Why, one sentence each.
    pub partial_because: Vec<String>,
    /// Why nothing was read of what stands in the files, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_read: Option<&'static str>,
    /// What the repository lacks.
    pub lacks: &'m [String],
    /// Tracked files by class.
    pub files: BTreeMap<&'static str, u32>,
    /// Files that were parsed, of those that should be.
    pub files_parsed: [u32; 2],
    /// Bytes that were understood, of those that should be.
    pub bytes_parsed: [u64; 2],
    /// Languages, most code first.
    pub languages: Vec<LanguageRow<'m>>,
    /// Files that were not parsed, by reason.
    pub unread: BTreeMap<&'static str, Vec<&'m str>>,
    /// Files that were parsed in part, the worst first.
    pub parse_gaps: Vec<GapRow<'m>>,
    /// Imports read, and what they came to.
    pub imports: ImportsRow<'m>,
    /// Files of which a bound left something unread, with what: packages, and what imports lead to, may be more.
    pub cut_short: &'m BTreeMap<String, Vec<String>>,
    /// Documents that `discovery.context` names and that were read.
    pub context_read: u32,
    /// What it names and could not be read, with the reason.
    pub context_unread: &'m BTreeMap<String, String>,
    /// Uses of names, and what they came to.
    pub names: crate::graph::NameTally,
    /// How the code stands to its tests; absent where they were not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestSummary>,
    /// Each basis on which tests are linked: `looked at`, or why it was not.
    pub test_bases: BTreeMap<&'static str, &'static str>,
    /// Languages of tests that are counted and not parsed, with the number of files: what they reach is not known.
    pub tests_not_parsed: BTreeMap<&'m str, u32>,
    /// All tests that nobody can follow to what they run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests_not_followed: Option<String>,
    /// Why nothing is known of tests, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests_unknown_because: Option<&'static str>,
    /// Of which components that ship it is known what they are for; absent where intents were not looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intents: Option<Purposes<'m>>,
    /// Why they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intents_unknown_because: Option<&'m str>,
    /// Thresholds and caps that shaped the model.
    pub thresholds: BTreeMap<String, u64>,
}

/// One language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LanguageRow<'m> {
    /// Its name.
    pub language: &'m str,
    /// How deep it is looked into.
    pub reach: Reach,
    /// Its files.
    pub files: u32,
    /// Of them, files that were parsed.
    pub parsed: u32,
    /// Lines of code.
    pub code: u64,
}

/// A file that was parsed in part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GapRow<'m> {
    /// The file.
    pub path: &'m str,
    /// Share of its bytes that was not understood, in percent with one decimal.
    pub not_understood: f64,
    /// Why the walk ended early, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<&'static str>,
}

/// What the imports came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportsRow<'m> {
    /// Imports read.
    pub total: u64,
    /// Led to a file here.
    pub resolved: u64,
    /// The rest, by reason.
    pub declined: BTreeMap<&'static str, u32>,
    /// Targets that should lead to a file here and do not, or that were not looked for to the end, most importing files
    /// first.
    pub open: Vec<OpenImport<'m>>,
}

/// A target that should lead to a file here and does not, or that was not looked for to the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenImport<'m> {
    /// As written.
    pub target: &'m str,
    /// `ambiguous`, `cut` or `not_found`.
    pub reason: &'m str,
    /// Files that import it.
    pub files: Vec<&'m str>,
}

/// What is known and what is not.
#[must_use]
pub fn coverage(model: &Model) -> CoverageAnswer<'_> {
    let coverage = &model.coverage;
    let partial_because = model.partial_because();
    let mut languages: Vec<LanguageRow<'_>> = coverage
        .languages
        .iter()
        .map(|(name, row)| LanguageRow {
            language: name,
            reach: row.reach,
            files: row.files,
            parsed: row.parsed,
            code: row.code,
        })
        .collect();
    languages.sort_by(|a, b| b.code.cmp(&a.code).then(a.language.cmp(b.language)));
    let mut gaps: Vec<&crate::coverage::Gap> = coverage.gaps.iter().collect();
    gaps.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.file.cmp(&b.file)));
    let paths = |files: &[u32]| files.iter().map(|&file| model.path(file)).collect::<Vec<_>>();
    let mut open: Vec<OpenImport<'_>> = coverage
        .imports
        .gaps
        .iter()
        .map(|((reason, target), files)| OpenImport { target, reason, files: paths(files) })
        .collect();
    open.sort_by(|a, b| {
        b.files.len().cmp(&a.files.len()).then_with(|| (a.target, a.reason).cmp(&(b.target, b.reason)))
    });
    CoverageAnswer {
        partial: !partial_because.is_empty(),
        partial_because,
        not_read: model.not_read(),
        lacks: &model.run.lacks,
        files: coverage.classes.iter().map(|(class, count)| (class_name(*class), *count)).collect(),
        files_parsed: [coverage.files_parsed, coverage.files_to_parse],
        bytes_parsed: [coverage.bytes_parsed, coverage.bytes_to_parse],
        languages,
        unread: coverage.unread.iter().map(|(reason, files)| (unread_name(*reason), paths(files))).collect(),
        parse_gaps: gaps
            .into_iter()
            .map(|gap| GapRow {
                path: model.path(gap.file),
                not_understood: (gap.share * 1000.0).round() / 10.0,
                cut: gap.cut.map(cut_name),
            })
            .collect(),
        imports: ImportsRow {
            total: coverage.imports.total,
            resolved: coverage.imports.resolved,
            declined: coverage.imports.declined.named().collect(),
            open,
        },
        cut_short: &model.run.cut_short,
        context_read: u32::try_from(model.run.context.read.len()).unwrap_or(u32::MAX),
        context_unread: &model.run.context.unread,
        names: model.references.tally,
        tests: model.tests_not_looked_at().is_none().then(|| TestSummary::of(&model.test_tally())),
        test_bases: crate::projections::bases(model),
        tests_not_parsed: model.tests_not_parsed(),
        tests_not_followed: model.tested.unfollowed.any().then(|| model.tested.unfollowed.says()),
        tests_unknown_because: model.tests_not_looked_at(),
        intents: Purposes::of(model),
        intents_unknown_because: model.intents.declined.as_deref(),
        thresholds: crate::projections::thresholds(model),
    }
}

impl CoverageAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        if self.write(&mut out).is_err() {
            out.push_str("…\n");
        }
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        match self.not_read {
            Some(cause) => out.push_str(&wrap(&format!("  parsed      nothing: {cause}"), "              ")),
            None => self.write_reading(out)?,
        }
        out.push('\n');
        let rows: Vec<Vec<String>> = self
            .languages
            .iter()
            .map(|row| {
                let parsed = match row.reach {
                    Reach::Parsed => number(u64::from(row.parsed)),
                    Reach::Counted => "counted only".to_owned(),
                };
                vec![clean(row.language), number(u64::from(row.files)), number(row.code), parsed]
            })
            .collect();
        if !rows.is_empty() {
            let columns = [
                ("language", Column::Left),
                ("files", Column::Right),
                ("lines", Column::Right),
                ("parsed", Column::Right),
            ];
            out.push_str(&table(&columns, &rows));
            out.push('\n');
        }
        for (reason, paths) in &self.unread {
            self.paths(out, &format!("not parsed, {}", reason.replace('_', " ")), paths.len(), paths.iter().copied())?;
        }
        let gaps = self.parse_gaps.iter().map(|gap| gap.path);
        self.paths(out, "parsed in part", self.parse_gaps.len(), gaps)?;
        for import in self.imports.open.iter().take(SHOWN) {
            let files = plural(import.files.len() as u64, "file");
            out.push_str(&wrap(
                &format!("  open import: {} ({}, {files})", clean(import.target), import.reason.replace('_', " ")),
                "    ",
            ));
        }
        out.push_str(&super::text::more(
            self.imports.open.len().min(SHOWN),
            self.imports.open.len(),
            "--format json has all",
        ));
        for (path, what) in self.cut_short.iter().take(SHOWN) {
            out.push_str(&wrap(&format!("  cut short: {} {}", clean(path), what.join("; ")), "    "));
        }
        let cut_short = self.cut_short.len();
        out.push_str(&super::text::more(cut_short.min(SHOWN), cut_short, "--format json has all"));
        for (path, why) in self.context_unread.iter().take(SHOWN) {
            out.push_str(&wrap(&format!("  context not read: {} ({})", clean(path), clean(why)), "    "));
        }
        let unread = self.context_unread.len();
        out.push_str(&super::text::more(unread.min(SHOWN), unread, "--format json has all"));
        for lack in self.lacks {
            out.push_str(&wrap(&format!("  lacks: {}", clean(lack)), "    "));
        }
        for cause in &self.partial_because {
            out.push_str(&wrap(&format!("  partial: {}", clean(cause)), "    "));
        }
        let (verdict, next) = match (self.partial, self.not_read) {
            (_, Some(_)) => ("files were counted; what is in them was not looked at", "codexa discover --mode deep"),
            (true, None) => ("partial: what is absent may not have been looked at", "codexa show components"),
            (false, None) => ("nothing was cut", "codexa show components"),
        };
        writeln!(out, "\n{verdict}\nnext: {next}")
    }

    /// What was parsed, and what imports and names came to.
    fn write_reading(&self, out: &mut String) -> std::fmt::Result {
        let [parsed, files] = self.files_parsed;
        let [known, bytes] = self.bytes_parsed;
        writeln!(
            out,
            "  parsed      {} of {} ({} of bytes)",
            number(u64::from(parsed)),
            plural(u64::from(files), "file"),
            percent(known, bytes)
        )?;
        let declined: Vec<String> = self
            .imports
            .declined
            .iter()
            .map(|(reason, count)| format!("{} {}", number((*count).into()), reason.replace('_', " ")))
            .collect();
        let line = format!(
            "  resolved    {} of {} imports; {} declined ({})",
            number(self.imports.resolved),
            number(self.imports.total),
            number(self.imports.total.saturating_sub(self.imports.resolved)),
            if declined.is_empty() { "none".to_owned() } else { declined.join(", ") },
        );
        out.push_str(&wrap(&line, "              "));
        let names = &self.names;
        let line = format!(
            "  names       {} used across files: {} by import, {} defined once, {} ambiguous, {} too common",
            number(names.total()),
            number(names.linked),
            number(names.unique),
            number(names.ambiguous),
            number(names.common),
        );
        out.push_str(&wrap(&line, "              "));
        self.write_tests(out);
        self.write_intents(out);
        Ok(())
    }

    /// How much of the code tests are seen to reach, and on what basis.
    fn write_tests(&self, out: &mut String) {
        let line = match (&self.tests, self.tests_unknown_because) {
            (_, Some(cause)) => format!("not looked at: {cause}"),
            (Some(tests), None) if tests.code > 0 => {
                let bases = if tests.by_basis.is_empty() { "nothing".to_owned() } else { tests.bases() };
                format!("{}: {bases}", tests.sentence())
            }
            _ => return,
        };
        out.push_str(&wrap(&format!("  tests       {line}"), "              "));
        for (basis, state) in self.test_bases.iter().filter(|(_, state)| **state != LOOKED_AT) {
            out.push_str(&wrap(&format!("              by {}: {state}", super::tests::word(basis)), "              "));
        }
        if let Some(those) = &self.tests_not_followed {
            out.push_str(&wrap(&format!("              not followed: {}", clean(those)), "              "));
        }
    }

    /// Of how many components it is known what they are for.
    fn write_intents(&self, out: &mut String) {
        let line = match (&self.intents, self.intents_unknown_because) {
            (_, Some(cause)) => format!("not looked for: {}", clean(cause)),
            (Some(Purposes { components, without_intent }), None) if components.ship > 0 => {
                let ship = plural(u64::from(components.ship), "component");
                let mut line = format!("in {} of {ship} that ship", number(u64::from(components.with_intent)));
                if components.answered > 0 {
                    let answered = number(u64::from(components.answered));
                    line.push_str(&format!("; of {answered} more people said what they are for"));
                }
                let named: Vec<String> = without_intent.iter().take(SHOWN).map(|id| clean(id)).collect();
                if !named.is_empty() {
                    let rest = without_intent.len() - named.len();
                    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                    line.push_str(&format!("; not known of {}{more}", named.join(", ")));
                }
                line
            }
            _ => return,
        };
        out.push_str(&wrap(&format!("  intents     {line}"), "              "));
    }

    fn paths<'p>(
        &self,
        out: &mut String,
        what: &str,
        all: usize,
        paths: impl Iterator<Item = &'p str>,
    ) -> std::fmt::Result {
        if all == 0 {
            return Ok(());
        }
        writeln!(out, "  {what}: {}", plural(all as u64, "file"))?;
        for path in paths.take(SHOWN) {
            writeln!(out, "    {}", clean(path))?;
        }
        out.push_str(&super::text::more(all.min(SHOWN), all, "--format json has all"));
        Ok(())
    }
}
