//! A house for one command, beside which none runs. Governance, the planner and discovery answer for as long as the command asks; nobody
//! else is there. It looks for no edits and passes on no events, and takes a job only where the command waits for one: all of
//! that is for a house that stays.

use super::Site;
use super::embedded::{open, subscribe};
use super::part::Part;
use crate::failure::Failure;
use codexa_chassis::bus::InProcess;
use codexa_chassis::grpc::{self, Incoming, Listen, Pace, in_process};
use codexa_chassis::settings::Secret;
use codexa_chassis::shutdown::Shutdown;
use codexa_client::Client;
use codexa_discovery::serve::{Employment, Orders};
use codexa_gateway::serve::Services;
use codexa_gateway::{Gateway, WayIn};
use codexa_governance::Governance;
use codexa_governance::serve::{Location, topic};
use codexa_planner::Planner;
use codexa_project::Project;
use codexa_proto::v1;
use std::sync::Arc;
use std::time::Duration;
use tonic::service::Routes;
use tonic::transport::Channel;

/// So many events before the command are looked at again: a command that was killed, or met another writer of the project,
/// left a workspace behind.
const LATELY: i64 = 10;

/// Everything that one command needs.
pub(super) struct Errand {
    pub governance: Governance,
    gateway: Gateway,
    planner: Planner,
    project: Project,
    orders: Orders,
    topic: String,
    to_governance: Channel,
    service: Secret,
    /// The newest event when the command began.
    began: i64,
    working: Part,
    /// What answers whoever works.
    faces: Part,
}

impl Errand {
    pub async fn build(site: &Site, location: Location) -> Result<Self, Failure> {
        let (working, mut faces) = (Part::default(), Part::default());
        let service = site.data.secret("service")?;
        let governance = open(site, location, &service, &faces.shutdown).await?;
        let caller = v1::Caller { token: service.expose().to_owned(), ..v1::Caller::default() };
        let newest = governance.events(&caller, "", 0).await?.newest;
        let began = newest.split('.').next().and_then(|id| id.parse().ok()).unwrap_or_default();
        let planner = Planner::new(site.project.clone());

        let (to_governance, at_governance) = in_process();
        let routes = codexa_governance::face::routes(governance.clone());
        faces.tasks.spawn(serve(routes, at_governance, faces.shutdown.clone()));
        let (to_planner, at_planner) = in_process();
        let routes = codexa_planner::serve::routes(planner.clone(), to_governance.clone(), service.clone());
        faces.tasks.spawn(serve(routes, at_planner, faces.shutdown.clone()));
        let (to_discovery, at_discovery) = in_process();
        let routes = codexa_discovery::serve::routes(site.project.clone());
        faces.tasks.spawn(serve(routes, at_discovery, faces.shutdown.clone()));

        let services = Services { governance: to_governance.clone(), planner: to_planner, discovery: to_discovery };
        let topic = topic(&site.id);
        let gateway = Gateway::new(services, Arc::new(InProcess::new()), &topic, faces.shutdown.clone());
        let (project, orders) = (site.project.clone(), site.orders());
        Ok(Self { governance, gateway, planner, project, orders, topic, to_governance, service, began, working, faces })
    }

    /// A client of the house, within the process.
    pub fn client(&self, token: &Secret) -> Client {
        Client::over(codexa_gateway::router(self.gateway.clone(), WayIn::Terminal), token.clone())
    }

    /// Takes jobs from now on. Whoever interrupts the command asks it to stop, and the job waits for another worker.
    pub async fn work(&mut self) -> Result<(), Failure> {
        let wake = subscribe(&InProcess::new(), &self.topic).await?;
        let employment = Employment { governance: self.to_governance.clone(), token: self.service.clone(), wake };
        let signals = self.working.shutdown.on_signals();
        signals.map_err(|error| Failure::unexpected("CLI_SIGNALS", format!("signals cannot be watched: {error}")))?;
        let shutdown = self.working.shutdown.clone();
        let (project, orders) = (self.project.clone(), Arc::clone(&self.orders));
        self.working.tasks.spawn(codexa_discovery::serve::work(project, orders, employment, shutdown));
        Ok(())
    }

    /// Ends when somebody interrupts the command.
    pub fn interrupted(&self) -> impl Future<Output = ()> + use<> {
        self.working.shutdown.requested()
    }

    /// Leaves the workspaces in step with what was decided, and ends what it began.
    pub async fn end(self) {
        // A job that is not done is given back while there is somebody to give it to.
        self.working.end().await;
        let after = (self.began - LATELY).max(0).to_string();
        codexa_planner::serve::catch_up(self.planner, self.to_governance, self.service, after).await;
        self.faces.end().await;
    }
}

/// Serves a face until the command is over: nobody has to be told before.
async fn serve(routes: Routes, at: Incoming, shutdown: Shutdown) {
    let pace = Pace { notice: Duration::ZERO, ..Pace::default() };
    if let Err(error) = grpc::serve(routes, Listen::InProcess(at), shutdown, pace).await {
        tracing::debug!(%error, "a face ended");
    }
}
