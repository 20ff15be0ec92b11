//! What two iterations differ in.

use super::snapshot::{Part, Snapshot, ZoneAt};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What changed from one iteration to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    /// The earlier one.
    pub from: Head,
    /// The later one.
    pub to: Head,
    /// Why what one has and the other has not may be there all the same; absent where both looked alike and the same was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlike: Option<String>,
    /// Components.
    pub parts: Sides<Named>,
    /// Components that are in both, with other numbers, those that changed most first.
    pub grown: Vec<Grown>,
    /// Dependencies between components that are in both.
    pub dependencies: Sides<Dependency>,
    /// Circles of components, by their ids.
    pub circles: Sides<Vec<String>>,
    /// Circles of source files.
    pub file_cycles: Change<u32>,
    /// Entry points.
    pub entry_points: Sides<String>,
    /// Declared dependencies on the outside.
    pub externals: Sides<String>,
    /// How much was parsed and resolved.
    pub coverage: Vec<Share>,
    /// Questions: new ones are asked, gone ones are answered or have lost what they were about.
    pub questions: Sides<Named>,
    /// Zones that are new, gone, or have another place, and why.
    pub zones: Vec<Moved>,
    /// Intents that are new, gone or named otherwise: id, name before, name after.
    pub intents: Vec<(String, Option<String>, Option<String>)>,
}

/// An iteration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The run's number.
    pub iteration: u32,
    /// The commit that it stands on.
    pub basis_commit: Option<String>,
    /// `deep`, `quick` or `code-only`.
    pub mode: String,
}

/// What only one side has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sides<T> {
    /// Only the later one.
    pub new: Vec<T>,
    /// Only the earlier one.
    pub gone: Vec<T>,
}

impl<T> Default for Sides<T> {
    fn default() -> Self {
        Self { new: Vec::new(), gone: Vec::new() }
    }
}

impl<T> Sides<T> {
    /// Whether both sides have the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty()
    }
}

/// Something with an id and a name or a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name, or what it asks.
    pub name: String,
}

/// A number before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change<T> {
    /// In the earlier one.
    pub before: T,
    /// In the later one.
    pub after: T,
}

/// A component with other numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grown {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Files of code.
    pub files: Change<u32>,
    /// Lines of code.
    pub code: Change<u64>,
}

/// One component leans on another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// Who leans.
    pub from: String,
    /// On whom.
    pub to: String,
    /// Pairs of files behind it.
    pub pairs: u32,
}

/// A share of a whole, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Of what: `files_parsed`, `bytes_parsed`, `imports_resolved`, `components_with_intent`.
    pub of: &'static str,
    /// Part and whole in the earlier one.
    pub before: [u64; 2],
    /// The same in the later one.
    pub after: [u64; 2],
}

/// A zone that stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Its id.
    pub id: String,
    /// What it stands on.
    pub path: String,
    /// Its rank before; absent where it is new.
    pub before: Option<u32>,
    /// Its rank now; absent where it is gone.
    pub after: Option<u32>,
    /// Its readiness before and now, where that changed.
    pub readiness: Option<[String; 2]>,
    /// Reasons that are new.
    pub because: Vec<String>,
}

impl Difference {
    /// What the later one has otherwise than the earlier one.
    #[must_use]
    pub fn between(from: &Snapshot, to: &Snapshot) -> Self {
        Self {
            from: Head::of(from),
            to: Head::of(to),
            unlike: unlike(from, to),
            parts: keyed(&from.parts, &to.parts, |part| part.name.clone()),
            grown: grown(&from.parts, &to.parts),
            dependencies: dependencies(from, to),
            circles: sides(&from.circles, &to.circles),
            file_cycles: Change { before: from.file_cycles, after: to.file_cycles },
            entry_points: sides(&from.entry_points, &to.entry_points),
            externals: sides(&from.externals, &to.externals),
            coverage: shares(from, to),
            questions: keyed(&from.questions, &to.questions, Clone::clone),
            zones: moved(&from.zones, &to.zones),
            intents: intents(from, to),
        }
    }

    /// Whether nothing that is kept of an iteration changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                from: self.from.clone(),
                to: self.to.clone(),
                unlike: self.unlike.clone(),
                file_cycles: self.file_cycles,
                ..Self::default()
            }
            && self.file_cycles.before == self.file_cycles.after
    }
}

impl Head {
    fn of(snapshot: &Snapshot) -> Self {
        let Snapshot { iteration, basis_commit, mode, .. } = snapshot;
        Self { iteration: *iteration, basis_commit: basis_commit.clone(), mode: mode.clone() }
    }
}

