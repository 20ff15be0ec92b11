//! What holds whatever people do, in whatever order: compared with a count that is written another way.

use crate::world::World;
use codexa_directive::{Gate, Role};
use codexa_governance::people::{People, Person};
use codexa_governance::rules::GateRule;
use codexa_governance::tally::{Ballot, Requester, Verdict, tally};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;

/// The people of the world and the roles of the design gate that each has.
const VOTERS: [(&str, &[&str]); 5] =
    [("ada", &["GO"]), ("ben", &["PM"]), ("cat", &["GO", "HR"]), ("dan", &["GO"]), ("eve", &[])];

#[derive(Clone, Copy, Debug)]
enum Step {
    Approve(usize),
    Deny(usize),
    Withdraw(usize),
    /// Writes the plan's text of this number.
    Edit(u8),
    /// The gate's time is up.
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..VOTERS.len()).prop_map(Step::Approve),
        2 => (0..VOTERS.len()).prop_map(Step::Deny),
        3 => (0..VOTERS.len()).prop_map(Step::Withdraw),
        2 => (0..2_u8).prop_map(Step::Edit),
        1 => Just(Step::Close),
    ]
}

/// The design gate of a change that `ada` asked for, as it should be.
#[derive(Debug, Default)]
struct Model {
    text: u8,
    closed: bool,
    /// By person: whether for, and of which text.
    votes: BTreeMap<&'static str, (bool, u8)>,
}

impl Model {
    fn have(&self) -> usize {
        let counts = |(person, (is_for, text)): (&&str, &(bool, u8))| {
            (*is_for && *text == self.text && *person != "ada").then(|| roles_of(person))
        };
        let voters: Vec<&[&str]> = self.votes.iter().filter_map(counts).collect();
        largest(&voters)
    }

    fn state(&self) -> &'static str {
        match (self.votes.values().any(|(is_for, _)| !is_for), self.have() >= 2, self.closed) {
            (true, _, _) => "denied",
            (_, true, _) => "met",
            (_, _, true) => "expired",
            _ => "open",
        }
    }

    /// Whether the step is carried out.
    fn step(&mut self, step: Step) -> bool {
        let vote = match step {
            Step::Edit(text) => {
                self.text = text;
                return true;
            }
            Step::Close => {
                self.closed = true;
                return true;
            }
            Step::Withdraw(person) => return self.votes.remove(VOTERS[person].0).is_some(),
            Step::Approve(person) => (VOTERS[person], true),
            Step::Deny(person) => (VOTERS[person], false),
        };
        if self.state() == "expired" {
            (self.closed, self.votes) = (false, BTreeMap::new());
        }
        let ((person, roles), is_for) = vote;
        if roles.is_empty() || is_for && (person == "ada" || self.closed) {
            return false;
        }
        self.votes.insert(person, (is_for, self.text));
        true
    }
}

fn roles_of(person: &str) -> &'static [&'static str] {
    VOTERS.iter().find(|(name, _)| *name == person).map_or(&[], |(_, roles)| *roles)
}

/// As many voters as can each stand for another role, by trying everything.
fn largest<R: PartialEq + Copy>(voters: &[&[R]]) -> usize {
    fn go<R: PartialEq + Copy>(voters: &[&[R]], taken: &mut Vec<R>) -> usize {
        let Some((first, rest)) = voters.split_first() else { return 0 };
        let mut best = go(rest, taken);
        for role in *first {
            if !taken.contains(role) {
                taken.push(*role);
                best = best.max(1 + go(rest, taken));
                taken.pop();
            }
        }
        best
    }
    go(voters, &mut Vec::new())
}

#[test]
fn abuse_18_no_order_of_votes_edits_and_closings_counts_wrong() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let steps = proptest::collection::vec(step(), 1..14);
    TestRunner::new(config).run(&steps, |steps| runtime.block_on(interleaving(&world, &steps))).unwrap();
    runtime.block_on(world.acts());
}

async fn interleaving(world: &World, steps: &[Step]) -> Result<(), TestCaseError> {
    let change = world.open_change().await;
    let design =
        |verb: &str| format!("{verb} design for {change}{}", if verb == "deny" { " because it is wrong" } else { "" });
    let write = |text: u8| world.repository.write(&format!("changes/{change}/plan.md"), format!("# Plan {text}\n"));
    write(0);
    world.say("ben", &design("approve")).await.unwrap();
    let mut model = Model::default();
    for step in steps {
        let done = match *step {
            Step::Edit(text) => write(text).exists(),
            Step::Close => {
                world.engine.sql(&format!("UPDATE gates SET closes_at = 1 WHERE change_id = '{change}'")).await;
                true
            }
            Step::Approve(person) => world.try_to(VOTERS[person].0, &design("approve")).await,
            Step::Deny(person) => world.try_to(VOTERS[person].0, &design("deny")).await,
            Step::Withdraw(person) => world.try_to(VOTERS[person].0, &design("withdraw")).await,
        };
        prop_assert_eq!(done, model.step(*step), "{:?}", step);
        let card = world.governance.change(&world.caller("ada"), &change).await.unwrap().gates.remove(0);
        let counted = card.votes.iter().filter(|vote| !vote.role.is_empty()).count();
        prop_assert_eq!((card.state.as_str(), card.have as usize), (model.state(), model.have()), "{:?}", step);
        prop_assert_eq!(counted, model.have());
        let mut voters: Vec<&str> = card.votes.iter().map(|vote| vote.person.as_str()).collect();
        voters.sort_unstable();
        prop_assert_eq!(voters, model.votes.keys().copied().collect::<Vec<_>>());
    }
    Ok(())
}

