//! Which tests reach which code, and how that is known.
//!
//! [`declared`] finds the tests that a file holds, [`steps`] what each file runs of others, [`reach`] follows that from a
//! test, [`naming`] pairs files by their names, [`seen`] has what coverage files saw,
//! [`unfollowed`] what none of these can see. How sure each basis is was measured against what coverage tools recorded:
//! docs/evidence/tests-linked.md.

pub(crate) mod declared;
mod naming;
mod reach;
pub mod reports;
mod role;
mod seen;
mod steps;
mod unfollowed;

pub use reach::{ANOTHER_NAME, MAX_STEPS};
pub use role::Role;
pub use seen::{ReportFile, Source};
pub use unfollowed::{SUBSTANTIAL, Unfollowed};

use crate::components::Components;
use crate::graph::{FileGraph, References};
use crate::record::FileRecord;
use reach::Walk;
use reports::Covered;
use seen::Seen;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use steps::Steps;

/// A link that is less sure is none, in percent: under it fewer than half of those found are there when tests run.
pub const MIN_CONFIDENCE: u8 = 40;
/// Most tests that are kept of those that only come through a file, the surest; all are counted.
pub const MAX_THROUGH: usize = 100;
/// Least share of the changes of either that change both, and how sure a link by it is, in percent.
const CO_CHANGES: [(f32, u8); 2] = [(0.05, 60), (0.02, 45)];

/// How it is known that a test reaches code; the strongest stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The tests stand in the file itself.
    Own,
    /// A coverage file says that the test ran it.
    Coverage,
    /// The test uses functions or types of the file, or of files that do.
    Call,
    /// The test imports the file, whose functions it does not name.
    Import,
    /// They are named after each other.
    Naming,
    /// They change together.
    CoChange,
}

impl Basis {
    /// Every basis, the strongest first.
    pub const ALL: [Self; 6] = [Self::Own, Self::Coverage, Self::Call, Self::Import, Self::Naming, Self::CoChange];

    /// The name in files and on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Coverage => "coverage",
            Self::Call => "call",
            Self::Import => "import",
            Self::Naming => "naming",
            Self::CoChange => "co_change",
        }
    }
}

/// Some of the bases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bases(u8);

impl Bases {
    fn and(self, basis: Basis) -> Self {
        Self(self.0 | 1 << basis as u8)
    }

    /// They, the strongest first.
    pub fn iter(self) -> impl Iterator<Item = Basis> {
        Basis::ALL.into_iter().filter(move |basis| self.and(*basis) == self)
    }
}

/// A test that reaches a file of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The file that holds the test.
    pub test: u32,
    /// How that is known.
    pub basis: Basis,
    /// Files that lie on the way, the code itself included: 1 where the test names it, 0 where it stands in it.
    pub distance: u8,
    /// How sure that is, in percent.
    pub confidence: u8,
    /// Every basis that says so.
    pub bases: Bases,
}

impl Link {
    fn new(test: u32, basis: Basis, distance: u8, confidence: u8) -> Self {
        Self { test, basis, distance, confidence, bases: Bases::default().and(basis) }
    }

    /// Whether the test is about the file, and does not only come through it.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.distance <= 1
    }

    /// Takes in what else is known of the same pair. What another file's edit could change says nothing of a test that is
    /// about the file, but for what was seen.
    fn takes_in(&mut self, other: &Self) -> bool {
        self.bases = Bases(self.bases.0 | other.bases.0);
        if other.basis == Basis::Coverage || other.is_direct() || !self.is_direct() {
            self.confidence = self.confidence.max(other.confidence);
            self.basis = self.basis.min(other.basis);
        }
        true
    }

    /// The strongest first: what is about the file, then what is surest, then by basis and test.
    pub(crate) fn order(&self) -> impl Ord + use<> {
        (!self.is_direct(), Reverse(self.confidence), self.basis, self.test)
    }
}

