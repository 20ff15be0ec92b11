//! What `scripts/oracles.sh` puts beside the checkout: the real tools that Codexa is compared with, and code to compare on.

use std::path::PathBuf;

/// Where the script puts things.
///
/// # Panics
/// Without a home.
#[must_use]
pub fn home() -> PathBuf {
    let cache = || std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").expect("HOME")).join(".cache");
    std::env::var_os("CODEXA_ORACLES")
        .map_or_else(|| cache().unwrap_or_else(home).join("codexa/oracles"), PathBuf::from)
}

/// A program or a folder that the script put there.
///
/// # Panics
/// Where it is missing.
#[must_use]
pub fn installed(below: &str) -> PathBuf {
    let path = home().join(below);
    assert!(path.exists(), "{} is missing: run scripts/oracles.sh", path.display());
    path
}
