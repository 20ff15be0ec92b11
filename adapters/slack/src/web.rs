//! The Web API, over the library's client.

use codexa_chat::PlatformError;
use codexa_secret::Secret;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use slack_morphism::errors::SlackClientError;
use slack_morphism::hyper_tokio::SlackClientHyperConnector;
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClient};
use std::future::Future;
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
#[derive(Debug, Deserialize)]
pub(crate) struct Bot {
    #[serde(rename = "user_id")]
    pub(crate) user: String,
    /// The workspace that it was installed in.
    #[serde(rename = "team_id")]
    pub(crate) home: String,
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

/// A user, as far as it says whether they are one of the workspace's people.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) team_id: Option<String>,
    #[serde(default)]
    pub(crate) deleted: bool,
    #[serde(default)]
    pub(crate) is_bot: bool,
    /// A guest, or not. Slack leaves it out of who was deactivated, and has been seen to leave out `deleted` of anybody: whom
    /// it says nothing of here is no member.
    pub(crate) is_restricted: Option<bool>,
    /// A guest of one channel, who is also a guest.
    #[serde(default)]
    pub(crate) is_ultra_restricted: bool,
    /// Of another workspace, and in no channel that the bot sees.
    #[serde(default)]
    pub(crate) is_stranger: bool,
    pub(crate) enterprise_user: Option<EnterpriseUser>,
}

/// A user of an organisation that has several workspaces.
#[derive(Debug, Deserialize)]
pub(crate) struct EnterpriseUser {
    pub(crate) enterprise_id: Option<String>,
    #[serde(default)]
    pub(crate) teams: Vec<String>,
}

#[derive(Deserialize)]
struct Known {
    user: Value,
}

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

    /// What Slack knows of a user.
    pub(crate) async fn user(&self, id: &str) -> Result<User, PlatformError> {
        let session = self.client.open_session(&self.token);
        // Methods that only read take their arguments from the address, and none from a body of JSON.
        let asked = [("user", Some(id))];
        let answer = session.http_session_api.http_get("users.info", &asked, None);
        let Known { user } = in_time("users.info", answer).await?;
        // Of one user, and the same the next time: nobody else has to wait for it.
        serde_json::from_value(user).map_err(|fault| PlatformError::permanent(format!("users.info: {fault}")))
    }

    /// Calls a method that takes its arguments as JSON.
    pub(crate) async fn call<A>(&self, method: &str, asked: &Value) -> Result<A, PlatformError>
    where
        A: DeserializeOwned + Send,
    {
        let session = self.client.open_session(&self.token);
        in_time(method, session.http_session_api.http_post(method, asked, None)).await
    }
}

async fn in_time<A>(
    method: &str,
    answer: impl Future<Output = Result<A, SlackClientError>>,
) -> Result<A, PlatformError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer.map_err(|fault| refused(method, &fault)),
        Err(_) => Err(PlatformError::passing(format!("{method}: no answer within {PATIENCE:?}"))),
    }
}

/// Whether Slack says that the token is no good.
pub(crate) fn is_of_the_token(fault: &PlatformError) -> bool {
    OF_THE_TOKEN.iter().any(|code| is(fault, code))
}

/// Whether this is the error of Slack's with that code.
pub(crate) fn is(fault: &PlatformError, code: &str) -> bool {
    fault.what.strip_suffix(code).is_some_and(|method| method.ends_with(": "))
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
