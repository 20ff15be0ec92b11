//! The YAML that Codexa writes: a small part of YAML 1.2 that people read and every parser reads alike.
//!
//! Block style, two spaces, keys in the order of the type; a value inside [`codexa_model::manifest::Flow`] stands on one
//! line. A string that could be taken for anything else, or that holds anything but plain visible characters, is quoted
//! with `"` and escaped: repositories are full of hostile names. serde-saphyr reads it back; its own serializer took
//! three times the time and let invisible characters through (bidirectional overrides).

mod scalar;
mod serializer;

pub(crate) use scalar::is_visible;
pub use serializer::Error;

use serde::Serialize;
use serializer::Writer;

/// Writes a value as a YAML document.
///
/// # Errors
/// When the value holds what this part of YAML does not have: bytes, enums with data, keys that are not strings.
pub fn to_yaml<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let mut out = String::new();
    write(&mut out, value)?;
    Ok(out)
}

/// Writes a value behind what is there already.
///
/// # Errors
/// As [`to_yaml`].
pub(super) fn write<T: Serialize + ?Sized>(out: &mut String, value: &T) -> Result<(), Error> {
    value.serialize(Writer::new(out))?;
    if !out.ends_with('\n') {
        out.push('\n');
    }
    Ok(())
}
