//! The stub refuses what Discord refuses: without that no other test here would show anything.

use codexa_testkit::discord::{CHANNEL, Discord, GUILD, Membership, OTHER_GUILD};
use serde_json::{Value, json};
use serenity::http::{Http, HttpBuilder, HttpError};
use serenity::model::guild::GuildMemberFlags;
use serenity::model::id::{ChannelId, InteractionId};
use std::time::Duration;

fn client(discord: &Discord, token: &str) -> Http {
    let http = HttpBuilder::new(token).proxy(discord.url()).ratelimiter_disabled(true).build();
    http.set_application_id(codexa_testkit::discord::APPLICATION.into());
    http
}

async fn stub() -> (Discord, Http) {
    let discord = Discord::start().await;
    let http = client(&discord, &discord.token());
    (discord, http)
}

/// The status and Discord's code of a refusal.
fn refusal<T: std::fmt::Debug>(result: serenity::Result<T>) -> (u16, isize) {
    match result.unwrap_err() {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
            (answer.status_code.as_u16(), answer.error.code)
        }
        other => panic!("not refused by Discord: {other}"),
    }
}

/// A message that is in order, with one member changed.
fn message(key: &str, value: Value) -> Value {
    let mut body = json!({"content": "hello", "allowed_mentions": {"parse": []}});
    body[key] = value;
    body
}

fn embeds(embed: Value) -> Value {
    message("embeds", json!([embed]))
}

fn row(buttons: Value) -> Value {
    message("components", json!([{"type": 1, "components": buttons}]))
}

fn button(id: &str, label: &str) -> Value {
    json!({"type": 2, "style": 1, "custom_id": id, "label": label})
}

#[tokio::test]
async fn a_message_over_any_limit_is_refused() {
    let (discord, http) = stub().await;
    let fields = |number: usize| json!({"fields": vec![json!({"name": "n", "value": "v"}); number]});
    let long = |number: usize| "x".repeat(number);
    let over = [
        message("content", json!(long(2001))),
        message("content", json!(" ")),
        message("embeds", json!(vec![json!({"title": "t"}); 11])),
        embeds(json!({})),
        embeds(json!({"title": long(257)})),
        embeds(json!({"description": long(4097)})),
        embeds(fields(26)),
        embeds(json!({"fields": [{"name": long(257), "value": "v"}]})),
        embeds(json!({"fields": [{"name": "n", "value": long(1025)}]})),
        embeds(json!({"fields": [{"name": "n", "value": ""}]})),
        message("embeds", json!([{"description": long(3500)}, {"description": long(2501)}])),
        message("components", json!(vec![json!({"type": 1, "components": [button("a", "A")]}); 6])),
        row(json!((0..6).map(|n| button(&n.to_string(), "A")).collect::<Vec<_>>())),
        row(json!([button("a", "A"), button("a", "B")])),
        row(json!([button(&long(101), "A")])),
        row(json!([button("a", &long(81))])),
        row(json!([])),
        message("allowed_mentions", json!({"parse": ["everyone"]})),
        message("allowed_mentions", json!({"parse": [], "users": ["1"]})),
        message("allowed_mentions", Value::Null),
        json!({"content": "hello"}),
        message("flags", json!(64)),
        message("nonce", json!(long(26))),
    ];
    for (number, body) in over.iter().enumerate() {
        let sent = http.send_message(ChannelId::new(CHANNEL), Vec::new(), body).await;
        assert_eq!(refusal(sent), (400, 50035), "{body}");
        assert_eq!(discord.faults().len(), number + 1, "{body}");
    }
    let ada = discord.user("ada");
    assert!(discord.seen(CHANNEL, &ada).is_empty());
}

#[tokio::test]
async fn a_message_at_every_limit_is_taken() {
    let (discord, http) = stub().await;
    let field = json!({"name": "n".repeat(256), "value": "v".repeat(1024)});
    let body = json!({
        "content": "c".repeat(2000),
        "embeds": [{"title": "t".repeat(256), "description": "d".repeat(4096 - 256 - 24), "fields": [field]},
                   {"fields": vec![json!({"name": "n", "value": "v"}); 25]}],
        "components": [{"type": 1, "components":
            (0..5).map(|n| button(&format!("{n:0100}"), &"l".repeat(80))).collect::<Vec<_>>()}],
        "allowed_mentions": {"parse": []},
    });
    http.send_message(ChannelId::new(CHANNEL), Vec::new(), &body).await.unwrap();
    discord.assert_no_faults();
}

