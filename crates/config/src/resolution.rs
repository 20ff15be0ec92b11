//! From a directory, the command line and the environment to settings, each value with its origin.

use crate::chain::{self, Link};
use crate::check::{Departure, check, first_of_many};
use crate::environment;
use crate::lint;
use crate::merge::{Given, Layer, Origin, Resolved, document, lookup, merge};
use crate::options::{Flag, Options};
use crate::provenance::{self, Provenance};
use crate::schema::{self, View};
use crate::scope::Scope;
use crate::search::{self, FILE, FOLDER, Found, SearchError, Start};
use crate::settings::Settings;
use crate::source::Source;
use crate::yaml::Node;
use codexa_model::{Diagnostic, Severity};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What kind of configuration was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A project that inherits nothing from the control plane.
    ProjectOnly,
    /// No project; the control plane alone.
    GlobalOnly,
    /// A project that inherits from the control plane.
    Hybrid,
    /// Neither: built-in values.
    BuiltIn,
}

impl Kind {
    /// The word for it, as JSON has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProjectOnly => "project-only",
            Self::GlobalOnly => "global-only",
            Self::Hybrid => "hybrid",
            Self::BuiltIn => "built-in",
        }
    }
}

/// Everything that resolving found out.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// The project, or the directory that was asked for; absolute.
    pub root: PathBuf,
    /// What kind of configuration this is.
    pub kind: Kind,
    /// The settings; `None` when an error blocks.
    pub settings: Option<Settings>,
    /// Every value with its origin, by key.
    pub values: BTreeMap<String, Resolved>,
    /// The files that say something, weakest first.
    pub chain: Vec<Source>,
    /// Further files that diagnostics point into.
    pub others: Vec<Source>,
    /// What is wrong or odd, in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
    /// Hashes of what was inherited.
    pub provenance: Provenance,
}

impl Resolution {
    /// The heaviest diagnostic.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.severity).max()
    }

    /// The settings to run with.
    ///
    /// # Errors
    /// The blocking diagnostics.
    pub fn ready(&self) -> Result<&Settings, Vec<Diagnostic>> {
        self.settings
            .as_ref()
            .ok_or_else(|| self.diagnostics.iter().filter(|found| found.severity == Severity::Error).cloned().collect())
    }

    /// Every file that was read.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.chain.iter().chain(&self.others)
    }

    /// The text of a file that a diagnostic points into.
    #[must_use]
    pub fn source(&self, shown: &std::path::Path) -> Option<&str> {
        self.sources().find(|source| source.shown == shown).map(|source| source.text.as_str())
    }
}

/// Resolves settings and looks for everything that is wrong with them.
///
/// # Errors
/// Only when there is no directory to start from; all else is a diagnostic.
pub fn resolve(options: &Options) -> Result<Resolution, SearchError> {
    let found = search::find(options)?;
    let scope = Scope::new(&found.root, options);
    let schema = schema::settings();
    let mut diagnostics = Vec::new();

    let loaded = match &found.start {
        Start::BuiltIn => Err(Box::new(lint::nothing_found(&found.root))),
        Start::Project(file) | Start::Global(file) => lint::first_file(file, &scope, false),
        Start::Named(file) => lint::first_file(file, &scope, true),
    };
    let chain::Chain { links, diagnostics: broken } = match loaded {
        Ok(real) => chain::load(&real, &scope),
        Err(problem) => chain::Chain { diagnostics: vec![*problem], ..chain::Chain::default() },
    };
    diagnostics.extend(broken);
    let own = own_files(&found, &links);
    diagnostics.extend(check_files(&links, &own, &schema));
    let (variables, odd) = environment::read(&options.environment, &schema);
    diagnostics.extend(odd);
    let outer: Vec<(String, Given)> = variables.into_iter().chain(options.flags.iter().map(Flag::given)).collect();
    diagnostics.extend(outer.iter().flat_map(|(key, given)| check_alone(key, given, &schema)));
    let values = merge(layers(&links, &own, outer, &schema));

    let inherits_plane = links.iter().any(|link| link.in_plane);
    diagnostics.extend(lint::unused_overrides(&values));
    diagnostics.extend(lint::control_plane_version(&values, options, &links));
    let others = match &found.start {
        Start::Project(_) => {
            let whole = !links.is_empty() && links.iter().all(|link| link.is_yaml);
            lint::project_folder(&found.root, &scope, whole.then_some(&values), &mut diagnostics)
        }
        _ => Vec::new(),
    };
    let kind = match &found.start {
        Start::Project(_) | Start::Named(_) if inherits_plane => Kind::Hybrid,
        Start::Project(_) | Start::Named(_) => Kind::ProjectOnly,
        Start::Global(_) => Kind::GlobalOnly,
        Start::BuiltIn => Kind::BuiltIn,
    };
    let blocked = diagnostics.iter().any(|found| found.severity == Severity::Error);
    let merged = document(&values);
    let settings = if blocked {
        None
    } else {
        serde_json::from_value::<Settings>(integral(merged.clone()))
            .map_err(|error| {
                diagnostics.push(Diagnostic::error("CONFIG_SCHEMA", format!("the settings do not fit: {error}")))
            })
            .ok()
    };
    let plane = options.control_plane().filter(|_| inherits_plane);
    let provenance = provenance::of(&links, plane.as_deref(), &merged);
    let chain = links.into_iter().map(|link| link.source).collect();
    Ok(Resolution { root: found.root, kind, settings, values, chain, others, diagnostics, provenance })
}

