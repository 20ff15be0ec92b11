//! The chats' part of the story, against a house that runs elsewhere: strict stubs of Slack and Discord at an address that its
//! containers reach, and the people in them. `make compose-test` runs it.
//!
//! `chat_story ADDRESS FOLDER` listens, and puts into FOLDER the tokens that the platforms give and `urls`, where they are.
//! Once a line comes on its standard input, `GATEWAY TOKEN-FILE WORKSPACES INTERRUPT`, it plays: an account of each chat is linked to the
//! token's person, a design is asked for, approved by a press in Slack and made stale by an edit; the code is discovered, what blocks the
//! report is asked for, and help. A listener hears of the vote. INTERRUPT is a program that kills the chats' processes between the
//! card and the press.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a play that cannot go on has nothing to say but where it stopped"
)]

use codexa_chassis::settings::Secret;
use codexa_client::Client;
use codexa_testkit::discord::{self, BOT, Discord, User};
use codexa_testkit::slack::{self, Shown, Slack};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How long anything may take: containers start again in between.
const PATIENCE: Duration = Duration::from_secs(90);

/// How long a press is waited for before it is pressed again: Slack does not repeat one that a process took into its death.
const PRESS: Duration = Duration::from_secs(10);

struct Play {
    slack: Slack,
    discord: Discord,
    /// Who speaks in Discord; `U1` does in Slack.
    dea: User,
    client: Client,
    workspaces: PathBuf,
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, folder] = arguments.as_slice() else { panic!("chat_story ADDRESS FOLDER") };
    let address = address.parse().expect("an address");
    let (slack, discord) = (Slack::start_at(address).await, Discord::start_at(address).await);
    offer(Path::new(folder), &slack, &discord);

    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line that says where the house is");
    let words: Vec<&str> = line.split_whitespace().collect();
    let [gateway, token, workspaces, interrupt] = words.as_slice() else { panic!("{line:?} says too little") };
    let token = fs::read_to_string(token).expect("a token");
    let client = Client::http(gateway, Secret::new(token.trim())).expect("an address");
    let dea = discord.user("dea");
    let play = Play { slack, discord, dea, client, workspaces: PathBuf::from(workspaces) };
    play.story(Path::new(interrupt)).await;
}

fn offer(folder: &Path, slack: &Slack, discord: &Discord) {
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).expect("the folder can be written");
    put("slack_app_token", slack::APP_TOKEN);
    put("slack_bot_token", slack::BOT_TOKEN);
    put("discord_token", &discord.token());
    put("urls", &format!("{} {}\n", slack.api_url(), discord.url()));
}

impl Play {
    async fn story(&self, interrupt: &Path) {
        self.discord.ready().await;
        self.link().await;
        let change = self.client.open_change("cap the depth from a chat", "chat-story").await.expect("it opens").id;
        let ask = format!("approve design for {change}");
        let mut listener = self.client.stream(None).await.expect("the gateway takes a listener");

        let begun = Instant::now();
        self.slack.send_event(self.slack.said(slack::CHANNEL, "U1", &ask));
        let card = self.in_slack(&change, "0 of 1").await;
        say(&format!("Slack: {ask:?} is answered with a card in {}", waited(begun)));
        let begun = Instant::now();
        self.discord.says(discord::CHANNEL, &self.dea, &format!("<@{BOT}> {ask}"));
        self.in_discord(&change, "0 of 1").await;
        say(&format!("Discord: the same, in {}", waited(begun)));

        let killed = Command::new(interrupt).status().expect("the chats can be killed");
        assert!(killed.success(), "the chats were not killed");
        say("both chats are killed");
        let begun = self.press(&card, &change).await;
        say(&format!("Slack: the press voted, and the card says so after {}", waited(begun)));
        self.in_discord(&change, "1 of 1").await;
        say(&format!("Discord: the same card changed, after {}", waited(begun)));
        let wanted = format!("@ada approved design for {change}.");
        let heard = async { while listener.next().await.expect("it goes on").expect("it is sound").says != wanted {} };
        tokio::time::timeout(PATIENCE, heard).await.expect("the listener hears of the vote");
        say("a listener heard of it");

        fs::write(self.workspaces.join(&change).join("spec.md"), "# Another spec\n").expect("the workspace is there");
        self.in_slack(&change, "stale").await;
        self.in_discord(&change, "stale").await;
        say("an edit of spec.md: the vote is stale, and both cards say so");
        self.slack.send_event(self.slack.said(slack::CHANNEL, "U1", "discover"));
        let job = self.in_slack("components", "components").await;
        assert!(job.edits > 0, "progress is edited into the message: {}", job.read());
        self.slack.send_event(self.slack.said(slack::CHANNEL, "U1", "publish governance report"));
        self.in_slack(&change, "nobody asked for the scope gate yet").await;
        self.discord.says(discord::CHANNEL, &self.dea, &format!("<@{BOT}> help"));
        self.in_discord("status", "publish governance report").await;
        say("discover runs as a job in its message, what blocks the report is said, help answers");
        let objections = self.slack.faults().into_iter().filter(|fault| !fault.contains("not acknowledged"));
        assert_eq!(objections.collect::<Vec<_>>(), Vec::<String>::new(), "Slack objects to nothing");
        self.discord.assert_no_faults();
    }

