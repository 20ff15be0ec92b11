//! Java: `pom.xml` with properties, parents and managed versions from inside the repository.
//! Reference: <https://maven.apache.org/pom.html>.

use super::Survey;
use super::files::ManifestFiles;
use super::placeholders::{Marks, expand};
use super::xml::Element;
use crate::paths::{folder, resolve};
use crate::work::Work;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

const ECOSYSTEM: &str = "maven";
const PROPERTY: Marks = Marks { open: "${", close: '}', is_lazy: true };
/// Longest chain of parents.
const MAX_PARENTS: usize = 16;
/// Most lists of versions that one pom has, its own included.
const MAX_LISTS: usize = 16;
/// Most properties that are replaced in all values that one pom is read with, and poms that are asked for them; what is
/// left then stays as written.
const MOST_STEPS: usize = 200_000;

/// The poms of a repository by path, with the path of each one's parent where it is one of them.
struct Poms<'a> {
    poms: BTreeMap<&'a str, Pom<'a>>,
}

struct Pom<'a> {
    project: Element,
    coordinates: Coordinates,
    /// What is left of [`MOST_STEPS`] for reading this pom, whichever other poms that leads through.
    work: Work,
    parent: Option<&'a str>,
    properties: FxHashMap<String, String>,
    /// What `dependencyManagement` and `pluginManagement` say, by coordinates.
    managed: FxHashMap<String, Managed>,
    /// The poms of this repository whose `dependencyManagement` it imports, in order.
    imports: Vec<&'a str>,
    /// The pom itself, then what it and its parents import, and what those do, nearest first.
    lists: Vec<&'a str>,
}

impl<'a> Pom<'a> {
    /// A pom whose parent, if any, is the file at the place that it names, and that manages nothing yet.
    fn of(files: &ManifestFiles<'a>, path: &str, project: Element) -> Self {
        let parent = project.child("parent").and_then(|parent| {
            let relative = match parent.child("relativePath") {
                Some(written) => Some(written.text()).filter(|text| !text.is_empty())?,
                None => "../pom.xml",
            };
            let target = resolve(folder(path), relative)?;
            files.tracked(&target).or_else(|| files.beside(&target, "pom.xml")).filter(|found| *found != path)
        });
        let properties = project.child("properties").map(|list| &list.children).into_iter().flatten();
        Self {
            coordinates: Coordinates::of(&project),
            work: Work::of(MOST_STEPS),
            parent,
            properties: properties.map(|entry| (entry.name.clone(), entry.text().to_owned())).collect(),
            managed: FxHashMap::default(),
            imports: Vec::new(),
            lists: Vec::new(),
            project,
        }
    }
}

/// What a pom says of itself, its parent's values where it leaves them out, and of its parent.
struct Coordinates {
    group: Option<String>,
    artifact: Option<String>,
    version: Option<String>,
    parent: FxHashMap<String, String>,
}

impl Coordinates {
    /// Group, artifact and version, as written.
    fn key(&self) -> [Option<&str>; 3] {
        [&self.group, &self.artifact, &self.version].map(Option::as_deref)
    }

    fn of(project: &Element) -> Self {
        let text = |field: &str| project.value(field).map(str::to_owned);
        let parent: FxHashMap<String, String> = (project.child("parent").map(|parent| &parent.children))
            .into_iter()
            .flatten()
            .rev()
            .filter(|field| !field.text().is_empty())
            .map(|field| (field.name.clone(), field.text().to_owned()))
            .collect();
        Self {
            group: text("groupId").or_else(|| parent.get("groupId").cloned()),
            artifact: text("artifactId"),
            version: text("version").or_else(|| parent.get("version").cloned()),
            parent,
        }
    }
}

/// Version and scope as written.
#[derive(Clone, Default)]
struct Managed {
    version: Option<String>,
    scope: Option<String>,
}

const PLUGIN_GROUP: &str = "org.apache.maven.plugins";

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let poms = Poms::read(files);
    let own: BTreeSet<String> = poms.poms.keys().filter_map(|path| poms.coordinates(path)).collect();
    for (path, pom) in &poms.poms {
        let dependencies = poms.dependencies(path, pom);
        if pom.work.is_spent() {
            files.cut(path, "has more properties and versions than are looked up for one pom");
        }
        for found in dependencies {
            if own.contains(&found.name) {
                continue;
            }
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: found.name.into(),
                requirement: found.version.map(Into::into),
                version: None,
                scope: found.scope,
                declared_in: (*path).into(),
                direct: true,
            });
        }
    }
}

struct Found {
    name: String,
    version: Option<String>,
    scope: Scope,
}

impl<'a> Poms<'a> {
    fn read(files: &ManifestFiles<'a>) -> Self {
        let projects = files.named("pom.xml").iter().filter_map(|path| Some((*path, files.xml(path)?)));
        let projects = projects.filter(|(_, root)| root.name == "project");
        let mut all = Self { poms: projects.map(|(path, project)| (path, Pom::of(files, path, project))).collect() };
        all.find_parents();
        all.find_managed();
        all.find_lists(files);
        all
    }