#[tokio::test]
async fn members_are_shown_as_they_are_and_nobody_else() {
    let (discord, http) = stub().await;
    let (ada, eve) = (discord.user("ada"), discord.user("eve"));
    discord.becomes(OTHER_GUILD, &ada, Membership::Guest);
    discord.becomes(GUILD, &eve, Membership::Gone);
    let member = async |guild: u64, user: u64| http.get_member(guild.into(), user.into()).await;
    let whole = member(GUILD, ada.id).await.unwrap();
    assert!(!whole.pending && whole.flags.is_empty());
    assert!(member(OTHER_GUILD, ada.id).await.unwrap().flags.contains(GuildMemberFlags::IS_GUEST));
    assert_eq!(refusal(member(GUILD, eve.id).await), (404, 10007));
    assert_eq!(refusal(member(GUILD, 1).await), (404, 10013));
    assert_eq!(refusal(member(1, ada.id).await), (403, 50001), "a guild that the bot is not in");
    assert_eq!(http.get_guilds(None, Some(1)).await.unwrap().len(), 1);
    discord.assert_no_faults();
    assert_eq!(refusal(client(&discord, "wrong").get_member(GUILD.into(), ada.id.into()).await), (401, 0));
}

#[tokio::test]
async fn the_same_enforced_nonce_is_the_same_message() {
    let (discord, http) = stub().await;
    let mut body = message("nonce", json!("a nonce"));
    body["enforce_nonce"] = json!(true);
    let first = http.send_message(ChannelId::new(CHANNEL), Vec::new(), &body).await.unwrap();
    let again = http.send_message(ChannelId::new(CHANNEL), Vec::new(), &body).await.unwrap();
    assert_eq!(first.id, again.id);
    assert_eq!(discord.seen(CHANNEL, &discord.user("ada")).len(), 1);
}

#[tokio::test]
async fn a_wrong_token_and_an_unknown_channel_are_refused() {
    let (discord, http) = stub().await;
    assert_eq!(refusal(client(&discord, "wrong").get_current_user().await), (401, 0));
    let sent = http.send_message(ChannelId::new(1), Vec::new(), &message("content", json!("hello"))).await;
    assert_eq!(refusal(sent), (404, 10003));
    assert_eq!(discord.faults().len(), 2);
}

#[tokio::test]
async fn an_interaction_is_answered_once_in_time_and_while_its_token_lives() {
    let (discord, http) = stub().await;
    let ada = discord.user("ada");
    http.create_global_commands(&json!([{"name": "codexa", "description": "d"}])).await.unwrap();
    let deferred = json!({"type": 5});
    let answer = async |id: u64| {
        let token = format!("interaction-token-{id}");
        http.create_interaction_response(InteractionId::new(id), &token, &deferred, Vec::new()).await
    };
    let edit = async |id: u64| {
        let body = message("content", json!("done"));
        http.edit_original_interaction_response(&format!("interaction-token-{id}"), &body, Vec::new()).await
    };
    let first = discord.slash(CHANNEL, &ada, "status");
    assert_eq!(refusal(edit(first).await), (404, 10015), "nothing to edit before the first answer");
    answer(first).await.unwrap();
    edit(first).await.unwrap();
    discord.assert_no_faults();
    assert_eq!(refusal(answer(first).await), (400, 40060), "answered twice");
    discord.expire(first);
    assert_eq!(refusal(edit(first).await), (401, 50027), "after 15 minutes");
    assert_eq!(discord.faults().len(), 1);

    discord.set_answer_within(Duration::from_millis(50));
    let late = discord.slash(CHANNEL, &ada, "status");
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(refusal(answer(late).await), (404, 10062), "too late");
    assert!(discord.has_failed(late) && !discord.has_failed(first), "whoever pressed sees which failed");
    assert!(discord.faults().iter().any(|fault| fault.contains("was not answered within")));
}

#[tokio::test]
async fn a_follow_up_to_what_still_loads_is_seen_by_everybody() {
    let (discord, http) = stub().await;
    let (ada, eve) = (discord.user("ada"), discord.user("eve"));
    http.create_global_commands(&json!([{"name": "codexa", "description": "d"}])).await.unwrap();
    let id = discord.slash(CHANNEL, &ada, "status");
    let token = format!("interaction-token-{id}");
    let deferred = json!({"type": 5});
    http.create_interaction_response(InteractionId::new(id), &token, &deferred, Vec::new()).await.unwrap();
    for text in ["leaks", "private"] {
        let mut body = message("content", json!(text));
        body["flags"] = json!(64);
        http.create_followup_message(&token, &body, Vec::new()).await.unwrap();
    }
    let read: Vec<String> = discord.seen(CHANNEL, &eve).iter().map(|message| message.text()).collect();
    assert_eq!(read, ["leaks"]);
    assert_eq!(discord.seen(CHANNEL, &ada).len(), 2);
}
