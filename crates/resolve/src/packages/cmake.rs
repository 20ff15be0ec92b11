//! CMake projects, read lexically: `project()`, `add_executable()` and `add_library()`. Variables other than the
//! project's own name are not evaluated, so what is named by them is left out.

use crate::Repository;
use crate::paths::{ancestors, folder, join, name, resolve, stem};
use crate::vendored::is_foreign;
use codexa_model::relation::{Exports, Package, Program};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Commands of one file that are looked at.
const MOST_COMMANDS: usize = 20_000;
/// Endings of headers.
const HEADERS: &[&str] = &[".h", ".hh", ".hpp", ".hxx"];
/// Longest name that is a project's or a program's, in bytes: no file system has a longer one.
const LONGEST_NAME: usize = 256;

/// A command with its arguments, quotes taken away.
#[derive(Debug, PartialEq, Eq)]
struct Command<'a> {
    name: &'a str,
    arguments: Vec<&'a str>,
}

/// The CMake projects of a repository.
pub(super) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let files = repo.paths().iter().filter(|path| name(path) == "CMakeLists.txt" && !is_foreign(path));
    let read = files.filter_map(|path| Some((&**path, String::from_utf8_lossy(&repo.read(path)?).into_owned())));
    let texts: Vec<(&str, String)> = read.collect();
    let commands: Vec<(&str, Vec<Command<'_>>)> = texts.iter().map(|(path, text)| (*path, parse(text))).collect();
    for (path, _) in commands.iter().filter(|(_, commands)| commands.len() >= MOST_COMMANDS) {
        repo.cut(path, "has more commands than are looked at");
    }

    let mut found: BTreeMap<&str, Package> = BTreeMap::new();
    for (path, commands) in &commands {
        if let Some(package) = commands.iter().find_map(|command| project(path, command)) {
            found.insert(folder(path), package);
        }
    }
    for (path, commands) in &commands {
        let root = ancestors(folder(path)).find(|folder| found.contains_key(folder));
        let Some(package) = root.and_then(|root| found.get_mut(root)) else { continue };
        if commands.iter().any(|command| command.name.eq_ignore_ascii_case("add_library")) {
            package.exports = Exports::of(public_headers(repo, &package.root));
        }
        for command in commands {
            let program = command
                .name
                .eq_ignore_ascii_case("add_executable")
                .then(|| executable(repo, path, command, &package.name));
            package.programs.extend(program.flatten());
        }
    }
    let mut packages: Vec<Package> = found.into_values().collect();
    for package in &mut packages {
        package.programs.sort_unstable();
        package.programs.dedup();
    }
    packages
}

/// The headers that a library puts into its `include` folder, which is where what others may use lies.
fn public_headers(repo: &dyn Repository, root: &str) -> Vec<Box<str>> {
    let place = join(&join(root, "include"), "");
    let start = repo.paths().partition_point(|path| **path < *place);
    let below = repo.paths().iter().skip(start).take_while(|path| path.starts_with(&*place));
    below.filter(|path| HEADERS.iter().any(|ending| path.ends_with(ending))).cloned().collect()
}

/// `project(Name VERSION 1.2 …)` or the older `project(Name C CXX)`.
fn project(path: &str, command: &Command<'_>) -> Option<Package> {
    if !command.name.eq_ignore_ascii_case("project") {
        return None;
    }
    let name = command.arguments.first().filter(|name| !name.contains('$') && name.len() <= LONGEST_NAME)?;
    let mut after = command.arguments.iter().skip_while(|word| **word != "VERSION").skip(1);
    Some(Package {
        root: folder(path).into(),
        ecosystem: Cow::Borrowed("cmake"),
        name: (*name).into(),
        version: after.next().filter(|version| !version.contains('$')).map(|version| (*version).into()),
        manifest: path.into(),
        programs: Vec::new(),
        exports: Exports::Nothing,
    })
}

/// `add_executable(name [WIN32] a.c b.c)` with the source that is named like a start (`main.c`, `name.c`), else the first that is tracked.
fn executable(repo: &dyn Repository, path: &str, command: &Command<'_>, project: &str) -> Option<Program> {
    let (name, sources) = command.arguments.split_first()?;
    // Each mention of the project's name is replaced by all of it.
    let name = if name.len() > LONGEST_NAME { return None } else { name.replace("${PROJECT_NAME}", project) };
    if name.contains('$') || sources.iter().any(|word| matches!(*word, "ALIAS" | "IMPORTED")) {
        return None;
    }
    let local = |word: &&str| {
        resolve(folder(path), word.trim_start_matches("${CMAKE_CURRENT_SOURCE_DIR}/")).map(String::into_boxed_str)
    };
    let tracked: Vec<Box<str>> =
        sources.iter().filter_map(local).filter(|path| repo.paths().binary_search(path).is_ok()).collect();
    let start = tracked.iter().find(|path| stem(path) == "main" || stem(path) == name);
    let target = start.or_else(|| tracked.first())?;
    Some(Program { name: name.into(), target: target.clone(), declared_in: None })
}

/// The commands of a file: `name(arguments)`, without comments; nested brackets stay in the arguments.
fn parse(text: &str) -> Vec<Command<'_>> {
    let mut commands = Vec::new();
    let mut brackets = Brackets::default();
    let mut rest = text;
    while commands.len() < MOST_COMMANDS {
        rest = brackets.skip_space(rest);
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let Some((name, after)) = rest.split_at_checked(length) else { break };
        let after = after.trim_start_matches([' ', '\t']);
        match after.strip_prefix('(').filter(|_| !name.is_empty()) {
            Some(inside) => {
                let (arguments, after) = brackets.arguments(inside);
                commands.push(Command { name, arguments });
                rest = after;
            }
            None => {
                // Not a command: go on after the next line end.
                match rest.split_once('\n') {
                    Some((_, after)) => rest = after,
                    None => break,
                }
            }
        }
    }
    commands
}

