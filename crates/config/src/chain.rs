//! The files that settings come from: the first one and everything that `extends` leads to, weakest first.
//!
//! What a file extends comes before it; of several, later ones win. A file that is reached twice counts once, at its
//! first (weakest) place, so that a shared base never overrides what builds on it.

use crate::check::MAX_DEPARTURES;
use crate::scope::{Refusal, Scope};
use crate::source::{ReadError, Source, read_text};
use crate::yaml::{self, Budget, Data, Node, Span};
use codexa_model::{Diagnostic, Location};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Files in one chain at most; each is bounded by [`Budget::SETTINGS`].
const MAX_FILES: usize = 32;

/// One file of the chain.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) source: Source,
    /// The same name on every machine.
    pub(crate) name: String,
    /// What it says; nothing where it is not YAML.
    pub(crate) tree: Node,
    pub(crate) in_plane: bool,
    /// Whether it could be read as YAML.
    pub(crate) is_yaml: bool,
}

/// The chain, and what was wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    pub(crate) links: Vec<Link>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Loads a file and what it extends. `first` has its symbolic links resolved.
pub(crate) fn load(first: &Path, scope: &Scope) -> Chain {
    let mut loader = Loader { scope, chain: Chain::default(), open: Vec::new(), seen: 0 };
    loader.file(first, None);
    loader.chain.diagnostics = first_of_many(loader.chain.diagnostics);
    loader.chain
}

/// The first 50 problems with `extends`, and how many more there are: more help nobody.
pub(crate) fn first_of_many(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let more = problems.split_off(problems.len().min(MAX_DEPARTURES));
    if let Some(first) = more.first() {
        let message = format!("{} more problems with what `extends` names", more.len());
        problems.push(Diagnostic { message, help: None, ..first.clone() });
    }
    problems
}

/// Every name of `extends` in a file, with its place.
pub(crate) fn extended(tree: &Node) -> Vec<(&str, Span)> {
    let Some(entry) = tree.entry("extends") else { return Vec::new() };
    let nodes = match &entry.node.data {
        Data::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    };
    nodes
        .iter()
        .filter_map(|node| match &node.data {
            Data::Scalar { value: Value::String(name), .. } => Some((name.as_str(), node.span)),
            _ => None,
        })
        .collect()
}

struct Loader<'s> {
    scope: &'s Scope,
    chain: Chain,
    /// The files that lead to the current one.
    open: Vec<PathBuf>,
    seen: usize,
}

impl Loader<'_> {
    fn file(&mut self, path: &Path, from: Option<(&Source, Span)>) {
        if self.chain.links.iter().any(|link| link.source.path == path) {
            return;
        }
        self.seen += 1;
        if self.seen > MAX_FILES + 1 {
            return;
        }
        if self.seen > MAX_FILES {
            let problem =
                Diagnostic::error("CONFIG_EXTENDS_CHAIN", format!("more than {MAX_FILES} files extend one another"));
            return self.chain.diagnostics.push(place(problem, from, None));
        }
        let source = match read_text(path, self.scope.shown(path), Budget::SETTINGS.bytes as u64) {
            Ok(source) => source,
            Err(error) => return self.chain.diagnostics.push(unreadable(&self.scope.shown(path), &error, from)),
        };
        let (tree, is_yaml) = match yaml::parse(&source.text, Budget::SETTINGS) {
            Ok(tree) => (tree, true),
            Err(error) => {
                self.chain.diagnostics.push(not_yaml(&source, &error));
                // It still is a file of the chain, with its hash.
                (Node::from_json(&Value::Object(serde_json::Map::new())), false)
            }
        };
        self.open.push(path.to_owned());
        for (name, span) in extended(&tree) {
            self.follow(name, &source, span);
        }
        self.open.pop();
        let (name, in_plane) = (self.scope.name(path), self.scope.in_plane(path));
        self.chain.links.push(Link { source, name, tree, in_plane, is_yaml });
    }

    fn follow(&mut self, name: &str, source: &Source, span: Span) {
        let from = Some((source, span));
        match self.scope.locate(name, &source.path) {
            Ok(path) if self.open.contains(&path) => {
                let problem =
                    Diagnostic::error("CONFIG_EXTENDS_CYCLE", format!("`extends` leads back: {}", self.cycle(&path)));
                self.chain.diagnostics.push(place(problem, from, Some("closes the circle".to_owned())));
            }
            Ok(path) => self.file(&path, from),
            Err(refusal) => self.chain.diagnostics.push(refused(name, &refusal, from)),
        }
    }

    fn cycle(&self, back: &Path) -> String {
        let names = self.open.iter().skip_while(|path| *path != back).map(PathBuf::as_path).chain([back]);
        names.map(|path| self.scope.name(path)).collect::<Vec<_>>().join(" -> ")
    }
}

/// Why a name in `extends` was not followed.
pub(crate) fn refused(name: &str, refusal: &Refusal, from: Option<(&Source, Span)>) -> Diagnostic {
    let problem = match refusal {
        Refusal::Outside => Diagnostic::error(
            "CONFIG_EXTENDS_OUTSIDE",
            format!("`{name}` leads outside the project and the control plane"),
        )
        .with_help("move the file into the project, or write `control-plane:PATH` for one of the control plane"),
        Refusal::Missing => {
            Diagnostic::error("CONFIG_EXTENDS_NOT_FOUND", format!("there is no file `{name}` to extend")).with_help(
                if name.starts_with("control-plane") || name.starts_with('~') {
                    "`codexa control-plane status` shows what there is; `codexa control-plane init` makes one"
                } else {
                    "names are relative to the file that holds them"
                },
            )
        }
        Refusal::NoHome => {
            Diagnostic::error("CONFIG_EXTENDS_NOT_FOUND", format!("`{name}` needs HOME to be an absolute path"))
        }
    };
    place(problem, from, None)
}

pub(crate) fn unreadable(shown: &Path, error: &ReadError, from: Option<(&Source, Span)>) -> Diagnostic {
    let (code, help) = match error {
        _ if error.is_missing() => ("CONFIG_NOT_FOUND", "it was there a moment ago; run this again"),
        ReadError::Io(_) => ("CONFIG_UNREADABLE", "give this user read access to it"),
        ReadError::NotRegular => ("CONFIG_UNREADABLE", "put a regular file there"),
        ReadError::TooLarge(_) => ("CONFIG_UNREADABLE", "settings are short; move what is not settings elsewhere"),
        ReadError::NotUtf8(_) => ("CONFIG_UNREADABLE", "write it as UTF-8"),
    };
    let problem = Diagnostic::error(code, format!("`{}` cannot be read: {error}", shown.display())).with_help(help);
    place(problem, from, None)
}

pub(crate) fn not_yaml(source: &Source, error: &yaml::YamlError) -> Diagnostic {
    let location = location(source, error.span, None);
    Diagnostic::error("CONFIG_SYNTAX", format!("this is not YAML that can be read: {error}")).at(location)
}

pub(crate) fn place(problem: Diagnostic, from: Option<(&Source, Span)>, label: Option<String>) -> Diagnostic {
    match from {
        Some((source, span)) => problem.at(location(source, span, label)),
        None => problem,
    }
}

pub(crate) fn location(source: &Source, span: Span, label: Option<String>) -> Location {
    Location { file: source.shown.clone(), line: span.line, column: span.column, length: span.length, label }
}
