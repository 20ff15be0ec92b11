//! Why there is no answer, and who does not have one yet.

use super::count;
use crate::message::{Block, Message};
use codexa_api::LinkCode;
use codexa_client::Error;

/// A short sentence with the next step.
#[must_use]
pub fn render(error: &Error) -> Message {
    match error {
        Error::Problem(problem) => {
            let found = if problem.status < 500 { "I did not do that" } else { "The gateway failed" };
            let mut blocks = vec![Block::Text(format!("{found}: {}", problem.detail))];
            if !problem.help.is_empty() {
                blocks.push(Block::Text(problem.help.clone()));
            }
            if problem.status >= 500 && !problem.request_id.is_empty() {
                blocks.push(Block::Context(format!("request {}", problem.request_id)));
            }
            Message { blocks }
        }
        // It may have been done, and only the answer be lost. Where the gateway runs is the operator's to know.
        Error::Unreachable { .. } => Message::text(
            "I get no answer from the gateway. Ask for the status before you say it again, or ask whoever runs Codexa to look.",
        ),
        Error::Unexpected { .. } | Error::Settings(_) => Message::text(
            "I do not understand the gateway's answer. Ask for the status before you say it again, or ask whoever runs \
             Codexa to look at my log.",
        ),
    }
}

/// What a presser is told while the gateway is away.
#[must_use]
pub fn waiting() -> Message {
    Message::text("I cannot reach the gateway. I keep this and try again for an hour; you need not repeat it.")
}

/// What an account is told that nobody has linked yet.
#[must_use]
pub fn unlinked(code: &LinkCode, now: i64) -> Message {
    Message {
        blocks: vec![
            Block::Text("I do not know you yet. At a terminal where you are signed in:".to_owned()),
            Block::Code(format!("codexa link {}", code.code)),
            Block::Context(format!("works once, for {}", lifetime(code, now))),
        ],
    }
}

/// How long a code can be used from now on, in minutes.
fn lifetime(code: &LinkCode, now: i64) -> String {
    let minutes = (code.expires_at - now + 30_000) / 60_000;
    count(u32::try_from(minutes).unwrap_or_default().max(1), "minute")
}
