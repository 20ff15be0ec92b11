//! What a build script says literally: uses of coordinates in `dependencies` blocks, plugins, and tables of strings.

use super::catalog::accessor;
use crate::external::words::{GRADLE, Word, words};
use codexa_model::relation::DependencyScope as Scope;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Deepest nesting of blocks that is followed.
const MAX_DEPTH: usize = 64;
/// Longest text that names are replaced in, and longest result, in bytes: coordinates are far shorter.
const MAX_FILLED: usize = 512;

/// One script.
#[derive(Default)]
pub(super) struct Script<'a> {
    pub(super) uses: Vec<Use<'a>>,
    /// Projects that depend on other projects of the build: the path of a `project(':a') { … }` block, `None` outside any.
    pub(super) local: BTreeSet<Option<&'a str>>,
    /// `table`, `key`, `text` of `table += [key: "text"]` and `table = [key: "text"]`.
    entries: Vec<(&'a str, &'a str, &'a str)>,
}

/// A dependency of a configuration.
pub(super) struct Use<'a> {
    pub(super) what: What<'a>,
    pub(super) scope: Scope,
    /// The path of the `project(':a') { … }` block around it.
    pub(super) project: Option<&'a str>,
}

impl Use<'_> {
    /// The bundle of a catalog that is used, in one spelling.
    pub(super) fn bundle(&self) -> Option<String> {
        let What::Accessor(name) = self.what else { return None };
        let (_, alias) = name.split_once('.')?;
        alias.starts_with("bundles").then(|| accessor(name))
    }
}

/// A block that a word stands in.
#[derive(Clone, Copy, Default)]
struct Block<'a> {
    name: &'a str,
    project: Option<&'a str>,
}