/// Reads bracket arguments and comments, `[==[ … ]==]`.
#[derive(Default)]
struct Brackets {
    /// Numbers of `=` for which no closing bracket follows any more: each is looked for in vain once.
    unclosed: BTreeSet<usize>,
}

impl Brackets {
    fn skip_space<'t>(&mut self, text: &'t str) -> &'t str {
        let mut text = text.trim_start();
        while let Some(comment) = text.strip_prefix('#') {
            text = match self.content(comment) {
                Some((_, after)) => after,
                None => comment.split_once('\n').map_or("", |(_, after)| after),
            }
            .trim_start();
        }
        text
    }

    /// What stands inside the brackets that a text begins with, and what follows them.
    fn content<'t>(&mut self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let inner = text.strip_prefix('[')?;
        let equals = inner.bytes().take_while(|byte| *byte == b'=').count();
        let inner = inner.get(equals..)?.strip_prefix('[').filter(|_| !self.unclosed.contains(&equals))?;
        let found = inner.split_once(&format!("]{}]", "=".repeat(equals)));
        if found.is_none() {
            self.unclosed.insert(equals);
        }
        found
    }

    /// The arguments up to the closing bracket of a command, and what follows it.
    fn arguments<'t>(&mut self, text: &'t str) -> (Vec<&'t str>, &'t str) {
        let mut arguments = Vec::new();
        let mut depth = 0_usize;
        let mut rest = text;
        loop {
            rest = self.skip_space(rest);
            let Some(first) = rest.chars().next() else { return (arguments, rest) };
            let (argument, after) = match (first, self.content(rest)) {
                (_, Some(found)) => found,
                (')', _) if depth == 0 => return (arguments, rest.get(1..).unwrap_or_default()),
                ('(' | ')', _) => {
                    depth = if first == '(' { depth + 1 } else { depth - 1 };
                    rest = rest.get(1..).unwrap_or_default();
                    continue;
                }
                ('"', _) => quoted(rest.get(1..).unwrap_or_default()),
                _ => {
                    let ends = |letter: char| letter.is_whitespace() || "()#\"".contains(letter);
                    let end = rest.find(ends).unwrap_or(rest.len());
                    rest.split_at_checked(end.max(1)).unwrap_or((rest, ""))
                }
            };
            arguments.push(argument);
            rest = after;
        }
    }
}

fn quoted(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestRepository;

    #[test]
    fn reads_commands_as_cmake_does() {
        let text =
            "# a(b)\nProject ( \"x y\" VERSION 1.2 )#[[ c(d)\n]]\nif(NOT (A AND B))\nset(X [=[ ) ]=] \"\\\"\" é)";
        let commands = parse(text);
        let shown: Vec<String> =
            commands.iter().map(|command| format!("{} {:?}", command.name, command.arguments)).collect();
        assert_eq!(
            shown,
            [
                r#"Project ["x y", "VERSION", "1.2"]"#,
                r#"if ["NOT", "A", "AND", "B"]"#,
                r#"set ["X", " ) ", "\\\"", "é"]"#
            ]
        );
    }

    #[test]
    fn a_bracket_that_is_never_closed_is_looked_for_once() {
        let mut brackets = Brackets::default();
        assert_eq!(brackets.arguments("[[a] [[b] [=[c]=] [[d").0, ["[[a]", "[[b]", "c", "[[d"]);
        assert_eq!(brackets.unclosed, BTreeSet::from([0]));
    }

    #[test]
    fn a_name_that_repeats_the_projects_is_bounded() {
        let mut repo = TestRepository::default();
        let name = "${PROJECT_NAME}".repeat(100);
        repo.text("CMakeLists.txt", &format!("project({})\nadd_executable({name} a.c)", "p".repeat(200)));
        repo.text("long/CMakeLists.txt", &format!("project({})", "p".repeat(300)));
        repo.text("a.c", "");
        assert_eq!(repo.show_packages("cmake"), format!("{} CMakeLists.txt", "p".repeat(200)));
    }

    #[test]
    fn executables_belong_to_the_nearest_project() {
        let mut repo = TestRepository::default();
        repo.text("CMakeLists.txt", "cmake_minimum_required(VERSION 3.5)\nproject(Top VERSION 1.2 LANGUAGES C)\nadd_executable(${PROJECT_NAME}-cli util.c cli.c main.c)\nadd_executable(x ALIAS y)");
        repo.text(
            "tool/CMakeLists.txt",
            "add_executable(tool WIN32 ${CMAKE_CURRENT_SOURCE_DIR}/t.c)\nadd_executable(${OTHER} t.c)",
        );
        repo.text("deps/z/CMakeLists.txt", "project(z C)\nadd_executable(minizip zip.c)");
        for path in ["util.c", "cli.c", "main.c", "tool/t.c", "deps/z/zip.c"] {
            repo.text(path, "");
        }
        insta::assert_snapshot!(repo.show_packages("cmake"), @r"
        Top 1.2 CMakeLists.txt Top-cli=main.c tool=tool/t.c
        z deps/z/CMakeLists.txt minizip=deps/z/zip.c
        ");
    }
}
