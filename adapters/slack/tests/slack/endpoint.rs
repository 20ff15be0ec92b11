//! Slack's requests to the HTTP endpoint: who may be heard, and who may not.

use crate::world::{ASK, World, eventually};
use codexa_chassis::http::Limits;
use codexa_testkit::gateway;
use codexa_testkit::slack::{CHANNEL, Signing, TEAM};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const NO_FAULTS: [String; 0] = [];
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

impl World {
    /// Posts an event; gives the status.
    async fn event(&self, url: &str, event: &Value, signing: Signing) -> u16 {
        self.raw(url, event.to_string().as_bytes(), signing).await
    }

    async fn raw(&self, url: &str, body: &[u8], signing: Signing) -> u16 {
        self.slack.post(&format!("{url}/events"), JSON, body, signing).await.status.as_u16()
    }

    fn mention(&self) -> Value {
        self.slack.said(CHANNEL, "U1", ASK)
    }

    /// Whether nothing came of anything, a while later.
    async fn nothing_happened(&self) -> bool {
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.gateway.asked().is_empty() && self.slack.replies(CHANNEL).is_empty()
    }
}

fn off(seconds: i64) -> Signing {
    Signing { off: seconds, ..Signing::default() }
}

#[tokio::test]
async fn a_signed_mention_is_answered_and_a_signed_press_votes() {
    let (world, url) = World::over_http().await;
    assert_eq!(world.event(&url, &world.mention(), Signing::default()).await, 200);
    let card = world.reply().await;
    let press = world.slack.pressed(CHANNEL, &card, "Approve", "U2").to_string();
    let form = format!("payload={}", encoded(&press));
    let answered = world.slack.post(&format!("{url}/interactive"), FORM, form.as_bytes(), Signing::default()).await;
    assert_eq!((answered.status.as_u16(), answered.body.as_str()), (200, ""));
    world.whisper("U2").await;
    assert_eq!(world.gateway.asked().pop().unwrap().directive.unwrap().digest, Some(gateway::digest()));
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn the_challenge_is_answered_only_to_slack() {
    let (world, url) = World::over_http().await;
    let body = json!({"type": "url_verification", "challenge": "3eZbrw1aBm2rZgRNFdxV"}).to_string();
    let events = format!("{url}/events");
    let answered = world.slack.post(&events, JSON, body.as_bytes(), Signing::default()).await;
    assert_eq!((answered.status.as_u16(), answered.body.as_str()), (200, "3eZbrw1aBm2rZgRNFdxV"));
    let forged = Signing { of: Some(b"other".to_vec()), ..Signing::default() };
    let answered = world.slack.post(&events, JSON, body.as_bytes(), forged).await;
    assert_eq!((answered.status.as_u16(), answered.body.as_str()), (401, ""));
}

#[tokio::test]
async fn abuse_01_only_a_recent_timestamp_given_once_is_taken() {
    let (world, url) = World::over_http().await;
    let at = |timestamp: &str| Signing { timestamp: Some(timestamp.to_owned()), ..Signing::default() };
    for (signing, what) in [
        (off(-301), "old"),
        (off(302), "ahead"),
        (at("soon"), "not a number"),
        (at(""), "empty"),
        (at("99999999999999999999"), "overflowing"),
        (at("9223372036854775807"), "the largest"),
        (at("-9223372036854775808"), "the smallest"),
        (at("+1795701720"), "with a sign"),
        (Signing { twice: true, ..Signing::default() }, "twice"),
    ] {
        assert_eq!(world.event(&url, &world.mention(), signing).await, 401, "{what}");
    }
    assert!(world.nothing_happened().await);
    assert_eq!(world.event(&url, &world.mention(), off(-299)).await, 200);
    world.reply().await;
}

#[tokio::test]
async fn abuse_02_a_signature_is_that_of_the_bytes() {
    let (world, url) = World::over_http().await;
    let compact = world.mention().to_string();
    let spaced = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&compact).unwrap()).unwrap();
    let signed_compact = Signing { of: Some(compact.clone().into_bytes()), ..Signing::default() };
    assert_eq!(world.raw(&url, spaced.as_bytes(), signed_compact).await, 401, "the same JSON, other bytes");
    assert_eq!(world.raw(&url, b"{\"type\": \"\xff\"}", Signing::default()).await, 401, "no text at all");
    assert!(world.nothing_happened().await);
    assert_eq!(world.raw(&url, spaced.as_bytes(), Signing::default()).await, 200);
}

#[tokio::test]
async fn abuse_03_the_same_bytes_again_do_nothing_and_the_same_id_with_another_body_is_rejected() {
    let (world, url) = World::over_http().await;
    let mut event = world.mention();
    for _ in 0..3 {
        assert_eq!(world.event(&url, &event, Signing::default()).await, 200);
    }
    world.reply().await;
    event["event"]["text"] = json!("<@U0CODEXA> approve design for CH-002");
    assert_eq!(world.event(&url, &event, Signing::default()).await, 409);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((world.gateway.asked().len(), world.slack.replies(CHANNEL).len()), (1, 1));
}

