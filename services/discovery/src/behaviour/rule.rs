//! The shape of a rule: what it matches, what else must hold, and what a match means.

use super::{ContactKind, EntryKind};

/// One row of a language's table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// `language.rule`, the origin of what it finds. Several rows may share one.
    pub(super) name: &'static str,
    pub(super) target: Target,
    /// Whether it looks at annotations instead of calls.
    pub(super) on_annotations: bool,
    /// Whether the annotation must stand on a type.
    pub(super) on_types: bool,
    /// The file must import one of these (or something below); empty for no condition.
    pub(super) needs: &'static [&'static str],
    /// What the first argument must be.
    pub(super) literal: Literal,
    /// A word or a path that the arguments must hold, as whole identifiers.
    pub(super) argument: Option<&'static str>,
    /// The file's path must contain this.
    pub(super) in_path: Option<&'static str>,
    /// Whether it must stand inside a symbol.
    pub(super) is_inside: bool,
    pub(super) naming: Naming,
    pub(super) gives: Gives,
    /// Percent.
    pub(super) confidence: u8,
}

/// What a rule matches.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// A member of a module, wherever an import (or a full path) shows that the name leads there.
    Member(&'static str, Names),
    /// A method of a value: by the method's name, and by what the value looks like.
    Method(&'static [&'static str], Receiver),
    /// A name that the language or its C library gives without an import, used without a receiver, not defined in the file.
    Builtin(&'static [&'static str]),
}

/// Members of a module, by the first name after it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Names {
    /// All of them, and the module itself where it can be called.
    Any,
    Only(&'static [&'static str]),
    Except(&'static [&'static str]),
}

/// What an entry point is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// Like the symbol that is annotated; of a call, like its first argument.
    Symbol,
    /// What its first argument says, or the argument `name`.
    Argument,
    /// The first word of its first argument: `desc "install NAME", "…"`.
    FirstWord,
    /// The first word of a named argument; nothing where it is computed.
    Key(&'static str),
    /// Like the symbol that it stands in, which is one entry point whatever else is said there.
    Around,
}

/// What a method is called on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Receiver {
    /// Anything but a module that was imported from outside, and nothing that a call gave.
    Value,
    /// A value of exactly one of these names.
    Named(&'static [&'static str]),
    /// Anything, chains of calls included.
    Any,
    /// A chain of calls that begins with one of these names or paths of names.
    Begins(&'static [&'static str]),
    /// A path that stands for itself: `app.route('/x')`, and what is chained to it.
    Route,
    /// Nothing: a function that a framework puts in scope.
    None,
}

/// What the first argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Any,
    /// A plain string.
    Present,
    /// A plain string that is a path of a URL: `/…`, `*` or empty.
    Path,
}

/// What a match means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Contact(ContactKind),
    Entry(EntryKind),
    /// A route for each action of a resource, as Laravel has them.
    Resource,
    /// A path that stands before those of the routes inside the annotated symbol, or before those that are registered
    /// on the name that the call is assigned to.
    Prefix,
    /// A path that stands before those of the routers that the call is given, and of the routes that stand in its
    /// arguments.
    Mount,
    /// A group of commands, made or put below another one.
    Group,
}

/// Short names for the tables.
pub(super) mod words {
    use super::Gives;
    pub(in crate::behaviour) use super::Names::{Any, Except, Only};
    pub(in crate::behaviour) use super::Receiver;
    use crate::behaviour::{ContactKind, EntryKind};

