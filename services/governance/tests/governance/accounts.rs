//! Tokens, accounts and codes: how a person is known.

use crate::votes::account;
use crate::world::{PEOPLE, World, block_on, code};
use codexa_governance::identity::TokenKind;
use codexa_governance::refusal::Kind;
use codexa_proto::v1;
use codexa_testkit::GitRepository;

#[test]
fn a_token_that_is_unknown_ended_or_revoked_is_nobody() {
    block_on(async {
        let world = World::with_change().await;
        for token in ["", "cdx_0", "\0", &"t".repeat(1 << 16)] {
            let order = world.order_of(v1::Caller { token: token.to_owned(), ..world.caller("ben") }, "status");
            let refused = world.governance.execute(order).await.unwrap_err();
            assert_eq!((refused.kind, refused.code), (Kind::Unauthenticated, "TOKEN_INVALID"));
        }
        let person = async |id| world.governance.new_token(TokenKind::Person, id, Some(1)).await.unwrap();
        let (ben, cat, dan) = (person("ben").await, person("cat").await, person("dan").await);
        world.engine.sql("UPDATE tokens SET expires_at = 1 WHERE subject = 'ben'").await;
        let listed = world.governance.tokens().await.unwrap();
        let of_cat = listed.iter().find(|token| token.subject == "cat").unwrap();
        assert!(!listed.iter().any(|token| cat.contains(&token.id)), "the token itself is not listed");
        let too_short: String = of_cat.id.chars().take(5).collect();
        for id in ["", "cdx", &cat, &too_short, "ffffffffffff"] {
            let refused = world.governance.revoke_token(id).await.unwrap_err();
            assert_eq!(refused.code, "TOKEN_NOT_FOUND", "{id}");
        }
        for _ in 0..2 {
            assert!(!world.governance.revoke_token(&of_cat.id).await.unwrap().holds);
        }
        let before = world.traces().await;
        let caller = |token: &str| v1::Caller { token: token.to_owned(), ..world.caller("ben") };
        for token in [&ben, &cat] {
            let order = world.order_of(caller(token), "approve design for CH-001");
            assert_eq!(code(world.governance.execute(order).await), "TOKEN_INVALID");
            assert_eq!(world.governance.events(&caller(token), "0", 1).await.unwrap_err().code, "TOKEN_INVALID");
            assert_eq!(world.governance.context(&caller(token)).await.unwrap_err().code, "TOKEN_INVALID");
        }
        assert_eq!(world.traces().await, before);
        world.governance.execute(world.order_of(caller(&dan), "approve design for CH-001")).await.unwrap();
        let acts = world.acts().await;
        assert_eq!(
            acts,
            ["change.open", "token.make", "token.make", "token.make", "token.revoke", "gate.open"],
            "who can decide is as much in the ledger as what was decided"
        );
    });
}

#[test]
fn a_token_of_the_configuration_is_none_once_it_is_taken_out_of_it() {
    block_on(async {
        let world = World::new().await;
        let service = v1::Caller { token: "cdx_of_a_worker".to_owned(), ..v1::Caller::default() };
        assert_eq!(world.governance.identify(&service).await.unwrap_err().code, "TOKEN_INVALID");
        world.governance.know(TokenKind::Service, "worker", &service.token);
        assert_eq!(world.governance.identify(&service).await.unwrap().name(), "service/worker");
        let restarted = world.another().await;
        assert_eq!(restarted.identify(&service).await.unwrap_err().code, "TOKEN_INVALID");
        assert_eq!(world.engine.count("tokens").await, 0);
    });
}

#[test]
fn a_token_can_be_revoked_while_the_rules_are_broken() {
    block_on(async {
        let mut world = World::new().await;
        // While nothing is committed, no act pins rules.
        world.repository = GitRepository::empty();
        world.repository.write(".codexa/rules/people.yaml", PEOPLE);
        world.governance = world.another().await;
        world.governance.new_token(TokenKind::Service, "lost", None).await.unwrap();
        world.repository.write(".codexa/rules/people.yaml", "people: 1\n");
        assert_eq!(code(world.say("ada", "status").await), "RULES_BROKEN");
        let id = world.governance.tokens().await.unwrap()[0].id.clone();
        assert!(!world.governance.revoke_token(&id).await.unwrap().holds);
        assert_eq!(world.governance.new_token(TokenKind::Person, "ada", None).await.unwrap_err().code, "RULES_BROKEN");
        world.check().await.unwrap();
    });
}

