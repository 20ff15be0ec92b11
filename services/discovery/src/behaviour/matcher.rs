//! One pass over a file's calls and annotations, against the table of its language.

use super::bindings::{Bindings, first_name};
use super::index::Index;
use super::place::Place;
use super::rule::{Gives, Literal, Naming, Receiver, Rule, Target};
use super::{Behaviour, COMPUTED, Contact, ContactKind, EntryKind, EntryPoint, Held, Mount, Registrar, RouterRef};
use super::{http, laravel, registering, ruby};
use codexa_model::Language;
use codexa_model::facts::{Annotation, Facts, Registration, SymbolIndex, SymbolKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

pub(super) struct Matcher<'a> {
    path: &'a str,
    facts: &'a Facts,
    index: &'a Index,
    bindings: Bindings<'a>,
    /// Whether the file imports one of the modules that a rule needs, once it was asked.
    needs: FxHashMap<&'static [&'static str], bool>,
    prefixes: http::Prefixes,
    /// Symbols with a path for what stands inside that only running the code would tell.
    computed: FxHashSet<SymbolIndex>,
    /// Routes that say no path of their own, by index.
    pathless: FxHashSet<usize>,
    /// Names that routers with a prefix are assigned to: line, name and prefix, in source order.
    routers: Vec<(u32, &'a str, String)>,
    /// Names that commands are assigned to, below which others stand: line, name and what people type, in source order.
    commands: Vec<(u32, &'a str, String)>,
    /// Calls with a path for the routes that stand in their arguments: line of the call, its last one, and the path.
    around: Vec<(u32, u32, String)>,
    /// The same for names and for calls, where that path is computed.
    computed_routers: FxHashSet<&'a str>,
    computed_around: Vec<(u32, u32)>,
    found: Behaviour,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(path: &'a str, facts: &'a Facts, index: &'a Index) -> Self {
        let bindings = Bindings::of(facts, index);
        Self {
            path,
            facts,
            index,
            bindings,
            needs: FxHashMap::default(),
            prefixes: FxHashMap::default(),
            computed: FxHashSet::default(),
            pathless: FxHashSet::default(),
            routers: Vec::new(),
            commands: Vec::new(),
            around: Vec::new(),
            computed_routers: FxHashSet::default(),
            computed_around: Vec::new(),
            found: Behaviour::default(),
        }
    }

    pub(super) fn run(mut self) -> Behaviour {
        let facts = self.facts;
        for registration in &facts.registrations {
            self.registration(registration);
        }
        for annotation in &facts.annotations {
            self.annotation(annotation);
        }
        let mut registrations = facts.registrations.iter().peekable();
        for (at, call) in (0_u32..).zip(&facts.calls) {
            let registration = registrations.next_if(|registration| registration.call == at);
            self.call(registration.map_or_else(|| Place::of_call(call), |of| Place::of_registration(call, of)));
        }
        let named = self.routers.into_iter().map(|(_, name, prefix)| (name.into(), prefix.into()));
        self.found.prefixes.extend(named);
        let found = std::mem::take(&mut self.found.entry_points);
        for (at, mut entry) in found.into_iter().enumerate() {
            if entry.kind != EntryKind::HttpRoute {
                self.found.entry_points.push(entry);
                continue;
            }
            let is_pathless = self.pathless.contains(&at);
            if is_pathless {
                entry.path = Some("".into());
            }
            let class = entry.symbol.and_then(|symbol| facts.symbols.get(symbol as usize)?.parent);
            if class.is_some_and(|class| self.computed.contains(&class)) {
                entry.confidence = entry.confidence.min(COMPUTED);
            }
            for path in http::full_paths(facts, &self.prefixes, &entry) {
                let path = path.filter(|path| !is_pathless || !path.is_empty());
                let path = path.or_else(|| (is_pathless && means_root(facts.language)).then(|| "/".into()));
                self.found.entry_points.push(EntryPoint { path, ..entry.clone() });
            }
        }
        self.found
    }

    fn registration(&mut self, registration: &'a Registration) {
        let Some(call) = self.facts.calls.get(registration.call as usize) else { return };
        let arguments = &*registration.arguments;
        let place = Place::of_registration(call, registration);
        let Some(rule) = self.rule_for(&place) else { return };
        let is_text = rule.literal == Literal::Present;
        let own = match self.facts.language {
            Language::Ruby => ruby::below(place.name, arguments),
            _ => registering::prefix(place.literal, is_text, arguments).into(),
        };
        let own = &*own;
        let path = join(self.prefix_of(place.receiver, call.line), own);
        let is_computed = own.is_empty() && registering::is_computed(place.receiver, arguments);
        match rule.gives {
            Gives::Prefix => {
                self.computed_routers.extend(place.assigned.filter(|_| is_computed));
                // In a chain the call that is written last comes first, and says all.
                let is_known = |name: &str| {
                    self.routers.last().is_some_and(|(line, known, _)| *known == name && *line >= call.line)
                };
                if let Some(name) = place.assigned.filter(|name| !path.is_empty() && !is_known(name)) {
                    self.routers.push((call.line, name, path));
                }
            }
            Gives::Mount => {
                for router in registering::targets(arguments) {
                    self.found.mounts.push(Mount {
                        kind: EntryKind::HttpRoute,
                        held: self.held(&router, call.within),
                        router,
                        prefix: join(self.path_around(call.line), &path).into(),
                        replaces: call.name.contains("blueprint") && !own.is_empty(),
                        is_computed,
                        on: self.registrar(&place),
                        line: call.line,
                    });
                }
                if is_computed {
                    self.computed_around.push((call.line, registration.end_line));
                }
                if !path.is_empty() && registration.end_line > call.line {
                    self.around.push((call.line, registration.end_line, path));
                }
            }
            Gives::Group => self.group(&place, arguments),
            Gives::Entry(EntryKind::CliCommand) => {
                if let (Some(name), Some(own)) = (place.assigned, place.literal) {
                    self.commands.push((call.line, name, words(&self.command_above(&place), own)));
                }
            }
            _ => {}
        }
    }

    /// A group of commands: made with a name, or put below another one.
    fn group(&mut self, place: &Place<'a>, arguments: &'a str) {
        let name = http::text_of(arguments, "name");
        if !place.name.starts_with("add_") {
            if let (Some(group), Some(name)) = (place.assigned, name) {
                self.found.groups.push((group.into(), name.into()));
            }
            return;
        }
        let Some(router) = registering::targets(arguments).into_iter().next() else { return };
        let name = name.or_else(|| registering::second_text(arguments));
        self.found.mounts.push(Mount {
            kind: EntryKind::CliCommand,
            router,
            held: Held::Anywhere,
            prefix: name.unwrap_or_default().into(),
            replaces: name.is_some(),
            is_computed: false,
            on: self.registrar(place),
            line: place.line,
        });
    }

    /// The commands that stand before one that is made of another: `check` of `checkCommand.Command("config", …)`.
    fn command_above(&self, place: &Place<'_>) -> String {
        let is_above = |(line, name, _): &&(u32, &str, String)| place.receiver == Some(*name) && *line <= place.line;
        self.commands.iter().rev().find(is_above).map(|(_, _, above)| above.clone()).unwrap_or_default()
    }

    /// Rust's variables are seen in their function alone; what is named otherwise is a function.
    fn held(&self, router: &RouterRef, within: Option<SymbolIndex>) -> Held {
        let RouterRef::Name(name) = router else { return Held::Anywhere };
        let is_variable = |registration: &Registration| {
            let call = self.facts.calls.get(registration.call as usize);
            registration.name.as_deref() == Some(&**name) && call.is_some_and(|call| call.within == within)
        };
        match self.facts.language {
            Language::Rust if self.facts.registrations.iter().any(is_variable) => Held::Variable,
            Language::Rust => Held::Function,
            _ => Held::Anywhere,
        }
    }

    fn annotation(&mut self, annotation: &'a Annotation) {
        let symbol = annotation.symbol.and_then(|symbol| self.facts.symbols.get(symbol as usize));
        let place =
            Place { is_on_type: symbol.is_some_and(|symbol| is_type(symbol.kind)), ..Place::of_annotation(annotation) };
        let Some(rule) = self.rule_for(&place) else { return };
        match rule.gives {
            Gives::Prefix => {
                let (_, paths) = http::method_and_paths(place.name, place.literal, place.arguments);
                match (annotation.symbol, paths) {
                    (Some(symbol), http::Paths::Written(paths)) => {
                        self.prefixes.insert(symbol, paths);
                    }
                    (Some(symbol), http::Paths::Computed) => {
                        self.computed.insert(symbol);
                    }
                    _ => {}
                }
            }
            Gives::Entry(kind) => {
                let own = symbol.map(|symbol| &*symbol.name).or(place.literal).unwrap_or(&annotation.name);
                let name = match rule.naming {
                    Naming::Argument => command_name(self.facts.language, own, &place),
                    _ => Cow::Borrowed(own),
                };
                if rule.naming == Naming::Argument && place.name == "group" {
                    self.command_group(own, &name, &place);
                }
                self.entry(rule, kind, &name, &place);
            }
            Gives::Contact(kind) => self.contact(rule, kind, &place),
            Gives::Mount | Gives::Group | Gives::Resource => {}
        }
    }

    /// `@cli.group()` puts a group below another; one that stands alone may be put there elsewhere.
    fn command_group(&mut self, function: &str, name: &str, place: &Place<'_>) {
        let Some(parent) = self.parent_group(place) else {
            self.found.groups.push((function.into(), name.into()));
            return;
        };
        self.found.mounts.push(Mount {
            kind: EntryKind::CliCommand,
            router: RouterRef::Name(function.into()),
            held: Held::Anywhere,
            prefix: name.into(),
            replaces: true,
            is_computed: false,
            on: Registrar { name: Some(parent.into()), function: None },
            line: place.line,
        });
    }

    /// The group on which an annotation registers a command; none where that is the framework itself.
    fn parent_group<'p>(&self, place: &Place<'p>) -> Option<&'p str> {
        place.receiver.filter(|receiver| !matches!(*receiver, "click" | "asyncclick" | "rich_click"))
    }

    fn call(&mut self, place: Place<'a>) {
        let Some(rule) = self.rule_for(&place) else { return };
        match rule.gives {
            Gives::Entry(kind) => {
                let Some(name) = self.name_of_call(rule, kind, &place) else { return };
                let above = if kind == EntryKind::CliCommand { self.command_above(&place) } else { String::new() };
                self.entry(rule, kind, &words(&above, name), &place);
            }
            Gives::Contact(kind) => self.contact(rule, kind, &place),
            Gives::Resource => self.resource(rule, &place),
            Gives::Prefix | Gives::Mount | Gives::Group => {}
        }
    }

    /// What an entry point that a call makes is called; `None` where it is one that is known already.
    fn name_of_call(&self, rule: &Rule, kind: EntryKind, place: &Place<'a>) -> Option<&'a str> {
        let literal = place.literal;
        match rule.naming {
            Naming::FirstWord => literal.and_then(|literal| literal.split_whitespace().next()),
            Naming::Key(key) => {
                let arguments = place.arguments?;
                let constant = || self.facts.constant(http::name_of(arguments, key)?);
                http::text_of(arguments, key).or_else(constant)?.split_whitespace().next()
            }
            Naming::Around => {
                let symbol = place.symbol.and_then(|symbol| self.facts.symbols.get(symbol as usize))?;
                let is_same = |entry: &EntryPoint| entry.kind == kind && entry.symbol == place.symbol;
                (!self.found.entry_points.iter().any(is_same)).then_some(&*symbol.name)
            }
            Naming::Symbol | Naming::Argument => {
                let is_ruby = self.facts.language == Language::Ruby;
                let said = place.arguments.filter(|_| is_ruby).and_then(|arguments| {
                    let subject = ruby::Arguments::of(arguments).subject()?;
                    Some(ruby::word(subject).unwrap_or(subject))
                });
                literal.or(said).or(Some(place.name))
            }
        }
    }

    fn entry(&mut self, rule: &Rule, kind: EntryKind, name: &str, place: &Place<'_>) {
        let entry = EntryPoint {
            kind,
            name: name.into(),
            method: None,
            path: None,
            registrar: Registrar::default(),
            symbol: place.symbol,
            line: place.line,
            origin: rule.name.into(),
            confidence: rule.confidence,
        };
        if kind == EntryKind::CliCommand && place.is_annotation && rule.naming == Naming::Argument {
            // A group is mounted by its annotation; everything else may be by its name.
            let name = self.parent_group(place);
            let function = if name.is_some() && place.name == "group" { None } else { self.registrar(place).function };
            let registrar = Registrar { name: name.map(Into::into), function };
            self.found.entry_points.push(EntryPoint { registrar, ..entry });
            return;
        }
        if kind != EntryKind::HttpRoute {
            self.found.entry_points.push(entry);
            return;
        }
        let is_route = matches!(rule.target, Target::Method(_, Receiver::Route));
        let is_ruby = self.facts.language == Language::Ruby;
        let symbol = || ruby::symbol(place.arguments.filter(|_| is_ruby)?);
        let literal = if is_route { Some("") } else { place.literal.or_else(symbol) };
        let (method, paths) = http::method_and_paths(place.name, literal, place.arguments);
        let around = if place.is_annotation { String::new() } else { self.path_around(place.line) };
        let on_route = if is_route { place.receiver.and_then(registering::of_route) } else { None };
        let prefix = join(join(around, &self.prefix_of(place.receiver, place.line)), on_route.unwrap_or_default());
        let is_below_computed = place.receiver.is_some_and(|receiver| self.computed_routers.contains(receiver))
            || self.computed_around.iter().any(|(start, end)| *start < place.line && place.line <= *end);
        let confidence = if is_below_computed { rule.confidence.min(COMPUTED) } else { rule.confidence };
        let (method, registrar) = (method.map(Into::into), self.registrar(place));
        let entry = EntryPoint { method, registrar, confidence, ..entry };
        // A route that is called like what declares it has no name of its own.
        let is_unnamed = !place.is_annotation && (name.is_empty() || name == place.name);
        match paths {
            http::Paths::Written(paths) => {
                for path in paths {
                    let own = Some(&*path).filter(|path| !path.is_empty()).or(on_route).unwrap_or("/");
                    let name = if is_unnamed { own } else { name }.into();
                    // Ruby's frameworks put the `/` before a name themselves.
                    let is_whole = prefix.is_empty() && (!is_ruby || path.starts_with('/'));
                    let path = if is_whole { path } else { http::below(&prefix, &path) };
                    self.found.entry_points.push(EntryPoint { name, path: Some(path.into()), ..entry.clone() });
                }
            }
            // A route that is all of its namespace.
            http::Paths::Absent if is_ruby && !prefix.is_empty() => {
                let name = if is_unnamed { &*prefix } else { name };
                self.found.entry_points.push(EntryPoint {
                    name: name.into(),
                    path: Some(prefix.as_str().into()),
                    ..entry
                });
            }
            http::Paths::Absent if place.is_annotation => {
                self.pathless.insert(self.found.entry_points.len());
                self.found.entry_points.push(entry);
            }
            http::Paths::Absent | http::Paths::Computed => self.found.entry_points.push(entry),
        }
    }

    /// The routes of a resource, or one for all of them where their actions are computed.
    fn resource(&mut self, rule: &Rule, place: &Place<'a>) {
        let (Some(resource), Some(arguments)) = (place.literal, place.arguments) else { return };
        let Some(actions) = laravel::resource(self.facts, place.name, resource, arguments, place.line) else {
            self.entry(rule, EntryKind::HttpRoute, resource, place);
            return;
        };
        let prefix = join(self.path_around(place.line), &self.prefix_of(place.receiver, place.line));
        self.found.entry_points.extend(actions.into_iter().map(|action| EntryPoint {
            kind: EntryKind::HttpRoute,
            name: action.name.into(),
            method: Some(action.method.into()),
            path: Some(http::below(&prefix, &action.path).into()),
            registrar: Registrar::default(),
            symbol: place.symbol,
            line: place.line,
            origin: rule.name.into(),
            confidence: rule.confidence,
        }));
    }

    /// The prefix of the router that a name holds at a line, or of the chain of calls that makes it.
    fn prefix_of(&self, receiver: Option<&str>, line: u32) -> String {
        let Some(receiver) = receiver else { return String::new() };
        let root = if receiver.contains('(') { first_name(receiver).unwrap_or_default() } else { receiver };
        let newest = self.routers.iter().rev().find(|(at, router, _)| *router == root && *at <= line);
        let of_root = newest.map(|(_, _, prefix)| prefix.clone()).unwrap_or_default();
        registering::of_chain(receiver).into_iter().fold(of_root, join)
    }

    /// The path of the calls in whose arguments a line stands, the outermost first.
    fn path_around(&self, line: u32) -> String {
        let around = self.around.iter().filter(|(start, end, _)| *start < line && line <= *end);
        around.fold(String::new(), |path, (_, _, prefix)| join(path, prefix))
    }

    /// Where a call or an annotation registers something.
    fn registrar(&self, place: &Place<'_>) -> Registrar {
        let is_name = |receiver: &&str| !receiver.is_empty() && !receiver.contains(['(', '[', '{', ' ', '\n']);
        let chain = place.receiver.filter(|receiver| receiver.contains('('));
        // A chain of calls belongs to the name that it is given, or to the one that it begins with.
        let root = || first_name(chain?).filter(|root| chain.is_some_and(|chain| begins_with_value(chain, root)));
        let of_chain = chain.and_then(|_| place.assigned.or_else(root));
        let function = place.symbol.and_then(|symbol| self.facts.symbols.get(symbol as usize));
        Registrar {
            name: place.receiver.filter(is_name).or(of_chain).map(Into::into),
            function: function.map(|function| function.name.clone()),
        }
    }

    fn contact(&mut self, rule: &Rule, kind: ContactKind, place: &Place<'_>) {
        self.found.contacts.push(Contact {
            kind,
            detail: place.written(self.facts.language).into(),
            literal: place.literal.map(Into::into),
            symbol: place.symbol,
            line: place.line,
            origin: rule.name.into(),
            confidence: rule.confidence,
        });
    }

    /// The first rule that fits: what a name is bound to decides before what a method is called.
    fn rule_for(&mut self, place: &Place<'_>) -> Option<&'a Rule> {
        let index = self.index;
        // In a chain of calls, the first that leaves the module was matched on its own: `Client::new().get(…)`.
        let goes_on =
            place.receiver.is_some_and(|receiver| receiver.contains('(') && !receiver.starts_with("require("));
        let paths = if goes_on { Vec::new() } else { self.bindings.paths(place.receiver, place.name) };
        for (path, opened) in paths {
            if let Some(rule) = index.of_path(&path, opened, |rule| self.holds(rule, place)) {
                return Some(rule);
            }
        }
        let candidates = index.names.get(place.name)?;
        candidates
            .iter()
            .filter_map(|at| index.rules.get(*at))
            .find(|rule| self.names_fit(rule, place) && self.holds(rule, place))
    }

    fn names_fit(&self, rule: &Rule, place: &Place<'_>) -> bool {
        match rule.target {
            Target::Builtin(_) => {
                place.receiver.is_none() && !self.bindings.defines(place.name) && !self.bindings.is_foreign(place.name)
            }
            Target::Method(_, Receiver::None) => place.receiver.is_none() && !self.bindings.defines(place.name),
            Target::Method(_, Receiver::Any) => place.receiver.is_some(),
            Target::Method(_, Receiver::Begins(names)) => {
                let chain = place.receiver.filter(|receiver| receiver.contains('('));
                let chain = chain.map(|chain| chain.strip_prefix("new ").unwrap_or(chain).trim_start());
                let goes_on = |rest: &str| rest.starts_with(['(', '.']);
                chain.is_some_and(|chain| names.iter().any(|name| chain.strip_prefix(name).is_some_and(goes_on)))
            }
            Target::Method(_, Receiver::Route) => place.receiver.and_then(registering::of_route).is_some(),
            Target::Method(_, Receiver::Named(names)) => {
                place.receiver.is_some_and(|receiver| names.contains(&receiver))
            }
            Target::Method(_, Receiver::Value) => place.receiver.is_some_and(|receiver| {
                !receiver.contains('(') && first_name(receiver).is_some_and(|root| !self.bindings.is_foreign(root))
            }),
            Target::Member(..) => false,
        }
    }

    fn holds(&mut self, rule: &'a Rule, place: &Place<'_>) -> bool {
        let literal = match rule.literal {
            Literal::Any => true,
            Literal::Present => place.literal.is_some(),
            Literal::Path => {
                place.literal.is_some_and(|literal| http::is_path(literal) || place.is_annotation && literal.is_empty())
            }
        };
        rule.on_annotations == place.is_annotation
            && (!rule.on_types || place.is_on_type)
            && (!rule.is_inside || place.symbol.is_some())
            && literal
            && rule.argument.is_none_or(|word| place.arguments.is_some_and(|arguments| has_word(arguments, word)))
            && rule.in_path.is_none_or(|part| self.path.contains(part))
            && (rule.needs.is_empty()
                || *self.needs.entry(rule.needs).or_insert_with(|| self.bindings.imports(rule.needs)))
    }
}

/// Whether a chain begins with a method of a value, not with a call or a path.
fn begins_with_value(chain: &str, root: &str) -> bool {
    chain.trim_start().strip_prefix(root).is_some_and(|rest| rest.trim_start().starts_with('.'))
}

/// Words that people type one after the other.
fn words(above: &str, own: &str) -> String {
    if above.is_empty() { own.to_owned() } else { format!("{above} {own}") }
}

/// A path below another.
fn join(mut path: String, below: &str) -> String {
    if !below.is_empty() {
        path.push('/');
        path.push_str(below.trim_matches('/'));
    }
    path
}

fn is_type(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Class | SymbolKind::Struct | SymbolKind::Interface | SymbolKind::Enum)
}

/// Languages whose frameworks take a route without a path for one of `/`.
fn means_root(language: Language) -> bool {
    matches!(language, Language::Java | Language::JavaScript | Language::TypeScript | Language::Tsx)
}

/// The name a command is called by, for frameworks that let its annotation say it.
fn command_name<'a>(language: Language, own: &'a str, place: &Place<'a>) -> Cow<'a, str> {
    let said = place.literal.or_else(|| place.arguments.and_then(|arguments| http::text_of(arguments, "name")));
    match said {
        Some(said) => Cow::Borrowed(said),
        None if language == Language::Python => Cow::Owned(own.to_lowercase().replace('_', "-")),
        None => Cow::Borrowed(own),
    }
}

/// Whether a word or a path stands in a text as whole identifiers.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).is_none_or(|before| !before.ends_with(is_part));
        before && text.get(at + word.len()..).is_none_or(|after| !after.starts_with(is_part))
    })
}
