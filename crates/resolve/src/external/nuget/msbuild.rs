//! What MSBuild sets before it reads a project's items: properties and central versions, from the project, the
//! `Directory.*` files above it and what those import by a path that is known without a build.
//!
//! A value that a condition decides is known only where every branch agrees: what depends on the target framework stays
//! as written. The one condition that is understood is the usual default, `'$(Name)' == ''`.

use super::metadata;
use crate::external::files::ManifestFiles;
use crate::external::placeholders::{Marks, expand};
use crate::external::xml::Element;
use crate::paths::{ancestors, folder, join, resolve};
use crate::work::Work;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

const PROPERTY: Marks = Marks { open: "$(", close: ')' };
/// Most files that one project is read with.
const MAX_FILES: usize = 32;
/// Most properties and versions that are read, and replaced, for all projects together.
const MOST_READ: usize = 4_000_000;

/// The files that projects share, each parsed once.
pub(super) struct Shared<'f, 'a> {
    files: &'f ManifestFiles<'a>,
    parsed: RefCell<FxHashMap<&'a str, Option<Rc<Element>>>>,
    work: Work,
}

/// What is known where the items of a project are read. Names are in lower case: MSBuild does not tell them apart.
pub(super) struct Evaluated<'w> {
    /// `None` for what a condition decides.
    properties: FxHashMap<String, Option<String>>,
    /// The same for the versions that are set for all projects.
    versions: FxHashMap<String, Option<String>>,
    /// Files that were read.
    seen: FxHashSet<String>,
    work: &'w Work,
}

impl<'f, 'a> Shared<'f, 'a> {
    pub(super) fn of(files: &'f ManifestFiles<'a>) -> Self {
        Self { files, parsed: RefCell::default(), work: Work::of(MOST_READ) }
    }

    /// Whether projects set more properties than are read.
    pub(super) fn is_spent(&self) -> bool {
        self.work.is_spent()
    }

    /// What a project is read with.
    pub(super) fn evaluate(&self, path: &str, project: &Element) -> Evaluated<'_> {
        let mut evaluated = Evaluated {
            properties: FxHashMap::default(),
            versions: FxHashMap::default(),
            seen: FxHashSet::default(),
            work: &self.work,
        };
        for name in ["Directory.Build.props", "Directory.Packages.props"] {
            self.apply_above(path, name, &mut evaluated);
        }
        self.apply(path, project, None, &mut evaluated);
        self.apply_above(path, "Directory.Build.targets", &mut evaluated);
        evaluated
    }

    fn apply_above(&self, path: &str, name: &str, into: &mut Evaluated<'_>) {
        if let Some((path, root)) = self.above(folder(path), name).and_then(|path| Some((path, self.parsed(path)?))) {
            self.apply(path, &root, None, into);
        }
    }

    /// The file of this name in a folder or the nearest one above it.
    fn above(&self, from: &str, name: &str) -> Option<&'a str> {
        ancestors(from).find_map(|dir| self.files.tracked(&join(dir, name)))
    }

    fn parsed(&self, path: &'a str) -> Option<Rc<Element>> {
        let parse = || self.files.xml(path).map(Rc::new);
        self.parsed.borrow_mut().entry(path).or_insert_with(parse).clone()
    }

    /// Reads a file and, where they stand, those that it imports, each once and no more than [`MAX_FILES`] in all. `condition` is
    /// that of its own import.
    fn apply(&self, path: &str, root: &Element, condition: Option<&str>, into: &mut Evaluated<'_>) {
        if into.seen.len() >= MAX_FILES || !into.seen.insert(path.to_owned()) {
            return;
        }
        for child in &root.children {
            if !into.work.take(1 + child.children.len()) {
                return;
            }
            match child.name.as_str() {
                "PropertyGroup" => into.set_properties(child, condition),
                "ItemGroup" => into.set_versions(child, condition),
                "Choose" => {
                    let groups = child.children.iter().flat_map(|branch| branch.all("PropertyGroup"));
                    groups.for_each(|group| into.set_properties(group, Some("Choose")));
                }
                "Import" => {
                    let decides = child.attribute("Condition").filter(|condition| !condition.contains("Exists("));
                    let target = child.attribute("Project").and_then(|target| self.imported(path, target, into));
                    if let Some((target, root)) = target.and_then(|target| Some((target, self.parsed(target)?))) {
                        self.apply(target, &root, condition.or(decides), into);
                    }
                }
                _ => {}
            }
        }
    }

    /// The file that an import leads to: a path, seen from the file that names it, or MSBuild's search for a file above.
    fn imported(&self, from: &str, target: &str, known: &Evaluated<'_>) -> Option<&'a str> {
        if let Some((_, arguments)) = target.split_once("[MSBuild]::GetPathOfFileAbove(") {
            let name = arguments.split([',', ')']).next()?.trim().trim_matches(['\'', '"']);
            let above = (!folder(from).is_empty()).then(|| folder(folder(from)))?;
            return self.above(above, name);
        }
        let target = known.expand(&target.replace("$(MSBuildThisFileDirectory)", ""));
        self.files.tracked(&resolve(folder(from), &target)?)
    }
}

