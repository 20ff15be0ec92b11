//! Questions about what could not be read, and about what leads nowhere.

use super::beyond::named;
use super::question::{Kind, Question};
use super::structure::folder;
use crate::components::is_markup;
use crate::coverage::{is_cut, unread_name};
use crate::model::{File, Model};
use crate::projections::{LANGUAGE_FILES, LANGUAGE_SHARE, OpenImports, open_imports};
use crate::query::text::{number, percent, plural};
use crate::record::{FileClass, Unread};
use codexa_model::manifest::Reach;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Names that a question names.
const NAMED: usize = 3;

/// Imports that should lead to a file here and do not, by what they name together. What only tests import, and what lies in a
/// folder of a language that nobody reads, is no question.
pub(super) fn imports(model: &Model) -> Vec<Question> {
    let unread = unread_folders(model);
    let is_asked = |cluster: &OpenImports<'_>| {
        let is_source = |file: &&u32| model.file(**file).is_some_and(|file| file.class == FileClass::Source);
        let path = cluster.stem.replace(['.', ':', '\\'], "/");
        let is_unread =
            unread.iter().any(|folder| folder.strip_suffix(&*path).is_some_and(|above| above.ends_with('/')));
        cluster.reason != "cut" && cluster.files.iter().filter(is_source).count() > 1 && !is_unread
    };
    let clusters: Vec<OpenImports<'_>> = open_imports(model).into_iter().filter(is_asked).collect();
    let stems: BTreeSet<(&str, &str)> = clusters.iter().map(|cluster| (cluster.reason, cluster.stem)).collect();
    // The members of what is missing are missing with it.
    let is_part = |cluster: &OpenImports<'_>| {
        let ends = cluster.stem.match_indices(['.', '/', ':', '\\']).map(|(at, _)| at);
        ends.filter_map(|end| cluster.stem.get(..end)).any(|above| stems.contains(&(cluster.reason, above)))
    };
    clusters.iter().filter(|cluster| !is_part(cluster)).map(|cluster| import(model, cluster)).collect()
}

fn import(model: &Model, cluster: &OpenImports<'_>) -> Question {
    let first = cluster.files.first().map_or("", |&file| model.path(file));
    let (what, does, is) = match cluster.targets[..] {
        [only] => (format!("`{only}`"), "does", "is it"),
        _ => (format!("{} of `{}`", plural(cluster.targets.len() as u64, "name"), cluster.stem), "do", "are they"),
    };
    let (question, found) = match cluster.reason {
        "ambiguous" => (format!("Which file do imports of {what} mean?"), "several files here fit"),
        _ => (format!("Where {does} {what} come from: {is} made by a build, or missing?"), "no file here fits"),
    };
    Question {
        kind: Kind::Imports,
        about: format!("{}:{}", cluster.reason, cluster.stem).into(),
        question,
        why: format!("{found}; imported by {}, first of all by `{first}`", plural(cluster.files.len() as u64, "file")),
        changes: "The answer stands in the model beside the gap.".to_owned(),
        options: vec!["a build makes it".to_owned(), "it is optional".to_owned(), "it is missing".to_owned()],
        id: None,
    }
}

/// Folders of code that is counted and not parsed.
fn unread_folders(model: &Model) -> BTreeSet<String> {
    let is_counted = |name: &str| {
        model.coverage.languages.get(name).is_some_and(|language| language.reach == Reach::Counted) && !is_markup(name)
    };
    let unread = model.files.iter().filter(|file| file.is_code && file.language.as_deref().is_some_and(is_counted));
    unread.map(|file| format!("/{}", folder(&file.path))).collect()
}

/// Languages with much code that is no test's and no grammar here, the largest first.
pub(super) fn languages(model: &Model) -> Vec<Question> {
    let languages = &model.coverage.languages;
    let all: u64 = languages.values().map(|language| language.code).sum();
    let own = |name: &str| {
        let is_own = |file: &&File| file.class == FileClass::Source && file.language.as_deref() == Some(name);
        let files = model.files.iter().filter(is_own);
        files.fold((0_u64, 0_u64), |(files, lines), file| (files + 1, lines + u64::from(file.lines.code)))
    };
    let counted = languages.iter().filter(|(name, language)| language.reach == Reach::Counted && !is_markup(name));
    let large = counted.map(|(name, _)| (&**name, own(name)));
    let mut large: Vec<_> =
        large.filter(|(_, (files, lines))| *files >= LANGUAGE_FILES && lines * LANGUAGE_SHARE > all).collect();
    large.sort_by_key(|(name, (_, lines))| (Reverse(*lines), *name));
    let question = |(name, (files, lines)): (&str, (u64, u64))| Question {
        kind: Kind::Language,
        about: name.into(),
        question: format!("What is the {name} code for, and what does it stand on?"),
        why: format!(
            "{name} is counted, not parsed: {} beside tests, {} of the lines of code ({} of {})",
            plural(files, "file"),
            percent(lines, all),
            number(lines),
            number(all),
        ),
        changes: "The words stand in the model beside the gap; `discovery.skip_paths` leaves the files out.".to_owned(),
        options: Vec::new(),
        id: None,
    };
    large.into_iter().map(question).collect()
}

/// Files that should have been read and were not, by reason. What a budget left out the next run reads.
pub(super) fn cuts(model: &Model) -> Vec<Question> {
    let unread = &model.coverage.unread;
    let reasons = unread.iter().filter(|(reason, _)| is_cut(**reason) && **reason != Unread::Budget);
    let question = |(reason, files): (&Unread, &Vec<u32>)| {
        let paths = files.iter().map(|&file| model.path(file));
        let (be, them) = if files.len() == 1 { ("Is", "it") } else { ("Are", "them") };
        Question {
            kind: Kind::Cut,
            about: unread_name(*reason).into(),
            question: format!(
                "{be} {} written by a program, or should a larger limit read {them}?",
                named(paths, NAMED, "file")
            ),
            why: format!(
                "{} not parsed ({})",
                plural(files.len() as u64, "file"),
                unread_name(*reason).replace('_', " ")
            ),
            changes:
                "Name them in `discovery.generated`, or raise `discovery.limits`; accepted, it is not asked again."
                    .to_owned(),
            options: Vec::new(),
            id: None,
        }
    };
    reasons.map(question).collect()
}