impl<'a> Block<'a> {
    fn opened_by(statement: &[Word<'a>]) -> Self {
        let name = statement.first().and_then(|first| first.name()).unwrap_or_default();
        let argument = statement.iter().find_map(|word| word.text());
        Self { name, project: argument.filter(|_| name == "project") }
    }
}

/// How a dependency is written.
pub(super) enum What<'a> {
    /// `"group:artifact:version"`.
    Coordinates(&'a str),
    /// `group: "g", name: "a", version: "v"`.
    Parts { group: &'a str, name: &'a str, version: Option<&'a str> },
    /// `id "x" version "y"`.
    Plugin { id: &'a str, version: Option<&'a str> },
    /// `libs.junit`.
    Accessor(&'a str),
}

impl<'a> Script<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let words = words(text, &GRADLE);
        let mut script = Self::default();
        let mut blocks: Vec<Block<'a>> = Vec::new();
        let mut statement = Vec::new();
        let mut parentheses = 0_usize;
        let mut table_end = 0;
        for (at, word) in words.iter().enumerate() {
            match word {
                Word::Mark('{') => {
                    script.statement(&blocks, &statement);
                    if blocks.len() < MAX_DEPTH {
                        blocks.push(Block::opened_by(&statement));
                    }
                    statement.clear();
                    parentheses = 0;
                }
                Word::Mark('}') => {
                    script.statement(&blocks, &statement);
                    blocks.pop();
                    statement.clear();
                    parentheses = 0;
                }
                Word::Line | Word::Mark(';') => {
                    let goes_on = parentheses > 0 || matches!(statement.last(), Some(Word::Mark(',')));
                    if !goes_on {
                        script.statement(&blocks, &statement);
                        statement.clear();
                    }
                }
                word => {
                    match word {
                        Word::Mark('(') => parentheses += 1,
                        Word::Mark(')') => parentheses = parentheses.saturating_sub(1),
                        // What stands in a table is no table of its own: without a closing bracket each would go to the end.
                        Word::Mark('[') if at >= table_end => table_end = script.table(&words, at),
                        _ => {}
                    }
                    statement.push(*word);
                }
            }
        }
        script.statement(&blocks, &statement);
        script
    }

    fn statement(&mut self, blocks: &[Block<'a>], statement: &[Word<'a>]) {
        match blocks.last().map(|block| block.name) {
            Some("dependencies") => self.dependency(blocks, statement),
            Some("plugins") => self.plugin(statement),
            _ => self.variable(statement),
        }
    }

    /// `def version = "1"`, `val version = "1"`, `ext.version = "1"`: an entry of the table without a name.
    fn variable(&mut self, statement: &[Word<'a>]) {
        let statement = match statement.split_first() {
            Some((Word::Name("def" | "val" | "String" | "final"), rest)) => rest,
            _ => statement,
        };
        if let [Word::Name(name), Word::Mark('='), Word::Text(text)] = statement {
            self.entries.push(("", name.trim_start_matches("ext."), text));
        }
    }

    /// `configuration "g:a:v"`, `configuration(libs.a)`, `configuration group: …`.
    fn dependency(&mut self, blocks: &[Block<'a>], statement: &[Word<'a>]) {
        let Some((first, arguments)) = statement.split_first() else { return };
        let (Word::Name(configuration) | Word::Text(configuration)) = first else { return };
        let inside = arguments.iter().filter_map(|word| word.name());
        let project = blocks.iter().rev().find_map(|block| block.project);
        if inside.clone().any(|name| name == "project" || name.starts_with("projects.")) {
            self.local.insert(project);
            return;
        }
        if inside.clone().any(|name| matches!(name, "files" | "fileTree"))
            || matches!(*configuration, "constraints" | "if" | "for" | "def" | "val" | "exclude")
        {
            return;
        }
        let is_build = blocks.iter().any(|block| block.name == "buildscript");
        let scope = if is_build { Scope::Build } else { scope_of(configuration) };
        let option = |name: &str| {
            arguments.windows(3).find_map(|window| match window {
                [Word::Name(key), Word::Mark(':' | '='), Word::Text(value)] if *key == name => Some(*value),
                _ => None,
            })
        };
        if let (Some(group), Some(name)) = (option("group"), option("name")) {
            self.uses.push(Use { what: What::Parts { group, name, version: option("version") }, scope, project });
            return;
        }
        for word in arguments {
            match word {
                Word::Text(text) if text.contains(':') => {
                    self.uses.push(Use { what: What::Coordinates(text), scope, project })
                }
                Word::Name(name) if name.contains('.') => {
                    self.uses.push(Use { what: What::Accessor(name), scope, project })
                }
                _ => {}
            }
        }
    }

    /// `id "x" version "y"`, `id("x") version "y"`, `alias(libs.plugins.x)`.
    fn plugin(&mut self, statement: &[Word<'a>]) {
        let text_after = |name: &str| {
            let at = statement.iter().position(|word| *word == Word::Name(name))?;
            statement.iter().skip(at + 1).find(|word| !matches!(word, Word::Mark('(')))?.text()
        };
        match statement.first() {
            Some(Word::Name("id")) => {
                // A plugin without a version is Gradle's own or the build's.
                if let (Some(id), Some(version)) = (text_after("id"), text_after("version")) {
                    let what = What::Plugin { id, version: Some(version) };
                    self.uses.push(Use { what, scope: Scope::Build, project: None });
                }
            }
            Some(Word::Name("alias")) => {
                let accessors = statement.iter().filter_map(|word| word.name()).filter(|name| name.contains('.'));
                let of_build = |name| Use { what: What::Accessor(name), scope: Scope::Build, project: None };
                self.uses.extend(accessors.map(of_build));
            }
            _ => {}
        }
    }

    /// The string entries of `table += [` or `table = [`, where `at` is the bracket; gives where the table ends.
    fn table(&mut self, words: &[Word<'a>], at: usize) -> usize {
        let before = |steps: usize| at.checked_sub(steps).and_then(|at| words.get(at));
        if before(1) != Some(&Word::Mark('=')) {
            return at;
        }
        let name = if before(2) == Some(&Word::Mark('+')) { before(3) } else { before(2) };
        let Some(name) = name.and_then(|word| word.name()).and_then(|name| name.rsplit('.').next()) else { return at };
        let body = words.get(at + 1..).unwrap_or_default();
        let end = body.iter().position(|word| *word == Word::Mark(']')).unwrap_or(body.len());
        let body: Vec<Word<'a>> = body.iter().take(end).copied().filter(|word| *word != Word::Line).collect();
        self.entries.extend(body.windows(3).filter_map(|window| match window {
            [Word::Name(key) | Word::Text(key), Word::Mark(':'), Word::Text(text)] => Some((name, *key, *text)),
            _ => None,
        }));
        at + 1 + end
    }
}

/// What a configuration is for, by Gradle's naming.
pub(super) fn scope_of(configuration: &str) -> Scope {
    let name = configuration.to_lowercase();
    let has = |part: &str| name.contains(part);
    if has("test") || has("developmentonly") || has("jmh") {
        Scope::Development
    } else if has("classpath") && !has("runtimeclasspath") && !has("compileclasspath")
        || has("annotationprocessor")
        || has("compileonly")
        || ["kapt", "ksp", "checkstyle", "spotbugs", "pmd", "detekt"].iter().any(|tool| name.starts_with(tool))
    {
        Scope::Build
    } else {
        Scope::Runtime
    }
}

/// The tables of strings of all scripts; a key that scripts give different texts has none.
pub(super) struct Tables<'a> {
    entries: FxHashMap<(&'a str, &'a str), Option<&'a str>>,
}

impl<'a> Tables<'a> {
    pub(super) fn of<'s>(scripts: impl Iterator<Item = &'s Script<'a>>) -> Self
    where
        'a: 's,
    {
        let mut entries: FxHashMap<(&str, &str), Option<&str>> = FxHashMap::default();
        for &(table, key, text) in scripts.flat_map(|script| &script.entries) {
            let kept = entries.entry((table, key)).or_insert(Some(text));
            if *kept != Some(text) {
                *kept = None;
            }
        }
        Self { entries }
    }

    pub(super) fn get(&self, table: &str, key: &str) -> Option<&'a str> {
        self.entries.get(&(table, key)).copied().flatten()
    }

    /// The text with `$table.key`, `$name` and their forms in braces replaced where scripts agree on the entry; the rest
    /// stays as written, as does everything in a text that is too long.
    pub(super) fn fill(&self, text: &str) -> String {
        if text.len() > MAX_FILLED {
            return text.to_owned();
        }
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            result.push_str(before);
            let braced = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            let (name, remaining) = braced.unwrap_or_else(|| {
                let end = after.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_')).unwrap_or(after.len());
                after.split_at_checked(end).unwrap_or((after, ""))
            });
            let (table, key) = name.split_once('.').unwrap_or(("", name));
            match self.get(table, key) {
                Some(value) if result.len() + value.len() > MAX_FILLED => return text.to_owned(),
                Some(value) => result.push_str(value),
                None => {
                    let written = rest.len() - before.len() - remaining.len();
                    result.push_str(rest.get(before.len()..before.len() + written).unwrap_or_default());
                }
            }
            rest = remaining;
        }
        result.push_str(rest);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_are_never_closed_are_read_once() {
        let script = "a = [k: 'v'\n".repeat(300);
        assert!(Script::parse(&script).entries.len() <= 300);
        let closed = "a = [k: 'v']\nb = [\nc: 'w']\n";
        assert_eq!(Script::parse(closed).entries, [("a", "k", "v"), ("b", "c", "w")]);
    }

    #[test]
    fn a_filled_text_is_never_longer_than_its_bound() {
        let script = format!("def x = '{}'\n", "1".repeat(400));
        let scripts = [Script::parse(&script)];
        let tables = Tables::of(scripts.iter());
        assert_eq!(tables.fill("g:a:$x").len(), 404);
        assert_eq!(tables.fill("g:a:$x$x"), "g:a:$x$x");
    }
}
