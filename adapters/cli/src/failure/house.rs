//! What the services of a house, and the way to them, fail with.

use super::Failure;
use codexa_chassis::bus::BusError;
use codexa_chassis::settings::SettingError;
use codexa_governance::refusal::{Kind, Refusal};
use codexa_governance::serve::ServeError;

impl From<codexa_client::Error> for Failure {
    fn from(error: codexa_client::Error) -> Self {
        let message = error.to_string();
        match error {
            codexa_client::Error::Problem(problem) => {
                let failure = match problem.status {
                    500.. if problem.status != 501 => Self::unexpected(&problem.code, &problem.detail),
                    _ => Self::blocked(&problem.code, &problem.detail),
                };
                if problem.help.is_empty() { failure } else { failure.with_help(problem.help) }
            }
            codexa_client::Error::Unreachable { .. } => Self::blocked("GATEWAY_UNREACHABLE", message),
            codexa_client::Error::Unexpected { .. } => Self::unexpected("GATEWAY_STRANGE", message),
            codexa_client::Error::Settings(_) => Self::blocked("GATEWAY_SETTINGS", message),
        }
    }
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Self::blocked("SETTING_INVALID", error.to_string())
            .with_help("`codexa serve ROLE --print-settings` shows what was given, and from where")
    }
}

impl From<BusError> for Failure {
    fn from(error: BusError) -> Self {
        Self::blocked("REDIS_ADDRESS", error.to_string()).with_help("it looks like redis://HOST:6379")
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let failure = match refusal.kind {
            Kind::Internal => Self::unexpected(refusal.code, refusal.message),
            _ => Self::blocked(refusal.code, refusal.message),
        };
        failure.with_help(refusal.help)
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Store(_) => Self::blocked("STORE_UNUSABLE", error.to_string())
                .with_help("a newer codexa may have written it; decisions are never thrown away"),
            ServeError::Stopped => Self::blocked("STOPPED", error.to_string()),
            ServeError::Transport(_) => Self::unexpected("ROLE_ENDED", error.to_string()),
        }
    }
}
