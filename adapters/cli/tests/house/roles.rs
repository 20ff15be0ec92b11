//! A house whose roles are processes of their own, over TCP, PostgreSQL and Redis, as they stand in containers.

use crate::world::World;
use codexa_chassis::settings::Secret;
use codexa_client::Client;
use codexa_testkit::postgres::{Postgres, Version};
use codexa_testkit::redis::Redis;
use codexa_testkit::running::Running;
use codexa_testkit::slack;
use std::collections::BTreeMap;
use std::net::TcpListener;

/// The roles, in an order in which nobody would start them: each waits for what it needs.
pub const ROLES: [&str; 6] = ["slack", "discord", "gateway", "discovery", "planner", "governance"];

/// Secrets that the roles share; nobody else has them.
pub const ADA: &str = "cdx_ada_0123456789abcdef";
pub const BEA: &str = "cdx_bea_0123456789abcdef";
pub const CID: &str = "cdx_cid_0123456789abcdef";
const SERVICE: &str = "cdx_service_0123456789abcdef";
const SLACK: &str = "cdx_slack_0123456789abcdef";
const DISCORD: &str = "cdx_discord_0123456789abcdef";

/// The roles of a house, each its own process.
pub struct Apart {
    pub world: World,
    pub postgres: Postgres,
    pub redis: Redis,
    database: String,
    addresses: BTreeMap<&'static str, String>,
    pub running: BTreeMap<&'static str, Running>,
}

impl Apart {
    pub async fn new() -> Self {
        let mut world = World::new().await;
        let mut postgres = Postgres::start_durable(Version::V15);
        let database = postgres.database();
        // Held until all are known, so that no two are the same.
        let listeners: Vec<TcpListener> = ROLES.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let address = |listener: &TcpListener| listener.local_addr().unwrap().to_string();
        let addresses: BTreeMap<&str, String> = ROLES.into_iter().zip(listeners.iter().map(address)).collect();
        drop(listeners);
        world.url = format!("http://{}", addresses["gateway"]);
        Self { world, postgres, redis: Redis::start(), database, addresses, running: BTreeMap::new() }
    }

    pub fn start(&mut self, role: &'static str) {
        let url = |role: &str| format!("http://{}", self.addresses[role]);
        let tokens = format!(
            "person ada {ADA}\nperson bea {BEA}\nperson cid {CID}\nservice house {SERVICE}\nadapter slack {SLACK}\nadapter discord {DISCORD}\n"
        );
        let mut command = self.world.home.command(&["serve", role]);
        if !["slack", "discord"].contains(&role) {
            command.args(["--listen", &self.addresses[role]]);
        }
        command
            .env("CODEXA_GOVERNANCE_URL", url("governance"))
            .env("CODEXA_PLANNER_URL", url("planner"))
            .env("CODEXA_DISCOVERY_URL", url("discovery"))
            .env("CODEXA_GATEWAY_URL", url("gateway"))
            .env("CODEXA_REDIS_URL", self.redis.url())
            .env("CODEXA_SERVICE_TOKEN", SERVICE);
        match role {
            "governance" => command.env("CODEXA_DATABASE_URL", &self.database).env("CODEXA_TOKENS", tokens),
            "slack" => command
                .env("CODEXA_ADAPTER_TOKEN", SLACK)
                .env("CODEXA_INBOX", self.world.home.home().join("slack.sqlite"))
                .env("CODEXA_SLACK_API_URL", self.world.slack.api_url())
                .env("CODEXA_SLACK_BOT_TOKEN", slack::BOT_TOKEN)
                .env("CODEXA_SLACK_APP_TOKEN", slack::APP_TOKEN),
            "discord" => command
                .env("CODEXA_ADAPTER_TOKEN", DISCORD)
                .env("CODEXA_INBOX", self.world.home.home().join("discord.sqlite"))
                .env("CODEXA_DISCORD_API_URL", self.world.discord.url())
                .env("CODEXA_DISCORD_TOKEN", self.world.discord.token()),
            _ => &mut command,
        };
        let log = self.world.home.home().join(format!("{role}.log"));
        self.running.insert(role, Running::start(command, log));
    }

    pub fn start_all(&mut self) {
        ROLES.into_iter().for_each(|role| self.start(role));
    }

    /// Kills a role as a power cut would, and starts it again.
    pub fn restart(&mut self, role: &'static str) {
        if let Some(running) = self.running.get_mut(role) {
            running.kill();
        }
        self.start(role);
    }

    pub fn restart_each(&mut self) {
        ROLES.into_iter().for_each(|role| self.restart(role));
    }

    pub fn client(&self, token: &str) -> Client {
        Client::http(&self.world.url, Secret::new(token)).unwrap()
    }

    /// Waits until the whole house answers.
    pub async fn ready(&self) {
        let client = self.client(CID);
        self.world.until("the house answers", async || client.changes().await.ok()).await;
    }

    pub async fn link(&self, token: &str, code: &str) {
        let client = self.client(token);
        self.world.until("the code is taken", async || client.confirm_link(code, false, code).await.ok()).await;
    }
}
