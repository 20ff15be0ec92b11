//! Routes of Rails as Rails itself lists them: `resources` gives one for each action, and what stands around a route gives
//! it a path, a controller and a module.

use super::inflection::{plural, singular};
use super::ruby::{Arguments, symbol, word, words};
use super::{EntryKind, EntryPoint, Registrar};
use codexa_model::facts::{Facts, Registration};

const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "options", "head"];

/// Action, methods, and whether it is about one of the resources.
const ACTIONS: &[(&str, &str, bool)] = &[
    ("index", "GET", false),
    ("create", "POST", false),
    ("new", "GET", false),
    ("edit", "GET", true),
    ("show", "GET", true),
    ("update", "PATCH,PUT", true),
    ("destroy", "DELETE", true),
];

/// What stands around a route.
#[derive(Clone, Default)]
struct Scope {
    end_line: u32,
    /// Before the paths of what stands inside; `None` where it is computed.
    path: Option<String>,
    /// Before the names of controllers, with `/` at its end.
    module: String,
    controller: Option<String>,
    /// Paths of `resources` around: of all, and of one.
    resource: Option<(String, String)>,
    /// Routes that are only defined here and used where they are named (`concern`).
    is_pattern: bool,
}

/// The routes that a file declares.
pub(super) fn find(path: &str, facts: &Facts) -> Vec<EntryPoint> {
    let mut found = Vec::new();
    if !path.contains("config/routes") {
        return found;
    }
    let mut scopes: Vec<Scope> = Vec::new();
    for registration in &facts.registrations {
        let Some(call) = facts.calls.get(registration.call as usize).filter(|call| call.receiver.is_none()) else {
            continue;
        };
        while scopes.last().is_some_and(|scope| scope.end_line < call.line) {
            scopes.pop();
        }
        let top = Scope { path: Some(String::new()), ..Scope::default() };
        let around = scopes.last().unwrap_or(&top);
        let declared = Declared::of(&call.name, registration, around, call.line);
        if !around.is_pattern {
            found.extend(declared.routes);
        }
        scopes.extend(declared.inside);
    }
    found
}

/// What one call declares.
struct Declared {
    routes: Vec<EntryPoint>,
    /// What stands around the routes in its block.
    inside: Option<Scope>,
}

impl Declared {
    fn of(name: &str, registration: &Registration, around: &Scope, line: u32) -> Self {
        let arguments = Arguments::of(&registration.arguments);
        let inside = |scope: Scope| Self {
            routes: Vec::new(),
            inside: Some(Scope { end_line: registration.end_line, ..scope }),
        };
        match name {
            "namespace" => inside(namespace(&arguments, around)),
            "scope" => inside(scope(&arguments, around)),
            "controller" => {
                let controller = arguments.subject().and_then(symbol).map(Into::into);
                inside(Scope { controller, ..around.clone() })
            }
            "concern" => inside(Scope { is_pattern: true, ..around.clone() }),
            "member" | "collection" => inside(part_of_resource(name, around)),
            "resources" | "resource" => {
                let resources: Vec<Resource<'_>> =
                    arguments.plain.iter().map(|of| Resource::new(name, of, &arguments, around)).collect();
                let routes = resources.iter().flat_map(|resource| resource.routes(line)).collect();
                let last = resources.last().map(Resource::inside);
                let inside = last.map(|scope| Scope { end_line: registration.end_line, ..scope });
                Self { routes, inside }
            }
            "root" => {
                let to = arguments.option("to").or_else(|| arguments.subject());
                let path = around.path.as_deref().map(|path| below(path, ""));
                Self { routes: vec![route(line, Some("GET".into()), path, target(to, around))], inside: None }
            }
            "mount" => Self { routes: mounted(&arguments, around, line).into_iter().collect(), inside: None },
            "match" => {
                let via = arguments.option("via").and_then(words).filter(|via| !via.contains(&"all"));
                let method = via.map(|via| via.join(",").to_uppercase());
                Self { routes: single(&arguments, method.as_deref(), around, line), inside: None }
            }
            verb if VERBS.contains(&verb) => {
                let method = verb.to_uppercase();
                Self { routes: single(&arguments, Some(&method), around, line), inside: None }
            }
            _ => Self { routes: Vec::new(), inside: None },
        }
    }
}

/// A path below another; `/` for neither.
fn below(path: &str, own: &str) -> String {
    let own = own.trim_matches('/');
    match (path, own) {
        ("", "") => "/".to_owned(),
        (path, "") => path.to_owned(),
        (path, own) => format!("{path}/{own}"),
    }
}

