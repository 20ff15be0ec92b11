//! Entry points that a framework finds by the place of a file.

use super::{EntryKind, EntryPoint, Registrar};
use codexa_model::Language;
use codexa_model::facts::{Facts, SymbolKind, Visibility};

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// What the place of a file makes of it.
pub(super) fn find(path: &str, facts: &Facts) -> Vec<EntryPoint> {
    match facts.language {
        Language::JavaScript | Language::TypeScript | Language::Tsx => javascript(path, facts),
        Language::Python => django_command(path, facts).into_iter().collect(),
        Language::Ruby => active_jobs(path, facts),
        _ => Vec::new(),
    }
}

/// Next.js's `app/**/route.ts`, SvelteKit's `+server.ts` and Next.js's `pages/api/**`.
fn javascript(path: &str, facts: &Facts) -> Vec<EntryPoint> {
    let Some((stem, _)) = path.rsplit_once('.') else { return Vec::new() };
    let below = |folder: &str| {
        let rest = stem.strip_prefix(&format!("{folder}/"));
        rest.or_else(|| stem.split_once(&format!("/{folder}/")).map(|(_, rest)| rest))
    };
    let handlers = |origin: &'static str, route: &str| -> Vec<EntryPoint> {
        let exported = facts.symbols.iter().zip(0_u32..).filter(|(symbol, _)| {
            symbol.parent.is_none() && symbol.visibility == Visibility::Public && METHODS.contains(&&*symbol.name)
        });
        exported
            .map(|(symbol, at)| EntryPoint {
                kind: EntryKind::HttpRoute,
                name: symbol.name.clone(),
                method: Some(symbol.name.clone()),
                path: Some(url(route).into()),
                registrar: Registrar::default(),
                symbol: Some(at),
                line: symbol.span.start_line,
                origin: origin.into(),
                confidence: 90,
            })
            .collect()
    };
    if let Some(route) = below("app").and_then(|rest| folder_of(rest, "route")) {
        return handlers("javascript.next_route_handler", route);
    }
    if let Some(route) = below("src/routes").and_then(|rest| folder_of(rest, "+server")) {
        return handlers("javascript.sveltekit_server", route);
    }
    let Some(route) = below("pages/api").filter(|rest| !rest.ends_with(".d") && !rest.contains(".test")) else {
        return Vec::new();
    };
    let has_default = facts.symbols.iter().any(|symbol| symbol.parent.is_none() && symbol.kind == SymbolKind::Function);
    if !has_default {
        return Vec::new();
    }
    let route = route.strip_suffix("index").unwrap_or(route).trim_end_matches('/');
    vec![EntryPoint {
        kind: EntryKind::HttpRoute,
        name: "default".into(),
        method: None,
        path: Some(url(&format!("api/{route}")).into()),
        registrar: Registrar::default(),
        symbol: None,
        line: 1,
        origin: "javascript.next_api_page".into(),
        confidence: 75,
    }]
}

/// The folder before a file of the given stem; empty at the top.
fn folder_of<'a>(rest: &'a str, stem: &str) -> Option<&'a str> {
    let folder = rest.strip_suffix(stem)?;
    (folder.is_empty() || folder.ends_with('/')).then(|| folder.trim_end_matches('/'))
}

/// The URL of a folder: groups such as `(shop)` do not show in it.
fn url(folder: &str) -> String {
    let parts = folder.split('/').filter(|part| !part.is_empty() && !part.starts_with('('));
    let url = parts.fold(String::new(), |url, part| url + "/" + part);
    if url.is_empty() { "/".to_owned() } else { url }
}

/// `management/commands/name.py` with a class `Command`.
fn django_command(path: &str, facts: &Facts) -> Option<EntryPoint> {
    let (dir, file) = path.rsplit_once('/')?;
    let name = file.strip_suffix(".py").filter(|name| !name.starts_with('_'))?;
    if !dir.ends_with("management/commands") {
        return None;
    }
    let (symbol, at) = facts.symbols.iter().zip(0_u32..).find(|(symbol, _)| &*symbol.name == "Command")?;
    let from = ("python.django_command", 95);
    Some(EntryPoint::new(EntryKind::CliCommand, name, Some(at), symbol.span.start_line, from))
}

/// Classes below `app/jobs` that can be performed.
fn active_jobs(path: &str, facts: &Facts) -> Vec<EntryPoint> {
    if !path.starts_with("app/jobs/") && !path.contains("/app/jobs/") {
        return Vec::new();
    }
    let performed = facts.symbols.iter().filter(|symbol| &*symbol.name == "perform").filter_map(|symbol| symbol.parent);
    let classes = performed.filter_map(|at| Some((at, facts.symbols.get(at as usize)?)));
    let jobs = classes.filter(|(_, class)| class.kind == SymbolKind::Class).map(|(at, class)| {
        let from = ("ruby.active_job", 85);
        EntryPoint::new(EntryKind::Job, class.name.clone(), Some(at), class.span.start_line, from)
    });
    jobs.collect()
}
