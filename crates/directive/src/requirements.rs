//! What each verb needs and takes.

use crate::directive::{Target, TargetKind};
use crate::verb::{Class, Verb};
use TargetKind::{
    Change, Concern, Followup, Gap, Loop, Milestone, Path, Phase, Project, Report, Requirement, Symbol, Test, Waiver,
    Workstream, Zone,
};

const PLANNED: &[TargetKind] = &[Change, Loop, Requirement, Workstream, Milestone, Phase];
const FOUND: &[TargetKind] = &[Followup, Gap, Concern];
const ANY: &[TargetKind] = &[
    Change,
    Requirement,
    Workstream,
    Test,
    Followup,
    Gap,
    Concern,
    Waiver,
    Milestone,
    Phase,
    Zone,
    Report,
    Loop,
    Project,
    Path,
    Symbol,
];

/// The kinds that a verb acts on, the likeliest first.
pub(crate) const fn kinds(verb: Verb) -> &'static [TargetKind] {
    match verb {
        Verb::Approve | Verb::Deny | Verb::Waive => &[Change, Requirement],
        Verb::Withdraw => &[Change, Requirement, Waiver],
        Verb::Hold | Verb::Resume => PLANNED,
        Verb::Promote | Verb::Rollback => &[Change],
        Verb::Publish => &[Report],
        Verb::Start => &[Change, Loop],
        Verb::Open => &[Project, Requirement, Followup, Gap, Zone],
        Verb::Assign => &[Followup, Gap, Concern, Change, Requirement, Workstream, Test, Zone],
        Verb::Accept | Verb::Answer => &[Followup, Gap],
        Verb::Defer => &[Followup, Gap, Concern, Change, Requirement, Workstream],
        Verb::Dismiss | Verb::Resolve => FOUND,
        Verb::Ack => &[Concern, Gap, Followup],
        Verb::Discover => &[Project, Path],
        Verb::Plan => &[Loop, Requirement, Change, Milestone, Phase, Workstream],
        Verb::Seed => &[Change, Loop, Zone, Requirement, Followup],
        Verb::Suggest => &[Loop, Milestone, Phase, Requirement, Zone, Project],
        Verb::Raise
        | Verb::Ask
        | Verb::Watch
        | Verb::Mute
        | Verb::Status
        | Verb::Show
        | Verb::Explain
        | Verb::Impact
        | Verb::Trace => ANY,
        Verb::Link | Verb::Help => &[],
    }
}

/// What a verb acts on where nothing is named; `None` where it must be.
pub(crate) fn default_target(verb: Verb) -> Option<Target> {
    match verb {
        Verb::Open | Verb::Discover | Verb::Status | Verb::Ask => Some(Target::project()),
        Verb::Plan | Verb::Suggest => Some(Target::current_loop()),
        _ => None,
    }
}

/// Whether a verb looks for paths and symbols among its words.
pub(crate) fn names_code(verb: Verb) -> bool {
    kinds(verb).contains(&Path)
}

/// Whether a gate may be named.
pub(crate) const fn takes_gate(verb: Verb) -> bool {
    verb.needs_gate() || matches!(verb, Verb::Show | Verb::Explain | Verb::Status)
}

/// Whether the words may name a last day.
pub(crate) const fn takes_until(verb: Verb) -> bool {
    matches!(verb, Verb::Waive | Verb::Defer | Verb::Hold | Verb::Mute)
}

/// Whether the words may say why.
pub(crate) const fn takes_reason(verb: Verb) -> bool {
    !matches!(verb.class(), Class::Query) && !matches!(verb, Verb::Open | Verb::Answer | Verb::Ask | Verb::Link)
}

/// Whether they must.
pub(crate) const fn needs_reason(verb: Verb) -> bool {
    matches!(verb, Verb::Deny | Verb::Waive | Verb::Raise)
}
