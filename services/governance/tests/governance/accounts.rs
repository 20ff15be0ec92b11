//! Tokens, accounts and codes: how a person is known.

use crate::votes::account;
use crate::world::{World, block_on, code};
use codexa_governance::identity::TokenKind;
use codexa_governance::refusal::Kind;
use codexa_proto::v1;

#[test]
fn a_token_that_is_unknown_ended_or_revoked_is_nobody() {
    block_on(async {
        let world = World::with_change().await;
        for token in ["", "cdx_0", "\0", &"t".repeat(1 << 16)] {
            let order = world.order_of(v1::Caller { token: token.to_owned(), ..world.caller("ben") }, "status");
            let refused = world.governance.execute(order).await.unwrap_err();
            assert_eq!((refused.kind, refused.code), (Kind::Unauthenticated, "TOKEN_INVALID"));
        }
        world.engine.sql("UPDATE tokens SET expires_at = 1 WHERE subject = 'ben'").await;
        world.engine.sql("UPDATE tokens SET revoked_at = 1 WHERE subject = 'cat'").await;
        world.engine.sql("UPDATE tokens SET expires_at = 4102444800000 WHERE subject = 'dan'").await;
        let before = world.traces().await;
        for person in ["ben", "cat"] {
            assert_eq!(code(world.say(person, "approve design for CH-001").await), "TOKEN_INVALID");
            assert_eq!(world.governance.events(&world.caller(person), 0, 1).await.unwrap_err().code, "TOKEN_INVALID");
            assert_eq!(world.governance.changes(&world.caller(person)).await.unwrap_err().code, "TOKEN_INVALID");
        }
        assert_eq!(world.traces().await, before);
        world.say("dan", "approve design for CH-001").await.unwrap();
    });
}

#[test]
fn a_token_is_made_for_somebody() {
    block_on(async {
        let world = World::new().await;
        let refused = world.governance.new_token(TokenKind::Person, "mallory").await.unwrap_err();
        assert_eq!(refused.code, "PERSON_UNKNOWN");
        for subject in ["", "Slack", "a b", "\u{455}lack"] {
            assert_eq!(
                world.governance.new_token(TokenKind::Adapter, subject).await.unwrap_err().code,
                "TOKEN_SUBJECT"
            );
        }
        let (one, other) = tokio::join!(
            world.governance.new_token(TokenKind::Service, "w"),
            world.governance.new_token(TokenKind::Service, "w")
        );
        assert_ne!(one.unwrap(), other.unwrap());
    });
}

#[test]
fn a_code_links_once_and_for_a_while_and_for_people() {
    block_on(async {
        let world = World::new().await;
        let token = world.governance.new_token(TokenKind::Adapter, "slack").await.unwrap();
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
        let token = world.governance.new_token(TokenKind::Adapter, "slack").await.unwrap();
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
        let token = world.governance.new_token(TokenKind::Adapter, "slack").await.unwrap();
        let service = world.governance.new_token(TokenKind::Service, "slack").await.unwrap();
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
