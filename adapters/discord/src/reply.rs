//! How an interaction is answered, as the inbox keeps it.

use std::fmt;

/// What opens the way to the person who used a command or pressed a button. It ends after 15 minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// A slash command's token: "codexa is thinking" waits for the answer.
    Command(String),
    /// A press's token: nothing is waited for.
    Press(String),
}

impl Reply {
    pub(crate) fn token(&self) -> &str {
        match self {
            Self::Command(token) | Self::Press(token) => token,
        }
    }

    /// What [`fmt::Display`] wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ')? {
            ("command", token) => Some(Self::Command(token.to_owned())),
            ("press", token) => Some(Self::Press(token.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(token) => write!(out, "command {token}"),
            Self::Press(token) => write!(out, "press {token}"),
        }
    }
}
