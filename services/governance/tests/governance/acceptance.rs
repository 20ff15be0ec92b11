//! A branch proposes rules; an act under those in force accepts them.

use crate::engine::{Engine, PROJECT};
use crate::world::{PEOPLE, World, block_on, code};
use codexa_config::settings::Maturity;
use codexa_directive::Gate;
use codexa_governance::identity::TokenKind;
use codexa_governance::refusal::Kind;
use codexa_governance::rules::{Origin, Reading};
use codexa_governance::{Governance, Order};
use codexa_project::Project;
use codexa_testkit::postgres::Version;
use serde_json::{Value, json};

const FILE: &str = ".codexa/rules/people.yaml";

/// The same people, but that `eve` gives herself what she lacks.
fn grasping() -> String {
    PEOPLE.replace("{id: eve, roles: [QA]}", "{id: eve, roles: [QA, PM, GO]}")
}

/// The newest entry.
async fn newest(world: &World) -> Value {
    let leaf = world.engine.texts("SELECT leaf FROM leaves ORDER BY seq DESC LIMIT 1").await.remove(0);
    serde_json::from_str(&leaf).unwrap()
}

#[test]
fn abuse_22_what_is_committed_is_accepted_under_the_old_rules_on_sqlite() {
    block_on(committed_and_accepted(Engine::sqlite()));
}

#[test]
fn abuse_22_what_is_committed_is_accepted_under_the_old_rules_on_postgresql_11() {
    block_on(committed_and_accepted(Engine::postgres(Version::V11)));
}

async fn committed_and_accepted(engine: Engine) {
    let mut world = World::over(engine).await;
    world.open_change().await;
    let card = world.say("ben", "approve design for CH-001").await.unwrap().card.unwrap();
    let press =
        |world: &World| Order { digest: Some(card.digest.clone()), ..world.order("eve", "approve design for CH-001") };
    let old = world.governance.rules_now().await.unwrap();
    let pin: Value =
        serde_json::from_str(&world.engine.texts("SELECT leaf FROM leaves WHERE seq = 0").await[0]).unwrap();
    let first = world.repository.git(&["rev-parse", "main"]);
    assert_eq!(pin["data"], json!({"branch": "main", "commit": first.trim(), "rules": old.digest}));

    world.repository.write(FILE, grasping());
    let commit = world.repository.commit("make myself a manager and an officer");
    let before = world.traces().await;
    let proposal = world.governance.proposal(None).await.unwrap();
    assert_eq!((proposal.before.as_deref(), proposal.head.commit.as_str()), (Some(&*old), commit.as_str()));
    let digest = &proposal.after.digest;
    for process in [&world.governance, &world.another().await] {
        assert_eq!(process.rules_now().await.unwrap(), old, "a commit changes nothing");
        assert_eq!(code(process.execute(press(&world)).await), "VOTE_ROLE");
        for (kind, token) in [(TokenKind::Operator, "cdx_host"), (TokenKind::Service, "cdx_worker")] {
            process.know(kind, "somebody", token);
        }
        process.know(TokenKind::Adapter, "slack", "cdx_slack");
        for (token, code) in [
            (world.token("eve").as_str(), "RULES_ROLE"),
            (&world.token("ben"), "RULES_ROLE"),
            ("cdx_host", "PERSON_UNSAID"),
            ("cdx_worker", "NOT_A_PERSON"),
            ("cdx_slack", "NOT_A_PERSON"),
            ("cdx_none", "TOKEN_INVALID"),
        ] {
            assert_eq!(process.accept(token, None, digest).await.unwrap_err().code, code);
        }
        let stale = process.accept(&world.token("cat"), None, &old.digest).await.unwrap_err();
        assert_eq!((stale.kind, stale.code), (Kind::Conflict, "RULES_STALE"));
    }
    assert_eq!(world.traces().await, before);

    // Somebody pushes between the look and the word.
    world.repository.write(FILE, grasping().replace("{id: ben, roles: [PM]}", "{id: ben, roles: [PM, GO]}"));
    world.repository.commit("and ben another");
    assert_eq!(world.governance.accept(&world.token("cat"), None, digest).await.unwrap_err().code, "RULES_STALE");
    world.repository.git(&["update-ref", "refs/heads/main", &commit]);
    let entry = world.governance.accept(&world.token("cat"), None, digest).await.unwrap();
    let leaf = newest(&world).await;
    assert_eq!(leaf["act"], "rules.accept");
    assert_eq!(leaf["actor"], json!({"person": "cat", "roles": ["GO", "HR"]}));
    assert_eq!((&leaf["rules"], &leaf["via"]["kind"]), (&old.digest.as_str().into(), &"host".into()));
    assert_eq!(leaf["data"], json!({"branch": "main", "commit": commit, "rules": digest}));
    assert_eq!(world.accept("cat").await.unwrap_err().code, "RULES_UNCHANGED");

    let restarted = world.another().await;
    let rules = restarted.rules_now().await.unwrap();
    assert!(matches!(&rules.origin, Origin::Store { entry: of, .. } if *of == entry.sequence), "{:?}", rules.origin);
    assert_eq!(&rules.digest, digest);
    let event = world.events().await.pop().unwrap();
    assert_eq!((event.kind.as_str(), event.change.as_str()), ("rules.changed", ""));
    assert_eq!(event.says, format!("@cat accepted the rules of main at {commit:.8}."));
    restarted.execute(press(&world)).await.unwrap();
    assert_eq!(world.acts().await, ["change.open", "gate.open", "rules.accept", "gate.approve"]);
}

