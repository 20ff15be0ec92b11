//! Whose vote counts, for what.

use crate::engine::Engine;
use crate::world::{PEOPLE, World, block_on, code};
use codexa_governance::Order;
use codexa_governance::identity::TokenKind;
use codexa_proto::v1;

#[test]
fn abuse_15_the_requester_an_agent_and_an_unknown_account_approve_nothing() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ada", "approve design for CH-001").await.unwrap();
        assert_eq!(asked.confirm, None);
        assert_eq!(asked.says, "You asked for CH-001: your own approval does not count; @ben, @cat, @dan can.");
        let digest = Some(asked.card.unwrap().digest);
        let press = |caller| Order { digest: digest.clone(), ..world.order_of(caller, "approve design for CH-001") };
        assert_eq!(code(world.governance.execute(press(world.caller("ada"))).await), "VOTE_OWN_CHANGE");
        assert_eq!(code(world.governance.execute(press(world.caller("eve"))).await), "VOTE_ROLE");

        let service = world.governance.new_token(TokenKind::Service, "agent", None).await.unwrap();
        let adapter = world.governance.new_token(TokenKind::Adapter, "slack", None).await.unwrap();
        let before = world.traces().await;
        let agent = v1::Caller { token: service, ..v1::Caller::default() };
        assert_eq!(code(world.governance.execute(press(agent.clone())).await), "NOT_A_PERSON");
        let borrowed = v1::Caller { account: Some(account("slack", "U1")), ..agent };
        assert_eq!(code(world.governance.execute(press(borrowed)).await), "ACCOUNT_FOREIGN");

        let adapter = v1::Caller { token: adapter, ..v1::Caller::default() };
        assert_eq!(code(world.governance.execute(press(adapter.clone())).await), "NOT_A_PERSON");
        let unlinked = v1::Caller { account: Some(account("slack", "U1")), ..adapter.clone() };
        assert_eq!(code(world.governance.execute(press(unlinked)).await), "ACCOUNT_NOT_LINKED");
        let foreign = v1::Caller { account: Some(account("discord", "U1")), ..adapter };
        assert_eq!(code(world.governance.execute(press(foreign)).await), "ACCOUNT_FOREIGN");
        let person = v1::Caller { account: Some(account("slack", "U1")), ..world.caller("ben") };
        assert_eq!(code(world.governance.execute(press(person)).await), "ACCOUNT_FOREIGN");
        assert_eq!(world.traces().await, before, "none of it left anything");
        assert_eq!(world.card("design").await.have, 0);
    });
}

