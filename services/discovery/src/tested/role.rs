//! What a file is to tests: one, something that serves them, or what they should reach.

use crate::components::Components;
use crate::graph::{FileGraph, is_header};
use crate::record::{FileClass, FileRecord};
use codexa_model::Language;
use serde::{Deserialize, Serialize};

/// What a file is to tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// It holds tests, and is there for them.
    Test,
    /// It is there for tests and holds none: fixtures, helpers, what they read.
    Helper,
    /// It is there for tests, and is code that nobody could look into.
    Unread,
    /// Code of ours with functions: what tests should reach.
    Code {
        /// Whether it holds tests as well.
        tests: bool,
    },
    /// Code of ours without functions: there is nothing in it to run.
    Values,
    /// Anything else: documents, examples, what others wrote.
    #[default]
    Other,
}

impl Role {
    /// Whether tests stand in the file.
    #[must_use]
    pub fn has_tests(self) -> bool {
        matches!(self, Self::Test | Self::Code { tests: true })
    }

    /// Whether it holds tests, or may: of those that nobody could look into that is not known.
    #[must_use]
    pub fn may_have_tests(self) -> bool {
        self.has_tests() || self == Self::Unread
    }

    /// Whether it is there for tests alone.
    #[must_use]
    pub fn is_of_tests(self) -> bool {
        matches!(self, Self::Test | Self::Helper | Self::Unread)
    }
}

pub(super) fn may_have_tests(roles: &[Role], file: u32) -> bool {
    roles.get(file as usize).is_some_and(|role| role.may_have_tests())
}

/// Whether a test of the file would say something of it.
pub(super) fn is_tested(roles: &[Role], file: u32) -> bool {
    roles.get(file as usize).is_some_and(|role| matches!(role, Role::Code { .. } | Role::Values))
}

/// The role of each file.
pub(super) fn roles(records: &[&FileRecord], graph: &FileGraph, components: &Components) -> Vec<Role> {
    let role = |(file, record): (u32, &&FileRecord)| match record.class {
        FileClass::Test if is_script(file, record, graph) => Role::Test,
        FileClass::Test => of_test(record),
        FileClass::Source if !components.is_apart(file, &record.path) => of_source(record),
        _ => Role::Other,
    };
    (0_u32..).zip(records).map(role).collect()
}

fn of_test(record: &FileRecord) -> Role {
    match &record.digest {
        None if is_unread_code(record) => Role::Unread,
        None => Role::Helper,
        Some(digest) if digest.tests > 0 || (!tells_tests(digest.language) && !is_header(&record.path)) => Role::Test,
        Some(_) => Role::Helper,
    }
}

/// Whether a file without a test that a runner would look for is one as a whole: it is named as one, imports something of
/// the project, and no file imports it. So are checks of types (`tsd`), doctests and scripts that only assert.
fn is_script(file: u32, record: &FileRecord, graph: &FileGraph) -> bool {
    use Language::{JavaScript, Php, Python, Ruby, Tsx, TypeScript};
    let language = record.digest.as_ref().map(|digest| digest.language);
    language.is_some_and(|language| matches!(language, JavaScript | Php | Python | Ruby | Tsx | TypeScript))
        && super::naming::is_named_as_test(&record.path)
        && graph.dependents.of(file as usize).is_empty()
        && !graph.depends_on.of(file as usize).is_empty()
}

fn of_source(record: &FileRecord) -> Role {
    match record.digest.as_deref() {
        Some(digest) if digest.functions > 0 => Role::Code { tests: digest.tests > 0 && !digest.test_lines.is_empty() },
        Some(_) => Role::Values,
        None => Role::Other,
    }
}

/// Languages that people write tests in and that are counted, not parsed.
#[rustfmt::skip]
const COUNTED: [&str; 24] = [
    "BASH", "Clojure", "Crystal", "Dart", "Elixir", "Erlang", "F#", "Groovy", "Haskell", "Julia", "Kotlin", "Lua", "Nim",
    "OCaml", "Objective-C", "Perl", "PowerShell", "R", "Scala", "Shell", "Swift", "TCL", "Visual Basic", "Zig",
];

/// Whether a file may hold tests that nobody saw: it was not parsed, or there is no grammar of its language here.
fn is_unread_code(record: &FileRecord) -> bool {
    let is_counted = record.language.as_deref().is_some_and(|language| COUNTED.contains(&language));
    crate::components::is_code(record) && (is_counted || record.unread.is_some())
}

/// Whether a file of the language shows whether it holds tests. Those of C and of shells are programs like any other.
fn tells_tests(language: Language) -> bool {
    !matches!(language, Language::C | Language::Cpp | Language::Bash)
}
