//! Methods and paths of HTTP routes, as the frameworks write them.

use super::EntryPoint;
use super::registering::split;
use codexa_model::facts::{Facts, SymbolIndex};
use rustc_hash::FxHashMap;

const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
/// Parts that frameworks put around a method: `GetMapping`, `HttpGet`, `MapGet`, `add_get`, `GET`.
const AROUND: &[&str] = &["mapping", "http", "map", "add_", "route_"];
/// Arguments that say a path.
const PATHS: &[&str] = &["path", "value", "template", "url", "urlPatterns", "Route", "uri"];
/// Calls that are given their methods as a list or one by one.
const LISTING: &[&str] = &["AcceptVerbs", "MapMethods", "map", "match"];

/// Where a route says that it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Paths {
    /// These, each a route.
    Written(Vec<String>),
    /// Nothing of its own: what stands around it says all.
    Absent,
    /// Something that only running the code would tell.
    Computed,
}

/// Whether a literal is a path of a URL, alone or after a method.
pub(super) fn is_path(literal: &str) -> bool {
    let (_, path) = split_method(literal);
    path.starts_with('/') || path == "*"
}

/// Go's net/http writes `GET /path`.
fn split_method(literal: &str) -> (Option<&str>, &str) {
    match literal.split_once(' ') {
        Some((method, path)) if METHODS.contains(&method) => (Some(method), path.trim_start()),
        _ => (None, literal),
    }
}

/// Method and paths of a route from the name of what declares it, its first argument and all of them.
pub(super) fn method_and_paths(name: &str, literal: Option<&str>, arguments: Option<&str>) -> (Option<String>, Paths) {
    if let Some(arguments) = arguments.filter(|_| LISTING.contains(&name)) {
        return listed(arguments);
    }
    let (in_literal, path) = literal.map(split_method).map_or((None, None), |(method, path)| (method, Some(path)));
    let chained = || arguments.filter(|_| name == "route").and_then(chained);
    let said = || arguments.and_then(in_arguments).or_else(chained);
    let method = in_literal.map(str::to_owned).or_else(|| by_name(name)).or_else(said);
    let paths = match path {
        Some(path) => Paths::Written(vec![path.to_owned()]),
        None => arguments.filter(|arguments| !arguments.is_empty()).map_or(Paths::Absent, paths_in),
    };
    (method, paths)
}

/// `GET` out of `get`, `GetMapping`, `HttpGet`, `MapGet`, `add_get`; a page that is only shown is one too.
fn by_name(name: &str) -> Option<String> {
    let mut bare = name.to_ascii_lowercase();
    for part in AROUND {
        bare = bare.strip_prefix(part).or_else(|| bare.strip_suffix(part)).map(str::to_owned).unwrap_or(bare);
    }
    let upper = match &*bare {
        "view" => "GET".to_owned(),
        "del" => "DELETE".to_owned(),
        _ => bare.to_ascii_uppercase(),
    };
    METHODS.contains(&&*upper).then_some(upper)
}

/// The paths that arguments without a plain first one say.
fn paths_in(arguments: &str) -> Paths {
    let named: Vec<&str> = PATHS.iter().flat_map(|key| after_key(arguments, key)).collect();
    let written: Vec<String> = match named.first() {
        Some(named) => strings(named),
        None if arguments.starts_with(['[', '{']) => strings(arguments),
        None => Vec::new(),
    }
    .into_iter()
    .map(str::to_owned)
    .collect();
    let first = split(arguments).into_iter().next().unwrap_or_default();
    match written.is_empty() {
        false => Paths::Written(written),
        true if named.is_empty() && is_named(first) => Paths::Absent,
        true => Paths::Computed,
    }
}

/// Whether an argument has a key.
fn is_named(argument: &str) -> bool {
    let argument = argument.trim();
    let end = argument.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(argument.len());
    let rest = argument.get(end..).unwrap_or_default().trim_start();
    let assigns = rest.strip_prefix('=').is_some_and(|rest| !rest.starts_with('='));
    end > 0 && (assigns || rest.starts_with(':') && !rest.starts_with("::"))
}

