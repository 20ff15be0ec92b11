//! Slack, a gateway, and the adapter between them.

use codexa_chassis::http::Limits;
use codexa_client::Client;
use codexa_secret::Secret;
use codexa_slack::{Error, Ingress, Settings};
use codexa_testkit::gateway::{self, Gateway};
use codexa_testkit::slack::{self, Shown, Slack};
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What asks for a card, as Slack hands it out.
pub const ASK: &str = "<@U0CODEXA> approve design for CH-001";

/// All that a test plays with.
pub struct World {
    pub slack: Slack,
    pub gateway: Gateway,
    folder: tempfile::TempDir,
    adapter: Option<Adapter>,
}

struct Adapter {
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), Error>>,
}

impl World {
    /// Over Socket Mode.
    pub async fn over_socket() -> Self {
        let mut world = Self::without_adapter().await;
        world.connect().await;
        world
    }

    /// Starts the adapter, in Socket Mode.
    pub async fn connect(&mut self) {
        self.start(Ingress::Socket { app_token: Secret::new(slack::APP_TOKEN) }).await;
    }

    /// Over HTTP. Also gives where the endpoint is.
    pub async fn over_http() -> (Self, String) {
        Self::over_http_within(Limits::default()).await
    }

    /// The same, with these limits.
    pub async fn over_http_within(limits: Limits) -> (Self, String) {
        let mut world = Self::without_adapter().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/slack", listener.local_addr().unwrap());
        world.start(Ingress::Http { listener, limits, signing_secret: Secret::new(slack::SIGNING_SECRET) }).await;
        (world, url)
    }

    pub async fn without_adapter() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { slack: Slack::start().await, gateway: voting().await, folder, adapter: None }
    }

    async fn start(&mut self, ingress: Ingress) {
        let settings = Settings {
            bot_token: Secret::new(slack::BOT_TOKEN),
            ingress,
            api_url: self.slack.api_url(),
            gateway: Client::http(&self.gateway.url(), Secret::new(gateway::TOKEN)).unwrap(),
            inbox: self.inbox(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(codexa_slack::serve(settings, async { drop(stopped.await) }));
        self.adapter = Some(Adapter { stop, running });
    }

    pub async fn stop(&mut self) {
        let adapter = self.adapter.take().unwrap();
        drop(adapter.stop);
        adapter.running.await.unwrap().unwrap();
    }

    /// Waits until the adapter ends by itself, and gives why.
    pub async fn end(&mut self) -> Error {
        let Adapter { stop: _stop, running } = self.adapter.take().unwrap();
        tokio::time::timeout(Duration::from_secs(15), running).await.unwrap().unwrap().unwrap_err()
    }

    pub fn inbox(&self) -> PathBuf {
        self.folder.path().join("inbox.db")
    }

    /// Asks for the card over Socket Mode, and gives it.
    pub async fn card(&self) -> Shown {
        self.slack.send_event(self.slack.said(slack::CHANNEL, "U1", ASK));
        self.reply().await
    }

    /// The newest message of the bot that everybody sees.
    pub async fn reply(&self) -> Shown {
        self.reply_that(|_| true).await
    }

    pub async fn reply_that(&self, fits: impl Fn(&Shown) -> bool) -> Shown {
        let newest = || self.slack.replies(slack::CHANNEL).into_iter().rfind(|shown| shown.ephemeral_to.is_none());
        eventually(async || newest().filter(&fits)).await
    }

    /// The newest message that only this user sees.
    pub async fn whisper(&self, user: &str) -> Shown {
        let told = || {
            self.slack.replies(slack::CHANNEL).into_iter().rfind(|shown| shown.ephemeral_to.as_deref() == Some(user))
        };
        eventually(async || told()).await
    }
}

/// A gateway that shows the card, and counts a vote that comes with the digest.
async fn voting() -> Gateway {
    let gateway = Gateway::start().await;
    gateway.set_change(gateway::change_with(gateway::card(vec![], 1)));
    gateway.answer(|request| {
        let mut answer = gateway::answered(gateway::said("approve design for CH-001"));
        let voted = request.digest.is_some();
        let votes = if voted { vec![gateway::vote("gia", "GO", 0)] } else { vec![] };
        answer.card = Some(gateway::card(votes, if voted { 2 } else { 1 }));
        if voted {
            answer.says = "You approved the design of CH-001.".into();
            answer.entry = Some(gateway::entry());
        }
        Ok(answer)
    });
    gateway
}

/// What `look` finds within fifteen seconds.
pub async fn eventually<T>(look: impl AsyncFn() -> Option<T>) -> T {
    let found = async {
        loop {
            match look().await {
                Some(found) => return found,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(15), found).await.unwrap()
}
