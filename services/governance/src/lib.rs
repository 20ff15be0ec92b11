//! Governance: what may happen to a change, who said so, and the ledger of it.
//!
//! [`Governance`] is the domain: it takes typed directives of known callers and carries them out, each in one transaction with
//! its ledger entry and its events. [`face`] puts it behind gRPC. Nothing else holds the [`store`].

pub mod acceptance;
mod act;
mod acts;
mod bounds;
mod card;
mod cursor;
pub mod face;
mod files;
mod flight;
mod governance;
pub mod identity;
mod jobs;
mod links;
mod nonce;
pub mod operator;
mod pages;
pub mod people;
mod questions;
pub mod refusal;
mod rulebook;
pub mod rules;
pub mod serve;
mod session;
pub mod store;
mod subject;
mod sweep;
pub mod tally;
mod watch;

pub use governance::{Governance, Order};
pub use operator::secret;
pub use pages::Page;
