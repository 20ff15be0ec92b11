//! Governance, as the planner asks it: with the planner's own token, in a bounded time, on behalf of the request that runs.

use codexa_chassis::request_id::Propagate;
use codexa_chassis::settings::Secret;
use codexa_proto::v1;
use codexa_proto::v1::governance_client::GovernanceClient;
use std::time::Duration;
use tokio::time::timeout;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

/// How long governance may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way to governance. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Governance {
    client: GovernanceClient<InterceptedService<Channel, Propagate>>,
    token: Secret,
}

impl Governance {
    pub fn new(channel: Channel, token: Secret) -> Self {
        Self { client: GovernanceClient::with_interceptor(channel, Propagate), token }
    }

    /// Ends well where governance knows the caller.
    pub async fn knows(&self, caller: v1::Caller) -> Result<(), Status> {
        in_time(self.client.clone().identify(bounded(caller))).await.map(drop)
    }

    pub async fn change(&self, id: &str) -> Result<v1::Change, Status> {
        let asked = v1::GetChangeRequest { caller: Some(self.caller()), id: id.to_owned() };
        in_time(self.client.clone().get_change(bounded(asked))).await
    }

    /// The page of changes behind one, or the first.
    pub async fn changes(&self, after: String) -> Result<v1::ChangeList, Status> {
        let asked = v1::ListRequest { caller: Some(self.caller()), limit: 0, after };
        in_time(self.client.clone().list_changes(bounded(asked))).await
    }

    pub async fn events(&self, after: String, limit: u32) -> Result<v1::EventList, Status> {
        let asked = v1::ListEventsRequest { caller: Some(self.caller()), after, limit };
        in_time(self.client.clone().list_events(bounded(asked))).await
    }

    fn caller(&self) -> v1::Caller {
        v1::Caller { token: self.token.expose().to_owned(), ..v1::Caller::default() }
    }
}

fn bounded<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(PATIENCE);
    request
}

/// The answer, where it comes in time.
async fn in_time<T>(asked: impl Future<Output = Result<Response<T>, Status>>) -> Result<T, Status> {
    let late = |_| Err(Status::deadline_exceeded("no answer in time"));
    timeout(PATIENCE, asked).await.unwrap_or_else(late).map(Response::into_inner)
}
