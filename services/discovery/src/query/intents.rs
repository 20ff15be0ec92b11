//! `codexa show intents`, and the answer to `codexa explain` for one of them.

use super::entry_label;
use super::error::QueryError;
use super::suggest::like;
use super::text::{Column, clean, number, plural, table, wrap};
use crate::entries::{self, Way};
use crate::intents::Intent;
use crate::model::Model;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Rows that a text shows of each kind.
const SHOWN: usize = 12;

/// What the code is for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntentsAnswer<'m> {
    /// Why none were looked for; absent where they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<&'m str>,
    /// What could not be known about them, one sentence each.
    pub not_known: Vec<String>,
    /// Files that take part: code that people write and ship.
    pub files: u32,
    /// How far the same clusters come from other seeds, 0 to 1, over all files that take part.
    pub stability: f64,
    /// The modularity of the clusters, between -0.5 and 1.
    pub modularity: f64,
    /// Files without an intent, by the reason.
    pub unnamed: BTreeMap<&'static str, u32>,
    /// The intents, ranked by their share and how sure they are.
    pub intents: Vec<IntentRow<'m>>,
}

/// One intent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntentRow<'m> {
    /// `intent:` and its name.
    pub id: &'m str,
    /// A few words.
    pub name: &'m str,
    /// How many files.
    pub files: u32,
    /// Share of the lines of code and of the reference rank of all files that take part, in percent: the mean of both.
    pub share: f64,
    /// Share of the edges at its files that stay inside, in percent; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohesion: Option<u8>,
    /// How far it comes again from other seeds, in percent.
    pub stability: u8,
    /// Share of its files, by size, that have a word of its name, in percent.
    pub named_by: u8,
    /// How sure it is, in percent: the lesser of the two.
    pub confidence: u8,
    /// The words that tell it from the others, the most telling first.
    pub terms: Vec<&'m str>,
    /// Ids of the components that its files lie in, most files first.
    pub components: Vec<&'m str>,
    /// Its files, where to begin first.
    pub paths: Vec<&'m str>,
}

/// One intent with everything that it stands on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntentAnswer<'m> {
    /// The intent itself.
    #[serde(flatten)]
    pub row: IntentRow<'m>,
    /// Its place among the intents, from 1; another run may put it elsewhere.
    pub place: u32,
    /// What others use of it most.
    pub symbols: Vec<SymbolOf<'m>>,
    /// Headings that speak of it.
    pub headings: Vec<HeadingOf<'m>>,
    /// Where control comes into it.
    pub entry_points: Vec<EntryOf<'m>>,
    /// Intents that it leans on, by pairs of files, most first.
    pub leans_on: Vec<LeansOn<'m>>,
    /// Intents that lean on it, likewise.
    pub leaned_on_by: Vec<LeansOn<'m>>,
    /// Pairs of its files of which one depends on the other.
    pub edges_inside: u32,
    /// Pairs of a file of it and another.
    pub edges_outside: u32,
    /// What could not be known about any intent, one sentence each.
    pub not_known: Vec<String>,
}

/// A name that others use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SymbolOf<'m> {
    /// The name.
    pub name: &'m str,
    /// The file that defines it.
    pub path: &'m str,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeadingOf<'m> {
    /// As written.
    pub heading: &'m str,
    /// The document.
    pub path: &'m str,
}

/// An entry point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryOf<'m> {
    /// What calls it.
    pub kind: &'static str,
    /// Its name, or its route with the method.
    pub name: String,
    /// The file.
    pub path: &'m str,
}

/// How much one intent leans on another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeansOn<'m> {
    /// The other.
    pub id: &'m str,
    /// Pairs of files behind it.
    pub edges: u32,
}

/// All intents.
#[must_use]
pub fn intents(model: &Model) -> IntentsAnswer<'_> {
    let intents = &model.intents;
    IntentsAnswer {
        declined: intents.declined.as_deref(),
        not_known: intents.not_known(&model.run.mode),
        files: intents.files,
        stability: rounded(intents.stability),
        modularity: rounded(intents.modularity),
        unnamed: intents.unnamed.iter().map(|(reason, files)| (reason.name(), *files)).collect(),
        intents: intents.all.iter().map(|intent| row(model, intent)).collect(),
    }
}

