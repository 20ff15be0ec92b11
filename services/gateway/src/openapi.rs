//! The document that describes the API (OpenAPI 3.1): made from the routes, so that it says what there is.

use crate::routes::described;
use codexa_api::Problem;
use std::collections::BTreeMap;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContactBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
    RefOr, Response, ResponseBuilder,
};
use utoipa::{IntoResponses, ToSchema};

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    described().into_openapi()
}

/// The document without its routes.
pub(crate) fn frame() -> OpenApi {
    let bearer =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("`codexa token new` makes one")).build();
    let info = InfoBuilder::new()
        .title("Codexa")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Words become directives, directives become decisions. Times are milliseconds since 1970, UTC. Errors are \
             problem documents (RFC 9457) with a stable `code`.",
        ))
        .contact(Some(ContactBuilder::new().name(Some("Codexa")).build()))
        .license(Some(LicenseBuilder::new().name("Apache-2.0 OR MIT").identifier(Some("Apache-2.0 OR MIT")).build()))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(ComponentsBuilder::new().security_scheme("token", SecurityScheme::Http(bearer)).build()))
        .build()
}

/// How a request that only reads may be refused.
pub(crate) struct Reading;

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            (401, "There is no token, or nobody has it"),
            (403, "Who asks may not"),
            (409, "It does not fit how things stand now"),
            (500, "Something that should not happen; the log says what, under the request's id"),
            (503, "Something that is needed does not answer"),
        ])
    }
}

/// How a request with a body may be refused, beside the ways of [`Reading`].
pub(crate) struct Sending;

impl IntoResponses for Sending {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            (400, "The request makes no sense as it is"),
            (404, "It names something that is not there"),
            (408, "The body did not arrive in time"),
            (413, "The body has more than 64 KiB"),
            (415, "The body is not JSON, or compressed"),
            (422, "The idempotency key was used for another request"),
            (501, "It is understood, and this version cannot do it"),
        ])
    }
}

fn problems(known: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let response = |description: &str| {
        let content = problem.clone();
        ResponseBuilder::new().description(description).content("application/problem+json", content).build()
    };
    known.iter().map(|(status, description)| (status.to_string(), response(description).into())).collect()
}
