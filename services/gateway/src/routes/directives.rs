//! Words in, answers out.

use super::caller;
use crate::convert;
use crate::extract::{Bearer, Body, Key, WayIn};
use crate::failure::Failure;
use crate::openapi::{Reading, Sending};
use crate::state::Gateway;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use codexa_api::{Account, Answer, DirectiveRequest, InterpretRequest, Problem, Said};
use codexa_directive::{Context, Directive, Gate, Outcome, Verb, View, interpret as read};
use codexa_proto::v1;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;

/// What words are read as. Nothing is carried out.
#[utoipa::path(post, path = "/v1/interpret", tag = "directives", security(("token" = [])), request_body = InterpretRequest, responses(
    (status = 200, description = "What they are read as", body = Said),
    Reading,
    Sending,
))]
pub(crate) async fn interpret(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    Body(request): Body<InterpretRequest>,
) -> Result<Json<Said>, Failure> {
    let context = known(&gateway, &caller(token), Context::at(Timestamp::now())).await?;
    Ok(Json(read(&request.words, &context).into()))
}

/// Carries words out, or the confirmation of an earlier answer. A deciding directive without a digest is answered with what
/// it is about and a nonce, and nothing is done.
#[utoipa::path(post, path = "/v1/directives", tag = "directives", security(("token" = [])), request_body = DirectiveRequest,
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 200, description = "New for each new request; the same again gets the first answer")),
    responses(
        (status = 200, description = "What the words were read as, and what came of them", body = Answer),
        Reading,
        Sending,
        (status = 502, description = "Governance answered with something else", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn directive(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    way: WayIn,
    Key(key): Key,
    Body(request): Body<DirectiveRequest>,
) -> Result<Json<Answer>, Failure> {
    let fingerprint = fingerprint(&request);
    let caller =
        v1::Caller { token, account: request.account.map(account), channel: Some(way.channel(request.channel)) };
    let said = match request.words.trim() {
        "" => None,
        words => {
            let mut context = Context { own: request.own, ..Context::at(Timestamp::now()) };
            let mut said = read(words, &context);
            // Only a question has to know what it can offer, and only who is known is answered.
            if said.outcome != Outcome::Directive {
                context = known(&gateway, &caller, context).await?;
                said = read(words, &context);
            }
            if said.outcome != Outcome::Directive {
                return Ok(Json(only_said(said.into())));
            }
            said.directive
        }
    };
    let order = v1::ExecuteRequest {
        caller: Some(caller),
        directive: said.as_ref().map(Into::into),
        idempotency_key: key,
        fingerprint,
        nonce: request.confirm.unwrap_or_default(),
        digest: request.digest.unwrap_or_default(),
    };
    carry_out(&gateway, order).await.map(Json)
}

/// Asks governance to carry an order out, prepares the workspace of a change that it opened, and has discovery say what it asks.
pub(super) async fn carry_out(gateway: &Gateway, order: v1::ExecuteRequest) -> Result<Answer, Failure> {
    let caller = order.caller.clone();
    let mut done = gateway.governance().execute(gateway.ask(order)).await?.into_inner();
    let directive = done.directive.take().as_ref().map(Directive::try_from).transpose().map_err(|error| {
        tracing::error!(%error, "governance answered with something else");
        let detail = "governance carried out something that this gateway does not know";
        Failure::new(StatusCode::BAD_GATEWAY, "DIRECTIVE_UNKNOWN", detail, "run the same version of both")
    })?;
    if let (Some(Verb::Open), Some(change)) = (directive.as_ref().map(|directive| directive.verb), &done.change) {
        done.lines.extend(prepare(gateway, caller, &change.id).await);
    }
    if directive.as_ref().is_some_and(|directive| directive.args.view == Some(View::Followups)) {
        let asked = gateway.discovery().get_followups(gateway.ask(v1::GetFollowupsRequest {})).await?.into_inner();
        (done.says, done.lines) = (asked.says, asked.lines);
    }
    Ok(answer(directive, done))
}

/// Prepares a workspace; the planner does it by itself soon where it cannot now.
async fn prepare(gateway: &Gateway, caller: Option<v1::Caller>, change: &str) -> Option<String> {
    let request = v1::PrepareWorkspaceRequest { caller, change: change.to_owned() };
    // The change is open whatever becomes of its workspace: that is not waited for so long that the answer comes too late.
    let prepared = timeout(gateway.pace.workspace, gateway.planner().prepare_workspace(gateway.ask(request))).await;
    match prepared {
        Ok(Ok(_)) => return None,
        Ok(Err(status)) => tracing::warn!(%status, "the workspace is not there yet"),
        Err(_) => tracing::warn!("the workspace is not there yet: the planner takes long"),
    }
    Some("Its workspace follows by itself.".to_owned())
}

fn answer(directive: Option<Directive>, done: v1::Answer) -> Answer {
    let canonical = directive.as_ref().map(Directive::canonical);
    let said = Said { directive, canonical, ..nothing_said(Outcome::Directive) };
    Answer {
        said,
        says: done.says,
        lines: done.lines,
        confirm: done.confirm.map(convert::confirm),
        card: done.card.map(convert::card),
        change: done.change.map(convert::change),
        changes: done.changes.into_iter().map(convert::change).collect(),
        job: done.job.map(convert::job),
        report: done.report.map(convert::report),
        entry: done.entry.map(convert::entry),
    }
}

fn only_said(said: Said) -> Answer {
    Answer { said, ..answer(None, v1::Answer::default()) }
}

fn nothing_said(outcome: Outcome) -> Said {
    Said { outcome, directive: None, canonical: None, question: None, options: Vec::new(), reason: None }
}

/// A context with what questions can offer to this caller now.
async fn known(gateway: &Gateway, caller: &v1::Caller, context: Context) -> Result<Context, Failure> {
    let known = gateway.governance().get_context(gateway.ask(caller.clone())).await?.into_inner();
    let gate = |name: &String| serde_json::from_value::<Gate>(Value::String(name.clone())).ok();
    let gates = |names: v1::GateNames| names.names.iter().filter_map(gate).collect();
    Ok(Context {
        speaker: Some(known.speaker).filter(|speaker| !speaker.is_empty()),
        changes: known.changes,
        open_gates: known.open_gates.into_iter().map(|(change, names)| (change, gates(names))).collect(),
        ..context
    })
}

/// What the caller asks for, hashed. Where it was said and what a platform calls the user do not make it another request.
fn fingerprint(request: &DirectiveRequest) -> String {
    let account = request.account.as_ref().map(|account| (&account.platform, &account.space, &account.user));
    let asked = serde_json::json!([request.words, request.confirm, request.digest, account]);
    let hash = Sha256::digest(asked.to_string());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn account(account: Account) -> v1::Account {
    v1::Account { platform: account.platform, space: account.space, user: account.user, name: account.name }
}
