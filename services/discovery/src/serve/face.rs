//! The gRPC face: what the last run left.

use crate::engine::{Knowledge, stored};
use crate::query::{self, status};
use codexa_project::Project;
use codexa_proto::v1::{self, discovery_server};
use tonic::{Request, Response, Status};

/// What is known of a project.
pub(super) struct Face(pub(super) Project);

#[tonic::async_trait]
impl discovery_server::Discovery for Face {
    async fn get_summary(&self, _request: Request<v1::GetSummaryRequest>) -> Result<Response<v1::Summary>, Status> {
        let project = self.0.clone();
        let summary = tokio::task::spawn_blocking(move || summary(&project)).await;
        summary.map(Response::new).map_err(|error| Status::internal(error.to_string()))
    }

    async fn get_followups(
        &self,
        _request: Request<v1::GetFollowupsRequest>,
    ) -> Result<Response<v1::Followups>, Status> {
        let project = self.0.clone();
        let followups = tokio::task::spawn_blocking(move || followups(&project)).await;
        followups.map(Response::new).map_err(|error| Status::internal(error.to_string()))
    }
}

fn followups(project: &Project) -> v1::Followups {
    let Some(stored) = stored(project) else {
        let says = "nothing is known of the code yet: `discover` reads it".to_owned();
        return v1::Followups { says, ..v1::Followups::default() };
    };
    let knowledge = match Knowledge::read(project) {
        Ok(knowledge) => knowledge,
        Err(broken) => return v1::Followups { says: broken.to_string(), ..v1::Followups::default() },
    };
    let answer = query::followups(&stored.model, &knowledge.annotations);
    v1::Followups { known: true, says: answer.says(), lines: answer.lines() }
}

fn summary(project: &Project) -> v1::Summary {
    let Some(stored) = stored(project) else {
        let says = "nothing is known of the code yet: `discover` reads it".to_owned();
        return v1::Summary { says, ..v1::Summary::default() };
    };
    let status = status(&stored.model);
    let [parsed, of] = status.files_parsed;
    let files = u32::try_from(status.files).unwrap_or(u32::MAX);
    v1::Summary {
        known: true,
        says: format!("{files} files, {parsed} of {of} parsed, {} components", status.components),
        basis_commit: status.basis_commit.unwrap_or_default(),
        mode: status.mode,
        files,
        parsed,
        components: status.components,
    }
}
