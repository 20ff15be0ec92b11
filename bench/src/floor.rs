//! The floor: what tree-sitter alone takes to parse the same files on the same threads. Reading and parsing, nothing else.

use crate::error::{Error, at};
use crate::list::{self, Entry};
use codexa_model::Language;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tree_sitter::Parser;

/// What was parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) files: usize,
    pub(crate) bytes: usize,
}

/// Parses the list and prints how much that was, so that a reader can see that both sides did the same work.
#[allow(clippy::print_stdout, reason = "the harness's result")]
pub(crate) fn run(list: &Path, threads: usize) -> Result<(), Error> {
    let Parsed { files, bytes } = parse(&list::read(list)?, threads)?;
    println!("{files} files, {bytes} bytes");
    Ok(())
}

/// Parses every entry; each thread takes the next one.
pub(crate) fn parse(entries: &[Entry], threads: usize) -> Result<Parsed, Error> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(|| work(entries, &next))).collect();
        let mut all = Parsed::default();
        for worker in workers {
            // A panic of a worker is one of ours: it goes on to the top.
            let parsed = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            all.files += parsed.files;
            all.bytes += parsed.bytes;
        }
        Ok(all)
    })
}

fn work(entries: &[Entry], next: &AtomicUsize) -> Result<Parsed, Error> {
    let mut parsers: Vec<(Language, Parser)> = Vec::new();
    let mut source = Vec::new();
    let mut done = Parsed::default();
    while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
        source.clear();
        File::open(&entry.path).and_then(|mut file| file.read_to_end(&mut source)).map_err(at(&entry.path))?;
        let at = match parsers.iter().position(|(language, _)| *language == entry.language) {
            Some(at) => at,
            None => {
                parsers.push((entry.language, parser(entry.language)?));
                parsers.len() - 1
            }
        };
        if let Some((_, parser)) = parsers.get_mut(at) {
            std::hint::black_box(parser.parse(&source, None));
        }
        done.files += 1;
        done.bytes += source.len();
    }
    Ok(done)
}

fn parser(language: Language) -> Result<Parser, Error> {
    let mut parser = Parser::new();
    parser.set_language(&codexa_syntax::tree_sitter_grammar(language)).map_err(|_| Error::Grammar(language.name()))?;
    Ok(parser)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn every_file_is_parsed_once_whatever_the_threads() {
        let folder = tempfile::tempdir().unwrap();
        let entries: Vec<Entry> = (0..20)
            .map(|at| {
                let path = folder.path().join(format!("{at}.c"));
                fs::write(&path, "int x;\n").unwrap();
                Entry { language: Language::C, path }
            })
            .collect();
        for threads in [0, 1, 3, 50] {
            assert_eq!(parse(&entries, threads).unwrap(), Parsed { files: 20, bytes: 140 });
        }
    }
}
