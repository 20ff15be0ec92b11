//! Whether the gateway lives, and whether it is of use.

use crate::state::Gateway;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Whether every service answers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ready {
    /// Whether all of them do.
    ready: bool,
    /// Each by name: `ok`, or why not.
    #[schema(value_type = BTreeMap<String, String>)]
    checks: BTreeMap<String, codexa_chassis::health::State>,
}

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, description = "It does", body = str, content_type = "text/plain")))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The gateway and what it needs are ready.
#[utoipa::path(get, path = "/readyz", tag = "health", responses(
    (status = 200, description = "All of them are", body = Ready),
    (status = 503, description = "Some are not, and it says which", body = Ready),
))]
pub(crate) async fn readyz(State(gateway): State<Gateway>) -> (StatusCode, Json<Ready>) {
    let readiness = gateway.health.ready().await;
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready: readiness.ready, checks: readiness.checks }))
}