impl Evaluated<'_> {
    /// The text with its properties replaced; what is not known stays as written.
    pub(super) fn expand(&self, text: &str) -> String {
        expand(&PROPERTY, text, self.work, |name| self.properties.get(&name.to_lowercase())?.as_deref())
    }

    /// The version that is set for a package in all projects around.
    pub(super) fn version_of(&self, package: &str) -> Option<String> {
        let version = self.versions.get(&package.to_lowercase())?.as_deref()?;
        Some(self.expand(version))
    }

    fn set_properties(&mut self, group: &Element, condition: Option<&str>) {
        for property in group.children.iter().filter(|_| self.work.take(1)) {
            let value = self.expand(property.text());
            set(&mut self.properties, &property.name, &value, &conditions(condition, group, property));
        }
    }

    fn set_versions(&mut self, group: &Element, condition: Option<&str>) {
        for item in group.children.iter().filter(|_| self.work.take(1)) {
            let name = match item.name.as_str() {
                "PackageVersion" => item.attribute("Include").or_else(|| item.attribute("Update")),
                "PackageReference" => item.attribute("Update"),
                _ => None,
            };
            let Some((name, version)) = name.zip(metadata(item, "Version")) else { continue };
            let conditions = conditions(condition, group, item);
            // What holds for every target framework is shown, whatever single ones ask for beside it.
            let holds = self.versions.get(&name.to_lowercase()).is_some_and(Option::is_some);
            if conditions.is_empty() || !holds {
                set(&mut self.versions, name, version, &conditions);
            }
        }
    }
}

fn conditions<'e>(around: Option<&'e str>, group: &'e Element, element: &'e Element) -> Vec<&'e str> {
    [around, group.attribute("Condition"), element.attribute("Condition")].into_iter().flatten().collect()
}

/// Sets a value. Without a condition the last one counts, as a default only where there is none; what another condition
/// decides is known where it changes nothing.
fn set(values: &mut FxHashMap<String, Option<String>>, name: &str, value: &str, conditions: &[&str]) {
    let name = name.to_lowercase();
    let default = format!("$({name})==");
    let is_default = |condition: &str| {
        let bare = condition.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '"'));
        bare.flat_map(char::to_lowercase).eq(default.chars())
    };
    let next = match values.get(&name) {
        _ if conditions.is_empty() => Some(value.to_owned()),
        known if conditions.iter().all(|condition| is_default(condition)) => {
            known.map_or_else(|| Some(value.to_owned()), Clone::clone)
        }
        known => known.cloned().flatten().filter(|known| known == value),
    };
    values.insert(name, next);
}
