//! The adapter between a strict Discord and a small gateway.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails with the words of what it met"
)]

mod abuse;
mod common;
mod faults;
mod standing;
mod story;
mod stub;
mod tls;
