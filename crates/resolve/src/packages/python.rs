//! Python projects: `pyproject.toml`, `setup.cfg`, `setup.py`. Gives names, versions and commands, and where packages
//! are looked for (their import roots).

use crate::lexical::{after_word, assigned, ini, quoted};
use crate::paths::{folder, is_within, join, name, resolve};
use crate::{Repository, tables};
use codexa_model::relation::{Exports, Package, Program};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// What a folder's manifests say of the project in it.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// The manifest that names it, else the first one read.
    pub(crate) manifest: Box<str>,
    /// The distribution's name.
    pub(crate) name: Option<Box<str>>,
    version: Option<Box<str>>,
    programs: Vec<Program>,
    /// Whether a manifest says that the folder builds a distribution (a `pyproject.toml` may hold settings of tools only).
    builds: bool,
    /// Folders that imports are looked up in, as declared, in order.
    pub(crate) roots: Vec<Box<str>>,
    /// Distributions it needs, lower case with `-` and `.` as `_`.
    pub(crate) dependencies: BTreeSet<Box<str>>,
}

/// Files that make their folder a project, in the order they are believed; `manage.py` and requirements name nothing
/// but mark the folder that programs are started in.
const MANIFESTS: [&str; 7] =
    ["pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "requirements.txt", "Pipfile", "manage.py"];

/// The projects of a repository by folder.
pub(crate) fn projects(repo: &dyn Repository) -> BTreeMap<Box<str>, Project> {
    let mut manifests: Vec<(usize, &str)> = repo
        .paths()
        .iter()
        .filter_map(|path| Some((MANIFESTS.iter().position(|known| *known == name(path))?, &**path)))
        .collect();
    manifests.sort_unstable();
    let mut projects: BTreeMap<Box<str>, Project> = BTreeMap::new();
    for (_, path) in manifests {
        let content = repo.read(path).unwrap_or_default();
        let project = projects.entry(folder(path).into()).or_default();
        if project.manifest.is_empty() {
            project.manifest = path.into();
        }
        let named = project.name.is_some();
        match name(path) {
            "pyproject.toml" => read_pyproject(project, folder(path), &content),
            "setup.cfg" | "pytest.ini" => read_ini(project, folder(path), &String::from_utf8_lossy(&content)),
            "setup.py" => read_setup_py(project, folder(path), &String::from_utf8_lossy(&content)),
            "requirements.txt" => {
                let text = String::from_utf8_lossy(&content);
                project.dependencies.extend(text.lines().filter_map(required_name));
            }
            _ => {}
        }
        if !named && project.name.is_some() {
            project.manifest = path.into();
        }
    }
    projects
}

/// The distributions of a repository.
pub(crate) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let tops = top_packages(repo);
    projects(repo)
        .into_iter()
        .filter(|(_, project)| project.builds)
        .filter_map(|(root, mut project)| {
            let mut exports: Vec<&str> =
                tops.iter().filter(|top| belongs(top, &root, &project.roots)).map(|top| &**top).collect();
            exports.sort_unstable();
            // A name that setup.py computes: the one package that it holds is the name people know.
            let only = || match exports.as_slice() {
                [only] => Some(name(folder(only)).into()),
                _ => None,
            };
            let name = project.name.take().or_else(only)?;
            project.programs.sort_unstable();
            project.programs.dedup();
            Some(Package {
                root,
                ecosystem: "python".into(),
                name,
                version: project.version,
                manifest: project.manifest,
                programs: project.programs,
                exports: Exports::of(exports.into_iter().map(Into::into)),
            })
        })
        .collect()
}

/// The `__init__.py` of every package that stands in no other package.
fn top_packages(repo: &dyn Repository) -> Vec<Box<str>> {
    let inits: BTreeSet<&str> =
        repo.paths().iter().filter(|path| name(path) == "__init__.py").map(|path| &**path).collect();
    let is_top = |path: &&str| {
        let parent = folder(path);
        !parent.is_empty() && !inits.contains(&*join(folder(parent), "__init__.py"))
    };
    inits.iter().copied().filter(is_top).map(Into::into).collect()
}

/// Whether a top package is one that the project in `root` offers: it stands in one of its import roots and is not
/// its tests or documentation.
fn belongs(top: &str, root: &str, roots: &[Box<str>]) -> bool {
    let package = folder(top);
    let parent = folder(package);
    let aside = ["tests", "test", "docs", "doc", "examples", "benchmarks", "tools", "scripts"];
    if aside.contains(&name(package)) || !is_within(parent, root) {
        return false;
    }
    if roots.is_empty() {
        parent == root || *parent == *join(root, "src")
    } else {
        roots.iter().any(|r| **r == *parent)
    }
}

fn read_pyproject(project: &mut Project, folder: &str, content: &[u8]) {
    let Some(manifest) = tables::parse(content) else { return };
    project.builds |= manifest.contains_key("project")
        || manifest.contains_key("build-system")
        || tables::table(&manifest, &["tool", "poetry", "name"]).is_some();
    let poetry = tables::table(&manifest, &["tool", "poetry"]);
    let text = |key: &str| {
        let value = tables::string(&manifest, &["project", key]).or_else(|| poetry?.get(key)?.as_str());
        value.map(Into::into)
    };
    project.name = text("name");
    project.version = text("version");
    let scripts = [
        tables::table(&manifest, &["project", "scripts"]),
        tables::table(&manifest, &["project", "gui-scripts"]),
        poetry.and_then(|poetry| poetry.get("scripts")?.as_table()),
    ];
    for (command, target) in scripts.into_iter().flatten().flatten() {
        if let Some(target) = target.as_str() {
            project.programs.push(Program { name: command.as_str().into(), target: target.into(), declared_in: None });
        }
    }
    for root in pyproject_roots(&manifest) {
        project.roots.extend(resolve(folder, &root).map(Into::into));
    }
    let mut required = tables::strings(&manifest, &["project", "dependencies"]);
    for groups in [&["project", "optional-dependencies"][..], &["dependency-groups"]] {
        for group in tables::table(&manifest, groups).into_iter().flat_map(Table::values) {
            required.extend(group.as_array().into_iter().flatten().filter_map(Value::as_str));
        }
    }
    project.dependencies.extend(required.into_iter().filter_map(required_name));
    let poetry_dependencies = poetry.and_then(|poetry| poetry.get("dependencies")?.as_table());
    project.dependencies.extend(poetry_dependencies.into_iter().flat_map(Table::keys).filter_map(|n| required_name(n)));
}

