//! What a schema cannot say: globs, versions, who may say what, overrides without effect, files that belong.

use crate::chain::{self, Link};
use crate::check::{Departure, check};
use crate::control_plane;
use crate::merge::{Given, Origin, Resolved, lookup};
use crate::metadata::ProjectMetadata;
use crate::options::Options;
use crate::schema::project_metadata_schema;
use crate::scope::Scope;
use crate::search::{FILE, FOLDER};
use crate::source::{Source, read_text};
use crate::yaml::{self, Budget, Data, Node};
use codexa_model::{Diagnostic, Location, Severity};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Settings that hold for one file alone, or that only a project's own file may give.
const OWN: [&str; 6] = ["version", "extends", "project.id", "project.name", "phases", "milestones"];
/// Of those, the ones that an inherited file may not have at all.
const OF_PROJECTS: [&str; 3] = ["project", "phases", "milestones"];
/// Settings that hold lists of globs.
const GLOBS: [&str; 5] =
    ["discovery.focus", "discovery.skip_paths", "discovery.context", "discovery.generated", "discovery.vendored"];
/// Settings worth writing even where they repeat what is built in.
const DELIBERATE: [&str; 2] = ["version", "maturity"];
/// What belongs into `.codexa/` beside `config.yaml`.
const BELONGS: [&str; 7] =
    ["README.md", "project_metadata.yaml", ".gitignore", "agents", "rules", "workflows", "manifests"];

pub(crate) fn is_own(key: &str) -> bool {
    OWN.contains(&key)
}

pub(crate) fn nothing_found(root: &Path) -> Diagnostic {
    Diagnostic::warning(
        "CONFIG_NOT_FOUND",
        format!("no `.codexa/` in or above `{}`, and no control plane", root.display()),
    )
    .with_help("built-in settings hold; `codexa init` makes a `.codexa/`")
}

/// The file to start from, its symbolic links resolved. One that the caller named may lie anywhere.
pub(crate) fn first_file(file: &Path, scope: &Scope, named: bool) -> Result<PathBuf, Diagnostic> {
    let shown = scope.shown(file).display().to_string();
    let real = file.canonicalize().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Diagnostic::error("CONFIG_NOT_FOUND", format!("`{shown}` does not exist"))
                .with_help("`codexa init` adds what is missing and overwrites nothing")
        } else {
            Diagnostic::error("CONFIG_UNREADABLE", format!("`{shown}` cannot be read: {error}"))
        }
    })?;
    if named || scope.allows(&real) {
        return Ok(real);
    }
    Err(Diagnostic::error("CONFIG_OUTSIDE", format!("`{shown}` is a link that leads outside the project"))
        .with_help("put the file itself there; nothing outside the project is read"))
}

/// Values that have the right type and still cannot work.
pub(crate) fn values(tree: &Node) -> Vec<Departure> {
    let mut found = Vec::new();
    for key in GLOBS {
        let Some((node, _)) = lookup(tree, key) else { continue };
        let Data::List(items) = &node.data else { continue };
        for item in items {
            let Data::Scalar { value: Value::String(glob), .. } = &item.data else { continue };
            if let Err(error) = globset::Glob::new(glob.strip_prefix('!').unwrap_or(glob)) {
                let message = format!("`{key}` has a glob that cannot be read: {}", error.kind());
                found.push(Departure::error("CONFIG_GLOB", message, item.span));
            }
        }
    }
    if let Some((node, _)) = lookup(tree, "control_plane.version")
        && let Data::Scalar { value: Value::String(text), .. } = &node.data
        && let Err(error) = semver::VersionReq::parse(text)
    {
        let message = format!("`control_plane.version` is not a version requirement: {error}");
        found.push(Departure::error("CONFIG_VALUE", message, node.span).with_label("for example ^1.2"));
    }
    if let Some((node, _)) = lookup(tree, "project.id")
        && let Data::Scalar { value: Value::String(text), .. } = &node.data
        && uuid::Uuid::try_parse(text).is_err()
    {
        found.push(Departure::error("CONFIG_VALUE", "`project.id` is not a UUID".to_owned(), node.span));
    }
    found.extend(repeated_groups(tree));
    found
}

