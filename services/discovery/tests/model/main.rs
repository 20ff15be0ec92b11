//! The model and what is made of it, over small repositories built by hand.

#![cfg(test)]

mod areas;
mod circles;
mod components;
mod externals;
mod followups;
mod intents;
mod names;
mod projections;
mod queries;
mod repo;
mod risks;
mod tested;
mod together;
mod unfollowed;
mod yaml;
