//! Changes.

use super::{caller, directives};
use crate::convert;
use crate::extract::{Asked, Bearer, Body, Key, Page, Part, WayIn};
use crate::failure::Failure;
use crate::openapi::{Reading, Sending};
use crate::state::Gateway;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use codexa_api::{Change, Changes, NewChange, Problem};
use codexa_directive::{Args, Directive, Outcome, Verb, interpret};
use codexa_proto::v1;

/// A page of the changes, newest first.
#[utoipa::path(get, path = "/v1/changes", operation_id = "list_changes", tag = "changes", security(("token" = [])), params(Page), responses(
    (status = 200, description = "The page", body = Changes),
    Reading,
    (status = 400, description = "There is no such page", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    Asked(page): Asked<Page>,
) -> Result<Json<Changes>, Failure> {
    let request = page.request(caller(token))?;
    let list = gateway.governance().list_changes(gateway.ask(request)).await?.into_inner();
    let changes = list.changes.into_iter().map(convert::change).collect();
    Ok(Json(Changes { changes, next: convert::given(list.next) }))
}

/// Opens a change, as `open change: …` does.
#[utoipa::path(post, path = "/v1/changes", operation_id = "open_change", tag = "changes", security(("token" = [])), request_body = NewChange,
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 200, description = "New for each new request; the same again gets the first answer")),
    responses(
        (status = 200, description = "The change that is open now", body = Change),
        Reading,
        Sending,
        (status = 502, description = "Governance answered with something else", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn open(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    way: WayIn,
    Key(key): Key,
    Body(request): Body<NewChange>,
) -> Result<Json<Change>, Failure> {
    let directive = opening(&request.title)?;
    let order = v1::ExecuteRequest {
        caller: Some(v1::Caller { token, account: None, channel: Some(way.channel(None)) }),
        fingerprint: format!("open change: {}", request.title),
        directive: Some((&directive).into()),
        idempotency_key: key,
        ..v1::ExecuteRequest::default()
    };
    let answer = directives::carry_out(&gateway, order).await?;
    let lost = || {
        let detail = "governance answered without the change";
        Failure::new(StatusCode::BAD_GATEWAY, "CHANGE_LOST", detail, "`GET /v1/changes` lists it")
    };
    answer.change.map(Json).ok_or_else(lost)
}

/// The directive, where its title is one that could be said: what the language refuses is refused here too.
fn opening(title: &str) -> Result<Directive, Failure> {
    let context = codexa_directive::Context::at(jiff::Timestamp::now());
    let said = interpret(&format!("open change: {title}"), &context);
    if said.outcome == Outcome::Refused {
        let reason = said.reason.unwrap_or_default();
        return Err(Failure::new(StatusCode::BAD_REQUEST, "TITLE_INVALID", reason, "type the title again"));
    }
    let args = Args { title: Some(title.to_owned()), ..Args::default() };
    Ok(Directive { verb: Verb::Open, gate: None, target: None, args })
}

/// One change with its gates.
#[utoipa::path(get, path = "/v1/changes/{id}", operation_id = "show_change", tag = "changes", security(("token" = [])),
    params(("id" = String, Path, description = "`CH-001`")),
    responses(
        (status = 200, description = "The change", body = Change),
        Reading,
        (status = 400, description = "The path makes no sense", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is none of that id", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn one(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    Part(id): Part,
) -> Result<Json<Change>, Failure> {
    let request = v1::GetChangeRequest { caller: Some(caller(token)), id };
    let change = gateway.governance().get_change(gateway.ask(request)).await?.into_inner();
    Ok(Json(convert::change(change)))
}