/// Two phases or milestones of one id.
fn repeated_groups(tree: &Node) -> Vec<Departure> {
    let mut found = Vec::new();
    for key in ["phases", "milestones"] {
        let Some((Node { data: Data::List(items), .. }, _)) = lookup(tree, key) else { continue };
        let mut seen = std::collections::BTreeSet::new();
        for id in items.iter().filter_map(|item| item.entry("id")) {
            if let Data::Scalar { raw, .. } = &id.node.data
                && !seen.insert(raw.as_str())
            {
                found.push(Departure::error("CONFIG_VALUE", format!("`{key}` has `{raw}` twice"), id.node.span));
            }
        }
    }
    found
}

/// Keys that an inherited file may not have, and the one that a project's own file should.
pub(crate) fn keys_of_projects(tree: &Node, inherited: bool) -> Vec<Departure> {
    if !inherited {
        let has_id = lookup(tree, "project.id").is_some();
        let at = tree.entry("project").map_or(tree.span, |entry| entry.key_span);
        let missing = Departure::error("CONFIG_PROJECT_ID", "`project.id` is missing".to_owned(), at)
            .with_label("the id ties decisions to this project");
        return if has_id { Vec::new() } else { vec![Departure { severity: Severity::Warning, ..missing }] };
    }
    OF_PROJECTS
        .iter()
        .filter_map(|key| tree.entry(key))
        .map(|entry| {
            let message = format!("`{}` belongs in the project's own file; nobody can inherit it", entry.key);
            Departure::error("CONFIG_NOT_INHERITABLE", message, entry.key_span)
        })
        .collect()
}

/// Overrides that change nothing: they repeat what they override, or something stronger hides them.
pub(crate) fn unused_overrides(values: &BTreeMap<String, Resolved>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (key, resolved) in values {
        let strongest = Given { value: resolved.value.clone(), origin: resolved.origin.clone() };
        let said: Vec<&Given> = std::iter::once(&strongest).chain(&resolved.overridden).collect();
        for (index, given) in said.iter().enumerate() {
            let Origin::File { file, line, column } = &given.origin else { continue };
            let below = said.get(index + 1);
            let hidden_by = index.checked_sub(1).and_then(|above| said.get(above));
            let (severity, message) = match (hidden_by, below) {
                (_, Some(below)) if below.value == given.value => match &below.origin {
                    Origin::BuiltIn if DELIBERATE.contains(&key.as_str()) => continue,
                    Origin::BuiltIn => (Severity::Note, format!("`{key}` repeats the built-in value")),
                    other => (Severity::Warning, format!("`{key}` repeats what {other} already says")),
                },
                (Some(above), _) if !matches!(above.origin, Origin::File { .. }) => {
                    (Severity::Note, format!("`{key}` has no effect here: {} says {}", above.origin, above.value))
                }
                (Some(above), Some(below)) if !matches!(below.origin, Origin::BuiltIn) => {
                    (Severity::Note, format!("`{key}` has no effect here: {} overrides it again", above.origin))
                }
                _ => continue,
            };
            let name = key.rsplit('.').next().unwrap_or(key);
            let length = u32::try_from(name.chars().count()).unwrap_or(1);
            let location = Location { file: file.clone(), line: *line, column: *column, length, label: None };
            found.push(Diagnostic { severity, ..Diagnostic::warning("CONFIG_UNUSED_OVERRIDE", message) }.at(location));
        }
    }
    found
}

