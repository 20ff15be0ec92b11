//! The whole house: real processes on loopback, strict stubs of Slack and Discord around them.

#![cfg(test)]

mod apart;
mod bad_input;
mod faults;
mod link;
mod roles;
mod story;
mod world;
