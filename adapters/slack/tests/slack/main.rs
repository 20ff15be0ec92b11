//! The adapter between Slack and a gateway, both on loopback and both strict.

#![allow(clippy::unwrap_used, reason = "a test fails with the words of what it met")]

mod endpoint;
mod socket;
mod standing;
mod world;
