//! The planner as a role.

use crate::face::Face;
use crate::follow::{self, follow};
use crate::governance::Governance;
use crate::workspace::Planner;
use codexa_chassis::bus::Subscription;
use codexa_chassis::grpc::{self, Listen, Pace};
use codexa_chassis::settings::Secret;
use codexa_chassis::shutdown::Shutdown;
use codexa_proto::v1::planner_server::PlannerServer;
use tonic::service::Routes;
use tonic::transport::Channel;

/// Brings the workspaces of changes that something happened to in step, once: all that happened after an event.
pub async fn catch_up(planner: Planner, governance: Channel, token: Secret, after: String) {
    follow::catch_up(planner, Governance::new(governance, token), after).await;
}

/// What the planner needs to reach governance.
#[derive(Debug)]
pub struct Following {
    /// The way to governance.
    pub governance: Channel,
    /// The planner's own token.
    pub token: Secret,
    /// Wakes it when something happened.
    pub wake: Subscription,
}

/// The planner's face, which asks governance about changes by the planner's own token.
#[must_use]
pub fn routes(planner: Planner, governance: Channel, token: Secret) -> Routes {
    Routes::new(PlannerServer::new(Face { planner, governance: Governance::new(governance, token) }))
}

/// Serves the planner until it is asked to stop.
///
/// # Errors
/// When serving ends before that.
pub async fn serve(
    planner: Planner,
    following: Following,
    listen: Listen,
    shutdown: Shutdown,
) -> Result<(), tonic::transport::Error> {
    let Following { governance, token, wake } = following;
    let routes = routes(planner.clone(), governance.clone(), token.clone());
    let following = follow(planner, Governance::new(governance, token), wake, shutdown.clone());
    let serving = grpc::serve(routes, listen, shutdown, Pace::default());
    let (served, ()) = tokio::join!(serving, following);
    served.map(drop)
}
