//! The planner as a role.

use crate::follow::follow;
use crate::workspace::Planner;
use codexa_chassis::bus::Subscription;
use codexa_chassis::grpc::{self, Listen, Pace};
use codexa_chassis::settings::Secret;
use codexa_chassis::shutdown::Shutdown;
use codexa_proto::v1;
use codexa_proto::v1::governance_client::GovernanceClient;
use codexa_proto::v1::planner_server::PlannerServer;
use tonic::service::Routes;
use tonic::transport::Channel;

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
    let caller = v1::Caller { token: token.expose().to_owned(), ..v1::Caller::default() };
    let following = follow(planner.clone(), GovernanceClient::new(governance), caller, wake, shutdown.clone());
    let serving = grpc::serve(Routes::new(PlannerServer::new(planner)), listen, shutdown, Pace::default());
    let (served, ()) = tokio::join!(serving, following);
    served.map(drop)
}
