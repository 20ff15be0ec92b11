//! `open`: a new change.

use crate::act::{About, Act, Announced};
use crate::card::Desk;
use crate::refusal::Refusal;
use crate::store::rows::ChangeRow;
use codexa_proto::v1;
use serde_json::{Map, Value};

/// Longest title, in characters.
const MAX_TITLE: usize = 200;

pub(super) async fn open(act: &mut Act<'_>) -> Result<v1::Answer, Refusal> {
    let title = title(act.directive.args.title.as_deref().unwrap_or_default())?;
    let number = 1 + act.tx.changes().await?.last().map_or(0, |change| change.number).max(newest_folder(act));
    let change = ChangeRow {
        id: format!("CH-{number:03}"),
        number,
        title: title.clone(),
        requester: act.person.id.clone(),
        opened_at: act.now,
        held_by: None,
        held_reason: None,
        held_at: None,
        held_until: None,
    };
    act.tx.put_change(&change).await?;
    let data = Map::from_iter([("title".to_owned(), Value::from(title))]);
    let entry = act.record("change.open", About { change: Some(&change.id), data, ..About::default() }).await?;
    let says = format!("@{} opened {}: {}.", act.person.id, change.id, change.title);
    act.announce("change.opened", Announced { change: Some(&change.id), ..Announced::default() }, says).await?;
    let desk = Desk { rules: act.rules, project: act.project, project_id: act.project_id, now: act.now };
    let shown = desk.change(act.tx, &change).await?;
    let id = &change.id;
    let says = format!("{id} is open. Write changes/{id}/spec.md and plan.md; then `approve scope for {id}`.");
    Ok(v1::Answer { says, change: Some(shown), entry: Some(entry), ..v1::Answer::default() })
}

fn title(said: &str) -> Result<String, Refusal> {
    let title: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = "say `open change: cap the parser depth`";
    if title.is_empty() {
        return Err(Refusal::invalid("TITLE_MISSING", "a change needs a title", help));
    }
    if title.chars().count() > MAX_TITLE {
        return Err(Refusal::invalid("TITLE_TOO_LONG", format!("a title has at most {MAX_TITLE} characters"), help));
    }
    Ok(title)
}

/// The largest number among the workspaces that are there: ids of other branches are not given again.
fn newest_folder(act: &Act<'_>) -> i64 {
    let names = std::fs::read_dir(act.project.root().join("changes")).into_iter().flatten().flatten();
    let number = |name: std::ffi::OsString| name.to_str()?.strip_prefix("CH-")?.parse::<u32>().ok();
    names.filter_map(|entry| number(entry.file_name())).max().map_or(0, i64::from)
}