fn unlike(from: &Snapshot, to: &Snapshot) -> Option<String> {
    let way = |snapshot: &Snapshot| match snapshot.focus.is_empty() {
        true => snapshot.mode.clone(),
        false => format!("{}, narrowed to {}", snapshot.mode, snapshot.focus.join(", ")),
    };
    if !from.looked_alike(to) {
        return Some(format!("one looked {}, the other {}", way(from), way(to)));
    }
    let said: Vec<String> = [partial(from, to), partial(to, from)].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// What was cut from one and not from the other.
fn partial(one: &Snapshot, other: &Snapshot) -> Option<String> {
    let mut causes = one.partial_because.iter().filter(|cause| !other.partial_because.contains(cause));
    let (first, rest) = (causes.next()?, causes.count());
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    Some(format!("iteration {} is partial ({first}{more})", one.iteration))
}

fn sides<T: Ord + Clone>(from: &BTreeSet<T>, to: &BTreeSet<T>) -> Sides<T> {
    Sides { new: to.difference(from).cloned().collect(), gone: from.difference(to).cloned().collect() }
}

fn keyed<V>(from: &BTreeMap<String, V>, to: &BTreeMap<String, V>, name: impl Fn(&V) -> String) -> Sides<Named> {
    let only = |of: &BTreeMap<String, V>, other: &BTreeMap<String, V>| {
        let only = of.iter().filter(|(id, _)| !other.contains_key(*id));
        only.map(|(id, value)| Named { id: id.clone(), name: name(value) }).collect()
    };
    Sides { new: only(to, from), gone: only(from, to) }
}

fn grown(from: &BTreeMap<String, Part>, to: &BTreeMap<String, Part>) -> Vec<Grown> {
    let both = to.iter().filter_map(|(id, after)| Some((id, from.get(id)?, after)));
    let other = both.filter(|(_, before, after)| (before.files, before.code) != (after.files, after.code));
    let mut all: Vec<Grown> = other
        .map(|(id, before, after)| Grown {
            id: id.clone(),
            name: after.name.clone(),
            files: Change { before: before.files, after: after.files },
            code: Change { before: before.code, after: after.code },
        })
        .collect();
    all.sort_by_key(|part| Reverse(part.code.after.abs_diff(part.code.before)));
    all
}

/// Dependencies of components that are new or gone are new or gone with them.
fn dependencies(from: &Snapshot, to: &Snapshot) -> Sides<Dependency> {
    let only = |of: &Snapshot, other: &Snapshot| {
        let is_in_both = |id: &str| of.parts.contains_key(id) && other.parts.contains_key(id);
        let pairs =
            of.leans_on.iter().flat_map(|(user, used)| used.iter().map(move |(used, pairs)| (user, used, pairs)));
        let only = pairs.filter(|(user, used, _)| {
            let there = other.leans_on.get(*user).is_some_and(|all| all.contains_key(*used));
            !there && is_in_both(user) && is_in_both(used)
        });
        only.map(|(user, used, pairs)| Dependency { from: user.clone(), to: used.clone(), pairs: *pairs }).collect()
    };
    Sides { new: only(to, from), gone: only(from, to) }
}

fn shares(from: &Snapshot, to: &Snapshot) -> Vec<Share> {
    let (before, after) = (&from.coverage, &to.coverage);
    let intents = before.components_with_intent.zip(after.components_with_intent);
    let intents = intents.map(|(before, after)| Share { of: "components_with_intent", before, after });
    let all = [
        Share { of: "files_parsed", before: before.files_parsed, after: after.files_parsed },
        Share { of: "bytes_parsed", before: before.bytes_parsed, after: after.bytes_parsed },
        Share { of: "imports_resolved", before: before.imports_resolved, after: after.imports_resolved },
    ];
    all.into_iter().chain(intents).filter(|share| share.before != share.after).collect()
}

fn moved(from: &BTreeMap<String, ZoneAt>, to: &BTreeMap<String, ZoneAt>) -> Vec<Moved> {
    let ids: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let zone = |id: &String| {
        let (before, after) = (from.get(id), to.get(id));
        let readiness = before.zip(after).filter(|(a, b)| a.readiness != b.readiness);
        let is_same = before.map(|zone| zone.rank) == after.map(|zone| zone.rank) && readiness.is_none();
        let known = before.map(|zone| zone.reasons.as_slice()).unwrap_or_default();
        let reasons = after.map(|zone| zone.reasons.as_slice()).unwrap_or_default();
        (!is_same).then(|| Moved {
            id: id.clone(),
            path: after.or(before).map(|zone| zone.path.clone()).unwrap_or_default(),
            before: before.map(|zone| zone.rank),
            after: after.map(|zone| zone.rank),
            readiness: readiness.map(|(a, b)| [a.readiness.clone(), b.readiness.clone()]),
            because: reasons.iter().filter(|reason| !known.contains(reason)).cloned().collect(),
        })
    };
    let mut all: Vec<Moved> = ids.into_iter().filter_map(zone).collect();
    all.sort_by_key(|zone| (zone.after.or(zone.before), zone.id.clone()));
    all
}

fn intents(from: &Snapshot, to: &Snapshot) -> Vec<(String, Option<String>, Option<String>)> {
    let ids: BTreeSet<&String> = from.intents.keys().chain(to.intents.keys()).collect();
    let both = ids.into_iter().map(|id| (id.clone(), from.intents.get(id).cloned(), to.intents.get(id).cloned()));
    both.filter(|(_, before, after)| before != after).collect()
}
