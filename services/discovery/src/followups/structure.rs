//! Questions about how the system is built: circles of parts, and where control comes in.

use super::beyond::named;
use super::question::{Kind, Question};
use crate::behaviour::{EntryKind, EntryPoint};
use crate::components::Circle;
use crate::entries::{self, SURE};
use crate::model::Model;
use crate::projections::{circles_of_parts, component_id, entry_name};
use crate::query::text::plural;
use crate::record::FileClass;
use codexa_model::Language;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Names that a question names.
const NAMED: usize = 3;
/// Mains in one folder that one question can be about; more are a box of tools, and nobody asks which is the system.
const MOST_RIVALS: usize = 8;

/// How sure a rule must be, in percent, for its suspicion to be worth a question: a main that is compiled only where somebody
/// switches it on is a file's test of itself, and the file says so.
const WORTH_ASKING: u8 = 40;

/// Circles of components that people keep apart. A circle is known by its first member, so that it stays itself when it grows.
pub(super) fn cycles(model: &Model) -> Vec<Question> {
    let name = |member: u32| model.components.all.get(member as usize).map_or("", |part| &*part.name);
    let question = |circle: &Circle| {
        let members = circle.members.iter().map(|&member| name(member));
        let weakest = circle.weakest.map(|cut| {
            let pairs = plural(cut.pairs.into(), "pair");
            (format!("`{}` -> `{}`", name(cut.from), name(cut.to)), format!("{pairs} of files"))
        });
        let why = match &weakest {
            Some((cut, pairs)) => {
                format!("{} in a circle; the weakest link is {cut}, {pairs}", parts(circle.members.len()))
            }
            None => format!("{} in a circle", parts(circle.members.len())),
        };
        let cut = weakest.map(|(cut, _)| format!("no: cut {cut}"));
        Question {
            kind: Kind::Cycle,
            about: circle.members.first().map(|&first| component_id(model, first)).unwrap_or_default().into(),
            question: format!("Are {} meant to depend on each other in a circle?", named(members, NAMED, "part")),
            why,
            changes: "The answer stands in the model, for whoever plans a change.".to_owned(),
            options: std::iter::once("yes: they are one part".to_owned()).chain(cut).collect(),
            id: None,
        }
    };
    circles_of_parts(model).map(question).collect()
}

fn parts(count: usize) -> String {
    plural(count as u64, "part")
}

/// Entry points that a rule only suspects, by folder: most come of one habit there, and one answer is for all of them. Where a
/// manifest declares that a program starts in the file nothing is open.
pub(super) fn suspected_entry_points(model: &Model) -> Vec<Question> {
    let declared = declared(model);
    let mut groups: BTreeMap<&str, Vec<(u32, &EntryPoint)>> = BTreeMap::new();
    for (id, file) in (0_u32..).zip(&model.files).filter(|(_, file)| file.class == FileClass::Source) {
        let all = file.parsed.iter().flat_map(|parsed| &parsed.behaviour.entry_points);
        let suspects = all.filter(|entry| (WORTH_ASKING..SURE).contains(&entry.confidence));
        let suspects = suspects.filter(|entry| !file.is_for_tests(entry.line) && !declared.contains(&id));
        for entry in suspects.filter(|_| !entries::is_apart(model, id) && ships(model, id)) {
            groups.entry(folder(&file.path)).or_default().push((id, entry));
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(about, suspects)| (Reverse(suspects.len()), *about));
    let question = |(about, suspects): (&str, Vec<(u32, &EntryPoint)>)| {
        let files: BTreeSet<&str> = suspects.iter().map(|(file, _)| model.path(*file)).collect();
        let (kinds, rules): (BTreeSet<&str>, BTreeSet<&str>) =
            suspects.iter().map(|(_, entry)| (entry_name(entry.kind), &*entry.origin)).unzip();
        let sure = suspects.iter().map(|(_, entry)| entry.confidence).max().unwrap_or_default();
        let (kinds, rules) = (joined(kinds, " or "), joined(rules, ", "));
        let why = format!(
            "found by {rules} as {kinds} in {}, at most {sure} % sure; under {SURE} % it does not count",
            plural(files.len() as u64, "file"),
        );
        Question {
            kind: Kind::EntryPoint,
            about: about.into(),
            question: format!("Does the system start in {}?", named(files.iter().copied(), NAMED, "file")),
            why,
            changes: format!("yes: what rules suspect in `{about}` counts; no: it is left out of the model."),
            options: vec!["yes".to_owned(), "no".to_owned()],
            id: None,
        }
    };
    groups.into_iter().map(question).collect()
}

/// Files that manifests name as the start of a program.
fn declared(model: &Model) -> BTreeSet<u32> {
    entries::programs(model).filter_map(|(_, program)| model.find(&program.target)).collect()
}

/// Several mains in one folder of a compiled language, none of which a manifest declares.
pub(super) fn rival_mains(model: &Model) -> Vec<Question> {
    let declared = declared(model);
    let mut folders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (id, file) in (0_u32..).zip(&model.files) {
        let is_compiled = |language| matches!(language, Language::C | Language::Cpp | Language::CSharp | Language::Go);
        let has_main = entries::of_file(file).any(|entry| entry.kind == EntryKind::Main);
        let is_compiled = file.parsed.as_ref().is_some_and(|parsed| is_compiled(parsed.language));
        if has_main && is_compiled && !entries::is_apart(model, id) && ships(model, id) {
            folders.entry(folder(&file.path)).or_default().push(id);
        }
    }
    folders.retain(|folder, mains| {
        let is_declared = mains.iter().any(|main| declared.contains(main));
        (2..=MOST_RIVALS).contains(&mains.len()) && !is_declared && !is_toolbox(folder)
    });
    let question = |(folder, mains): (&str, Vec<u32>)| Question {
        kind: Kind::Mains,
        about: folder.into(),
        question: format!("Which main of `{folder}` starts the system, and which are tools beside it?"),
        why: format!(
            "{} in one folder, and no manifest declares a program there: {}",
            plural(mains.len() as u64, "main"),
            paths(model, &mains)
        ),
        changes: "Mains that the answer does not name no longer count as entry points.".to_owned(),
        options: mains.iter().map(|main| model.path(*main).to_owned()).collect(),
        id: None,
    };
    folders.into_iter().map(question).collect()
}

/// The folder of a file; `.` is the project's root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

fn joined(words: BTreeSet<&str>, by: &str) -> String {
    words.into_iter().collect::<Vec<_>>().join(by)
}

fn paths(model: &Model, files: &[u32]) -> String {
    files.iter().map(|file| model.path(*file)).collect::<Vec<_>>().join(", ")
}

/// Whether a folder's name says that everything in it stands for itself.
fn is_toolbox(folder: &str) -> bool {
    let names = ["bin", "cmd", "contrib", "hack", "misc", "scripts", "tools", "util", "utils"];
    folder.split('/').any(|part| names.contains(&part))
}

fn ships(model: &Model, file: u32) -> bool {
    model.components.of(file).is_none_or(|component| component.kind.ships())
}
