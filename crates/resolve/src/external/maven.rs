//! Java: `pom.xml` with properties, parents and managed versions from inside the repository.
//! Reference: <https://maven.apache.org/pom.html>.

use super::Survey;
use super::files::ManifestFiles;
use super::xml::Element;
use crate::paths::{folder, resolve};
use crate::work::Work;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

const ECOSYSTEM: &str = "maven";
/// Longest chain of parents.
const MAX_PARENTS: usize = 16;
/// Most properties that are replaced in one value, those inside their values included.
const MAX_REPLACED: usize = 64;
/// Longest expanded value, in bytes.
const MAX_VALUE: usize = 512;
/// Most properties that are replaced in all values of one pom; what is left then stays as written.
const MOST_REPLACED: usize = 200_000;

/// The poms of a repository by path, with the path of each one's parent where it is one of them.
struct Poms<'a> {
    poms: BTreeMap<&'a str, Pom<'a>>,
}

struct Pom<'a> {
    project: Element,
    coordinates: Coordinates,
    /// What is left of [`MOST_REPLACED`].
    work: Work,
    parent: Option<&'a str>,
    properties: FxHashMap<String, String>,
    /// What `dependencyManagement` and `pluginManagement` say, by coordinates.
    managed: FxHashMap<String, Managed>,
}

/// What a pom says of itself, its parent's values where it leaves them out, and of its parent.
struct Coordinates {
    group: Option<String>,
    artifact: Option<String>,
    version: Option<String>,
    parent: FxHashMap<String, String>,
}

impl Coordinates {
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
            files.fail(path, "names more properties than are replaced");
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
        let mut poms = BTreeMap::new();
        for path in files.named("pom.xml") {
            if let Some(project) = files.xml(path).filter(|root| root.name == "project") {
                let parent = project.child("parent").and_then(|parent| {
                    let relative = match parent.child("relativePath") {
                        Some(written) => Some(written.text()).filter(|text| !text.is_empty())?,
                        None => "../pom.xml",
                    };
                    let target = resolve(folder(path), relative)?;
                    files.tracked(&target).or_else(|| files.beside(&target, "pom.xml")).filter(|found| found != path)
                });
                let properties = project.child("properties").map(|list| &list.children).into_iter().flatten();
                let properties = properties.map(|entry| (entry.name.clone(), entry.text().to_owned())).collect();
                let coordinates = Coordinates::of(&project);
                let work = Work::of(MOST_REPLACED);
                poms.insert(
                    *path,
                    Pom { project, coordinates, work, parent, properties, managed: FxHashMap::default() },
                );
            }
        }
        // A parent counts only where the file says that it is the one: a stray pom above is none.
        let confirmed: BTreeMap<&str, bool> = poms
            .iter()
            .map(|(path, pom)| {
                let declared = pom.project.child("parent").and_then(|parent| parent.value("artifactId"));
                let actual = pom
                    .parent
                    .and_then(|parent| poms.get(parent))
                    .and_then(|pom: &Pom<'_>| pom.project.value("artifactId"));
                (*path, declared.is_some() && declared == actual)
            })
            .collect();
        for (path, pom) in &mut poms {
            if confirmed.get(path) != Some(&true) {
                pom.parent = None;
            }
        }
        let mut all = Self { poms };
        let managed: Vec<(&str, FxHashMap<String, Managed>)> =
            all.poms.iter().map(|(path, pom)| (*path, all.managed_by(path, &pom.project))).collect();
        for (path, managed) in managed {
            if let Some(pom) = all.poms.get_mut(path) {
                pom.managed = managed;
            }
        }
        all
    }

    fn managed_by(&self, path: &str, project: &Element) -> FxHashMap<String, Managed> {
        let dependencies =
            project.child("dependencyManagement").map(|holder| holder.nested("dependencies", "dependency"));
        let plugins = project.child("build").and_then(|build| build.child("pluginManagement"));
        let plugins = plugins.map(|holder| holder.nested("plugins", "plugin"));
        let entries = dependencies.into_iter().flatten().map(|entry| (entry, None));
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
        let mut replaced = 0;
        let mut result = text.to_owned();
        let mut from = 0;
        let Some(pom) = self.poms.get(path).filter(|_| text.contains("${")) else { return result };
        while let Some((start, end)) = next_property(&result, from) {
            let name = result.get(start + 2..end).unwrap_or_default();
            if !pom.work.take(1) {
                return text.to_owned();
            }
            let Some(value) = self.property(path, name) else {
                from = end;
                continue;
            };
            replaced += 1;
            if replaced > MAX_REPLACED || result.len() + value.len() > MAX_VALUE {
                return text.to_owned();
            }
            let value = value.to_owned();
            result.replace_range(start..=end, &value);
            from = start;
        }
        result
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
        if let Some(parent) = project.child("parent").filter(|_| pom.parent.is_none()) {
            found.extend(self.coordinates_of(path, parent, None).map(|name| Found {
                name,
                version: self.version(path, parent),
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

    /// What the pom or the nearest parent of it manages for a name.
    fn managed(&self, path: &str, name: &str, field: impl Fn(&Managed) -> Option<&str>) -> Option<String> {
        let value = self.chain(path).find_map(|pom| field(pom.managed.get(name)?))?;
        Some(self.expand(path, value))
    }
}

/// Where the next `${` and its `}` stand, from a place on.
fn next_property(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = text.get(from..)?.find("${")? + from;
    let end = text.get(start..)?.find('}')? + start;
    Some((start, end))
}