/// A path to put before others.
fn prefix(path: &str, own: &str) -> String {
    below(path, own).trim_end_matches('/').to_owned()
}

/// The value of an option: `Some("")` for `nil` and `false`, `None` where it is computed.
fn value(text: &str) -> Option<&str> {
    if matches!(text, "nil" | "false") { Some("") } else { symbol(text) }
}

fn namespace(arguments: &Arguments<'_>, around: &Scope) -> Scope {
    let name = arguments.subject().and_then(symbol);
    let path = arguments.option("path").map_or(name, value);
    let module = arguments.option("module").map_or(name, value);
    Scope {
        path: around.path.as_deref().zip(path).map(|(before, path)| prefix(before, path)),
        module: module_below(around, module),
        resource: None,
        controller: None,
        ..around.clone()
    }
}

fn scope(arguments: &Arguments<'_>, around: &Scope) -> Scope {
    let path = arguments.option("path").or_else(|| arguments.subject());
    let module = arguments.option("module");
    let controller = arguments.option("controller").and_then(symbol).map(Into::into);
    Scope {
        path: match path {
            Some(path) => around.path.as_deref().zip(value(path)).map(|(before, path)| prefix(before, path)),
            None => around.path.clone(),
        },
        module: module.map_or_else(|| around.module.clone(), |module| module_below(around, value(module))),
        controller: controller.or_else(|| around.controller.clone()),
        ..around.clone()
    }
}

fn module_below(around: &Scope, own: Option<&str>) -> String {
    match own.map(|own| own.trim_matches('/')) {
        Some("") | None => around.module.clone(),
        Some(own) => format!("{}{own}/", around.module),
    }
}

/// Inside `member` and `collection` of a resource.
fn part_of_resource(part: &str, around: &Scope) -> Scope {
    let path = around.resource.as_ref().map(|(all, one)| if part == "member" { one.clone() } else { all.clone() });
    Scope { path: path.or_else(|| around.path.clone()), ..around.clone() }
}

/// `resources :posts` or `resource :profile`.
struct Resource<'a> {
    name: Option<&'a str>,
    is_single: bool,
    /// `None` where it is computed.
    path: Option<String>,
    controller: String,
    parameter: &'a str,
    /// What is asked for, and what is left out; `None` where it is computed.
    only: Option<Vec<&'a str>>,
    except: Option<Vec<&'a str>>,
    around: &'a Scope,
}

impl<'a> Resource<'a> {
    fn new(kind: &str, of: &'a str, arguments: &Arguments<'a>, around: &'a Scope) -> Self {
        let name = symbol(of);
        let is_single = kind == "resource";
        let own = arguments.option("path").map_or(name, value);
        let controller = arguments.option("controller").map_or(name, symbol).unwrap_or_default();
        let is_named = arguments.option("controller").is_some();
        let many = if is_single && !is_named { plural(controller) } else { controller.to_owned() };
        let all = || ACTIONS.iter().map(|(action, ..)| *action).collect();
        Self {
            name,
            is_single,
            path: around.path.as_deref().zip(own).map(|(before, own)| prefix(before, own)),
            controller: within(&around.module, &many),
            parameter: arguments.option("param").and_then(symbol).unwrap_or("id"),
            only: arguments.option("only").map_or_else(|| Some(all()), words),
            except: arguments.option("except").map_or_else(|| Some(Vec::new()), words),
            around,
        }
    }

    fn one(&self, path: &str) -> String {
        if self.is_single { path.to_owned() } else { format!("{path}/:{}", self.parameter) }
    }

    fn routes(&self, line: u32) -> Vec<EntryPoint> {
        let (Some(name), Some(only), Some(except)) = (self.name, &self.only, &self.except) else {
            // Which actions there are is computed: one row for all of them.
            let name = self.name.map(Into::into);
            return vec![EntryPoint { confidence: 60, ..route(line, None, self.path.clone(), name) }];
        };
        let is_asked = |action: &str| only.contains(&action) && !except.contains(&action);
        let actions = ACTIONS.iter().filter(|(action, ..)| is_asked(action) && !(self.is_single && *action == "index"));
        let routes = actions.map(|(action, method, of_one)| {
            let path = self.path.as_deref().map(|all| {
                let path = if *of_one { self.one(all) } else { all.to_owned() };
                let own = if matches!(*action, "new" | "edit") { action } else { "" };
                below(&path, own)
            });
            let controller = if self.controller.is_empty() { name } else { &self.controller };
            route(line, Some((*method).into()), path, Some(format!("{controller}#{action}")))
        });
        routes.collect()
    }

