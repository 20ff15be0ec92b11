//! What happens, as it happens.

use crate::transport::{self, CONNECT, Io, Place};
use crate::{Error, path_part};
use codexa_api::Event;
use codexa_secret::Secret;
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as Fault, Message};

/// A stream that says nothing for this long is asked whether it is still there; after as long again it is not.
const QUIET: Duration = Duration::from_secs(30);

/// The largest event, in bytes.
const LARGEST: usize = 1 << 20;

/// The gateway's events, oldest first. A stream that ended is opened anew behind the last event that was seen.
pub struct Stream {
    socket: WebSocketStream<Box<dyn Io>>,
    address: String,
    asked: bool,
}

impl Stream {
    pub(crate) async fn open(place: &Place, token: &Secret, after: Option<&str>) -> Result<Self, Error> {
        let address = place.address();
        let opened = timeout(CONNECT, Self::shake_hands(place, token, after)).await;
        let late = || Error::Unreachable { address, reason: "no answer in 5 s".to_owned() };
        opened.unwrap_or_else(|_| Err(late()))
    }

    async fn shake_hands(place: &Place, token: &Secret, after: Option<&str>) -> Result<Self, Error> {
        let address = place.address();
        let behind = |cursor| format!("/v1/stream?after={}", path_part(cursor));
        let path = after.map_or_else(|| "/v1/stream".to_owned(), behind);
        let request = upgrade(place, token, &path)?;
        let io = place.connect().await.map_err(|cause| Error::unreachable(&address, &*cause))?;
        let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
        match tokio_tungstenite::client_async_with_config(request, io, Some(config)).await {
            Ok((socket, _)) => Ok(Self { socket, address, asked: false }),
            Err(Fault::Http(answer)) => {
                let (head, body) = answer.into_parts();
                Err(Error::of_answer(&address, head.status, &body.unwrap_or_default()))
            }
            Err(fault) => Err(Error::unreachable(&address, &fault)),
        }
    }

    /// The next event; `None` when the gateway closed the stream. An error ends the stream as well.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        loop {
            let Ok(message) = timeout(QUIET, self.socket.next()).await else {
                match self.ask().await {
                    Ok(()) => continue,
                    Err(error) => return Some(Err(error)),
                }
            };
            self.asked = false;
            match message? {
                Ok(Message::Text(text)) => return Some(self.read(&text)),
                Ok(Message::Close(_)) => return None,
                // Pings are answered by the library; what else may come is no event.
                Ok(_) => {}
                Err(fault) => return Some(Err(Error::unreachable(&self.address, &fault))),
            }
        }
    }

    fn read(&self, text: &str) -> Result<Event, Error> {
        serde_json::from_str(text)
            .map_err(|fault| Error::unexpected(&self.address, http::StatusCode::OK, &format!("{fault} in an event")))
    }

    /// Asks a quiet gateway whether it is still there.
    async fn ask(&mut self) -> Result<(), Error> {
        if std::mem::replace(&mut self.asked, true) {
            let reason = "the stream is silent".to_owned();
            return Err(Error::Unreachable { address: self.address.clone(), reason });
        }
        let sent = self.socket.send(Message::Ping(bytes::Bytes::new())).await;
        sent.map_err(|fault| Error::unreachable(&self.address, &fault))
    }
}

/// The request that turns a connection into a stream.
fn upgrade(place: &Place, token: &Secret, path: &str) -> Result<http::Request<()>, Error> {
    let wrong = |fault: http::Error| Error::Settings(format!("{}: {fault}", place.address()));
    let url = place.url(path);
    let uri: http::Uri = url.parse().map_err(|fault: http::uri::InvalidUri| wrong(fault.into()))?;
    let host = uri.authority().map_or("localhost", http::uri::Authority::as_str);
    transport::request(place, token, path)?
        // http becomes ws, https becomes wss: the library reads the scheme and sends only the path.
        .uri(url.replacen("http", "ws", 1))
        .header(http::header::HOST, host)
        .header(http::header::CONNECTION, "Upgrade")
        .header(http::header::UPGRADE, "websocket")
        .header(http::header::SEC_WEBSOCKET_VERSION, "13")
        .header(http::header::SEC_WEBSOCKET_KEY, generate_key())
        .body(())
        .map_err(wrong)
}
