//! How requests get to the gateway: over TCP with or without TLS, over a Unix socket, or within the process.

use crate::Error;
use crate::error::Cause;
use bytes::Bytes;
use codexa_secret::Secret;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};

/// How long a connection may take to open.
pub(crate) const CONNECT: Duration = Duration::from_secs(5);

/// A body as it comes in.
pub(crate) type Body = UnsyncBoxBody<Bytes, BrokenOff>;

/// A body that ended before its end.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BrokenOff(#[source] Cause);

/// Carries requests.
pub(crate) type Carrier = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, Cause>;

/// A byte stream to the gateway.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Where the gateway is.
#[derive(Clone)]
pub(crate) enum Place {
    /// At a URL, without the slash at its end.
    Url { base: String, connector: HttpsConnector<HttpConnector> },
    /// At a Unix socket.
    Socket(PathBuf),
    /// In this process.
    Within,
}

impl Place {
    /// The place as errors name it.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Url { base, .. } => base.clone(),
            Self::Socket(path) => path.display().to_string(),
            Self::Within => "this process".to_owned(),
        }
    }

    /// The URL of a path there.
    pub(crate) fn url(&self, path: &str) -> String {
        match self {
            Self::Url { base, .. } => format!("{base}{path}"),
            // The host is nobody's; HTTP wants one.
            Self::Socket(_) | Self::Within => format!("http://localhost{path}"),
        }
    }

    /// A connection of its own, for the stream.
    pub(crate) async fn connect(&self) -> Result<Box<dyn Io>, Cause> {
        match self {
            Self::Url { base, connector } => {
                let mut connector = connector.clone();
                let connector = ServiceExt::<Uri>::ready(&mut connector).await?;
                Ok(Box::new(TokioIo::new(connector.call(base.parse()?).await?)))
            }
            Self::Socket(path) => Ok(Box::new(UnixStream::connect(path).await?)),
            Self::Within => Err("a client within the process has no stream".into()),
        }
    }
}

/// A gateway at a URL.
pub(crate) fn at_url(base_url: &str) -> Result<(Place, Carrier), Error> {
    let base = base_url.trim().trim_end_matches('/').to_owned();
    let known = base.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() && uri.query().is_none()
    });
    if !known {
        let wrong = format!("`{base_url}` is no address of a gateway: give one like http://127.0.0.1:7411");
        return Err(Error::Settings(wrong));
    }
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT));
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    let pool = Pool::builder(TokioExecutor::new()).build(connector.clone());
    Ok((Place::Url { base, connector }, carrier(pool)))
}

/// A gateway at a Unix socket.
pub(crate) fn at_socket(path: &Path) -> (Place, Carrier) {
    let socket = path.to_owned();
    let connector = tower::service_fn(move |_: Uri| {
        let socket = socket.clone();
        Box::pin(async move { UnixStream::connect(socket).await.map(TokioIo::new) })
    });
    let pool = Pool::builder(TokioExecutor::new()).build(connector);
    (Place::Socket(path.to_owned()), carrier(pool))
}

/// Any service, as a carrier.
pub(crate) fn carrier<S, B>(service: S) -> Carrier
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<Cause>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Cause>,
{
    BoxCloneSyncService::new(service.map_err(Into::into).map_response(|answer: Response<B>| {
        answer.map(|body| body.map_err(|cause| BrokenOff(cause.into())).boxed_unsync())
    }))
}

/// A request without a body, with what every request says of its sender.
pub(crate) fn request(place: &Place, token: &Secret, path: &str) -> Result<http::request::Builder, Error> {
    let mut authorization = HeaderValue::try_from(format!("Bearer {}", token.expose()))
        .map_err(|_| Error::Settings("the token holds characters that no token has: read it again".to_owned()))?;
    authorization.set_sensitive(true);
    Ok(Request::builder()
        .uri(place.url(path))
        .header(http::header::AUTHORIZATION, authorization)
        .header(http::header::USER_AGENT, concat!("codexa/", env!("CARGO_PKG_VERSION"))))
}