    fn inside(&self) -> Scope {
        let nested = self.path.as_deref().map(|path| match self.name.filter(|_| !self.is_single) {
            Some(name) => format!("{path}/:{}_{}", singular(name), self.parameter),
            None => path.to_owned(),
        });
        Scope {
            path: nested,
            controller: Some(match self.controller.strip_prefix(&*self.around.module) {
                Some(controller) => controller.to_owned(),
                None => format!("/{}", self.controller),
            }),
            resource: self.path.clone().map(|all| (all.clone(), self.one(&all))),
            ..self.around.clone()
        }
    }
}

/// The routes of `get "/x" => "a#b"`, `get :preview, on: :member` and their like, one for each path.
fn single(arguments: &Arguments<'_>, method: Option<&str>, around: &Scope, line: u32) -> Vec<EntryPoint> {
    let part = arguments.option("on").and_then(symbol);
    let scope = part.map_or_else(|| around.clone(), |part| part_of_resource(part, around));
    let to = arguments.option("to").or_else(|| arguments.mapped.map(|(_, to)| to));
    let subjects = match arguments.mapped {
        Some((path, _)) if arguments.plain.is_empty() => vec![path],
        _ => arguments.plain.clone(),
    };
    let one = |subject: &str| {
        let own = symbol(subject).or_else(|| word(subject).filter(|_| arguments.plain.is_empty()));
        let option = |name: &str| arguments.option(name).and_then(symbol);
        let path = scope.path.as_deref().zip(option("path").or(own)).map(|(before, own)| below(before, own));
        let action = option("action").or(own);
        let name = match to {
            Some(to) => target(Some(to), &scope),
            None => action.and_then(|action| implied(action, option("controller"), &scope)),
        };
        route(line, method.map(Into::into), path, name.or_else(|| own.is_none().then(|| subject.to_owned())))
    };
    subjects.into_iter().map(one).collect()
}

/// What answers where the route says only its path: the action of that name.
fn implied(action: &str, controller: Option<&str>, scope: &Scope) -> Option<String> {
    let action = action.trim_matches('/');
    if action.is_empty() {
        return None;
    }
    if let Some(controller) = controller.or(scope.controller.as_deref()).filter(|controller| !controller.is_empty()) {
        return (!action.contains('/')).then(|| format!("{}#{action}", within(&scope.module, controller)));
    }
    let (controller, action) = action.rsplit_once('/')?;
    Some(format!("{}{controller}#{action}", scope.module))
}

/// A controller in a module; one that begins with `/` is named whole.
fn within(module: &str, controller: &str) -> String {
    controller.strip_prefix('/').map_or_else(|| format!("{module}{controller}"), ToOwned::to_owned)
}

/// What a route leads to: an action, or an application.
fn target(to: Option<&str>, scope: &Scope) -> Option<String> {
    let to = to?;
    match symbol(to) {
        Some(named) if named.contains('#') => Some(within(&scope.module, named)),
        Some(action) => implied(action, None, scope),
        None => constant(to).map(Into::into),
    }
}

/// The path of constants that a text begins with.
fn constant(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(text.len());
    text.get(..end).filter(|name| name.starts_with(|c: char| c.is_uppercase()))
}

/// `mount App => "/x"`, `mount App, at: "/x"`.
fn mounted(arguments: &Arguments<'_>, around: &Scope, line: u32) -> Option<EntryPoint> {
    let at = arguments.option("at").or_else(|| arguments.mapped.map(|(_, at)| at));
    let path = around.path.as_deref().zip(at.and_then(symbol)).map(|(before, own)| below(before, own));
    let name = arguments.subject().map(|app| constant(app).unwrap_or(app).to_owned());
    (path.is_some() || name.is_some()).then(|| route(line, None, path, name))
}

fn route(line: u32, method: Option<String>, path: Option<String>, name: Option<String>) -> EntryPoint {
    let name = name.or_else(|| path.clone()).unwrap_or_else(|| "route".to_owned());
    EntryPoint {
        kind: EntryKind::HttpRoute,
        name: name.into(),
        method: method.map(Into::into),
        path: path.map(Into::into),
        registrar: Registrar::default(),
        symbol: None,
        line,
        origin: "ruby.rails_route".into(),
        confidence: 90,
    }
}