/// One intent, by its id, with or without `intent:`, or by its place (`intent-3`).
///
/// # Errors
/// [`QueryError::UnknownIntent`].
pub fn intent<'m>(model: &'m Model, id: &str) -> Result<IntentAnswer<'m>, QueryError> {
    let all = &model.intents.all;
    let by_place = || id.strip_prefix("intent-")?.parse::<usize>().ok()?.checked_sub(1);
    let found = model.intents.find(id).or_else(by_place).and_then(|at| Some((at, all.get(at)?)));
    let Some((at, intent)) = found else {
        let like = like(id, all.iter().map(|intent| &*intent.id));
        let declined = model.intents.declined.as_deref().map(str::to_owned);
        return Err(QueryError::UnknownIntent { id: id.to_owned(), like, declined });
    };
    let number = u32::try_from(at).unwrap_or(u32::MAX);
    let bonds = Bonds::of(model);
    let leaning = |mut all: Vec<(u32, u32)>| {
        all.sort_by_key(|&(other, edges)| (std::cmp::Reverse(edges), other));
        let named =
            |(other, edges): (u32, u32)| Some(LeansOn { id: &model.intents.all.get(other as usize)?.id, edges });
        all.into_iter().filter_map(named).collect()
    };
    Ok(IntentAnswer {
        row: row(model, intent),
        place: number.saturating_add(1),
        symbols: intent.symbols.iter().map(|(file, name)| SymbolOf { name, path: model.path(*file) }).collect(),
        headings: intent.headings.iter().map(|(path, heading)| HeadingOf { heading, path }).collect(),
        entry_points: entries_of_intents(model).into_iter().nth(at).unwrap_or_default(),
        leans_on: leaning(bonds.from(number)),
        leaned_on_by: leaning(bonds.to(number)),
        edges_inside: intent.edges_inside,
        edges_outside: intent.edges_outside,
        not_known: model.intents.not_known(&model.run.mode),
    })
}

fn row<'m>(model: &'m Model, intent: &'m Intent) -> IntentRow<'m> {
    let component = |&id: &u32| model.components.all.get(id as usize).map(|component| &*component.id);
    IntentRow {
        id: &intent.id,
        name: &intent.name,
        files: u32::try_from(intent.files.len()).unwrap_or(u32::MAX),
        share: percent(intent.share),
        cohesion: intent.cohesion(),
        stability: intent.stable(),
        named_by: intent.fits(),
        confidence: intent.confidence(),
        terms: intent.terms.iter().map(|(word, _)| &**word).collect(),
        components: intent.components.iter().filter_map(component).collect(),
        paths: intent.files.iter().map(|file| model.path(*file)).collect(),
    }
}

/// How many pairs of files bind one intent to another.
pub(crate) struct Bonds(BTreeMap<(u32, u32), u32>);

impl Bonds {
    pub(crate) fn of(model: &Model) -> Self {
        let intent = |file: u32| model.intents.of_file.get(file as usize).copied().flatten();
        let mut edges: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for (from, to) in model.graph.depends_on.pairs() {
            if let Some(pair) = intent(from).zip(intent(to)).filter(|(from, to)| from != to) {
                *edges.entry(pair).or_default() += 1;
            }
        }
        Self(edges)
    }

    /// Which intents one leans on, in order.
    pub(crate) fn from(&self, intent: u32) -> Vec<(u32, u32)> {
        self.0.range((intent, 0)..=(intent, u32::MAX)).map(|((_, to), edges)| (*to, *edges)).collect()
    }

    fn to(&self, intent: u32) -> Vec<(u32, u32)> {
        self.0.iter().filter(|((_, to), _)| *to == intent).map(|((from, _), edges)| (*from, *edges)).collect()
    }
}

/// Where control comes into each intent.
pub(crate) fn entries_of_intents(model: &Model) -> Vec<Vec<EntryOf<'_>>> {
    let mut all = vec![Vec::new(); model.intents.all.len()];
    for (way, file, is_apart) in entries::ways(model) {
        let file = match &way {
            Way::Program(_, program) => model.find(&program.target),
            Way::Code(_) | Way::Library(..) => file,
        };
        let Some(file) = file.filter(|_| !is_apart) else { continue };
        let intent = model.intents.of_file.get(file as usize).copied().flatten();
        let Some(own) = intent.and_then(|intent| all.get_mut(intent as usize)) else { continue };
        let name = match &way {
            Way::Code(entry) => entry_label(entry),
            Way::Program(_, program) => program.name.to_string(),
            Way::Library(package, _) => package.name.to_string(),
        };
        own.push(EntryOf { kind: way.kind(), name, path: model.path(file) });
    }
    all
}

/// A share as percent with one decimal.
pub(crate) fn percent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

