//! Files that a text names: what a build, a script, a workflow or a document speaks of is needed without an import that
//! leads to it.

use memchr::{memchr_iter, memchr2, memmem};
use rustc_hash::FxHashSet;
use tokei::LanguageType;

/// Most names of one text.
pub const MAX_MENTIONS: usize = 256;
/// Bytes of a text that are looked through.
pub const MENTIONS_WITHIN: usize = 1 << 18;

/// Endings of what is worth remembering: code, and the objects that builds name instead of it.
const ENDINGS: [&str; 28] = [
    "c", "cc", "cjs", "cpp", "cts", "cxx", "def", "go", "h", "hh", "hpp", "hxx", "inc", "inl", "js", "jsx", "lo",
    "mjs", "mts", "o", "obj", "py", "pyx", "rs", "sh", "svelte", "ts", "tsx",
];

/// Length of the longest of them.
const LONGEST: usize = 6;
/// What is longer names nothing: every end of a word is looked up later.
const LONGEST_WORD: usize = 512;
/// As much is looked at behind words that embed a file.
const LONGEST_LINE: usize = 1 << 10;

/// The paths and names of files in a text that speaks of files, as written, without what leads up or begins at a root;
/// sorted. Code that imports what it names is no such text, but for the lines that put a file into the program as it is.
pub(crate) fn mentions(path: &str, language: Option<LanguageType>, content: &[u8]) -> Vec<Box<str>> {
    let mut found: FxHashSet<&str> = FxHashSet::default();
    if let Some(marker) = embeds(language) {
        for at in memmem::find_iter(content, marker).take(MAX_MENTIONS) {
            let rest = content.get(at..).unwrap_or_default();
            let line = memchr2(b'\n', b')', rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
            gather(line.get(..LONGEST_LINE).unwrap_or(line), &mut found);
        }
    } else if speaks_of_files(path, language) {
        gather(content.get(..MENTIONS_WITHIN).unwrap_or(content), &mut found);
    }
    let mut found: Vec<Box<str>> = found.into_iter().map(Box::from).collect();
    found.sort_unstable();
    found
}

fn gather<'t>(text: &'t [u8], found: &mut FxHashSet<&'t str>) {
    for word in memchr_iter(b'.', text).filter_map(|dot| word_around(text, dot)) {
        if found.len() == MAX_MENTIONS {
            return;
        }
        let word = word.trim_start_matches("./").trim_start_matches("../").trim_start_matches('/');
        if has_stem(word) && word.len() <= LONGEST_WORD {
            found.insert(word);
        }
    }
}

/// How code of a language says that a file is to be put into the program as it is (`include_str!("page.js")`).
fn embeds(language: Option<LanguageType>) -> Option<&'static [u8]> {
    match language? {
        LanguageType::Rust => Some(b"include_"),
        LanguageType::Go => Some(b"//go:embed"),
        _ => None,
    }
}

/// The word of a text that ends in this dot and an ending. There are many dots, and what follows says of most that they are
/// none of a file. Dots behind an ending close a sentence.
fn word_around(content: &[u8], dot: usize) -> Option<&str> {
    let after = content.get(dot + 1..)?;
    let ending = after.iter().take(LONGEST + 1).take_while(|byte| is_of_name(**byte)).count();
    if !ENDINGS.iter().any(|known| Some(known.as_bytes()) == after.get(..ending)) {
        return None;
    }
    let next = after.iter().skip(ending).find(|byte| **byte != b'.');
    if next.is_some_and(|byte| is_of_path(*byte)) {
        return None;
    }
    let before = content.get(..dot)?;
    let start = before.iter().rposition(|byte| !is_of_path(*byte)).map_or(0, |at| at + 1);
    std::str::from_utf8(content.get(start..=dot + ending)?).ok()
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-+@".contains(&byte) || !byte.is_ascii()
}

fn is_of_path(byte: u8) -> bool {
    matches!(byte, b'/' | b'.') || is_of_name(byte)
}

/// Whether a file's name is more than its ending.
fn has_stem(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    name.rsplit_once('.').is_some_and(|(stem, _)| !stem.is_empty())
}

