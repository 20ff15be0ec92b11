//! The chassis through its public surface.

#![cfg(test)]

mod bus;
mod cache;
mod echo;
mod grpc;
mod health;
mod http;
mod jobs;
mod queue;
mod relay;
mod request_id;
mod settings;
mod shutdown;
mod soon;
