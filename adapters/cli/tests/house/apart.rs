//! Each role a process of its own, over TCP, PostgreSQL and Redis, as they stand in containers.

use crate::world::{ASK, Running, World, code_in, said};
use codexa_client::{Client, Token};
use codexa_testkit::discord::{BOT, CHANNEL as DISCORD_CHANNEL};
use codexa_testkit::postgres::{Postgres, Version};
use codexa_testkit::redis::Redis;
use codexa_testkit::slack::{self, CHANNEL};
use std::collections::BTreeMap;
use std::net::TcpListener;

/// The roles, in an order in which nobody would start them: each waits for what it needs.
const ROLES: [&str; 6] = ["slack", "discord", "gateway", "discovery", "planner", "governance"];

/// Secrets that the roles share; nobody else has them.
const ADA: &str = "cdx_ada_0123456789abcdef";
const BEA: &str = "cdx_bea_0123456789abcdef";
const CID: &str = "cdx_cid_0123456789abcdef";
const SERVICE: &str = "cdx_service_0123456789abcdef";
const SLACK: &str = "cdx_slack_0123456789abcdef";
const DISCORD: &str = "cdx_discord_0123456789abcdef";

/// The roles of a house, each its own process.
struct Apart {
    world: World,
    postgres: Postgres,
    redis: Redis,
    database: String,
    addresses: BTreeMap<&'static str, String>,
    running: BTreeMap<&'static str, Running>,
}

impl Apart {
    async fn new() -> Self {
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

    fn start(&mut self, role: &'static str) {
        let url = |role: &str| format!("http://{}", self.addresses[role]);
        let tokens = format!(
            "person ada {ADA}\nperson bea {BEA}\nperson cid {CID}\nservice house {SERVICE}\nadapter slack {SLACK}\nadapter discord {DISCORD}\n"
        );
        let mut command = self.world.home.command(&["serve", role, "--listen", &self.addresses[role]]);
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

    fn start_all(&mut self) {
        ROLES.into_iter().for_each(|role| self.start(role));
    }

    /// Kills a role as a power cut would, and starts it again.
    fn restart(&mut self, role: &'static str) {
        if let Some(running) = self.running.get_mut(role) {
            running.kill();
        }
        self.start(role);
    }

    fn restart_each(&mut self) {
        ROLES.into_iter().for_each(|role| self.restart(role));
    }

    fn client(&self, token: &str) -> Client {
        Client::http(&self.world.url, Token::new(token)).unwrap()
    }

    /// Waits until the whole house answers.
    async fn ready(&self) {
        let client = self.client(CID);
        self.world.until("the house answers", async || client.changes().await.ok()).await;
    }

    async fn link(&self, token: &str, code: &str) {
        let client = self.client(token);
        self.world.until("the code is taken", async || client.confirm_link(code, false, code).await.ok()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_45_each_role_is_killed_at_each_step_and_the_story_ends_right() {
    let mut house = Apart::new().await;
    house.start_all();
    house.ready().await;
    let cid = house.client(CID);
    cid.open_change("cap the parser depth", "open").await.unwrap();
    house.restart_each();

    let dea = house.world.discord.user("dea");
    house.world.slack.send_event(house.world.slack.said(CHANNEL, "U1", ASK));
    let told = house.world.in_slack("codexa link ").await;
    house.link(ADA, &code_in(&told.read())).await;
    house.restart_each();

    house.world.slack.send_event(house.world.slack.said(CHANNEL, "U1", ASK));
    let card = house.world.in_slack("design gate · 0 of 2").await;
    house.restart_each();
    house.world.slack.send_interaction(house.world.slack.pressed(CHANNEL, &card, "Approve", "U1"));
    house.restart_each();
    house.world.pressed_until(&card, "design gate · 1 of 2").await;

    // The bus forgets everything, and the database goes away for a while.
    house.redis.restart();
    house.postgres.stop_immediately();
    house.postgres.restart();
    // What is said to Discord while nobody is connected is not said again: the new process has to be there.
    let before = house.world.discord.sessions().0;
    house.restart("discord");
    house
        .world
        .discord
        .until("the new process is there", |discord| (discord.sessions().0 > before).then_some(()))
        .await;
    house.world.discord.ready().await;
    house.world.discord.says(DISCORD_CHANNEL, &dea, &format!("<@{BOT}> {ASK}"));
    let private = house.world.discord.direct(&dea);
    let look = |discord: &codexa_testkit::discord::Discord| {
        discord.seen(private, &dea).into_iter().find(|message| message.text().contains("codexa link "))
    };
    let told = house.world.discord.until("a code comes", look).await;
    house.link(BEA, &code_in(&told.text())).await;
    house.world.discord.says(DISCORD_CHANNEL, &dea, &format!("<@{BOT}> {ASK}"));
    let twin = house.world.in_discord(&dea, "design gate · 1 of 2").await;
    house.world.discord.press(&dea, twin.id, "Approve");
    house.world.in_slack("design gate · 2 of 2").await;
    house.world.edit("plan.md", "# another plan\n");
    house.world.in_slack("design gate · 0 of 2").await;
    house.world.in_discord(&dea, "design gate · 0 of 2").await;

    let change = cid.change("CH-001").await.unwrap();
    let stale = change.gates[0].votes.iter().filter(|vote| vote.stale).count();
    assert_eq!((change.gates[0].votes.len(), stale), (2, 2));
    let status = said(&cid, "status", "status").await.unwrap();
    // The branch pinned, a change opened, two accounts linked, a gate opened, two votes.
    assert!(status.says.contains("7 ledger entries"), "{}", status.says);
    assert_eq!(house.world.slack_faults(), Vec::<String>::new());
    house.world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_waited_for_and_said_to_be_away() {
    let mut house = Apart::new().await;
    house.postgres.stop();
    house.start_all();
    let cid = house.client(CID);
    let away = async || cid.changes().await.err().filter(|error| error.code() == Some("SERVICE_UNAVAILABLE"));
    house.world.until("the gateway says that governance is away", away).await;
    house.postgres.restart();
    house.ready().await;

    cid.open_change("cap the parser depth", "open").await.unwrap();
    let ada = house.client(ADA);
    let nonce = said(&ada, ASK, "ask").await.unwrap().confirm.unwrap().nonce;
    house.postgres.stop_immediately();
    let confirm = codexa_api::DirectiveRequest { confirm: Some(nonce), ..Default::default() };
    let error = ada.directive(&confirm, "vote").await.unwrap_err();
    assert!(error.is_temporary(), "{error}");
    house.postgres.restart();
    let voted = house.world.until("the vote is taken", async || ada.directive(&confirm, "vote").await.ok()).await;
    assert_eq!(voted.card.unwrap().have, 1);
}
