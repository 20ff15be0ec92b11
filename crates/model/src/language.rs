//! The languages that Codexa parses in depth. Every other language is counted, and named "not parsed".

use serde::{Deserialize, Serialize};

/// A language with a grammar, queries and tests of its own.
///
/// The order is the order of tables and reports; the names are the ones tokei prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Bourne-like shells.
    Bash,
    /// C, headers included.
    C,
    /// C#.
    CSharp,
    /// C++, headers included.
    Cpp,
    /// Go.
    Go,
    /// Java.
    Java,
    /// JavaScript with JSX.
    JavaScript,
    /// PHP, with the HTML around it.
    Php,
    /// Python 3.
    Python,
    /// Ruby.
    Ruby,
    /// Rust.
    Rust,
    /// TypeScript without JSX.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
}

impl Language {
    /// Every language, in order.
    pub const ALL: [Self; 13] = [
        Self::Bash,
        Self::C,
        Self::CSharp,
        Self::Cpp,
        Self::Go,
        Self::Java,
        Self::JavaScript,
        Self::Php,
        Self::Python,
        Self::Ruby,
        Self::Rust,
        Self::TypeScript,
        Self::Tsx,
    ];

    /// The name that people read, e.g. `C++`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "Bash",
            Self::C => "C",
            Self::CSharp => "C#",
            Self::Cpp => "C++",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::JavaScript => "JavaScript",
            Self::Php => "PHP",
            Self::Python => "Python",
            Self::Ruby => "Ruby",
            Self::Rust => "Rust",
            Self::TypeScript => "TypeScript",
            Self::Tsx => "TSX",
        }
    }
}
