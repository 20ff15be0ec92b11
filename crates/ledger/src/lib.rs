//! The ledger's leaves in their final form: what is written, as which bytes, under which hash, in which order.
//!
//! A leaf is canonical JSON (RFC 8785); its hash is that of an RFC 6962 leaf. Leaves of one ledger are numbered without a
//! gap from 0, and their times never run back. No I/O: whoever stores a leaf does it in the transaction that stores what
//! the leaf records.

mod hash;
mod leaf;
mod sequence;

pub use hash::{Hash, HashError};
pub use leaf::{Actor, Draft, Leaf, LeafError, MAX_BYTES, Sealed, Via};
pub use sequence::{Broken, Stored, check};
