use crate::soon::{soon, until};
use codexa_chassis::bus::{Bus, BusError, InProcess, Notice, Redis, Subscription};
use codexa_testkit::redis::Redis as Server;
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test]
async fn the_story_within_one_process() {
    story(&InProcess::new()).await;
}

#[tokio::test]
async fn the_story_with_redis() {
    let server = Server::start();
    story(&Redis::connect(&server.url()).await.expect("a bus")).await;
}

async fn story(bus: &dyn Bus) {
    bus.publish("jobs", "nobody listens").await.expect("published");

    let mut first = bus.subscribe("jobs").await.expect("subscribed");
    let mut second = bus.subscribe("jobs").await.expect("subscribed");
    let mut other = bus.subscribe("events").await.expect("subscribed");
    for message in ["one", "zwei 2", ""] {
        bus.publish("jobs", message).await.expect("published");
    }
    bus.publish("events", "else").await.expect("published");
    for subscription in [&mut first, &mut second] {
        assert_eq!(hear(subscription, 3).await, ["one", "zwei 2", ""].map(message));
    }
    assert_eq!(hear(&mut other, 1).await, [message("else")]);

    drop(first);
    let mut late = bus.subscribe("jobs").await.expect("subscribed");
    bus.publish("jobs", "four").await.expect("published");
    assert_eq!(hear(&mut late, 1).await, [message("four")], "what was said before is not repeated");
    assert_eq!(hear(&mut second, 1).await, [message("four")]);

    drop((second, late));
    bus.publish("jobs", "nobody listens any more").await.expect("published");
    settled(bus).await;
    let mut again = bus.subscribe("jobs").await.expect("subscribed");
    bus.publish("jobs", "five").await.expect("published");
    assert_eq!(hear(&mut again, 1).await, [message("five")]);

    slow(bus).await;
}

/// Whatever was published before has been handed out.
async fn settled(bus: &dyn Bus) {
    let mut fence = bus.subscribe("fence").await.expect("subscribed");
    bus.publish("fence", "").await.expect("published");
    hear(&mut fence, 1).await;
}

/// A subscriber that does not keep up is told so, and hears the newest.
async fn slow(bus: &dyn Bus) {
    let mut slow = bus.subscribe("many").await.expect("subscribed");
    for number in 0..600 {
        bus.publish("many", &number.to_string()).await.expect("published");
    }
    settled(bus).await;
    assert_eq!(hear(&mut slow, 1).await, [Notice::Gap]);
    let mut last = soon(slow.next()).await;
    while last != Some(message("599")) {
        assert!(matches!(last, Some(Notice::Message(_))), "one gap is told once: {last:?}");
        last = soon(slow.next()).await;
    }
}

#[tokio::test]
async fn a_bus_that_is_dropped_is_shut() {
    let server = Server::start();
    let redis = Redis::connect(&server.url()).await.expect("a bus");
    let mut subscription = redis.subscribe("jobs").await.expect("subscribed");
    drop(redis);
    assert_eq!(soon(subscription.next()).await, None);

    let in_process = InProcess::new();
    let mut subscription = in_process.subscribe("jobs").await.expect("subscribed");
    drop(in_process);
    assert_eq!(soon(subscription.next()).await, None);
}

#[tokio::test]
async fn topics_that_nobody_listens_to_are_let_go_of() {
    let server = Server::start();
    let (redis, in_process) = (Redis::connect(&server.url()).await.expect("a bus"), InProcess::new());
    for bus in [&redis as &dyn Bus, &in_process] {
        let kept = bus.subscribe("kept").await.expect("subscribed");
        drop(bus.subscribe("left").await.expect("subscribed"));
        let new = bus.subscribe("new").await.expect("subscribed");
        // Answered after whatever the one before had made it do.
        drop(bus.subscribe("new").await.expect("subscribed"));
        drop((kept, new));
    }
    let client = redis::Client::open(server.url()).expect("an address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("connected");
    let channels: Vec<String> =
        redis::cmd("PUBSUB").arg("CHANNELS").query_async(&mut connection).await.expect("answered");
    let (known, kept) = (channels.join(" "), format!("{in_process:?}"));
    for topics in [known, kept] {
        assert!(topics.contains("kept") && topics.contains("new") && !topics.contains("left"), "{topics}");
    }
}

#[tokio::test]
async fn a_gap_tells_of_a_redis_that_was_away() {
    let mut server = Server::start();
    let bus = Redis::connect(&server.url()).await.expect("a bus");
    let mut jobs = bus.subscribe("jobs").await.expect("subscribed");
    let mut events = bus.subscribe("events").await.expect("subscribed");
    server.restart();
    assert_eq!(hear(&mut jobs, 1).await, [Notice::Gap]);
    assert_eq!(hear(&mut events, 1).await, [Notice::Gap]);
    // The other connection finds out when it is used.
    until(|| async { bus.publish("jobs", "back").await.is_ok() }).await;
    assert_eq!(hear(&mut jobs, 1).await, [message("back")]);
}

#[tokio::test]
async fn a_bus_starts_before_its_redis() {
    let mut server = Server::start();
    server.stop();
    let bus = soon(Redis::connect(&server.url())).await.expect("a bus");
    let mut jobs = soon(bus.subscribe("jobs")).await.expect("subscribed");
    let refused = soon(bus.publish("jobs", "nobody is there")).await.expect_err("not published");
    assert!(matches!(&refused, BusError::Publish { topic, .. } if topic == "jobs"), "{refused:?}");
    server.restart();
    assert_eq!(hear(&mut jobs, 1).await, [Notice::Gap], "what was said before it was reached is lost");
    until(|| async { bus.publish("jobs", "now").await.is_ok() }).await;
    assert_eq!(hear(&mut jobs, 1).await, [message("now")]);
}

#[tokio::test]
async fn nobody_waits_long_for_a_redis_that_hangs() {
    let server = Server::start();
    let bus = Redis::connect(&server.url()).await.expect("a bus");
    let mut jobs = bus.subscribe("jobs").await.expect("subscribed");
    server.hang();
    let begun = Instant::now();
    let (events, published) = tokio::join!(bus.subscribe("events"), bus.publish("jobs", "perhaps"));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    published.expect_err("not known to be published");
    let mut events = events.expect("subscribed");
    server.go_on();
    assert_eq!(hear(&mut events, 1).await, [Notice::Gap]);
    until(|| async { bus.publish("jobs", "back").await.is_ok() }).await;
    let mut heard = Vec::new();
    while heard.last() != Some(&message("back")) {
        heard.extend(hear(&mut jobs, 1).await);
    }
    assert!(heard.contains(&Notice::Gap), "{heard:?}");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let refused = Redis::connect("http://127.0.0.1/").await.expect_err("no address of Redis");
    assert!(matches!(refused, BusError::Address(_)), "{refused:?}");
}

fn message(text: &str) -> Notice {
    Notice::Message(text.to_owned())
}

async fn hear(subscription: &mut Subscription, count: usize) -> Vec<Notice> {
    let mut heard = Vec::new();
    for _ in 0..count {
        heard.push(soon(subscription.next()).await.expect("the bus is not shut"));
    }
    heard
}
