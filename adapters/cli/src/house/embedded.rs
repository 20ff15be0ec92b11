//! All services in this process, each behind its gRPC face over a pipe, as they stand in containers over TCP.

use super::{Site, role};
use crate::failure::Failure;
use codexa_chassis::bus::{Bus, BusError, InProcess, Subscription};
use codexa_chassis::grpc::{Listen, in_process};
use codexa_chassis::settings::{Secret, Settings};
use codexa_chassis::shutdown::{Shutdown, drain};
use codexa_client::Client;
use codexa_discovery::serve::Employment;
use codexa_gateway::Gateway;
use codexa_gateway::serve::Services;
use codexa_governance::Governance;
use codexa_governance::identity::TokenKind;
use codexa_governance::serve::{Location, topic};
use codexa_planner::Planner;
use codexa_planner::serve::Following;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::task::JoinSet;

/// How long services may take to stop.
const GRACE: Duration = Duration::from_secs(12);

/// All services of a project.
pub(crate) struct House {
    pub gateway: Gateway,
    pub governance: Governance,
    pub shutdown: Shutdown,
    planner: Planner,
    tasks: JoinSet<()>,
    /// What ended a service that should have gone on.
    broken: Broken,
}

/// The first service that ended by itself, and why.
type Broken = Arc<OnceLock<String>>;

impl House {
    /// Builds the house; its services run until `shutdown`, or until it is dropped.
    pub async fn build(site: &Site, location: Location, shutdown: Shutdown) -> Result<Self, Failure> {
        let service = site.data.secret("service")?;
        let needs = codexa_governance::serve::Settings {
            location,
            project: site.project.clone(),
            project_id: site.id.clone(),
            reading: site.reading(),
            tokens: vec![(TokenKind::Service, "embedded".to_owned(), service.clone())],
        };
        let governance = codexa_governance::serve::open(needs, &shutdown).await?;
        let bus: Arc<dyn Bus> = Arc::new(InProcess::new());
        let topic = topic(&site.id);
        let planner = Planner::new(site.project.clone());
        let mut tasks = JoinSet::new();
        let broken = Broken::default();

        let (to_governance, at_governance) = in_process();
        let serving = codexa_governance::serve::serve(
            governance.clone(),
            Listen::InProcess(at_governance),
            Arc::clone(&bus),
            shutdown.clone(),
        );
        tasks.spawn(ends("governance", serving, shutdown.clone(), Arc::clone(&broken)));

        let (to_planner, at_planner) = in_process();
        let following = Following {
            governance: to_governance.clone(),
            token: service.clone(),
            wake: subscribe(&*bus, &topic).await?,
        };
        let serving =
            codexa_planner::serve::serve(planner.clone(), following, Listen::InProcess(at_planner), shutdown.clone());
        tasks.spawn(ends("planner", serving, shutdown.clone(), Arc::clone(&broken)));

        let (to_discovery, at_discovery) = in_process();
        let employment =
            Employment { governance: to_governance.clone(), token: service, wake: subscribe(&*bus, &topic).await? };
        let (project, orders) = (site.project.clone(), site.orders());
        let listen = Listen::InProcess(at_discovery);
        let serving = codexa_discovery::serve::serve(project, orders, employment, listen, shutdown.clone());
        tasks.spawn(ends("discovery", serving, shutdown.clone(), Arc::clone(&broken)));

        let services = Services { governance: to_governance, planner: to_planner, discovery: to_discovery };
        let gateway = Gateway::new(services, bus, &topic, shutdown.clone());
        Ok(Self { gateway, governance, shutdown, planner, tasks, broken })
    }

    /// A client of the house, within the process.
    pub fn client(&self, token: &Secret) -> Client {
        Client::over(codexa_gateway::router(self.gateway.clone()), codexa_client::Token::new(token.expose()))
    }

    /// Brings every workspace in step with what is decided, for a house that is about to go.
    pub async fn settle(&self, token: &Secret) {
        let caller = codexa_proto::v1::Caller { token: token.expose().to_owned(), ..Default::default() };
        for change in self.governance.changes(&caller).await.unwrap_or_default() {
            let planner = self.planner.clone();
            // A workspace that another process writes now is brought up to date by the next house.
            let _ = tokio::task::spawn_blocking(move || planner.prepare(&change)).await;
        }
    }

    /// Adds the chats whose tokens were given. `url` is where the house's gateway listens.
    pub async fn with_chats(
        &mut self,
        site: &Site,
        settings: &mut Settings,
        url: &str,
    ) -> Result<Vec<&'static str>, Failure> {
        let mut chats = Vec::new();
        if let Some(needs) = role::slack(settings, self.adapter(site, "slack", url)?, site.data.inbox("slack")).await? {
            self.with("slack", codexa_slack::serve(needs, self.shutdown.requested()));
            chats.push("slack");
        }
        if let Some(needs) = role::discord(settings, self.adapter(site, "discord", url)?, site.data.inbox("discord"))? {
            self.with("discord", codexa_discord::serve(needs, self.shutdown.requested()));
            chats.push("discord");
        }
        Ok(chats)
    }

    /// The gateway, as an adapter of the house reaches it.
    fn adapter(&self, site: &Site, platform: &str, url: &str) -> Result<Client, Failure> {
        let token = site.data.secret(platform)?;
        self.governance.know(TokenKind::Adapter, platform, token.expose());
        Ok(Client::http(url, codexa_client::Token::new(token.expose()))?)
    }

    /// Adds something that runs beside the services.
    pub fn with<E: std::fmt::Display + 'static>(
        &mut self,
        name: &'static str,
        serving: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        self.tasks.spawn(ends(name, serving, self.shutdown.clone(), Arc::clone(&self.broken)));
    }

    /// Waits until everything has stopped, in a bounded time.
    /// Fails where a service ended by itself: half a house is of no use, and who watches over it should know.
    pub async fn ended(self) -> Result<(), Failure> {
        self.shutdown.requested().await;
        let drained = drain(self.tasks, GRACE).await;
        tracing::debug!(?drained, "stopped");
        match self.broken.get() {
            Some(broken) => Err(Failure::unexpected("SERVICE_ENDED", broken.clone())),
            None => Ok(()),
        }
    }
}

async fn subscribe(bus: &dyn Bus, topic: &str) -> Result<Subscription, Failure> {
    let shut = |error: BusError| Failure::unexpected("BUS_SHUT", error.to_string());
    bus.subscribe(topic).await.map_err(shut)
}

/// Runs a service. One that ends by itself ends the house: half of one is of no use.
async fn ends<E: std::fmt::Display>(
    name: &'static str,
    serving: impl Future<Output = Result<(), E>>,
    shutdown: Shutdown,
    broken: Broken,
) {
    match serving.await {
        Ok(()) => tracing::debug!(name, "ended"),
        Err(error) => {
            tracing::error!(name, %error, "a service ended");
            let _ = broken.set(format!("{name} ended: {error}"));
        }
    }
    shutdown.request();
}
