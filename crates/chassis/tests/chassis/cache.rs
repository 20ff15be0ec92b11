use crate::soon::{soon, until};
use codexa_chassis::cache::{Bounds, Cache, InProcess, Redis};
use codexa_testkit::redis::Redis as Server;
use std::time::Duration;
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn the_story_within_one_process() {
    story(&InProcess::new(Bounds::default())).await;
}

#[tokio::test]
async fn the_story_with_redis() {
    let server = Server::start();
    story(&Redis::new(&server.url()).expect("a cache")).await;
}

async fn story(cache: &dyn Cache) {
    assert_eq!(cache.get("a").await, None);
    cache.put("a", b"1", HOUR).await;
    cache.put("b", &[0, 255], Duration::MAX).await;
    assert_eq!(cache.get("a").await.as_deref(), Some(&b"1"[..]));
    assert_eq!(cache.get("b").await.as_deref(), Some(&[0, 255][..]), "any bytes, and for as long as can be told");
    cache.put("a", b"two", HOUR).await;
    assert_eq!(cache.get("a").await.as_deref(), Some(&b"two"[..]));
    cache.forget("a").await;
    cache.forget("never there").await;
    assert_eq!(cache.get("a").await, None);

    for ttl in [Duration::ZERO, Duration::from_millis(30)] {
        cache.put("short", b"1", HOUR).await;
        cache.put("short", b"2", ttl).await;
        until(|| async { cache.get("short").await.is_none() }).await;
    }
    assert!(cache.get("b").await.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_value_lives_exactly_as_long_as_it_may() {
    let cache = InProcess::new(Bounds::default());
    cache.put("a", b"1", HOUR).await;
    tokio::time::advance(HOUR - Duration::from_millis(1)).await;
    assert!(cache.get("a").await.is_some());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(cache.get("a").await, None);
}

#[tokio::test]
async fn what_was_used_longest_ago_makes_room() {
    let cache = InProcess::new(Bounds { bytes: 1000, entries: 3 });
    for key in ["a", "b", "c"] {
        cache.put(key, b"1", HOUR).await;
    }
    cache.get("a").await;
    cache.put("d", b"1", HOUR).await;
    assert_eq!(present(&cache).await, ["a", "c", "d"]);
}

#[tokio::test]
async fn bytes_are_bounded_and_counted_down_again() {
    let cache = InProcess::new(Bounds { bytes: 30, entries: 100 });
    for _ in 0..3 {
        for key in ["a", "b", "c"] {
            cache.put(key, &[1; 9], HOUR).await;
        }
        assert_eq!(present(&cache).await, ["a", "b", "c"], "three times ten bytes");
        cache.put("d", &[1; 10], HOUR).await;
        assert_eq!(present(&cache).await, ["c", "d"]);
        cache.put("d", &[1; 30], HOUR).await;
        assert_eq!(present(&cache).await, ["c"], "a value that is too large is not kept, nor the one it replaces");
        cache.forget("c").await;
    }
}

#[tokio::test]
async fn a_redis_that_is_away_is_a_miss() {
    let mut server = Server::start();
    let cache = Redis::new(&server.url()).expect("a cache");
    cache.put("a", b"1", HOUR).await;
    server.hang();
    let begun = Instant::now();
    assert_eq!(soon(cache.get("a")).await, None);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    server.stop();
    assert_eq!(soon(cache.get("a")).await, None);
    soon(cache.put("a", b"2", HOUR)).await;
    soon(cache.forget("a")).await;
    server.restart();
    until(|| async {
        cache.put("a", b"3", HOUR).await;
        cache.get("a").await.as_deref() == Some(b"3")
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let refused = Redis::new("nowhere").expect_err("no address of Redis");
    assert_eq!(refused.to_string(), "not an address of Redis");
}

async fn present(cache: &InProcess) -> Vec<&'static str> {
    let mut present = Vec::new();
    for key in ["a", "b", "c", "d"] {
        // Reading is a use: in the order of the keys, so that the tests know it.
        if cache.get(key).await.is_some() {
            present.push(key);
        }
    }
    present
}