#[test]
fn abuse_15_one_person_from_two_platforms_is_one_vote() {
    block_on(async {
        let world = World::with_change().await;
        for (platform, space) in [("slack", "T1"), ("discord", "G1")] {
            let token = world.governance.new_token(TokenKind::Adapter, platform, None).await.unwrap();
            let account = v1::Account { space: space.to_owned(), ..account(platform, "U2") };
            let caller = v1::Caller { token, account: Some(account), channel: None };
            let link = world.governance.begin_link(&caller).await.unwrap();
            let request =
                v1::ConfirmLinkRequest { caller: Some(world.caller("cat")), code: link.code, ..Default::default() };
            world.governance.confirm_link(&request).await.unwrap();

            let asked =
                world.governance.execute(world.order_of(caller.clone(), "approve design for CH-001")).await.unwrap();
            let voted = world.governance.execute(world.confirmation(caller, &asked)).await.unwrap();
            assert_eq!(voted.card.unwrap().have, 1, "{platform}");
        }
        let card = world.decide("cat", "approve design for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.have, card.state.as_str(), card.votes.len()), (1, "open", 1));
        let votes = world.acts().await.into_iter().filter(|act| act == "gate.approve").count();
        assert_eq!(votes, 1, "the same vote again is none");
    });
}

#[test]
fn abuse_15_at_m0_a_sole_person_decides_and_it_is_marked() {
    block_on(async {
        let world = World::with(Engine::sqlite(), &[]).await;
        let opened = world.say("sole", "open change: alone").await.unwrap().change.unwrap();
        world.repository.write(&format!("changes/{}/spec.md", opened.id), "# Spec\n");
        let card = world.decide("sole", "approve scope for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.state.as_str(), card.votes[0].own), ("met", true));
        let leaves = world.engine.texts("SELECT leaf FROM leaves WHERE act = 'gate.approve'").await;
        assert!(leaves[0].contains(r#""data":{"self":true}"#), "{}", leaves[0]);
    });
}

#[test]
fn abuse_15_what_a_sole_person_decided_does_not_count_once_others_could() {
    block_on(async {
        let mut world = World::with(Engine::sqlite(), &[]).await;
        let opened = world.say("sole", "open change: alone").await.unwrap().change.unwrap();
        world.repository.write(&format!("changes/{}/spec.md", opened.id), "# Spec\n");
        let card = world.decide("sole", "approve scope for CH-001").await.unwrap().card.unwrap();
        assert_eq!(card.state, "met");
        let people = "version: 1\npeople:\n  - {id: sole, roles: [PM, GO]}\n  - {id: ben, roles: [PM]}\n";
        world.repository.write(".codexa/rules/people.yaml", people);
        world.repository.commit("ben joins");
        world.accept("sole").await.unwrap();
        let change = world.governance.change(&world.caller("sole"), "CH-001").await.unwrap();
        assert_eq!((change.gates[0].state.as_str(), change.gates[0].have), ("open", 0));
    });
}

#[test]
fn abuse_16_one_changed_byte_makes_votes_stale_and_line_ends_alone_do_not() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.decide("cat", "approve design for CH-001").await.unwrap();
        let met = world.card("design").await;
        assert_eq!((met.state.as_str(), met.have), ("met", 2));

        let spec = world.repository.read("changes/CH-001/spec.md");
        world.repository.write("changes/CH-001/spec.md", spec.replace('\n', "\r\n"));
        assert_eq!(world.card("design").await, met);

        world.repository.write("changes/CH-001/spec.md", spec.replace("capped", "cupped"));
        let card = world.card("design").await;
        assert_eq!((card.state.as_str(), card.have, card.votes.iter().all(|vote| vote.stale)), ("open", 0, true));
        assert_ne!(card.digest, met.digest);

        // A byte that no text shows is a byte.
        for odd in [spec.clone() + "\r", spec.clone() + "\u{feff}", spec.trim_end().to_owned(), spec.clone() + "\n"] {
            world.repository.write("changes/CH-001/spec.md", odd);
            assert_eq!(world.card("design").await.have, 0);
        }
        world.repository.write("changes/CH-001/spec.md", spec);
        assert_eq!(world.card("design").await.state, "met", "what was approved is there again");
    });
}

#[test]
fn what_nobody_wrote_in_says_so_on_the_card_and_in_the_entry() {
    block_on(async {
        let world = World::with_change().await;
        let made = codexa_model::workspace::made("plan.md", "CH-001", "cap the parser depth").unwrap();
        world.repository.write("changes/CH-001/plan.md", made.replace('\n', "\r\n"));
        world.decide("ben", "approve design for CH-001").await.unwrap();
        let unwritten: Vec<bool> = world.card("design").await.covers.iter().map(|file| file.unwritten).collect();
        assert_eq!(unwritten, [false, true], "spec.md and plan.md");

        world.repository.write("changes/CH-001/plan.md", made + "It is capped where it is counted.\n");
        assert!(world.card("design").await.covers.iter().all(|file| !file.unwritten));
        world.decide("cat", "approve design for CH-001").await.unwrap();
        let leaves = world.engine.texts("SELECT leaf FROM leaves WHERE act = 'gate.approve' ORDER BY seq").await;
        assert!(leaves[0].contains(r#""data":{"unwritten":["plan.md"]}"#), "{}", leaves[0]);
        assert!(!leaves[1].contains("unwritten"), "{}", leaves[1]);
    });
}

#[test]
fn abuse_16_a_change_between_the_card_and_the_press_is_noticed() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        world.repository.write("changes/CH-001/plan.md", "# Another plan\n");
        let before = world.traces().await;
        let confirmation = world.confirmation(world.caller("ben"), &asked);
        assert_eq!(code(world.governance.execute(confirmation.clone()).await), "SUBJECT_STALE");
        assert_eq!(world.traces().await, before);
        std::fs::remove_file(world.repository.path().join("changes/CH-001/plan.md")).unwrap();
        let again = world.say("ben", "approve design for CH-001").await.unwrap();
        assert_eq!(again.confirm, None);
        assert_eq!(
            again.says,
            "Nothing can be approved yet: changes/CH-001/plan.md cannot be approved: it is not there."
        );
        let digest = Some(again.card.unwrap().digest);
        let press = Order { digest, ..world.order("ben", "approve design for CH-001") };
        assert_eq!(code(world.governance.execute(press).await), "SUBJECT_INCOMPLETE");
    });
}