#[tokio::test]
async fn abuse_04_a_retry_is_never_dropped_and_has_one_effect() {
    let (world, url) = World::over_http().await;
    let event = world.mention();
    // The first delivery never came; then every one does.
    for number in 1..=3 {
        let retry = Signing { retry: Some(number), ..Signing::default() };
        assert_eq!(world.event(&url, &event, retry).await, 200);
    }
    world.reply().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((world.gateway.asked().len(), world.slack.replies(CHANNEL).len()), (1, 1));
}

#[tokio::test]
async fn abuse_05_what_cannot_be_made_durable_is_not_acknowledged() {
    let (world, url) = World::over_http().await;
    // The answer to the first message says that everything runs.
    assert_eq!(world.event(&url, &world.mention(), Signing::default()).await, 200);
    world.reply().await;
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(world.inbox());
    let mut stalled = sqlx::ConnectOptions::connect(&file).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut stalled).await.unwrap();
    let event = world.mention();
    assert_eq!(world.event(&url, &event, Signing::default()).await, 503);
    sqlx::query("ROLLBACK").execute(&mut stalled).await.unwrap();
    let retry = Signing { retry: Some(1), ..Signing::default() };
    assert_eq!(world.event(&url, &event, retry).await, 200);
    eventually(async || (world.slack.replies(CHANNEL).len() == 2).then_some(())).await;
    assert_eq!(world.slack.faults(), NO_FAULTS, "and within three seconds");
}

#[tokio::test]
async fn abuse_07_a_body_that_is_too_large_or_packed_is_refused_before_its_signature_matters() {
    let (world, url) = World::over_http().await;
    let forged = || Signing { of: Some(Vec::new()), ..Signing::default() };
    assert_eq!(world.raw(&url, &vec![b'x'; (64 << 10) + 1], forged()).await, 413);
    assert_eq!(world.raw(&url, &vec![b'x'; 64 << 10], forged()).await, 401, "it fits");
    let packed = Signing { headers: vec![("content-encoding", "gzip".to_owned())], ..Signing::default() };
    assert_eq!(world.event(&url, &world.mention(), packed).await, 413);
    assert!(world.nothing_happened().await);
}

/// The first line of what the endpoint says to these bytes, while the connection stays open.
async fn spoken(url: &str, head: &str, body: &[u8]) -> String {
    let address = url.trim_start_matches("http://").trim_end_matches("/slack");
    let mut wire = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!("POST /slack/events HTTP/1.1\r\nhost: {address}\r\n{head}\r\n\r\n");
    wire.write_all(head.as_bytes()).await.unwrap();
    wire.write_all(body).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(Duration::from_secs(2), wire.take(64).read_to_string(&mut answer)).await.unwrap().unwrap();
    answer
}

#[tokio::test]
async fn abuse_07_ten_megabytes_are_not_read() {
    let (world, url) = World::over_http().await;
    // Not a byte of the body is sent.
    let announced = spoken(&url, &format!("content-length: {}", 10 << 20), b"").await;
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
    // The end never comes.
    let chunk = [b"11170\r\n".as_slice(), &vec![b'x'; 0x11170], b"\r\n"].concat();
    let chunked = spoken(&url, "transfer-encoding: chunked", &chunk).await;
    assert!(chunked.starts_with("HTTP/1.1 413"), "{chunked}");
    assert!(world.nothing_happened().await);
}