/// What the links between tests and code are found from. Everything stands in the order of the model's files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) records: &'a [&'a FileRecord],
    pub(crate) graph: &'a FileGraph,
    pub(crate) references: &'a References,
    pub(crate) components: &'a Components,
    /// The lines of each file's imports for types only.
    pub(crate) typed: &'a [BTreeSet<u32>],
    /// Pairs of files that change together, and the share of the changes of either that change both, 0 to 1.
    pub(crate) co_changes: &'a [(u32, u32, f32)],
    /// Coverage files.
    pub(crate) reports: &'a [ReportFile],
    /// The time of the newest commit, as [`reports::seconds`] reads it.
    pub(crate) newest: Option<&'a str>,
}

/// Which tests reach which code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// What each file is to tests.
    roles: Vec<Role>,
    /// Where each file's links begin; one entry more than there are files.
    offsets: Vec<u32>,
    links: Vec<Link>,
    /// How many tests reach each file, those left out by the cap included.
    counts: Vec<u32>,
    /// The coverage files, sorted by path.
    pub sources: Vec<Source>,
    /// How much of each file they saw run, sorted by file.
    covered: Vec<(u32, Covered)>,
    /// Tests that are not followed to what they run.
    pub unfollowed: Unfollowed,
}

/// A test, what it reaches, and by what.
type Found = (u32, Link);

impl Tested {
    /// Finds the links.
    pub(crate) fn new(from: &Sources<'_>) -> Self {
        let roles = role::roles(from.records, from.graph, from.components);
        let mut found = by_use(from, &roles);
        found.extend(naming::pairs(from.records, &roles));
        found.extend(co_changed(from.co_changes, &roles));
        let paths: Vec<&str> = from.records.iter().map(|record| &*record.path).collect();
        let seen = Seen::new(from.reports, &paths, from.newest);
        found.retain(|(code, link)| link.confidence >= MIN_CONFIDENCE && !seen.denies(*code, link));
        let is_linked =
            |(code, link): &Found| role::is_tested(&roles, *code) && role::may_have_tests(&roles, link.test);
        found.extend(seen.links().filter(is_linked));
        let found = one_for_each_pair(found, roles.len());
        let unfollowed = Unfollowed::new(from.records, &roles, &found);
        Self::of(roles, &found, seen, unfollowed)
    }

    /// The links, sorted by code, under the cap.
    fn of(roles: Vec<Role>, found: &[Found], seen: Seen, unfollowed: Unfollowed) -> Self {
        let mut offsets = vec![0];
        let (mut links, mut counts) = (Vec::with_capacity(found.len()), Vec::with_capacity(roles.len()));
        let mut rest = found;
        for code in (0_u32..).take(roles.len()) {
            let (own, others) = rest.split_at(rest.partition_point(|(of, _)| *of <= code));
            let direct = own.partition_point(|(_, link)| link.is_direct());
            links.extend(own.iter().take(direct + MAX_THROUGH).map(|(_, link)| *link));
            counts.push(u32::try_from(own.len()).unwrap_or(u32::MAX));
            offsets.push(u32::try_from(links.len()).unwrap_or(u32::MAX));
            rest = others;
        }
        Self { roles, offsets, links, counts, sources: seen.sources, covered: seen.covered, unfollowed }
    }

    /// The tests that reach a file, the strongest first: all that are about it, and at most [`MAX_THROUGH`] that come
    /// through it.
    #[must_use]
    pub fn links(&self, code: u32) -> &[Link] {
        let code = code as usize;
        let bounds = self.offsets.get(code).zip(self.offsets.get(code + 1));
        bounds.and_then(|(&from, &to)| self.links.get(from as usize..to as usize)).unwrap_or_default()
    }

    /// How many files with tests reach a file.
    #[must_use]
    pub fn count(&self, code: u32) -> u32 {
        self.counts.get(code as usize).copied().unwrap_or(0)
    }

    /// How much of a file coverage files saw run, where they speak of it.
    #[must_use]
    pub fn covered(&self, code: u32) -> Option<Covered> {
        let at = self.covered.binary_search_by_key(&code, |(file, _)| *file).ok()?;
        self.covered.get(at).map(|(_, covered)| *covered)
    }

    /// What a file is to tests.
    #[must_use]
    pub fn role(&self, file: u32) -> Role {
        self.roles.get(file as usize).copied().unwrap_or_default()
    }