/// Builds, scripts, settings and documents.
fn speaks_of_files(path: &str, language: Option<LanguageType>) -> bool {
    use LanguageType as Is;
    let name = path.rsplit('/').next().unwrap_or(path);
    match language {
        Some(Is::JavaScript | Is::TypeScript) => {
            name.contains(".config.") || name.starts_with("gulpfile") || name.starts_with("Gruntfile")
        }
        Some(
            Is::Autoconf
            | Is::Automake
            | Is::Bash
            | Is::Batch
            | Is::Bazel
            | Is::CMake
            | Is::Dockerfile
            | Is::Fish
            | Is::Groovy
            | Is::Ini
            | Is::Json
            | Is::Just
            | Is::Ksh
            | Is::Makefile
            | Is::Meson
            | Is::MsBuild
            | Is::Perl
            | Is::PowerShell
            | Is::Python
            | Is::Rakefile
            | Is::Ruby
            | Is::Scons
            | Is::Sh
            | Is::Tcl
            | Is::Toml
            | Is::VisualStudioProject
            | Is::Yaml
            | Is::Zsh,
        ) => true,
        Some(Is::AsciiDoc | Is::Markdown | Is::Mdx | Is::Org | Is::ReStructuredText | Is::Text) => true,
        Some(_) => false,
        // `configure.ac`, `GNUmakefile.am` and the like are known by their names alone.
        None => name.starts_with("configure") || name.to_ascii_lowercase().contains("makefile"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ENDINGS, has_stem, is_of_path, mentions};
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use tokei::LanguageType::{Go, JavaScript, Json, Makefile, Markdown, Rust};

    fn found(language: tokei::LanguageType, text: &str) -> Vec<String> {
        mentions("x", Some(language), text.as_bytes()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn paths_and_names_of_code_are_found_in_what_speaks_of_files() {
        let scripts = r#"{"scripts": {"build:wasm": "node build/wasm.js --docker", "t": "tsd && ../lib/x.ts"}}"#;
        assert_eq!(found(Json, scripts), ["build/wasm.js", "lib/x.ts"]);
        assert_eq!(found(Makefile, "CLI_OBJ=anet.o $(top)/src/ae.c\n\tcc -o $@ *.c\n"), ["anet.o", "src/ae.c"]);
        assert_eq!(found(Markdown, "Look at `app/old.py`. Or at old.py."), ["app/old.py", "old.py"]);
        assert_eq!(found(Markdown, "e.g. this, 1.2.3 and example.com"), Vec::<String>::new());
        assert_eq!(found(JavaScript, "import './old.js'"), Vec::<String>::new());
        assert_eq!(found(Rust, "const PAGE: &str = include_str!(\"page.js\"); // see old.py\nself.c"), ["page.js"]);
        assert_eq!(found(Go, "//go:embed web/app.js web/x.css\nvar files embed.FS // y.go"), ["web/app.js"]);
        assert_eq!(found(Markdown, "a.c.c and ../../b.svelte... x.py.orig .c /d/.h"), ["a.c.c", "b.svelte"]);
        let long = |folders: usize| format!("{}x.c", "a/".repeat(folders));
        assert_eq!(found(Markdown, &format!("{} {}", long(254), long(255))), [long(254)]);
        assert!(ENDINGS.iter().all(|ending| ending.len() <= super::LONGEST));
    }

    proptest! {
        #[test]
        fn every_word_with_an_ending_is_found_and_no_other(text in "([ac./é ]|\\.c|\\.py){0,40}") {
            let words = text.split(|c: char| c.is_ascii() && !is_of_path(c as u8)).map(|word| {
                word.trim_end_matches('.').trim_start_matches("./").trim_start_matches("../").trim_start_matches('/')
            });
            let is_file = |word: &&str| {
                has_stem(word) && word.rsplit(['/', '.']).next().is_some_and(|ending| ENDINGS.contains(&ending))
            };
            let expected: BTreeSet<&str> = words.filter(is_file).collect();
            prop_assert_eq!(found(Markdown, &text), expected.into_iter().collect::<Vec<_>>());
        }
    }
}
