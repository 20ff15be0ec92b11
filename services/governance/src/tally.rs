//! Whether a gate is met: a function of its frozen rule, its votes, the people and the digest. Nothing else.

use crate::people::{People, Person};
use crate::rules::{GateRule, any_of};
use codexa_directive::Role;

/// A vote, as far as counting goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot<'a> {
    /// Who.
    pub person: &'a str,
    /// Whether for or against.
    pub verdict: Verdict,
    /// Of what.
    pub digest: &'a str,
    /// Whether it is the requester's own, let in because nobody else could vote.
    pub own: bool,
}

/// For or against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// For.
    Approve,
    /// Against.
    Deny,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
        }
    }

    /// The verdict of a word; what is not known is against.
    #[must_use]
    pub fn of(word: &str) -> Self {
        if word == "approve" { Self::Approve } else { Self::Deny }
    }
}

/// How a gate stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Approvals that count.
    pub have: u32,
    /// Whether somebody is against it. Any denial vetoes until it is withdrawn, whatever was denied.
    pub denied: bool,
    /// The role that each approval stands for, in the order of the votes; `None` where it does not count.
    pub roles: Vec<Option<Role>>,
    /// Who must still vote, in words.
    pub missing: Vec<String>,
}

impl Tally {
    /// Whether the gate is met.
    #[must_use]
    pub fn is_met(&self, rule: &GateRule) -> bool {
        !self.denied && self.have >= rule.quorum
    }
}

/// Who asked for a change: no approval of theirs counts but one that was let in as their own, and only while nobody else
/// could vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requester<'a> {
    /// The person.
    pub person: &'a str,
    /// Whether they may vote: nobody else could.
    pub may_vote: bool,
}

/// Counts votes on what has a digest.
#[must_use]
pub fn tally(rule: &GateRule, votes: &[Ballot<'_>], people: &People, requester: Requester<'_>, digest: &str) -> Tally {
    let counts = |ballot: &&Ballot<'_>| {
        ballot.verdict == Verdict::Approve
            && ballot.digest == digest
            && (ballot.person != requester.person || (ballot.own && requester.may_vote))
    };
    let denied = votes.iter().any(|ballot| ballot.verdict == Verdict::Deny);
    let voters: Vec<Option<&Person>> =
        votes.iter().map(|ballot| Some(ballot).filter(counts).and_then(|ballot| people.find(ballot.person))).collect();
    let roles = if rule.distinct_roles { matched(rule, &voters) } else { first_of_each(rule, &voters) };
    let have = u32::try_from(roles.iter().flatten().count()).unwrap_or(u32::MAX);
    let missing = missing(rule, &roles, have, people, requester);
    Tally { have, denied, roles, missing }
}

/// The first of the rule's roles that each voter has.
fn first_of_each(rule: &GateRule, voters: &[Option<&Person>]) -> Vec<Option<Role>> {
    let role = |person: &Person| rule.roles.iter().find(|role| person.roles.contains(role)).copied();
    voters.iter().map(|voter| voter.and_then(role)).collect()
}

/// As many voters as possible, each for another role: augmenting paths in the graph of voters and roles, so that a person
/// with two roles gives way to one who has only one of them.
fn matched(rule: &GateRule, voters: &[Option<&Person>]) -> Vec<Option<Role>> {
    let mut holder: Vec<Option<usize>> = vec![None; rule.roles.len()];
    for voter in 0..voters.len() {
        let mut tried = vec![false; rule.roles.len()];
        augment(rule, voters, voter, &mut holder, &mut tried);
    }
    let mut roles = vec![None; voters.len()];
    for (role, voter) in rule.roles.iter().zip(&holder) {
        if let Some(place) = voter.and_then(|voter| roles.get_mut(voter)) {
            *place = Some(*role);
        }
    }
    roles
}

/// Finds a role for a voter, moving others where that makes room. There are nine roles: it goes no deeper than that.
fn augment(
    rule: &GateRule,
    voters: &[Option<&Person>],
    voter: usize,
    holder: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    let Some(Some(person)) = voters.get(voter) else { return false };
    for (index, role) in rule.roles.iter().enumerate() {
        let (true, Some(was_tried)) = (person.roles.contains(role), tried.get_mut(index)) else { continue };
        if std::mem::replace(was_tried, true) {
            continue;
        }
        let moved = match holder.get(index).copied().flatten() {
            None => true,
            Some(other) => augment(rule, voters, other, holder, tried),
        };
        if let (true, Some(place)) = (moved, holder.get_mut(index)) {
            *place = Some(voter);
            return true;
        }
    }
    false
}

fn missing(
    rule: &GateRule,
    taken: &[Option<Role>],
    have: u32,
    people: &People,
    requester: Requester<'_>,
) -> Vec<String> {
    let lacking = rule.quorum.saturating_sub(have);
    if lacking == 0 {
        return Vec::new();
    }
    let is_free = |role: &&Role| !rule.distinct_roles || !taken.contains(&Some(**role));
    let free: Vec<Role> = rule.roles.iter().filter(is_free).copied().collect();
    let asker = people.find(requester.person);
    let could = asker.is_some_and(|person| person.roles.iter().any(|role| free.contains(role)));
    let not = if could && !requester.may_vote { ", not the requester" } else { "" };
    vec![format!("{lacking} of {}{not}", any_of(&free))]
}
