//! Rules count as the protected branch has them, and a gate keeps the one it opened under.

use crate::engine::{Engine, PROJECT};
use crate::world::{PEOPLE, World, block_on, code};
use codexa_config::settings::Maturity;
use codexa_governance::Governance;
use codexa_governance::identity::TokenKind;
use codexa_governance::refusal::Kind;
use codexa_governance::rules::Reading;
use codexa_project::Project;

const ONE: &str = "version: 1\ngates:\n  design: {quorum: 1}\n";
const THREE: &str = "version: 1\ngates:\n  design: {quorum: 3}\n";

#[test]
fn abuse_17_a_rule_that_was_lowered_does_not_hold_for_an_open_gate() {
    block_on(async {
        let mut world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        let before = world.card("design").await;
        world.repository.write(".codexa/rules/gates.yaml", ONE);
        world.repository.commit("lower the threshold");
        world.accept("cat").await.unwrap();
        let card = world.card("design").await;
        assert_eq!((card.quorum, card.have, &card.digest), (2, 1, &before.digest), "as when it opened");

        world.engine.sql("UPDATE gates SET closes_at = 1").await;
        let card = world.say("ben", "approve design for CH-001").await.unwrap().card.unwrap();
        assert_eq!(card.quorum, 1, "a gate that opens anew opens under the rules of now");
    });
}

#[test]
fn abuse_17_a_gate_that_was_required_when_it_opened_stays_required() {
    block_on(async {
        let mut world = World::with_change().await;
        for gate in ["scope", "design", "test"] {
            world.repository.write("changes/CH-001/tasks.md", "# Tasks\n");
            world.repository.write("changes/CH-001/evidence.json", "{}\n");
            world.say("ben", &format!("approve {gate} for CH-001")).await.unwrap();
        }
        let relaxed =
            "version: 1\ngates:\n  scope: {required: false}\n  design: {required: false}\n  test: {required: false}\n";
        world.repository.write(".codexa/rules/gates.yaml", relaxed);
        world.repository.commit("nothing is required any more");
        world.accept("cat").await.unwrap();
        let change = world.governance.change(&world.caller("ada"), "CH-001").await.unwrap();
        assert_eq!(change.state, "draft");
        let report = world.say("dan", "publish governance report").await.unwrap().report.unwrap();
        assert_eq!(report.blockers.len(), 3, "{:?}", report.blockers);
        world.say("ada", "open change: one that nobody asked a gate for").await.unwrap();
        let change = world.governance.change(&world.caller("ada"), "CH-002").await.unwrap();
        assert_eq!(change.state, "approved", "a change opens under the rules of now");
    });
}

#[test]
fn abuse_17_a_role_that_was_revoked_does_not_count() {
    block_on(async {
        let mut world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.decide("dan", "approve design for CH-001").await.unwrap();
        assert_eq!(world.card("design").await.state, "met");
        world
            .repository
            .write(".codexa/rules/people.yaml", PEOPLE.replace("{id: dan, roles: [GO]}", "{id: dan, roles: []}"));
        world.repository.commit("dan is no officer any more");
        world.accept("dan").await.unwrap();
        let card = world.card("design").await;
        assert_eq!((card.state.as_str(), card.have), ("open", 1));
        world.repository.write(".codexa/rules/people.yaml", PEOPLE.replace("  - {id: dan, roles: [GO]}\n", ""));
        world.repository.commit("dan left");
        world.accept("cat").await.unwrap();
        let card = world.card("design").await;
        assert_eq!((card.state.as_str(), card.have), ("open", 1));
        assert_eq!(code(world.say("dan", "approve design for CH-001").await), "PERSON_UNKNOWN");
    });
}

#[test]
fn abuse_22_rules_of_the_work_tree_or_of_another_branch_have_no_effect() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        let digest = asked.card.map(|card| card.digest);
        let press =
            || codexa_governance::Order { digest: digest.clone(), ..world.order("eve", "approve design for CH-001") };
        let pressed =
            async |when: &str| assert_eq!(code(world.governance.execute(press()).await), "VOTE_ROLE", "{when}");
        pressed("as it was").await;

        world
            .repository
            .write(".codexa/rules/people.yaml", PEOPLE.replace("{id: eve, roles: [QA]}", "{id: eve, roles: [QA, PM]}"));
        world.repository.write(".codexa/rules/gates.yaml", ONE);
        world.repository.write(".codexa/config.yaml", "maturity: M0\n");
        pressed("edited").await;
        world.repository.git(&["add", "--all"]);
        pressed("staged").await;
        world.repository.git(&["checkout", "--quiet", "-b", "working"]);
        world.repository.git(&["commit", "--quiet", "--message", "make myself a manager"]);
        pressed("committed on another branch, which is checked out").await;
        assert_eq!(world.card("design").await.quorum, 2);

        world.repository.git(&["update-ref", "refs/heads/main", "working"]);
        pressed("on the protected branch, which proposes it").await;
        world.accept("cat").await.unwrap();
        let voted = world.governance.execute(press()).await.unwrap();
        assert_eq!(voted.card.unwrap().votes[0].person, "eve", "accepted");
    });
}