#[test]
fn an_account_that_is_unlinked_is_nobody_and_its_votes_stay() {
    block_on(async {
        let world = World::with_change().await;
        world.governance.know(TokenKind::Adapter, "slack", "cdx_of_slack");
        let caller =
            v1::Caller { token: "cdx_of_slack".to_owned(), account: Some(account("slack", "U5")), channel: None };
        let link = world.governance.begin_link(&caller).await.unwrap();
        let request =
            v1::ConfirmLinkRequest { caller: Some(world.caller("ben")), code: link.code, ..Default::default() };
        world.governance.confirm_link(&request).await.unwrap();
        let asked =
            world.governance.execute(world.order_of(caller.clone(), "approve design for CH-001")).await.unwrap();
        world.governance.execute(world.confirmation(caller.clone(), &asked)).await.unwrap();

        let other = world.governance.unlink("slack", "T2", "U5").await.unwrap_err();
        assert_eq!((other.kind, other.code), (Kind::NotFound, "ACCOUNT_NOT_FOUND"));
        assert_eq!(world.governance.accounts().await.unwrap().len(), 1);
        world.governance.unlink("slack", "T1", "U5").await.unwrap();
        assert_eq!(world.governance.accounts().await.unwrap(), []);
        let again = world.order_of(caller, "approve design for CH-001");
        assert_eq!(code(world.governance.execute(again).await), "ACCOUNT_NOT_LINKED");
        assert_eq!(world.card("design").await.have, 1);
        assert_eq!(world.acts().await.last().unwrap(), "account.unlink");
    });
}

#[test]
fn the_newest_codes_of_an_account_count_and_a_look_links_nothing() {
    block_on(async {
        let world = World::new().await;
        world.governance.know(TokenKind::Adapter, "slack", "cdx_of_slack");
        let caller =
            v1::Caller { token: "cdx_of_slack".to_owned(), account: Some(account("slack", "U5")), channel: None };
        let mut codes = Vec::new();
        for _ in 0..5 {
            codes.push(world.governance.begin_link(&caller).await.unwrap().code);
            world.engine.sql("UPDATE link_codes SET expires_at = expires_at - 1").await;
        }
        let look = |code: &str| v1::ConfirmLinkRequest {
            caller: Some(world.caller("eve")),
            code: code.to_owned(),
            look: true,
            ..Default::default()
        };
        for old in &codes[..2] {
            assert_eq!(code(world.governance.confirm_link(&look(old)).await), "LINK_CODE_INVALID");
        }
        for new in &codes[2..] {
            let says = world.governance.confirm_link(&look(new)).await.unwrap().says;
            assert_eq!(says, "This code links the slack account U5 of T1 to @eve.");
        }
        assert_eq!(world.engine.count("link_codes").await, 3);
        assert_eq!(world.engine.count("accounts").await, 0);
        let [.., first, last] = codes.as_slice() else { panic!("there are five") };
        let take = v1::ConfirmLinkRequest { caller: Some(world.caller("ben")), look: false, ..look(first) };
        world.governance.confirm_link(&take).await.unwrap();
        let says = world.governance.confirm_link(&look(last)).await.unwrap().says;
        assert_eq!(says, "This code links the slack account U5 of T1 to @eve. It is @ben's now.");
    });
}

#[test]
fn a_token_is_made_for_somebody() {
    block_on(async {
        let world = World::new().await;
        let refused = world.governance.new_token(TokenKind::Person, "mallory", None).await.unwrap_err();
        assert_eq!(refused.code, "PERSON_UNKNOWN");
        for subject in ["", "Slack", "a b", "\u{455}lack"] {
            assert_eq!(
                world.governance.new_token(TokenKind::Adapter, subject, None).await.unwrap_err().code,
                "TOKEN_SUBJECT"
            );
        }
        let (one, other) = tokio::join!(
            world.governance.new_token(TokenKind::Service, "w", None),
            world.governance.new_token(TokenKind::Service, "w", None)
        );
        assert_ne!(one.unwrap(), other.unwrap());
    });
}