    /// Every link, by code.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Link)> {
        (0_u32..).take(self.roles.len()).flat_map(|code| self.links(code).iter().map(move |link| (code, link)))
    }

    /// The basis of the strongest link to a file, and whether a test is about it; that it ran where nobody knows by which
    /// test is one as well.
    #[must_use]
    pub fn strongest(&self, code: u32) -> Option<(Basis, bool)> {
        let linked = self.links(code).first().map(|link| (link.basis, link.is_direct()));
        let ran = || self.covered(code).is_some_and(|lines| lines.covered > 0);
        linked.or_else(|| ran().then_some((Basis::Coverage, false)))
    }

    /// Why it is not known whether tests reach a file that none is seen to reach, where that is so: tests that nobody can
    /// follow are a good part of all, and no coverage file speaks of it.
    #[must_use]
    pub fn not_known(&self, code: u32) -> Option<String> {
        (self.unfollowed.is_substantial() && self.covered(code).is_none()).then(|| self.unfollowed.says())
    }

    /// How the files that should be tested stand: those of a component, or all.
    #[must_use]
    pub fn tally(&self, files: impl Iterator<Item = u32>) -> Tally {
        let mut tally = Tally::default();
        for file in files {
            match self.role(file) {
                Role::Test => tally.tests += 1,
                Role::Helper => tally.helpers += 1,
                Role::Unread => tally.unread += 1,
                Role::Code { tests } => {
                    tally.code += 1;
                    tally.with_own_tests += u32::from(tests);
                    let Some((basis, is_direct)) = self.strongest(file) else { continue };
                    *(if is_direct { &mut tally.directly } else { &mut tally.reached }) += 1;
                    if let Some(count) = tally.by_basis.get_mut(basis as usize) {
                        *count += 1;
                    }
                }
                Role::Values | Role::Other => {}
            }
        }
        tally
    }
}

/// How many files should be tested, and how many are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files of code with something to run: what tests should reach.
    pub code: u32,
    /// Of them, files that a test is about.
    pub directly: u32,
    /// Of them, files that tests only come through.
    pub reached: u32,
    /// Of those that tests are about or come through, how many by which basis, in the order of [`Basis::ALL`].
    pub by_basis: [u32; Basis::ALL.len()],
    /// Of the files of code, those with tests in them.
    pub with_own_tests: u32,
    /// Files of tests.
    pub tests: u32,
    /// Files that are there for tests and hold none.
    pub helpers: u32,
    /// Files of tests that nobody could look into.
    pub unread: u32,
}

impl Tally {
    /// Files of code that no test is seen to reach.
    #[must_use]
    pub fn untested(&self) -> u32 {
        self.code.saturating_sub(self.directly).saturating_sub(self.reached)
    }

    /// The bases that occur, the strongest first.
    pub fn bases(&self) -> impl Iterator<Item = (Basis, u32)> {
        Basis::ALL.into_iter().zip(self.by_basis).filter(|(_, count)| *count > 0)
    }
}

/// One link for each pair of code and test: what says that the test is about the file, and of that the strongest basis. Those
/// of one code stand together, the strongest first.
fn one_for_each_pair(found: Vec<Found>, files: usize) -> Vec<Found> {
    let sorted = by_code(&found, files);
    let mut kept = found;
    kept.clear();
    let mut links = Vec::new();
    for of_code in sorted.chunk_by(|a, b| a.0 == b.0) {
        links.extend(of_code.iter().map(|(_, link)| *link));
        // Tests have their turn in their order: most stand in it, which this sort makes use of.
        links.sort_by_key(|link: &Link| (link.test, !link.is_direct(), link.basis, link.distance));
        links.dedup_by(|other, kept| other.test == kept.test && kept.takes_in(other));
        links.sort_unstable_by_key(Link::order);
        kept.extend(of_code.iter().map(|(code, _)| *code).zip(links.drain(..)));
    }
    kept
}

/// The same links, those of each code together: they are counted first, which takes less than sorting them.
fn by_code(found: &[Found], files: usize) -> Vec<Found> {
    let mut places = vec![0; files];
    for (code, _) in found {
        if let Some(count) = places.get_mut(*code as usize) {
            *count += 1;
        }
    }
    let mut next = 0;
    for place in &mut places {
        next += std::mem::replace(place, next);
    }
    let mut sorted = found.to_vec();
    for link in found {
        let Some(place) = places.get_mut(link.0 as usize) else { continue };
        if let Some(slot) = sorted.get_mut(*place) {
            *slot = *link;
        }
        *place += 1;
    }
    sorted
}

