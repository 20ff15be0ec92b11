//! The settings of a role, each with where it comes from: a flag, else the environment, else a file that the environment
//! names, else what is built in.
//!
//! `database-url` is the flag `--database-url` or the variable `CODEXA_DATABASE_URL`; `CODEXA_DATABASE_URL_FILE` names a
//! file that holds the value, as secrets are mounted into containers. An empty variable counts as none.

mod origin;
mod sources;
mod table;

pub use codexa_secret::Secret;
pub use origin::Origin;
pub use sources::Sources;
pub use table::{Misspelt, Row, Table};

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// Reads settings by name and remembers what it read.
#[derive(Debug)]
pub struct Settings {
    sources: Sources,
    rows: BTreeMap<&'static str, Row>,
    elsewhere: Vec<&'static str>,
}

/// Why a setting has no value.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// Nobody gave it and nothing is built in.
    #[error("{name} is not set; give {flag}, {variable} or {variable}_FILE")]
    Missing {
        /// The setting.
        name: &'static str,
        /// That sets it.
        flag: String,
        /// That sets it.
        variable: String,
    },
    /// It was given and means nothing.
    #[error("{origin}: {value:?} {why}")]
    Invalid {
        /// Where the value comes from.
        origin: Origin,
        /// As it was given.
        value: String,
        /// What is wrong with it.
        why: String,
    },
    /// Two origins of the same rank.
    #[error("{variable} and {variable}_FILE are both set; keep one of them")]
    Twice {
        /// The shorter of them.
        variable: String,
    },
    /// A file that holds a value cannot be read.
    #[error("{origin}: {why}")]
    File {
        /// Which one.
        origin: Origin,
        /// Why not.
        why: String,
    },
}

impl Settings {
    /// Nothing is read yet.
    #[must_use]
    pub const fn new(sources: Sources) -> Self {
        Self { sources, rows: BTreeMap::new(), elsewhere: Vec::new() }
    }

    /// The value that was given, if any.
    ///
    /// # Errors
    /// When it means nothing.
    pub fn optional<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Result<Option<T>, SettingError> {
        let found = self.sources.find(name)?;
        let row = found.as_ref().map_or_else(Row::unset, |(value, origin)| Row::shown(value, origin.clone()));
        self.rows.insert(name, row);
        found.map(|(value, origin)| parsed(value, origin)).transpose()
    }

    /// The value that was given, else the one that is built in.
    ///
    /// # Errors
    /// When what was given means nothing.
    pub fn or<T: FromStr<Err: Display> + Display>(
        &mut self,
        name: &'static str,
        built_in: T,
    ) -> Result<T, SettingError> {
        if let Some(value) = self.optional(name)? {
            return Ok(value);
        }
        self.rows.insert(name, Row::shown(&built_in.to_string(), Origin::BuiltIn));
        Ok(built_in)
    }

    /// The value, which somebody has to give.
    ///
    /// # Errors
    /// When nobody gave it, or it means nothing.
    pub fn required<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Result<T, SettingError> {
        self.optional(name)?.ok_or_else(|| missing(name))
    }

    /// A value that is shown to nobody, if it was given.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn secret(&mut self, name: &'static str) -> Result<Option<Secret>, SettingError> {
        let found = self.sources.find(name)?;
        let row = found.as_ref().map_or_else(Row::unset, |(_, origin)| Row::hidden(origin.clone()));
        self.rows.insert(name, row);
        Ok(found.map(|(value, _)| Secret::new(value)))
    }

    /// A value that is shown to nobody, and that somebody has to give.
    ///
    /// # Errors
    /// When nobody gave it, or it cannot be read.
    pub fn required_secret(&mut self, name: &'static str) -> Result<Secret, SettingError> {
        self.secret(name)?.ok_or_else(|| missing(name))
    }

    /// Where a setting that was read comes from; `None` where it has no value.
    #[must_use]
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.rows.get(name).and_then(|row| row.origin.as_ref())
    }

    /// Names that other roles read: their variables are no misspellings.
    pub fn known_elsewhere(&mut self, names: impl IntoIterator<Item = &'static str>) {
        self.elsewhere.extend(names);
    }

    /// Everything that was read so far.
    #[must_use]
    pub fn table(&self) -> Table {
        Table::of(&self.rows)
    }

    /// Variables that nobody reads and that look like one that somebody does.
    #[must_use]
    pub fn misspelt(&self) -> Vec<Misspelt> {
        let known = self.rows.keys().chain(&self.elsewhere).map(|name| sources::variable(name));
        table::misspelt(&known.collect::<Vec<_>>(), self.sources.variables())
    }
}

fn parsed<T: FromStr<Err: Display>>(value: String, origin: Origin) -> Result<T, SettingError> {
    value.parse().map_err(|error: T::Err| SettingError::Invalid { origin, value, why: error.to_string() })
}

fn missing(name: &'static str) -> SettingError {
    SettingError::Missing { name, flag: sources::flag(name), variable: sources::variable(name) }
}
