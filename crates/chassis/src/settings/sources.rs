//! What was given, and where to look for it.

use super::{Origin, SettingError};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// Every variable of ours begins with this.
pub(super) const PREFIX: &str = "CODEXA_";
/// Ends a variable that names a file.
pub(super) const FILE: &str = "_FILE";
/// Longest value that a file may hold, in bytes.
const LONGEST: u64 = 64 << 10;

/// The flags of a command line and the variables of its environment.
#[derive(Clone, Default)]
pub struct Sources {
    flags: BTreeMap<String, String>,
    environment: BTreeMap<String, OsString>,
}

impl Sources {
    /// Flags by the names of their settings (`database-url`), variables as they are. Only ours are kept.
    pub fn new<F, V>(flags: F, environment: V) -> Self
    where
        F: IntoIterator<Item = (String, String)>,
        V: IntoIterator<Item = (OsString, OsString)>,
    {
        let ours = environment.into_iter().filter_map(|(name, value)| {
            let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
            (!value.is_empty()).then_some((name, value))
        });
        Self { flags: flags.into_iter().collect(), environment: ours.collect() }
    }

    /// The same with the environment of this process.
    pub fn of_process(flags: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::new(flags, std::env::vars_os())
    }

    /// A setting's value and where it comes from.
    pub(super) fn find(&self, name: &str) -> Result<Option<(String, Origin)>, SettingError> {
        if let Some(value) = self.flags.get(name) {
            return Ok(Some((value.clone(), Origin::Flag(flag(name)))));
        }
        let variable = variable(name);
        let of_file = format!("{variable}{FILE}");
        match (self.environment.get(&variable), self.environment.get(&of_file)) {
            (Some(_), Some(_)) => Err(SettingError::Twice { variable }),
            (Some(value), None) => text(value.clone(), Origin::Environment(variable)).map(Some),
            (None, Some(path)) => content(of_file, path.into()).map(Some),
            (None, None) => Ok(None),
        }
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.environment.keys().map(String::as_str)
    }
}

/// `--database-url` of `database-url`.
pub(super) fn flag(name: &str) -> String {
    format!("--{name}")
}

/// `CODEXA_DATABASE_URL` of `database-url`.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase().replace(['-', '.'], "_"))
}

fn text(value: OsString, origin: Origin) -> Result<(String, Origin), SettingError> {
    match value.into_string() {
        Ok(value) => Ok((value, origin)),
        // Not shown: it may be a secret.
        Err(_) => Err(SettingError::Invalid { origin, value: "(bytes)".to_owned(), why: "is not UTF-8".to_owned() }),
    }
}

fn content(variable: String, path: PathBuf) -> Result<(String, Origin), SettingError> {
    let read = read(&path);
    let origin = Origin::File { variable, path };
    match read {
        Ok(value) => Ok((value, origin)),
        Err(error) => Err(SettingError::File { origin, why: error.to_string() }),
    }
}

/// A file's text without the newline that editors end it with.
fn read(path: &std::path::Path) -> io::Result<String> {
    let mut value = String::new();
    // One byte more than allowed tells a file that is too long, whatever its length is said to be.
    File::open(path)?.take(LONGEST + 1).read_to_string(&mut value)?;
    if value.len() as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 64 KiB"));
    }
    if value.ends_with('\n') {
        value.pop();
        if value.ends_with('\r') {
            value.pop();
        }
    }
    Ok(value)
}

impl fmt::Debug for Sources {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = (self.flags.keys(), self.environment.keys());
        f.debug_struct("Sources").field("flags", &names.0).field("environment", &names.1).finish()
    }
}
