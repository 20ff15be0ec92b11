//! `accept`, `answer`, `defer`, `dismiss` and `assign` of a follow-up: an entry of the ledger, and a job for discovery, which
//! writes the answer down where its next run looks for it.

use super::other_target;
use crate::act::{About, Act, Announced};
use crate::jobs::message;
use crate::refusal::Refusal;
use crate::store::rows::JobRow;
use codexa_directive::{TargetKind, Verb};
use codexa_proto::v1;
use jiff::{Timestamp, Unit};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) async fn followup(act: &mut Act<'_>) -> Result<v1::Answer, Refusal> {
    let target = act.directive.target.as_ref().filter(|target| target.kind == TargetKind::Followup);
    let Some(id) = target.map(|target| target.id.clone()) else {
        return Err(other_target(act, "what discovery asks: `show followups`"));
    };
    let args = arguments(act, &id);
    let job = JobRow {
        id: uuid::Uuid::new_v4().to_string(),
        kind: "followup".to_owned(),
        args: json!(args).to_string(),
        state: "queued".to_owned(),
        progress: String::new(),
        summary: String::new(),
        person: act.person.id.clone(),
        asked_at: act.now,
    };
    act.tx.put_job(&job).await?;
    let data = args.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
    let data = data.chain([("job".to_owned(), Value::from(job.id.clone()))]).collect::<Map<_, _>>();
    let entry = act.record("followup.answer", About { data, ..About::default() }).await?;
    let says = format!("@{}: {}.", act.person.id, act.directive.canonical());
    act.announce("job.changed", Announced { job: Some(&job.id), ..Announced::default() }, says).await?;
    let says = format!("The answer to {id} goes to discovery, which writes it down; it holds from the next run on.");
    Ok(v1::Answer { says, job: Some(message(job)), entry: Some(entry), ..v1::Answer::default() })
}

/// What discovery is told.
fn arguments<'a>(act: &Act<'_>, id: &str) -> BTreeMap<&'a str, String> {
    let said = &act.directive.args;
    let decision = match act.directive.verb {
        Verb::Defer => "defer",
        Verb::Dismiss => "dismiss",
        Verb::Assign => "assign",
        _ => "accept",
    };
    let at = Timestamp::from_millisecond(act.now).and_then(|at| at.round(Unit::Second)).unwrap_or_default();
    let told = [
        ("followup", Some(id.to_owned())),
        ("decision", Some(decision.to_owned())),
        ("by", Some(format!("@{}", act.person.id))),
        ("at", Some(at.to_string())),
        ("until", said.until.map(|day| day.to_string())),
        ("to", said.to.as_ref().map(ToString::to_string)),
        ("text", said.text.clone()),
        ("reason", said.reason.clone()),
    ];
    told.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
