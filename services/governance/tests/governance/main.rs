//! Governance through its public surface, over real stores: SQLite in a file, PostgreSQL 15 and 11.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails at once, with words"
)]

mod acceptance;
mod accounts;
mod bounds;
mod engine;
mod events;
mod face;
mod faults;
mod gates;
mod idempotency;
mod invariants;
mod lists;
mod nonces;
mod rules;
mod secrets;
mod stores;
mod story;
mod sweep;
mod votes;
mod work;
mod world;
