//! Why a question has no answer.

/// Why a question has no answer. Each has a stable code and a next step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// No tracked file or folder has this path.
    #[error("`{path}` is not a {}", among("tracked file or folder", focus))]
    UnknownPath {
        /// As asked.
        path: String,
        /// Paths like it, nearest first.
        like: Vec<String>,
        /// What the run was narrowed to.
        focus: Vec<String>,
    },
    /// Neither a path nor a symbol.
    #[error("`{name}` is neither a tracked path nor a {}", among("symbol that a file defines", focus))]
    UnknownTarget {
        /// As asked.
        name: String,
        /// Paths or symbols like it, nearest first.
        like: Vec<String>,
        /// What the run was narrowed to.
        focus: Vec<String>,
        /// Why no symbols are known, where that is so.
        not_read: Option<&'static str>,
    },
    /// Several symbols fit.
    #[error("`{name}` may mean {} symbols", places.len())]
    AmbiguousSymbol {
        /// As asked.
        name: String,
        /// `path:name` of each.
        places: Vec<String>,
    },
    /// No such intent.
    #[error("`{id}` is not an intent of this model")]
    UnknownIntent {
        /// As asked.
        id: String,
        /// Ids like it, nearest first.
        like: Vec<String>,
        /// Why there are none at all, where that is so.
        declined: Option<String>,
    },
    /// No such kind of relation.
    #[error("`{kind}` is not a kind of relation in this model")]
    UnknownKind {
        /// As asked.
        kind: String,
    },
    /// No such kind of outside contact.
    #[error("`{kind}` is not a kind of outside contact")]
    UnknownContact {
        /// As asked.
        kind: String,
        /// Those that there are.
        kinds: Vec<String>,
    },
}

impl QueryError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPath { .. } => "QUERY_PATH_NOT_FOUND",
            Self::UnknownTarget { .. } => "QUERY_TARGET_NOT_FOUND",
            Self::AmbiguousSymbol { .. } => "QUERY_SYMBOL_AMBIGUOUS",
            Self::UnknownIntent { .. } => "QUERY_INTENT_NOT_FOUND",
            Self::UnknownKind { .. } | Self::UnknownContact { .. } => "QUERY_KIND_UNKNOWN",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::UnknownTarget { not_read: Some(cause), .. } => {
                format!("{cause}, so that no symbols are known: run `codexa discover --mode deep`, or name a path")
            }
            Self::UnknownIntent { declined: Some(cause), .. } => format!("there are none: {cause}"),
            Self::UnknownPath { like, .. } | Self::UnknownTarget { like, .. } | Self::UnknownIntent { like, .. }
                if !like.is_empty() =>
            {
                format!("did you mean {}?", listed(like))
            }
            Self::UnknownPath { focus, .. } | Self::UnknownTarget { focus, .. } if !focus.is_empty() => {
                "run `codexa discover` without `--focus` to have the whole repository in the model".to_owned()
            }
            Self::UnknownPath { .. } => {
                "a path begins here, at the project's root, or at `/`; untracked files are not in the model".to_owned()
            }
            Self::UnknownTarget { .. } => {
                "name a path, a symbol, or both as `path:symbol`; `codexa show symbols` lists what is public".to_owned()
            }
            Self::UnknownIntent { .. } => "`codexa show intents` lists them; their ids follow their names".to_owned(),
            Self::AmbiguousSymbol { places, .. } => format!("say which: {}", listed(places)),
            Self::UnknownContact { kinds, .. } => format!("there are `{}`", kinds.join("`, `")),
            Self::UnknownKind { .. } => format!("this model has `{}` and `{}`", super::DEPENDS_ON, super::TESTED_BY),
        }
    }
}

/// What something is not, as far as the run has looked.
fn among(what: &str, focus: &[String]) -> String {
    if focus.is_empty() {
        return what.to_owned();
    }
    let focus: Vec<String> = focus.iter().map(|glob| super::text::clean(glob)).collect();
    format!("{what} within the focus of the last run ({})", focus.join(", "))
}

/// At most five, in words.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(5).map(|name| format!("`{}`", super::text::clean(name))).collect();
    let more = names.len().saturating_sub(shown.len());
    let rest = if more > 0 { format!(" or one of {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(" or "))
}
