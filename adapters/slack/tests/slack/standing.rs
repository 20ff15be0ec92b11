//! Whom Slack calls one of the workspace's people: everybody here is linked, and not everybody is heard.

use crate::world::{ASK, World, eventually};
use codexa_slack::Error;
use codexa_testkit::gateway;
use codexa_testkit::slack::{CHANNEL, DIRECT, TEAM};
use serde_json::{Value, json};

const NO_FAULTS: [String; 0] = [];

impl World {
    /// A user asks for the card, and presses its button.
    async fn acts(&self, user: &str) {
        let card = self.reply().await;
        self.slack.send_event(self.slack.said(CHANNEL, user, ASK));
        self.slack.send_interaction(self.slack.pressed(CHANNEL, &card, "Approve", user));
    }

    /// Whose words the gateway was asked to carry out, in order.
    fn heard(&self) -> Vec<String> {
        let account = |asked: gateway::Asked| asked.directive?.account.map(|account| account.user);
        self.gateway.asked().into_iter().filter_map(account).collect()
    }

    /// The same once everything has had its effect that was sent so far, as much as is said here.
    async fn heard_at_last(&self, sent: usize) -> Vec<String> {
        eventually(async || (self.slack.acknowledged().len() == sent).then_some(())).await;
        self.slack.send_event(self.slack.said(CHANNEL, "U3", ASK));
        let last = || self.heard().pop().filter(|user| user == "U3");
        eventually(async || last()).await;
        let mut heard = self.heard();
        heard.pop();
        heard
    }
}

#[tokio::test]
async fn abuse_09_guests_and_strangers_are_not_heard_and_told_so() {
    let world = World::over_socket().await;
    world.card().await;
    type Change = fn(&mut Value);
    let changes: [(&str, Change, &str); 8] = [
        ("a guest of several channels", |user| user["is_restricted"] = json!(true), "you are a guest"),
        (
            "a guest of one channel",
            |user| (user["is_restricted"], user["is_ultra_restricted"]) = (json!(true), json!(true)),
            "you are a guest",
        ),
        ("of another workspace", |user| user["team_id"] = json!("T0OTHER"), "I see you as none of them"),
        (
            "of another workspace, and seen nowhere",
            |user| user["is_stranger"] = json!(true),
            "I see you as none of them",
        ),
        (
            "of another workspace of another organisation",
            |user| {
                user["team_id"] = json!("T0OTHER");
                user["enterprise_user"] = json!({"id": "W1", "enterprise_id": "E1", "teams": ["T0OTHER", "T0THIRD"]});
            },
            "I see you as none of them",
        ),
        ("neither a guest nor none", |user| user["is_restricted"] = Value::Null, "I could not find out"),
        (
            "nothing is said of guests",
            |user| drop(user.as_object_mut().unwrap().remove("is_restricted")),
            "I could not find out",
        ),
        ("not understood", |user| user["is_ultra_restricted"] = json!("a little"), "I could not find out"),
    ];
    for (number, (what, change, says)) in changes.into_iter().enumerate() {
        // Whoever was asked about is remembered for a minute: each is another.
        let user = format!("UGUEST{number}");
        world.slack.change_user(&user, change);
        world.slack.add_to_channel(&user);
        world.acts(&user).await;
        let told = eventually(async || {
            let told = world.slack.replies(CHANNEL).into_iter().filter(|it| it.ephemeral_to.as_ref() == Some(&user));
            Some(told.collect::<Vec<_>>()).filter(|told| told.len() == 2)
        });
        assert!(told.await.iter().all(|told| told.read().contains(says)), "{what}");
    }
    assert_eq!(world.heard_at_last(1 + 8 * 2).await, ["U1"], "only who asked for the card");
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn abuse_09_who_was_deactivated_and_who_is_no_person_is_not_heard() {
    let world = World::over_socket().await;
    world.card().await;
    world.slack.deactivate("U2");
    world.slack.change_user("U4", |user| user["is_bot"] = json!(true));
    for user in ["U2", "U4"] {
        world.acts(user).await;
    }
    assert_eq!(world.heard_at_last(1 + 2 * 2).await, ["U1"]);
    let told = |user: &str| world.slack.replies(CHANNEL).iter().any(|it| it.ephemeral_to.as_deref() == Some(user));
    assert!(!told("U2") && !told("U4") && world.slack.replies(DIRECT).is_empty(), "nobody would read it");
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn abuse_09_whom_slack_does_not_know_is_not_heard() {
    let world = World::over_socket().await;
    world.card().await;
    world.acts("UNOBODY").await;
    let told = eventually(async || world.slack.replies(DIRECT).pop()).await;
    assert!(told.read().contains("I see you as none of them"), "{}", told.read());
    assert_eq!(world.heard_at_last(1 + 2).await, ["U1"]);
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn a_person_of_several_workspaces_of_one_organisation_is_heard() {
    let world = World::over_socket().await;
    world.slack.change_user("U1", |user| {
        user["team_id"] = json!("T0SISTER");
        user["enterprise_user"] = json!({"id": "W1", "enterprise_id": "E1", "teams": ["T0SISTER", TEAM]});
    });
    let mut said = world.slack.said(CHANNEL, "U1", ASK);
    said["event"]["user_team"] = json!("T0SISTER");
    world.slack.send_event(said);
    world.reply().await;
    let account = world.gateway.asked().pop().unwrap().directive.unwrap().account.unwrap();
    assert_eq!((account.space.as_str(), account.user.as_str()), ("T0SISTER", "U1"));
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn abuse_09_a_name_that_is_an_approvers_changes_nothing() {
    let world = World::over_socket().await;
    let card = world.card().await;
    world.slack.change_user("U2", |user| {
        user["profile"]["display_name"] = json!("Gia");
        user["profile"]["email"] = json!("gia@home.example");
        user["real_name"] = json!("Gia");
    });
    let mut press = world.slack.pressed(CHANNEL, &card, "Approve", "U2");
    press["user"]["name"] = json!("gia");
    world.slack.send_interaction(press);
    world.whisper("U2").await;
    let account = world.gateway.asked().pop().unwrap().directive.unwrap().account.unwrap();
    assert_eq!((account.space.as_str(), account.user.as_str()), (TEAM, "U2"), "whose account it is is its id's to say");
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn abuse_09_while_slack_does_not_say_who_somebody_is_an_act_waits_and_then_happens_once() {
    let mut world = World::over_socket().await;
    eventually(async || (world.slack.connections() > 0).then_some(())).await;
    world.slack.refuse("users.info", Some("service_unavailable"));
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    let told = world.whisper("U1").await;
    assert!(told.read().contains("whether you are a member here. I keep this"), "{}", told.read());
    assert!(world.gateway.asked().is_empty());
    // What waits is on the disk.
    world.stop().await;
    world.slack.refuse("users.info", None);
    world.connect().await;
    world.reply().await;
    assert_eq!(world.heard_at_last(1).await, ["U1"]);
    assert_eq!(world.gateway.effects(), 2);
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn without_the_scope_to_look_at_users_the_adapter_ends_and_says_what_to_do() {
    let mut world = World::without_adapter().await;
    world.slack.refuse("users.info", Some("missing_scope"));
    world.connect().await;
    let error = world.end().await;
    assert!(matches!(error, Error::Scope), "{error}");
    assert_eq!(
        error.to_string(),
        "Slack does not let the bot see who is a member, a guest or gone; give the app the bot's scope `users:read` and \
         install it again"
    );
}
