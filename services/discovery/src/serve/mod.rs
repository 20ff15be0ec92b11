//! Discovery as a role: runs and answers asked for as jobs, and a gRPC face that answers from what runs left. It reaches governance only
//! through the queue: what parses strangers' code has no way to the store of decisions.

mod answering;
mod face;
mod queue;
mod runner;

pub use runner::Orders;

use answering::Answering;
use codexa_chassis::bus::Subscription;
use codexa_chassis::grpc::{self, Listen, Pace};
use codexa_chassis::jobs::{self, Handler, Worker};
use codexa_chassis::settings::Secret;
use codexa_chassis::shutdown::Shutdown;
use codexa_project::Project;
use codexa_proto::v1::discovery_server::DiscoveryServer;
use queue::JobQueue;
use runner::Runner;
use std::sync::Arc;
use tonic::service::Routes;
use tonic::transport::Channel;

/// What discovery needs to take jobs.
#[derive(Debug)]
pub struct Employment {
    /// The way to governance.
    pub governance: Channel,
    /// Discovery's own token.
    pub token: Secret,
    /// Wakes it when something happened.
    pub wake: Subscription,
}

/// Takes jobs of discovery until it is asked to stop.
pub async fn work(project: Project, orders: Orders, employment: Employment, shutdown: Shutdown) {
    let Employment { governance, token, wake } = employment;
    let queue = Arc::new(JobQueue::new(governance, token));
    let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(Runner::new(orders)), Arc::new(Answering::new(project))];
    let worker = Worker::new(format!("discovery-{}", uuid::Uuid::new_v4().simple()));
    jobs::work(queue, handlers, wake, worker, shutdown).await;
}

/// The gRPC face over a project: answers from what the last run left.
#[must_use]
pub fn routes(project: Project) -> Routes {
    Routes::new(DiscoveryServer::new(face::Face(project)))
}

/// Serves discovery of a project until it is asked to stop.
///
/// # Errors
/// When serving ends before that.
pub async fn serve(
    project: Project,
    orders: Orders,
    employment: Employment,
    listen: Listen,
    shutdown: Shutdown,
) -> Result<(), tonic::transport::Error> {
    let working = work(project.clone(), orders, employment, shutdown.clone());
    let routes = routes(project);
    let (served, ()) = tokio::join!(grpc::serve(routes, listen, shutdown, Pace::default()), working);
    served.map(drop)
}