/// The methods named after `methods=`, `method =` and the like.
fn in_arguments(arguments: &str) -> Option<String> {
    let value = ["methods", "method"].iter().find_map(|key| after_key(arguments, key).next())?;
    let end = match value.chars().next()? {
        '[' => value.find(']'),
        '{' => value.find('}'),
        '(' => value.find(')'),
        _ => value.find(','),
    };
    joined(words(value.get(..end.unwrap_or(value.len()))?))
}

/// `match(['get', 'post'], '/x')`, `MapMethods("/x", new[] { "GET" }, …)`, `AcceptVerbs("GET", "POST", Route = "x")`.
fn listed(arguments: &str) -> (Option<String>, Paths) {
    let mut methods = Vec::new();
    let mut path = after_key(arguments, "Route").find_map(|value| plain(value));
    for argument in split(arguments).into_iter().take(METHODS.len()).map(str::trim) {
        match plain(argument) {
            Some(text) if METHODS.contains(&&*text.to_ascii_uppercase()) => methods.push(text.to_ascii_uppercase()),
            Some(text) => {
                path.get_or_insert(text);
            }
            None if argument.contains("=>") || argument.contains("function") => break,
            None => methods.extend(words(argument)),
        }
    }
    let paths = path.map_or(Paths::Absent, |path| Paths::Written(vec![path.to_owned()]));
    (joined(methods), paths)
}

/// The methods of `get(show).post(save)`, the second argument of a route. Where the text was cut, more may follow.
fn chained(arguments: &str) -> Option<String> {
    let chain = split(arguments).into_iter().nth(1)?;
    let (mut methods, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in chain.char_indices() {
        match c {
            '(' | '{' | '[' => {
                if depth == 0 && c == '(' {
                    let name = chain.get(start..at).unwrap_or_default().trim();
                    methods.push(name.strip_suffix("_service").unwrap_or(name).to_ascii_uppercase());
                }
                depth += 1;
            }
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 && !(c.is_alphanumeric() || c == '_') => start = at + c.len_utf8(),
            _ => {}
        }
    }
    methods.retain(|name| METHODS.contains(&&**name));
    joined(methods).filter(|_| depth == 0)
}

/// The methods among the words of a text.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    words.map(str::to_ascii_uppercase).filter(|word| METHODS.contains(&word.as_str())).collect()
}

fn joined(mut methods: Vec<String>) -> Option<String> {
    methods.dedup();
    (!methods.is_empty()).then(|| methods.join(","))
}

/// What follows `key =`, `key:` or `'key' =>`, at each place.
fn after_key<'a>(arguments: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let is_whole = |at: &usize| {
        arguments.get(..*at).is_none_or(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let value = |at: usize| {
        let after = arguments.get(at + key.len()..)?.trim_start_matches(['"', '\'']).trim_start();
        let value = after.strip_prefix("=>").or_else(|| after.strip_prefix(['=', ':']))?;
        Some(value.trim_start()).filter(|value| !value.starts_with([':', '=']))
    };
    arguments.match_indices(key).map(|(at, _)| at).filter(move |at| is_whole(at)).filter_map(value)
}

/// The plain string that a text begins with, where nothing is added to it.
fn plain(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (inner, rest) = text.get(1..)?.split_once(quote)?;
    let rest = rest.trim_start();
    (rest.is_empty() || rest.starts_with([',', ')', ']', '}', '#'])).then_some(inner)
}

/// The plain strings of the list that a text begins with, or the one string.
fn strings(text: &str) -> Vec<&str> {
    let Some(mut rest) = text.strip_prefix(['[', '{']) else { return plain(text).into_iter().collect() };
    let mut found = Vec::new();
    while let Some(item) = plain(rest) {
        found.push(item);
        let Some((_, after)) = rest.trim_start().get(item.len() + 2..).and_then(|after| after.split_once(',')) else {
            break;
        };
        rest = after;
    }
    found
}