    fn find_parents(&mut self) {
        let mut by_coordinates: FxHashMap<[Option<&str>; 3], Option<&'a str>> = FxHashMap::default();
        for (path, pom) in &self.poms {
            let key = pom.coordinates.key();
            by_coordinates.entry(key).and_modify(|found| *found = None).or_insert(Some(path));
        }
        let parents: Vec<Option<&str>> =
            self.poms.iter().map(|(path, pom)| self.parent_of(path, pom, &by_coordinates)).collect();
        for (pom, parent) in self.poms.values_mut().zip(parents) {
            pom.parent = parent;
        }
    }

    fn find_managed(&mut self) {
        let managed: Vec<FxHashMap<String, Managed>> =
            self.poms.iter().map(|(path, pom)| self.managed_by(path, &pom.project)).collect();
        let mut by_name: BTreeMap<String, Option<&'a str>> = BTreeMap::new();
        for path in self.poms.keys() {
            let Some(name) = self.coordinates(path) else { continue };
            by_name.entry(name).and_modify(|found| *found = None).or_insert(Some(path));
        }
        let imports: Vec<Vec<&str>> = self.poms.keys().map(|path| self.imports_of(path, &by_name)).collect();
        for ((pom, managed), imports) in self.poms.values_mut().zip(managed).zip(imports) {
            (pom.managed, pom.imports) = (managed, imports);
        }
    }

    /// Follows what poms import; says which have more lists of versions, or parents, than are looked at.
    fn find_lists(&mut self, files: &ManifestFiles<'a>) {
        let lists: Vec<Vec<&str>> = self.poms.keys().map(|path| self.lists_of(path)).collect();
        for (path, lists) in self.poms.keys().zip(&lists) {
            if lists.len() > MAX_LISTS {
                files.cut(path, "imports, with the poms around it, more lists of versions than are looked through");
            }
            // A chain that comes back to where it began is no longer than it is.
            let comes_back = || self.chain(path).any(|pom| pom.parent == Some(path));
            if self.chain(path).last().is_some_and(|top| top.parent.is_some()) && !comes_back() {
                files.cut(path, "has more parents above it than are followed");
            }
        }
        for (pom, mut lists) in self.poms.values_mut().zip(lists) {
            lists.truncate(MAX_LISTS);
            pom.lists = lists;
        }
    }

