//! `codexa show …`: parts of the model.

use super::stored::{answer, stored};
use crate::cli::Globals;
use crate::failure::Exit;
use crate::output::Ui;
use clap::{Args, Subcommand};
use codexa_discovery::query::{
    ComponentsAnswer, ContactFilter, ContactsAnswer, CoverageAnswer, DependenciesAnswer, EdgeFilter, EdgesAnswer,
    EntryPointFilter, EntryPointsAnswer, SymbolFilter, SymbolsAnswer, components, contacts, coverage, dependencies,
    edges, entry_points, symbols,
};

/// What can be shown.
#[derive(Debug, Subcommand)]
pub enum What {
    /// The parts, what each is made of and leans on
    Components,
    /// Names that files define, the most used first
    Symbols(Symbols),
    /// Relations between files
    Edges(Edges),
    /// Where control comes in: mains, commands, routes, jobs
    EntryPoints(EntryPoints),
    /// Where it reaches outside: databases, networks, files, other programs
    Contacts(Contacts),
    /// What is needed from outside, and by whom
    Dependencies(Dependencies),
    /// What is known, and what is not
    Coverage,
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
    /// Only this kind: depends_on
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only from this file or folder
    #[arg(long, value_name = "PATH")]
    from: Option<String>,
    /// Only to this file or folder
    #[arg(long, value_name = "PATH")]
    to: Option<String>,
    /// Only relations that are at least this sure, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0)]
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

answer!(ComponentsShown, ComponentsAnswer, "show-components");
answer!(SymbolsShown, SymbolsAnswer<'m>, "show-symbols");
answer!(EdgesShown, EdgesAnswer<'m>, "show-edges");
answer!(EntryPointsShown, EntryPointsAnswer<'m>, "show-entry-points");
answer!(ContactsShown, ContactsAnswer<'m>, "show-contacts");
answer!(DependenciesShown, DependenciesAnswer<'m>, "show-dependencies");
answer!(CoverageShown, CoverageAnswer<'m>, "show-coverage");

pub(super) fn run(what: &What, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let (project, stored) = stored(globals)?;
    let model = &stored.model;
    match what {
        What::Components => ui.answer(&ComponentsShown::new(components(model)))?,
        What::Symbols(of) => {
            let filter = SymbolFilter {
                from: of.from.clone(),
                name: of.name.clone(),
                kind: of.kind.clone(),
                with_tests: of.with_tests,
                with_private: of.with_private,
            };
            ui.answer(&SymbolsShown::new(symbols(model, &stored.symbols(&project), &filter)?))?;
        }
        What::Edges(of) => {
            let filter = EdgeFilter {
                kind: of.kind.clone(),
                from: of.from.clone(),
                to: of.to.clone(),
                min_confidence: of.min_confidence,
            };
            ui.answer(&EdgesShown::new(edges(model, &filter)?))?;
        }
        What::EntryPoints(of) => {
            let filter =
                EntryPointFilter { from: of.from.clone(), with_tests: of.with_tests, with_examples: of.with_examples };
            ui.answer(&EntryPointsShown::new(entry_points(model, &filter)?))?;
        }
        What::Contacts(of) => {
            let filter = ContactFilter {
                kind: of.kind.clone(),
                from: of.from.clone(),
                with_tests: of.with_tests,
                with_examples: of.with_examples,
            };
            ui.answer(&ContactsShown::new(contacts(model, &filter)?))?;
        }
        What::Dependencies(of) => ui.answer(&DependenciesShown::new(dependencies(model, of.all)))?,
        What::Coverage => ui.answer(&CoverageShown::new(coverage(model)))?,
    }
    Ok(Exit::Well)
}