#[test]
fn a_file_that_is_gone_is_no_way_round_a_veto() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        let plan = world.repository.read("changes/CH-001/plan.md");
        std::fs::remove_file(world.repository.path().join("changes/CH-001/plan.md")).unwrap();
        let card = world.decide("cat", "deny design for CH-001 because the plan is gone").await.unwrap().card.unwrap();
        assert_eq!(card.state, "denied");
        world.repository.write("changes/CH-001/plan.md", plan);
        let card = world.decide("dan", "approve design for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.state.as_str(), card.have), ("denied", 2));
        let vetoed = card.votes.iter().find(|vote| vote.person == "cat").unwrap();
        assert_eq!(vetoed.since[0].added, 4, "all of what was not there");
    });
}

#[test]
fn abuse_16_a_link_out_of_the_workspace_is_not_approved() {
    block_on(async {
        let world = World::with_change().await;
        let plan = world.repository.path().join("changes/CH-001/plan.md");
        std::fs::remove_file(&plan).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", &plan).unwrap();
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        assert_eq!(asked.confirm, None, "{}", asked.says);
    });
}

#[test]
fn abuse_19_two_digests_with_one_vote_each_are_pending() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.repository.write("changes/CH-001/plan.md", "# Plan B\n");
        let card = world.decide("cat", "approve design for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.state.as_str(), card.have, card.quorum, card.votes.len()), ("open", 1, 2, 2));
        let card = world.decide("ben", "approve design for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.state.as_str(), card.have, card.votes.len()), ("met", 2, 2));
    });
}

#[test]
fn two_of_one_role_are_not_two_roles() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("cat", "approve design for CH-001").await.unwrap();
        let card = world.decide("dan", "approve design for CH-001").await.unwrap().card.unwrap();
        let roles: Vec<&str> = card.votes.iter().map(|vote| vote.role.as_str()).collect();
        assert_eq!((card.state.as_str(), roles), ("met", vec!["HR", "GO"]), "cat gives way: dan has only one role");
    });
}

#[test]
fn a_held_change_takes_a_denial_and_a_withdrawal() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.decide("eve", "hold CH-001 because of an audit").await.unwrap();
        let card = world.decide("cat", "deny design for CH-001 because it is wrong").await.unwrap().card.unwrap();
        assert_eq!(card.state, "denied");
        let card = world.decide("ben", "withdraw design for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.votes.len(), card.hold.map(|hold| hold.person)), (1, Some("eve".to_owned())));
        assert_eq!(code(world.say("ben", "withdraw design for CH-001").await), "VOTE_NOT_FOUND");
    });
}

#[test]
fn a_withdrawal_takes_back_the_vote_that_was_shown_and_no_other() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("cat", "approve design for CH-001").await.unwrap();
        let asked = world.say("cat", "withdraw design for CH-001").await.unwrap();
        world.decide("cat", "deny design for CH-001 because it is wrong").await.unwrap();
        let confirmed = world.governance.execute(world.confirmation(world.caller("cat"), &asked)).await;
        assert_eq!(code(confirmed), "SUBJECT_STALE", "the denial stands");
        assert_eq!(world.card("design").await.state, "denied");
    });
}

