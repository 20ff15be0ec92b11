//! What a role is told, from flags, environment and files of secrets. All of it is read before anything is opened, so that it
//! can be shown; and to its end, so that one setting that is missing hides no other.

use super::role::{Role, default_listen};
use crate::failure::Failure;
use codexa_chassis::settings::{Origin, Secret, SettingError, Settings};
use codexa_governance::identity::TokenKind;
use std::path::PathBuf;

/// The settings of all roles, so that one role's are not taken for another's misspelt.
pub(crate) const KNOWN: [&str; 22] = [
    "adapter-token",
    "database-url",
    "discord-api-url",
    "discord-token",
    "discovery-url",
    "gateway-url",
    "governance-url",
    "inbox",
    "listen",
    "log",
    "log-format",
    "planner-url",
    "redis-url",
    "remote",
    "service-token",
    "slack-api-url",
    "slack-app-token",
    "slack-bot-token",
    "slack-listen",
    "slack-signing-secret",
    "token",
    "tokens",
];

/// What a role is told.
pub(crate) enum Told {
    /// Where the other services are, and what all of them share.
    Gateway {
        governance: String,
        planner: String,
        discovery: String,
        at: Served,
    },
    Discovery(Worker),
    Planner(Worker),
    Governance {
        database: Option<Secret>,
        tokens: Vec<(TokenKind, String, Secret)>,
        at: Served,
    },
    Slack(Adapter, Slack),
    Discord(Adapter, Discord),
}

/// What every service is told.
pub(crate) struct Served {
    pub listen: String,
    pub redis: Option<Secret>,
}

/// What a service is told that asks governance.
pub(crate) struct Worker {
    pub governance: String,
    pub token: Secret,
    pub at: Served,
}

/// What every chat is told.
pub(crate) struct Adapter {
    pub gateway: String,
    pub token: Secret,
    pub inbox: PathBuf,
}

/// What Slack is told.
pub(crate) struct Slack {
    pub bot: Secret,
    pub ingress: Ingress,
    pub api_url: String,
}

/// How Slack's events come in.
pub(crate) enum Ingress {
    /// It is dialled, with this token.
    Socket(Secret),
    /// It calls here, and signs with this secret.
    Http { listen: String, signing: Secret },
}

/// What Discord is told.
pub(crate) struct Discord {
    pub token: Secret,
    pub api_url: Option<String>,
}

impl Told {
    pub fn read(role: Role, settings: &mut Settings) -> Result<Self, Failure> {
        Ok(match role {
            Role::Gateway => {
                let governance = url(settings, "governance-url", Role::Governance);
                let planner = url(settings, "planner-url", Role::Planner);
                let discovery = url(settings, "discovery-url", Role::Discovery);
                let at = served(settings, role);
                Self::Gateway { governance: governance?, planner: planner?, discovery: discovery?, at: at? }
            }
            Role::Discovery => Self::Discovery(worker(settings, role)?),
            Role::Planner => Self::Planner(worker(settings, role)?),
            Role::Governance => {
                let (database, tokens) = (settings.secret("database-url"), settings.secret("tokens"));
                let at = served(settings, role);
                Self::Governance { database: database?, tokens: parsed(tokens?.as_ref())?, at: at? }
            }
            Role::Slack => {
                let adapter = adapter(settings);
                // Where nothing else of the house listens, `listen` is Slack's.
                let listen = settings.optional("listen");
                let slack = slack(settings, listen);
                let (adapter, slack) = (adapter?, slack?.ok_or_else(|| missing("CODEXA_SLACK_BOT_TOKEN"))?);
                if matches!(slack.ingress, Ingress::Socket(_)) {
                    dials(settings, "Slack in Socket Mode")?;
                }
                Self::Slack(adapter, slack)
            }
            Role::Discord => {
                let (adapter, discord) = (adapter(settings), discord(settings));
                settings.optional::<String>("listen")?;
                let (adapter, discord) = (adapter?, discord?.ok_or_else(|| missing("CODEXA_DISCORD_TOKEN"))?);
                dials(settings, "Discord")?;
                Self::Discord(adapter, discord)
            }
        })
    }
}

