//! A house whose roles are processes of their own, over TCP, PostgreSQL and Redis, as they stand in containers.

use crate::world::World;
use codexa_testkit::postgres::Postgres;
use codexa_testkit::redis::Redis;
use codexa_testkit::running::Running;
use codexa_testkit::slack;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};

/// The roles, in an order in which nobody would start them: each waits for what it needs.
pub const ROLES: [&str; 6] = ["slack", "discord", "gateway", "discovery", "planner", "governance"];

/// Secrets that the roles share; nobody else has them.
const ADA: &str = "cdx_ada_0123456789abcdef";
const BEA: &str = "cdx_bea_0123456789abcdef";
const CID: &str = "cdx_cid_0123456789abcdef";
const SERVICE: &str = "cdx_service_0123456789abcdef";
const SLACK: &str = "cdx_slack_0123456789abcdef";
const DISCORD: &str = "cdx_discord_0123456789abcdef";

/// The roles of a house, each its own process.
pub struct Apart {
    pub world: World,
    pub postgres: Postgres,
    redis: Option<Redis>,
    pub database: String,
    addresses: BTreeMap<&'static str, String>,
    pub running: BTreeMap<&'static str, Running>,
}

impl Apart {
    /// Nothing of it runs yet, but for its servers.
    pub async fn new(postgres: Postgres) -> Self {
        Self { redis: Some(Redis::start()), ..Self::without_redis(postgres).await }
    }

    /// The same where roles ask the store alone.
    pub async fn without_redis(mut postgres: Postgres) -> Self {
        let database = postgres.database();
        let home = own_loopback();
        // Held until all are known, so that no two are the same.
        let listeners: Vec<TcpListener> = ROLES.iter().map(|_| TcpListener::bind((home, 0)).unwrap()).collect();
        let address = |listener: &TcpListener| listener.local_addr().unwrap().to_string();
        let addresses: BTreeMap<&str, String> = ROLES.into_iter().zip(listeners.iter().map(address)).collect();
        drop(listeners);
        let url = format!("http://{}", addresses["gateway"]);
        let world = World::remote(url, &[("ada", ADA), ("bea", BEA), ("cid", CID)]).await;
        let running = BTreeMap::new();
        Self { world, postgres, redis: None, database, addresses, running }
    }

    fn start(&mut self, role: &'static str) {
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
            .env("CODEXA_SERVICE_TOKEN", SERVICE);
        if let Some(redis) = &self.redis {
            command.env("CODEXA_REDIS_URL", redis.url());
        }
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
        let log = self.log_file(role);
        self.running.insert(role, Running::start(command, log));
    }

    /// What a role logged.
    pub fn log(&self, role: &str) -> String {
        std::fs::read_to_string(self.log_file(role)).unwrap_or_default()
    }

    fn log_file(&self, role: &str) -> PathBuf {
        self.world.home.home().join(format!("{role}.log"))
    }

    pub fn start_all(&mut self) {
        ROLES.into_iter().for_each(|role| self.start(role));
    }

    /// Kills a role or a server as a power cut would, and starts it again.
    pub fn restart(&mut self, what: &'static str) {
        match what {
            "postgres" => {
                self.postgres.stop_immediately();
                self.postgres.restart();
            }
            "redis" => self.redis.iter_mut().for_each(Redis::restart),
            role => {
                if let Some(running) = self.running.get_mut(role) {
                    running.kill();
                }
                self.start(role);
            }
        }
    }
}

/// A loopback address that no other house has: a port of it stays free while the role is dead that listens there.
fn own_loopback() -> Ipv4Addr {
    static HOUSES: AtomicU8 = AtomicU8::new(1);
    let [.., high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, HOUSES.fetch_add(1, Ordering::Relaxed), high, low)
}