const ROLES: [Role; 5] = [Role::Pm, Role::Go, Role::Hr, Role::Qa, Role::Ra];

fn some_roles() -> impl Strategy<Value = Vec<Role>> {
    proptest::sample::subsequence(ROLES.to_vec(), 0..=ROLES.len())
}

/// A person's roles, and their vote: for or against, of the digest of now or of another.
type Voter = (Vec<Role>, Option<(bool, bool)>);

fn voters() -> impl Strategy<Value = Vec<Voter>> {
    proptest::collection::vec(
        (some_roles(), proptest::option::of((proptest::bool::weighted(0.85), any::<bool>()))),
        1..7,
    )
}

proptest! {
    #![proptest_config(Config { cases: 2_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn abuse_18_the_tally_is_that_of_trying_everything(
        voters in voters(),
        roles in some_roles().prop_filter("some", |roles| !roles.is_empty()),
        quorum in 1_u32..4,
        distinct_roles: bool,
        requester in 0_usize..7,
    ) {
        let names: Vec<String> = (0..voters.len()).map(|place| format!("p{place}")).collect();
        let person = |(id, (roles, _)): (&String, &Voter)| Person { id: id.clone(), name: None, roles: roles.clone() };
        let people = People::try_from(names.iter().zip(&voters).map(person).collect::<Vec<_>>()).unwrap();
        let requester = names.get(requester).map_or("nobody", String::as_str);
        let ballot = |(name, (_, vote)): (&'_ String, &Voter)| vote.map(|(is_for, is_now)| (name.clone(), is_for, is_now));
        let cast: Vec<(String, bool, bool)> = names.iter().zip(&voters).filter_map(ballot).collect();
        let ballots: Vec<Ballot<'_>> = cast.iter().map(|(person, is_for, is_now)| Ballot {
            person,
            verdict: if *is_for { Verdict::Approve } else { Verdict::Deny },
            digest: if *is_now { "now" } else { "before" },
            own: false,
        }).collect();
        let rule = GateRule {
            roles: roles.clone(), quorum, distinct_roles, covers: vec!["spec.md".to_owned()], closes_after_hours: None,
            required: true,
        };
        let tally = tally(&rule, &ballots, &people, Requester { person: requester, may_vote: false }, "now");

        let fit: Vec<Vec<Role>> = names.iter().zip(&voters)
            .filter(|(name, (_, vote))| *vote == Some((true, true)) && name.as_str() != requester)
            .map(|(_, (theirs, _))| theirs.iter().filter(|role| roles.contains(role)).copied().collect())
            .collect();
        let slices: Vec<&[Role]> = fit.iter().map(Vec::as_slice).collect();
        let expected = if distinct_roles { largest(&slices) } else { fit.iter().filter(|roles| !roles.is_empty()).count() };
        prop_assert_eq!(tally.have as usize, expected);
        let denied = cast.iter().any(|(_, is_for, _)| !is_for);
        prop_assert_eq!(tally.denied, denied);
        prop_assert_eq!(tally.is_met(&rule), !denied && expected >= quorum as usize);
        prop_assert_eq!(tally.missing.is_empty(), expected >= quorum as usize);

        // Each counted vote stands for a role that its person has, and with distinct roles for one of its own.
        let mut stood: Vec<Role> = Vec::new();
        for (ballot, role) in ballots.iter().zip(&tally.roles) {
            let Some(role) = role else { continue };
            prop_assert!(people.find(ballot.person).is_some_and(|person| person.roles.contains(role)));
            prop_assert!(roles.contains(role) && !(distinct_roles && stood.contains(role)));
            stood.push(*role);
        }
        prop_assert_eq!(stood.len(), expected);
    }

    #[test]
    fn a_rule_replaces_another_only_where_it_is_stricter(
        one in rule(),
        other in rule(),
    ) {
        prop_assert!(!one.replaces(&one));
        prop_assert!(!(one.replaces(&other) && other.replaces(&one)));
        if one.replaces(&other) {
            prop_assert!(one.quorum >= other.quorum && one.roles.len() <= other.roles.len());
        }
        let more = GateRule { quorum: one.quorum + 1, ..one.clone() };
        prop_assert!(more.replaces(&one));
        let fewer = GateRule { roles: one.roles[1..].to_vec(), ..one.clone() };
        prop_assert!(fewer.replaces(&one));
        let mixed = GateRule { quorum: one.quorum + 1, covers: Vec::new(), ..one.clone() };
        prop_assert!(!mixed.replaces(&one), "stricter in one respect, looser in another");
    }
}

fn rule() -> impl Strategy<Value = GateRule> {
    let roles = proptest::sample::subsequence(ROLES.to_vec(), 1..=ROLES.len());
    (roles, 1_u32..4, any::<bool>(), proptest::option::of(1_u32..100)).prop_map(
        |(roles, quorum, distinct_roles, hours)| {
            let covers = vec![format!("{}.md", Gate::Design)];
            GateRule { roles, quorum, distinct_roles, covers, closes_after_hours: hours, required: true }
        },
    )
}
