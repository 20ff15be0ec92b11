//! `codexa show …`: parts of the model.

use super::here::Here;
use super::stored::{Asked, answer};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::output::Ui;
use clap::{Args, Subcommand};
use codexa_discovery::query::{
    ComponentsAnswer, ContactFilter, ContactsAnswer, CouplingsAnswer, CoverageAnswer, DependenciesAnswer, EdgeFilter,
    EdgesAnswer, EntryPointFilter, EntryPointsAnswer, HotspotsAnswer, IntentsAnswer, OwnersAnswer, RisksAnswer,
    SymbolFilter, SymbolsAnswer, TestFilter, TestsAnswer, ZonesAnswer, components, contacts, couplings, coverage,
    dependencies, edges, entry_points, hotspots, intents, owners, risks, symbols, tests, zones,
};
use std::collections::BTreeSet;

/// What can be shown.
#[derive(Debug, Subcommand)]
pub enum What {
    /// The parts, what each is made of and leans on
    Components,
    /// What the code is for: files that belong together, with what names them
    Intents,
    /// Names that files define, the most used first
    Symbols(Symbols),
    /// Relations between files
    Edges(Edges),
    /// Where control comes in: mains, commands, routes, jobs, APIs that packages export
    EntryPoints(EntryPoints),
    /// Where it reaches outside: databases, networks, files, other programs
    Contacts(Contacts),
    /// What is needed from outside, and by whom
    Dependencies(Dependencies),
    /// Files to look at first, by their past
    Hotspots(Hotspots),
    /// Parts worth changing, ranked, with how safe a change there is
    Zones,
    /// Who knows what, as far as commits tell
    Owners,
    /// Files that change together
    Couplings(Couplings),
    /// Which tests reach which code, how that is known, and what no test is seen to reach
    Tests(Tests),
    /// What to know before trusting or changing it, and what to do next
    Risks,
    /// What is known, and what is not
    Coverage,
    /// What a person must say; the same as `codexa followups`
    Followups,
}

/// Which symbols.
#[derive(Debug, Args)]
pub struct Symbols {
    /// Only symbols of this file or folder
    #[arg(long, value_name = "PATH")]
    from: Option<String>,
    /// Only symbols of this name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Only this kind: class, function, method, …
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Symbols of tests as well
    #[arg(long)]
    with_tests: bool,
    /// Symbols that not everyone may use as well
    #[arg(long)]
    with_private: bool,
}

/// Which relations.
#[derive(Debug, Args)]
pub struct Edges {
    /// This kind: depends_on, tested_by [default: depends_on]
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only from this file or folder
    #[arg(long, value_name = "PATH")]
    from: Option<String>,
    /// Only to this file or folder
    #[arg(long, value_name = "PATH")]
    to: Option<String>,
    /// Only relations that are at least this sure, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    min_confidence: u8,
}

/// Which entry points.
#[derive(Debug, Args)]
pub struct EntryPoints {
    /// Only of this file or folder
    #[arg(long, value_name = "PATH")]
    from: Option<String>,
    /// Those that tests define as well
    #[arg(long)]
    with_tests: bool,
    /// Those of examples, benchmarks and documents as well
    #[arg(long)]
    with_examples: bool,
}

/// Which outside contacts.
#[derive(Debug, Args)]
pub struct Contacts {
    /// Only this kind: cache, database, environment, filesystem, message_bus, network, subprocess
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only of this file or folder
    #[arg(long, value_name = "PATH")]
    from: Option<String>,
    /// Those of tests as well
    #[arg(long)]
    with_tests: bool,
    /// Those of examples, benchmarks and documents as well
    #[arg(long)]
    with_examples: bool,
}

/// Which dependencies.
#[derive(Debug, Args)]
pub struct Dependencies {
    /// Those that only lock files name as well
    #[arg(long)]
    all: bool,
}

