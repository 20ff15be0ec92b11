//! One pass over a file's calls and annotations, against the table of its language.

use super::bindings::{Bindings, first_name};
use super::rule::{Gives, Literal, Names, Receiver, Rule, Target};
use super::{Behaviour, Contact, ContactKind, EntryKind, EntryPoint, Mount, Registrar, http, registering};
use codexa_model::Language;
use codexa_model::facts::{Annotation, Call, Facts, Registration, SymbolIndex, SymbolKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// A language's rules, by what they are looked up with.
pub(super) struct Index {
    rules: &'static [Rule],
    /// By dotted module.
    members: FxHashMap<String, Vec<usize>>,
    /// By method or builtin.
    names: FxHashMap<&'static str, Vec<usize>>,
    /// Paths that lead to modules: `std` and `std.os` of `std.os.unix.net`.
    above: FxHashSet<String>,
    /// Every part of the modules, and the members that rules name.
    parts: FxHashSet<String>,
}

impl Index {
    pub(super) fn new(rules: &'static [Rule]) -> Self {
        let mut index = Self {
            rules,
            members: FxHashMap::default(),
            names: FxHashMap::default(),
            above: FxHashSet::default(),
            parts: FxHashSet::default(),
        };
        for (at, rule) in rules.iter().enumerate() {
            match rule.target {
                Target::Member(module, members) => {
                    let module = module.replace("::", ".").replace('\\', ".");
                    index.parts.extend(module.split(['.', '/']).map(str::to_owned));
                    index.above.extend(prefixes(&module).map(str::to_owned));
                    if let Names::Only(names) = members {
                        index.parts.extend(names.iter().map(|name| (*name).to_owned()));
                    }
                    index.members.entry(module).or_default().push(at);
                }
                Target::Method(names, _) | Target::Builtin(names) => {
                    for name in names {
                        index.names.entry(name).or_default().push(at);
                    }
                }
            }
        }
        index
    }

    /// Whether any rule can be about a member of this path, or of one below it.
    pub(super) fn concerns(&self, path: &str) -> bool {
        self.above.contains(path) || prefixes(path).any(|module| self.members.contains_key(module))
    }

    /// Whether a name is a part of any module, or a member that a rule names.
    pub(super) fn knows_part(&self, name: &str) -> bool {
        self.parts.contains(name)
    }

    /// The rule for a path that also holds otherwise, that of the longest module first. Where the path was found through an open module of the given
    /// length, a rule for that module itself must name the member: anything might come out of an open module.
    fn of_path(
        &self,
        path: &str,
        opened: usize,
        mut holds: impl FnMut(&'static Rule) -> bool,
    ) -> Option<&'static Rule> {
        for module in prefixes(path) {
            let Some(rules) = self.members.get(module) else { continue };
            let rest = path.get(module.len()..).unwrap_or_default();
            let member = first_member(rest);
            let only_named = module.len() <= opened;
            let fits = |rule: &&Rule| match rule.target {
                Target::Member(_, Names::Only(names)) => names.contains(&member),
                Target::Member(_, Names::Except(names)) => !only_named && !names.contains(&member),
                Target::Member(_, Names::Any) => !only_named,
                _ => false,
            };
            if let Some(rule) = rules.iter().filter_map(|at| self.rules.get(*at)).filter(fits).find(|rule| holds(rule))
            {
                return Some(rule);
            }
        }
        None
    }
}

/// The path itself and everything above it, the longest first.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let boundaries = path.bytes().enumerate().rev().filter(|(_, byte)| matches!(byte, b'.' | b'/')).map(|(at, _)| at);
    std::iter::once(path.len()).chain(boundaries).filter_map(|end| path.get(..end))
}

/// The first name after a module: `b` in `.b.c`, and in `/v2/sub.b.c`, where the import path goes on below the rule's.
fn first_member(rest: &str) -> &str {
    let after_path = match rest.rsplit_once('/') {
        Some((_, last)) => last.split_once('.').map_or("", |(_, member)| member),
        None => rest.trim_start_matches('.'),
    };
    after_path.split('.').next().unwrap_or_default()
}

/// What a rule looks at: a call or an annotation.
struct Place<'a> {
    name: &'a str,
    receiver: Option<&'a str>,
    literal: Option<&'a str>,
    arguments: Option<&'a str>,
    is_annotation: bool,
    /// Whether the annotation stands on a class or the like.
    is_on_type: bool,
}

impl<'a> Place<'a> {
    fn of_call(call: &'a Call) -> Self {
        Self {
            name: &call.name,
            receiver: call.receiver.as_deref(),
            literal: call.literal.as_deref(),
            arguments: None,
            is_annotation: false,
            is_on_type: false,
        }
    }

