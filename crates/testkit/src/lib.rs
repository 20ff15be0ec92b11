//! What tests share: throwaway repositories of every shape, hostile ones, and processes.
//!
//! - [`git`]: a git repository that vanishes when dropped.
//! - [`shapes`]: repositories that lack something: bare, shallow, partial, empty …
//! - [`hostile`]: repositories that try to run something, and folders that lead elsewhere.
//! - [`child`]: the running test executable, once more, in a process that can be killed.
//! - [`cli`]: the `codexa` binary in a world of its own.
//! - [`oracles`]: the real tools that Codexa is compared with.

#![allow(clippy::expect_used, clippy::panic, reason = "a test's helper fails the test at once, with words")]

pub mod child;
pub mod cli;
pub mod git;
pub mod hostile;
pub mod oracles;
pub mod shapes;

pub use git::GitRepository;
