//! Socket Mode: the adapter dials Slack. The library connects, pings and connects again; frames are read here, because an
//! envelope may only be acknowledged once it is on the disk.

use crate::desk::{Desk, Taken};
use crate::web::{Connector, Web};
use async_trait::async_trait;
use codexa_secret::Secret;
use serde_json::{Value, json};
use slack_morphism::clients_manager::{SlackSocketModeClientsManager, SlackSocketModeClientsManagerFactory};
use slack_morphism::listener::SlackClientEventsListenerEnvironment;
use slack_morphism::{
    SlackApiToken, SlackApiTokenValue, SlackClientSocketModeConfig, SlackSocketModeClientListener,
    SlackSocketModeWssClientId,
};
use std::sync::{Arc, Weak};

/// A second connection bridges the time in which Slack renews the first.
const CONNECTIONS: u32 = 2;

type Manager = dyn SlackSocketModeClientsManager + Send + Sync;

/// Opens the connections, which stay open until the manager is shut down.
pub(crate) async fn listen(web: &Web, app_token: &Secret, desk: Arc<Desk>) -> Arc<Manager> {
    let client = web.client();
    let environment = Arc::new(SlackClientEventsListenerEnvironment::<Connector>::new(Arc::clone(&client)));
    let manager = client.http_api.connector.new_clients_manager(environment);
    let config = SlackClientSocketModeConfig::new()
        .with_max_connections_count(CONNECTIONS)
        .with_initial_backoff_in_seconds(1)
        .with_reconnect_timeout_in_seconds(5);
    let token = SlackApiToken::new(SlackApiTokenValue(app_token.expose().to_owned()));
    let ear = Arc::new(Ear { desk, manager: Arc::downgrade(&manager) });
    if let Err(fault) = manager.register_new_token(&config, token, ear).await {
        // It only notes the token; what Slack says to it comes when it is used.
        tracing::error!(%fault, "Socket Mode cannot be prepared");
    }
    manager.start().await;
    manager
}

struct Ear {
    desk: Arc<Desk>,
    manager: Weak<Manager>,
}

impl Ear {
    async fn restart(&self, connection: &SlackSocketModeWssClientId) {
        if let Some(manager) = self.manager.upgrade() {
            manager.restart_client(connection).await;
        }
    }
}

#[async_trait]
impl SlackSocketModeClientListener for Ear {
    async fn on_message(&self, connection: &SlackSocketModeWssClientId, body: String) -> Option<String> {
        let Ok(frame) = serde_json::from_str::<Value>(&body) else {
            tracing::warn!("Slack sent what is no JSON");
            return None;
        };
        let said = |name: &str| frame.get(name).and_then(Value::as_str).unwrap_or_default();
        let payload = frame.get("payload").unwrap_or(&Value::Null);
        let taken = match said("type") {
            "hello" => {
                tracing::info!("connected to Slack");
                return None;
            }
            "disconnect" => {
                tracing::info!(reason = said("reason"), "Slack renews a connection");
                self.restart(connection).await;
                return None;
            }
            "events_api" => self.desk.event(payload).await,
            "interactive" => self.desk.interaction(payload).await,
            // Nothing of Codexa's; a newer Slack may have more to tell.
            _ => Ok(Taken::Left),
        };
        match taken {
            // A conflict is alarmed where it is found. Here there is no way to refuse: sent again, it stays one.
            Ok(_) => Some(json!({"envelope_id": said("envelope_id")}).to_string()),
            Err(fault) => {
                tracing::error!(%fault, "a message is not on the disk and not acknowledged: Slack sends it again");
                None
            }
        }
    }

    async fn on_error(&self, error: Box<dyn std::error::Error + Send + Sync>) {
        tracing::warn!(%error, "a connection to Slack broke");
    }

    async fn on_disconnect(&self, connection: &SlackSocketModeWssClientId) {
        self.restart(connection).await;
    }
}
