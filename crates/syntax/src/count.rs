//! Lines of code, comment and blank, as the tokei library counts them.

use crate::squeeze::squeezed;
use codexa_model::Language;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokei::{Config, LanguageType};

/// Lines by kind, embedded languages (code fences in Markdown, scripts in HTML) included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines of code.
    pub code: usize,
    /// Lines of comment.
    pub comments: usize,
    /// Blank lines.
    pub blanks: usize,
}

thread_local! {
    // tokei counts the two halves of a file with rayon. Whoever counts many files has threads of its own, and handing every
    // file to rayon's costs more than counting it: a pool that is this very thread makes rayon call instead of hand over.
    static ALONE: Option<ThreadPool> = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().ok();
}

/// Counts the lines of a file in a language, on this thread. Python docstrings are code, as tokei has it by default.
#[must_use]
pub fn count(language: LanguageType, source: &[u8]) -> Lines {
    let count = |text: &[u8]| ALONE.with(|_| language.parse_from_slice(text, &Config::default())).summarise();
    let stats = squeezed(language, source, count);
    Lines { code: stats.code, comments: stats.comments, blanks: stats.blanks }
}

/// The language a file is parsed as, where there is one. A `.h` file is C until its neighbours say otherwise.
#[must_use]
pub fn language_of(language: LanguageType) -> Option<Language> {
    Some(match language {
        LanguageType::Bash | LanguageType::Sh => Language::Bash,
        LanguageType::C | LanguageType::CHeader => Language::C,
        LanguageType::CSharp => Language::CSharp,
        LanguageType::Cpp | LanguageType::CppHeader | LanguageType::CppModule => Language::Cpp,
        LanguageType::Go => Language::Go,
        LanguageType::Java => Language::Java,
        LanguageType::JavaScript | LanguageType::Jsx => Language::JavaScript,
        LanguageType::Php => Language::Php,
        LanguageType::Python => Language::Python,
        LanguageType::Ruby | LanguageType::Rakefile => Language::Ruby,
        LanguageType::Rust => Language::Rust,
        LanguageType::TypeScript => Language::TypeScript,
        LanguageType::Tsx => Language::Tsx,
        _ => return None,
    })
}
