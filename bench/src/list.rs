//! Which files are parsed: a list that the floor reads, so that both sides parse the same ones.

use crate::error::{Error, at};
use crate::measure::output;
use codexa_model::Language;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tokei::{Config, LanguageType};

/// A file to parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) language: Language,
    pub(crate) path: PathBuf,
}

/// The tracked files of a repository in parsed languages, largest first: the order in which threads that take the next
/// file are busy to the end, which makes the floor as low as it can be.
pub(crate) fn tracked(repository: &Path) -> Result<Vec<Entry>, Error> {
    let names = output(Command::new("git").arg("-C").arg(repository).args(["ls-files", "-z"]))?;
    let config = Config::default();
    let mut found: Vec<(u64, Entry)> = names
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter_map(|name| {
            let path = repository.join(name);
            let size = path.symlink_metadata().ok().filter(fs::Metadata::is_file)?.len();
            let language = codexa_syntax::language_of(LanguageType::from_path(&path, &config)?)?;
            Some((size, Entry { language, path }))
        })
        .collect();
    found.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.path.cmp(&right.path)));
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

/// Writes the list as lines of `language<TAB>path`.
pub(crate) fn write(entries: &[Entry], to: &Path) -> Result<(), Error> {
    let lines: String =
        entries.iter().map(|entry| format!("{}\t{}\n", entry.language.name(), entry.path.display())).collect();
    fs::write(to, lines).map_err(at(to))
}

/// Reads what [`write`] wrote.
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
    fn a_line_that_names_no_parsed_language_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list");
        fs::write(&list, "C\ta.c\nCobol\tb.cob\n").unwrap();
        assert!(
            read(&list).unwrap_err().to_string().ends_with("list:2: not `language<TAB>path` with a parsed language")
        );
    }
}
