//! One role of a house, as it is told.

use super::Site;
use super::told::{self, Adapter, Served, Told, Worker};
use crate::cli::Globals;
use crate::failure::Failure;
use clap::ValueEnum;
use codexa_chassis::bus::{Bus, InProcess, Redis, Subscription};
use codexa_chassis::grpc::{Listen, connect};
use codexa_chassis::http::Limits;
use codexa_chassis::settings::{Secret, Settings};
use codexa_chassis::shutdown::Shutdown;
use codexa_client::Client;
use codexa_discovery::serve::Employment;
use codexa_gateway::Gateway;
use codexa_gateway::serve::Services;
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
pub(super) fn default_listen(role: Role) -> &'static str {
    match role {
        Role::Gateway => "127.0.0.1:7411",
        Role::Governance => "127.0.0.1:7421",
        Role::Planner => "127.0.0.1:7422",
        Role::Discovery => "127.0.0.1:7423",
        // Where Slack's HTTP events come in, if they are asked for; Discord is dialled.
        Role::Slack | Role::Discord => "127.0.0.1:7431",
    }
}

/// Runs a role until it is asked to stop.
pub(crate) async fn serve(told: Told, globals: &Globals, shutdown: Shutdown) -> Result<(), Failure> {
    match told {
        Told::Governance { database, tokens, at } => {
            let site = Site::of(globals)?;
            let needs = codexa_governance::serve::Settings {
                location: kept(database, &site)?,
                project: site.project.clone(),
                project_id: site.id.clone(),
                reading: site.reading(),
                tokens,
            };
            let governance = codexa_governance::serve::open(needs, &shutdown).await?;
            // Not before its store is there: who calls meanwhile is refused and tries again, instead of waiting in line.
            let listen = Listen::Tcp(bind(&at.listen).await?);
            Ok(codexa_governance::serve::serve(governance, listen, bus(&at).await?, shutdown).await?)
        }
        Told::Planner(Worker { governance, token, at }) => {
            let site = Site::of(globals)?;
            let following = Following { governance: way(&governance)?, token, wake: wake(&at, &site).await? };
            let listen = Listen::Tcp(bind(&at.listen).await?);
            codexa_planner::serve::serve(Planner::new(site.project), following, listen, shutdown).await.map_err(ended)
        }
        Told::Discovery(Worker { governance, token, at }) => {
            let site = Site::of(globals)?;
            let employment = Employment { governance: way(&governance)?, token, wake: wake(&at, &site).await? };
            let (orders, listen) = (site.orders(), Listen::Tcp(bind(&at.listen).await?));
            codexa_discovery::serve::serve(site.project, orders, employment, listen, shutdown).await.map_err(ended)
        }
        Told::Gateway { governance, planner, discovery, at } => {
            let site = Site::of(globals)?;
            let services =
                Services { governance: way(&governance)?, planner: way(&planner)?, discovery: way(&discovery)? };
            let gateway = Gateway::new(services, bus(&at).await?, &topic(&site.id), shutdown);
            let listen = codexa_gateway::serve::Listen { tcp: bind(&at.listen).await?, unix: None };
            codexa_gateway::serve::serve(gateway, listen).await;
            Ok(())
        }
        Told::Slack(adapter, told) => {
            let needs = slack(told, client(&adapter)?, adapter.inbox).await?;
            codexa_slack::serve(needs, shutdown.requested()).await.map_err(ended)
        }
        Told::Discord(adapter, told) => {
            let needs = discord(told, client(&adapter)?, adapter.inbox);
            codexa_discord::serve(needs, shutdown.requested()).await.map_err(ended)
        }
    }
}

/// What Slack needs.
pub(super) async fn slack(
    told: told::Slack,
    gateway: Client,
    inbox: PathBuf,
) -> Result<codexa_slack::Settings, Failure> {
    use codexa_slack::Ingress;
    let ingress = match told.ingress {
        told::Ingress::Socket(app_token) => Ingress::Socket { app_token },
        told::Ingress::Http { listen, signing } => {
            Ingress::Http { listener: bind(&listen).await?, limits: Limits::default(), signing_secret: signing }
        }
    };
    Ok(codexa_slack::Settings { bot_token: told.bot, ingress, api_url: told.api_url, gateway, inbox })
}

/// What Discord needs.
pub(super) fn discord(told: told::Discord, gateway: Client, inbox: PathBuf) -> codexa_discord::Settings {
    codexa_discord::Settings { token: told.token, api_url: told.api_url, gateway, inbox }
}

/// The gateway, as an adapter reaches it.
fn client(adapter: &Adapter) -> Result<Client, Failure> {
    Ok(Client::http(&adapter.gateway, adapter.token.clone())?)
}

/// Where decisions are kept: in the database that is named, else in the file that `codexa up` uses.
pub(crate) fn location(settings: &mut Settings, site: &Site) -> Result<Location, Failure> {
    kept(settings.secret("database-url")?, site)
}

fn kept(database: Option<Secret>, site: &Site) -> Result<Location, Failure> {
    Ok(match database {
        Some(url) => Location::Database(url),
        None => {
            site.data.made()?;
            Location::File(site.data.store())
        }
    })
}

/// The bus: Redis where it is named; else hints stay in this process, and others find out by looking.
async fn bus(at: &Served) -> Result<Arc<dyn Bus>, Failure> {
    Ok(match &at.redis {
        Some(url) => Arc::new(Redis::connect(url.expose()).await?),
        None => Arc::new(InProcess::new()),
    })
}

async fn wake(at: &Served, site: &Site) -> Result<Subscription, Failure> {
    Ok(bus(at).await?.subscribe(&topic(&site.id)).await?)
}

fn way(url: &str) -> Result<Channel, Failure> {
    connect(url).map_err(|error| {
        Failure::blocked("SETTING_INVALID", error.to_string()).with_help("it is where that service listens")
    })
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
