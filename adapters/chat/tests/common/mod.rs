//! A platform without a network, and an adapter on it.

use async_trait::async_trait;
use codexa_api::Account;
use codexa_chat::{
    Act, Block, Engine, Inbox, Incoming, Message, MessageRef, Place, Platform, PlatformError, ReasonForm, Received,
    Standing,
};
use codexa_client::Client;
use codexa_secret::Secret;
use codexa_testkit::gateway::TOKEN;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A message as people see it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: MessageRef,
    pub text: String,
    pub values: Vec<String>,
    pub edits: usize,
}

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    whispers: Vec<String>,
    forms: Option<Vec<String>>,
    hang: bool,
    hang_in: BTreeSet<String>,
    refuse: Option<Duration>,
    refuse_in: BTreeMap<String, PlatformError>,
    tried: Vec<String>,
    fault: bool,
    standings: BTreeMap<String, Result<Standing, PlatformError>>,
    looks: Vec<String>,
}

/// A platform that does what a test tells it to.
pub struct Fake {
    state: Mutex<State>,
    longest_value: usize,
}

impl Fake {
    pub fn with_longest_value(longest_value: usize) -> Self {
        Self { state: Mutex::default(), longest_value }
    }

    pub fn shown(&self, channel: &str) -> Vec<Seen> {
        self.state.lock().unwrap().seen.iter().filter(|seen| seen.at.channel == channel).cloned().collect()
    }

    pub fn whispers(&self) -> Vec<String> {
        self.state.lock().unwrap().whispers.clone()
    }

    pub fn forms(&self) -> Vec<String> {
        self.state.lock().unwrap().forms.clone().unwrap_or_default()
    }

    pub fn offer_forms(&self) {
        self.state.lock().unwrap().forms = Some(Vec::new());
    }

    pub fn hang(&self, hang: bool) {
        self.state.lock().unwrap().hang = hang;
    }

    pub fn hang_in(&self, channel: &str) {
        self.state.lock().unwrap().hang_in.insert(channel.to_owned());
    }

    /// Every post in this channel fails, until it is let in.
    pub fn refuse_in(&self, channel: &str, error: PlatformError) {
        self.state.lock().unwrap().refuse_in.insert(channel.to_owned(), error);
    }

    pub fn let_in(&self, channel: &str) {
        self.state.lock().unwrap().refuse_in.remove(channel);
    }

    /// What it says of how a user stands. Who is not named is a member.
    pub fn stands(&self, user: &str, standing: Result<Standing, PlatformError>) {
        self.state.lock().unwrap().standings.insert(user.to_owned(), standing);
    }

    /// Whom it was asked about, in order.
    pub fn looks(&self) -> Vec<String> {
        self.state.lock().unwrap().looks.clone()
    }

    /// The keys of all that was to be posted, in order.
    pub fn tried(&self) -> Vec<String> {
        self.state.lock().unwrap().tried.clone()
    }

    /// The next message meets a fault of the program.
    pub fn fault_next(&self) {
        self.state.lock().unwrap().fault = true;
    }

    pub fn refuse_next(&self, wait: Duration) {
        self.state.lock().unwrap().refuse = Some(wait);
    }
}

fn values(message: &Message) -> Vec<String> {
    let rows = message.blocks.iter().filter_map(|block| if let Block::Buttons(row) = block { Some(row) } else { None });
    rows.flatten().map(|button| button.value.clone()).collect()
}