/// Which hotspots.
#[derive(Debug, Args)]
pub struct Hotspots {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// Which couplings.
#[derive(Debug, Args)]
pub struct Couplings {
    /// Only of this file or folder
    #[arg(long, value_name = "PATH")]
    from: Option<String>,
    /// Documents, settings and data as well
    #[arg(long)]
    all: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// Which code.
#[derive(Debug, Args)]
pub struct Tests {
    /// Only of this file, folder or component (`c:…`); of a test, what it reaches
    #[arg(long, value_name = "PATH")]
    from: Option<String>,
    /// Only what no test is seen to reach
    #[arg(long)]
    untested: bool,
}

answer!(ComponentsShown, ComponentsAnswer, "show-components");
answer!(IntentsShown, IntentsAnswer<'m>, "show-intents");
answer!(SymbolsShown, SymbolsAnswer<'m>, "show-symbols");
answer!(EdgesShown, EdgesAnswer<'m>, "show-edges");
answer!(EntryPointsShown, EntryPointsAnswer<'m>, "show-entry-points");
answer!(ContactsShown, ContactsAnswer<'m>, "show-contacts");
answer!(DependenciesShown, DependenciesAnswer<'m>, "show-dependencies");
answer!(HotspotsShown, HotspotsAnswer<'m>, "show-hotspots");
answer!(ZonesShown, ZonesAnswer<'m>, "show-zones");
answer!(OwnersShown, OwnersAnswer<'m>, "show-owners");
answer!(CouplingsShown, CouplingsAnswer<'m>, "show-couplings");
answer!(TestsShown, TestsAnswer<'m>, "show-tests");
answer!(RisksShown, RisksAnswer, "show-risks");
answer!(CoverageShown, CoverageAnswer<'m>, "show-coverage");

pub(super) fn run(what: &What, globals: &Globals, ui: &Ui) -> crate::Outcome {
    if matches!(what, What::Followups) {
        return super::followup::list::run(globals, ui);
    }
    let asked = Asked::with_remark(globals, ui)?;
    let (project, stored) = (&asked.project, &asked.stored);
    let model = &stored.model;
    let here = Here::new(project, globals)?;
    let place = |path: &Option<String>| path.as_deref().map(|path| here.place(path));
    match what {
        What::Components => asked.answer(ui, &ComponentsShown::new(components(model)))?,
        What::Intents => asked.answer(ui, &IntentsShown::new(intents(model)))?,
        What::Symbols(of) => {
            let filter = SymbolFilter {
                from: place(&of.from),
                name: of.name.clone(),
                kind: of.kind.clone(),
                with_tests: of.with_tests,
                with_private: of.with_private,
            };
            let tables = stored.symbols(project);
            let answer = symbols(model, &tables, &filter)?;
            if let Some(kind) = of.kind.as_deref().filter(|_| answer.symbols.is_empty()) {
                let all = SymbolFilter { with_tests: true, with_private: true, ..SymbolFilter::default() };
                known_kind(kind, &symbols(model, &tables, &all)?)?;
            }
            asked.answer(ui, &SymbolsShown::new(answer))?;
        }
        What::Edges(of) => {
            let filter = EdgeFilter {
                kind: of.kind.clone(),
                from: place(&of.from),
                to: place(&of.to),
                min_confidence: of.min_confidence,
            };
            asked.answer(ui, &EdgesShown::new(edges(model, &filter)?))?;
        }
        What::EntryPoints(of) => {
            let filter =
                EntryPointFilter { from: place(&of.from), with_tests: of.with_tests, with_examples: of.with_examples };
            asked.answer(ui, &EntryPointsShown::new(entry_points(model, &filter)?))?;
        }
        What::Contacts(of) => {
            let filter = ContactFilter {
                kind: of.kind.clone(),
                from: place(&of.from),
                with_tests: of.with_tests,
                with_examples: of.with_examples,
            };
            asked.answer(ui, &ContactsShown::new(contacts(model, &filter)?))?;
        }
        What::Dependencies(of) => asked.answer(ui, &DependenciesShown::new(dependencies(model, of.all)))?,
        What::Hotspots(of) => asked.answer(ui, &HotspotsShown::new(hotspots(model, of.limit)))?,
        What::Zones => asked.answer(ui, &ZonesShown::new(zones(model)))?,
        What::Owners => asked.answer(ui, &OwnersShown::new(owners(model)))?,
        What::Couplings(of) => {
            let from = place(&of.from);
            asked.answer(ui, &CouplingsShown::new(couplings(model, from.as_deref(), of.all, of.limit)?))?;
        }
        What::Tests(of) => {
            let is_component = |from: &&String| from.starts_with("c:");
            let from = of.from.clone().filter(|from| is_component(&from)).or_else(|| place(&of.from));
            let filter = TestFilter { from, untested: of.untested };
            asked.answer(ui, &TestsShown::new(tests(model, &filter)?))?;
        }
        What::Risks => asked.answer(ui, &RisksShown::new(risks(model)))?,
        What::Coverage => asked.answer(ui, &CoverageShown::new(coverage(model)))?,
        What::Followups => {}
    }
    Ok(Exit::Well)
}

/// Tells a kind of which nothing is asked for from one that there is not.
fn known_kind(kind: &str, all: &SymbolsAnswer<'_>) -> Result<(), Failure> {
    let kinds: BTreeSet<&str> = all.symbols.iter().map(|symbol| symbol.kind).collect();
    if kinds.contains(kind) || kinds.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
    Err(Failure::blocked("QUERY_KIND_UNKNOWN", format!("`{kind}` is not a kind of symbol in this model"))
        .with_help(format!("this model has {}", names.join(", "))))
}
