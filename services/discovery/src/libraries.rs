//! What others build on: the packages that offer an API, each with the place to start reading it from.

use crate::behaviour::EntryKind;
use crate::components::Components;
use crate::entries;
use crate::model::{File, Model};
use crate::projections::is_variable;
use crate::record::{FileClass, FileRecord};
use codexa_model::relation::{Exports, Package};
use codexa_resolve::external::ecosystems;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// A package that others can build on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Library {
    /// The package, by index.
    pub package: u32,
    /// A file of its API, by index: the one that its manifest names, or the first with a public name.
    pub file: u32,
    /// Whether its manifest names the file.
    pub is_named: bool,
    /// Public names at file level in its sources; not all of them need be reachable from its face.
    pub names: u32,
    /// How sure it is that others are meant to build on it, in percent.
    pub confidence: u8,
}

impl Library {
    /// Where to start reading: the file that the manifest names, or the manifest.
    pub(crate) fn place<'m>(&self, model: &'m Model, package: &'m Package) -> &'m str {
        if self.is_named { model.path(self.file) } else { &package.manifest }
    }
}

/// What a package's own sources come to.
#[derive(Clone, Debug, Default)]
struct Sources<'f> {
    /// The first with a public name.
    first: Option<u32>,
    /// Public names at file level; a header and its source have the same ones.
    names: FxHashSet<&'f str>,
    /// Whether they answer requests: what does is rather an application, whatever it is packed as.
    serves: bool,
}

/// The libraries among the packages, in their order. `files` are sorted by path, and `records` stand in their order.
pub(crate) fn find(
    records: &[&FileRecord],
    files: &[File],
    packages: &[Package],
    components: &Components,
) -> Vec<Library> {
    if packages.iter().all(|package| package.exports == Exports::Nothing) {
        return Vec::new();
    }
    let ships = |(id, file): &(u32, &File)| file.class == FileClass::Source && !components.is_apart(*id, &file.path);
    let mut sources = vec![Sources::default(); packages.len()];
    let homes = Homes::of(packages);
    for (id, file) in (0_u32..).zip(files).filter(ships) {
        for package in homes.of_file(file) {
            if let Some(sources) = sources.get_mut(*package as usize) {
                sources.add(id, file);
            }
        }
    }
    let find = |path: &str| files.binary_search_by(|file| (*file.path).cmp(path)).ok();
    let face = |path: &str| {
        let id = u32::try_from(find(path)?).ok()?;
        files.get(id as usize).filter(|file| ships(&(id, file))).map(|_| id)
    };
    let library = |(package, (declared, sources)): (u32, (&Package, &Sources))| {
        // A template's name is filled in where it is copied to.
        if is_variable(&declared.name) {
            return None;
        }
        let (file, is_named, confidence) = match &declared.exports {
            Exports::Nothing => return None,
            // An application of a framework is often packed like a library.
            Exports::Files(faces) => {
                (faces.iter().find_map(|path| face(path))?, true, if sources.serves { 60 } else { 90 })
            }
            // Nothing says whether a jar or an assembly is made for others or for the system's own parts.
            Exports::Sources => (sources.first.filter(|_| !sources.serves)?, false, 70),
        };
        let names = u32::try_from(sources.names.len()).unwrap_or(u32::MAX);
        let hands_on = || is_named && records.get(file as usize).is_some_and(|face| re_exports(face));
        (names > 0 || hands_on()).then_some(Library { package, file, is_named, names, confidence })
    };
    (0..).zip(packages.iter().zip(&sources)).filter_map(library).collect()
}

/// Whether a face hands on what others define: such a package may have no name of its own.
fn re_exports(face: &FileRecord) -> bool {
    face.digest.as_ref().is_some_and(|digest| digest.imports.hand_on())
}

impl<'f> Sources<'f> {
    fn add(&mut self, id: u32, file: &'f File) {
        let Some(parsed) = &file.parsed else { return };
        let names = parsed.offers.iter().map(|offer| offer.name).filter(|name| !name.contains('.'));
        self.names.extend(names);
        if !self.names.is_empty() {
            self.first.get_or_insert(id);
        }
        self.serves |= entries::of_file(file).any(|entry| entry.kind == EntryKind::HttpRoute);
    }
}

/// Packages by ecosystem and folder.
struct Homes<'p>(FxHashMap<&'p str, FxHashMap<&'p str, Vec<u32>>>);

impl<'p> Homes<'p> {
    fn of(packages: &'p [Package]) -> Self {
        let mut homes: FxHashMap<&str, FxHashMap<&str, Vec<u32>>> = FxHashMap::default();
        for (id, package) in (0..).zip(packages) {
            homes.entry(&package.ecosystem).or_default().entry(&package.root).or_default().push(id);
        }
        Self(homes)
    }

    /// The innermost packages of its language around a file. Where two ecosystems build the same folder they are one
    /// package, built in two ways.
    fn of_file(&self, file: &File) -> &[u32] {
        let ecosystems = file.parsed.as_ref().map_or(&[][..], |parsed| ecosystems(parsed.language));
        let known: Vec<_> = ecosystems.iter().filter_map(|ecosystem| self.0.get(*ecosystem)).collect();
        let mut homes =
            folders_around(&file.path).flat_map(|folder| known.iter().filter_map(move |homes| homes.get(folder)));
        homes.next().map_or(&[], Vec::as_slice)
    }
}

/// The folders around a file, the innermost first and the repository's root, which has no name, last.
fn folders_around(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder(path)), |above| (!above.is_empty()).then(|| folder(above)))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