    /// The parent inside the repository: the pom at the place that the file names, where that is the one it means (a stray
    /// pom above is none), else the only one with the parent's coordinates, as the reactor finds it.
    fn parent_of(
        &self,
        path: &str,
        pom: &Pom<'a>,
        by_coordinates: &FxHashMap<[Option<&str>; 3], Option<&'a str>>,
    ) -> Option<&'a str> {
        let declared =
            ["groupId", "artifactId", "version"].map(|field| pom.coordinates.parent.get(field).map(String::as_str));
        let [_, artifact, _] = declared;
        let has_name =
            |at: &&str| self.poms.get(at).is_some_and(|found| found.coordinates.artifact.as_deref() == artifact);
        let only = || by_coordinates.get(&declared).copied().flatten().filter(|found| *found != path);
        artifact.and_then(|_| pom.parent.filter(has_name).or_else(only))
    }

    /// The poms of this repository that a pom imports as lists of versions, in order.
    fn imports_of(&self, path: &str, by_name: &BTreeMap<String, Option<&'a str>>) -> Vec<&'a str> {
        let Some(pom) = self.poms.get(path) else { return Vec::new() };
        let names = imported(&pom.project).filter_map(|entry| self.coordinates_of(path, entry, None));
        let found = names.filter_map(|name| by_name.get(&name).copied().flatten()).filter(|found| *found != path);
        let mut seen = BTreeSet::new();
        found.filter(|path| seen.insert(*path)).take(MAX_LISTS).collect()
    }

    /// The lists of versions that a pom has: no more than [`MAX_LISTS`], and one that says that there are more.
    fn lists_of(&self, path: &'a str) -> Vec<&'a str> {
        let mut lists = Vec::new();
        let mut open = vec![path];
        while let Some(at) = open.pop().filter(|_| lists.len() <= MAX_LISTS) {
            if !lists.contains(&at) {
                lists.push(at);
                let imports: Vec<&str> = self.chain(at).flat_map(|pom| &pom.imports).copied().collect();
                open.extend(imports.into_iter().rev());
            }
        }
        lists
    }

    fn managed_by(&self, path: &str, project: &Element) -> FxHashMap<String, Managed> {
        let dependencies =
            project.child("dependencyManagement").map(|holder| holder.nested("dependencies", "dependency"));
        let plugins = project.child("build").and_then(|build| build.child("pluginManagement"));
        let plugins = plugins.map(|holder| holder.nested("plugins", "plugin"));
        let entries = dependencies.into_iter().flatten().filter(|entry| !is_import(entry)).map(|entry| (entry, None));
        entries
            .chain(plugins.into_iter().flatten().map(|entry| (entry, Some(PLUGIN_GROUP))))
            .filter_map(|(entry, group)| {
                let text = |field: &str| entry.value(field).map(str::to_owned);
                let managed = Managed { version: text("version"), scope: text("scope") };
                Some((self.coordinates_of(path, entry, group)?, managed))
            })
            .collect()
    }

    /// The pom and its parents inside the repository, nearest first.
    fn chain(&self, path: &str) -> impl Iterator<Item = &Pom<'a>> {
        let first = self.poms.get(path);
        std::iter::successors(first, |pom| self.poms.get(pom.parent?)).take(MAX_PARENTS)
    }

    fn coordinates(&self, path: &str) -> Option<String> {
        let Coordinates { group, artifact, .. } = &self.poms.get(path)?.coordinates;
        Some(format!("{}:{}", group.as_ref()?, self.expand(path, artifact.as_ref()?)))
    }

    /// The value of a property as a pom sees it, not yet expanded.
    fn property(&self, path: &str, name: &str) -> Option<&str> {
        let coordinates = &self.poms.get(path)?.coordinates;
        let bare = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom.")).unwrap_or(name);
        if let Some(field) = bare.strip_prefix("parent.") {
            return coordinates.parent.get(field).map(String::as_str);
        }
        match bare {
            "artifactId" => coordinates.artifact.as_deref(),
            "groupId" => coordinates.group.as_deref(),
            "version" => coordinates.version.as_deref(),
            _ => self.chain(path).find_map(|pom| pom.properties.get(name)).map(String::as_str),
        }
    }

    /// The text with its `${…}` replaced; what has no value inside the repository stays as written.
    fn expand(&self, path: &str, text: &str) -> String {
        self.poms.get(path).map_or_else(|| text.to_owned(), |pom| self.expand_for(pom, path, text))
    }

    /// The same of what a pom reads in another one.
    fn expand_for(&self, reading: &Pom<'a>, path: &str, text: &str) -> String {
        expand(&PROPERTY, text, &reading.work, |name| self.property(path, name))
    }

    fn dependencies(&self, path: &str, pom: &Pom<'a>) -> Vec<Found> {
        let mut found = Vec::new();
        let project = &pom.project;
        for dependency in project.nested("dependencies", "dependency") {
            found.extend(self.dependency(path, dependency, None));
        }
        for profile in project.nested("profiles", "profile") {
            for dependency in profile.nested("dependencies", "dependency") {
                found.extend(self.dependency(path, dependency, Some(Scope::Optional)));
            }
        }
        for plugin in project.all("build").flat_map(|build| build.nested("plugins", "plugin")) {
            found.extend(self.coordinates_of(path, plugin, Some(PLUGIN_GROUP)).map(|name| {
                let managed = || self.managed(path, &name, |managed| managed.version.as_deref());
                Found { version: self.version(path, plugin).or_else(managed), name, scope: Scope::Build }
            }));
        }
        let parent = project.child("parent").filter(|_| pom.parent.is_none());
        for outside in parent.into_iter().chain(imported(project)) {
            found.extend(self.coordinates_of(path, outside, None).map(|name| Found {
                name,
                version: self.version(path, outside),
                scope: Scope::Build,
            }));
        }
        found
    }

    fn dependency(&self, path: &str, dependency: &Element, otherwise: Option<Scope>) -> Option<Found> {
        let name = self.coordinates_of(path, dependency, None)?;
        let managed = || self.managed(path, &name, |managed| managed.version.as_deref());
        let version = self.version(path, dependency).or_else(managed);
        let written = dependency.value("scope").map(str::to_owned);
        let scope = written.or_else(|| self.managed(path, &name, |managed| managed.scope.as_deref()));
        let scope = match scope.as_deref() {
            Some("test") => Scope::Development,
            _ if dependency.value("optional") == Some("true") => Scope::Optional,
            _ => otherwise.unwrap_or(Scope::Runtime),
        };
        Some(Found { name, version, scope })
    }

    fn coordinates_of(&self, path: &str, element: &Element, group: Option<&str>) -> Option<String> {
        let group = element.value("groupId").or(group)?;
        let artifact = element.value("artifactId")?;
        Some(format!("{}:{}", self.expand(path, group), self.expand(path, artifact)))
    }

    fn version(&self, path: &str, element: &Element) -> Option<String> {
        element.value("version").map(|version| self.expand(path, version))
    }

    /// What the pom or the nearest parent of it manages for a name, else what they import for it, nearest first.
    fn managed(&self, path: &str, name: &str, field: impl Fn(&Managed) -> Option<&str>) -> Option<String> {
        let reading = self.poms.get(path)?;
        for at in &reading.lists {
            let mut chain = self.chain(at).take_while(|_| reading.work.take(1));
            if let Some(value) = chain.find_map(|pom| field(pom.managed.get(name)?)) {
                return reading.work.take_text(value).then(|| self.expand_for(reading, at, value));
            }
        }
        None
    }
}

/// What a pom manages by importing the list of another (a bill of materials).
fn imported(project: &Element) -> impl Iterator<Item = &Element> {
    let managed = project.all("dependencyManagement").flat_map(|holder| holder.nested("dependencies", "dependency"));
    managed.filter(|entry| is_import(entry))
}

fn is_import(entry: &Element) -> bool {
    entry.value("scope") == Some("import") && entry.value("type") == Some("pom")
}
