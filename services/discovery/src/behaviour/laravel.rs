//! `Route::resource('photos', PhotoController::class)`: a route for each action, under Laravel's names for them.

use super::inflection::singular;
use super::registering::split;
use super::ruby::words;
use codexa_model::facts::Facts;

/// Action, methods, whether it is about one of the resources, what follows, and whether an API leaves it out.
const ACTIONS: &[(&str, &str, bool, &str, bool)] = &[
    ("index", "GET", false, "", false),
    ("create", "GET", false, "/create", true),
    ("store", "POST", false, "", false),
    ("show", "GET", true, "", false),
    ("edit", "GET", true, "/edit", true),
    ("update", "PUT,PATCH", true, "", false),
    ("destroy", "DELETE", true, "", false),
];

/// One of the routes of a resource.
pub(super) struct Action {
    pub(super) name: String,
    pub(super) method: &'static str,
    pub(super) path: String,
}

/// The routes of a resource; `None` where which ones there are is computed.
pub(super) fn resource(facts: &Facts, callee: &str, resource: &str, arguments: &str, line: u32) -> Option<Vec<Action>> {
    let is_single = callee.to_ascii_lowercase().ends_with("singleton");
    let controller = split(arguments).into_iter().nth(1).and_then(|of| of.trim().strip_suffix("::class"));
    let (only, except) =
        (chosen(facts, "only", resource, arguments, line)?, chosen(facts, "except", resource, arguments, line)?);
    let is_asked = |action: &str| {
        only.as_ref().is_none_or(|only| only.contains(&action))
            && except.as_ref().is_none_or(|not| !not.contains(&action))
    };
    let of_single = |action: &str| matches!(action, "show" | "edit" | "update");
    let parts: Vec<&str> = resource.trim_matches('/').split('.').collect();
    let actions = ACTIONS.iter().filter(|(action, .., only_pages)| {
        is_asked(action) && (!is_single || of_single(action)) && !(callee.starts_with("api") && *only_pages)
    });
    let actions = actions.map(|(action, method, is_one, end, _)| {
        let mut path = String::new();
        for (at, part) in parts.iter().enumerate() {
            path = path + "/" + part;
            if !is_single && (*is_one || at + 1 < parts.len()) {
                let name = part.rsplit('/').next().unwrap_or(part);
                path = path + "/{" + &singular(name).replace('-', "_") + "}";
            }
        }
        let name = controller.map_or_else(|| format!("{resource}.{action}"), |of| format!("{of}@{action}"));
        Action { name, method, path: path + end }
    });
    Some(actions.collect())
}

/// The actions that `->only([…])` behind a resource, or an option of it, names: `Some(None)` where there is none, `None`
/// where they are computed.
fn chosen<'a>(
    facts: &'a Facts,
    which: &str,
    resource: &str,
    arguments: &'a str,
    line: u32,
) -> Option<Option<Vec<&'a str>>> {
    let key = [format!("'{which}' =>"), format!("\"{which}\" =>")];
    if let Some((_, list)) = key.iter().find_map(|key| arguments.split_once(&**key)) {
        let list = list.trim_start();
        let end = list.find(']').map_or(list.len(), |end| end + 1);
        return words(list.get(..end)?).map(Some);
    }
    let is_of_resource = |receiver: &str| {
        let quoted = [format!("('{resource}'"), format!("(\"{resource}\"")];
        quoted.iter().any(|quoted| receiver.contains(&**quoted))
    };
    let found = facts.registrations.iter().find(|registration| {
        let call = facts.calls.get(registration.call as usize);
        call.is_some_and(|call| {
            *call.name == *which && call.line >= line && call.receiver.as_deref().is_some_and(is_of_resource)
        })
    });
    match found {
        Some(registration) if registration.arguments.starts_with('[') => words(&registration.arguments).map(Some),
        Some(registration) => {
            split(&registration.arguments).into_iter().map(super::ruby::symbol).collect::<Option<_>>().map(Some)
        }
        None => Some(None),
    }
}
