//! One role of a house, with its settings from flags, environment and files of secrets.

use super::Site;
use crate::cli::Globals;
use crate::failure::Failure;
use clap::ValueEnum;
use codexa_chassis::bus::{Bus, InProcess, Redis, Subscription};
use codexa_chassis::grpc::{Listen, connect};
use codexa_chassis::settings::{Secret, Settings};
use codexa_chassis::shutdown::Shutdown;
use codexa_client::{Client, Token};
use codexa_discovery::serve::Employment;
use codexa_gateway::Gateway;
use codexa_gateway::serve::Services;
use codexa_governance::identity::TokenKind;
use codexa_governance::serve::{Location, topic};
use codexa_planner::Planner;
use codexa_planner::serve::Following;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tonic::transport::Channel;

/// A role of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// REST, OpenAPI and the event stream
    Gateway,
    /// Runs of discovery
    Discovery,
    /// Changes and their workspaces
    Planner,
    /// Decisions and the ledger; the only one with a store
    Governance,
    /// Slack
    Slack,
    /// Discord
    Discord,
}

/// Where a service listens when nobody says so.
fn default_listen(role: Role) -> &'static str {
    match role {
        Role::Gateway => "127.0.0.1:7411",
        Role::Governance => "127.0.0.1:7421",
        Role::Planner => "127.0.0.1:7422",
        Role::Discovery => "127.0.0.1:7423",
        // Where Slack's HTTP events come in, if they are asked for; Discord is dialled.
        Role::Slack | Role::Discord => "127.0.0.1:7431",
    }
}

/// The settings of all roles, so that one role's are not taken for another's misspelt.
pub(crate) fn known_settings() -> impl Iterator<Item = &'static str> {
    [
        "adapter-token",
        "database-url",
        "data",
        "discord-api-url",
        "discord-token",
        "discovery-url",
        "gateway-url",
        "governance-url",
        "inbox",
        "listen",
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
    ]
    .into_iter()
}

/// Runs a role until it is asked to stop.
pub(crate) async fn serve(
    role: Role,
    settings: &mut Settings,
    globals: &Globals,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    match role {
        Role::Governance => governance(settings, globals, shutdown).await,
        Role::Planner => planner(settings, globals, shutdown).await,
        Role::Discovery => discovery(settings, globals, shutdown).await,
        Role::Gateway => gateway(settings, globals, shutdown).await,
        Role::Slack => {
            let client = adapter_client(settings)?;
            let inbox = settings.required::<PathBuf>("inbox")?;
            let needs = slack(settings, client, inbox).await?;
            let needs = needs.ok_or_else(|| missing("CODEXA_SLACK_BOT_TOKEN"))?;
            codexa_slack::serve(needs, shutdown.requested()).await.map_err(ended)
        }
        Role::Discord => {
            let client = adapter_client(settings)?;
            let inbox = settings.required::<PathBuf>("inbox")?;
            let needs = discord(settings, client, inbox)?;
            let needs = needs.ok_or_else(|| missing("CODEXA_DISCORD_TOKEN"))?;
            codexa_discord::serve(needs, shutdown.requested()).await.map_err(ended)
        }
    }
}

async fn governance(settings: &mut Settings, globals: &Globals, shutdown: Shutdown) -> Result<(), Failure> {
    let site = Site::of(globals)?;
    let location = location(settings, &site)?;
    let tokens = tokens(settings)?;
    let needs = codexa_governance::serve::Settings {
        location,
        project: site.project.clone(),
        project_id: site.id.clone(),
        reading: site.reading(),
        tokens,
    };
    let governance = codexa_governance::serve::open(needs, &shutdown).await?;
    // Not before its store is there: who calls meanwhile is refused and tries again, instead of waiting in line.
    let bus = bus(settings).await?;
    let listen = listen(settings, Role::Governance).await?;
    Ok(codexa_governance::serve::serve(governance, Listen::Tcp(listen), bus, shutdown).await?)
}

async fn planner(settings: &mut Settings, globals: &Globals, shutdown: Shutdown) -> Result<(), Failure> {
    let site = Site::of(globals)?;
    let following = Following {
        governance: way(settings, "governance-url", Role::Governance)?,
        token: settings.required_secret("service-token")?,
        wake: wake(settings, &site).await?,
    };
    let listen = Listen::Tcp(listen(settings, Role::Planner).await?);
    codexa_planner::serve::serve(Planner::new(site.project), following, listen, shutdown).await.map_err(ended)
}

async fn discovery(settings: &mut Settings, globals: &Globals, shutdown: Shutdown) -> Result<(), Failure> {
    let site = Site::of(globals)?;
    let employment = Employment {
        governance: way(settings, "governance-url", Role::Governance)?,
        token: settings.required_secret("service-token")?,
        wake: wake(settings, &site).await?,
    };
    let listen = Listen::Tcp(listen(settings, Role::Discovery).await?);
    let orders = site.orders();
    codexa_discovery::serve::serve(site.project, orders, employment, listen, shutdown).await.map_err(ended)
}

