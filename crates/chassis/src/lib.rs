//! What every service shares. None of it knows what Codexa decides or discovers.
//!
//! - [`settings`]: the settings of a role, each with where it comes from.
//! - [`telemetry`] and [`request_id`]: log lines, and one id that follows a request through every process.
//! - [`shutdown`] and [`health`]: how a process stops, and whether it is ready.
//! - [`grpc`]: serving and reaching another service, over TCP or within one process.
//! - [`http`]: serving HTTP to strangers.
//! - [`bus`] and [`cache`]: hints and copies, in this process or in Redis; either may be lost at any moment without harm.
//! - [`jobs`] and [`relay`]: the two loops that work on rows of the store: long work, and announcing what happened.

mod backoff;
pub mod bus;
pub mod cache;
pub mod grpc;
pub mod health;
pub mod http;
pub mod jobs;
mod redis_link;
pub mod relay;
pub mod request_id;
pub mod settings;
pub mod shutdown;
pub mod telemetry;
