use crate::soon::until;
use codexa_chassis::bus::{Bus, BusError, InProcess, Notice, Subscription};
use codexa_chassis::relay::{Outbox, OutboxError, Row, relay};
use codexa_chassis::shutdown::Shutdown;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// Rows in memory, on a bus: both can be told to fail.
#[derive(Debug, Default)]
struct World {
    rows: Mutex<Vec<Row>>,
    asked: AtomicUsize,
    store_is_down: AtomicBool,
    relayed_fails: AtomicBool,
    bus_is_down: AtomicBool,
    bus: InProcess,
    written: Notify,
}

#[async_trait::async_trait]
impl Outbox for World {
    async fn pending(&self, limit: usize) -> Result<Vec<Row>, OutboxError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.store_is_down.load(Ordering::Relaxed) {
            return Err(OutboxError::new("the store is down"));
        }
        Ok(self.rows.lock().expect("no panic").iter().take(limit).cloned().collect())
    }

    async fn relayed(&self, up_to: i64) -> Result<(), OutboxError> {
        if self.relayed_fails.load(Ordering::Relaxed) {
            return Err(OutboxError::new("the store went down"));
        }
        self.rows.lock().expect("no panic").retain(|row| row.id > up_to);
        Ok(())
    }
}

#[async_trait::async_trait]
impl Bus for World {
    async fn publish(&self, topic: &str, message: &str) -> Result<(), BusError> {
        if self.bus_is_down.load(Ordering::Relaxed) || message == "3, which fails" {
            return Err(BusError::Shut);
        }
        self.bus.publish(topic, message).await
    }

    async fn subscribe(&self, topic: &str) -> Result<Subscription, BusError> {
        self.bus.subscribe(topic).await
    }
}

impl World {
    /// A world whose rows are relayed until the shutdown is requested.
    async fn at_work() -> (Arc<Self>, Subscription, Shutdown) {
        let world = Arc::new(Self::default());
        let heard = world.subscribe("events").await.expect("subscribed");
        let shutdown = Shutdown::new();
        let (of_task, stop) = (Arc::clone(&world), shutdown.clone());
        tokio::spawn(async move { relay(&*of_task, &*of_task, &of_task.written, stop).await });
        sleep(Duration::from_millis(1)).await;
        (world, heard, shutdown)
    }

    fn write(&self, ids: std::ops::RangeInclusive<i64>) {
        let row = |id: i64| Row { id, topic: "events".to_owned(), message: id.to_string() };
        self.rows.lock().expect("no panic").extend(ids.map(row));
        self.written.notify_one();
    }

    fn left(&self) -> usize {
        self.rows.lock().expect("no panic").len()
    }
}

async fn hear(subscription: &mut Subscription, ids: std::ops::RangeInclusive<i64>) {
    for id in ids {
        let heard = crate::soon::soon(subscription.next()).await;
        assert_eq!(heard, Some(Notice::Message(id.to_string())));
    }
}

#[tokio::test(start_paused = true)]
async fn rows_are_announced_at_once_and_in_their_order() {
    let (world, mut heard, shutdown) = World::at_work().await;
    let begun = Instant::now();
    world.write(1..=250);
    hear(&mut heard, 1..=250).await;
    until(|| async { world.left() == 0 }).await;
    assert!(begun.elapsed() < Duration::from_millis(10), "woken, batch after batch: {:?}", begun.elapsed());
    shutdown.request();
}

#[tokio::test(start_paused = true)]
async fn rows_of_another_process_are_found_within_a_second() {
    let (world, mut heard, _shutdown) = World::at_work().await;
    world.rows.lock().expect("no panic").push(Row { id: 1, topic: "events".to_owned(), message: "1".to_owned() });
    let begun = Instant::now();
    hear(&mut heard, 1..=1).await;
    assert!(begun.elapsed() <= Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_row_is_announced_again_rather_than_not_at_all() {
    let (world, mut heard, _shutdown) = World::at_work().await;
    world.relayed_fails.store(true, Ordering::Relaxed);
    world.write(1..=2);
    hear(&mut heard, 1..=2).await;
    world.relayed_fails.store(false, Ordering::Relaxed);
    hear(&mut heard, 1..=2).await;
    until(|| async { world.left() == 0 }).await;
}

#[tokio::test(start_paused = true)]
async fn no_row_overtakes_one_that_could_not_be_announced() {
    let (world, mut heard, _shutdown) = World::at_work().await;
    world.rows.lock().expect("no panic").extend((1..=4).map(|id| Row {
        id,
        topic: "events".to_owned(),
        message: if id == 3 { "3, which fails".to_owned() } else { id.to_string() },
    }));
    world.written.notify_one();
    hear(&mut heard, 1..=2).await;
    sleep(Duration::from_secs(60)).await;
    assert_eq!(world.left(), 2, "what was announced is not announced again");
    world.rows.lock().expect("no panic")[0].message = "3".to_owned();
    hear(&mut heard, 3..=4).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_or_a_bus_that_is_down_is_asked_less_and_less() {
    let fails: [fn(&World) -> &AtomicBool; 2] = [|world| &world.store_is_down, |world| &world.bus_is_down];
    for fails in fails {
        let (world, mut heard, shutdown) = World::at_work().await;
        fails(&world).store(true, Ordering::Relaxed);
        world.write(1..=1);
        let before = world.asked.load(Ordering::Relaxed);
        sleep(Duration::from_secs(60)).await;
        let asked = world.asked.load(Ordering::Relaxed) - before;
        assert!((8..=14).contains(&asked), "from a tenth of a second to ten: {asked}");
        fails(&world).store(false, Ordering::Relaxed);
        hear(&mut heard, 1..=1).await;
        shutdown.request();
    }
}

#[tokio::test(start_paused = true)]
async fn a_relay_stops_when_asked() {
    let world = World::default();
    let shutdown = Shutdown::new();
    shutdown.request();
    crate::soon::soon(relay(&world, &world, &world.written, shutdown)).await;
}
