//! What MSBuild sets before it reads a project's items: properties and central versions, from the project, the
//! `Directory.*` files above it and what those import by a path that is known without a build.
//!
//! A value that a condition decides is known only where it changes nothing: what depends on the target framework stays as
//! written. The one condition that is understood is the usual default, `'$(Name)' == ''`.

use super::metadata;
use crate::external::files::ManifestFiles;
use crate::external::placeholders::{Marks, expand};
use crate::external::xml::Element;
use crate::paths::{ancestors, folder, join, resolve};
use crate::work::Work;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

const PROPERTY: Marks = Marks { open: "$(", close: ')', is_lazy: false };
/// Most files that are read for one project, and before that above it.
const MAX_FILES: usize = 64;
/// Most names and values of properties and versions that are read, and replaced, for one project, and before that above it.
const MOST_READ: usize = 20_000;
/// The same of a whole repository: what is known above projects stays in memory.
const MOST_OF_ALL: usize = 4_000_000;
/// What is told of a file that these cut.
pub(super) const TOO_MUCH: &str =
    "has more properties, versions and imports, with the files around it, than are read for one project or for all";

/// The files that projects share, each parsed once, and what is known before a project, read once for all that have the
/// same files above them.
pub(super) struct Shared<'f, 'a> {
    files: &'f ManifestFiles<'a>,
    parsed: RefCell<FxHashMap<&'a str, Option<Rc<Element>>>>,
    before: RefCell<FxHashMap<[Option<&'a str>; 2], Rc<Evaluated>>>,
    /// What is left of [`MOST_OF_ALL`].
    work: Work,
}

/// What is known where the items of a project are read. Names are in lower case: MSBuild does not tell them apart.
pub(super) struct Evaluated {
    /// What the files above the project set.
    before: Option<Rc<Evaluated>>,
    /// `None` for what a condition decides.
    properties: FxHashMap<String, Option<String>>,
    /// The same for the versions that are set for all projects.
    versions: FxHashMap<String, Option<String>>,
    /// Files that were read.
    seen: FxHashSet<String>,
    /// What is left of [`MOST_READ`]. Where nothing is, nothing is known: what was not read may say otherwise.
    work: Work,
}

impl<'f, 'a> Shared<'f, 'a> {
    pub(super) fn of(files: &'f ManifestFiles<'a>) -> Self {
        Self { files, parsed: RefCell::default(), before: RefCell::default(), work: Work::of(MOST_OF_ALL) }
    }

    /// What a project is read with.
    pub(super) fn evaluate(&self, path: &str, project: &Element) -> Evaluated {
        let above = ["Directory.Build.props", "Directory.Packages.props"].map(|name| self.above(folder(path), name));
        let before = self.before(above);
        let share = self.share();
        let mut evaluated = Evaluated::after(Some(before), share);
        self.apply(path, project, None, &mut evaluated);
        self.apply_shared(self.above(folder(path), "Directory.Build.targets"), None, &mut evaluated);
        self.work.take(share - evaluated.work.left().min(share));
        evaluated
    }

    /// What these files set, and those that they import.
    fn before(&self, above: [Option<&'a str>; 2]) -> Rc<Evaluated> {
        if let Some(known) = self.before.borrow().get(&above) {
            return Rc::clone(known);
        }
        let share = self.share();
        let mut evaluated = Evaluated::after(None, share);
        for path in above {
            self.apply_shared(path, None, &mut evaluated);
        }
        self.work.take(share - evaluated.work.left().min(share));
        let evaluated = Rc::new(evaluated);
        self.before.borrow_mut().insert(above, Rc::clone(&evaluated));
        evaluated
    }

    /// What one project, or what stands above it, may still cost.
    fn share(&self) -> usize {
        MOST_READ.min(self.work.left())
    }

    /// The file of this name in a folder or the nearest one above it.
    fn above(&self, from: &str, name: &str) -> Option<&'a str> {
        ancestors(from).find_map(|dir| self.files.tracked(&join(dir, name)))
    }

    fn parsed(&self, path: &'a str) -> Option<Rc<Element>> {
        let parse = || self.files.xml(path).map(Rc::new);
        self.parsed.borrow_mut().entry(path).or_insert_with(parse).clone()
    }

    fn apply_shared(&self, path: Option<&'a str>, condition: Option<&str>, into: &mut Evaluated) {
        if let Some((path, root)) = path.and_then(|path| Some((path, self.parsed(path)?))) {
            self.apply(path, &root, condition, into);
        }
    }

    /// Reads a file and, where they stand, those that it imports, each once and no more than [`MAX_FILES`]. `condition` is that of
    /// its own import.
    fn apply(&self, path: &str, root: &Element, condition: Option<&str>, into: &mut Evaluated) {
        if into.has_read(path) {
            return;
        }
        into.seen.insert(path.to_owned());
        if into.seen.len() > MAX_FILES {
            into.work.spend();
        }
        for (element, decides) in entries(root) {
            if !into.work.take(1) {
                break;
            }
            let condition = condition.or(decides);
            match element.name.as_str() {
                "PropertyGroup" => into.set_properties(element, condition),
                "ItemGroup" => into.set_versions(element, condition),
                "Import" => {
                    let decides = element.attribute("Condition").filter(|condition| !condition.contains("Exists("));
                    let target = element.attribute("Project").filter(|target| into.work.take_text(target));
                    let target = target.and_then(|target| self.imported(path, target, into));
                    self.apply_shared(target, condition.or(decides), into);
                }
                _ => {}
            }
        }
        if into.work.is_spent() {
            self.files.cut(path, TOO_MUCH);
        }
    }