#[test]
fn a_code_links_once_and_for_a_while_and_for_people() {
    block_on(async {
        let world = World::new().await;
        let token = world.governance.new_token(TokenKind::Adapter, "slack", None).await.unwrap();
        let caller = v1::Caller { token, account: Some(account("slack", "U5")), channel: None };
        let link = world.governance.begin_link(&caller).await.unwrap();
        let with = |caller: v1::Caller, code: &str| v1::ConfirmLinkRequest {
            caller: Some(caller),
            code: code.to_owned(),
            ..v1::ConfirmLinkRequest::default()
        };
        let adapter = v1::Caller { account: None, ..caller.clone() };
        assert_eq!(code(world.governance.confirm_link(&with(adapter, &link.code)).await), "NOT_A_PERSON");
        let wrong = world.governance.confirm_link(&with(world.caller("eve"), "ABCDEFGHJK")).await;
        assert_eq!(code(wrong), "LINK_CODE_INVALID");
        world.engine.sql("UPDATE link_codes SET expires_at = 1").await;
        let late = world.governance.confirm_link(&with(world.caller("eve"), &link.code)).await;
        assert_eq!(code(late), "LINK_CODE_INVALID");
        assert_eq!(world.engine.count("accounts").await, 0);

        let link = world.governance.begin_link(&caller).await.unwrap();
        world.governance.confirm_link(&with(world.caller("eve"), &link.code)).await.unwrap();
        let taken = world.governance.confirm_link(&with(world.caller("ben"), &link.code)).await;
        assert_eq!(code(taken), "LINK_CODE_INVALID", "it was used");
        assert_eq!(world.governance.identify(&caller).await.unwrap().name(), "person/eve");
    });
}

#[test]
fn abuse_9_the_same_user_of_another_space_is_somebody_else() {
    block_on(async {
        let world = World::new().await;
        let token = world.governance.new_token(TokenKind::Adapter, "slack", None).await.unwrap();
        let mut caller = v1::Caller { token, account: Some(account("slack", "U5")), channel: None };
        let link = world.governance.begin_link(&caller).await.unwrap();
        let request =
            v1::ConfirmLinkRequest { caller: Some(world.caller("eve")), code: link.code, ..Default::default() };
        world.governance.confirm_link(&request).await.unwrap();
        caller.account = Some(v1::Account { name: "ada".to_owned(), ..account("slack", "U5") });
        assert_eq!(world.governance.identify(&caller).await.unwrap().name(), "person/eve", "names are not compared");
        for (space, user) in [("T2", "U5"), ("t1", "U5"), ("T1", "u5"), ("T1", "U5 "), ("", "U5"), ("T1", "")] {
            caller.account =
                Some(v1::Account { space: space.to_owned(), user: user.to_owned(), ..account("slack", "U5") });
            assert_eq!(
                world.governance.identify(&caller).await.unwrap_err().code,
                "ACCOUNT_NOT_LINKED",
                "{space}/{user}"
            );
        }
    });
}

#[test]
fn only_an_adapter_asks_for_codes_and_only_for_its_platform() {
    block_on(async {
        let world = World::new().await;
        let token = world.governance.new_token(TokenKind::Adapter, "slack", None).await.unwrap();
        let service = world.governance.new_token(TokenKind::Service, "slack", None).await.unwrap();
        let ask = |token: &str, account| v1::Caller { token: token.to_owned(), account, channel: None };
        for (caller, expected) in [
            (ask(&token, None), "ACCOUNT_FOREIGN"),
            (ask(&token, Some(account("discord", "U1"))), "ACCOUNT_FOREIGN"),
            (ask(&service, Some(account("slack", "U1"))), "ACCOUNT_FOREIGN"),
            (ask(&world.token("eve"), Some(account("slack", "U1"))), "ACCOUNT_FOREIGN"),
            (ask(&token, Some(account("slack", ""))), "ACCOUNT_INVALID"),
            (ask(&token, Some(account("slack", "U\0"))), "CALLER_INVALID"),
            (ask("", Some(account("slack", "U1"))), "TOKEN_INVALID"),
        ] {
            assert_eq!(world.governance.begin_link(&caller).await.unwrap_err().code, expected);
        }
        assert_eq!(world.engine.count("link_codes").await, 0);
    });
}