#[test]
fn abuse_22_settings_of_a_work_tree_do_not_say_whose_rules_count() {
    block_on(async {
        let world = World::with_change().await;
        assert_eq!(world.governance.branch().await.unwrap().as_deref(), Some("main"), "pinned by the first act");
        world.repository.git(&["checkout", "--quiet", "-b", "working"]);
        world
            .repository
            .write(".codexa/rules/people.yaml", PEOPLE.replace("{id: eve, roles: [QA]}", "{id: eve, roles: [QA, PM]}"));
        world.repository.git(&["commit", "--quiet", "--all", "--message", "make myself a manager"]);
        // What a process reads whose work tree names that branch.
        let reading =
            Reading { branch: Some("working".to_owned()), maturity: Maturity::M0, operator: "sole".to_owned() };
        let project = Project::open(world.repository.path()).unwrap();
        let store = world.engine.open().await.unwrap();
        let misled = Governance::new(store, project, PROJECT.to_owned(), reading);
        for person in ["cat", "eve"] {
            misled.know(TokenKind::Person, person, &world.token(person));
        }
        let asked = misled.execute(world.order("eve", "approve design for CH-001")).await.unwrap();
        assert!(asked.says.starts_with("The design gate asks for"), "{}", asked.says);

        // An act at the host changes it, for everybody: the same as for other rules of the same branch.
        assert_eq!(misled.proposal(None).await.unwrap_err().code, "RULES_UNCHANGED");
        assert_eq!(misled.proposal(Some("nowhere")).await.unwrap_err().code, "RULES_BROKEN");
        assert_eq!(misled.proposal(Some("main")).await.unwrap_err().code, "RULES_UNCHANGED");
        let digest = misled.proposal(Some("working")).await.unwrap().after.digest.clone();
        let accepted = async |person: &str| misled.accept(&world.token(person), Some("working"), &digest).await;
        assert_eq!(accepted("eve").await.unwrap_err().code, "RULES_ROLE");
        accepted("cat").await.unwrap();
        let leaf = world.engine.texts("SELECT leaf FROM leaves WHERE act = 'rules.branch' AND seq > 0").await.remove(0);
        assert!(leaf.contains(r#""before":"main","branch":"working""#), "{leaf}");
        let card = world.decide("eve", "approve design for CH-001").await.unwrap().card.unwrap();
        assert_eq!(card.have, 1);
        assert_eq!(world.acts().await, ["change.open", "gate.open", "rules.branch", "gate.approve"]);
    });
}

#[test]
fn abuse_22_rules_on_disk_end_to_count_with_the_first_act_under_a_commit() {
    block_on(async {
        let mut world = World::with(Engine::sqlite(), &[]).await;
        world.repository = codexa_testkit::GitRepository::empty();
        world.repository.write(".codexa/rules/people.yaml", PEOPLE);
        world.governance = world.another().await;
        world.say("ada", "open change: before anything is committed").await.unwrap();
        assert_eq!(world.governance.branch().await.unwrap(), None);
        world.repository.commit("the first");
        world.say("ada", "open change: after").await.unwrap();
        assert_eq!(world.governance.branch().await.unwrap().as_deref(), Some("main"));
        world.check().await.unwrap();
    });
}

#[test]
fn abuse_22_a_branch_that_is_rewritten_or_gone_changes_nothing_that_is_in_force() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        let first = world.repository.git(&["rev-parse", "main"]);
        // As a history that never had any rules.
        world.repository.git(&["checkout", "--quiet", "--orphan", "other"]);
        world.repository.git(&["rm", "--quiet", "-r", "--force", ".codexa"]);
        world.repository.git(&["commit", "--quiet", "--message", "nobody is named"]);
        world.repository.git(&["update-ref", "refs/heads/main", "other"]);
        world.repository.git(&["reflog", "expire", "--expire=now", "--all"]);
        world.repository.git(&["gc", "--quiet", "--prune=now"]);
        let kept = world.repository.try_git(&["cat-file", "-e", first.trim()]);
        assert!(!kept, "the commit of the rules in force is no more");
        let nobody = world.say("sole", "approve design for CH-001").await;
        assert_eq!(code(nobody), "PERSON_UNKNOWN", "the branch, which names nobody, makes nobody a sole person");
        assert_eq!(world.card("design").await.have, 1);

        world.repository.git(&["branch", "--move", "main", "trunk"]);
        let restarted = world.another().await;
        assert_eq!(restarted.proposal(None).await.unwrap_err().code, "RULES_BROKEN");
        let asked = restarted.execute(world.order("cat", "approve design for CH-001")).await.unwrap();
        let voted = restarted.execute(world.confirmation(world.caller("cat"), &asked)).await.unwrap();
        assert_eq!(voted.card.unwrap().state, "met");
    });
}

