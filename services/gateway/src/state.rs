//! What every route has at hand: the ways to the services, and the bus that wakes streams.

use codexa_chassis::bus::Bus;
use codexa_chassis::health::{Check, Health};
use codexa_chassis::http::Limits;
use codexa_chassis::request_id::Propagate;
use codexa_chassis::shutdown::Shutdown;
use codexa_proto::v1::discovery_client::DiscoveryClient;
use codexa_proto::v1::governance_client::GovernanceClient;
use codexa_proto::v1::planner_client::PlannerClient;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// How long a check of readiness may take.
const CHECK: Duration = Duration::from_secs(2);

/// Streams at a time.
const STREAMS: u32 = 256;

type Way = InterceptedService<Channel, Propagate>;

/// The gateway of one project. Clones share everything.
#[derive(Clone, Debug)]
pub struct Gateway {
    governance: GovernanceClient<Way>,
    planner: PlannerClient<Way>,
    discovery: DiscoveryClient<Way>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) topic: Arc<str>,
    pub(crate) health: Health,
    pub(crate) shutdown: Shutdown,
    pub(crate) streams: Streams,
    pub(crate) pace: Pace,
}

/// The ways to the services.
#[derive(Clone, Debug)]
pub struct Services {
    /// Decisions.
    pub governance: Channel,
    /// Workspaces.
    pub planner: Channel,
    /// What is known of the code.
    pub discovery: Channel,
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The head of a request, and the silence between two requests of a connection.
    pub head: Duration,
    /// The body of a request.
    pub body: Duration,
    /// An answer, with all that services do for it: less than clients wait.
    pub answer: Duration,
    /// A new workspace; the planner makes it by itself where that takes longer.
    pub workspace: Duration,
    /// The other side's taking anything at all of what is sent to it.
    pub take: Duration,
    /// Between two looks of a stream that nobody wakes; each look asks whether the token still holds.
    pub poll: Duration,
    /// Requests and streams, when the gateway stops.
    pub grace: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let Limits { head, take, grace, connections: _ } = Limits::default();
        Self {
            head,
            body: Duration::from_secs(10),
            answer: Duration::from_secs(20),
            workspace: Duration::from_secs(5),
            take,
            poll: Duration::from_secs(5),
            grace,
        }
    }
}

impl Gateway {
    /// A gateway over services; `topic` is where events are announced on the bus.
    #[must_use]
    pub fn new(services: Services, bus: Arc<dyn Bus>, topic: &str, shutdown: Shutdown) -> Self {
        let Services { governance, planner, discovery } = services;
        let health = Health::new(CHECK)
            .with("gateway", shutdown.clone())
            .with("governance", Serving(governance.clone()))
            .with("planner", Serving(planner.clone()))
            .with("discovery", Serving(discovery.clone()));
        Self {
            governance: GovernanceClient::with_interceptor(governance, Propagate),
            planner: PlannerClient::with_interceptor(planner, Propagate),
            discovery: DiscoveryClient::with_interceptor(discovery, Propagate),
            bus,
            topic: topic.into(),
            health,
            shutdown,
            streams: Streams::default(),
            pace: Pace::default(),
        }
    }

    /// The same at another pace.
    #[must_use]
    pub fn at_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    pub(crate) fn governance(&self) -> GovernanceClient<Way> {
        self.governance.clone()
    }

    pub(crate) fn planner(&self) -> PlannerClient<Way> {
        self.planner.clone()
    }

    pub(crate) fn discovery(&self) -> DiscoveryClient<Way> {
        self.discovery.clone()
    }

    /// A request to a service, which gives it up when nobody waits for its answer any more.
    pub(crate) fn ask<T>(&self, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        request.set_timeout(self.pace.answer);
        request
    }
}

/// The streams that are open.
#[derive(Clone, Debug)]
pub(crate) struct Streams(Arc<Semaphore>);

impl Default for Streams {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(STREAMS as usize)))
    }
}

impl Streams {
    /// A place for a stream, where there is one.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }

    /// Ends when no stream is open.
    pub async fn all_closed(&self) {
        // Fails only where nobody gives places any more.
        let _ = self.0.acquire_many(STREAMS).await;
    }
}

/// A service that says of itself that it serves.
struct Serving(Channel);

#[async_trait::async_trait]
impl Check for Serving {
    async fn check(&self) -> Result<(), String> {
        let asked = HealthClient::new(self.0.clone()).check(HealthCheckRequest::default()).await;
        match asked.map(|answer| answer.into_inner().status()) {
            Ok(ServingStatus::Serving) => Ok(()),
            Ok(_) => Err("is not serving".to_owned()),
            Err(_) => Err("does not answer".to_owned()),
        }
    }
}
