//! What a resolution starts from: the directory, the flags and the environment, all given, nothing read in secret.

use crate::merge::{Given, Origin};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where to look and what the caller already knows.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where the upward search starts.
    pub directory: PathBuf,
    /// `--project`: exactly this directory, without a search.
    pub project: Option<PathBuf>,
    /// `--config`: this file in place of `.codexa/config.yaml`.
    pub config: Option<PathBuf>,
    /// Settings from the command line.
    pub flags: Vec<Flag>,
    /// The environment: `HOME`, `XDG_CONFIG_HOME` and `CODEXA_*` are used.
    pub environment: BTreeMap<String, String>,
}

/// A setting from the command line.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// The flag as typed: `--mode`.
    pub name: String,
    /// The setting: `discovery.mode`.
    pub key: String,
    /// Its value.
    pub value: Value,
}

impl Flag {
    pub(crate) fn given(&self) -> (String, Given) {
        let origin = Origin::Flag { name: self.name.clone() };
        (self.key.clone(), Given { value: self.value.clone(), origin })
    }
}

impl Options {
    /// The working directory and environment of this process.
    ///
    /// # Errors
    /// When the working directory does not exist any more.
    pub fn from_process() -> std::io::Result<Self> {
        let environment = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .collect();
        Ok(Self { directory: std::env::current_dir()?, environment, ..Self::default() })
    }

    /// Adds a setting from the command line.
    #[must_use]
    pub fn with_flag(mut self, name: &str, key: &str, value: impl Into<Value>) -> Self {
        self.flags.push(Flag { name: name.to_owned(), key: key.to_owned(), value: value.into() });
        self
    }

    /// The person's home directory, if the environment names an absolute one.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        self.environment.get("HOME").map(PathBuf::from).filter(|path| path.is_absolute())
    }

    /// Where the control plane lives, whether or not it exists: `$XDG_CONFIG_HOME/codexa`, else `~/.config/codexa`.
    /// A relative `XDG_CONFIG_HOME` is ignored, as the XDG specification asks.
    #[must_use]
    pub fn control_plane(&self) -> Option<PathBuf> {
        let named = self.environment.get("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        named.or_else(|| self.home().map(|home| home.join(".config"))).map(|base| base.join("codexa"))
    }
}
