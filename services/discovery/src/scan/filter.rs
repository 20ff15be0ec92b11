//! Patterns that a person writes, in the language of `.gitignore`.

use globset::GlobBuilder;
use globset::{GlobSet, GlobSetBuilder};

/// A pattern that has no meaning.
#[derive(Debug, thiserror::Error)]
#[error("the pattern `{pattern}` has no meaning: {reason}")]
pub struct PatternError {
    /// The pattern, as written.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A list of patterns. A path matches where the last pattern that speaks of it, or of a folder above it, is not negated.
#[derive(Debug)]
pub(crate) struct Patterns {
    written: Vec<String>,
    /// Two globs for each pattern: the path itself, and what lies beneath it.
    globs: GlobSet,
}

impl Patterns {
    pub(crate) fn new(written: &[String]) -> Result<Self, PatternError> {
        let mut globs = GlobSetBuilder::new();
        for pattern in written {
            for glob in globs_of(pattern) {
                let glob = GlobBuilder::new(&glob)
                    .literal_separator(true)
                    .build()
                    .map_err(|error| PatternError { pattern: pattern.clone(), reason: error.kind().to_string() })?;
                globs.add(glob);
            }
        }
        let globs =
            globs.build().map_err(|error| PatternError { pattern: written.join(", "), reason: error.to_string() })?;
        Ok(Self { written: written.to_vec(), globs })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// The index of the pattern that makes the path match.
    pub(crate) fn matching(&self, path: &str) -> Option<usize> {
        let last = self.last(path)?;
        self.written.get(last).filter(|pattern| !pattern.starts_with('!')).map(|_| last)
    }

    /// Whether the path matches; `None` where no pattern speaks of it.
    pub(crate) fn says(&self, path: &str) -> Option<bool> {
        self.written.get(self.last(path)?).map(|pattern| !pattern.starts_with('!'))
    }

    /// The last pattern that speaks of the path.
    fn last(&self, path: &str) -> Option<usize> {
        if self.is_empty() { None } else { self.globs.matches(path).last().map(|glob| glob / 2) }
    }

    /// The pattern as written.
    pub(super) fn text(&self, index: usize) -> String {
        self.written.get(index).cloned().unwrap_or_default()
    }
}

/// The globs of a pattern: what it names, and what lies beneath. A `/` inside ties the pattern to the root; one at the end
/// asks for a folder.
fn globs_of(pattern: &str) -> [String; 2] {
    let pattern = pattern.strip_prefix('!').unwrap_or(pattern);
    let name = pattern.strip_suffix('/').unwrap_or(pattern);
    let anchored = match name.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None if name.contains('/') => name.to_owned(),
        None => format!("**/{name}"),
    };
    let beneath = format!("{}/**", anchored.strip_suffix("/**").unwrap_or(&anchored));
    if pattern.ends_with('/') { [beneath.clone(), beneath] } else { [anchored, beneath] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(patterns: &[&str], path: &str) -> bool {
        let written: Vec<String> = patterns.iter().map(ToString::to_string).collect();
        Patterns::new(&written).unwrap().matching(path).is_some()
    }

    #[test]
    fn patterns_mean_what_they_mean_in_gitignore() {
        assert!(matches(&["vendor/"], "vendor/a.c"));
        assert!(matches(&["vendor/"], "lib/vendor/x/a.c"));
        assert!(!matches(&["vendor/"], "vendor"));
        assert!(matches(&["/vendor"], "vendor/a.c"));
        assert!(!matches(&["/vendor"], "lib/vendor/a.c"));
        assert!(matches(&["*.js"], "a/b.js"));
        assert!(matches(&["src/*.js"], "src/b.js"));
        assert!(!matches(&["src/*.js"], "src/a/b.js"));
        assert!(matches(&["src/**/*.js"], "src/a/c/b.js"));
        assert!(matches(&["src/**"], "src/a/c/b.js"));
        assert!(matches(&["src/net"], "src/net/tcp/a.rs"));
        assert!(!matches(&["*.js", "!keep.js"], "a/keep.js"));
        assert!(!matches(&[], "a"));
    }

    #[test]
    fn a_pattern_without_meaning_is_named() {
        let error = Patterns::new(&["src/[".to_owned()]).unwrap_err();
        assert_eq!(error.pattern, "src/[");
    }
}
