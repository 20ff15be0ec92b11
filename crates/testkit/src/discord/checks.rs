//! What Discord refuses of a message, with the limits of its documentation (Create Message, Embed Limits, Components).

use serde_json::Value;
use std::collections::BTreeSet;

/// The longest text of a message.
const CONTENT: usize = 2000;
/// All text of all embeds together.
const EMBEDS: usize = 6000;

/// Where a message goes decides what it must hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// `POST /channels/…/messages`
    Channel,
    /// An answer or a follow-up to an interaction: it may be for one person only.
    Interaction,
    /// An edit: what it leaves out stays.
    Edit,
}

/// Why Discord would not take this message, or would do with it what no card may do.
pub(super) fn message(body: &Value, used: Use) -> Vec<String> {
    let mut wrong = Vec::new();
    if !body.is_object() {
        return vec!["the body is no object".to_owned()];
    }
    longest(&mut wrong, "content", body.get("content"), CONTENT);
    embeds(&mut wrong, body.get("embeds"));
    components(&mut wrong, body.get("components"));
    mentions(&mut wrong, body.get("allowed_mentions"));
    flags(&mut wrong, body, used);
    nonce(&mut wrong, body);
    if used != Use::Edit && empty(body) {
        wrong.push("the message is empty (50006)".to_owned());
    }
    wrong
}