#[test]
fn a_ledger_from_before_takes_what_the_branch_says_at_its_next_act_on_sqlite() {
    block_on(from_before(Engine::sqlite()));
}

#[test]
fn a_ledger_from_before_takes_what_the_branch_says_at_its_next_act_on_postgresql_11() {
    block_on(from_before(Engine::postgres(Version::V11)));
}

async fn from_before(engine: Engine) {
    let mut world = World::over(engine).await;
    world.open_change().await;
    world.engine.sql("DELETE FROM rules").await;
    let now = PEOPLE.replace("{id: ben, roles: [PM]}", "{id: ben, roles: [RA, PM]}");
    world.repository.write(FILE, &now);
    world.repository.commit("before the new version came");
    world.say("ben", "open change: under what the branch says").await.unwrap();
    assert_eq!(world.acts().await, ["change.open", "rules.branch", "change.open"]);
    let taken = world.governance.rules_now().await.unwrap();
    assert_eq!(taken.people.find("ben").unwrap().roles.len(), 2);

    world.repository.write(FILE, now.replace("{id: ben, roles: [RA, PM]}", "{id: ben, roles: []}"));
    world.repository.commit("after");
    assert_eq!(world.governance.rules_now().await.unwrap(), taken);
}

#[test]
fn a_branch_with_the_same_rules_can_take_over_what_is_proposed() {
    block_on(async {
        let mut world = World::with_change().await;
        world.repository.git(&["branch", "trunk"]);
        let digest = world.governance.proposal(Some("trunk")).await.unwrap().after.digest.clone();
        world.governance.accept(&world.token("cat"), Some("trunk"), &digest).await.unwrap();
        world.repository.write(FILE, grasping());
        world.repository.commit("on main, which counts no more");
        assert_eq!(world.accept("cat").await.unwrap_err().code, "RULES_UNCHANGED");
        let rules = world.governance.rules_now().await.unwrap();
        assert_eq!((rules.origin.head().unwrap().branch.as_str(), &rules.digest), ("trunk", &digest));
        assert_eq!(world.acts().await, ["change.open", "rules.branch"]);
    });
}

#[test]
fn before_the_first_act_a_branch_counts_as_it_is_and_an_officer_names_another() {
    block_on(async {
        let mut world = World::new().await;
        world.repository.git(&["branch", "trunk"]);
        world.repository.write(FILE, grasping());
        world.repository.commit("eve is an officer");
        let rules = world.governance.rules_now().await.unwrap();
        assert_eq!(rules.people.find("eve").unwrap().roles.len(), 3, "nothing was decided under anything else");
        assert_eq!(world.accept("eve").await.unwrap_err().code, "RULES_UNCHANGED");
        let digest = world.governance.proposal(Some("trunk")).await.unwrap().after.digest.clone();
        let refused = world.governance.accept(&world.token("ben"), Some("trunk"), &digest).await.unwrap_err();
        assert_eq!(refused.code, "RULES_ROLE");
        world.governance.accept(&world.token("eve"), Some("trunk"), &digest).await.unwrap();
        assert_eq!(world.governance.rules_now().await.unwrap().digest, digest);
        world.open_change().await;
        assert_eq!(world.acts().await, ["change.open"], "behind the entry of the branch");
    });
}

