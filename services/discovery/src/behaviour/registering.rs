//! What a call that registers routes says in its arguments: under which path, and what. Read off the text as written; what
//! is computed is left out.

use super::{RouterRef, http};

/// Most routers that one call is read to register.
const MOST: usize = 32;
/// Words that begin a function or a value, not the name of a router.
const OTHERS: &[&str] = &["async", "false", "fn", "func", "function", "lambda", "move", "new", "null", "self", "true"];
/// Methods and members that give a router's routes.
const ROUTES_OF: &[&str] = &[".routes", ".urls", ".middleware", ".router"];

/// The path that a call puts routes below: a named argument, or its first one. Empty where it names none.
pub(super) fn prefix<'a>(literal: Option<&'a str>, is_text: bool, arguments: &'a str) -> &'a str {
    let first = || literal.filter(|literal| is_text || literal.starts_with('/'));
    let found = http::prefix(arguments).or_else(first).unwrap_or_default();
    found.trim_start_matches('^').trim_end_matches('/')
}

/// The paths that a chain of calls goes through: `Route::prefix('admin')->group(…)`, `web::scope("/users").service(…)`,
/// `api.MapGroup("/v1").MapGroup("/x")`.
pub(super) fn of_chain(receiver: &str) -> Vec<&str> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for call in ["prefix(", "scope(", "MapGroup(", "WithPrefix("] {
        let said =
            receiver.match_indices(call).filter_map(|(at, _)| Some((at, text(receiver.get(at + call.len()..)?)?)));
        found.extend(said);
    }
    found.sort_unstable();
    found.into_iter().map(|(_, path)| path).collect()
}

/// Longest receiver that is kept, less what the last character may take: a longer one may have lost its end.
const CUT: usize = 77;

/// Whether a call puts routes below a path that only running the code would tell.
pub(super) fn is_computed(receiver: Option<&str>, arguments: &str) -> bool {
    let in_chain = receiver.is_some_and(|receiver| {
        let names_none = of_chain(receiver).is_empty();
        names_none && (receiver.contains("prefix(") || receiver.len() >= CUT && receiver.contains("::"))
    });
    in_chain || http::has_computed_prefix(arguments)
}

/// The path of a route that more is chained to: `app.route('/x').get(…)`.
pub(super) fn of_route(receiver: &str) -> Option<&str> {
    text(receiver.split_once(".route(")?.1)
}

/// The second argument, where it is a plain string.
pub(super) fn second_text(arguments: &str) -> Option<&str> {
    let second = split(arguments).into_iter().nth(1)?.trim();
    text(second).filter(|text| text.len() + 2 == second.len())
}

/// The routers that a call is given.
pub(super) fn targets(arguments: &str) -> Vec<RouterRef> {
    split(arguments).into_iter().flat_map(target).take(MOST).collect()
}

fn target(argument: &str) -> Vec<RouterRef> {
    let argument = argument.trim().trim_start_matches(['&', '*']);
    let argument = argument.strip_prefix("await ").unwrap_or(argument).trim_start();
    let inside = |call: &str| argument.strip_prefix(call).map(|inside| inside.trim_start_matches(['(', ' ']));
    let named = |argument: &str| name(argument).map(|name| RouterRef::Name(name.into()));
    if let Some(module) = inside("require(").or_else(|| inside("import(")) {
        text(module).map(|module| RouterRef::Module(module.into())).into_iter().collect()
    } else if let Some(included) = inside("include(") {
        let module = text(included).map(|module| RouterRef::Module(module.into()));
        module.or_else(|| named(included)).into_iter().collect()
    } else if let Some(routes) = inside("routes![").or_else(|| inside("rocket::routes![")) {
        split(routes.trim_end_matches(']')).into_iter().filter_map(|route| named(route.trim())).collect()
    } else {
        named(argument).into_iter().collect()
    }
}