/// Two decimals.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl IntentsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = self.declined {
            return wrap(&format!("no intents: {}", clean(cause)), "  ");
        }
        let row = |(place, row): (usize, &IntentRow<'_>)| {
            vec![
                place.to_string(),
                clean(row.id),
                number(row.files.into()),
                format!("{:.1} %", row.share),
                row.cohesion.map_or_else(|| "-".to_owned(), |cohesion| format!("{cohesion} %")),
                format!("{} %", row.confidence),
            ]
        };
        let rows: Vec<Vec<String>> = (1..).zip(&self.intents).map(row).collect();
        let columns = [
            ("", Column::Right),
            ("intent", Column::Flexible),
            ("files", Column::Right),
            ("share", Column::Right),
            ("inside", Column::Right),
            ("sure", Column::Right),
        ];
        let mut out = if rows.is_empty() { String::new() } else { table(&columns, &rows) + "\n" };
        let unnamed: u32 = self.unnamed.values().sum();
        let line = format!(
            "{} for {} of {} of code that ship; other seeds find {:.0} % of it again",
            plural(self.intents.len() as u64, "intent"),
            number(u64::from(self.files - unnamed.min(self.files))),
            plural(self.files.into(), "file"),
            self.stability * 100.0,
        );
        out.push_str(&wrap(&line, "  "));
        if !rows.is_empty() {
            out.push_str(&wrap(
                "share is of lines and of use; inside are dependencies at its files that stay in it; sure is the lesser of \
                 how often it is found again and how much of it has a word of its name",
                "  ",
            ));
        }
        for (reason, files) in &self.unnamed {
            out.push_str(&wrap(
                &format!("without one: {} ({})", plural((*files).into(), "file"), reason.replace('_', " ")),
                "  ",
            ));
        }
        for sentence in &self.not_known {
            out.push_str(&wrap(&format!("not known: {}", clean(sentence)), "  "));
        }
        if let Some(first) = self.intents.first() {
            let written = writeln!(out, "next: codexa explain {}", clean(&crate::projections::quoted(first.id)));
            debug_assert!(written.is_ok(), "writing to a string cannot fail");
        }
        out
    }
}

impl IntentAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let row = &self.row;
        let mut out = wrap(&format!("{}: {}", clean(row.id), clean(&row.terms.join(", "))), "  ");
        let cohesion = row.cohesion.map_or_else(String::new, |cohesion| {
            let all = self.edges_inside + self.edges_outside;
            let dependencies = if all == 1 { "dependency" } else { "dependencies" };
            format!("; of {} {dependencies} at its files {cohesion} % stay inside", number(all.into()))
        });
        out.push_str(&wrap(
            &format!("{}, {:.1} % of all by lines and use{cohesion}", plural(row.files.into(), "file"), row.share),
            "  ",
        ));
        out.push_str(&wrap(
            &format!(
                "{} % sure: other seeds find {} % of it again, {} % of it has a word of its name",
                row.confidence, row.stability, row.named_by
            ),
            "  ",
        ));
        if row.files == 1 {
            out.push_str(&wrap("one large file that no group holds: a matter by itself", "  "));
        }
        let mut list = |heading: &str, rows: Vec<String>| {
            if rows.is_empty() {
                return;
            }
            out.push_str(&format!("\n{heading}\n"));
            for row in rows.iter().take(SHOWN) {
                out.push_str(&wrap(&format!("  {}", clean(row)), "    "));
            }
            out.push_str(&super::text::more(rows.len().min(SHOWN), rows.len(), "--format json has all"));
        };
        let strings = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        list("files, where to begin first", strings(&self.row.paths));
        list("used by others most", self.symbols.iter().map(|of| format!("{}  {}", of.name, of.path)).collect());
        list(
            "where control comes in",
            self.entry_points.iter().map(|of| format!("{}  {}  {}", of.kind, of.name, of.path)).collect(),
        );
        list(
            "headings that speak of it",
            self.headings.iter().map(|of| format!("{}  {}", of.heading, of.path)).collect(),
        );
        let leaning = |all: &[LeansOn<'_>]| {
            all.iter().map(|other| format!("{}  {}", other.id, plural(other.edges.into(), "file pair"))).collect()
        };
        list("leans on", leaning(&self.leans_on));
        list("leaned on by", leaning(&self.leaned_on_by));
        list("lies in", strings(&row.components));
        list("not known", self.not_known.clone());
        if let Some(first) = self.row.paths.first() {
            out.push_str(&format!("\nnext: codexa impact {}\n", clean(&crate::projections::quoted(first))));
        }
        out
    }
}
