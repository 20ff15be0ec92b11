//! `hold` and `resume`: a stop that a person puts on a change, and its end.

use super::{Confirmation, other_target};
use crate::act::{About, Act, Announced};
use crate::nonce;
use crate::refusal::Refusal;
use crate::store::rows::{ChangeRow, HoldRow};
use crate::subject::digest;
use codexa_directive::{Role, TargetKind, Verb};
use codexa_proto::v1;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

pub(super) async fn hold(act: &mut Act<'_>, confirmed: &Confirmation) -> Result<v1::Answer, Refusal> {
    if act.directive.target.as_ref().is_none_or(|target| target.kind != TargetKind::Change) {
        return Err(other_target(act, "a change: `hold CH-001 because …`"));
    }
    let change = act.change().await?;
    let holds = act.directive.verb == Verb::Hold;
    let before = change.hold(act.now);
    check(act, &change, before.as_ref(), holds)?;
    let until = act.directive.args.until.map(end_of).transpose()?.filter(|_| holds);
    if until.is_some_and(|until| until <= act.now) {
        return Err(Refusal::invalid("DATE_PAST", "that day is over", "name a day to come, or none"));
    }

    let subject = subject(act, &change, before.as_ref());
    let summary = format!("{} {}: {}", act.directive.verb, change.id, change.title);
    let stale = || super::stale(format!("{} is not as it was when that was asked", change.id));
    if confirmed.is_for(&subject, stale)? {
        return apply(act, &change, &subject, holds, until).await;
    }
    let confirm = nonce::issue(act, subject, Vec::new(), summary.clone()).await?;
    let change = Some(act.shown(&change).await?);
    Ok(v1::Answer { says: format!("Confirm to {summary}."), confirm: Some(confirm), change, ..v1::Answer::default() })
}

/// Who may: anyone stops; who held it, a project manager or a governance officer lets it go on.
fn check(act: &Act<'_>, change: &ChangeRow, before: Option<&HoldRow>, holds: bool) -> Result<(), Refusal> {
    let id = &change.id;
    match (holds, before) {
        (true, Some(hold)) => {
            let message = format!("{id} is held already, by @{}", hold.by);
            Err(Refusal::conflict("CHANGE_HELD", message, format!("`resume {id}` lets it go on")))
        }
        (false, None) => {
            let message = format!("{id} is not held");
            Err(Refusal::conflict("CHANGE_NOT_HELD", message, format!("`show {id}` says how it stands")))
        }
        (false, Some(hold)) => {
            let leads = |role: &Role| matches!(role, Role::Pm | Role::Go);
            if hold.by == act.person.id || act.person.roles.iter().any(leads) {
                return Ok(());
            }
            let message = format!("@{} holds {id}", hold.by);
            Err(Refusal::forbidden("RESUME_ROLE", message, format!("@{}, a PM or a GO can let it go on", hold.by)))
        }
        (true, None) => Ok(()),
    }
}

/// What is decided about: the change, and what holds it.
fn subject(act: &Act<'_>, change: &ChangeRow, hold: Option<&HoldRow>) -> String {
    let hold = hold.map(|hold| json!({"by": hold.by, "reason": hold.reason, "at": hold.at}));
    let document = json!({
        "v": 1, "project": act.files.project_id(), "change": change.id, "title": change.title, "hold": hold,
        "verb": act.directive.verb.word(),
    });
    digest(&serde_jcs::to_string(&document).unwrap_or_default())
}

async fn apply(
    act: &mut Act<'_>,
    change: &ChangeRow,
    subject: &str,
    holds: bool,
    until: Option<i64>,
) -> Result<v1::Answer, Refusal> {
    let reason = act.directive.args.reason.clone().unwrap_or_default();
    let mut data = Map::new();
    if !reason.is_empty() {
        data.insert("reason".to_owned(), Value::from(reason.clone()));
    }
    if let Some(until) = until {
        data.insert("until".to_owned(), Value::from(until));
    }
    let (name, event, did) =
        if holds { ("change.hold", "change.held", "holds") } else { ("change.resume", "change.resumed", "lets go on") };
    let about = About { change: Some(&change.id), gate: None, subject: Some(subject), data };
    let entry = act.record(name, about).await?;
    let hold = holds.then(|| HoldRow { by: act.person.id.clone(), reason, at: act.now, until });
    act.tx.set_hold(&change.id, hold.as_ref()).await?;
    let says = format!("@{} {did} {}.", act.person.id, change.id);
    act.announce(event, Announced { change: Some(&change.id), ..Announced::default() }, says).await?;
    let after = act.change().await?;
    let says = match holds {
        true => format!("{} is held: nothing of it can be approved until `resume {}`.", change.id, change.id),
        false => format!("{} goes on.", change.id),
    };
    Ok(v1::Answer { says, change: Some(act.shown(&after).await?), entry: Some(entry), ..Default::default() })
}

/// The end of a day, UTC.
fn end_of(day: Date) -> Result<i64, Refusal> {
    let end = day.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC)).map(|next| next.timestamp());
    end.map(|end| end.as_millisecond())
        .map_err(|_| Refusal::invalid("DATE_INVALID", format!("{day} is too far away"), "name an earlier day"))
}
