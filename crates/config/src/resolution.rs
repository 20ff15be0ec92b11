//! From a directory, the command line and the environment to settings, each value with its origin.

use crate::chain::{self, Link};
use crate::check::{Departure, check};
use crate::environment;
use crate::lint;
use crate::merge::{Given, Layer, Origin, Resolved, document, lookup, merge};
use crate::options::Options;
use crate::provenance::{self, Provenance};
use crate::schema::{View, config_schema};
use crate::scope::Scope;
use crate::search::{self, FOLDER, SearchError, Start};
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
    /// The files, weakest first.
    pub chain: Vec<Source>,
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

    /// The text of a file that a diagnostic points into.
    #[must_use]
    pub fn source(&self, shown: &std::path::Path) -> Option<&str> {
        self.chain.iter().find(|source| source.shown == shown).map(|source| source.text.as_str())
    }
}

/// Resolves settings and looks for everything that is wrong with them.
///
/// # Errors
/// Only when there is no directory to start from; all else is a diagnostic.
pub fn resolve(options: &Options) -> Result<Resolution, SearchError> {
    let found = search::find(options)?;
    let scope = Scope::new(&found.root, options);
    let schema = config_schema();
    let mut diagnostics = Vec::new();

    let links = match &found.start {
        Start::BuiltIn => {
            diagnostics.push(lint::nothing_found(&found.root));
            Vec::new()
        }
        Start::Project(file) | Start::Named(file) | Start::Global(file) => {
            let named = matches!(found.start, Start::Named(_));
            match lint::first_file(file, &scope, named) {
                Ok(real) => {
                    let chain = chain::load(&real, &scope);
                    diagnostics.extend(chain.diagnostics);
                    chain.links
                }
                Err(problem) => {
                    diagnostics.push(problem);
                    Vec::new()
                }
            }
        }
    };
    let own = matches!(found.start, Start::Project(_) | Start::Named(_));
    for (index, link) in links.iter().enumerate() {
        let inherited = index + 1 < links.len() || !own;
        let departures = check(&link.tree, &schema).into_iter().chain(lint::values(&link.tree));
        let departures = departures.chain(lint::keys_of_projects(&link.tree, inherited));
        diagnostics.extend(departures.map(|departure| in_file(&link.source, departure)));
    }

    let (variables, odd) = environment::read(&options.environment, &schema);
    diagnostics.extend(odd);
    let mut outer = Vec::new();
    for variable in variables {
        outer.push((Origin::Variable { name: variable.name }, variable.key, variable.value));
    }
    for flag in &options.flags {
        outer.push((Origin::Flag { name: flag.name.clone() }, flag.key.clone(), flag.value.clone()));
    }
    for (origin, key, value) in &outer {
        let alone = merge([vec![(key.clone(), Given { value: value.clone(), origin: origin.clone() })]]);
        let tree = Node::from_json(&document(&alone));
        let departures = check(&tree, &schema).into_iter().chain(lint::values(&tree));
        diagnostics.extend(departures.map(|departure| outside_files(origin, departure)));
    }

    let built_in = Node::from_json(&serde_json::to_value(Settings::default()).unwrap_or_default());
    let mut layers = vec![layer(&built_in, &schema, true, |_| Origin::BuiltIn)];
    for (index, link) in links.iter().enumerate() {
        let first = index + 1 == links.len();
        layers.push(layer(&link.tree, &schema, first, |span| Origin::File {
            file: link.source.shown.clone(),
            line: span.line,
            column: span.column,
        }));
    }
    layers.extend(outer.into_iter().map(|(origin, key, value)| vec![(key, Given { value, origin })]));
    let values = merge(layers);

    let inherits_plane = links.iter().any(|link| link.in_plane);
    diagnostics.extend(lint::unused_overrides(&values));
    diagnostics.extend(lint::control_plane_version(&values, options, &links));
    let metadata = matches!(found.start, Start::Project(_))
        .then(|| lint::project_folder(&found.root, &scope, &values, &mut diagnostics))
        .flatten();
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
        serde_json::from_value::<Settings>(merged.clone())
            .map_err(|error| {
                diagnostics.push(Diagnostic::error("CONFIG_SCHEMA", format!("the settings do not fit: {error}")))
            })
            .ok()
    };
    let plane = options.control_plane().filter(|_| inherits_plane);
    let provenance = provenance::of(&links, plane.as_deref(), &merged);
    let mut chain: Vec<Source> = links.into_iter().map(|link: Link| link.source).collect();
    chain.extend(metadata);
    Ok(Resolution { root: found.root, kind, settings, values, chain, diagnostics, provenance })
}

/// What a tree says, leaf by leaf. What only the first file may say is left out of the others.
fn layer(tree: &Node, schema: &Value, first: bool, origin: impl Fn(crate::yaml::Span) -> Origin) -> Layer {
    View::new(schema)
        .leaves()
        .into_iter()
        .filter(|(key, _)| first || !lint::is_own(key))
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