    /// The file that an import leads to: a path, seen from the file that names it, or MSBuild's search for a file above.
    fn imported(&self, from: &str, target: &str, known: &Evaluated) -> Option<&'a str> {
        if let Some((_, arguments)) = target.split_once("[MSBuild]::GetPathOfFileAbove(") {
            let name = arguments.split([',', ')']).next()?.trim().trim_matches(['\'', '"']);
            let above = (!folder(from).is_empty()).then(|| folder(folder(from)))?;
            return self.above(above, name);
        }
        let target = known.expand(&target.replace("$(MSBuildThisFileDirectory)", ""));
        self.files.tracked(&resolve(folder(from), &target)?)
    }
}

/// What a file holds, in order, as if its `Choose` and `ImportGroup` were not there; each with what decides whether it counts.
pub(super) fn entries(root: &Element) -> impl Iterator<Item = (&Element, Option<&str>)> {
    let mut open = Vec::new();
    let push = |holder, condition, open: &mut Vec<_>| {
        let holder: &Element = holder;
        open.extend(holder.children.iter().rev().map(|child| (child, condition)));
    };
    push(root, None, &mut open);
    std::iter::from_fn(move || {
        loop {
            let (element, condition) = open.pop()?;
            match element.name.as_str() {
                // No branch is known to be taken, also not the one that is left.
                "Choose" | "When" | "Otherwise" => push(element, Some("Choose"), &mut open),
                "ImportGroup" => push(element, condition.or(element.attribute("Condition")), &mut open),
                _ => return Some((element, condition)),
            }
        }
    })
}

impl Evaluated {
    fn after(before: Option<Rc<Self>>, share: usize) -> Self {
        let is_cut = before.as_ref().is_some_and(|before| before.is_cut());
        Self {
            before,
            properties: FxHashMap::default(),
            versions: FxHashMap::default(),
            seen: FxHashSet::default(),
            work: Work::of(if is_cut { 0 } else { share }),
        }
    }

    /// Whether not everything was read, or replaced.
    pub(super) fn is_cut(&self) -> bool {
        self.work.is_spent()
    }

    /// The text with its properties replaced; what is not known stays as written.
    pub(super) fn expand(&self, text: &str) -> String {
        expand(&PROPERTY, text, &self.work, |name| self.property(&name.to_lowercase())?.as_deref())
    }

    /// The version that is set for a package in all projects around.
    pub(super) fn version_of(&self, package: &str) -> Option<String> {
        let version = self.version(&package.to_lowercase())?.as_deref()?;
        self.work.take_text(version).then(|| self.expand(version)).filter(|version| !version.is_empty())
    }

    fn layers(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |layer| layer.before.as_deref())
    }

    fn property(&self, name: &str) -> Option<&Option<String>> {
        self.layers().find_map(|layer| layer.properties.get(name))
    }

    fn version(&self, package: &str) -> Option<&Option<String>> {
        self.layers().find_map(|layer| layer.versions.get(package))
    }

    fn has_read(&self, path: &str) -> bool {
        self.layers().any(|layer| layer.seen.contains(path))
    }

    /// Takes what it costs to set a value.
    fn take(&self, name: &str, value: &str) -> bool {
        self.work.take_text(name) && self.work.take_text(value)
    }

    /// Without a condition the last value counts, as a default only where there is none or an empty one; what another
    /// condition decides is known where it changes nothing.
    fn set_properties(&mut self, group: &Element, condition: Option<&str>) {
        for property in &group.children {
            if !self.take(&property.name, property.text()) {
                return;
            }
            let name = property.name.to_lowercase();
            let conditions = conditions(condition, group, property);
            let is_certain = conditions.iter().all(|condition| asks_whether_empty(condition, &name));
            let value = match self.property(&name) {
                Some(known) if is_certain && !conditions.is_empty() && known.as_deref() != Some("") => known.clone(),
                _ if is_certain => Some(self.expand(property.text())),
                known => known.cloned().flatten().filter(|known| *known == self.expand(property.text())),
            };
            self.properties.insert(name, value);
        }
    }

    fn set_versions(&mut self, group: &Element, condition: Option<&str>) {
        for item in &group.children {
            let name = match item.name.as_str() {
                "PackageVersion" => item.attribute("Include").or_else(|| item.attribute("Update")),
                "PackageReference" => item.attribute("Update"),
                _ => None,
            };
            let Some((name, version)) = name.zip(metadata(item, "Version")) else { continue };
            if !self.take(name, version) {
                return;
            }
            let name = name.to_lowercase();
            // What holds for every target framework is shown, whatever single ones ask for beside it.
            if conditions(condition, group, item).is_empty() {
                self.versions.insert(name, Some(version.to_owned()));
            } else if !self.version(&name).is_some_and(Option::is_some) {
                self.versions.insert(name, None);
            }
        }
    }
}

fn conditions<'e>(around: Option<&'e str>, group: &'e Element, element: &'e Element) -> Vec<&'e str> {
    [around, group.attribute("Condition"), element.attribute("Condition")].into_iter().flatten().collect()
}

/// Whether a condition is that a property has no value: `'$(Name)' == ''`.
fn asks_whether_empty(condition: &str, name: &str) -> bool {
    let bare = condition.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '"'));
    bare.flat_map(char::to_lowercase).eq(format!("$({name})==").chars())
}
