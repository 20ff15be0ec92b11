//! A [`Message`] as Discord's embeds and buttons. Everything is in embeds: text in them neither pings nor unfurls.

use crate::escape;
use codexa_chat::{Block, Button, Message, Style};
use serde::Serialize;
use std::collections::BTreeSet;

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const EMBEDS: usize = 10;
const ALL_TEXT: usize = 6000;
const TITLE: usize = 256;
const DESCRIPTION: usize = 4096;

// https://discord.com/developers/docs/components/reference
const ROWS: usize = 5;
const BUTTONS: usize = 5;
const LABEL: usize = 80;
/// The longest `custom_id`.
pub(crate) const CUSTOM_ID: usize = 100;

/// What stands at the end when there was more than Discord takes.
const REST: &str = "\n… and more";

/// What is posted, or replaces what was posted.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Body {
    /// Empty, also in an edit: nothing that was there stays.
    content: &'static str,
    embeds: Vec<Embed>,
    components: Vec<Row>,
    allowed_mentions: Nobody,
}

/// Nobody is pinged, whatever the text says.
#[derive(Clone, Debug, Serialize)]
struct Nobody {
    parse: [&'static str; 0],
}

#[derive(Clone, Debug, Default, Serialize)]
struct Embed {
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    #[serde(rename = "type")]
    kind: u8,
    components: Vec<Press>,
}

#[derive(Clone, Debug, Serialize)]
struct Press {
    #[serde(rename = "type")]
    kind: u8,
    style: u8,
    label: String,
    custom_id: String,
}

/// The message within Discord's limits. Fields are lines too: those of an embed would stand below all other text.
pub(crate) fn body(message: &Message) -> Body {
    let mut pages = Pages::default();
    for block in &message.blocks {
        match block {
            Block::Heading(text) => pages.heading(text),
            Block::Text(text) => pages.write(|limit| escape::block(text, limit)),
            Block::Code(text) => pages.write(|limit| escape::code(text, limit)),
            Block::Context(text) => pages.write(|limit| marked("-# ", text, limit)),
            Block::List(items) => {
                for item in items {
                    pages.write(|limit| marked("- ", item, limit));
                }
            }
            Block::Fields(fields) => {
                for (name, value) in fields {
                    pages.write(|limit| marked(&format!("**{}** ", escape::line(name, limit / 2)), value, limit));
                }
            }
            Block::Buttons(_) => {}
        }
    }
    Body { content: "", embeds: pages.end(), components: rows(message), allowed_mentions: Nobody { parse: [] } }
}

/// A line behind mark-up of ours.
fn marked(mark: &str, text: &str, limit: usize) -> String {
    format!("{mark}{}", escape::line(text, limit.saturating_sub(mark.chars().count())))
}

/// Embeds as they fill up.
struct Pages {
    embeds: Vec<Embed>,
    /// The characters that all of them together may still take.
    left: usize,
    /// Something was left out.
    cut: bool,
}

impl Default for Pages {
    fn default() -> Self {
        Self { embeds: Vec::new(), left: ALL_TEXT - REST.chars().count(), cut: false }
    }
}

impl Pages {
    /// A title begins an embed.
    fn heading(&mut self, text: &str) {
        if let Some(title) = self.take(TITLE, |limit| escape::line(text, limit)) {
            self.begin(Embed { title, description: String::new() });
        }
    }

    /// A paragraph goes below the last one, or begins an embed where that is full.
    fn write(&mut self, text: impl FnOnce(usize) -> String) {
        let Some(text) = self.take(DESCRIPTION - REST.chars().count(), text) else { return };
        match self.embeds.last_mut() {
            Some(last) if last.room() > text.chars().count() => {
                if !last.description.is_empty() {
                    last.description.push('\n');
                }
                last.description.push_str(&text);
            }
            _ => self.begin(Embed { title: String::new(), description: text }),
        }
    }

    fn begin(&mut self, embed: Embed) {
        if self.embeds.len() < EMBEDS {
            self.embeds.push(embed);
        } else {
            self.cut = true;
        }
    }

    /// The text within a limit and within what is left of all; nothing where that is too little to say anything.
    fn take(&mut self, limit: usize, text: impl FnOnce(usize) -> String) -> Option<String> {
        /// The shortest thing worth saying: a fence around some letters.
        const LITTLE: usize = 16;
        let limit = limit.min(self.left);
        if limit < LITTLE {
            self.cut = true;
            return None;
        }
        let text = text(limit);
        // One more for the line break before it.
        self.left = self.left.saturating_sub(text.chars().count() + 1);
        Some(text).filter(|text| !text.trim().is_empty())
    }

    fn end(mut self) -> Vec<Embed> {
        if self.embeds.is_empty() {
            self.embeds.push(Embed { description: "–".to_owned(), ..Embed::default() });
        }
        if let Some(last) = self.embeds.last_mut().filter(|_| self.cut) {
            last.description.push_str(REST);
        }
        self.embeds
    }
}

impl Embed {
    /// The characters that the description may still take, with room for [`REST`].
    fn room(&self) -> usize {
        (DESCRIPTION - REST.chars().count()).saturating_sub(self.description.chars().count())
    }
}

/// The buttons, in as many rows as there are blocks of them. Two that carry the same are one.
fn rows(message: &Message) -> Vec<Row> {
    let mut carried = BTreeSet::new();
    let blocks =
        message.blocks.iter().filter_map(|block| if let Block::Buttons(row) = block { Some(row) } else { None });
    let mut rows: Vec<Row> = blocks
        .flat_map(|row| row.chunks(BUTTONS))
        .map(|row| row.iter().filter(|button| fits(button) && carried.insert(&button.value)).map(press).collect())
        .filter(|components: &Vec<Press>| !components.is_empty())
        .map(|components| Row { kind: 1, components })
        .collect();
    rows.truncate(ROWS);
    rows
}

/// The engine hands out no longer value; a button that carries one would make Discord refuse the whole message.
fn fits(button: &Button) -> bool {
    let fits = !button.value.is_empty() && button.value.chars().count() <= CUSTOM_ID;
    if !fits {
        tracing::error!(label = button.label, "a button was left out: what it carries does not fit");
    }
    fits
}

fn press(button: &Button) -> Press {
    let style = match button.style {
        Style::Primary => 1,
        Style::Plain => 2,
        Style::Danger => 4,
    };
    let label = escape::plain(button.label.trim(), LABEL);
    let label = if label.is_empty() { "…".to_owned() } else { label };
    Press { kind: 2, style, label, custom_id: button.value.clone() }
}
