//! `discover`: a run of discovery, as a job.

use super::other_target;
use crate::act::{About, Act, Announced};
use crate::jobs::{ACTIVE, message};
use crate::refusal::Refusal;
use crate::store::rows::JobRow;
use codexa_directive::TargetKind;
use codexa_proto::v1;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) async fn discover(act: &mut Act<'_>) -> Result<v1::Answer, Refusal> {
    if act.directive.target.as_ref().is_some_and(|target| target.kind != TargetKind::Project) {
        return Err(other_target(act, "the project: `discover`"));
    }
    let mode = act.directive.args.mode.map(|mode| mode.word().to_owned());
    let args: BTreeMap<&str, String> = mode.into_iter().map(|mode| ("mode", mode)).collect();
    let args = json!(args).to_string();
    let same = |job: &JobRow| job.kind == "discover" && job.args == args && ACTIVE.contains(&job.state.as_str());
    if let Some(job) = act.tx.jobs_behind(i64::MAX, "", 50).await?.into_iter().find(same) {
        let says = "Discovery runs already; this is its job.".to_owned();
        return Ok(v1::Answer { says, job: Some(message(job)), ..v1::Answer::default() });
    }
    let job = JobRow {
        id: uuid::Uuid::new_v4().to_string(),
        kind: "discover".to_owned(),
        args,
        state: "queued".to_owned(),
        progress: String::new(),
        summary: String::new(),
        person: act.person.id.clone(),
        asked_at: act.now,
    };
    act.tx.put_job(&job).await?;
    let data = Map::from_iter([("job".to_owned(), Value::from(job.id.clone()))]);
    let entry = act.record("discovery.ask", About { data, ..About::default() }).await?;
    let says = format!("@{} asked for a run of discovery.", act.person.id);
    act.announce("job.changed", Announced { job: Some(&job.id), ..Announced::default() }, says).await?;
    let says = "Discovery is asked for.".to_owned();
    Ok(v1::Answer { says, job: Some(message(job)), entry: Some(entry), ..v1::Answer::default() })
}
