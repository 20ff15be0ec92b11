//! Long work.

use super::caller;
use crate::convert;
use crate::extract::{Asked, Bearer, Page, Part};
use crate::failure::Failure;
use crate::openapi::Reading;
use crate::state::Gateway;
use axum::Json;
use axum::extract::State;
use codexa_api::{Job, Jobs, Problem};
use codexa_proto::v1;

/// A page of the jobs, newest first.
#[utoipa::path(get, path = "/v1/jobs", operation_id = "list_jobs", tag = "jobs", security(("token" = [])), params(Page), responses(
    (status = 200, description = "The page", body = Jobs),
    Reading,
    (status = 400, description = "There is no such page", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    Asked(page): Asked<Page>,
) -> Result<Json<Jobs>, Failure> {
    let request = page.request(caller(token))?;
    let list = gateway.governance().list_jobs(gateway.ask(request)).await?.into_inner();
    let jobs = list.jobs.into_iter().map(convert::job).collect();
    Ok(Json(Jobs { jobs, next: convert::given(list.next) }))
}

/// One job.
#[utoipa::path(get, path = "/v1/jobs/{id}", operation_id = "show_job", tag = "jobs", security(("token" = [])),
    params(("id" = String, Path, description = "A UUID")),
    responses(
        (status = 200, description = "The job", body = Job),
        Reading,
        (status = 400, description = "The path makes no sense", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is none of that id", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn one(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    Part(id): Part,
) -> Result<Json<Job>, Failure> {
    let request = v1::GetJobRequest { caller: Some(caller(token)), id };
    Ok(Json(convert::job(gateway.governance().get_job(gateway.ask(request)).await?.into_inner())))
}
