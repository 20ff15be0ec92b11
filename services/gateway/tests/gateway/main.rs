//! The gateway's contract over HTTP, before services that say what a test tells them to. `adapters/cli` plays the same contract with
//! the real ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

mod authorisation;
mod bodies;
mod document;
mod fake;
mod keys;
mod limits;
mod refusals;
mod secrets;
mod stopping;
mod stream;
mod words;
mod world;