/// What tests use, and what that uses.
fn by_use(from: &Sources<'_>, roles: &[Role]) -> Vec<Found> {
    let tests: Vec<u32> = (0_u32..).zip(roles).filter(|(_, role)| role.has_tests()).map(|(file, _)| file).collect();
    if tests.is_empty() {
        return Vec::new();
    }
    let steps = Steps::new(from, roles);
    let mut walk = Walk::new(&steps, roles);
    let mut found = Vec::new();
    for test in tests {
        walk.from(test, &mut found);
    }
    found
}

/// Tests and code that change together. The past does not say that the test is about the code.
fn co_changed<'a>(pairs: &'a [(u32, u32, f32)], roles: &'a [Role]) -> impl Iterator<Item = Found> + 'a {
    let role = |file: u32| roles.get(file as usize).copied().unwrap_or_default();
    pairs.iter().filter_map(move |&(a, b, share)| {
        let (test, code) = match (role(a), role(b)) {
            (Role::Test | Role::Unread, Role::Code { .. }) => (a, b),
            (Role::Code { .. }, Role::Test | Role::Unread) => (b, a),
            _ => return None,
        };
        let (_, confidence) = CO_CHANGES.into_iter().find(|(least, _)| share >= *least)?;
        Some((code, Link::new(test, Basis::CoChange, 2, confidence)))
    })
}

#[cfg(test)]
mod tests {
    use super::{Bases, Basis, Found, Link, Role, co_changed, one_for_each_pair};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn link() -> impl Strategy<Value = Found> {
        let basis = prop::sample::select(Basis::ALL.to_vec());
        (0..4_u32, 0..4_u32, basis, 0..4_u8, 40..100_u8)
            .prop_map(|(code, test, basis, distance, sure)| (code, Link::new(test, basis, distance, sure)))
    }

    proptest! {
        #[test]
        fn of_each_pair_one_link_stays_that_says_what_all_say(found in prop::collection::vec(link(), 0..40)) {
            let kept = one_for_each_pair(found.clone(), 4);
            let pairs = |found: &[Found]| found.iter().map(|(code, link)| (*code, link.test)).collect::<BTreeSet<_>>();
            prop_assert_eq!(pairs(&kept), pairs(&found));
            prop_assert_eq!(kept.len(), pairs(&found).len());
            prop_assert!(kept.is_sorted_by_key(|(code, link)| (*code, link.order())));
            for (code, link) in kept {
                let of_pair = || found.iter().filter(|other| (other.0, other.1.test) == (code, link.test)).map(|it| it.1);
                let bases = of_pair().fold(Bases::default(), |bases, other| bases.and(other.basis));
                prop_assert_eq!(link.bases, bases);
                prop_assert_eq!(link.is_direct(), of_pair().any(|other| other.is_direct()));
                let counts = |other: &Link| other.basis == Basis::Coverage || other.is_direct() || !link.is_direct();
                prop_assert_eq!(Some(link.confidence), of_pair().filter(counts).map(|other| other.confidence).max());
                prop_assert_eq!(Some(link.basis), of_pair().filter(counts).map(|other| other.basis).min());
            }
        }
    }

    /// The pairs may come either way round.
    #[test]
    fn what_changes_together_is_a_link_of_a_test_and_code() {
        let code = Role::Code { tests: false };
        let roles = [Role::Test, code, Role::Helper, code, Role::Unread];
        let pairs = [
            (0, 1, 0.3),
            (3, 0, 0.03),
            (0, 3, 0.01),
            (0, 2, 1.0),
            (1, 3, 1.0),
            (9, 0, 1.0),
            // Nobody can look into that one, and the past says it all the same.
            (4, 1, 0.2),
        ];
        let found: Vec<_> = co_changed(&pairs, &roles).collect();
        let link = |test, confidence| Link::new(test, Basis::CoChange, 2, confidence);
        assert_eq!(found, [(1, link(0, 60)), (3, link(0, 45)), (1, link(4, 60))]);
    }
}
