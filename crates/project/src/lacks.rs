//! What a project does not have, so that an empty section never means two things.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that a complete checkout would have. The text says what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "lack", rename_all = "snake_case")]
pub enum Lack {
    /// The folder is not in a git repository.
    NoGit,
    /// The repository has no work tree: files are read from HEAD's tree.
    NoWorkTree,
    /// The repository has no commit yet.
    NoCommit,
    /// HEAD points at a commit, not at a branch.
    NoBranch,
    /// History ends early (shallow clone).
    ShallowHistory,
    /// Objects that were needed could not be read: damaged, or never fetched (partial clone). That a clone is partial is
    /// nothing by itself.
    MissingObjects {
        /// How many were met.
        count: u64,
    },
    /// Submodules are listed, not entered.
    Submodules {
        /// How many.
        count: u64,
    },
    /// Tracked files are left out of the work tree (sparse checkout).
    SparseFiles {
        /// How many entries; a folder that is left out whole is one.
        count: u64,
    },
    /// A merge is unfinished: files stand in the index in more than one version, and are read as they lie on disk.
    Conflicts {
        /// How many files.
        count: u64,
    },
    /// The tree has more entries than are listed.
    TooManyEntries {
        /// How many are listed.
        listed: u64,
    },
    /// `.gitattributes` rules were left out because there are too many.
    TooManyAttributes,
    /// Ignore rules were left out because there are too many or their file is too long.
    TooManyIgnoreRules,
    /// There is no `.codexa/` folder: defaults apply.
    NoConfiguration,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGit => f.write_str(
                "not a git repository: no history, no commit to stand on; ignore rules decide which files count",
            ),
            Self::NoWorkTree => f.write_str("no work tree (bare repository): files are read from HEAD's tree"),
            Self::NoCommit => f.write_str("no commit yet: no history"),
            Self::NoBranch => f.write_str("HEAD is detached: no branch name"),
            Self::ShallowHistory => f.write_str("shallow clone: history ends early"),
            Self::MissingObjects { count: 1 } => f.write_str("1 object could not be read"),
            Self::MissingObjects { count } => write!(f, "{count} objects could not be read"),
            Self::Submodules { count: 1 } => f.write_str("1 submodule is listed, not entered"),
            Self::Submodules { count } => write!(f, "{count} submodules are listed, not entered"),
            Self::SparseFiles { count: 1 } => {
                f.write_str("1 tracked entry is left out of the work tree (sparse checkout)")
            }
            Self::SparseFiles { count } => {
                write!(f, "{count} tracked entries are left out of the work tree (sparse checkout)")
            }
            Self::Conflicts { count: 1 } => f.write_str("1 file has an unresolved merge conflict"),
            Self::Conflicts { count } => write!(f, "{count} files have an unresolved merge conflict"),
            Self::TooManyEntries { listed: 1 } => f.write_str("only the first entry is listed"),
            Self::TooManyEntries { listed } => write!(f, "only the first {listed} entries are listed"),
            Self::TooManyAttributes => f.write_str(".gitattributes has too many rules: they were left out"),
            Self::TooManyIgnoreRules => {
                f.write_str("an ignore file is too long or has too many rules: some were left out, and hide nothing")
            }
            Self::NoConfiguration => f.write_str("no .codexa/ folder: defaults apply"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_thing_is_not_several() {
        let said = |count| {
            [
                Lack::MissingObjects { count },
                Lack::Submodules { count },
                Lack::SparseFiles { count },
                Lack::Conflicts { count },
                Lack::TooManyEntries { listed: count },
            ]
            .map(|lack| lack.to_string())
        };
        assert_eq!(
            said(1),
            [
                "1 object could not be read",
                "1 submodule is listed, not entered",
                "1 tracked entry is left out of the work tree (sparse checkout)",
                "1 file has an unresolved merge conflict",
                "only the first entry is listed",
            ]
        );
        assert!(said(2).iter().all(|said| said.contains("2 ") && !said.contains(" is ")));
    }
}
