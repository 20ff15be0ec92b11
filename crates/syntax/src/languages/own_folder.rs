//! Where a shell script says that it stands: `$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)` and its many spellings.

use codexa_model::facts::{Facts, SymbolKind};
use rustc_hash::FxHashMap;

/// Most substitutions inside each other.
const DEEPEST: u8 = 8;
/// Most variables of one file that are looked at, and the longest value.
const MOST_VARIABLES: usize = 64;
const LONGEST_VALUE: usize = 300;

/// What an expression names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// The script itself.
    Script,
    /// A path from the script's folder; empty for the folder.
    Below(String),
}

/// The variables of a file that hold a place, known by their one assignment.
#[derive(Default)]
pub(super) struct Places(FxHashMap<String, (Place, u32)>);

impl Places {
    /// Reads the assignments at file level, each after those above it. A name that is assigned anywhere else in the file
    /// says nothing for certain.
    pub(super) fn of(source: &str, facts: &Facts) -> Self {
        let mut known = Self::default();
        let variables = facts.symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Variable);
        let mut looked_at = 0;
        for symbol in variables {
            let text = source.get(symbol.span.start_byte as usize..symbol.span.end_byte as usize).unwrap_or_default();
            let Some((name, value)) = text.split_once('=').filter(|(name, _)| **name == *symbol.name) else { continue };
            if value.len() > LONGEST_VALUE || !value.contains(['$', '`']) {
                continue;
            }
            let Some(place) = known.place(value, symbol.span.start_line, 0) else { continue };
            looked_at += 1;
            if looked_at > MOST_VARIABLES {
                break;
            }
            if assignments(source, name) == 1 {
                known.0.insert(name.to_owned(), (place, symbol.span.start_line));
            }
        }
        known
    }

    /// The path from the script's folder that an argument on a line names.
    pub(super) fn path(&self, argument: &str, line: u32) -> Option<String> {
        match self.place(argument, line, 0)? {
            Place::Below(path) if path.starts_with("../") => Some(path),
            Place::Below(path) if !path.is_empty() => Some(format!("./{path}")),
            _ => None,
        }
    }

    fn place(&self, text: &str, line: u32, depth: u8) -> Option<Place> {
        if depth > DEEPEST {
            return None;
        }
        let text: String = text.chars().filter(|letter| !matches!(letter, '"' | '\'')).collect();
        let text = text.trim();
        let (head, rest) = split_head(text)?;
        if rest.contains(['$', '`', '*', '?', ' ', '(']) || !(rest.is_empty() || rest.starts_with('/')) {
            return None;
        }
        let place = match head {
            Head::Command(command) => self.command(command.trim(), line, depth + 1)?,
            Head::Variable("0" | "BASH_SOURCE" | "BASH_SOURCE[0]") => Place::Script,
            Head::Variable("0%/*" | "BASH_SOURCE%/*" | "BASH_SOURCE[0]%/*") => Place::Below(String::new()),
            Head::Variable(name) => self.0.get(name).filter(|(_, assigned)| *assigned <= line)?.0.clone(),
        };
        match (place, rest.trim_matches('/')) {
            (place, "") => Some(place),
            (Place::Below(path), rest) => Some(Place::Below(join(&path, rest))),
            (Place::Script, _) => None,
        }
    }

    /// `dirname X`, `cd X && pwd`, `realpath X`, `readlink -f X`.
    fn command(&self, command: &str, line: u32, depth: u8) -> Option<Place> {
        // An empty `CDPATH` keeps `cd` from looking elsewhere.
        let (name, arguments) = command.trim_start_matches("CDPATH= ").split_once(' ')?;
        let argument = arguments.trim().trim_start_matches("-P ").trim_start_matches("-- ").trim();
        match name {
            "dirname" => Some(match self.place(argument, line, depth)? {
                Place::Script => Place::Below(String::new()),
                Place::Below(path) => Place::Below(join(&path, "..")),
            }),
            "realpath" => self.place(argument, line, depth),
            "readlink" => self.place(argument.strip_prefix("-f ")?, line, depth),
            "cd" | "builtin" => {
                let argument = argument.trim_start_matches("cd ").trim_start_matches("-P ").trim_start_matches("-- ");
                let (folder, then) = argument.split_once("&&").or_else(|| argument.split_once(';'))?;
                let folder = folder.split('>').next().unwrap_or(folder).trim_end_matches([' ', '&', '1', '2']);
                let prints = matches!(then.trim(), "pwd" | "pwd -P" | "builtin pwd");
                self.place(folder, line, depth).filter(|place| prints && *place != Place::Script)
            }
            _ => None,
        }
    }
}

enum Head<'t> {
    Command(&'t str),
    Variable(&'t str),
}

/// The substitution that a text begins with, and what follows it.
fn split_head(text: &str) -> Option<(Head<'_>, &str)> {
    if let Some(inner) = text.strip_prefix("$(") {
        let end = closing(inner, '(', ')')?;
        return Some((Head::Command(inner.get(..end)?), inner.get(end + 1..)?));
    }
    if let Some(inner) = text.strip_prefix('`') {
        let (command, rest) = inner.split_once('`')?;
        return Some((Head::Command(command), rest));
    }
    if let Some(inner) = text.strip_prefix("${") {
        let (name, rest) = inner.split_once('}')?;
        return Some((Head::Variable(name), rest));
    }
    let name = text.strip_prefix('$')?;
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(name.len());
    Some((Head::Variable(name.get(..end)?), name.get(end..)?))
}

/// Where what is open here closes.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, letter) in text.char_indices() {
        if letter == close && depth == 0 {
            return Some(at);
        }
        depth = match letter {
            _ if letter == open => depth + 1,
            _ if letter == close => depth - 1,
            _ => depth,
        };
    }
    None
}

/// A path and what follows it, with each `..` taken back where it can be.
fn join(path: &str, rest: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    for part in rest.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match parts.last() {
            Some(last) if part == ".." && *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// How often a name is assigned in the file, comments and functions included.
fn assignments(source: &str, name: &str) -> usize {
    let assigned = |at: usize| {
        let after = source.get(at + name.len()..).unwrap_or_default();
        let before = source.get(..at).unwrap_or_default();
        (after.starts_with('=') || after.starts_with("+="))
            && !before.ends_with(|letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$' | '{'))
    };
    let read = ["read ", "for "].iter().map(|word| source.matches(&[word, name].concat()).count()).sum::<usize>();
    memchr::memmem::find_iter(source.as_bytes(), name).filter(|at| assigned(*at)).count() + read
}
