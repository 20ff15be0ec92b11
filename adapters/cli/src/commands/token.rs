//! `codexa token`: tokens for people, adapters and services. Whoever can open the store of decisions can make and revoke them,
//! and each time is a ledger entry.

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{host, run_async};
use crate::output::{Format, Page, Report, Ui, decisions};
use clap::{Args, Subcommand};
use codexa_governance::identity::TokenKind;
use codexa_governance::operator::{TokenListed, token_id};
use serde::Serialize;

/// What to do about tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token; it is shown once
    New(New),
    /// List the tokens that were made, never the tokens themselves
    List,
    /// End a token
    Revoke(Revoke),
}

/// Whose token it is.
#[derive(Debug, Args)]
pub struct New {
    #[command(flatten)]
    whose: Whose,
    /// Days after which it ends by itself
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: Option<u32>,
}

/// Whose token it is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// A person of the rules in force
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// A chat adapter: slack or discord
    #[arg(long, value_name = "PLATFORM")]
    adapter: Option<String>,
    /// A worker, by a name of your choice
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
}

/// Which token.
#[derive(Debug, Args)]
pub struct Revoke {
    /// What it is listed under; six digits or more
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Serialize)]
struct Made {
    /// What it is listed under and revoked by.
    id: String,
    kind: &'static str,
    subject: String,
    token: String,
    /// Days after which it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
}

impl Made {
    /// What there is to know beside the token itself, which alone is printed for a program to take.
    fn remark(&self) -> String {
        let Self { id, kind, subject, days, .. } = self;
        let ends = days.map_or("holds until it is revoked".to_owned(), |days| format!("ends in {days} days"));
        format!("{id}, {kind} {subject}: shown this once; {ends}: codexa token revoke {id}")
    }
}

impl Report for Made {
    const NAME: &'static str = "token-new";

    fn page(&self, page: &mut Page) {
        page.line(&self.token);
    }
}

#[derive(Serialize)]
struct Listed {
    tokens: Vec<Token>,
}

#[derive(Serialize)]
struct Token {
    id: String,
    kind: String,
    subject: String,
    made_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<i64>,
    /// Whether it stands for somebody now.
    holds: bool,
}

impl From<TokenListed> for Token {
    fn from(token: TokenListed) -> Self {
        let TokenListed { id, kind, subject, made_at, expires_at, revoked_at, holds } = token;
        Self { id, kind, subject, made_at, expires_at, revoked_at, holds }
    }
}

impl Token {
    fn row(&self) -> [String; 5] {
        let state = match (self.revoked_at, self.expires_at) {
            (Some(at), _) => format!("revoked {}", decisions::day(at)),
            (None, Some(at)) if self.holds => format!("ends {}", decisions::day(at)),
            (None, Some(at)) => format!("ended {}", decisions::day(at)),
            (None, None) => "holds".to_owned(),
        };
        let made = format!("made {}", decisions::day(self.made_at));
        [self.id.clone(), self.kind.clone(), self.subject.clone(), made, state]
    }
}

impl Report for Listed {
    const NAME: &'static str = "token-list";

    fn page(&self, page: &mut Page) {
        if self.tokens.is_empty() {
            page.line("no token was made; those of settings and of `codexa up` are not listed");
        }
        page.rows(&self.tokens.iter().map(Token::row).collect::<Vec<_>>());
    }
}

#[derive(Serialize)]
struct Revoked {
    #[serde(flatten)]
    token: Token,
}

impl Report for Revoked {
    const NAME: &'static str = "token-revoke";

    fn page(&self, page: &mut Page) {
        page.rows(&[self.token.row()]);
    }
}

pub(super) fn run(command: &Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    match command {
        Command::New(new) => {
            let made = made(new, globals)?;
            ui.answer(&made)?;
            if ui.format() == Format::Text {
                ui.remark(&made.remark());
            }
        }
        Command::List => {
            let tokens = run_async(async { Ok(host(globals).await?.tokens().await?) })?;
            ui.answer(&Listed { tokens: tokens.into_iter().map(Token::from).collect() })?;
        }
        Command::Revoke(revoke) => {
            let token = run_async(async { Ok(host(globals).await?.revoke_token(&revoke.id).await?) })?;
            ui.answer(&Revoked { token: token.into() })?;
        }
    }
    Ok(Exit::Well)
}

fn made(new: &New, globals: &Globals) -> Result<Made, Failure> {
    let Whose { person, adapter, service } = &new.whose;
    let asked = [(TokenKind::Person, person), (TokenKind::Adapter, adapter), (TokenKind::Service, service)];
    let named = asked.into_iter().find_map(|(kind, subject)| Some((kind, subject.clone()?)));
    let Some((kind, subject)) = named else { return Err(Failure::blocked("CLI_USAGE", "a token is somebody's")) };
    let token = run_async(async { Ok(host(globals).await?.new_token(kind, &subject, new.days).await?) })?;
    Ok(Made { id: token_id(&token), kind: kind.word(), subject, token, days: new.days })
}
