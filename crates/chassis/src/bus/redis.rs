//! The bus of several processes: Redis carries the messages and keeps none of them.

use super::{BEHIND, Bus, BusError, Notice, Subscription};
use crate::backoff::Backoff;
use crate::redis_link::{self, PATIENCE, PREFIX};
use crate::telemetry::chain;
use redis::aio::{ConnectionManager, PubSubSink, PubSubStream};
use redis::{AsyncCommands, Client, ErrorKind, RedisError, RedisResult};
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::time::Duration;
use tokio::sync::broadcast::{self, Sender};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tokio_stream::StreamExt;

/// How often a silent connection is asked whether it still is one.
const PING: Duration = Duration::from_secs(15);
/// How many subscribers may wait to be served at a time.
const WAITING: usize = 64;

/// Clones share two connections: one publishes, the other listens. Both are made again whenever they break. The bus is
/// shut when the last clone is dropped.
#[derive(Clone)]
pub struct Redis {
    publisher: ConnectionManager,
    asks: mpsc::Sender<Ask>,
}

/// Someone wants to subscribe to a topic.
struct Ask {
    topic: String,
    answer: oneshot::Sender<Subscription>,
}

impl Redis {
    /// The bus at `redis://…`. It makes one attempt to connect; a server that is away is tried again and again.
    ///
    /// # Errors
    /// When the address is none.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn connect(url: &str) -> Result<Self, BusError> {
        let client = Client::open(url).map_err(BusError::Address)?;
        let publisher = redis_link::manager(&client).map_err(BusError::Address)?;
        let (asks, asked) = mpsc::channel(WAITING);
        let first = connect(&client).await;
        let listener = Listener { client, asked, topics: BTreeMap::new() };
        // It ends when nobody can ask it for anything any more.
        tokio::spawn(listener.run(first));
        Ok(Self { publisher, asks })
    }
}

#[async_trait::async_trait]
impl Bus for Redis {
    async fn publish(&self, topic: &str, message: &str) -> Result<(), BusError> {
        let published = self.publisher.clone().publish(channel(topic), message).await;
        published.map_err(|source| BusError::Publish { topic: topic.to_owned(), source })
    }

    async fn subscribe(&self, topic: &str) -> Result<Subscription, BusError> {
        let (answer, answered) = oneshot::channel();
        let ask = Ask { topic: topic.to_owned(), answer };
        self.asks.send(ask).await.map_err(|_| BusError::Shut)?;
        answered.await.map_err(|_| BusError::Shut)
    }
}

/// The one task that owns the listening connection and who listens to what.
struct Listener {
    client: Client,
    asked: mpsc::Receiver<Ask>,
    topics: BTreeMap<String, Sender<Notice>>,
}

type Connection = (PubSubSink, PubSubStream);

impl Listener {
    async fn run(mut self, first: RedisResult<Connection>) {
        let mut backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(5));
        let mut connected = first;
        loop {
            let broke = match connected {
                Ok(connection) => {
                    backoff.reset();
                    self.listen(connection).await
                }
                Err(error) => Some(error),
            };
            let Some(error) = broke else { return };
            let wait = backoff.wait();
            tracing::warn!(error = %chain(&error), again_in = ?wait, "no connection to Redis; hints may be lost");
            if !self.stay(wait).await {
                return;
            }
            connected = connect(&self.client).await;
        }
    }

    /// Serves subscribers without a connection; false when nobody can ask any more.
    async fn stay(&mut self, wait: Duration) -> bool {
        let waited = sleep(wait);
        tokio::pin!(waited);
        loop {
            tokio::select! {
                () = &mut waited => return true,
                ask = self.asked.recv() => match ask {
                    Some(ask) => self.promise(ask),
                    None => return false,
                },
            }
        }
    }

    /// Listens until the connection breaks; `None` when nobody can ask any more.
    async fn listen(&mut self, (mut sink, mut messages): Connection) -> Option<RedisError> {
        if let Err(error) = self.resume(&mut sink).await {
            return Some(error);
        }
        let mut ping = interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                message = messages.next() => match message {
                    Some(message) => {
                        self.hand_out(&message);
                        Ok(())
                    }
                    None => Err(RedisError::from((ErrorKind::Io, "the connection is closed"))),
                },
                ask = self.asked.recv() => match ask {
                    Some(ask) => self.admit(ask, &mut sink).await,
                    None => return None,
                },
                _ = ping.tick() => within(sink.ping::<redis::Value>()).await.map(drop),
            };
            if let Err(error) = done {
                return Some(error);
            }
        }
    }

    /// Subscribes to every topic that still has listeners; what was said meanwhile is lost.
    async fn resume(&mut self, sink: &mut PubSubSink) -> RedisResult<()> {
        self.topics.retain(|_, sender| sender.receiver_count() > 0);
        for (topic, sender) in &self.topics {
            within(sink.subscribe(channel(topic))).await?;
            // An error says that nobody listens any more.
            let _ = sender.send(Notice::Gap);
        }
        Ok(())
    }

    /// A subscriber is answered once Redis has confirmed the topic: nothing published after that is missed.
    async fn admit(&mut self, ask: Ask, sink: &mut PubSubSink) -> RedisResult<()> {
        let confirmed = match self.topics.contains_key(&ask.topic) {
            true => Ok(()),
            false => within(sink.subscribe(channel(&ask.topic))).await,
        };
        self.promise(ask);
        confirmed?;
        self.tidy(sink).await
    }

    /// Answers a subscriber; where the topic is not confirmed, a gap follows once it is.
    fn promise(&mut self, ask: Ask) {
        let sender = self.topics.entry(ask.topic).or_insert_with(|| broadcast::channel(BEHIND).0);
        // An error says that the subscriber went away.
        let _ = ask.answer.send(Subscription(sender.subscribe()));
    }

    fn hand_out(&self, message: &redis::Msg) {
        let topic = message.get_channel_name().strip_prefix(PREFIX);
        let Some(sender) = topic.and_then(|topic| self.topics.get(topic)) else { return };
        // What is no text was not published by us; something was said all the same.
        let notice = message.get_payload().map_or(Notice::Gap, Notice::Message);
        // An error says that nobody listens any more, which the next subscriber makes us look for.
        let _ = sender.send(notice);
    }

    /// Leaves the topics that nobody listens to any more.
    async fn tidy(&mut self, sink: &mut PubSubSink) -> RedisResult<()> {
        let left = self.topics.extract_if(.., |_, sender| sender.receiver_count() == 0);
        for (topic, _) in left {
            within(sink.unsubscribe(channel(&topic))).await?;
        }
        Ok(())
    }
}

async fn connect(client: &Client) -> RedisResult<Connection> {
    Ok(within(client.get_async_pubsub()).await?.split())
}

fn channel(topic: &str) -> String {
    format!("{PREFIX}{topic}")
}

/// An answer that does not come in time is a connection that broke.
async fn within<T>(asked: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    let late = || RedisError::from((ErrorKind::Io, "no answer in time"));
    timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(late()))
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}
