//! Every error as a problem document, once.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use codexa_api::Problem;
use codexa_chassis::grpc::{is_away, problem_of};
use codexa_chassis::request_id;
use tonic::{Code, Status};

/// Why a request has no answer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    problem: Box<Problem>,
    /// What a header says of it beside the document.
    header: Option<(HeaderName, &'static str)>,
}

impl Failure {
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>, help: &str) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let problem = Box::new(Problem::new(status.as_u16(), code, title, detail).with_help(help));
        let header = (status == StatusCode::UNAUTHORIZED).then_some((header::WWW_AUTHENTICATE, "Bearer"));
        Self { problem, header }
    }

    /// The same with a header.
    pub fn saying(self, name: HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// A service is away, or too slow.
    pub fn away() -> Self {
        let detail = "a service behind the gateway does not answer";
        let help = "send the same again in a moment, with the same key";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", detail, help)
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        match problem_of(&status) {
            Some((code, message, help)) => Self::new(http_status(status.code()), &code, message, &help),
            // gRPC itself says something. Its words are for logs, not for callers.
            None if is_away(&status) => {
                tracing::warn!(%status, "a service does not answer");
                Self::away()
            }
            None => {
                tracing::error!(%status, "a service failed");
                let detail = "a service behind the gateway failed";
                let help = "its log says why, under this request's id";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "SERVICE_FAILED", detail, help)
            }
        }
    }
}

/// HTTP's status of a refusal's kind.
fn http_status(code: Code) -> StatusCode {
    match code {
        Code::InvalidArgument => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::OutOfRange => StatusCode::GONE,
        Code::FailedPrecondition | Code::Aborted => StatusCode::CONFLICT,
        Code::AlreadyExists => StatusCode::UNPROCESSABLE_ENTITY,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self { mut problem, header } = self;
        if let Some(id) = request_id::current() {
            problem.request_id = id.to_string();
        }
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(header.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}
