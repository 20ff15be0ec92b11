//! What the names of a file are bound to by its imports.

use super::index::Index;
use codexa_model::Language;
use codexa_model::facts::{Facts, Import, ImportKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// Deepest chain of names that is followed in a receiver.
const MAX_SEGMENTS: usize = 8;

/// Names and what they lead to, as dotted paths (`std::fs` is `std.fs`; `/` stays).
pub(super) struct Bindings<'a> {
    language: Language,
    index: &'a Index,
    /// With whether any rule can be about what lies below the path.
    bound: FxHashMap<&'a str, Vec<(String, bool)>>,
    /// Modules all of whose members are in scope.
    open: Vec<String>,
    /// Names that the file itself defines outside of functions.
    defined: FxHashSet<&'a str>,
    /// Targets of all imports.
    targets: Vec<Cow<'a, str>>,
}

impl<'a> Bindings<'a> {
    pub(super) fn of(facts: &'a Facts, index: &'a Index) -> Self {
        let mut bindings = Self {
            language: facts.language,
            index,
            bound: FxHashMap::default(),
            open: implicit(facts.language).iter().map(|module| (*module).to_owned()).collect(),
            defined: facts
                .symbols
                .iter()
                .filter(|symbol| symbol.parent.is_none())
                .map(|symbol| &*symbol.name)
                .collect(),
            targets: Vec::with_capacity(facts.imports.len()),
        };
        for import in &facts.imports {
            bindings.import(import);
        }
        bindings.open.sort_unstable();
        bindings.open.dedup();
        bindings
    }

    fn import(&mut self, import: &'a Import) {
        if import.kind == ImportKind::ModDeclaration {
            self.defined.insert(&import.target);
            return;
        }
        let target = dotted(import.target.strip_prefix("node:").unwrap_or(&import.target));
        for imported in &import.names {
            let name = imported.alias.as_deref().unwrap_or(&imported.name);
            let whole = matches!(&*imported.name, "default" | "*");
            let path = if whole { target.to_string() } else { format!("{target}.{}", imported.name) };
            self.bind(name, path);
        }
        if import.wildcard && import.alias.is_none() || self.language == Language::CSharp && import.alias.is_none() {
            self.open.push(target.to_string());
        }
        match import.alias.as_deref() {
            Some(alias) => self.bind(alias, target.to_string()),
            None if import.names.is_empty() && !import.wildcard => self.bind_own_name(&import.target, &target),
            None => {}
        }
        self.targets.push(target);
    }

    /// The name that an import without alias binds, by the language's rule.
    fn bind_own_name(&mut self, written: &'a str, target: &str) {
        match self.language {
            Language::Python => {
                let top = written.split('.').next().unwrap_or(written);
                self.bind(top, top.to_owned());
            }
            Language::Go => {
                for name in codexa_model::go::package_names(written) {
                    self.bind(name, target.to_owned());
                }
            }
            Language::Rust | Language::Java | Language::Php => {
                let last = written.rsplit([':', '.', '\\']).next().unwrap_or(written);
                self.bind(last, target.to_owned());
            }
            _ => {}
        }
    }

    fn bind(&mut self, name: &'a str, path: String) {
        let paths = self.bound.entry(name).or_default();
        // A name imported twice (in two functions, say) may lead to either; more than a few is no evidence.
        if paths.len() < 4 && paths.iter().all(|(known, _)| *known != path) {
            let concerns = self.index.concerns(&path);
            paths.push((path, concerns));
        }
    }

    /// Whether the file imports one of these modules or something below one.
    pub(super) fn imports(&self, modules: &[&str]) -> bool {
        modules.iter().any(|module| {
            let module = dotted(module);
            self.targets.iter().any(|target| is_at_or_below(target, &module))
        })
    }

