//! What a file does towards the outside: where control comes in (entry points) and where it reaches out (contacts).
//!
//! One table of rules per language under [`rules`], one matcher for all of them. A rule matches a call or an annotation by
//! what its name is bound to: `get` counts as network only where its receiver leads to an import of a known library.
//! Nothing is inferred from a bare common name.

mod bindings;
mod clap;
mod exports;
mod http;
mod index;
mod inflection;
mod laravel;
mod mains;
mod matcher;
pub(crate) mod mounting;
mod place;
mod places;
mod rails;
mod rake;
mod registering;
mod ruby;
mod rule;
mod rules;
mod uses;

#[cfg(test)]
mod cases;

use codexa_model::Language;
use codexa_model::facts::{Facts, SymbolIndex};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Entry points and contacts of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behaviour {
    /// Where control comes in, sorted by line.
    pub entry_points: Vec<EntryPoint>,
    /// Where the file reaches outside, sorted by line; one per (line, kind, detail).
    pub contacts: Vec<Contact>,
    /// Where routers are put below a path, and groups of commands below another, in source order.
    pub mounts: Vec<Mount>,
    /// Names of routers that were made with a path of their own, and that path.
    pub prefixes: Vec<(Box<str>, Box<str>)>,
    /// Names of groups of commands, and what people type for them where they are put below another without a name.
    pub groups: Vec<(Box<str>, Box<str>)>,
}

/// A call that puts a router's routes below a path (`app.include_router(users.router, prefix="/users")`), or a group's
/// commands below another group (`app.add_typer(users.app, name="users")`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// What is mounted: routes or commands.
    pub kind: EntryKind,
    /// Whose.
    pub router: RouterRef,
    /// What the name can be of.
    pub held: Held,
    /// The path, without a `/` at its end, or the word before commands; may be empty, where what it is mounted on stands
    /// below one.
    pub prefix: Box<str>,
    /// Whether it replaces the one that the router or the group was made with (Flask's `register_blueprint`).
    pub replaces: bool,
    /// Whether the path is computed, so that what is known of it is not all.
    pub is_computed: bool,
    /// What it is mounted on.
    pub on: Registrar,
    /// Line of the call.
    pub line: u32,
}

/// What a router's name can be of, where the language tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// Anything.
    Anywhere,
    /// A variable of the function that mounts it.
    Variable,
    /// A function that gives or is it.
    Function,
}

/// A router, as a file names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RouterRef {
    /// By a path of names: `users.router`, `users::router`, `bp`.
    Name(Box<str>),
    /// By the module that holds it: `require('./users')`, `include('polls.urls')`.
    Module(Box<str>),
}

/// Where in its file a route, a command or a router is registered: what others have to name to mount it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrar {
    /// The name that it is registered on.
    pub name: Option<Box<str>>,
    /// The function that registers it, or that is registered.
    pub function: Option<Box<str>>,
}

/// How sure a route is at most that stands below a path which only running the code would tell.
const COMPUTED: u8 = 60;

/// A place where control comes into the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPoint {
    /// What calls it.
    pub kind: EntryKind,
    /// The function or type that answers; a command's own name where its framework gives it one, and the command's or
    /// the route's name where what answers is not a symbol of this file.
    pub name: Box<str>,
    /// HTTP method in upper case, for routes that name one; several are joined by `,`.
    pub method: Option<Box<str>>,
    /// The route's path as written, below those that its class, its router and what its router is mounted on declare.
    pub path: Option<Box<str>>,
    /// Where a route or a command is registered.
    pub registrar: Registrar,
    /// The symbol that answers (annotated entry points) or that registers it (called ones).
    pub symbol: Option<SymbolIndex>,
    /// Line of the annotation, call or definition.
    pub line: u32,
    /// The rule that found it, `language.rule`.
    pub origin: Cow<'static, str>,
    /// How sure the rule is, in percent.
    pub confidence: u8,
}

impl EntryPoint {
    /// One that is no route.
    fn new(
        kind: EntryKind,
        name: impl Into<Box<str>>,
        symbol: Option<SymbolIndex>,
        line: u32,
        (origin, confidence): (&'static str, u8),
    ) -> Self {
        Self {
            kind,
            name: name.into(),
            method: None,
            path: None,
            registrar: Registrar::default(),
            symbol,
            line,
            origin: origin.into(),
            confidence,
        }
    }
}

/// What calls an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The operating system starts it.
    Main,
    /// A person or a script, as a command.
    CliCommand,
    /// A web client.
    HttpRoute,
    /// A scheduler or a queue of jobs.
    Job,
    /// A message or an event.
    EventHandler,
    /// Foreign code, over a boundary that the language itself does not show (a C ABI, a native extension).
    ExportedApi,
}

/// A place where the file reaches outside its process or into its environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What it reaches.
    pub kind: ContactKind,
    /// The callee as written.
    pub detail: Box<str>,
    /// The first argument, where it is a plain string literal.
    pub literal: Option<Box<str>>,
    /// The symbol it stands in.
    pub symbol: Option<SymbolIndex>,
    /// Line of the call.
    pub line: u32,
    /// The rule that found it, `language.rule`.
    pub origin: Cow<'static, str>,
    /// How sure the rule is, in percent.
    pub confidence: u8,
}

/// What a contact reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A database.
    Database,
    /// Another machine.
    Network,
    /// Files and folders.
    Filesystem,
    /// Environment variables and what else the environment sets.
    Environment,
    /// Another program.
    Subprocess,
    /// A broker of messages.
    MessageBus,
    /// A cache shared with other processes.
    Cache,
}

/// Entry points and contacts of one file: a pure function of its path and facts.
#[must_use]
pub fn of_file(path: &str, facts: &Facts) -> Behaviour {
    let mut found = matcher::Matcher::new(path, facts, rules::index(facts.language)).run();
    found.entry_points.extend(mains::find(path, facts));
    match facts.language {
        Language::Ruby => {
            found.entry_points.extend(rails::find(path, facts));
            found.entry_points.extend(rake::find(path, facts));
        }
        Language::Rust => found.entry_points.extend(clap::find(facts)),
        _ => {}
    }
    found.entry_points.extend(exports::find(facts));
    found.contacts.extend(uses::contacts(facts));
    for entry in places::find(path, facts).into_iter().chain(uses::entries(facts)) {
        // What a framework is told of a class says more than where it lies and what it extends.
        let is_known = found.entry_points.iter().any(|known| known.symbol == entry.symbol);
        if entry.symbol.is_none() || !is_known {
            found.entry_points.push(entry);
        }
    }
    found.entry_points.sort_by(|a, b| order(a).cmp(&order(b)));
    found.entry_points.dedup_by(|next, kept| order(next) == order(kept));
    let key = |contact: &Contact| (contact.line, contact.kind, contact.detail.clone());
    found.contacts.sort_by_cached_key(key);
    found.contacts.dedup_by(|next, kept| key(next) == key(kept));
    found
}

/// What makes an entry point different from another of the same file.
fn order(entry: &EntryPoint) -> (u32, EntryKind, &str, Option<&str>, Option<&str>) {
    (entry.line, entry.kind, &entry.name, entry.path.as_deref(), entry.method.as_deref())
}
