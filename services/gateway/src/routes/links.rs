//! Accounts and the people they belong to.

use super::directives::account;
use crate::convert;
use crate::extract::{Bearer, Body, Key, WayIn};
use crate::failure::Failure;
use crate::openapi::{Reading, Sending};
use crate::state::Gateway;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use codexa_api::{LinkCode, LinkRequest};
use codexa_proto::v1;
use serde::Serialize;
use utoipa::ToSchema;

/// What became of a code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Linked {
    /// `directive`, as every answer to something that was carried out.
    outcome: &'static str,
    /// What was linked, or would be.
    says: String,
    /// The ledger entry of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<codexa_api::Entry>,
}

/// An adapter asks for a code for an account; a person gives a code and gets the account.
#[utoipa::path(post, path = "/v1/links", tag = "people", security(("token" = [])), request_body = LinkRequest,
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 200, description = "New for each new request")),
    responses(
        (status = 200, body = Linked, description = "A person's request; an adapter's is answered with `LinkCode`"),
        (status = 201, body = LinkCode, description = "A code for the account"),
        Reading,
        Sending,
))]
pub(crate) async fn link(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    way: WayIn,
    Key(key): Key,
    Body(request): Body<LinkRequest>,
) -> Result<Response, Failure> {
    let channel = Some(way.channel(request.channel));
    match (request.account, request.code) {
        (Some(who), None) => {
            let caller = v1::Caller { token, account: Some(account(who)), channel };
            let code = gateway.governance().begin_link(gateway.ask(caller)).await?.into_inner();
            let code = LinkCode { code: code.code, expires_at: code.expires_at };
            Ok((StatusCode::CREATED, Json(code)).into_response())
        }
        (None, Some(code)) => {
            let caller = Some(v1::Caller { token, account: None, channel });
            let request = v1::ConfirmLinkRequest { caller, code, look: request.look, idempotency_key: key };
            let done = gateway.governance().confirm_link(gateway.ask(request)).await?.into_inner();
            let entry = done.entry.map(convert::entry);
            Ok(Json(Linked { outcome: "directive", says: done.says, entry }).into_response())
        }
        _ => {
            let detail = "a request names an account or a code, not both and not neither";
            let help = "an adapter sends `account`, a person sends `code`";
            Err(Failure::new(StatusCode::BAD_REQUEST, "LINK_INVALID", detail, help))
        }
    }
}
