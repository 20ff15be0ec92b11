//! How long people in a chat wait, and what the processes hold: from a message to its card, and from a press to the changed card in
//! the same chat and in the other one. `cargo bench -p codexa --bench story -- --write "$PWD/docs/PERFORMANCE.md"`.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has nothing to say but where it stopped"
)]

#[path = "../tests/house/roles.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod roles;
#[path = "../tests/house/world.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod world;

use codexa_client::Client;
use codexa_testkit::discord::{BOT, CHANNEL as DISCORD_CHANNEL, Discord, User};
use codexa_testkit::postgres::{Postgres, Version};
use codexa_testkit::slack::{CHANNEL, Shown};
use roles::Apart;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use world::{ASK, World, code_in};

/// How often each wait is measured.
const ROUNDS: usize = 20;

/// How often a chat is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

const BEGIN: &str = "<!-- story:begin -->\n";
const END: &str = "<!-- story:end -->\n";

/// What was waited for, in milliseconds.
#[derive(Default)]
struct Waits {
    /// The words over HTTP, to the answer: what of a card is not chat.
    answer: Vec<f64>,
    slack_card: Vec<f64>,
    discord_card: Vec<f64>,
    /// From the press in Slack to the changed card there.
    slack_changed: Vec<f64>,
    /// From the press in Slack to the changed card in Discord.
    discord_changed: Vec<f64>,
}

#[tokio::main]
async fn main() {
    let mut page = String::new();
    one_process(&mut page).await;
    apart(&mut page).await;
    let binary = fs::metadata(codexa_testkit::cli::binary()).expect("the binary is built").len();
    let _ = writeln!(page, "\nThe binary: {} MiB with line tables.", binary >> 20);
    println!("{page}");
    let mut arguments = std::env::args().skip_while(|argument| argument != "--write").skip(1);
    if let Some(file) = arguments.next() {
        write(Path::new(&file), &page);
    }
}

/// Everything in one process, over SQLite.
async fn one_process(page: &mut String) {
    let mut world = World::new().await.up().await;
    let (ada, cid) = (world.client("ada"), world.client("cid"));
    let dea = known(&world, &ada, &world.client("bea")).await;
    let waits = waits(&world, &cid, &ada, &dea).await;
    table(page, "`codexa up`, over SQLite", &waits);
    let up = world.up.take().expect("it runs");
    memory(page, [("`codexa up`", up.id())]);
}

/// Each role its own process, over PostgreSQL and Redis.
async fn apart(page: &mut String) {
    let mut house = Apart::new(Postgres::start_durable(Version::V15)).await;
    house.start_all();
    house.world.ready().await;
    let (ada, cid) = (house.world.client("ada"), house.world.client("cid"));
    let dea = known(&house.world, &ada, &house.world.client("bea")).await;
    let waits = waits(&house.world, &cid, &ada, &dea).await;
    table(page, "six processes, over PostgreSQL 15 and Redis", &waits);
    memory(page, house.running.iter().map(|(role, running)| (*role, running.id())));
}

/// Links the accounts of both chats.
async fn known(world: &World, ada: &Client, bea: &Client) -> User {
    let dea = world.discord.user("dea");
    world.discord.ready().await;
    world.slack.send_event(world.slack.said(CHANNEL, "U1", "status"));
    let code = code_in(&world.in_slack("codexa link ").await.read());
    ada.confirm_link(&code, false, "link-ada").await.expect("the code is good");
    world.discord.says(DISCORD_CHANNEL, &dea, &format!("<@{BOT}> status"));
    let private = world.discord.direct(&dea);
    let look = |discord: &Discord| {
        discord.seen(private, &dea).into_iter().find(|message| message.text().contains("codexa link "))
    };
    let code = code_in(&world.discord.until("a code comes", look).await.text());
    bea.confirm_link(&code, false, "link-bea").await.expect("the code is good");
    dea
}

async fn waits(world: &World, cid: &Client, ada: &Client, dea: &User) -> Waits {
    let mut waits = Waits::default();
    // The first round warms up and is not counted.
    for round in 0..=ROUNDS {
        let change = cid.open_change("cap the parser depth", &format!("open-{round}")).await.expect("it opens").id;
        let ask = ASK.replace("CH-001", &change);
        let slack = |state: &str| {
            let all = world.slack.replies(CHANNEL).into_iter();
            all.rev().find(|shown| shown.read().contains(&change) && shown.read().contains(state))
        };
        let discord = |state: &str| {
            let all = world.discord.seen(DISCORD_CHANNEL, dea).into_iter();
            all.rev().find(|message| message.text().contains(&change) && message.text().contains(state))
        };
        let begun = Instant::now();
        world::said(ada, &ask, &format!("ask-{round}")).await.expect("it answers");
        let answer = since(begun);
        let begun = Instant::now();
        world.slack.send_event(world.slack.said(CHANNEL, "U1", &ask));
        let card: Shown = until(|| slack("0 of 2")).await;
        let slack_card = since(begun);
        let begun = Instant::now();
        world.discord.says(DISCORD_CHANNEL, dea, &format!("<@{BOT}> {ask}"));
        until(|| discord("0 of 2")).await;
        let discord_card = since(begun);
        let begun = Instant::now();
        world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Approve", "U1"));
        until(|| slack("1 of 2")).await;
        let slack_changed = since(begun);
        until(|| discord("1 of 2")).await;
        let discord_changed = since(begun);
        if round > 0 {
            waits.answer.push(answer);
            waits.slack_card.push(slack_card);
            waits.discord_card.push(discord_card);
            waits.slack_changed.push(slack_changed);
            waits.discord_changed.push(discord_changed);
        }
    }
    waits
}

fn since(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

async fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain");
        tokio::time::sleep(LOOK).await;
    }
}

fn table(page: &mut String, house: &str, waits: &Waits) {
    let _ = writeln!(page, "| {house} | median | 9 of 10 | longest |\n| --- | --- | --- | --- |");
    for (what, times) in [
        ("words over HTTP, to the answer", &waits.answer),
        ("message in Slack, to its card", &waits.slack_card),
        ("message in Discord, to its card", &waits.discord_card),
        ("press in Slack, to the changed card there", &waits.slack_changed),
        ("press in Slack, to the changed card in Discord", &waits.discord_changed),
    ] {
        let mut sorted = times.clone();
        sorted.sort_by(f64::total_cmp);
        let (median, most, longest) =
            (sorted[sorted.len() / 2], sorted[sorted.len() * 9 / 10], sorted[sorted.len() - 1]);
        let _ = writeln!(page, "| {what} | {median:.0} ms | {most:.0} ms | {longest:.0} ms |");
    }
    page.push('\n');
}

/// What processes hold now, and the most that they ever held.
fn memory<'a>(page: &mut String, processes: impl IntoIterator<Item = (&'a str, u32)>) {
    let _ = writeln!(page, "| memory of | now | at most |\n| --- | --- | --- |");
    for (name, process) in processes {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the kernel says it");
            line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).expect("a number") >> 10
        };
        let _ = writeln!(page, "| {name} | {} MiB | {} MiB |", field("VmRSS:"), field("VmHWM:"));
    }
    page.push('\n');
}

/// Puts the tables between the page's marks.
fn write(file: &Path, tables: &str) {
    let text = fs::read_to_string(file).expect("the page is there");
    let (head, rest) = text.split_once(BEGIN).expect("the page has the mark");
    let (_, tail) = rest.split_once(END).expect("the page has the mark");
    fs::write(file, format!("{head}{BEGIN}{tables}{END}{tail}")).expect("the page can be written");
}
