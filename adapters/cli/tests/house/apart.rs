//! Each role a process of its own, over TCP, PostgreSQL and Redis, as they stand in containers.

use crate::roles::{Apart, ROLES};
use crate::story::{House, tell};
use crate::world::{ASK, World, said};
use codexa_governance::store::{Store, open_postgres};
use codexa_testkit::postgres::{Postgres, Version};
use std::sync::Arc;

/// A house of which these break whenever something has begun: roles, `postgres` and `redis`.
struct Breaking {
    house: Apart,
    breaks: &'static [&'static str],
}

impl Breaking {
    /// All of it running.
    async fn start(breaks: &'static [&'static str]) -> Self {
        Self::of(Apart::new(Postgres::start(Version::V15)).await, breaks)
    }

    fn of(mut house: Apart, breaks: &'static [&'static str]) -> Self {
        house.start_all();
        Self { house, breaks }
    }
}

impl House for Breaking {
    fn world(&self) -> &World {
        &self.house.world
    }

    fn strike(&mut self) {
        self.breaks.iter().for_each(|what| self.house.restart(what));
    }

    async fn store(&self) -> Arc<dyn Store> {
        open_postgres(&self.house.database, &self.house.world.project_id()).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_is_the_same_where_each_role_is_a_process() {
    let mut house = Breaking::start(&[]).await;
    tell(&mut house).await;
    assert_eq!(house.world().faults(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_is_the_same_where_there_is_no_redis() {
    let house = Apart::without_redis(Postgres::start(Version::V15)).await;
    let mut house = Breaking::of(house, &[]);
    tell(&mut house).await;
    assert_eq!(house.world().faults(), Vec::<String>::new());
}

/// Tells the story where these break in the midst of each act.
async fn tell_where_these_break(breaks: &'static [&'static str]) {
    let mut house = Breaking::start(breaks).await;
    house.world().make_impatient();
    tell(&mut house).await;
    assert_eq!(house.world().faults_of_the_living(), Vec::<String>::new(), "{breaks:?}");
}

/// Houses of their own, at the same time: mostly they wait for what was killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_45_each_role_is_killed_at_each_step_and_the_story_ends_right() {
    tokio::join!(
        tell_where_these_break(&["slack"]),
        tell_where_these_break(&["discord", "planner"]),
        tell_where_these_break(&["gateway"]),
        tell_where_these_break(&["governance"]),
        tell_where_these_break(&["discovery"]),
        tell_where_these_break(&["postgres", "redis"]),
        tell_where_these_break(&ROLES),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_waited_for_and_said_to_be_away() {
    let mut house = Apart::new(Postgres::start(Version::V15)).await;
    house.postgres.stop();
    house.start_all();
    let cid = house.world.client("cid");
    let away = async || cid.changes().await.err().filter(|error| error.code() == Some("SERVICE_UNAVAILABLE"));
    house.world.until("the gateway says that governance is away", away).await;
    let waits = async || house.log("governance").contains("waiting for the store of decisions").then_some(());
    house.world.until("governance says what it waits for", waits).await;
    house.postgres.restart();
    house.world.ready().await;

    cid.open_change("cap the parser depth", "open").await.unwrap();
    let ada = house.world.client("ada");
    let nonce = said(&ada, ASK, "ask").await.unwrap().confirm.unwrap().nonce;
    house.postgres.stop_immediately();
    let confirm = codexa_api::DirectiveRequest { confirm: Some(nonce), ..Default::default() };
    let error = ada.directive(&confirm, "vote").await.unwrap_err();
    assert_eq!((error.code(), error.is_temporary()), (Some("STORE_UNAVAILABLE"), true), "{error}");
    house.postgres.restart();
    let voted = house.world.until("the vote is taken", async || ada.directive(&confirm, "vote").await.ok()).await;
    assert_eq!(voted.card.unwrap().have, 1);
}
