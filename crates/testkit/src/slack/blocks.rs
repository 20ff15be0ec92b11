//! Block Kit: its limits, and how people read it.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Where blocks are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Surface {
    Message,
    Form,
}

type Checked = Result<(), String>;

/// What Slack would refuse.
pub(super) fn check(blocks: &[Value], surface: Surface) -> Checked {
    let most = if surface == Surface::Message { 50 } else { 100 };
    if blocks.len() > most {
        return Err(format!("{} blocks, {most} are taken", blocks.len()));
    }
    let mut actions = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for block in blocks {
        let fields = object(block)?;
        if let Some(id) = fields.get("block_id") {
            length(id, 1, 255, "block_id")?;
            if !ids.insert(id.to_string()) {
                return Err(format!("block_id {id} twice"));
            }
        }
        check_block(fields, surface, &mut actions).map_err(|why| format!("{why} in {block}"))?;
    }
    Ok(())
}

fn check_block(block: &Map<String, Value>, surface: Surface, actions: &mut BTreeSet<String>) -> Checked {
    match string(block, "type")? {
        "header" => {
            only(block, &["type", "block_id", "text"])?;
            text(field(block, "text")?, 150, &["plain_text"])
        }
        "section" => section(block),
        "context" => {
            only(block, &["type", "block_id", "elements"])?;
            let elements = array(block, "elements", 10)?;
            elements.iter().try_for_each(|element| text(element, 2000, &["plain_text", "mrkdwn"]))
        }
        "divider" => only(block, &["type", "block_id"]),
        "rich_text" => rich_text(block),
        "actions" => {
            only(block, &["type", "block_id", "elements"])?;
            array(block, "elements", 25)?.iter().try_for_each(|element| button(element, actions))
        }
        "input" if surface == Surface::Form => {
            only(block, &["type", "block_id", "label", "element", "hint", "optional"])?;
            text(field(block, "label")?, 2000, &["plain_text"])?;
            let element = object(field(block, "element")?)?;
            only(element, &["type", "action_id", "multiline", "min_length", "max_length", "placeholder"])?;
            length(field(element, "action_id")?, 1, 255, "action_id")?;
            let most = element.get("max_length").and_then(Value::as_u64).unwrap_or(3000);
            let kind = string(element, "type")?;
            if kind == "plain_text_input" && most <= 3000 { Ok(()) } else { Err(format!("no input like this: {kind}")) }
        }
        kind => Err(format!("no block `{kind}` here")),
    }
}

fn section(block: &Map<String, Value>) -> Checked {
    only(block, &["type", "block_id", "text", "fields", "expand"])?;
    if let Some(inner) = block.get("text") {
        text(inner, 3000, &["plain_text", "mrkdwn"])?;
    } else if !block.contains_key("fields") {
        return Err("neither text nor fields".to_owned());
    }
    match block.get("fields") {
        Some(_) => {
            array(block, "fields", 10)?.iter().try_for_each(|inner| text(inner, 2000, &["plain_text", "mrkdwn"]))
        }
        None => Ok(()),
    }
}

fn rich_text(block: &Map<String, Value>) -> Checked {
    only(block, &["type", "block_id", "elements"])?;
    for element in array(block, "elements", 100)? {
        let element = object(element)?;
        only(element, &["type", "elements", "border"])?;
        if string(element, "type")? != "rich_text_preformatted" {
            return Err("only preformatted text is known here".to_owned());
        }
        for piece in array(element, "elements", 100)? {
            let piece = object(piece)?;
            only(piece, &["type", "text"])?;
            if string(piece, "type")? != "text" {
                return Err("only text is known here".to_owned());
            }
            length(field(piece, "text")?, 1, 4000, "text")?;
        }
    }
    Ok(())
}

fn button(element: &Value, actions: &mut BTreeSet<String>) -> Checked {
    let element = object(element)?;
    only(element, &["type", "text", "action_id", "value", "style"])?;
    if string(element, "type")? != "button" {
        return Err("only buttons are known here".to_owned());
    }
    text(field(element, "text")?, 75, &["plain_text"])?;
    length(field(element, "action_id")?, 1, 255, "action_id")?;
    if !actions.insert(string(element, "action_id")?.to_owned()) {
        return Err("an action_id twice".to_owned());
    }
    if let Some(value) = element.get("value") {
        length(value, 1, 2000, "value")?;
    }
    match element.get("style").map(Value::as_str) {
        None | Some(Some("primary" | "danger")) => Ok(()),
        other => Err(format!("no style {other:?}")),
    }
}