    fn of_annotation(annotation: &'a Annotation) -> Self {
        let at = annotation.name.rfind(['.', ':', '\\']);
        let split = at.and_then(|at| annotation.name.split_at_checked(at + 1));
        let (receiver, name) = split.unwrap_or(("", &annotation.name));
        let receiver = receiver.trim_end_matches(['.', ':']);
        Self {
            name,
            receiver: (!receiver.is_empty()).then_some(receiver),
            literal: annotation.literal.as_deref(),
            arguments: annotation.arguments.as_deref(),
            is_annotation: true,
            is_on_type: false,
        }
    }

    /// The callee as written, on one line, without arguments.
    fn written(&self, language: Language) -> String {
        let Some(receiver) = self.receiver else { return self.name.to_owned() };
        let is_path = match language {
            Language::Rust => !receiver.contains(['.', '(']),
            Language::Cpp | Language::Php | Language::Ruby => {
                receiver.contains("::") || receiver.starts_with(char::is_uppercase) || receiver == "std"
            }
            _ => false,
        };
        let is_class_method = language == Language::Ruby && !self.name.starts_with(char::is_uppercase);
        let separator = if is_path && !is_class_method { "::" } else { "." };
        format!("{}{separator}{}", without_arguments(receiver), self.name)
    }
}

fn without_arguments(receiver: &str) -> String {
    let mut depth = 0_usize;
    let mut result = String::with_capacity(receiver.len());
    for c in receiver.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '(' | '[' | '{' => {
                depth += 1;
                if depth == 1 {
                    result.push(c);
                }
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    result.push(c);
                }
            }
            c if depth == 0 => result.push(c),
            _ => {}
        }
    }
    result
}