/// The plain string after `key =`, `key:` or `'key' =>`; the first of a list.
pub(super) fn text_of<'a>(arguments: &'a str, key: &'a str) -> Option<&'a str> {
    after_key(arguments, key).find_map(|value| strings(value).into_iter().next())
}

/// The one name after `key =` or `key:`, where nothing is done with it.
pub(super) fn name_of<'a>(arguments: &'a str, key: &'a str) -> Option<&'a str> {
    let value = after_key(arguments, key).next()?;
    let end = value.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(value.len());
    let (name, rest) = value.split_at(end);
    (!name.is_empty() && rest.trim_start_matches([' ', '\t']).starts_with([',', '}', '\n'])).then_some(name)
}

/// Whether arguments say such a path, but not as a plain string.
pub(super) fn has_computed_prefix(arguments: &str) -> bool {
    prefix_values(arguments).next().is_some_and(|value| strings(value).is_empty() && !is_nothing(value))
}

fn prefix_values(arguments: &str) -> impl Iterator<Item = &str> {
    ["url_prefix", "prefix"].into_iter().flat_map(move |key| after_key(arguments, key))
}

/// `None`, `null` and the empty string are no path at all.
fn is_nothing(value: &str) -> bool {
    ["None", "null", "nil", "undefined"].iter().any(|nothing| value.starts_with(nothing))
}

/// The path that a router puts before those of its routes, from the arguments it was made with.
pub(super) fn prefix(arguments: &str) -> Option<&str> {
    let prefix = ["url_prefix", "prefix"].iter().find_map(|key| text_of(arguments, key))?;
    Some(prefix.trim_end_matches('/')).filter(|prefix| !prefix.is_empty())
}

/// A route's path behind its router's prefix; a `/` at its end stays, because it makes another route.
pub(super) fn below(prefix: &str, path: &str) -> String {
    let (slash, path) = if path.is_empty() { ("", "") } else { ("/", path.trim_start_matches(['^', '/'])) };
    let start = if prefix.is_empty() || prefix.starts_with('/') { "" } else { "/" };
    format!("{start}{prefix}{slash}{path}")
}

/// The paths that annotations of symbols say.
pub(super) type Prefixes = FxHashMap<SymbolIndex, Vec<String>>;

/// The route's path with the prefixes that its symbol and the symbol's class declare, once for each way to combine them.
pub(super) fn full_paths(facts: &Facts, prefixes: &Prefixes, entry: &EntryPoint) -> Vec<Option<Box<str>>> {
    let symbol = entry.symbol.and_then(|symbol| facts.symbols.get(symbol as usize));
    let class = symbol.and_then(|symbol| symbol.parent).filter(|parent| Some(*parent) < entry.symbol);
    let of_class = class.and_then(|class| prefixes.get(&class));
    let of_symbol = entry.symbol.and_then(|symbol| prefixes.get(&symbol));
    let Some(own) = entry.path.as_deref().filter(|_| of_class.is_some() || of_symbol.is_some()) else {
        return vec![entry.path.clone()];
    };
    let class_name = class.and_then(|class| facts.symbols.get(class as usize)).map_or("", |class| &*class.name);
    let controller = class_name.strip_suffix("Controller").unwrap_or(class_name);
    let action = symbol.map_or("", |symbol| &*symbol.name);
    let nothing = vec![String::new()];
    let mut found = Vec::new();
    for of_class in of_class.unwrap_or(&nothing) {
        for of_symbol in of_symbol.unwrap_or(&nothing) {
            let parts = [&**of_class, of_symbol, own].into_iter().map(|part| part.trim_matches('/'));
            let path = parts.filter(|part| !part.is_empty()).fold(String::new(), |path, part| path + "/" + part);
            let path = if path.is_empty() { "/".to_owned() } else { path };
            found.push(Some(path.replace("[controller]", controller).replace("[action]", action).into()));
        }
    }
    found
}