fn text(value: &Value, most: usize, kinds: &[&str]) -> Checked {
    let fields = object(value)?;
    let kind = string(fields, "type")?;
    if !kinds.contains(&kind) {
        return Err(format!("no text of type `{kind}` here"));
    }
    only(fields, if kind == "plain_text" { &["type", "text", "emoji"] } else { &["type", "text", "verbatim"] })?;
    length(field(fields, "text")?, 1, most, "text")
}

/// What Slack would refuse in a form.
pub(super) fn check_view(view: &Value) -> Checked {
    let view = object(view)?;
    only(view, &["type", "title", "submit", "close", "blocks", "private_metadata", "callback_id"])?;
    if string(view, "type")? != "modal" {
        return Err("no modal".to_owned());
    }
    for name in ["title", "submit", "close"] {
        text(field(view, name)?, 24, &["plain_text"])?;
    }
    if let Some(metadata) = view.get("private_metadata") {
        length(metadata, 0, 3000, "private_metadata")?;
    }
    if let Some(id) = view.get("callback_id") {
        length(id, 1, 255, "callback_id")?;
    }
    check(array(view, "blocks", 100)?, Surface::Form)
}

fn object(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("no object: {value}"))
}

fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a Value, String> {
    object.get(name).ok_or_else(|| format!("`{name}` is missing"))
}

fn string<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    field(object, name)?.as_str().ok_or_else(|| format!("`{name}` is no string"))
}

fn array<'a>(object: &'a Map<String, Value>, name: &str, most: usize) -> Result<&'a [Value], String> {
    let found = field(object, name)?.as_array().ok_or_else(|| format!("`{name}` is no array"))?;
    if found.is_empty() || found.len() > most {
        return Err(format!("{} in `{name}`, 1 to {most} are taken", found.len()));
    }
    Ok(found)
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Checked {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("there is no `{key}`")),
        None => Ok(()),
    }
}

fn length(value: &Value, least: usize, most: usize, name: &str) -> Checked {
    let count = value.as_str().ok_or_else(|| format!("`{name}` is no string"))?.chars().count();
    if (least..=most).contains(&count) {
        Ok(())
    } else {
        Err(format!("{count} characters in `{name}`, up to {most} fit"))
    }
}

/// Every text object and piece of rich text, outside in.
fn texts<'a>(value: &'a Value, found: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
            if let (true, Some(text)) =
                (matches!(kind, "plain_text" | "mrkdwn" | "text"), fields.get("text").and_then(Value::as_str))
            {
                found.push((kind, text));
                return;
            }
            ["text", "fields", "elements"]
                .iter()
                .filter_map(|name| fields.get(*name))
                .for_each(|inner| texts(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        _ => {}
    }
}

/// All that can be read, line by line. In mark-up the three entities are undone.
pub(super) fn read(blocks: &[Value]) -> String {
    let mut found = Vec::new();
    blocks.iter().for_each(|block| texts(block, &mut found));
    let undo = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let lines = found.iter().map(|(kind, text)| if *kind == "mrkdwn" { undo(text) } else { (*text).to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}

/// What mark-up turns into mentions, links and broadcasts: whatever stands in angle brackets.
pub(super) fn live(text: &str, blocks: &[Value]) -> Vec<String> {
    let mut found = vec![("mrkdwn", text)];
    blocks.iter().for_each(|block| texts(block, &mut found));
    let marked = found.iter().filter(|(kind, _)| *kind == "mrkdwn");
    let brackets = |text: &str| {
        let parts = text.split('<').skip(1).filter_map(|part| part.split_once('>'));
        parts.map(|(inside, _)| format!("<{inside}>")).collect::<Vec<_>>()
    };
    marked.flat_map(|(_, text)| brackets(text)).collect()
}

/// Every button.
pub(super) fn buttons(blocks: &[Value]) -> impl Iterator<Item = &Value> {
    let rows = blocks.iter().filter(|block| block["type"] == "actions");
    rows.filter_map(|row| row["elements"].as_array()).flatten()
}
