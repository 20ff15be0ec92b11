//! The gRPC contract between the gateway and the three services, as Rust: what `codexa/v1/*.proto` says, compiled.

// What the generated code names.
use prost as _;
use tonic_prost as _;

mod directive;
mod secret;

pub use directive::NotADirective;

/// Version 1.
#[allow(
    missing_docs,
    clippy::all,
    clippy::allow_attributes_without_reason,
    reason = "generated from the .proto files, whose comments stand where they have any"
)]
pub mod v1 {
    tonic::include_proto!("codexa.v1");

    /// The contract as a descriptor set, for reflection and for tests.
    pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/codexa.v1.bin"));
}
