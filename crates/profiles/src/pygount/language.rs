//! Which lexer a file name calls for. To add a language: a row in [`NAMES`], a variant, and its lexer.

use regex::Regex;
use std::sync::LazyLock;

use super::marks::{Class, Counts};
use super::{c_family, cursor::Cursor, go, java, javascript, python, rust};

/// A language with a lexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lexer {
    Python,
    C,
    Cpp,
    Java,
    JavaScript,
    TypeScript,
    Go,
    Rust,
    PlainText,
}

/// File name patterns of Pygments 2.20's lexers: a name, or a suffix with its dot.
const NAMES: &[(Lexer, &[&str])] = &[
    (
        Lexer::Python,
        &[
            ".py",
            ".pyw",
            ".pyi",
            ".jy",
            ".sage",
            ".sc",
            "SConstruct",
            "SConscript",
            ".bzl",
            "BUCK",
            "BUILD",
            "BUILD.bazel",
            "WORKSPACE",
            ".tac",
            ".pye",
        ],
    ),
    (Lexer::C, &[".c", ".h", ".idc"]),
    (
        Lexer::Cpp,
        &[
            ".cpp", ".hpp", ".c++", ".h++", ".cc", ".hh", ".cxx", ".hxx", ".C", ".H", ".cp", ".CPP", ".tpp", ".cppm",
            ".ixx", ".mxx",
        ],
    ),
    (Lexer::Java, &[".java"]),
    (Lexer::JavaScript, &[".js", ".jsm", ".mjs", ".cjs"]),
    (Lexer::TypeScript, &[".ts"]),
    (Lexer::Go, &[".go"]),
    (Lexer::Rust, &[".rs", ".rs.in"]),
    (Lexer::PlainText, &[".txt"]),
];

/// Text names that another lexer, without a row here, wins in Pygments.
const NOT_PLAIN: &[&str] = &["CMakeLists.txt", "robots.txt"];

/// Whether a lexer may take a file of this name.
pub(super) fn is_known(name: &str) -> bool {
    by_name(name).is_some()
}

/// The lexer for a file; `None` when Pygments would take one that has no row here.
pub(super) fn of(name: &str, text: &str) -> Option<Lexer> {
    let lexer = by_name(name)?;
    let objective_c = lexer == Lexer::C && name.ends_with(".h") && OBJECTIVE_C.is_match(text);
    let objective_cpp = lexer == Lexer::Cpp && name.ends_with(".hh") && OBJECTIVE_C.is_match(text);
    (!objective_c && !objective_cpp).then_some(lexer)
}

fn by_name(name: &str) -> Option<Lexer> {
    if NOT_PLAIN.contains(&name) {
        return None;
    }
    let matches = |pattern: &&str| if pattern.starts_with('.') { name.ends_with(*pattern) } else { name == *pattern };
    NAMES.iter().find(|(_, patterns)| patterns.iter().any(&matches)).map(|(lexer, _)| *lexer)
}

/// What makes Pygments take a header for Objective-C.
static OBJECTIVE_C: LazyLock<Lazy> = LazyLock::new(|| {
    Lazy(Regex::new(r#"@(?:end|implementation|protocol)|@"|@[0-9]|\[\s*[a-zA-Z_]\w*\s+(?:[a-zA-Z_]\w*\s*\]|(?:[a-zA-Z_]\w*)?:)"#).ok())
});

/// A pattern that is known to be valid.
struct Lazy(Option<Regex>);

impl Lazy {
    fn is_match(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

impl Lexer {
    /// Pygments' name of the language.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::C => "C",
            Self::Cpp => "C++",
            Self::Java => "Java",
            Self::JavaScript => "JavaScript",
            Self::TypeScript => "TypeScript",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::PlainText => "Text only",
        }
    }

    /// Counts lines after Pygments' preparation: without a byte order mark and without newlines at both ends.
    pub(super) fn count(self, text: &str) -> Counts {
        let mut text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_matches('\n').to_owned();
        text.push('\n');
        match self {
            Self::Python => python::count(&text),
            Self::C => c_family::count(&text, false),
            Self::Cpp => c_family::count(&text, true),
            Self::Java => java::count(&text),
            Self::JavaScript | Self::TypeScript => javascript::count(&text),
            Self::Go => go::count(&text),
            Self::Rust => rust::count(&text),
            Self::PlainText => plain_text(&text),
        }
    }
}

/// All that is not white is documentation, as pygount takes every text format.
fn plain_text(text: &str) -> Counts {
    let mut cursor = Cursor::new(text);
    cursor.take(Class::Code, text.len());
    let counts = cursor.finish();
    Counts { code: 0, documentation: counts.code, ..counts }
}