#[test]
fn where_a_branch_was_broken_before_the_first_act_a_person_or_whoever_sits_at_the_host_names_another() {
    block_on(async {
        let mut world = World::new().await;
        world.repository.git(&["branch", "trunk"]);
        world.repository.write(FILE, "people: 1\n");
        world.repository.commit("nobody can be told");
        world.governance.know(TokenKind::Service, "worker", "cdx_worker");
        world.governance.know(TokenKind::Operator, "operator", "cdx_host");
        let proposal = world.governance.proposal(Some("trunk")).await.unwrap();
        assert_eq!(proposal.before, None);
        let accept = async |token: &str| world.governance.accept(token, Some("trunk"), &proposal.after.digest).await;
        assert_eq!(accept("cdx_worker").await.unwrap_err().code, "NOT_A_PERSON");
        accept(&world.token("cat")).await.unwrap();
        assert_eq!(newest(&world).await["actor"], json!({"person": "cat"}), "who was given a token as a person");
        world.open_change().await;
        assert_eq!(world.acts().await, ["change.open"]);
    });
}

#[test]
fn where_nobody_is_an_officer_whoever_sits_at_the_host_accepts_under_the_name_of_the_account() {
    block_on(async {
        let people = "version: 1\npeople:\n  - {id: ada, roles: [PM]}\n  - {id: ben, roles: [PM]}\n";
        let mut world = World::with(Engine::sqlite(), &[(FILE, people)]).await;
        world.say("ada", "open change: nobody is an officer").await.unwrap();
        world.repository.write(FILE, people.replace("{id: ada, roles: [PM]}", "{id: ada, roles: [PM, RA]}"));
        world.repository.commit("ada is an analyst as well");
        world.accept("ben").await.unwrap();
        assert_eq!(
            newest(&world).await["actor"],
            json!({"person": "ben", "roles": ["PM"]}),
            "a person is named as such"
        );

        world.repository.write(FILE, people.replace("{id: ben, roles: [PM]}", "{id: ben, roles: [GO]}"));
        world.repository.commit("ben is one");
        world.governance.know(TokenKind::Service, "worker", "cdx_worker");
        world.governance.know(TokenKind::Operator, "operator", "cdx_host");
        let digest = world.governance.proposal(None).await.unwrap().after.digest.clone();
        let refused = world.governance.accept("cdx_worker", None, &digest).await.unwrap_err();
        assert_eq!(refused.code, "NOT_A_PERSON");
        world.governance.accept("cdx_host", None, &digest).await.unwrap();
        assert_eq!(newest(&world).await["actor"], json!({"person": "sole"}));

        world.repository.write(FILE, people.replace("{id: ben, roles: [PM]}", "{id: ben, roles: [PM, GO]}"));
        world.repository.commit("ben is a manager as well");
        let digest = world.governance.proposal(None).await.unwrap().after.digest.clone();
        let refused = world.governance.accept("cdx_host", None, &digest).await.unwrap_err();
        assert_eq!(refused.code, "PERSON_UNSAID", "there is an officer now");
        world.accept("ben").await.unwrap();
    });
}

#[test]
fn a_sole_person_accepts_whoever_joins() {
    block_on(async {
        let mut world = World::with(Engine::sqlite(), &[]).await;
        world.say("sole", "open change: alone").await.unwrap();
        world.repository.write(FILE, PEOPLE);
        world.repository.commit("five people");
        world.governance.know(TokenKind::Operator, "operator", "cdx_host");
        assert_eq!(code(world.say("ada", "status").await), "PERSON_UNKNOWN");
        let refused = world.governance.new_token(TokenKind::Person, "ada", None).await.unwrap_err();
        assert_eq!(refused.code, "PERSON_UNKNOWN");
        assert!(refused.help.ends_with("proposes them: `codexa rules accept`"), "{}", refused.help);
        let nobody = world.governance.new_token(TokenKind::Person, "bob", None).await.unwrap_err();
        assert!(!nobody.help.contains("accept"), "{}", nobody.help);
        let digest = world.governance.proposal(None).await.unwrap().after.digest.clone();
        world.governance.accept("cdx_host", None, &digest).await.unwrap();
        world.governance.new_token(TokenKind::Person, "ada", None).await.unwrap();
        assert_eq!(code(world.say("sole", "status").await), "PERSON_UNKNOWN");
    });
}