/// The path of names that an argument begins with, unless it is the key of a named one.
fn name(argument: &str) -> Option<&str> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut end = argument.find(|c: char| !is_name(c) && c != '.' && c != ':').unwrap_or(argument.len());
    let behind = argument.get(end..).unwrap_or_default().trim_start();
    if argument.get(..end)?.ends_with(':') || behind.starts_with(['=', '"', '\'', '`', '|']) {
        return None;
    }
    if behind.starts_with('(') {
        // A method that gives a router's routes is not part of its name.
        end -= ROUTES_OF
            .iter()
            .find(|of| argument.get(..end).is_some_and(|name| name.ends_with(**of)))
            .map_or(0, |of| of.len());
    }
    let name = argument.get(..end)?.trim_end_matches('.');
    let first = name.split(['.', ':']).next().unwrap_or(name);
    let begins = name.starts_with(|c: char| is_name(c) && !c.is_ascii_digit());
    (begins && !OTHERS.contains(&first)).then_some(name)
}

/// The content of the plain string that a text begins with.
fn text(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text.get(1..)?.split_once(quote).map(|(text, _)| text)
}

/// Arguments apart, at the commas outside of brackets and strings.
pub(super) fn split(arguments: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, c) in arguments.char_indices() {
        match c {
            c if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' | '`' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(arguments.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(arguments.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routers_are_named_or_the_module_that_holds_them() {
        let shown = |arguments: &str| {
            let shown = targets(arguments).into_iter().map(|target| match target {
                RouterRef::Name(name) => name.to_string(),
                RouterRef::Module(module) => format!("<{module}>"),
            });
            shown.collect::<Vec<_>>().join(" ")
        };
        for (arguments, expected) in [
            ("users.router, prefix=\"/users\", tags=[\"a\", \"b\"]", "users.router"),
            ("bp, url_prefix='/x'", "bp"),
            ("'/api', auth, usersRouter", "auth usersRouter"),
            ("'/api', require('./routes/users')", "<./routes/users>"),
            ("import('./x'), { prefix: '/v1' }", "<./x>"),
            ("'/x', router.routes()", "router"),
            ("\"/a\", users::router(state)", "users::router"),
            ("\"/a\", routes![one, two::three]", "one two::three"),
            ("'polls/', include('polls.urls', namespace='p')", "<polls.urls>"),
            ("'polls/', include(('polls.urls', 'polls'))", "<polls.urls>"),
            ("'api/', include(router.urls)", "router.urls"),
            ("(req, res) => next()", ""),
            ("async (req) => {}", ""),
            ("\"/u\", func(r chi.Router) { r.Get(\"/\", f) }", ""),
            ("router=users", ""),
            ("{ prefix: '/x' }", ""),
            ("'/x', function ($g) { a, b", ""),
            ("|cfg| cfg", ""),
            ("", ""),
            ("require('", ""),
        ] {
            assert_eq!(shown(arguments), expected, "{arguments}");
        }
    }

    #[test]
    fn prefixes_are_named_or_come_first() {
        for (literal, is_text, arguments, expected) in [
            (None, false, "bp, url_prefix='/x/'", "/x"),
            (None, false, "['prefix' => 'admin'], function () {}", "admin"),
            (Some("/api"), false, "'/api', r", "/api"),
            (Some("auth"), false, "'auth', __name__", ""),
            (Some("^polls/"), true, "'^polls/', include('polls.urls')", "polls"),
        ] {
            assert_eq!(prefix(literal, is_text, arguments), expected, "{arguments}");
        }
        assert_eq!(of_chain("Route::prefix('admin')->middleware('x')"), ["admin"]);
        assert_eq!(of_chain("web::scope(\"/users\")"), ["/users"]);
        assert_eq!(of_chain("api.MapGroup(\"/v1\").MapGroup(\"x\")"), ["/v1", "x"]);
        assert_eq!(of_chain("app.prefix(name)"), Vec::<&str>::new());
        assert_eq!(of_route("app.route('/x').get(f)"), Some("/x"));
    }
}