async fn gateway(settings: &mut Settings, globals: &Globals, shutdown: Shutdown) -> Result<(), Failure> {
    let site = Site::of(globals)?;
    let services = Services {
        governance: way(settings, "governance-url", Role::Governance)?,
        planner: way(settings, "planner-url", Role::Planner)?,
        discovery: way(settings, "discovery-url", Role::Discovery)?,
    };
    let gateway = Gateway::new(services, bus(settings).await?, &topic(&site.id), shutdown);
    let listen = codexa_gateway::serve::Listen { tcp: listen(settings, Role::Gateway).await?, unix: None };
    codexa_gateway::serve::serve(gateway, listen).await;
    Ok(())
}

/// What Slack needs; `None` where nobody gave its token.
pub(super) async fn slack(
    settings: &mut Settings,
    gateway: Client,
    inbox: PathBuf,
) -> Result<Option<codexa_slack::Settings>, Failure> {
    use codexa_slack::{API, Ingress, Secret};
    let api_url = settings.or("slack-api-url", API.to_owned())?;
    let (app, signing) = (settings.secret("slack-app-token")?, settings.secret("slack-signing-secret")?);
    let Some(bot) = settings.secret("slack-bot-token")? else { return Ok(None) };
    let ingress = match (app, signing) {
        (Some(app), _) => Ingress::Socket { app_token: Secret::new(app.expose()) },
        (None, Some(signing)) => {
            let address = settings.or("slack-listen", default_listen(Role::Slack).to_owned())?;
            Ingress::Http { listener: bind(&address).await?, signing_secret: Secret::new(signing.expose()) }
        }
        (None, None) => return Err(missing("CODEXA_SLACK_APP_TOKEN or CODEXA_SLACK_SIGNING_SECRET")),
    };
    Ok(Some(codexa_slack::Settings { bot_token: Secret::new(bot.expose()), ingress, api_url, gateway, inbox }))
}

/// What Discord needs; `None` where nobody gave its token.
pub(super) fn discord(
    settings: &mut Settings,
    gateway: Client,
    inbox: PathBuf,
) -> Result<Option<codexa_discord::Settings>, Failure> {
    let api_url = settings.optional("discord-api-url")?;
    let Some(token) = settings.secret("discord-token")? else { return Ok(None) };
    Ok(Some(codexa_discord::Settings { token: token.expose().to_owned(), api_url, gateway, inbox }))
}

fn missing(what: &str) -> Failure {
    Failure::blocked("SETTING_MISSING", format!("{what} is not set"))
        .with_help("set it, or with `_FILE` behind its name the file that holds it")
}

/// The gateway, as an adapter reaches it.
fn adapter_client(settings: &mut Settings) -> Result<Client, Failure> {
    let url = settings.or("gateway-url", format!("http://{}", default_listen(Role::Gateway)))?;
    let token = settings.required_secret("adapter-token")?;
    Ok(Client::http(&url, Token::new(token.expose()))?)
}

/// Where decisions are kept: in the database that is named, else in the file that `codexa up` uses.
pub(crate) fn location(settings: &mut Settings, site: &Site) -> Result<Location, Failure> {
    Ok(match settings.secret("database-url")? {
        Some(url) => Location::Database(url),
        None => {
            site.data.made()?;
            Location::File(site.data.store())
        }
    })
}

/// The tokens that the other parts have: `kind subject token`, a line each.
fn tokens(settings: &mut Settings) -> Result<Vec<(TokenKind, String, Secret)>, Failure> {
    let Some(text) = settings.secret("tokens")? else { return Ok(Vec::new()) };
    let lines = text.expose().lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
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

/// The bus: Redis where it is named; else hints stay in this process, and others find out by looking.
async fn bus(settings: &mut Settings) -> Result<Arc<dyn Bus>, Failure> {
    Ok(match settings.secret("redis-url")? {
        Some(url) => Arc::new(Redis::connect(url.expose()).await?),
        None => Arc::new(InProcess::new()),
    })
}

async fn wake(settings: &mut Settings, site: &Site) -> Result<Subscription, Failure> {
    Ok(bus(settings).await?.subscribe(&topic(&site.id)).await?)
}

fn way(settings: &mut Settings, name: &'static str, role: Role) -> Result<Channel, Failure> {
    let url = settings.or(name, format!("http://{}", default_listen(role)))?;
    connect(&url).map_err(|error| {
        Failure::blocked("SETTING_INVALID", error.to_string()).with_help("it is where that service listens")
    })
}

async fn listen(settings: &mut Settings, role: Role) -> Result<TcpListener, Failure> {
    let address = settings.or("listen", default_listen(role).to_owned())?;
    bind(&address).await
}

pub(crate) async fn bind(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::blocked("LISTEN", format!("nobody can listen at {address}: {error}"))
            .with_help("another may be there already; name another address with `--listen`")
    })
}

fn ended(error: impl std::fmt::Display) -> Failure {
    Failure::unexpected("ROLE_ENDED", error.to_string())
}
