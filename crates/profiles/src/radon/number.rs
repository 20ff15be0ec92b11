//! Python's numbers in JSON: an integer 0 where a formula does not apply, a float where it does.

use serde::{Serialize, Serializer};

/// A float, or the integer 0 that radon prints when there is nothing to compute from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// Printed as `0`.
    None,
    /// Printed as a float, `0.0` for zero.
    Of(f64),
}

impl Measure {
    /// The number, 0 for [`Measure::None`].
    pub const fn value(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Of(value) => value,
        }
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_u8(0),
            Self::Of(value) => serializer.serialize_f64(*value),
        }
    }
}
