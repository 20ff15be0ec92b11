//! Messages in Slack's Block Kit. Texts of strangers are `plain_text` or preformatted, which Slack shows as they are: no
//! mention, no link, no mark-up comes of them. Only the notification's text is mark-up, and is escaped. What is longer
//! than Slack takes is cut.

use codexa_chat::{Block, Button, Message, Style};
use serde_json::{Value, json};

/// The longest value of a button.
pub(crate) const VALUE: usize = 2000;

const BLOCKS: usize = 50;
const HEADER: usize = 150;
const SECTION: usize = 3000;
const FIELD: usize = 2000;
const FIELDS: usize = 10;
const CONTEXT: usize = 2000;
const LABEL: usize = 75;
const ROW: usize = 25;
const TITLE: usize = 24;
const NOTIFICATION: usize = 1000;

/// A text longer than a section takes as many as this.
const SECTIONS: usize = 8;

/// The blocks of a message: at least one, and none that Slack refuses.
pub(crate) fn render(message: &Message) -> Vec<Value> {
    let mut blocks: Vec<Value> =
        message.blocks.iter().enumerate().flat_map(|(place, block)| render_block(place, block)).collect();
    if blocks.len() > BLOCKS {
        blocks.truncate(BLOCKS - 1);
        blocks.push(json!({"type": "context", "elements": [plain("…", CONTEXT)]}));
    }
    blocks
}

fn render_block(place: usize, block: &Block) -> Vec<Value> {
    match block {
        Block::Heading(text) => vec![json!({"type": "header", "text": plain(&one_line(text), HEADER)})],
        Block::Text(text) => sections(text),
        Block::Context(text) => vec![json!({"type": "context", "elements": [plain(text, CONTEXT)]})],
        Block::List(items) => {
            let lines: Vec<String> = items.iter().map(|item| format!("• {}", one_line(item))).collect();
            sections(&lines.join("\n"))
        }
        Block::Fields(fields) => {
            let rows = fields.chunks(FIELDS).map(|row| {
                let row: Vec<Value> =
                    row.iter().map(|(name, value)| plain(&format!("{name}\n{value}"), FIELD)).collect();
                json!({"type": "section", "fields": row})
            });
            rows.collect()
        }
        Block::Code(text) => {
            let piece = |text: String| {
                let inner = json!({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]});
                json!({"type": "rich_text", "elements": [inner]})
            };
            pieces(text).into_iter().map(piece).collect()
        }
        Block::Buttons(row) => {
            let rows = row.chunks(ROW).enumerate().map(|(line, row)| {
                let buttons =
                    row.iter().enumerate().map(|(number, one)| button(&format!("{place}.{line}.{number}"), one));
                json!({"type": "actions", "elements": buttons.collect::<Vec<Value>>()})
            });
            rows.collect()
        }
    }
}

fn sections(text: &str) -> Vec<Value> {
    pieces(text).into_iter().map(|text| json!({"type": "section", "text": plain(&text, SECTION)})).collect()
}

fn button(id: &str, button: &Button) -> Value {
    let mut made = json!({
        "type": "button",
        "action_id": format!("codexa.{id}"),
        "text": plain(&button.label, LABEL),
        "value": button.value,
    });
    let style = match button.style {
        Style::Plain => None,
        Style::Primary => Some("primary"),
        Style::Danger => Some("danger"),
    };
    if let (Some(style), Value::Object(fields)) = (style, &mut made) {
        fields.insert("style".to_owned(), json!(style));
    }
    made
}

/// The form that asks for a reason.
pub(crate) fn reason_form(title: &str, metadata: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": "codexa.reason",
        "private_metadata": metadata,
        "title": plain("Why?", TITLE),
        "submit": plain("Send", TITLE),
        "close": plain("Cancel", TITLE),
        "blocks": [
            {"type": "section", "text": plain(title, SECTION)},
            {
                "type": "input",
                "block_id": "reason",
                "label": plain("Reason", LABEL),
                "element": {"type": "plain_text_input", "action_id": "reason", "multiline": true, "max_length": 1000},
            },
        ],
    })
}

/// What a notification shows, in Slack's mark-up. Slack refuses a message without.
pub(crate) fn notification(message: &Message) -> String {
    let summary = one_line(message.summary());
    if summary.trim().is_empty() { "Codexa".to_owned() } else { escaped(&cut(&summary, NOTIFICATION)) }
}

/// The three characters that mark-up is made of.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn plain(text: &str, most: usize) -> Value {
    let text = cut(text, most);
    // Slack refuses a text of nothing.
    let text = if text.trim().is_empty() { "…" } else { &text };
    json!({"type": "plain_text", "text": text, "emoji": false})
}

fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).collect::<Vec<_>>().join(" ")
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// A text in pieces that fit a section, between lines where that can be; the last says when there is more.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut room = SECTION;
    for line in text.lines() {
        let line = cut(line, SECTION);
        let needed = line.chars().count() + 1;
        if needed > room && room < SECTION {
            if pieces.len() == SECTIONS {
                pieces.push("…".to_owned());
                return pieces;
            }
            pieces.push(String::new());
            room = SECTION;
        }
        if let Some(piece) = pieces.last_mut() {
            if !piece.is_empty() {
                piece.push('\n');
            }
            piece.push_str(&line);
        }
        room = room.saturating_sub(needed);
    }
    if pieces.len() == 1 && pieces.iter().all(String::is_empty) {
        pieces = vec!["…".to_owned()];
    }
    pieces
}
