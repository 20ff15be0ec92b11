//! The adapter between both stubs.

use codexa_api::{Answer, Card, DirectiveRequest, Problem};
use codexa_client::Client;
use codexa_discord::{Error, Settings};
use codexa_secret::Secret;
use codexa_testkit::discord::{BOT, CHANNEL, Discord, GUILD, Message, User};
use codexa_testkit::gateway::{self, Gateway};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Discord, Codexa's gateway, and an adapter between them that can be stopped and started.
pub struct World {
    /// Linked, in the guild.
    pub ada: User,
    /// Linked nowhere.
    pub mallory: User,
    pub discord: Discord,
    pub gateway: Gateway,
    folder: TempDir,
    adapter: Option<Adapter>,
}

/// An adapter that runs until `stop` is dropped.
struct Adapter {
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), Error>>,
}

impl World {
    /// Both stubs and an adapter that is connected. The gateway knows CH-001 and how its design is approved.
    pub async fn start() -> Self {
        let mut world = Self::without_adapter().await;
        world.connect().await;
        world
    }

    pub async fn without_adapter() -> Self {
        let (discord, gateway) = (Discord::start().await, Gateway::start().await);
        let (ada, mallory) = (discord.user("ada"), discord.user("mallory"));
        let linked = (GUILD.to_string(), ada.id.to_string());
        gateway.answer(move |request| answer(request, &linked));
        gateway.set_change(gateway::change_with(gateway::card(Vec::new(), 1)));
        Self { ada, mallory, discord, gateway, folder: TempDir::new().unwrap(), adapter: None }
    }

    pub fn inbox(&self) -> PathBuf {
        self.folder.path().join("inbox.db")
    }

    pub fn settings(&self) -> Settings {
        Settings {
            token: Secret::new(self.discord.token()),
            api_url: Some(self.discord.url()),
            gateway: Client::http(&self.gateway.url(), Secret::new(gateway::TOKEN)).unwrap(),
            inbox: self.inbox(),
        }
    }

    /// Starts the adapter.
    pub async fn connect(&mut self) {
        self.connect_with(self.settings());
        self.discord.ready().await;
    }

    /// Starts the adapter with other settings.
    pub fn connect_with(&mut self, settings: Settings) {
        let (stop, stopped) = oneshot::channel();
        let serving = codexa_discord::serve(settings, async {
            let _ = stopped.await;
        });
        self.adapter = Some(Adapter { stop, running: tokio::spawn(serving) });
    }

    /// Asks the adapter to end, and waits for it.
    pub async fn stop(&mut self) -> Result<(), Error> {
        let Adapter { stop, running } = self.adapter.take().expect("an adapter that runs");
        drop(stop);
        Self::ended(running).await
    }

    /// The adapter is gone from one moment to the next.
    pub async fn crash(&mut self) {
        let Adapter { stop: _stop, running } = self.adapter.take().expect("an adapter that runs");
        running.abort();
        assert!(running.await.is_err_and(|ended| ended.is_cancelled()), "it ran until now");
    }

    /// Waits until the adapter ends by itself.
    pub async fn end(&mut self) -> Result<(), Error> {
        let Adapter { stop: _stop, running } = self.adapter.take().expect("an adapter that runs");
        Self::ended(running).await
    }

    async fn ended(running: JoinHandle<Result<(), Error>>) -> Result<(), Error> {
        let ended = tokio::time::timeout(Duration::from_secs(10), running).await;
        ended.expect("the adapter ends in time").expect("the adapter does not panic")
    }

    /// Somebody mentions the bot in the guild's channel.
    pub fn says(&self, by: &User, words: &str) -> serde_json::Value {
        self.discord.says(CHANNEL, by, &mention(words))
    }

    /// The message in the channel that says something, once it is there.
    pub async fn message(&self, by: &User, says: &str) -> Message {
        self.message_in(CHANNEL, by, says).await
    }

    pub async fn message_in(&self, channel: u64, by: &User, says: &str) -> Message {
        let look = |discord: &Discord| discord.seen(channel, by).into_iter().find(|it| it.text().contains(says));
        self.discord.until(&format!("{} reads `{says}`", by.name), look).await
    }

    /// Waits until this many keys had an effect.
    pub async fn effects(&self, number: usize) {
        let look = |_: &Discord| (self.gateway.effects() >= number).then_some(());
        self.discord.until(&format!("{number} effects"), look).await;
    }

    /// The directives that were asked for, each key once, as key, words and user.
    pub fn directives(&self) -> Vec<(String, DirectiveRequest)> {
        let mut directives: Vec<(String, DirectiveRequest)> = Vec::new();
        for asked in self.gateway.asked() {
            if let Some(directive) = asked.directive
                && directives.iter().all(|(key, _)| *key != asked.key)
            {
                directives.push((asked.key, directive));
            }
        }
        directives
    }
}

/// Words for the bot.
pub fn mention(words: &str) -> String {
    format!("<@{BOT}> {words}")
}

/// What the gateway answers to a linked account: an approval with the digest votes, without it shows the card.
fn answer(request: &DirectiveRequest, linked: &(String, String)) -> Result<Answer, Box<Problem>> {
    let account = request.account.as_ref().expect("an adapter says whose words these are");
    if (&account.space, &account.user) != (&linked.0, &linked.1) {
        let nobody = Problem::new(403, "ACCOUNT_NOT_LINKED", "nobody knows this account", "nobody linked this account");
        return Err(nobody.into());
    }
    let words = request.words.replace(&format!("<@{BOT}>"), "");
    let words = words.trim();
    let mut answer = gateway::answered(gateway::said(words));
    match (words, &request.digest) {
        ("approve design for CH-001", Some(_)) => {
            answer.says = "Your approval counts: 1 of 2.".to_owned();
            answer.card = Some(voted());
            answer.entry = Some(gateway::entry());
        }
        ("approve design for CH-001", None) => answer.card = Some(gateway::card(Vec::new(), 1)),
        _ => answer.says = format!("I heard: {words}"),
    }
    Ok(answer)
}

/// The card with one vote, after event 2.
pub fn voted() -> Card {
    gateway::card(vec![gateway::vote("ada", "GO", 2)], 2)
}
