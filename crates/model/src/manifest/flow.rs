//! A value that is written on one line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value that the YAML writer puts on one line, so that one file of a project is one line of its model and a change of
/// it is one line of a diff. In every other format it is the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename = "codexa.flow")]
#[schemars(transparent)]
pub struct Flow<T>(pub T);

/// The name under which [`Flow`] shows itself to a serializer.
pub const FLOW: &str = "codexa.flow";
