//! The rules of this house that a program can check (docs/ARCHITECTURE.md says why they are rules).
//!
//! A rule is a function from the [`Workspace`] to what breaks it, one sentence each; an empty list means that the
//! whole workspace was looked at and keeps the rule. `tests/house.rs` holds this repository to them, and
//! `tests/rules.rs` shows on small made-up houses that each of them can fail.

pub mod commands;
pub mod evidence;
pub mod layers;
pub mod manifests;
pub mod pages;
pub mod roadmap;
pub mod sources;
pub mod tracked;
pub mod workspace;

pub use workspace::Workspace;
