//! Questions about code that nothing here needs.

use super::beyond::named;
use super::question::{Kind, Question};
use super::structure::folder;
use crate::model::Model;
use crate::query::text::{number, plural};
use codexa_model::annotations::Answer;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Files of one folder from which on they are one question: they are there for one reason.
const TOGETHER: usize = 4;
/// Names that a question names.
const NAMED: usize = 3;

/// Files that look unused, most lines first; those of one folder together where they are many and nobody answered for one of
/// them.
pub(super) fn files(model: &Model, answered: &BTreeMap<&str, &Answer>) -> Vec<Question> {
    let mut folders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut single: Vec<u32> = Vec::new();
    let is_answered = |about: &str| answered.contains_key(&*format!("{}:{about}", Kind::DeadCode.word()));
    for &file in &model.unused {
        let path = model.path(file);
        match is_answered(path) {
            true => single.push(file),
            false => folders.entry(folder(path)).or_default().push(file),
        }
    }
    let mut groups: Vec<(&str, Vec<u32>)> = Vec::new();
    for (folder, files) in folders {
        // What was answered for a folder holds when it has fewer of them.
        match files.len() >= TOGETHER || is_answered(folder) {
            true => groups.push((folder, files)),
            false => single.extend(files),
        }
    }
    groups.extend(single.into_iter().map(|file| (model.path(file), vec![file])));
    let lines =
        |files: &[u32]| files.iter().filter_map(|file| model.file(*file)).map(|file| u64::from(file.lines.code)).sum();
    let mut groups: Vec<(u64, &str, Vec<u32>)> =
        groups.into_iter().map(|(about, files)| (lines(&files), about, files)).collect();
    groups.sort_by_key(|(lines, about, _)| (Reverse(*lines), *about));
    groups.into_iter().map(|(lines, about, files)| question(model, lines, about, &files)).collect()
}

fn question(model: &Model, lines: u64, about: &str, files: &[u32]) -> Question {
    let lines = format!("{} of code", plural(lines, "line"));
    let read = number(model.coverage.files_parsed.into());
    let (question, why, dead) = match files {
        [_] => (
            format!("Is `{about}` still needed?"),
            format!("{lines} that nothing here imports, names or starts; {read} files were read"),
            "it stands in the model as dead",
        ),
        _ => {
            let names = named(files.iter().map(|file| file_name(model.path(*file))), NAMED, "file");
            let files = plural(files.len() as u64, "file");
            (
                format!("Are {names} of `{about}` still needed?"),
                format!("{files} with {lines} that nothing here imports, names or starts; {read} files were read"),
                "they stand in the model as dead",
            )
        }
    };
    Question {
        kind: Kind::DeadCode,
        about: about.into(),
        question,
        why,
        changes: format!("no: {dead}, for a change to remove; yes: it is not asked again."),
        options: vec!["yes: WHO NEEDS IT".to_owned(), "no".to_owned()],
        id: None,
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
