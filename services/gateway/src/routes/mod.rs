//! The routes, a file for each thing they are about.

mod changes;
mod directives;
mod health;
mod jobs;
mod links;
mod me;
mod stream;

use crate::extract::{MAX_BODY, WayIn};
use crate::failure::Failure;
use crate::openapi;
use crate::state::Gateway;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router, routing::get};
use codexa_chassis::request_id;
use codexa_proto::v1;
use std::time::Duration;
use tokio::time::timeout;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All routes that the document describes.
pub(crate) fn described() -> OpenApiRouter<Gateway> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(me::me))
        .routes(routes!(directives::interpret))
        .routes(routes!(directives::directive))
        .routes(routes!(changes::list, changes::open))
        .routes(routes!(changes::one))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::one))
        .routes(routes!(links::link))
        .routes(routes!(stream::stream))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
}

/// The gateway as a service, for requests that come in by one way.
pub fn router(gateway: Gateway, way: WayIn) -> Router {
    let (router, document) = described().split_for_parts();
    // Written once: it is the same for everyone.
    let document = Bytes::from(document.to_json().unwrap_or_default());
    let described = move || async move { ([(CONTENT_TYPE, "application/json")], document) };
    router
        .route("/openapi.json", get(described))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_so)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(gateway.pace.answer, in_time))
        .layer(request_id::http())
        .layer(Extension(way))
        .with_state(gateway)
}

/// Whatever services do, there is an answer in a bounded time.
async fn in_time(State(patience): State<Duration>, request: Request, next: Next) -> Result<Response, Failure> {
    timeout(patience, next.run(request)).await.map_err(|_| {
        tracing::warn!("no answer in time");
        Failure::away()
    })
}

async fn nowhere() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "ROUTE_NOT_FOUND", "there is nothing here", "/openapi.json lists what there is")
}

async fn not_so() -> Failure {
    let detail = "this cannot be done here";
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", detail, "/openapi.json lists what can")
}

/// A caller of whom only the token is known.
fn caller(token: String) -> v1::Caller {
    v1::Caller { token, ..v1::Caller::default() }
}
