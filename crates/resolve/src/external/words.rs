//! Words of a build script: names, plain strings and marks, without comments. Enough to read literal declarations out of
//! Gradle, Ruby, Python and CMake files; nothing is evaluated.

/// Longest script that is looked at, in bytes; build scripts are written by hand.
const MAX_SCRIPT: usize = 1 << 20;

/// A word of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// A name with its dots: `libs.junit`, `gem`.
    Name(&'a str),
    /// What stands between the quotes of a string, as written.
    Text(&'a str),
    /// Any other visible character.
    Mark(char),
    /// The end of a line.
    Line,
}

impl<'a> Word<'a> {
    /// The content of a string.
    pub(super) fn text(self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The name.
    pub(super) fn name(self) -> Option<&'a str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }
}

/// How a language writes comments and strings.
pub(super) struct Style {
    pub(super) line_comment: &'static str,
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    pub(super) quotes: &'static [&'static str],
}

pub(super) const GRADLE: Style =
    Style { line_comment: "//", block_comment: Some(("/*", "*/")), quotes: &["\"\"\"", "'''", "\"", "'"] };
pub(super) const RUBY: Style = Style { line_comment: "#", block_comment: None, quotes: &["\"", "'"] };
pub(super) const PYTHON: Style =
    Style { line_comment: "#", block_comment: None, quotes: &["\"\"\"", "'''", "\"", "'"] };
pub(super) const CMAKE: Style = Style { line_comment: "#", block_comment: Some(("#[[", "]]")), quotes: &["\""] };

/// The words of a script; none where it is over the limit.
pub(super) fn words<'a>(script: &'a str, style: &Style) -> Vec<Word<'a>> {
    let mut words = Vec::new();
    let mut rest = if script.len() > MAX_SCRIPT { "" } else { script };
    while let Some(next) = rest.chars().next() {
        if let Some((open, close)) = style.block_comment.filter(|(open, _)| rest.starts_with(open)) {
            rest = after(after_prefix(rest, open), close);
        } else if rest.starts_with(style.line_comment) {
            rest = rest.find('\n').and_then(|end| rest.get(end..)).unwrap_or("");
        } else if let Some(quote) = style.quotes.iter().find(|quote| rest.starts_with(**quote)) {
            let (text, remaining) = string(after_prefix(rest, quote), quote);
            words.push(Word::Text(text));
            rest = remaining;
        } else if is_name(next) {
            let end = rest.find(|c| !is_name(c) && c != '.').unwrap_or(rest.len());
            let (name, remaining) = rest.split_at_checked(end).unwrap_or((rest, ""));
            words.push(Word::Name(name));
            rest = remaining;
        } else {
            if next == '\n' {
                words.push(Word::Line);
            } else if !next.is_whitespace() {
                words.push(Word::Mark(next));
            }
            rest = rest.get(next.len_utf8()..).unwrap_or("");
        }
    }
    words
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn after_prefix<'a>(text: &'a str, prefix: &str) -> &'a str {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// What follows the first `mark`; nothing where it never comes.
fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

/// The string up to its closing quote and what follows. A string of one-character quotes ends with its line at the latest.
fn string<'a>(text: &'a str, quote: &str) -> (&'a str, &'a str) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if text.get(at..).is_some_and(|rest| rest.starts_with(quote)) {
            return (text.get(..at).unwrap_or(""), text.get(at + quote.len()..).unwrap_or(""));
        } else if c == '\n' && quote.len() == 1 {
            return (text.get(..at).unwrap_or(""), text.get(at..).unwrap_or(""));
        }
    }
    (text, "")
}