#[async_trait]
impl Platform for Fake {
    fn name(&self) -> &'static str {
        "slack"
    }

    fn longest_value(&self) -> usize {
        self.longest_value
    }

    async fn standing(&self, account: &Account) -> Result<Standing, PlatformError> {
        let mut state = self.state.lock().unwrap();
        state.looks.push(account.user.clone());
        state.standings.get(&account.user).cloned().unwrap_or(Ok(Standing::Member))
    }

    async fn post(&self, place: &Place, message: &Message, key: &str) -> Result<MessageRef, PlatformError> {
        let (hang, refuse) = {
            let mut state = self.state.lock().unwrap();
            state.tried.push(key.to_owned());
            if let Some(error) = state.refuse_in.get(&place.channel) {
                return Err(error.clone());
            }
            (state.hang || state.hang_in.contains(&place.channel), state.refuse.take())
        };
        let fault = std::mem::take(&mut self.state.lock().unwrap().fault);
        assert!(!fault, "a fault that the test asked for");
        if hang {
            std::future::pending::<()>().await;
        }
        if let Some(wait) = refuse {
            return Err(PlatformError { what: "too fast".into(), permanent: false, retry_after: Some(wait) });
        }
        let mut state = self.state.lock().unwrap();
        let at = MessageRef { channel: place.channel.clone(), message: state.seen.len().to_string() };
        let seen = Seen { at: at.clone(), text: message.to_string(), values: values(message), edits: 0 };
        state.seen.push(seen);
        Ok(at)
    }

    async fn edit(&self, at: &MessageRef, message: &Message) -> Result<(), PlatformError> {
        let mut state = self.state.lock().unwrap();
        let seen = state.seen.iter_mut().find(|seen| seen.at == *at);
        let seen = seen.ok_or_else(|| PlatformError::permanent("message_not_found"))?;
        (seen.text, seen.values) = (message.to_string(), values(message));
        seen.edits += 1;
        Ok(())
    }

    async fn whisper(&self, _: &Place, user: &str, message: &Message) -> Result<(), PlatformError> {
        self.state.lock().unwrap().whispers.push(format!("{user}: {message}"));
        Ok(())
    }

    async fn ask_reason(&self, form: ReasonForm<'_>) -> Result<bool, PlatformError> {
        let mut state = self.state.lock().unwrap();
        Ok(state.forms.as_mut().map(|forms| forms.push(form.value.to_owned())).is_some())
    }
}

/// What outlives an adapter's process.
pub struct Stopped {
    folder: tempfile::TempDir,
    url: String,
    fake: Arc<Fake>,
}

impl Stopped {
    pub async fn start(self) -> Adapter {
        let inbox = Inbox::open(&self.file()).await.unwrap();
        let client = Client::http(&self.url, Secret::new(TOKEN)).unwrap();
        let engine = Engine::new(inbox.clone(), client, Arc::clone(&self.fake) as Arc<dyn Platform>);
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move { engine.run(async { drop(stopped.await) }).await.unwrap() });
        Adapter { fake: Arc::clone(&self.fake), rest: self, inbox, stop, running }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("inbox.db")
    }
}

/// A running adapter.
pub struct Adapter {
    pub fake: Arc<Fake>,
    pub inbox: Inbox,
    rest: Stopped,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Adapter {
    pub async fn start(url: &str) -> Self {
        Self::start_with(url, Arc::new(Fake::with_longest_value(2000))).await
    }

    pub async fn start_with(url: &str, fake: Arc<Fake>) -> Self {
        Stopped { folder: tempfile::tempdir().unwrap(), url: url.to_owned(), fake }.start().await
    }

    pub async fn receive(&self, key: &str, incoming: &Incoming) {
        assert_eq!(self.inbox.receive(key, incoming).await.unwrap(), Received::New);
    }

    /// What became of a message, and why.
    pub async fn became(&self, key: &str) -> (String, String) {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.rest.file());
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        let found = sqlx::query_as("SELECT state, why FROM inbox WHERE key = ?").bind(key);
        found.fetch_one(&mut connection).await.unwrap()
    }

    /// Changes the inbox's file behind its back: lets time pass, say.
    pub async fn behind_its_back(&self, sql: &'static str) {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.rest.file());
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }

    pub async fn stop(self) -> Stopped {
        drop(self.stop);
        self.running.await.unwrap();
        self.inbox.close().await;
        self.rest
    }

    /// As after `kill -9`: nothing that was under way is finished.
    pub async fn killed_and_started_again(self) -> Self {
        self.running.abort();
        drop(self.running.await);
        self.rest.fake.hang(false);
        self.rest.start().await
    }
}

pub fn incoming(channel: &str, act: Act) -> Incoming {
    let account = Account { platform: "slack".into(), space: "T1".into(), user: "U1".into(), name: String::new() };
    let place = Place { channel: channel.to_owned(), thread: None, reply: None };
    Incoming { account, place, link: String::new(), act }
}

pub fn said(channel: &str, words: &str) -> Incoming {
    incoming(channel, Act::Said { words: words.to_owned(), own: vec![] })
}

/// The same as somebody else did it.
pub fn by(user: &str, incoming: Incoming) -> Incoming {
    Incoming { account: Account { user: user.to_owned(), ..incoming.account.clone() }, ..incoming }
}

pub fn pressed(on: &MessageRef, value: &str) -> Incoming {
    let act = Act::Pressed { value: value.to_owned(), on: on.clone(), trigger: String::new() };
    incoming(&on.channel, act)
}

/// What `look` finds within ten seconds.
pub async fn eventually<T>(look: impl AsyncFn() -> Option<T>) -> T {
    let found = async {
        loop {
            match look().await {
                Some(found) => return found,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), found).await.unwrap()
}
