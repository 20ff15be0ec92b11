//! Typed client of the gateway: the contract of [`codexa_api`] over HTTP, a Unix socket, or within the process.
//!
//! A request that changes something carries an idempotency key. After an error that [`Error::is_temporary`], the same
//! request is sent again with the same key, and has its effect once.

mod error;
mod stream;
mod transport;

pub use error::{EVENTS_GONE, Error};
pub use stream::Stream;

use bytes::Bytes;
use codexa_api::{
    Account, Answer, Change, Changes, DirectiveRequest, Identity, InterpretRequest, Job, Jobs, LinkCode, LinkRequest,
    NewChange, Said,
};
use codexa_secret::Secret;
use error::Cause;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::path::Path;
use std::time::Duration;
use tower::{Service, ServiceExt};
use transport::{Carrier, Place};

/// The largest answer that is read, in bytes.
const LARGEST: usize = 16 << 20;

/// Entries of a page where all pages are asked for: the most that the gateway gives at a time.
const PAGE: u32 = 100;

/// How long an answer may take, with its body.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client of one gateway, with one token. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    place: Place,
    carrier: Carrier,
    token: Secret,
}

impl Client {
    /// A client of the gateway at `base_url` (`http://127.0.0.1:7411`); nothing is sent yet.
    ///
    /// # Errors
    /// When `base_url` is no URL of a server.
    pub fn http(base_url: &str, token: Secret) -> Result<Self, Error> {
        let (place, carrier) = transport::at_url(base_url)?;
        Ok(Self { place, carrier, token })
    }

    /// A client of the gateway at the Unix socket `path`; nothing is sent yet.
    #[must_use]
    pub fn unix(path: &Path, token: Secret) -> Self {
        let (place, carrier) = transport::at_socket(path);
        Self { place, carrier, token }
    }

    /// A client of a gateway in this process: an axum router, say. It has no stream.
    #[must_use]
    pub fn over<S, B>(service: S, token: Secret) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self { place: Place::Within, carrier: transport::carrier(service), token }
    }

    /// Who the token is.
    ///
    /// # Errors
    /// [`Error`], as every method here.
    pub async fn me(&self) -> Result<Identity, Error> {
        self.get("/v1/me").await
    }

    /// What words are read as; nothing is carried out.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn interpret(&self, words: &str) -> Result<Said, Error> {
        self.post("/v1/interpret", None, &InterpretRequest { words: words.to_owned() }).await
    }

    /// Carries words out, or confirms an earlier answer.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn directive(&self, request: &DirectiveRequest, key: &str) -> Result<Answer, Error> {
        self.post("/v1/directives", Some(key), request).await
    }

    /// Opens a change.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn open_change(&self, title: &str, key: &str) -> Result<Change, Error> {
        self.post("/v1/changes", Some(key), &NewChange { title: title.to_owned() }).await
    }

    /// The newest changes, and where the next page of them begins.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn changes(&self) -> Result<Changes, Error> {
        self.get("/v1/changes").await
    }

    /// Every change, newest first, page by page.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn all_changes(&self) -> Result<Vec<Change>, Error> {
        let mut path = format!("/v1/changes?limit={PAGE}");
        let mut all = Vec::new();
        loop {
            let page: Changes = self.get(&path).await?;
            all.extend(page.changes);
            let Some(next) = page.next else { return Ok(all) };
            path = format!("/v1/changes?limit={PAGE}&after={}", path_part(&next));
        }
    }

    /// One change with its gates.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn change(&self, id: &str) -> Result<Change, Error> {
        self.get(&format!("/v1/changes/{}", path_part(id))).await
    }

    /// The newest jobs, and where the next page of them begins.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn jobs(&self) -> Result<Jobs, Error> {
        self.get("/v1/jobs").await
    }

    /// One job.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn job(&self, id: &str) -> Result<Job, Error> {
        self.get(&format!("/v1/jobs/{}", path_part(id))).await
    }

    /// A one-time code for an account that nobody has linked yet: what an adapter asks for.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn begin_link(&self, account: &Account, key: &str) -> Result<LinkCode, Error> {
        let request = LinkRequest { account: Some(account.clone()), ..LinkRequest::default() };
        self.post("/v1/links", Some(key), &request).await
    }

    /// Links the account that was given `code` to the person whose token this is; with `look` it only says which one.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn confirm_link(&self, code: &str, look: bool, key: &str) -> Result<Answer, Error> {
        let request = LinkRequest { code: Some(code.to_owned()), look, ..LinkRequest::default() };
        self.post("/v1/links", Some(key), &request).await
    }

    /// What happens from now on, or from behind the event on whose cursor is `after`.
    ///
    /// # Errors
    /// [`Error`], with the code [`EVENTS_GONE`] where what happened behind the cursor is not known any more: open it without
    /// one, and look at everything anew. A client within the process has no stream.
    pub async fn stream(&self, after: Option<&str>) -> Result<Stream, Error> {
        Stream::open(&self.place, &self.token, after).await
    }

    async fn get<A: DeserializeOwned>(&self, path: &str) -> Result<A, Error> {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    async fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        key: Option<&str>,
        body: &impl Serialize,
    ) -> Result<A, Error> {
        let body = serde_json::to_vec(body).map_err(|fault| Error::Settings(fault.to_string()))?;
        self.send(Method::POST, path, key, body.into()).await
    }

    async fn send<A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Bytes,
    ) -> Result<A, Error> {
        let address = self.place.address();
        let mut request = transport::request(&self.place, &self.token, path)?.method(method);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if !body.is_empty() {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Full::new(body))
            .map_err(|fault| Error::Settings(format!("this cannot be asked of {address}: {fault}")))?;
        let late = Error::Unreachable { address: address.clone(), reason: "no answer in 30 s".to_owned() };
        let answer = tokio::time::timeout(PATIENCE, self.exchange(&address, request)).await;
        let (status, body) = answer.map_err(|_| late)??;
        if !status.is_success() {
            return Err(Error::of_answer(&address, status, &body));
        }
        serde_json::from_slice(&body).map_err(|fault| Error::unexpected(&address, status, &fault.to_string()))
    }

    /// The status and the whole body of an answer.
    async fn exchange(&self, address: &str, request: Request<Full<Bytes>>) -> Result<(http::StatusCode, Bytes), Error> {
        let lost = |cause: Cause| Error::unreachable(address, &*cause);
        let answer = self.carrier.clone().oneshot(request).await.map_err(lost)?;
        let (head, body) = answer.into_parts();
        match Limited::new(body, LARGEST).collect().await {
            Ok(body) => Ok((head.status, body.to_bytes())),
            Err(cause) if cause.is::<LengthLimitError>() => {
                Err(Error::unexpected(address, head.status, "more than 16 MiB"))
            }
            Err(cause) => Err(lost(cause)),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Client").field("place", &self.place.address()).field("token", &self.token).finish()
    }
}

/// An id as a part of a path or a query: what would end the part is percent-encoded.
fn path_part(id: &str) -> String {
    id.bytes().fold(String::with_capacity(id.len()), |mut part, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            part.push(char::from(byte));
        } else {
            part.push_str(&format!("%{byte:02X}"));
        }
        part
    })
}
