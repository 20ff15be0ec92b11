//! `open`: a new change.

use crate::act::{About, Act, Announced};
use crate::files::Files;
use crate::refusal::Refusal;
use crate::store::rows::ChangeRow;
use codexa_proto::v1;
use serde_json::{Map, Value};

/// Longest title, in characters.
const MAX_TITLE: usize = 200;

/// Longest number of a workspace that counts, in digits.
const MAX_DIGITS: usize = 6;

pub(super) async fn open(act: &mut Act<'_>) -> Result<v1::Answer, Refusal> {
    let title = title(act.directive.args.title.as_deref().unwrap_or_default())?;
    let newest = act.tx.changes_below(i64::MAX, 1).await?.first().map_or(0, |change| change.number);
    let number = 1 + newest.max(newest_workspace(act.files).await?);
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
    let shown = act.shown(&change).await?;
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

/// The largest number among the workspaces that are there: ids of other branches are not given again. A number that nobody
/// could have come to by counting is no id of ours.
async fn newest_workspace(files: &Files) -> Result<i64, Refusal> {
    let number = |name: &str| {
        let digits = name.strip_prefix("CH-")?;
        let counted = (3..=MAX_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| counted)
    };
    Ok(files.workspaces().await?.iter().filter_map(|name| number(name)).max().unwrap_or(0))
}