    pub(in crate::behaviour) const DATABASE: Gives = Gives::Contact(ContactKind::Database);
    pub(in crate::behaviour) const NETWORK: Gives = Gives::Contact(ContactKind::Network);
    pub(in crate::behaviour) const FILES: Gives = Gives::Contact(ContactKind::Filesystem);
    pub(in crate::behaviour) const ENVIRONMENT: Gives = Gives::Contact(ContactKind::Environment);
    pub(in crate::behaviour) const SUBPROCESS: Gives = Gives::Contact(ContactKind::Subprocess);
    pub(in crate::behaviour) const MESSAGES: Gives = Gives::Contact(ContactKind::MessageBus);
    pub(in crate::behaviour) const CACHE: Gives = Gives::Contact(ContactKind::Cache);
    pub(in crate::behaviour) const ROUTE: Gives = Gives::Entry(EntryKind::HttpRoute);
    pub(in crate::behaviour) const COMMAND: Gives = Gives::Entry(EntryKind::CliCommand);
    pub(in crate::behaviour) const JOB: Gives = Gives::Entry(EntryKind::Job);
    pub(in crate::behaviour) const EVENT: Gives = Gives::Entry(EntryKind::EventHandler);
    pub(in crate::behaviour) const EXPORT: Gives = Gives::Entry(EntryKind::ExportedApi);
    pub(in crate::behaviour) const RESOURCE: Gives = Gives::Resource;
    pub(in crate::behaviour) const GROUP: Gives = Gives::Group;
    pub(in crate::behaviour) const PREFIX: Gives = Gives::Prefix;
    pub(in crate::behaviour) const MOUNT: Gives = Gives::Mount;
}

impl Rule {
    const fn new(name: &'static str, target: Target, gives: Gives, confidence: u8) -> Self {
        Self {
            name,
            target,
            on_annotations: false,
            on_types: false,
            needs: &[],
            literal: Literal::Any,
            argument: None,
            in_path: None,
            is_inside: false,
            naming: Naming::Symbol,
            gives,
            confidence,
        }
    }

    /// A call of a module's member.
    pub(super) const fn member(
        name: &'static str,
        module: &'static str,
        members: Names,
        gives: Gives,
        confidence: u8,
    ) -> Self {
        Self::new(name, Target::Member(module, members), gives, confidence)
    }

    /// A call of a method.
    pub(super) const fn method(
        name: &'static str,
        methods: &'static [&'static str],
        receiver: Receiver,
        gives: Gives,
        confidence: u8,
    ) -> Self {
        Self::new(name, Target::Method(methods, receiver), gives, confidence)
    }

    /// A call of a builtin.
    pub(super) const fn builtin(
        name: &'static str,
        functions: &'static [&'static str],
        gives: Gives,
        confidence: u8,
    ) -> Self {
        Self::new(name, Target::Builtin(functions), gives, confidence)
    }

    /// The same for annotations instead of calls.
    pub(super) const fn annotation(self) -> Self {
        Self { on_annotations: true, ..self }
    }

    /// Only annotations of types.
    pub(super) const fn on_types(self) -> Self {
        Self { on_annotations: true, on_types: true, ..self }
    }

    /// Only where the file imports one of these.
    pub(super) const fn needs(self, needs: &'static [&'static str]) -> Self {
        Self { needs, ..self }
    }

    /// Only where the first argument is a plain string.
    pub(super) const fn text(self) -> Self {
        Self { literal: Literal::Present, ..self }
    }

    /// Only where the first argument is a path.
    pub(super) const fn path(self) -> Self {
        Self { literal: Literal::Path, ..self }
    }

    /// Only where the arguments hold a word or a path.
    pub(super) const fn argument(self, argument: &'static str) -> Self {
        Self { argument: Some(argument), ..self }
    }

    /// The entry point has the name that its first argument says, or `name` among them. Without either it is called like
    /// its symbol; Python's commands in lower case with `-` for `_`, as click and typer call them.
    pub(super) const fn named_by_argument(self) -> Self {
        Self { naming: Naming::Argument, ..self }
    }

    /// The entry point has the name that its first argument begins with.
    pub(super) const fn named_by_first_word(self) -> Self {
        Self { naming: Naming::FirstWord, ..self }
    }

    /// The entry point has the name that a named argument begins with.
    pub(super) const fn named_by_key(self, key: &'static str) -> Self {
        Self { naming: Naming::Key(key), ..self }
    }

    /// Only inside a symbol, after which the entry point is called.
    pub(super) const fn named_by_symbol_around(self) -> Self {
        Self { naming: Naming::Around, is_inside: true, ..self }
    }

    /// Only inside a symbol: in the body of a class, say.
    pub(super) const fn inside(self) -> Self {
        Self { is_inside: true, ..self }
    }

    /// Only in files whose path contains this.
    pub(super) const fn in_path(self, part: &'static str) -> Self {
        Self { in_path: Some(part), ..self }
    }
}