/// Whether the control plane is there in a version that the project asks for.
pub(crate) fn control_plane_version(
    values: &BTreeMap<String, Resolved>,
    options: &Options,
    links: &[Link],
) -> Option<Diagnostic> {
    let wanted = values.get("control_plane.version")?;
    let text = wanted.value.as_str()?;
    let requirement = semver::VersionReq::parse(text).ok()?;
    let plane = options.control_plane();
    let problem = match plane.as_deref().map(control_plane::version) {
        Some(Ok(version)) if requirement.matches(&version) => return None,
        Some(Ok(version)) => Diagnostic::error(
            "CONFIG_CONTROL_PLANE_VERSION",
            format!("the control plane is version {version}, the project asks for {text}"),
        )
        .with_help("`codexa control-plane sync` brings a newer one, or change `control_plane.version`"),
        Some(Err(error)) => Diagnostic::error(
            "CONFIG_CONTROL_PLANE_MISSING",
            format!("the project asks for control plane {text}: {error}"),
        )
        .with_help("`codexa control-plane sync SOURCE` or `codexa control-plane init`"),
        None => Diagnostic::error(
            "CONFIG_CONTROL_PLANE_MISSING",
            format!("the project asks for control plane {text}, but HOME is not set"),
        ),
    };
    let place = links.iter().rev().find_map(|link| {
        let (node, _) = lookup(&link.tree, "control_plane.version")?;
        Some(chain::location(&link.source, node.span, None))
    });
    Some(match place {
        Some(place) => problem.at(place),
        None => problem,
    })
}

/// What is missing from `.codexa/`, and whether its metadata fits. Returns the metadata as read.
pub(crate) fn project_folder(
    root: &Path,
    scope: &Scope,
    values: &BTreeMap<String, Resolved>,
    found: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let folder = root.join(FOLDER);
    if !folder.join(FILE).exists() {
        return None;
    }
    let missing: Vec<String> = BELONGS
        .iter()
        .filter(|name| !folder.join(name).exists())
        .map(|name| if name.contains('.') { (*name).to_owned() } else { format!("{name}/") })
        .collect();
    if !missing.is_empty() {
        let problem = Diagnostic::warning("CONFIG_INCOMPLETE", format!("`.codexa/` lacks {}", missing.join(", ")));
        found.push(problem.with_help("`codexa init` adds what is missing and overwrites nothing"));
    }
    metadata(&folder.join("project_metadata.yaml"), scope, values, found)
}

fn metadata(
    file: &Path,
    scope: &Scope,
    values: &BTreeMap<String, Resolved>,
    found: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let real = file.canonicalize().ok()?;
    if !scope.allows(&real) {
        let shown = scope.shown(file).display().to_string();
        found.push(Diagnostic::error("CONFIG_OUTSIDE", format!("`{shown}` is a link that leads outside the project")));
        return None;
    }
    let source = match read_text(&real, scope.shown(file), Budget::SETTINGS.bytes as u64) {
        Ok(source) => source,
        Err(error) => {
            found.push(chain::unreadable(&scope.shown(file), &error, None));
            return None;
        }
    };
    let tree = match yaml::parse(&source.text, Budget::SETTINGS) {
        Ok(tree) => tree,
        Err(error) => {
            found.push(chain::not_yaml(&source, &error));
            return Some(source);
        }
    };
    let departures = check(&tree, &project_metadata_schema());
    let fits = departures.is_empty();
    for departure in departures {
        let location = chain::location(&source, departure.span, departure.label);
        found.push(Diagnostic::error(departure.code, departure.message).at(location));
    }
    for (name, span) in chain::extended(&tree) {
        if let Err(refusal) = scope.locate(name, &source.path) {
            found.push(chain::refused(name, &refusal, Some((&source, span))));
        }
    }
    let read = serde_json::from_value::<ProjectMetadata>(tree.to_json()).ok().filter(|_| fits);
    if let Some(metadata) = read
        && let Some(set) = values.get("maturity")
        && set.value.as_str() != Some(metadata.maturity.level.to_string().as_str())
        && let Some((node, _)) = lookup(&tree, "maturity.level")
    {
        let level = metadata.maturity.level;
        let said = set.value.as_str().unwrap_or_default();
        let message = format!("the maturity is {level} here, but {said} by {}", set.origin);
        let location = chain::location(&source, node.span, None);
        let problem = Diagnostic::error("CONFIG_MATURITY_CONFLICT", message).at(location);
        found.push(problem.with_help("make both the same; gates follow the maturity"));
    }
    Some(source)
}
