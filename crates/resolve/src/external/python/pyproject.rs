//! `pyproject.toml`: PEP 621, PEP 735, build requirements, and the tables of Poetry, PDM, uv, Hatch and Flit.

use super::Statements;
use crate::external::files::ManifestFiles;
use codexa_model::relation::DependencyScope as Scope;
use rustc_hash::FxHashSet;
use toml::{Table, Value};

pub(super) fn read<'a>(files: &ManifestFiles<'a>, statements: &mut Statements<'a>) {
    for path in files.named("pyproject.toml") {
        if let Some(document) = files.toml(path) {
            Reader { path, local: local_sources(&document), statements }.document(&document);
        }
    }
}

struct Reader<'a, 's> {
    path: &'a str,
    /// Names that `tool.uv.sources` leads to folders or workspace members.
    local: FxHashSet<String>,
    statements: &'s mut Statements<'a>,
}

impl Reader<'_, '_> {
    fn document(&mut self, document: &Table) {
        self.lines(at_table(document, &["build-system", "requires"]), Scope::Build);
        if let Some(project) = document.get("project").and_then(Value::as_table) {
            self.own(project.get("name"));
            self.lines(project.get("dependencies"), Scope::Runtime);
            self.groups(project.get("optional-dependencies"), Scope::Optional);
        }
        self.groups(document.get("dependency-groups"), Scope::Development);
        let Some(tool) = document.get("tool").and_then(Value::as_table) else { return };
        self.lines(at_table(tool, &["uv", "dev-dependencies"]), Scope::Development);
        self.groups(at_table(tool, &["pdm", "dev-dependencies"]), Scope::Development);
        for environment in tables(at_table(tool, &["hatch", "envs"])) {
            self.lines(environment.get("dependencies"), Scope::Development);
            self.lines(environment.get("extra-dependencies"), Scope::Development);
        }
        if let Some(flit) = at_table(tool, &["flit", "metadata"]) {
            self.own(flit.get("dist-name").or_else(|| flit.get("module")));
            self.lines(flit.get("requires"), Scope::Runtime);
            self.lines(flit.get("dev-requires"), Scope::Development);
            self.groups(flit.get("requires-extra"), Scope::Optional);
        }
        if let Some(poetry) = tool.get("poetry") {
            self.own(poetry.get("name"));
            self.poetry(poetry.get("dependencies"), Scope::Runtime);
            self.poetry(poetry.get("dev-dependencies"), Scope::Development);
            for group in tables(poetry.get("group")) {
                self.poetry(group.get("dependencies"), Scope::Development);
            }
        }
    }

    fn own(&mut self, name: Option<&Value>) {
        if let Some(name) = name.and_then(Value::as_str) {
            self.statements.own(name);
        }
    }

    /// A list of requirements; entries that include another group are tables and are read where they are written.
    fn lines(&mut self, list: Option<&Value>, scope: Scope) {
        for line in list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            let is_local = super::requirement::parse(line)
                .is_some_and(|parsed| self.local.contains(&super::normalised(parsed.name)));
            if !is_local {
                self.statements.state_line(self.path, line, scope);
            }
        }
    }

    /// Lists of requirements by group.
    fn groups(&mut self, groups: Option<&Value>, scope: Scope) {
        for list in groups.and_then(Value::as_table).into_iter().flat_map(Table::values) {
            self.lines(Some(list), scope);
        }
    }

    /// Poetry's tables: `name = "^1"`, `name = {version = "^1", optional = true}`, or a list of such tables.
    fn poetry(&mut self, table: Option<&Value>, scope: Scope) {
        for (name, value) in table.and_then(Value::as_table).into_iter().flatten() {
            if name.eq_ignore_ascii_case("python") {
                continue;
            }
            let alternatives = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for value in alternatives {
                let text = |key: &str| value.get(key).and_then(Value::as_str);
                if text("path").is_some() {
                    continue;
                }
                let written = value.as_str().or_else(|| text("version"));
                let elsewhere = text("git").or_else(|| text("url")).map(|url| format!("@ {url}"));
                let optional = value.get("optional").and_then(Value::as_bool) == Some(true);
                let scope = if optional { Scope::Optional } else { scope };
                self.statements.state(self.path, name, written.map(str::to_owned).or(elsewhere), scope);
            }
        }
    }
}

fn local_sources(document: &Table) -> FxHashSet<String> {
    let sources = at_table(document, &["tool", "uv", "sources"]).and_then(Value::as_table).into_iter().flatten();
    sources
        .filter(|(_, source)| source.get("path").is_some() || source.get("workspace").is_some())
        .map(|(name, _)| super::normalised(name))
        .collect()
}

fn at_table<'t>(table: &'t Table, keys: &[&str]) -> Option<&'t Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key))
}

fn tables(value: Option<&Value>) -> impl Iterator<Item = &Table> {
    value.and_then(Value::as_table).into_iter().flat_map(Table::values).filter_map(Value::as_table)
}
