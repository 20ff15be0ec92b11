//! Codexa's profiles against the tools that they mirror, which run for real: radon, pygount and tokei as
//! `scripts/oracles.sh` installs them. What a tool said about a corpus is kept in the cache beside them, under the hash
//! of the command, the tool's version and the corpus.

mod differences;
mod pygount;
mod radon;
mod tokei;
mod tools;