/// What the endpoint says until it ends the connection.
async fn farewell(wire: &mut tokio::net::TcpStream) -> String {
    let mut said = Vec::new();
    // A connection that is reset has ended too.
    let _ = tokio::time::timeout(Duration::from_secs(10), wire.read_to_end(&mut said)).await.unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn abuse_48_slow_and_silent_clients_are_sent_away_and_hold_up_nobody() {
    let limits = Limits { head: Duration::from_millis(500), connections: 3, ..Limits::default() };
    let (world, url) = World::over_http_within(limits).await;
    let address = url.trim_start_matches("http://").trim_end_matches("/slack");
    let connect = async || tokio::net::TcpStream::connect(address).await.unwrap();

    // A silent one, one whose head does not end and one whose body does not come: no place is left.
    let (mut silent, mut headless, mut bodyless) = (connect().await, connect().await, connect().await);
    headless.write_all(b"POST /slack/events HTTP/1.1\r\nhost: x\r\nx-more: ").await.unwrap();
    let head = b"POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{";
    bodyless.write_all(head).await.unwrap();
    assert_eq!(world.event(&url, &world.mention(), Signing::default()).await, 200, "a place becomes free in time");
    world.reply().await;
    assert_eq!(farewell(&mut silent).await, "");
    let answer = farewell(&mut headless).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    let answer = farewell(&mut bodyless).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(world.slack.faults(), NO_FAULTS, "Slack was answered within three seconds");
}

#[tokio::test]
async fn abuse_07_a_response_url_is_never_called() {
    let (world, url) = World::over_http().await;
    assert_eq!(world.event(&url, &world.mention(), Signing::default()).await, 200);
    let card = world.reply().await;
    let press = world.slack.pressed(CHANNEL, &card, "Approve", "U2");
    assert_eq!(press["response_url"], world.slack.foreign_url(), "it is there to be used");
    let form = format!("payload={}", encoded(&press.to_string()));
    world.slack.post(&format!("{url}/interactive"), FORM, form.as_bytes(), Signing::default()).await;
    world.whisper("U2").await;
    assert_eq!(world.slack.faults(), NO_FAULTS, "a request there would be one");
}

#[tokio::test]
async fn abuse_08_only_a_persons_own_new_words_are_a_directive() {
    let (world, url) = World::over_http().await;
    let changed = |change: fn(&mut Value)| {
        let mut event = world.mention();
        change(&mut event["event"]);
        event
    };
    for (event, what) in [
        (changed(|event| event["edited"] = json!({"user": "U1", "ts": "2.0"})), "edited into a mention"),
        (changed(|event| event["bot_id"] = json!("B1")), "a bot's"),
        (changed(|event| event["bot_profile"] = json!({"name": "Gia"})), "a webhook with an approver's name"),
        (changed(|event| event["app_id"] = json!("A1")), "an app's"),
        (changed(|event| event["subtype"] = json!("bot_message")), "a bot's, as it was once told"),
        (changed(|event| event["subtype"] = json!("thread_broadcast")), "of another kind"),
        (changed(|event| event["hidden"] = json!(true)), "hidden"),
        (changed(|event| event["attachments"] = json!([{"is_share": true, "text": "approve"}])), "forwarded"),
        (changed(|event| event["text"] = json!(" ")), "a file without words"),
        (changed(|event| event["user"] = json!("U0CODEXA")), "Codexa's own"),
        (changed(|event| event["user"] = json!(null)), "nobody's"),
        (changed(|event| event["type"] = json!("message")), "said in a channel and not to Codexa"),
        (
            changed(|event| {
                let text = event["text"].take();
                *event = json!({"type": "message", "subtype": "message_changed", "channel": CHANNEL, "ts": "3.0",
                    "channel_type": "im", "message": {"type": "message", "user": "U1", "text": text, "ts": "1.0"}});
            }),
            "an edit",
        ),
    ] {
        assert_eq!(world.event(&url, &event, Signing::default()).await, 200, "{what}");
        assert!(world.nothing_happened().await, "{what}");
    }
    assert_eq!(world.event(&url, &world.mention(), Signing::default()).await, 200);
    world.reply().await;
}

#[tokio::test]
async fn abuse_09_an_account_is_of_its_own_workspace_whatever_it_calls_itself() {
    let (world, url) = World::over_http().await;
    assert_eq!(world.event(&url, &world.mention(), Signing::default()).await, 200);
    let card = world.reply().await;
    let own = world.gateway.asked().pop().unwrap().directive.unwrap().account.unwrap();
    assert_eq!((own.space.as_str(), own.user.as_str()), (TEAM, "U1"));

    let mut foreign = world.mention();
    foreign["is_ext_shared_channel"] = json!(true);
    foreign["event"]["user_team"] = json!("T0OTHER");
    foreign["event"]["source_team"] = json!("T0OTHER");
    foreign["event"]["user_profile"] = json!({"real_name": "Gia", "email": "gia@home.example"});
    assert_eq!(world.event(&url, &foreign, Signing::default()).await, 200);
    let told = world.whisper("U1").await;
    assert!(told.read().contains("I see you as none of them"), "{}", told.read());

    let mut nowhere = world.mention();
    nowhere["is_ext_shared_channel"] = json!(true);
    nowhere["event"]["team"] = json!(null);
    assert_eq!(world.event(&url, &nowhere, Signing::default()).await, 200, "whose workspace is not said is nobody");

    let mut press = world.slack.pressed(CHANNEL, &card, "Approve", "U2");
    press["user"]["team_id"] = json!("T0OTHER");
    press["user"]["name"] = json!("gia");
    let form = format!("payload={}", encoded(&press.to_string()));
    world.slack.post(&format!("{url}/interactive"), FORM, form.as_bytes(), Signing::default()).await;
    let told = world.whisper("U2").await;
    assert!(told.read().contains("I see you as none of them"), "not the workspace where the app is: {}", told.read());
    assert_eq!(world.gateway.asked().len(), 1, "only the first was heard");
    assert_eq!(world.slack.faults(), NO_FAULTS);
}