const BROKEN: [&str; 8] = [
    "version: 2\n",
    "gates: [",
    "version: 1\ngates:\n  design: {quorum: 0}\n",
    "version: 1\ngates:\n  design: {quorum: 4}\n",
    "version: 1\ngates:\n  release: {quorum: 1}\n",
    "version: 1\ngates:\n  design: {covers: [../../secret]}\n",
    "version: 1\ngates:\n  design: {colour: red}\n",
    "version: 1\ngates:\n  design: {closes_after_hours: 0}\n",
];

#[test]
fn nothing_is_decided_under_broken_rules_and_all_is_there_once_they_are_mended() {
    block_on(async {
        let mut world = World::new().await;
        let before = world.traces().await;
        for broken in BROKEN {
            world.repository.write(".codexa/rules/gates.yaml", broken);
            world.repository.commit("break the rules");
            let refused = world.say("ada", "open change: under broken rules").await.unwrap_err();
            assert_eq!((refused.kind, refused.code), (Kind::Conflict, "RULES_BROKEN"), "{broken}");
            assert!(refused.message.contains("gates.yaml"), "{}", refused.message);
            assert_eq!(world.governance.change(&world.caller("ada"), "CH-001").await.unwrap_err().code, "RULES_BROKEN");
            let nobody = world.order_of(codexa_proto::v1::Caller::default(), "status");
            assert_eq!(code(world.governance.execute(nobody).await), "TOKEN_INVALID", "nobody is told what is wrong");
        }
        assert_eq!(world.traces().await, before);
        world.repository.git(&["rm", "--quiet", ".codexa/rules/gates.yaml"]);
        world.repository.commit("mend them");
        world.open_change().await;
        assert_eq!(world.acts().await, ["change.open"]);
    });
}

#[test]
fn broken_rules_are_not_proposed_and_stop_nothing() {
    block_on(async {
        let mut world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        let before = world.traces().await;
        for broken in BROKEN {
            world.repository.write(".codexa/rules/gates.yaml", broken);
            world.repository.commit("break the rules");
            assert_eq!(world.accept("cat").await.unwrap_err().code, "RULES_BROKEN", "{broken}");
            assert_eq!(world.card("design").await.have, 1);
        }
        assert_eq!(world.traces().await, before);
        assert_eq!(world.decide("cat", "approve design for CH-001").await.unwrap().card.unwrap().state, "met");
    });
}

#[test]
fn a_person_is_named_once_and_by_a_plain_id() {
    block_on(async {
        let mut world = World::new().await;
        for broken in [
            "version: 1\npeople: [{id: ada, roles: [PM]}, {id: ada, roles: [GO]}]\n",
            "version: 1\npeople: [{id: \u{430}da, roles: [PM]}]\n",
            "version: 1\npeople: [{id: Ada}]\n",
            "version: 1\npeople: [{id: ada, roles: [KING]}]\n",
        ] {
            world.repository.write(".codexa/rules/people.yaml", broken);
            world.repository.commit("people");
            assert_eq!(code(world.say("ada", "status").await), "RULES_BROKEN", "{broken}");
        }
    });
}

#[test]
fn a_stricter_rule_replaces_that_of_an_open_gate_for_good() {
    block_on(async {
        let mut world = World::with(
            Engine::sqlite(),
            &[
                (".codexa/rules/people.yaml", PEOPLE),
                (".codexa/config.yaml", "maturity: M1\n"),
                (".codexa/rules/gates.yaml", ONE),
            ],
        )
        .await;
        world.open_change().await;
        assert_eq!(world.decide("ben", "approve design for CH-001").await.unwrap().card.unwrap().state, "met");

        world.repository.write(".codexa/rules/gates.yaml", THREE);
        world.repository.commit("raise the threshold");
        world.accept("cat").await.unwrap();
        let card = world.card("design").await;
        assert_eq!((card.state.as_str(), card.quorum, card.have), ("open", 3, 0));
        world.decide("cat", "approve design for CH-001").await.unwrap();

        world.repository.write(".codexa/rules/gates.yaml", ONE);
        world.repository.commit("lower it again");
        world.accept("cat").await.unwrap();
        let card = world.card("design").await;
        assert_eq!((card.state.as_str(), card.quorum, card.have), ("open", 3, 1));
        let acts = world.acts().await;
        let [raised, lowered] = ["rules.accept"; 2];
        assert_eq!(acts, ["change.open", "gate.open", "gate.approve", raised, "gate.tighten", "gate.approve", lowered],);
    });
}
