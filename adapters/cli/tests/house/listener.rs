//! Somebody who listens to everything that happens, and goes on behind the last event where the stream breaks.

use crate::world::{PATIENCE, World};
use codexa_api::Event;
use codexa_client::Stream;
use tokio::time::timeout;

/// A listener, from the beginning on.
#[derive(Default)]
pub struct Listener {
    stream: Option<Stream>,
    heard: Vec<Event>,
}

impl Listener {
    /// The first event that says this, once it came.
    pub async fn hear(&mut self, world: &World, says: &str) -> Event {
        let hearing = async {
            loop {
                if let Some(event) = self.heard.iter().find(|event| event.says == says) {
                    return event.clone();
                }
                self.listen(world).await;
            }
        };
        timeout(PATIENCE, hearing).await.unwrap_or_else(|_| panic!("nobody said {says:?}"))
    }

    /// How often something was said so far.
    pub fn times(&self, says: &str) -> usize {
        self.heard.iter().filter(|event| event.says == says).count()
    }

    /// Hears the next event, or that the stream broke: no event is left out, and none comes twice.
    async fn listen(&mut self, world: &World) {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.open(world).await,
        };
        if let Some(Ok(event)) = stream.next().await {
            let last = self.heard.last().map_or(0, |last| last.id);
            assert_eq!(event.id, last + 1, "{event:?}");
            self.heard.push(event);
            self.stream = Some(stream);
        }
    }

    async fn open(&self, world: &World) -> Stream {
        let after = self.heard.last().map_or("0", |last| &last.cursor);
        world.until("the gateway takes listeners", async || world.client("ada").stream(Some(after)).await.ok()).await
    }
}