    /// Whether a name is defined in the file itself.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.defined.contains(name)
    }

    /// Whether a name leads to a module from outside the repository (a relative import leads inside).
    pub(super) fn is_foreign(&self, name: &str) -> bool {
        self.bound.get(name).is_some_and(|paths| paths.iter().all(|(path, _)| !path.starts_with('.')))
    }

    /// The paths that a callee may lead to, those left out that no rule can be about. A path that was found through an
    /// open module only comes with that module's length.
    pub(super) fn paths(&self, receiver: Option<&str>, name: &str) -> Vec<(String, usize)> {
        if let Some((module, rest)) = receiver.and_then(required) {
            let names = segments(rest.trim_start_matches([')', '.'])).unwrap_or_default();
            return vec![(names.into_iter().chain([name]).fold(module.to_owned(), |path, name| path + "." + name), 0)];
        }
        let root = match receiver {
            Some(receiver) => match first_name(receiver) {
                Some(root) => root,
                None => return Vec::new(),
            },
            None => name,
        };
        let rest = || match receiver {
            Some(receiver) => {
                let names = segments(receiver).unwrap_or_default();
                names.into_iter().skip(1).chain([name]).fold(String::new(), |rest, name| rest + "." + name)
            }
            None => String::new(),
        };
        if let Some(paths) = self.bound.get(root) {
            let known = paths.iter().filter(|(_, concerns)| *concerns);
            return known.map(|(path, _)| (format!("{path}{}", rest()), 0)).collect();
        }
        // Most callees are of the repository itself, and lead nowhere that a rule is about.
        let is_part = self.index.knows_part(root);
        if !is_part && !root.contains(['.', '/']) || self.defines(root) {
            return Vec::new();
        }
        let mut found = Vec::new();
        if writes_full_paths(self.language) && self.index.concerns(root) {
            found.push((format!("{root}{}", rest()), 0));
        }
        if is_part {
            let rest = rest();
            found.extend(self.open.iter().map(|module| (format!("{module}.{root}{rest}"), module.len())));
        }
        found
    }
}

/// The module of `require("x")` and what follows it.
fn required(receiver: &str) -> Option<(&str, &str)> {
    let rest = receiver.strip_prefix("require(")?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (module, rest) = rest.get(1..)?.split_once(quote)?;
    Some((module.strip_prefix("node:").unwrap_or(module), rest))
}

/// Modules in scope without an import.
fn implicit(language: Language) -> &'static [&'static str] {
    match language {
        Language::Java => &["java.lang"],
        // The SDK's implicit usings.
        Language::CSharp => &["System", "System.IO", "System.Net.Http"],
        _ => &[],
    }
}

/// Languages in which a path may be written in full, without an import.
fn writes_full_paths(language: Language) -> bool {
    use Language::{CSharp, Cpp, Java, Php, Ruby, Rust};
    matches!(language, CSharp | Cpp | Java | Php | Ruby | Rust)
}

/// `::` and `\` written as `.`.
fn dotted(path: &str) -> Cow<'_, str> {
    if path.contains("::") || path.contains('\\') {
        Cow::Owned(path.replace("::", ".").replace('\\', "."))
    } else {
        Cow::Borrowed(path)
    }
}

/// `module` itself, or a path that goes on from it after a separator.
fn is_at_or_below(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}

/// A receiver without what may stand before its first name; `None` where it does not begin with one.
fn from_name(receiver: &str) -> Option<&str> {
    let receiver = receiver.trim_start_matches(['(', '&', '*', '!', ' ', '\\']);
    let receiver = ["await ", "new "].iter().fold(receiver, |text, word| text.strip_prefix(word).unwrap_or(text));
    receiver.starts_with(is_name).then_some(receiver)
}

/// The name that a receiver begins with.
pub(super) fn first_name(receiver: &str) -> Option<&str> {
    let receiver = from_name(receiver)?;
    receiver.get(..receiver.find(|c| !is_name(c)).unwrap_or(receiver.len()))
}

/// The names of a receiver such as `a.b(x).c[0]`: `a`, `b`, `c`; `None` where it does not begin with a name.
fn segments(receiver: &str) -> Option<Vec<&str>> {
    let receiver = from_name(receiver)?;
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut start = None;
    for (at, c) in receiver.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => {
                close(receiver, &mut start, at, &mut found);
                depth += 1;
            }
            ')' | ']' | '}' | '>' => {
                close(receiver, &mut start, at, &mut found);
                depth = depth.saturating_sub(1);
            }
            c if depth == 0 && is_name(c) => {
                start.get_or_insert(at);
            }
            _ => close(receiver, &mut start, at, &mut found),
        }
        if found.len() >= MAX_SEGMENTS {
            return Some(found);
        }
    }
    close(receiver, &mut start, receiver.len(), &mut found);
    (!found.is_empty()).then_some(found)
}

fn close<'a>(text: &'a str, start: &mut Option<usize>, end: usize, found: &mut Vec<&'a str>) {
    found.extend(start.take().and_then(|start| text.get(start..end)));
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '@')
}