#[test]
fn the_denial_of_somebody_who_left_is_lifted_by_an_officer_and_by_nobody_else() {
    block_on(async {
        let mut world = World::with_change().await;
        world.decide("dan", "deny design for CH-001 because it is wrong").await.unwrap();
        for person in ["ben", "cat", "eve", "ada"] {
            let refused = world.say(person, "withdraw design for CH-001").await;
            assert_eq!(code(refused), "VOTE_NOT_FOUND", "dan is there, and so is the denial");
        }
        world.repository.write(".codexa/rules/people.yaml", PEOPLE.replace("  - {id: dan, roles: [GO]}\n", ""));
        world.repository.commit("dan left");
        world.accept("cat").await.unwrap();
        assert_eq!(world.card("design").await.state, "denied", "nothing lifts it by itself");
        for person in ["ben", "eve", "ada"] {
            let refused = world.say(person, "withdraw design for CH-001").await;
            assert_eq!(code(refused), "VOTE_NOT_FOUND", "no officer, or the requester");
        }
        let asked = world.say("cat", "withdraw design for CH-001").await.unwrap();
        assert_eq!(
            asked.says,
            "Confirm to withdraw the denial of @dan, who can vote no more, on the design gate of CH-001."
        );
        let done = world.governance.execute(world.confirmation(world.caller("cat"), &asked)).await.unwrap();
        let card = done.card.unwrap();
        assert_eq!((card.state.as_str(), card.votes.len()), ("open", 0));
        let leaf = world.engine.texts("SELECT leaf FROM leaves ORDER BY seq DESC LIMIT 1").await.remove(0);
        assert!(leaf.contains(r#""data":{"of":"dan","verdict":"deny"}"#), "{leaf}");
        assert_eq!(world.acts().await.last().unwrap(), "gate.withdraw");
    });
}

#[test]
fn abuse_16_an_edit_that_keeps_size_and_moment_is_seen() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        let mut digests = std::collections::BTreeSet::new();
        for number in 100..150 {
            // As fast as it goes, so that stamps of the file system fall together.
            world.repository.write("changes/CH-001/spec.md", format!("# Spec {number}\n"));
            assert!(digests.insert(world.card("design").await.digest), "edit {number} was not seen");
        }
    });
}

#[test]
fn a_new_id_is_the_next_that_somebody_could_have_given() {
    block_on(async {
        let world = World::new().await;
        for folder in ["CH-004", "CH-12", "CH-0000007", "CH-9999999", "CH-00x", "CH-+08", "XCH-020"] {
            world.repository.write(&format!("changes/{folder}/spec.md"), "# Spec\n");
        }
        world.repository.write("changes/CH-030", "a file\n");
        std::os::unix::fs::symlink("CH-004", world.repository.path().join("changes/CH-040")).unwrap();
        let opened = world.say("ada", "open change: one").await.unwrap().change.unwrap();
        assert_eq!(opened.id, "CH-005");
        let outside = world.repository.beside("outside");
        std::fs::create_dir_all(outside.join("CH-050")).unwrap();
        std::fs::rename(world.repository.path().join("changes"), world.repository.beside("away")).unwrap();
        std::os::unix::fs::symlink(&outside, world.repository.path().join("changes")).unwrap();
        let opened = world.say("ada", "open change: two").await.unwrap().change.unwrap();
        assert_eq!(opened.id, "CH-006", "a link leads nowhere");
    });
}

#[test]
fn what_is_not_there_is_not_decided() {
    block_on(async {
        let world = World::with_change().await;
        let before = world.traces().await;
        assert_eq!(code(world.say("ben", "approve design for CH-002").await), "CHANGE_NOT_FOUND");
        assert_eq!(code(world.say("ben", "approve release for CH-001").await), "GATE_NOT_FOUND");
        assert_eq!(code(world.say("ben", "withdraw design for CH-001").await), "VOTE_NOT_FOUND");
        let mut order = world.order("ben", "approve design for CH-001");
        order.directive.as_mut().unwrap().gate = None;
        assert_eq!(code(world.governance.execute(order).await), "GATE_MISSING");
        let mut order = world.order("ben", "approve design for CH-001");
        order.directive.as_mut().unwrap().target = None;
        assert_eq!(code(world.governance.execute(order).await), "CHANGE_MISSING");
        let mut order = world.order("ben", "approve design for CH-001");
        order.directive.as_mut().unwrap().target.as_mut().unwrap().kind = codexa_directive::TargetKind::Report;
        assert_eq!(code(world.governance.execute(order).await), "CHANGE_MISSING");
        // A digest that nobody was shown opens no gate either.
        let order = Order { digest: Some("sha256:00".to_owned()), ..world.order("ben", "approve design for CH-001") };
        assert_eq!(code(world.governance.execute(order).await), "SUBJECT_STALE");
        assert_eq!(world.traces().await, before);
        let noted = world.engine.texts("SELECT outcome FROM directives ORDER BY at").await;
        assert_eq!(noted.iter().filter(|outcome| *outcome != "done").count(), 7, "each refusal is noted: {noted:?}");
    });
}

pub fn account(platform: &str, user: &str) -> v1::Account {
    v1::Account { platform: platform.to_owned(), space: "T1".to_owned(), user: user.to_owned(), name: String::new() }
}
