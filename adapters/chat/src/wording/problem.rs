//! Why there is no answer, who does not have one yet, and who is not heard.

use super::count;
use crate::message::{Block, Message};
use crate::standing::Standing;
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

/// What somebody is told of whom the platform does not say who they are.
#[must_use]
pub fn waiting_to_know() -> Message {
    Message::text(
        "I cannot find out whether you are a member here. I keep this and try again for two minutes; you need not repeat it.",
    )
}

/// What somebody is told who is no member; nothing where nobody would read it.
#[must_use]
pub fn unheard(standing: Standing) -> Option<Message> {
    let says = match standing {
        Standing::Member | Standing::Nobody => return None,
        Standing::Guest => {
            "I listen to full members here, and you are a guest or not fully in yet. Ask a member to say it, or an \
             administrator to make you one."
        }
        Standing::Stranger => {
            "I listen to members of the workspace or server that I belong to, and here I see you as none of them. Say it \
             in one of its channels, or ask a member to."
        }
        Standing::Unknown => {
            "I could not find out whether you are a member here, and did nothing. Say it again later, or ask whoever runs \
             Codexa to look at my log."
        }
    };
    Some(Message::text(says))
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
