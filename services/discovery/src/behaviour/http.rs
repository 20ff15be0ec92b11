//! Methods and paths of HTTP routes, as the frameworks write them.

use super::EntryPoint;
use codexa_model::facts::{Facts, SymbolIndex};
use rustc_hash::FxHashMap;

const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
/// Parts that frameworks put around a method: `GetMapping`, `HttpGet`, `MapGet`, `add_get`, `GET`.
const AROUND: &[&str] = &["mapping", "http", "map", "add_", "route_"];

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

/// Method and path of a route from the name of what declares it, its first argument and all of them.
pub(super) fn method_and_path(
    name: &str,
    literal: Option<&str>,
    arguments: Option<&str>,
) -> (Option<String>, Option<String>) {
    let (in_literal, path) = literal.map(split_method).map_or((None, None), |(method, path)| (method, Some(path)));
    let named = arguments.and_then(|arguments| {
        let named = ["path", "value", "template", "url"].iter().find_map(|key| text_of(arguments, key));
        named.filter(|_| path.is_none())
    });
    let method = in_literal.map(str::to_owned).or_else(|| by_name(name)).or_else(|| in_arguments(arguments?));
    (method, path.or(named).map(str::to_owned))
}

/// `GET` out of `get`, `GetMapping`, `HttpGet`, `MapGet`, `add_get`.
fn by_name(name: &str) -> Option<String> {
    let mut bare = name.to_ascii_lowercase();
    for part in AROUND {
        bare = bare.strip_prefix(part).or_else(|| bare.strip_suffix(part)).map(str::to_owned).unwrap_or(bare);
    }
    let upper = bare.to_ascii_uppercase();
    METHODS.contains(&&*upper).then_some(upper)
}

/// The methods named after `methods=`, `method =` and the like.
fn in_arguments(arguments: &str) -> Option<String> {
    let (_, after) = arguments.split_once("method")?;
    let words = after.split(|c: char| !c.is_ascii_alphabetic());
    let mut methods: Vec<String> =
        words.map(str::to_ascii_uppercase).filter(|word| METHODS.contains(&word.as_str())).collect();
    methods.dedup();
    (!methods.is_empty()).then(|| methods.join(","))
}

/// The plain string after `key =`, `key:` or `'key' =>`.
pub(super) fn text_of<'a>(arguments: &'a str, key: &str) -> Option<&'a str> {
    let is_whole = |at: &usize| {
        arguments.get(..*at).is_none_or(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let text_after = |at: usize| {
        let after = arguments.get(at + key.len()..)?.trim_start_matches(['"', '\'']).trim_start();
        let after = after.strip_prefix("=>").or_else(|| after.strip_prefix(['=', ':']))?.trim_start();
        let after = after.trim_start_matches(['{', '[']).trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (text, _) = after.get(1..)?.split_once(quote)?;
        Some(text)
    };
    arguments.match_indices(key).map(|(at, _)| at).filter(is_whole).find_map(text_after)
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

/// The route's path with the prefixes that its symbol and the symbol's class declare.
pub(super) fn full_path(
    facts: &Facts,
    prefixes: &FxHashMap<SymbolIndex, String>,
    entry: &EntryPoint,
) -> Option<Box<str>> {
    let symbol = entry.symbol.and_then(|symbol| facts.symbols.get(symbol as usize));
    let class = symbol.and_then(|symbol| symbol.parent).filter(|parent| Some(*parent) < entry.symbol);
    let of_class = class.and_then(|class| prefixes.get(&class)).map(String::as_str);
    let of_symbol = entry.symbol.and_then(|symbol| prefixes.get(&symbol)).map(String::as_str);
    if of_class.is_none() && of_symbol.is_none() {
        return entry.path.clone();
    }
    let mut path = String::new();
    for part in [of_class, of_symbol, entry.path.as_deref()].into_iter().flatten() {
        let part = part.trim_matches('/');
        if !part.is_empty() {
            path.push('/');
            path.push_str(part);
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    let class_name = class.and_then(|class| facts.symbols.get(class as usize)).map_or("", |class| &*class.name);
    let controller = class_name.strip_suffix("Controller").unwrap_or(class_name);
    let action = symbol.map_or("", |symbol| &*symbol.name);
    Some(path.replace("[controller]", controller).replace("[action]", action).into())
}
