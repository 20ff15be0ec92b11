//! Answers from the model: the data behind `codexa status`, `codexa show …` and `codexa impact`, and the text of each.
//!
//! Each question is a pure function from the model to a result; a result serialises to the JSON of the contract (the
//! caller adds `schema`) and renders itself as text for a terminal of 80 columns.

mod beside;
mod components;
mod contacts;
mod couplings;
mod coverage;
mod dependencies;
mod edges;
mod entry_points;
mod error;
mod focus;
mod followups;
mod hotspots;
mod impact;
mod intents;
mod metrics;
mod naming;
mod owners;
mod past;
mod risks;
mod status;
mod suggest;
mod suggest_zones;
mod summarize;
mod symbols;
mod tests;
pub(crate) mod text;
mod zones;

pub use beside::{Beside, CoChange, KnownBy};
pub use components::{ComponentRow, ComponentsAnswer, components};
pub use contacts::{ContactFilter, ContactRow, ContactsAnswer, contacts};
pub use couplings::{CouplingRow, CouplingsAnswer, couplings};
pub use coverage::{CoverageAnswer, coverage};
pub use dependencies::{DependenciesAnswer, DependencyRow, UndeclaredRow, dependencies};
pub use edges::{EdgeFilter, EdgeRow, EdgesAnswer, edges};
pub(crate) use entry_points::entry_label;
pub use entry_points::{EntryPointFilter, EntryPointRow, EntryPointsAnswer, entry_points};
pub use error::QueryError;
pub use followups::{FollowupRow, FollowupsAnswer, followups, in_a_line};
pub use hotspots::{HotspotRow, HotspotsAnswer, Terms, hotspots};
pub use impact::{ImpactAnswer, ImpactOptions, Reached, Step, Target, TestsToRun, impact};
pub(crate) use intents::{Bonds, entries_of_intents, percent};
pub use intents::{EntryOf, HeadingOf, IntentAnswer, IntentRow, IntentsAnswer, LeansOn, SymbolOf, intent, intents};
pub use metrics::{HalsteadRow, MetricsAnswer, MetricsRow, metrics};
pub use owners::{OwnedRow, OwnersAnswer, PersonRow, owners};
pub use past::{Tested, TestedTogether};
pub(crate) use past::{no_history, tested_together};
pub use risks::{RisksAnswer, risks};
pub use status::{Begin, Status, status};
pub use suggest_zones::{SuggestedZones, suggest_zones};
pub use summarize::{SummaryAnswer, summarize};
pub use symbols::{SymbolFilter, SymbolRow, SymbolsAnswer, symbols};
pub use tests::{ComponentTests, ReachedCode, TestFilter, TestRow, TestSummary, TestedFile, TestsAnswer, tests};
pub(crate) use zones::{ORDERED_BY, careful, fixes, grade_name, why};
pub use zones::{ZoneAnswer, ZoneRow, ZonesAnswer, zone, zones};

/// A file depends on another.
pub const DEPENDS_ON: &str = "depends_on";
/// A test reaches a file of code.
pub const TESTED_BY: &str = "tested_by";