#[test]
fn what_says_nothing_of_rules_is_no_proposal() {
    block_on(async {
        let mut world = World::with_change().await;
        world.repository.write(".codexa/config.yaml", "maturity: M1\ndiscovery:\n  mode: deep\n");
        let mut lines: Vec<&str> = PEOPLE.lines().collect();
        lines[2..].reverse();
        world.repository.write(FILE, lines.join("\n").replace("[RA, GO]", "[GO, RA, GO]"));
        world.repository.commit("settings, and the same people in another order");
        assert_eq!(world.accept("cat").await.unwrap_err().code, "RULES_UNCHANGED");
        world.repository.write(".codexa/config.yaml", "maturity: M2\n");
        world.repository.commit("stricter");
        world.accept("cat").await.unwrap();
        assert_eq!(world.governance.rules_now().await.unwrap().maturity, Maturity::M2);
    });
}

#[test]
fn abuse_22_a_maturity_of_a_work_tree_makes_no_other_rules_of_those_in_force() {
    block_on(async {
        // One role is enough at M0, and cannot be the two that M1 asks for.
        let gates = "version: 1\ngates:\n  design: {roles: [GO]}\n";
        let files = [(FILE, PEOPLE), (".codexa/rules/gates.yaml", gates)];
        let mut world = World::with(Engine::sqlite(), &files).await;
        world.open_change().await;
        world.say("cat", "approve design for CH-001").await.unwrap();
        let old = world.governance.rules_now().await.unwrap();
        let reading = Reading { branch: None, maturity: Maturity::M1, operator: "sole".to_owned() };
        let project = Project::open(world.repository.path()).unwrap();
        let stricter = Governance::new(world.engine.open().await.unwrap(), project, PROJECT.to_owned(), reading);
        stricter.know(TokenKind::Person, "cat", &world.token("cat"));
        assert_eq!(stricter.rules_now().await.unwrap(), old);
        let asked = stricter.execute(world.order("cat", "approve design for CH-001")).await.unwrap();
        let voted = stricter.execute(world.confirmation(world.caller("cat"), &asked)).await.unwrap();
        assert_eq!(voted.card.unwrap().state, "met");
        assert_eq!(world.acts().await, ["change.open", "gate.open", "gate.approve"], "no rule was tightened");
        assert_eq!(stricter.proposal(None).await.unwrap_err().code, "RULES_BROKEN", "what it proposes cannot be had");

        // Who accepts it makes it hold for every process, whatever its work tree says.
        world.repository.write(".codexa/rules/gates.yaml", gates.replace("[GO]", "[GO, HR]"));
        world.repository.commit("two roles");
        let digest = stricter.proposal(None).await.unwrap().after.digest.clone();
        stricter.accept(&world.token("cat"), None, &digest).await.unwrap();
        let rules = world.governance.rules_now().await.unwrap();
        assert_eq!((rules.maturity, rules.gates[&Gate::Design].quorum, &rules.digest), (Maturity::M1, 2, &digest));
    });
}

#[test]
fn abuse_29_rules_that_are_not_those_of_their_ledger_entry_are_none() {
    block_on(async {
        let world = World::with_change().await;
        let document = world.engine.texts("SELECT document FROM rules").await.remove(0).replace("QA", "PM");
        world.engine.sql(&format!("UPDATE rules SET document = '{document}'")).await;
        assert_eq!(world.another().await.rules_now().await.unwrap_err().code, "STORE_REFUSED");
        let digest = format!("sha256:{}", codexa_ledger::Hash::of(document.as_bytes()));
        world.engine.sql(&format!("UPDATE rules SET digest = '{digest}'")).await;
        assert_eq!(world.another().await.rules_now().await.unwrap_err().code, "STORE_REFUSED");
    });
}

#[test]
fn rules_by_which_nobody_could_accept_the_next_are_not_accepted() {
    block_on(async {
        let mut world = World::with_change().await;
        world.repository.write(FILE, PEOPLE.replace("GO", "IA"));
        world.repository.commit("no officer is left");
        let refused = world.accept("cat").await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (Kind::Conflict, "RULES_NO_OFFICER"));
        assert_eq!(world.acts().await, ["change.open"]);
    });
}

#[test]
fn what_is_done_at_the_host_first_pins_the_rules_as_well() {
    block_on(async {
        let mut world = World::new().await;
        let old = world.governance.rules_now().await.unwrap();
        world.governance.new_token(TokenKind::Service, "worker", None).await.unwrap();
        world.repository.write(FILE, grasping());
        world.repository.commit("make myself a manager and an officer");
        assert_eq!(world.governance.rules_now().await.unwrap().digest, old.digest);
        assert_eq!(world.accept("eve").await.unwrap_err().code, "RULES_ROLE");
        assert_eq!(world.acts().await, ["token.make"], "behind the entry of the branch");
    });
}