    /// Makes an account of each chat the person's, by the codes that they are told.
    async fn link(&self) {
        self.slack.send_event(self.slack.said(slack::CHANNEL, "U1", "status"));
        let told = || self.slack_shows().into_iter().find_map(|shown| code_in(&shown.read()));
        let code = until("Slack shows a code", told).await;
        self.client.confirm_link(&code, false, "link-slack").await.expect("the code is good");
        self.discord.says(discord::CHANNEL, &self.dea, &format!("<@{BOT}> status"));
        let private = self.discord.direct(&self.dea);
        let told = || self.discord.seen(private, &self.dea).into_iter().find_map(|message| code_in(&message.text()));
        let code = until("Discord shows a code", told).await;
        self.client.confirm_link(&code, false, "link-discord").await.expect("the code is good");
        say("an account of each chat is linked by its code");
    }

    /// Presses until the card has changed; gives when the press was that changed it.
    async fn press(&self, card: &Shown, change: &str) -> Instant {
        let end = Instant::now() + PATIENCE;
        loop {
            let begun = Instant::now();
            self.slack.send_interaction(self.slack.pressed(slack::CHANNEL, card, "Approve", "U1"));
            if tokio::time::timeout(PRESS, self.in_slack(change, "1 of 1")).await.is_ok() {
                return begun;
            }
            assert!(Instant::now() < end, "no press came through");
        }
    }

    fn slack_shows(&self) -> Vec<Shown> {
        let all = self.slack.replies(slack::CHANNEL).into_iter().chain(self.slack.replies(slack::DIRECT));
        all.collect()
    }

    async fn in_slack(&self, about: &str, text: &str) -> Shown {
        let shows = |shown: &Shown| shown.read().contains(about) && shown.read().contains(text);
        until(&format!("Slack shows {text:?} of {about}"), || self.slack_shows().into_iter().find(shows)).await
    }

    async fn in_discord(&self, about: &str, text: &str) {
        let shows = |message: &discord::Message| message.text().contains(about) && message.text().contains(text);
        let look = || self.discord.seen(discord::CHANNEL, &self.dea).into_iter().find(shows);
        until(&format!("Discord shows {text:?} of {about}"), look).await;
    }
}

async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The code in a message to somebody whom nobody knows.
fn code_in(text: &str) -> Option<String> {
    let (_, after) = text.split_once("codexa link ")?;
    Some(after.chars().take_while(char::is_ascii_alphanumeric).collect())
}

fn waited(begun: Instant) -> String {
    format!("{} ms", begun.elapsed().as_millis())
}

fn say(text: &str) {
    println!("   {text}");
}
