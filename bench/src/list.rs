//! Which files are parsed: a list that the floor reads, so that both sides parse the same ones.

use crate::error::{Error, at};
use codexa_model::Language;
use codexa_model::manifest::{ComponentFile, FileNode};
use std::fs;
use std::path::{Path, PathBuf};
use tokei::LanguageType;

/// A file to parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) language: Language,
    pub(crate) path: PathBuf,
}

/// The model's files that say of themselves that the parser did not see them.
const NOT_PARSED: [&str; 8] =
    ["not parsed", "skipped", "unreadable", "too_large", "timed_out", "crashed", "budget", "quick_mode"];

/// The files that the last deep discovery of a project parsed, as its manifests say, largest first: the order in which
/// threads that take the next file are busy to the end, which makes the floor as low as it can be.
pub(crate) fn parsed(project: &Path) -> Result<Vec<Entry>, Error> {
    let folder = project.join(".codexa/manifests/system_model/components");
    let mut found = Vec::new();
    for file in fs::read_dir(&folder).map_err(at(&folder))? {
        let path = file.map_err(at(&folder))?.path();
        for (name, node) in files(component(&path)?) {
            let language = LanguageType::from_name(&node.language).and_then(codexa_syntax::language_of);
            let seen = node.parsed.is_none_or(|state| !NOT_PARSED.contains(&state.as_str()));
            if let Some(language) = language.filter(|_| seen) {
                let path = project.join(name);
                let size = path.metadata().map_err(at(&path))?.len();
                found.push((size, Entry { language, path }));
            }
        }
    }
    found.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.path.cmp(&right.path)));
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

fn component(path: &Path) -> Result<ComponentFile, Error> {
    let text = fs::read_to_string(path).map_err(at(path))?;
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: 20_000_000, max_nodes: 10_000_000 },
    };
    serde_saphyr::from_str_with_options(&text, options)
        .map_err(|error| Error::Model { path: path.to_owned(), why: error.to_string() })
}

/// The files of a component by their path from the project's root.
fn files(component: ComponentFile) -> impl Iterator<Item = (PathBuf, FileNode)> {
    component.modules.into_iter().flat_map(|(module, node)| {
        let module = if module == "." { PathBuf::new() } else { PathBuf::from(module) };
        node.files.into_iter().map(move |(name, file)| (module.join(name), file.0))
    })
}

/// Writes the list as lines of `language<TAB>path`.
pub(crate) fn write(entries: &[Entry], to: &Path) -> Result<(), Error> {
    let lines: String =
        entries.iter().map(|entry| format!("{}\t{}\n", entry.language.name(), entry.path.display())).collect();
    fs::write(to, lines).map_err(at(to))
}

/// Reads what [`fn@write`] wrote.
pub(crate) fn read(from: &Path) -> Result<Vec<Entry>, Error> {
    let text = fs::read_to_string(from).map_err(at(from))?;
    text.lines()
        .enumerate()
        .map(|(line, text)| entry(text).ok_or_else(|| Error::List { path: from.to_owned(), line: line + 1 }))
        .collect()
}

fn entry(line: &str) -> Option<Entry> {
    let (name, path) = line.split_once('\t')?;
    let language = Language::ALL.into_iter().find(|language| language.name() == name)?;
    Some(Entry { language, path: path.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_back_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list");
        let entries = [
            Entry { language: Language::Cpp, path: "a/b c.cc".into() },
            Entry { language: Language::Tsx, path: "x.tsx".into() },
        ];
        write(&entries, &list).unwrap();
        assert_eq!(read(&list).unwrap(), entries);
    }

    #[test]
    fn only_what_the_parser_saw_is_listed_and_the_largest_first() {
        let project = tempfile::tempdir().unwrap();
        let components = project.path().join(".codexa/manifests/system_model/components");
        fs::create_dir_all(&components).unwrap();
        let model = "\
schema: codexa/system-model-component@1
component: { id: c:., name: a, type: folder, source: { rule: folder.files }, confidence: 90, languages: [], depends_on: [], uses: [] }
modules:
  .:
    files:
      small.h: { language: C Header, size: S }
      late.c: { language: C, size: S, parsed: timed_out }
      notes.md: { language: Markdown, size: S, parsed: not parsed }
  src:
    files:
      deep.cc: { language: C++, size: S, parsed: too_deep }
";
        fs::write(components.join("a.yaml"), model).unwrap();
        fs::create_dir(project.path().join("src")).unwrap();
        fs::write(project.path().join("small.h"), "int x;").unwrap();
        fs::write(project.path().join("src/deep.cc"), "int x = ((((1))));").unwrap();
        let expected = [
            Entry { language: Language::Cpp, path: project.path().join("src/deep.cc") },
            Entry { language: Language::C, path: project.path().join("small.h") },
        ];
        assert_eq!(parsed(project.path()).unwrap(), expected);
    }

    #[test]
    fn a_line_that_names_no_parsed_language_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list");
        fs::write(&list, "C\ta.c\nCobol\tb.cob\n").unwrap();
        assert!(
            read(&list).unwrap_err().to_string().ends_with("list:2: not `language<TAB>path` with a parsed language")
        );
    }
}