fn empty(body: &Value) -> bool {
    let some = |key| match body.get(key) {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        _ => false,
    };
    !["content", "embeds", "components"].into_iter().any(some)
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

fn length(value: Option<&Value>) -> usize {
    text(value).chars().count()
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn longest(wrong: &mut Vec<String>, name: &str, value: Option<&Value>, limit: usize) {
    match value {
        None | Some(Value::Null) => {}
        Some(Value::String(_)) if length(value) <= limit => {}
        Some(Value::String(_)) => wrong.push(format!("{name} has {} characters of {limit}", length(value))),
        Some(_) => wrong.push(format!("{name} is no text")),
    }
}

fn needed(wrong: &mut Vec<String>, name: &str, value: Option<&Value>, limit: usize) {
    if text(value).trim().is_empty() {
        wrong.push(format!("{name} is empty"));
    }
    longest(wrong, name, value, limit);
}

fn embeds(wrong: &mut Vec<String>, value: Option<&Value>) {
    let all = items(value);
    if all.len() > 10 {
        wrong.push(format!("{} embeds of 10", all.len()));
    }
    let total: usize = all.iter().map(|embed| self::embed(wrong, embed)).sum();
    if total > EMBEDS {
        wrong.push(format!("the embeds have {total} characters of {EMBEDS} together"));
    }
}

/// Checks one embed and gives the characters that count for the sum of all.
fn embed(wrong: &mut Vec<String>, embed: &Value) -> usize {
    let footer = embed.get("footer").and_then(|footer| footer.get("text"));
    let author = embed.get("author").and_then(|author| author.get("name"));
    longest(wrong, "embed.title", embed.get("title"), 256);
    longest(wrong, "embed.description", embed.get("description"), 4096);
    longest(wrong, "embed.footer.text", footer, 2048);
    longest(wrong, "embed.author.name", author, 256);
    let fields = items(embed.get("fields"));
    if fields.len() > 25 {
        wrong.push(format!("{} fields of 25", fields.len()));
    }
    let mut total = length(embed.get("title")) + length(embed.get("description")) + length(footer) + length(author);
    for field in fields {
        needed(wrong, "embed.field.name", field.get("name"), 256);
        needed(wrong, "embed.field.value", field.get("value"), 1024);
        total += length(field.get("name")) + length(field.get("value"));
    }
    if total == 0 {
        wrong.push("an embed is empty".to_owned());
    }
    total
}

fn components(wrong: &mut Vec<String>, value: Option<&Value>) {
    let rows = items(value);
    if rows.len() > 5 {
        wrong.push(format!("{} rows of 5", rows.len()));
    }
    let mut ids = BTreeSet::new();
    for row in rows {
        if row.get("type").and_then(Value::as_u64) != Some(1) {
            wrong.push("a top-level component is no row".to_owned());
        }
        let buttons = items(row.get("components"));
        if !(1..=5).contains(&buttons.len()) {
            wrong.push(format!("a row has {} buttons of 1 to 5", buttons.len()));
        }
        for button in buttons {
            self::button(wrong, button);
            let id = text(button.get("custom_id"));
            if !id.is_empty() && !ids.insert(id) {
                wrong.push(format!("custom_id `{id}` twice"));
            }
        }
    }
}

fn button(wrong: &mut Vec<String>, button: &Value) {
    if button.get("type").and_then(Value::as_u64) != Some(2) {
        wrong.push("a component of a row is no button".to_owned());
    }
    needed(wrong, "button.label", button.get("label"), 80);
    match button.get("style").and_then(Value::as_u64) {
        Some(1..=4) => needed(wrong, "button.custom_id", button.get("custom_id"), 100),
        Some(5) if button.get("custom_id").is_none() => needed(wrong, "button.url", button.get("url"), 512),
        _ => wrong.push("button.style is none of 1 to 5, or a link has a custom_id".to_owned()),
    }
}

/// A message of Codexa pings nobody, whatever its text says: Discord must be told so each time.
fn mentions(wrong: &mut Vec<String>, value: Option<&Value>) {
    let Some(value) = value else {
        wrong.push("allowed_mentions is missing: the text could ping".to_owned());
        return;
    };
    if !value.get("parse").is_some_and(|parse| parse.as_array().is_some_and(Vec::is_empty)) {
        wrong.push("allowed_mentions.parse is not empty: the text could ping".to_owned());
    }
    if !items(value.get("users")).is_empty() || !items(value.get("roles")).is_empty() {
        wrong.push("allowed_mentions names somebody".to_owned());
    }
    if value.get("replied_user").and_then(Value::as_bool) == Some(true) {
        wrong.push("allowed_mentions pings who is replied to".to_owned());
    }
}

/// Discord drops the flag for private messages where it cannot be kept, and then everybody reads them.
fn flags(wrong: &mut Vec<String>, body: &Value, used: Use) {
    let private = body.get("flags").and_then(Value::as_u64).unwrap_or(0) & 64 != 0;
    if private && used != Use::Interaction {
        wrong.push("only an answer to an interaction can be private".to_owned());
    }
}

fn nonce(wrong: &mut Vec<String>, body: &Value) {
    longest(wrong, "nonce", body.get("nonce"), 25);
    if body.get("enforce_nonce").and_then(Value::as_bool) == Some(true) && text(body.get("nonce")).is_empty() {
        wrong.push("enforce_nonce without nonce".to_owned());
    }
}

/// Why Discord would not register these commands.
pub(super) fn commands(body: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(all) = body.as_array() else { return vec!["the body is no list".to_owned()] };
    for command in all {
        let name = text(command.get("name"));
        if !(1..=32).contains(&name.chars().count())
            || name.chars().any(|c| !(c.is_lowercase() || c == '-' || c == '_'))
        {
            wrong.push(format!("a command cannot be called `{name}`"));
        }
        needed(&mut wrong, "command.description", command.get("description"), 100);
        for option in items(command.get("options")) {
            needed(&mut wrong, "option.name", option.get("name"), 32);
            needed(&mut wrong, "option.description", option.get("description"), 100);
        }
    }
    wrong
}

/// Why Discord would not show this form.
pub(super) fn form(data: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    needed(&mut wrong, "form.custom_id", data.get("custom_id"), 100);
    needed(&mut wrong, "form.title", data.get("title"), 45);
    let rows = items(data.get("components"));
    if !(1..=5).contains(&rows.len()) {
        wrong.push(format!("a form has {} rows of 1 to 5", rows.len()));
    }
    for input in rows.iter().flat_map(|row| items(row.get("components"))) {
        if input.get("type").and_then(Value::as_u64) != Some(4) || input.get("style").is_none() {
            wrong.push("a component of a form is no text input with a style".to_owned());
        }
        needed(&mut wrong, "input.custom_id", input.get("custom_id"), 100);
        needed(&mut wrong, "input.label", input.get("label"), 45);
    }
    wrong
}
