//! The discovery engine: from a repository to a model that people and agents can trust.
//!
//! [`engine::discover`] runs it. Facts come from [`workers`], become [`record`]s, and then a [`model`]: a pure function
//! of records and links, from which [`projections`] are written and [`query`] answers.

pub mod annotate;
pub mod behaviour;
pub mod components;
pub mod coverage;
pub mod documents;
pub mod engine;
mod entries;
pub mod externals;
pub mod followups;
pub mod graph;
pub mod history;
pub mod hotspots;
pub mod ids;
pub mod imports;
pub mod intents;
pub mod iterations;
pub mod libraries;
mod links;
pub mod map;
pub mod model;
pub mod offers;
mod parallel;
pub mod projections;
pub mod query;
pub mod record;
pub mod scan;
pub mod serve;
mod source_roots;
mod sums;
pub mod tested;
pub mod workers;
pub mod zones;