/// Where the build back ends that people use look for packages, as their settings say.
fn pyproject_roots(manifest: &Table) -> Vec<String> {
    let mut roots: Vec<String> = Vec::new();
    let lists: [&[&str]; 3] = [
        &["tool", "setuptools", "packages", "find", "where"],
        &["tool", "pytest", "ini_options", "pythonpath"],
        &["tool", "pdm", "build", "package-dir"],
    ];
    for list in lists {
        roots.extend(tables::strings(manifest, list).into_iter().map(str::to_owned));
    }
    let single: [&[&str]; 3] = [
        &["tool", "setuptools", "package-dir", ""],
        &["tool", "maturin", "python-source"],
        &["tool", "uv", "build-backend", "module-root"],
    ];
    for path in single {
        roots.extend(tables::string(manifest, path).map(str::to_owned));
    }
    // Poetry's `{ include = "x", from = "src" }`, hatch's `packages = ["src/x"]`.
    let poetry = tables::at(manifest, &["tool", "poetry", "packages"]).and_then(Value::as_array);
    for package in poetry.into_iter().flatten().filter_map(Value::as_table) {
        roots.extend(package.get("from").and_then(Value::as_str).map(str::to_owned));
    }
    for package in tables::strings(manifest, &["tool", "hatch", "build", "targets", "wheel", "packages"]) {
        roots.push(folder(package.trim_end_matches('/')).to_owned());
    }
    roots
}

fn read_ini(project: &mut Project, folder: &str, content: &str) {
    for (section, key, value) in ini(content) {
        let words = || value.split(['\n', ',', ' ']).map(str::trim).filter(|word| !word.is_empty());
        match (section, key) {
            ("metadata", "name") => {
                project.builds = true;
                project.name = project.name.take().or_else(|| Some(value.as_str().into()));
            }
            // `attr: pkg.__version__` and `file: VERSION` are computed.
            ("metadata", "version") if !value.contains(':') => {
                project.version = project.version.take().or_else(|| Some(value.as_str().into()));
            }
            ("options", "package_dir") => {
                let roots = value.lines().filter_map(|line| line.trim().strip_prefix('=')?.trim().into());
                project.roots.extend(roots.filter_map(|root: &str| resolve(folder, root)).map(Into::into));
            }
            ("options.packages.find", "where") | ("tool:pytest" | "pytest", "pythonpath") => {
                project.roots.extend(words().filter_map(|root| resolve(folder, root)).map(Into::into));
            }
            ("options", "install_requires") => project.dependencies.extend(value.lines().filter_map(required_name)),
            ("options.entry_points", "console_scripts") => {
                project.programs.extend(value.lines().filter_map(console_script));
            }
            _ => {}
        }
    }
}

fn read_setup_py(project: &mut Project, folder: &str, content: &str) {
    project.builds = true;
    // Names and versions stand among the arguments of the call; what precedes it may assign other names.
    let call = after_word(content, "setup").filter(|after| after.starts_with('(')).last().unwrap_or(content);
    let literal = |key| assigned(call, key).filter(|value| !value.is_empty()).map(Into::into);
    project.name = project.name.take().or_else(|| literal("name"));
    project.version = project.version.take().or_else(|| literal("version"));
    let package_dir = after_word(content, "package_dir").filter_map(|after| {
        let entry = after.strip_prefix('=')?.trim_start().strip_prefix('{')?.trim_start();
        let value = entry.strip_prefix("\"\"").or_else(|| entry.strip_prefix("''"))?;
        quoted(value.trim_start().strip_prefix(':')?)
    });
    let find = ["find_packages", "find_namespace_packages"].into_iter().flat_map(|finder| {
        after_word(content, finder).filter_map(|after| {
            let arguments = after.strip_prefix('(')?.trim_start();
            quoted(arguments.strip_prefix("where").map_or(arguments, |rest| rest.trim_start().trim_start_matches('=')))
        })
    });
    project.roots.extend(package_dir.chain(find).filter_map(|root| resolve(folder, root)).map(Into::into));
    for literal in content.split(['"', '\'']).filter(|part| part.contains('=') && part.contains(':')) {
        project.programs.extend(console_script(literal));
    }
}

/// `command = module.path:function`, perhaps with extras behind it.
fn console_script(text: &str) -> Option<Program> {
    let (command, target) = text.trim().split_once('=')?;
    let (command, target) = (command.trim(), target.split('[').next()?.trim());
    let (module, function) = target.split_once(':')?;
    let dotted = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    (plain(command) && dotted(module) && dotted(function)).then(|| Program {
        name: command.into(),
        target: target.into(),
        declared_in: None,
    })
}

/// The name that a requirement (PEP 508) begins with, as it compares: lower case, `-` and `.` as `_`.
fn required_name(requirement: &str) -> Option<Box<str>> {
    let requirement = requirement.trim();
    let end =
        requirement.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(requirement.len());
    let name = requirement.get(..end).filter(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric()))?;
    Some(name.to_ascii_lowercase().replace(['-', '.'], "_").into())
}
