//! Who the caller is.

use super::caller;
use crate::extract::Bearer;
use crate::failure::Failure;
use crate::openapi::Reading;
use crate::state::Gateway;
use axum::Json;
use axum::extract::State;
use codexa_api::Identity;

/// Who the token stands for.
#[utoipa::path(get, path = "/v1/me", tag = "people", security(("token" = [])), responses(
    (status = 200, description = "Who it is", body = Identity),
    Reading,
))]
pub(crate) async fn me(State(gateway): State<Gateway>, Bearer(token): Bearer) -> Result<Json<Identity>, Failure> {
    let who = gateway.governance().identify(gateway.ask(caller(token))).await?.into_inner();
    Ok(Json(Identity { kind: who.kind, name: who.name, roles: who.roles }))
}
