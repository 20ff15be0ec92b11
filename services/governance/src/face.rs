//! The gRPC face: messages in, messages out, refusals as statuses. No decisions.

use crate::governance::{Governance, Order};
use crate::identity::Principal;
use crate::pages::Page;
use crate::refusal::{Kind, Refusal};
use codexa_directive::Directive;
use codexa_proto::v1;
use codexa_proto::v1::governance_server::{self, GovernanceServer};
use codexa_proto::v1::jobs_server::{self, JobsServer};
use tonic::service::Routes;
use tonic::{Code, Request, Response, Status};

type Reply<T> = Result<Response<T>, Status>;

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.kind {
            Kind::Invalid => Code::InvalidArgument,
            Kind::Unauthenticated => Code::Unauthenticated,
            Kind::Forbidden => Code::PermissionDenied,
            Kind::NotFound => Code::NotFound,
            Kind::Gone => Code::OutOfRange,
            Kind::Conflict => Code::FailedPrecondition,
            Kind::InFlight => Code::Aborted,
            Kind::KeyReused => Code::AlreadyExists,
            Kind::NotYet => Code::Unimplemented,
            Kind::Unavailable => Code::Unavailable,
            Kind::Internal => Code::Internal,
        };
        codexa_chassis::grpc::status(code, refusal.code, &refusal.message, &refusal.help)
    }
}

/// Governance as the services around it see it.
#[must_use]
pub fn routes(governance: Governance) -> Routes {
    Routes::new(GovernanceServer::new(governance.clone())).add_service(JobsServer::new(governance))
}

/// Who asks for a list, and for which page of it.
fn listed(request: Request<v1::ListRequest>) -> (v1::Caller, Page) {
    let v1::ListRequest { caller, limit, after } = request.into_inner();
    (caller.unwrap_or_default(), Page { limit, after })
}

#[tonic::async_trait]
impl governance_server::Governance for Governance {
    async fn identify(&self, request: Request<v1::Caller>) -> Reply<v1::Principal> {
        let principal = self.identify(&request.into_inner()).await?;
        let (kind, name, roles) = match principal {
            Principal::Person(person) => {
                ("person", person.id, person.roles.iter().map(|role| role.word().to_owned()).collect())
            }
            Principal::Operator => ("operator", "operator".to_owned(), Vec::new()),
            Principal::Adapter(platform) => ("adapter", platform, Vec::new()),
            Principal::Service(name) => ("service", name, Vec::new()),
        };
        Ok(Response::new(v1::Principal { kind: kind.to_owned(), name, roles }))
    }

    async fn get_context(&self, request: Request<v1::Caller>) -> Reply<v1::Context> {
        Ok(Response::new(self.context(&request.into_inner()).await?))
    }

    async fn execute(&self, request: Request<v1::ExecuteRequest>) -> Reply<v1::Answer> {
        let request = request.into_inner();
        let directive = request.directive.as_ref().map(Directive::try_from).transpose().map_err(|error| {
            Refusal::new(Kind::Invalid, "DIRECTIVE_INVALID", error.to_string(), "send a directive of the language")
        })?;
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        let order = Order {
            caller: request.caller.unwrap_or_default(),
            directive,
            key: request.idempotency_key,
            fingerprint: request.fingerprint,
            nonce: given(request.nonce),
            digest: given(request.digest),
        };
        // What has begun is ended, whether or not somebody still waits for it.
        let governance = self.clone();
        let done = tokio::spawn(async move { governance.execute(order).await }).await;
        let answer = done.map_err(|error| Status::internal(error.to_string()))?;
        Ok(Response::new(answer?))
    }

    async fn list_changes(&self, request: Request<v1::ListRequest>) -> Reply<v1::ChangeList> {
        let (caller, page) = listed(request);
        Ok(Response::new(self.changes(&caller, &page).await?))
    }

    async fn get_change(&self, request: Request<v1::GetChangeRequest>) -> Reply<v1::Change> {
        let request = request.into_inner();
        Ok(Response::new(self.change(&request.caller.unwrap_or_default(), &request.id).await?))
    }

    async fn list_jobs(&self, request: Request<v1::ListRequest>) -> Reply<v1::JobList> {
        let (caller, page) = listed(request);
        Ok(Response::new(self.jobs(&caller, &page).await?))
    }

    async fn get_job(&self, request: Request<v1::GetJobRequest>) -> Reply<v1::Job> {
        let request = request.into_inner();
        Ok(Response::new(self.job(&request.caller.unwrap_or_default(), &request.id).await?))
    }

    async fn begin_link(&self, request: Request<v1::Caller>) -> Reply<v1::LinkCode> {
        Ok(Response::new(self.begin_link(&request.into_inner()).await?))
    }

    async fn confirm_link(&self, request: Request<v1::ConfirmLinkRequest>) -> Reply<v1::Answer> {
        Ok(Response::new(self.confirm_link(&request.into_inner()).await?))
    }

    async fn list_events(&self, request: Request<v1::ListEventsRequest>) -> Reply<v1::EventList> {
        let request = request.into_inner();
        let events = self.events(&request.caller.unwrap_or_default(), &request.after, request.limit).await?;
        Ok(Response::new(events))
    }
}

#[tonic::async_trait]
impl jobs_server::Jobs for Governance {
    async fn lease(&self, request: Request<v1::LeaseRequest>) -> Reply<v1::LeaseReply> {
        Ok(Response::new(v1::LeaseReply { job: self.lease(request.into_inner()).await? }))
    }

    async fn renew(&self, request: Request<v1::RenewRequest>) -> Reply<v1::RenewReply> {
        Ok(Response::new(v1::RenewReply { lost: !self.renew(request.into_inner()).await? }))
    }

    async fn finish(&self, request: Request<v1::FinishRequest>) -> Reply<v1::FinishReply> {
        Ok(Response::new(v1::FinishReply { lost: !self.finish(request.into_inner()).await? }))
    }
}
