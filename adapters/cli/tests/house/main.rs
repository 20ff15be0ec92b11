//! The whole house: real processes on loopback, strict stubs of Slack and Discord around them.

#![cfg(test)]

mod acts;
mod apart;
mod bad_input;
mod faults;
mod link;
mod listener;
mod roles;
mod story;
mod world;
