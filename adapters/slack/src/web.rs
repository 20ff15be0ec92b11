//! The Web API, over the library's client.

use crate::blocks;
use async_trait::async_trait;
use codexa_chat::{Message, MessageRef, Place, Platform, PlatformError, ReasonForm};
use codexa_secret::Secret;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slack_morphism::errors::SlackClientError;
use slack_morphism::hyper_tokio::SlackClientHyperConnector;
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClient};
use std::sync::Arc;
use std::time::Duration;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(5);

/// How long Slack is left alone where it does not say how long it wants to be.
const LEFT_ALONE: Duration = Duration::from_secs(1);

/// Errors of Slack that pass, or that whoever runs the adapter can mend while messages wait.
const PASSING: [&str; 11] = [
    "account_inactive",
    "fatal_error",
    "internal_error",
    "invalid_auth",
    "missing_scope",
    "not_authed",
    "token_expired",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "token_revoked",
];

/// Errors that say that the token is no good.
const OF_THE_TOKEN: [&str; 5] = ["account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"];

/// How the library connects: TLS with ring, plain for a stub.
pub(crate) type Connector = SlackClientHyperConnector<HttpsConnector<HttpConnector>>;

/// The bot, as Slack knows it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Bot {
    #[serde(rename = "user_id")]
    pub(crate) user: String,
    /// The workspace's address: `https://home.slack.com/`
    #[serde(default)]
    url: String,
}

impl Bot {
    /// A link to a message.
    pub(crate) fn link(&self, channel: &str, ts: &str) -> String {
        if self.url.is_empty() {
            return String::new();
        }
        format!("{}archives/{channel}/p{}", self.url, ts.replace('.', ""))
    }
}

/// What comes back with a form.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) value: String,
    pub(crate) channel: String,
    pub(crate) thread: Option<String>,
}

#[derive(Deserialize)]
struct Posted {
    channel: String,
    ts: String,
}

/// An answer of which nothing is wanted but that it is one.
#[derive(Deserialize)]
struct Done {}

/// Slack, as the bot speaks to it.
pub(crate) struct Web {
    client: Arc<SlackClient<Connector>>,
    token: SlackApiToken,
}

impl Web {
    pub(crate) fn new(api_url: &str, bot_token: &Secret) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        let https = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().wrap_connector(tcp);
        let connector = Connector::with_connector(https).with_slack_api_url(api_url.trim_end_matches('/'));
        let token = SlackApiToken::new(SlackApiTokenValue(bot_token.expose().to_owned()));
        Self { client: Arc::new(SlackClient::new(connector)), token }
    }

    pub(crate) fn client(&self) -> Arc<SlackClient<Connector>> {
        Arc::clone(&self.client)
    }

    /// Who the bot is.
    pub(crate) async fn who(&self) -> Result<Bot, PlatformError> {
        self.call("auth.test", &json!({})).await
    }

    /// Posts a message: in a channel, or to a user.
    async fn say(&self, channel: &str, thread: Option<&str>, message: &Message) -> Result<MessageRef, PlatformError> {
        let mut asked = content(message);
        put(&mut asked, "channel", Some(channel));
        put(&mut asked, "thread_ts", thread);
        if let Value::Object(fields) = &mut asked {
            fields.extend(["unfurl_links", "unfurl_media"].map(|name| (name.to_owned(), json!(false))));
        }
        let posted: Posted = self.call("chat.postMessage", &asked).await?;
        Ok(MessageRef { channel: posted.channel, message: posted.ts })
    }

    async fn call<A: DeserializeOwned + Send>(&self, method: &str, asked: &Value) -> Result<A, PlatformError> {
        let session = self.client.open_session(&self.token);
        let answer = session.http_session_api.http_post(method, asked, None);
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer.map_err(|fault| refused(method, &fault)),
            Err(_) => Err(PlatformError::passing(format!("{method}: no answer in 15 s"))),
        }
    }
}

/// Whether Slack says that the token is no good.
pub(crate) fn is_of_the_token(fault: &PlatformError) -> bool {
    OF_THE_TOKEN.iter().any(|code| fault.what.ends_with(code))
}

/// Why Slack did not do it. The body of its answer is left out: it repeats what was said.
fn refused(method: &str, fault: &SlackClientError) -> PlatformError {
    match fault {
        SlackClientError::ApiError(error) => PlatformError {
            what: format!("{method}: {}", error.code),
            permanent: !PASSING.contains(&error.code.as_str()),
            retry_after: None,
        },
        SlackClientError::RateLimitError(error) => PlatformError {
            what: format!("{method}: ratelimited"),
            permanent: false,
            retry_after: Some(error.retry_after.unwrap_or(LEFT_ALONE)),
        },
        SlackClientError::HttpError(error) => PlatformError {
            what: format!("{method}: HTTP {}", error.status_code),
            permanent: error.status_code.is_client_error(),
            retry_after: None,
        },
        SlackClientError::ProtocolError(error) => PlatformError::passing(format!("{method}: {}", error.json_error)),
        other => PlatformError::passing(format!("{method}: {other}")),
    }
}

#[async_trait]
impl Platform for Web {
    fn name(&self) -> &'static str {
        "slack"
    }

    fn longest_value(&self) -> usize {
        blocks::VALUE
    }

    async fn post(&self, place: &Place, message: &Message, _key: &str) -> Result<MessageRef, PlatformError> {
        self.say(&place.channel, place.thread.as_deref(), message).await
    }

    async fn edit(&self, at: &MessageRef, message: &Message) -> Result<(), PlatformError> {
        let mut asked = content(message);
        put(&mut asked, "channel", Some(&at.channel));
        put(&mut asked, "ts", Some(&at.message));
        self.call::<Done>("chat.update", &asked).await.map(drop)
    }

    async fn whisper(&self, place: &Place, user: &str, message: &Message) -> Result<(), PlatformError> {
        if place.channel.starts_with('D') {
            // Only the two are there, and what is said in the usual way stays there.
            return self.say(&place.channel, place.thread.as_deref(), message).await.map(drop);
        }
        let mut asked = content(message);
        put(&mut asked, "channel", Some(&place.channel));
        put(&mut asked, "user", Some(user));
        put(&mut asked, "thread_ts", place.thread.as_ref());
        match self.call::<Done>("chat.postEphemeral", &asked).await {
            Err(fault) if fault.what.ends_with("user_not_in_channel") => self.say(user, None, message).await.map(drop),
            answer => answer.map(drop),
        }
    }

    async fn ask_reason(&self, form: ReasonForm<'_>) -> Result<bool, PlatformError> {
        let metadata = Metadata {
            value: form.value.to_owned(),
            channel: form.place.channel.clone(),
            thread: form.place.thread.clone(),
        };
        let metadata = serde_json::to_string(&metadata).map_err(|fault| PlatformError::permanent(fault.to_string()))?;
        let view = blocks::reason_form(form.title, &metadata);
        self.call::<Done>("views.open", &json!({"trigger_id": form.trigger, "view": view})).await?;
        Ok(true)
    }
}

/// A message as the arguments of a call.
fn content(message: &Message) -> Value {
    json!({"text": blocks::notification(message), "blocks": blocks::render(message)})
}

fn put(asked: &mut Value, name: &str, value: Option<impl AsRef<str>>) {
    if let (Value::Object(fields), Some(value)) = (asked, value) {
        fields.insert(name.to_owned(), json!(value.as_ref()));
    }
}
