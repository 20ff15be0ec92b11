//! Where a value comes from.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from, the strongest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line, as it is written there.
    Flag(String),
    /// A variable of the environment.
    Environment(String),
    /// A file that a variable names.
    File {
        /// The variable.
        variable: String,
        /// The file.
        path: PathBuf,
    },
    /// Nobody gave a value.
    BuiltIn,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Environment(variable) => f.write_str(variable),
            Self::File { variable, path } => write!(f, "{variable} ({})", path.display()),
            Self::BuiltIn => f.write_str("built in"),
        }
    }
}
