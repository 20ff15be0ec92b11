//! Slack on loopback, as strict as the real one: the Web API, Socket Mode, and signed requests to an HTTP endpoint. What
//! the real one would refuse is refused with its error, and noted as a fault, which a test expects to be none.

#![expect(clippy::indexing_slicing, reason = "JSON is indexed by name, and what is not there is null")]

mod api;
mod blocks;
mod payloads;
mod signed;
mod socket;
mod users;

pub use signed::{Answered, Signing};

use axum::Router;
use axum::routing::{any, get, post};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// The bot's token.
pub const BOT_TOKEN: &str = "xoxb-of-the-test";
/// The app's token, for Socket Mode.
pub const APP_TOKEN: &str = "xapp-of-the-test";
/// What requests are signed with.
pub const SIGNING_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
/// The workspace.
pub const TEAM: &str = "T0HOME";
/// The bot, as a user.
pub const BOT: &str = "U0CODEXA";
/// The channel that is there from the start.
pub const CHANNEL: &str = "C0DESIGN";
/// The direct messages between the bot and everyone.
pub const DIRECT: &str = "D0DIRECT";

/// How long an envelope or a request may wait for its acknowledgement.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// A message as people see it.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Its id.
    pub ts: String,
    /// Who wrote it.
    pub user: String,
    /// Its text, with Slack's mark-up: what a notification shows.
    pub text: String,
    /// Its blocks.
    pub blocks: Vec<Value>,
    /// How often it was edited.
    pub edits: usize,
    /// The only one who sees it.
    pub ephemeral_to: Option<String>,
    /// The message whose thread it is in.
    pub thread: Option<String>,
}

impl Shown {
    /// All that can be read in it, line by line; of a message without blocks, its text.
    #[must_use]
    pub fn read(&self) -> String {
        if self.blocks.is_empty() { self.text.clone() } else { blocks::read(&self.blocks) }
    }

    /// What in it Slack would turn into a mention, a link or a broadcast.
    #[must_use]
    pub fn live(&self) -> Vec<String> {
        blocks::live(&self.text, &self.blocks)
    }

    /// The button with this label.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<&Value> {
        blocks::buttons(&self.blocks).find(|button| button.pointer("/text/text").and_then(Value::as_str) == Some(label))
    }
}

/// Slack. It ends with the test's runtime.
pub struct Slack {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    held: Mutex<Held>,
    wire: socket::Wire,
}

#[derive(Default)]
struct Held {
    counter: u64,
    channels: BTreeMap<String, Vec<Shown>>,
    members: Vec<String>,
    users: BTreeMap<String, Value>,
    refused: BTreeMap<String, String>,
    triggers: BTreeMap<String, Instant>,
    views: Vec<Value>,
    tickets: Vec<String>,
    limited: u32,
    faults: Vec<String>,
    calls: Vec<String>,
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("no test panics while it holds Slack")
    }

    fn fault(&self, what: impl Into<String>) {
        self.held().faults.push(what.into());
    }
}

impl Held {
    /// A number that was not handed out before.
    fn number(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn ts(&mut self) -> String {
        format!("1795701720.{:06}", self.number())
    }
}

impl Slack {
    /// Slack on a free port, with a channel, direct messages, and the users `U1` to `U9` of the workspace; the first three
    /// are in the channel.
    ///
    /// # Panics
    /// When loopback has no port.
    pub async fn start() -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST.into()).await
    }

    /// The same at another address of this machine, for who does not reach loopback.
    ///
    /// # Panics
    /// When nobody can listen there.
    pub async fn start_at(address: IpAddr) -> Self {
        let listener = TcpListener::bind((address, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let held = Held {
            channels: [CHANNEL, DIRECT].map(|id| (id.to_owned(), Vec::new())).into(),
            members: ["U1", "U2", "U3"].map(str::to_owned).to_vec(),
            users: users::at_the_start(),
            ..Held::default()
        };
        let shared = Arc::new(Shared { held: Mutex::new(held), wire: socket::Wire::new(address) });
        let router = Router::new()
            .route("/api/{method}", post(api::call).get(api::read))
            .route("/link", get(socket::connect))
            .fallback(any(elsewhere))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    /// Where the Web API is.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    /// Where nothing is: a request to it is a fault.
    #[must_use]
    pub fn foreign_url(&self) -> String {
        format!("http://{}/response", self.address)
    }

    /// Everything that Slack would not have taken, or took too late.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        self.shared.held().faults.clone()
    }

    /// The messages of a channel, oldest first, also those that only one user sees.
    #[must_use]
    pub fn channel(&self, id: &str) -> Vec<Shown> {
        self.shared.held().channels.get(id).cloned().unwrap_or_default()
    }

    /// What the bot wrote in a channel.
    #[must_use]
    pub fn replies(&self, id: &str) -> Vec<Shown> {
        self.channel(id).into_iter().filter(|shown| shown.user == BOT).collect()
    }

    /// The forms that were opened.
    #[must_use]
    pub fn views(&self) -> Vec<Value> {
        self.shared.held().views.clone()
    }

    /// The methods that were called, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        self.shared.held().calls.clone()
    }

    /// Every call of a method is answered with this error, or none is any more.
    pub fn refuse(&self, method: &str, error: Option<&str>) {
        let mut held = self.shared.held();
        match error {
            Some(error) => held.refused.insert(method.to_owned(), error.to_owned()),
            None => held.refused.remove(method),
        };
    }

    /// The next calls, as many, are answered with 429.
    pub fn limit(&self, calls: u32) {
        self.shared.held().limited = calls;
    }
}

/// Nobody has anything to look for here.
async fn elsewhere(
    axum::extract::State(shared): axum::extract::State<Arc<Shared>>,
    request: axum::extract::Request,
) -> axum::http::StatusCode {
    shared.fault(format!("{} {} is no address of Slack's API", request.method(), request.uri()));
    axum::http::StatusCode::NOT_FOUND
}
