//! What tests share: throwaway repositories of every shape, hostile ones, and processes.
//!
//! - [`git`]: a git repository that vanishes when dropped.
//! - [`shapes`]: repositories that lack something: bare, shallow, partial, empty …
//! - [`hostile`]: repositories that try to run something, and folders that lead elsewhere.
//! - [`child`]: the running test executable, once more, in a process that can be killed.
//! - [`running`]: a process that runs beside the test.
//! - [`cli`]: the `codexa` binary in a world of its own.
//! - [`postgres`]: a PostgreSQL that nobody else uses, the oldest supported one too.
//! - [`redis`]: a Redis that nobody else uses.
//! - [`oracles`]: the real tools that Codexa is compared with.
//! - [`browser`]: a real browser, to look at pages with.
//! - `discord` (a feature): Discord, as strict as the real one.
//! - `gateway` (a feature): a small gateway that says what a test tells it to, for clients and adapters.
//! - `slack` (a feature): Slack, as strict as the real one.

#![allow(clippy::expect_used, clippy::panic, reason = "a test's helper fails the test at once, with words")]

pub mod browser;
pub mod child;
pub mod cli;
#[cfg(feature = "discord")]
pub mod discord;
#[cfg(feature = "gateway")]
pub mod gateway;
pub mod git;
pub mod hostile;
pub mod oracles;
pub mod postgres;
pub mod redis;
pub mod running;
pub mod shapes;
#[cfg(feature = "slack")]
pub mod slack;

pub use git::GitRepository;
