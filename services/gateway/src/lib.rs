//! The gateway: HTTP in front, gRPC behind. It decides nothing and keeps nothing: it reads words, asks the services, and turns
//! their answers and refusals into documents. Whoever can reach governance has a token; the gateway passes it on and never
//! says by itself who somebody is.

mod convert;
mod extract;
mod failure;
mod openapi;
mod routes;
pub mod serve;
mod state;

pub use extract::WayIn;
pub use openapi::document;
pub use routes::router;
pub use state::{Gateway, Pace};
