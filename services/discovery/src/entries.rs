//! Which entry points and outside contacts are the system's own: not those of tests, of generated files, or of code taken
//! from elsewhere, and not those that a rule only suspects. Those of examples, benchmarks and documents are counted apart.
//! A program and the main that it starts in are one, and what a package offers to others is one. The manifest counts and lists the same ones everywhere.

use crate::behaviour::{Contact, EntryKind, EntryPoint};
use crate::components::ComponentKind;
use crate::libraries::Library;
use crate::model::{File, Model};
use crate::projections::entry_name;
use crate::record::FileClass;
use codexa_model::relation::{Package, Program};
use std::collections::BTreeSet;

/// How sure a rule must be, in percent, for its entry point to be counted and listed in the manifest.
pub(crate) const SURE: u8 = 50;
/// The kind of a program that a package declares.
pub(crate) const PROGRAM: &str = "program";

/// The entry points of a file that count.
pub(crate) fn of_file(file: &File) -> impl Iterator<Item = &EntryPoint> {
    let behaviour = file.parsed.as_ref().filter(|_| file.class == FileClass::Source).map(|parsed| &parsed.behaviour);
    let all = behaviour.into_iter().flat_map(|behaviour| &behaviour.entry_points);
    all.filter(|entry| entry.confidence >= SURE && !file.is_for_tests(entry.line))
}

/// The outside contacts of a file that count.
pub(crate) fn contacts_of_file(file: &File) -> impl Iterator<Item = &Contact> {
    let all = file.parsed.iter().flat_map(|parsed| &parsed.behaviour.contacts);
    all.filter(|contact| !file.is_for_tests(contact.line))
}

/// The programs that count, with the packages that declare them.
pub(crate) fn programs(model: &Model) -> impl Iterator<Item = (&Package, &Program)> {
    let all = model.packages.iter().flat_map(|package| package.programs.iter().map(move |program| (package, program)));
    all.filter(|(package, program)| program_class(model, package, program) == FileClass::Source)
}

/// The packages that others can build on.
pub(crate) fn libraries(model: &Model) -> impl Iterator<Item = (&Package, &Library)> {
    model.libraries.iter().filter_map(|library| Some((model.packages.get(library.package as usize)?, library)))
}

/// What a program is, by the file that declares it and the file it starts in: vendored where either is, or where the
/// component around its manifest is; a test where either one is; else source.
pub(crate) fn program_class(model: &Model, package: &Package, program: &Program) -> FileClass {
    let manifest = model.find(program.manifest(package));
    let places = [manifest, model.find(&program.target)];
    let is = |class| places.iter().flatten().any(|at| model.file(*at).is_some_and(|file| file.class == class));
    let component = manifest.and_then(|at| model.components.of(at));
    if is(FileClass::Vendored) || component.is_some_and(|component| component.kind == ComponentKind::Vendored) {
        FileClass::Vendored
    } else if is(FileClass::Test) {
        FileClass::Test
    } else {
        FileClass::Source
    }
}

/// Folders of what builds, checks and releases a system.
const OF_BUILD: [&str; 14] = [
    ".ci",
    ".github",
    "benchsuite",
    "build",
    "ci",
    "contrib",
    "dev",
    "hack",
    "maint",
    "release",
    "script",
    "scripts",
    "tools",
    "utils",
];

/// Whether a main starts no part of the system but a tool of those who build it: by its rule, or by the folders it lies in.
pub(crate) fn is_of_build(file: &File, entry: &EntryPoint) -> bool {
    let folders = file.path.rsplit_once('/').map_or("", |(folders, _)| folders);
    entry.kind == EntryKind::Main
        && (&*entry.origin == "rust.build_script" || folders.split('/').any(|folder| OF_BUILD.contains(&folder)))
}

/// Whether a file only shows, measures or explains.
pub(crate) fn is_apart(model: &Model, file: u32) -> bool {
    model.components.is_apart(file, model.path(file))
}

/// Whether a program belongs to what is apart, by the file it starts in, or else by the file that declares it.
pub(crate) fn is_program_apart(model: &Model, package: &Package, program: &Program) -> bool {
    let place = model.find(&program.target).or_else(|| model.find(program.manifest(package)));
    place.is_some_and(|file| is_apart(model, file))
}

/// The main that a program starts in, where its target is a file that has one.
pub(crate) fn main_of<'m>(model: &'m Model, program: &Program) -> Option<(&'m File, &'m EntryPoint)> {
    let file = model.file(model.find(&program.target)?)?;
    let mut all = file.parsed.iter().flat_map(|parsed| &parsed.behaviour.entry_points);
    all.find(|entry| entry.kind == EntryKind::Main).map(|main| (file, main))
}

/// What one row of a list of entry points stands for.
pub(crate) enum Way<'m> {
    /// Found in a file's code.
    Code(&'m EntryPoint),
    /// Declared by a package.
    Program(&'m Package, &'m Program),
    /// Offered by a package to whoever builds on it.
    Library(&'m Package, &'m Library),
}

/// What counts, with the file it lies in (a program's main, or the file that declares it) and whether that is apart.
pub(crate) fn ways(model: &Model) -> Vec<(Way<'_>, Option<u32>, bool)> {
    let mut all = Vec::new();
    let mut started: BTreeSet<u32> = BTreeSet::new();
    for (package, program) in programs(model) {
        let file = main_of(model, program).and_then(|_| model.find(&program.target));
        started.extend(file);
        let file = file.or_else(|| model.find(program.manifest(package)));
        all.push((Way::Program(package, program), file, is_program_apart(model, package, program)));
    }
    all.extend(libraries(model).map(|(package, library)| (Way::Library(package, library), Some(library.file), false)));
    for (id, file) in (0_u32..).zip(&model.files) {
        let is_told = |entry: &&EntryPoint| entry.kind == EntryKind::Main && started.contains(&id);
        let own = of_file(file).filter(|entry| !is_told(entry));
        all.extend(own.map(|entry| (Way::Code(entry), Some(id), is_apart(model, id))));
    }
    all
}

impl Way<'_> {
    /// The name of its kind.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Code(entry) => entry_name(entry.kind),
            Self::Program(..) => PROGRAM,
            Self::Library(..) => entry_name(EntryKind::ExportedApi),
        }
    }
}
