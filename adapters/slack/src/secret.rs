//! Tokens and keys.

use std::fmt;

/// A token or a key. It is used and never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret; white space around it, as a file of one line has it, is dropped.
    #[must_use]
    pub fn new(secret: impl AsRef<str>) -> Self {
        Self(secret.as_ref().trim().to_owned())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(hidden)")
    }
}