fn served(settings: &mut Settings, role: Role) -> Result<Served, SettingError> {
    let (listen, redis) = (settings.or("listen", default_listen(role).to_owned()), settings.secret("redis-url"));
    Ok(Served { listen: listen?, redis: redis? })
}

fn worker(settings: &mut Settings, role: Role) -> Result<Worker, SettingError> {
    let governance = url(settings, "governance-url", Role::Governance);
    let (token, at) = (settings.required_secret("service-token"), served(settings, role));
    Ok(Worker { governance: governance?, token: token?, at: at? })
}

fn adapter(settings: &mut Settings) -> Result<Adapter, SettingError> {
    let gateway = url(settings, "gateway-url", Role::Gateway);
    let (token, inbox) = (settings.required_secret("adapter-token"), settings.required("inbox"));
    Ok(Adapter { gateway: gateway?, token: token?, inbox: inbox? })
}

fn url(settings: &mut Settings, name: &'static str, role: Role) -> Result<String, SettingError> {
    settings.or(name, format!("http://{}", default_listen(role)))
}

/// What Slack is told; `None` where nobody gave its token. `listen` is where else than at its own address it listens.
pub(super) fn slack(
    settings: &mut Settings,
    listen: Result<Option<String>, SettingError>,
) -> Result<Option<Slack>, Failure> {
    let api_url = settings.or("slack-api-url", codexa_slack::API.to_owned());
    let (bot, app) = (settings.secret("slack-bot-token"), settings.secret("slack-app-token"));
    let signing = settings.secret("slack-signing-secret");
    let own = settings.or("slack-listen", default_listen(Role::Slack).to_owned());
    let listen = match listen? {
        Some(listen) => listen,
        None => own?,
    };
    let (api_url, app, signing) = (api_url?, app?, signing?);
    let Some(bot) = bot? else { return Ok(None) };
    let ingress = match (app, signing) {
        (Some(app), _) => Ingress::Socket(app),
        (None, Some(signing)) => Ingress::Http { listen, signing },
        (None, None) => return Err(missing("CODEXA_SLACK_APP_TOKEN or CODEXA_SLACK_SIGNING_SECRET")),
    };
    Ok(Some(Slack { bot, ingress, api_url }))
}

/// What Discord is told; `None` where nobody gave its token.
pub(super) fn discord(settings: &mut Settings) -> Result<Option<Discord>, Failure> {
    let (token, api_url) = (settings.secret("discord-token"), settings.optional("discord-api-url"));
    let api_url = api_url?;
    Ok(token?.map(|token| Discord { token, api_url }))
}

/// Refuses a flag that would have no effect.
fn dials(settings: &Settings, who: &str) -> Result<(), Failure> {
    match settings.origin("listen") {
        Some(Origin::Flag(flag)) => {
            Err(Failure::blocked("LISTEN_NOWHERE", format!("{who} is dialled, and listens nowhere"))
                .with_help(format!("leave `{flag}` out")))
        }
        _ => Ok(()),
    }
}

fn missing(what: &str) -> Failure {
    Failure::blocked("SETTING_MISSING", format!("{what} is not set"))
        .with_help("set it, or with `_FILE` behind its name the file that holds it")
}

/// The tokens that the other parts have: `kind subject token`, a line each.
pub(super) fn parsed(tokens: Option<&Secret>) -> Result<Vec<(TokenKind, String, Secret)>, Failure> {
    let lines = tokens.map(Secret::expose).unwrap_or_default().lines();
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let token = |line: &str| {
        let mut words = line.split_whitespace();
        let (kind, subject, token) = (TokenKind::of(words.next()?)?, words.next()?.to_owned(), words.next()?);
        // Twenty characters hold what nobody guesses.
        (token.len() >= 20 && words.next().is_none()).then(|| (kind, subject, Secret::new(token)))
    };
    let broken = || {
        Failure::blocked("TOKENS_INVALID", "CODEXA_TOKENS has a line that is no token")
            .with_help("a line is `person|adapter|service SUBJECT TOKEN`, the token of 20 characters or more")
    };
    lines.map(|line| token(line).ok_or_else(broken)).collect()
}