pub(super) struct Matcher<'a> {
    path: &'a str,
    facts: &'a Facts,
    index: &'a Index,
    bindings: Bindings<'a>,
    /// Whether the file imports one of the modules that a rule needs, once it was asked.
    needs: FxHashMap<&'static [&'static str], bool>,
    prefixes: FxHashMap<SymbolIndex, String>,
    /// Names that routers with a prefix are assigned to: line, name and prefix, in source order.
    routers: Vec<(u32, &'a str, String)>,
    /// Calls with a path for the routes that stand in their arguments: line of the call, its last one, and the path.
    around: Vec<(u32, u32, String)>,
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
            routers: Vec::new(),
            around: Vec::new(),
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
            self.call(call, registration.map(|registration| &*registration.arguments));
        }
        let named = self.routers.into_iter().map(|(_, name, prefix)| (name.into(), prefix.into()));
        self.found.prefixes.extend(named);
        for entry in &mut self.found.entry_points {
            if entry.kind == EntryKind::HttpRoute {
                entry.path = http::full_path(facts, &self.prefixes, entry);
            }
        }
        self.found
    }

    fn registration(&mut self, registration: &'a Registration) {
        let Some(call) = self.facts.calls.get(registration.call as usize) else { return };
        let arguments = &*registration.arguments;
        let place = Place { arguments: Some(arguments), ..Place::of_call(call) };
        let Some(rule) = self.rule_for(&place) else { return };
        let is_text = rule.literal == Literal::Present;
        let own = registering::prefix(place.literal, is_text, arguments);
        let path = join(self.prefix_of(place.receiver, call.line), own);
        match rule.gives {
            Gives::Prefix => {
                if let Some(name) = registration.name.as_deref().filter(|_| !path.is_empty()) {
                    self.routers.push((call.line, name, path));
                }
            }
            Gives::Mount => {
                for router in registering::targets(arguments) {
                    self.found.mounts.push(Mount {
                        router,
                        prefix: join(self.path_around(call.line), &path).into(),
                        replaces: call.name.contains("blueprint") && !own.is_empty(),
                        on: self.registrar(&place, call.within),
                        line: call.line,
                    });
                }
                if !path.is_empty() && registration.end_line > call.line {
                    self.around.push((call.line, registration.end_line, path));
                }
            }
            _ => {}
        }
    }

    fn annotation(&mut self, annotation: &'a Annotation) {
        let symbol = annotation.symbol.and_then(|symbol| self.facts.symbols.get(symbol as usize));
        let place =
            Place { is_on_type: symbol.is_some_and(|symbol| is_type(symbol.kind)), ..Place::of_annotation(annotation) };
        let Some(rule) = self.rule_for(&place) else { return };
        match rule.gives {
            Gives::Prefix => {
                let (_, path) = http::method_and_path(place.name, place.literal, place.arguments);
                if let (Some(symbol), Some(path)) = (annotation.symbol, path) {
                    self.prefixes.insert(symbol, path);
                }
            }
            Gives::Entry(kind) => {
                let own = symbol.map(|symbol| &*symbol.name).or(place.literal).unwrap_or(&annotation.name);
                let name = if rule.named_by_argument { command_name(own, &place) } else { Cow::Borrowed(own) };
                self.entry(rule, kind, &name, &place, annotation.symbol, annotation.line);
            }
            Gives::Contact(kind) => self.contact(rule, kind, &place, annotation.symbol, annotation.line),
            Gives::Mount => {}
        }
    }

    fn call(&mut self, call: &'a Call, arguments: Option<&'a str>) {
        let place = Place { arguments, ..Place::of_call(call) };
        let Some(rule) = self.rule_for(&place) else { return };
        match rule.gives {
            Gives::Entry(kind) => {
                let name = place.literal.unwrap_or(&call.name);
                self.entry(rule, kind, name, &place, call.within, call.line);
            }
            Gives::Contact(kind) => self.contact(rule, kind, &place, call.within, call.line),
            Gives::Prefix | Gives::Mount => {}
        }
    }

    fn entry(
        &mut self,
        rule: &Rule,
        kind: EntryKind,
        name: &str,
        place: &Place<'_>,
        symbol: Option<SymbolIndex>,
        line: u32,
    ) {
        let (method, path, registrar) = if kind == EntryKind::HttpRoute {
            let (method, path) = http::method_and_path(place.name, place.literal, place.arguments);
            let around = if place.is_annotation { String::new() } else { self.path_around(line) };
            let prefix = join(around, &self.prefix_of(place.receiver, line));
            let path = path.map(|path| if prefix.is_empty() { path } else { http::below(&prefix, &path) });
            (method, path, self.registrar(place, symbol))
        } else {
            (None, None, Registrar::default())
        };
        self.found.entry_points.push(EntryPoint {
            kind,
            name: name.into(),
            method: method.map(Into::into),
            path: path.map(Into::into),
            registrar,
            symbol,
            line,
            origin: rule.name.into(),
            confidence: rule.confidence,
        });
    }

    /// The prefix of the router that a name holds at a line, or of the chain of calls that makes it.
    fn prefix_of(&self, receiver: Option<&str>, line: u32) -> String {
        let Some(receiver) = receiver else { return String::new() };
        let newest = self.routers.iter().rev().find(|(at, router, _)| *router == receiver && *at <= line);
        match newest {
            Some((_, _, prefix)) => prefix.clone(),
            None => join(String::new(), registering::of_chain(receiver).unwrap_or_default()),
        }
    }

    /// The path of the calls in whose arguments a line stands, the outermost first.
    fn path_around(&self, line: u32) -> String {
        let around = self.around.iter().filter(|(start, end, _)| *start < line && line <= *end);
        around.fold(String::new(), |path, (_, _, prefix)| join(path, prefix))
    }

    /// Where a call or an annotation registers something.
    fn registrar(&self, place: &Place<'_>, symbol: Option<SymbolIndex>) -> Registrar {
        let is_name = |receiver: &&str| !receiver.is_empty() && !receiver.contains(['(', '[', '{', ' ', '\n']);
        let function = symbol.and_then(|symbol| self.facts.symbols.get(symbol as usize));
        Registrar {
            name: place.receiver.filter(is_name).map(Into::into),
            function: function.map(|function| function.name.clone()),
        }
    }

    fn contact(&mut self, rule: &Rule, kind: ContactKind, place: &Place<'_>, symbol: Option<SymbolIndex>, line: u32) {
        self.found.contacts.push(Contact {
            kind,
            detail: place.written(self.facts.language).into(),
            literal: place.literal.map(Into::into),
            symbol,
            line,
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
            && literal
            && rule.argument.is_none_or(|word| place.arguments.is_some_and(|arguments| has_word(arguments, word)))
            && rule.in_path.is_none_or(|part| self.path.contains(part))
            && (rule.needs.is_empty()
                || *self.needs.entry(rule.needs).or_insert_with(|| self.bindings.imports(rule.needs)))
    }
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

/// The name a command is called by, for frameworks that let its annotation say it.
fn command_name<'a>(function: &'a str, place: &Place<'a>) -> Cow<'a, str> {
    let said = place.literal.or_else(|| place.arguments.and_then(|arguments| http::text_of(arguments, "name")));
    said.map_or_else(|| Cow::Owned(function.to_lowercase().replace('_', "-")), Cow::Borrowed)
}

/// Whether a word stands in a text as a whole identifier.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| part == word)
}
