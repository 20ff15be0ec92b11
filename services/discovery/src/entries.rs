//! Which entry points and outside contacts are the system's own: not those of tests, of generated files, or of code taken
//! from elsewhere, and not those that a rule only suspects. The manifest counts and lists the same ones everywhere.

use crate::behaviour::{Contact, EntryPoint};
use crate::components::ComponentKind;
use crate::model::{File, Model};
use crate::record::FileClass;
use codexa_model::relation::{Package, Program};

/// How sure a rule must be, in percent, for its entry point to be counted and listed in the manifest.
pub(crate) const SURE: u8 = 50;

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

/// What a program is, by the file that declares it and the file it starts in: vendored where either is, or where the
/// component around its manifest is; a test where either is one; else source.
pub(crate) fn program_class(model: &Model, package: &Package, program: &Program) -> FileClass {
    let manifest = model.find(program.manifest(package));
    let places = [manifest, model.find(&program.target)];
    let is = |class| places.iter().flatten().any(|at| model.file(*at).is_some_and(|file| file.class == class));
    let component = manifest.and_then(|at| model.components.of_file.get(at as usize).copied().flatten());
    let component = component.and_then(|component| model.components.all.get(component as usize));
    if is(FileClass::Vendored) || component.is_some_and(|component| component.kind == ComponentKind::Vendored) {
        FileClass::Vendored
    } else if is(FileClass::Test) {
        FileClass::Test
    } else {
        FileClass::Source
    }
}
