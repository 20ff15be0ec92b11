//! What a request brings, checked before anything is asked of a service.
//!
//! Extractors of axum answer in plain text where a request is not as it should be; these answer with problem documents.

use crate::failure::Failure;
use crate::state::Gateway;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use codexa_api::Channel;
use codexa_proto::v1;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use tokio::time::timeout;
use utoipa::IntoParams;

/// Longest body, in bytes.
pub(crate) const MAX_BODY: usize = 64 << 10;

/// Longest idempotency key, in bytes.
pub(crate) const MAX_KEY: usize = 200;

/// The bearer token, not yet looked at by anyone. Nothing prints it.
pub(crate) struct Bearer(pub String);

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let value = only(&parts.headers, header::AUTHORIZATION.as_str());
        let token =
            value.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let refused = || {
            let help = "send `Authorization: Bearer TOKEN`; `codexa token new` makes one";
            Failure::new(StatusCode::UNAUTHORIZED, "TOKEN_INVALID", "there is no bearer token", help)
        };
        let token = token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty());
        token.map(|token| Self(token.to_owned())).ok_or_else(refused)
    }
}

/// The way that a request came in by. What an entry of the ledger says of it nobody who asks can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayIn {
    /// This machine's own commands: a socket that its owner alone can open, or the same process.
    Terminal,
    /// The network.
    Rest,
}

impl<S: Sync> FromRequestParts<S> for WayIn {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self::Rest))
    }
}

impl WayIn {
    /// Where something was said that came in by it.
    pub(crate) fn channel(self, said: Option<Channel>) -> v1::Channel {
        let kind = match self {
            Self::Terminal => "terminal",
            Self::Rest => "rest",
        };
        let Channel { place, link } = said.unwrap_or_default();
        v1::Channel { kind: kind.to_owned(), place, link }
    }
}

/// The idempotency key, which every request has that may change something.
pub(crate) struct Key(pub String);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let key = only(&parts.headers, "idempotency-key").map(str::trim);
        let key = key.filter(|key| (1..=MAX_KEY).contains(&key.len()));
        let missing = || {
            let detail =
                format!("a request that may change something needs one `Idempotency-Key`, of at most {MAX_KEY} bytes");
            Failure::new(StatusCode::BAD_REQUEST, "IDEMPOTENCY_KEY", detail, "send a new UUID with each new request")
        };
        key.map(|key| Self(key.to_owned())).ok_or_else(missing)
    }
}

/// A header that is there once, as text.
pub(crate) fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// What stands in a path's braces.
pub(crate) struct Part(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let part = Path::from_request_parts(parts, state).await;
        part.map(|Path(part)| Self(part)).map_err(|rejection| {
            let help = "/openapi.json lists the paths that there are";
            Failure::new(StatusCode::BAD_REQUEST, "PATH_INVALID", rejection.body_text(), help)
        })
    }
}

/// What stands behind a path's question mark.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let asked = Query::from_request_parts(parts, state).await;
        asked.map(|Query(asked)| Self(asked)).map_err(|rejection| {
            let help = "/openapi.json says what may be asked for here";
            Failure::new(StatusCode::BAD_REQUEST, "QUERY_INVALID", short(&rejection.body_text()), help)
        })
    }
}

/// Which page of a list is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// How many entries at most; there are fewer where they are large.
    #[serde(default = "usual")]
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: u32,
    /// The `next` of the page before; without it, the first page.
    #[serde(default)]
    after: String,
}

fn usual() -> u32 {
    50
}

impl Page {
    /// What governance is asked for.
    pub fn request(self, caller: v1::Caller) -> Result<v1::ListRequest, Failure> {
        let Self { limit, after } = self;
        if !(1..=100).contains(&limit) {
            let detail = format!("a page has 1 to 100 entries, not {limit}");
            let help = "ask for fewer, and for the next page with `after`";
            return Err(Failure::new(StatusCode::BAD_REQUEST, "QUERY_INVALID", detail, help));
        }
        Ok(v1::ListRequest { caller: Some(caller), limit, after })
    }
}

/// A JSON body of a known shape, a bounded length and a bounded time.
pub(crate) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Gateway> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Failure> {
        is_plain_json(request.headers())?;
        let read = timeout(gateway.pace.body, Bytes::from_request(request, gateway)).await.map_err(|_| {
            let detail = "the body did not arrive in time";
            Failure::new(StatusCode::REQUEST_TIMEOUT, "BODY_SLOW", detail, "send it again, with the same key")
        })?;
        let bytes = read.map_err(|rejection| unread(&rejection))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let detail = format!("the body is not what is asked for here: {}", short(&error.to_string()));
            Failure::new(StatusCode::BAD_REQUEST, "BODY_INVALID", detail, "/openapi.json says what is asked for")
        })
    }
}

/// A body that is said to be JSON and nothing else: what is packed could be of any length.
fn is_plain_json(headers: &HeaderMap) -> Result<(), Failure> {
    let kind = only(headers, header::CONTENT_TYPE.as_str()).and_then(|kind| kind.split(';').next());
    if !kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        let detail = "the body is not said to be JSON";
        let help = "send `Content-Type: application/json`";
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BODY_TYPE", detail, help));
    }
    let is_plain = |packed: &HeaderValue| packed.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).iter().all(is_plain) {
        return Ok(());
    }
    let detail = "the body is compressed";
    let refused = Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BODY_ENCODED", detail, "send it as it is");
    Err(refused.saying(header::ACCEPT_ENCODING, "identity"))
}

/// What a parser says quotes what it read, which may be as long as a body.
fn short(text: &str) -> String {
    const LONGEST: usize = 300;
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    format!("{}…", text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default())
}

fn unread(rejection: &BytesRejection) -> Failure {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let detail = format!("a body has at most {MAX_BODY} bytes");
        return Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", detail, "say it in fewer words");
    }
    Failure::new(StatusCode::BAD_REQUEST, "BODY_UNREADABLE", "the body could not be read", "send it again")
}
