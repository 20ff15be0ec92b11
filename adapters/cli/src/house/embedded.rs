//! All services in this process, each behind its gRPC face over a pipe, as they stand in containers over TCP.

use super::part::Part;
use super::{Site, role, told};
use crate::failure::Failure;
use codexa_chassis::bus::{Bus, BusError, InProcess, Subscription};
use codexa_chassis::grpc::{Listen, in_process};
use codexa_chassis::settings::{Secret, Settings};
use codexa_chassis::shutdown::Shutdown;
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

/// All services of a project.
pub(crate) struct House {
    pub gateway: Gateway,
    pub governance: Governance,
    /// Whoever asks governance something.
    first: Part,
    /// Governance, which is asked to stop when nobody is left who asks it something: a job that is not done is given back.
    last: Part,
    /// What ended a service that should have gone on.
    broken: Broken,
}

/// The first service that ended by itself, and why.
type Broken = Arc<OnceLock<String>>;

impl House {
    /// Builds the house; its services run until `shutdown`, or until it is dropped.
    pub async fn build(site: &Site, location: Location, shutdown: Shutdown) -> Result<Self, Failure> {
        let service = site.data.secret("service")?;
        let governance = open(site, location, &service, &shutdown).await?;
        let bus: Arc<dyn Bus> = Arc::new(InProcess::new());
        let topic = topic(&site.id);
        let mut first = Part { shutdown: shutdown.clone(), ..Part::default() };
        let mut last = Part::default();
        let broken = Broken::default();

        let (to_governance, at_governance) = in_process();
        let serving = codexa_governance::serve::serve(
            governance.clone(),
            Listen::InProcess(at_governance),
            Arc::clone(&bus),
            last.shutdown.clone(),
        );
        last.tasks.spawn(ends("governance", serving, shutdown.clone(), Arc::clone(&broken)));

        let (to_planner, at_planner) = in_process();
        let following = Following {
            governance: to_governance.clone(),
            token: service.clone(),
            wake: subscribe(&*bus, &topic).await?,
        };
        let planner = Planner::new(site.project.clone());
        let serving = codexa_planner::serve::serve(planner, following, Listen::InProcess(at_planner), shutdown.clone());
        first.tasks.spawn(ends("planner", serving, shutdown.clone(), Arc::clone(&broken)));

        let (to_discovery, at_discovery) = in_process();
        let employment =
            Employment { governance: to_governance.clone(), token: service, wake: subscribe(&*bus, &topic).await? };
        let (project, orders) = (site.project.clone(), site.orders());
        let listen = Listen::InProcess(at_discovery);
        let serving = codexa_discovery::serve::serve(project, orders, employment, listen, shutdown.clone());
        first.tasks.spawn(ends("discovery", serving, shutdown.clone(), Arc::clone(&broken)));

        let services = Services { governance: to_governance, planner: to_planner, discovery: to_discovery };
        let gateway = Gateway::new(services, bus, &topic, shutdown.clone());
        Ok(Self { gateway, governance, first, last, broken })
    }

    /// Adds the chats whose tokens were given. `url` is where the house's gateway listens.
    pub async fn with_chats(
        &mut self,
        site: &Site,
        settings: &mut Settings,
        url: &str,
    ) -> Result<Vec<&'static str>, Failure> {
        let mut chats = Vec::new();
        if let Some(told) = told::slack(settings, Ok(None))? {
            let gateway = self.adapter(site, "slack", url)?;
            let needs = role::slack(told, gateway, site.data.inbox("slack")).await?;
            self.with("slack", codexa_slack::serve(needs, self.first.shutdown.requested()));
            chats.push("slack");
        }
        if let Some(told) = told::discord(settings)? {
            let gateway = self.adapter(site, "discord", url)?;
            let needs = role::discord(told, gateway, site.data.inbox("discord"));
            self.with("discord", codexa_discord::serve(needs, self.first.shutdown.requested()));
            chats.push("discord");
        }
        Ok(chats)
    }

    /// The gateway, as an adapter of the house reaches it.
    fn adapter(&self, site: &Site, platform: &str, url: &str) -> Result<Client, Failure> {
        let token = site.data.secret(platform)?;
        self.governance.know(TokenKind::Adapter, platform, token.expose());
        Ok(Client::http(url, token)?)
    }

    /// Adds something that runs beside the services.
    pub fn with<E: std::fmt::Display + 'static>(
        &mut self,
        name: &'static str,
        serving: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        self.first.tasks.spawn(ends(name, serving, self.first.shutdown.clone(), Arc::clone(&self.broken)));
    }

    /// Waits until everything has stopped, in a bounded time.
    /// Fails where a service ended by itself: half a house is of no use, and who watches over it should know.
    pub async fn ended(self) -> Result<(), Failure> {
        self.first.shutdown.requested().await;
        let (first, last) = (self.first.end().await, self.last.end().await);
        tracing::debug!(?first, ?last, "stopped");
        match self.broken.get() {
            Some(broken) => Err(Failure::unexpected("SERVICE_ENDED", broken.clone())),
            None => Ok(()),
        }
    }
}

/// Governance of a project, to which the house's own token is known.
pub(super) async fn open(
    site: &Site,
    location: Location,
    service: &Secret,
    shutdown: &Shutdown,
) -> Result<Governance, Failure> {
    let needs = codexa_governance::serve::Settings {
        location,
        project: site.project.clone(),
        project_id: site.id.clone(),
        reading: site.reading(),
        tokens: vec![(TokenKind::Service, "embedded".to_owned(), service.clone())],
    };
    Ok(codexa_governance::serve::open(needs, shutdown).await?)
}

pub(super) async fn subscribe(bus: &dyn Bus, topic: &str) -> Result<Subscription, Failure> {
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
