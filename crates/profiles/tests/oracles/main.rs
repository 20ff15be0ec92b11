//! Codexa's profiles against the tools that they mirror, which run for real: radon, pygount and tokei as
//! `scripts/oracles.sh` installs them. What a tool said about a corpus is kept in the cache beside them, under the hash
//! of the command, the tool's version and the corpus.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that finds something missing has to fail, also in what its cases share"
)]

mod differences;
mod pygount;
mod radon;
mod tokei;
mod tools;
