//! A message as people see it, before a platform's mark-up. Every text in it is plain: a platform's renderer escapes it,
//! and cuts it to the platform's limits.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its parts, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A title line.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Names and what they stand for.
    Fields(Vec<(String, String)>),
    /// One item a line.
    List(Vec<String>),
    /// Lines of fixed width.
    Code(String),
    /// A line in small print.
    Context(String),
    /// What can be pressed.
    Buttons(Vec<Button>),
}

/// Something that can be pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// What a press hands back: [`Press`](crate::Press) as JSON, or the name under which that is kept.
    pub value: String,
    /// How it looks.
    pub style: Style,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Style {
    /// Like any other.
    Plain,
    /// As what one would most likely press.
    Primary,
    /// As what should be thought about.
    Danger,
}

impl Message {
    /// A message of one paragraph.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { blocks: vec![Block::Text(text.into())] }
    }

    /// The first text in it: what a notification shows.
    #[must_use]
    pub fn summary(&self) -> &str {
        let said = |block: &Block| matches!(block, Block::Heading(_) | Block::Text(_) | Block::Context(_));
        match self.blocks.iter().find(|block| said(block)) {
            Some(Block::Heading(text) | Block::Text(text) | Block::Context(text)) => text,
            _ => "Codexa",
        }
    }

    /// Every button in it.
    pub(crate) fn buttons_mut(&mut self) -> impl Iterator<Item = &mut Button> {
        self.blocks
            .iter_mut()
            .filter_map(|block| if let Block::Buttons(row) = block { Some(row) } else { None })
            .flatten()
    }
}

/// The message as a terminal would show it: for logs and tests.
impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for block in &self.blocks {
            match block {
                Block::Heading(text) => writeln!(out, "# {text}")?,
                Block::Text(text) => writeln!(out, "{text}")?,
                Block::Context(text) => writeln!(out, "({text})")?,
                Block::Code(text) => writeln!(out, "```\n{text}\n```")?,
                Block::List(items) => items.iter().try_for_each(|item| writeln!(out, "- {item}"))?,
                Block::Fields(fields) => {
                    fields.iter().try_for_each(|(name, value)| writeln!(out, "{name:<10}{value}"))?;
                }
                Block::Buttons(row) => {
                    let row: Vec<String> = row.iter().map(|button| format!("[{}]", button.label)).collect();
                    writeln!(out, "{}", row.join(" "))?;
                }
            }
        }
        Ok(())
    }
}
