//! Serving and reaching another service: over TCP, or within one process without a socket.

mod client;
mod cut;
mod in_process;
mod problem;
mod serve;

pub use client::{AddressError, connect};
pub use in_process::{Incoming, in_process};
pub use problem::{is_away, is_problem, problem_of, status};
pub use serve::{Ended, Listen, Pace, serve};