/// The document with numbers such as `2.0` as the integers that they are, as JSON Schema has it.
fn integral(mut document: Value) -> Value {
    match &mut document {
        Value::Array(values) => values.iter_mut().for_each(|value| *value = integral(value.take())),
        Value::Object(map) => map.values_mut().for_each(|value| *value = integral(value.take())),
        Value::Number(number) => {
            // Beyond this, not every integer has a floating point number of its own.
            const EXACT: f64 = 9_007_199_254_740_992.0;
            let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT);
            if let Some(integer) = float.and_then(|float| format!("{float:.0}").parse::<i64>().ok()) {
                *number = integer.into();
            }
        }
        _ => {}
    }
    document
}

/// Which files of the chain are the project's own and may say who it is: the first one, and `.codexa/config.yaml` where
/// that is extended by a file from `--config`.
fn own_files(found: &Found, links: &[Link]) -> Vec<bool> {
    let of_project = matches!(found.start, Start::Project(_) | Start::Named(_));
    let file = folder(&found.root).join(FILE);
    let first = links.len().saturating_sub(1);
    links.iter().enumerate().map(|(index, link)| of_project && (index == first || link.source.path == file)).collect()
}

fn check_files(links: &[Link], own: &[bool], schema: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (link, own) in links.iter().zip(own) {
        let mut departures = check(&link.tree, schema);
        departures.extend(first_of_many(lint::values(&link.tree)));
        if !own {
            departures.extend(lint::not_inheritable(&link.tree));
        }
        found.extend(departures.into_iter().map(|departure| in_file(&link.source, departure)));
    }
    let own_links: Vec<&Link> = links.iter().zip(own).filter(|(_, own)| **own).map(|(link, _)| link).collect();
    if let Some(last) = own_links.last()
        && own_links.iter().all(|link| link.is_yaml)
        && !own_links.iter().any(|link| lookup(&link.tree, "project.id").is_some())
    {
        found.push(in_file(&last.source, lint::missing_id(&last.tree)));
    }
    found
}

/// Checks one value from outside the files.
fn check_alone(key: &str, given: &Given, schema: &Value) -> Vec<Diagnostic> {
    let tree = Node::from_json(&document(&merge([vec![(key.to_owned(), given.clone())]])));
    let departures = check(&tree, schema).into_iter().chain(lint::values(&tree));
    departures.map(|departure| outside_files(&given.origin, departure)).collect()
}

/// All layers, weakest first.
fn layers(links: &[Link], own: &[bool], outer: Layer, schema: &Value) -> Vec<Layer> {
    let built_in = Node::from_json(&serde_json::to_value(Settings::default()).unwrap_or_default());
    let mut layers = vec![layer(&built_in, schema, true, |_| Origin::BuiltIn)];
    for (link, own) in links.iter().zip(own) {
        layers.push(layer(&link.tree, schema, *own, |span| Origin::File {
            file: link.source.shown.clone(),
            line: span.line,
            column: span.column,
        }));
    }
    layers.push(outer);
    layers
}

/// What a tree says, leaf by leaf. What only a project's own file may say is left out of the others.
fn layer(tree: &Node, schema: &Value, own: bool, origin: impl Fn(crate::yaml::Span) -> Origin) -> Layer {
    View::new(schema)
        .leaves()
        .into_iter()
        .filter(|(key, _)| own || !lint::is_own(key))
        .filter_map(|(key, _)| {
            let (node, span) = lookup(tree, &key)?;
            Some((key, Given { value: node.to_json(), origin: origin(span) }))
        })
        .collect()
}

fn in_file(source: &Source, departure: Departure) -> Diagnostic {
    let problem = Diagnostic {
        code: departure.code.to_owned(),
        severity: departure.severity,
        message: departure.message,
        location: Some(chain::location(source, departure.span, departure.label)),
        help: None,
    };
    match problem.code.as_str() {
        "CONFIG_UNKNOWN_KEY" => problem.with_help("see `codexa schema config`, or remove the line"),
        _ => problem,
    }
}

fn outside_files(origin: &Origin, departure: Departure) -> Diagnostic {
    let problem = Diagnostic::error(departure.code, format!("{origin}: {}", departure.message));
    match departure.label {
        Some(label) => problem.with_help(label),
        None => problem,
    }
}

/// Where the tracked files of a project lie.
#[must_use]
pub fn folder(root: &std::path::Path) -> PathBuf {
    root.join(FOLDER)
}
