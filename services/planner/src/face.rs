//! The gRPC face.

use crate::governance::Governance;
use crate::workspace::{Planner, PlannerError, folder};
use codexa_chassis::grpc;
use codexa_proto::v1::{self, planner_server};
use tonic::{Code, Request, Response, Status};

/// A planner that is asked by others.
pub(crate) struct Face {
    pub planner: Planner,
    pub governance: Governance,
}

#[tonic::async_trait]
impl planner_server::Planner for Face {
    async fn prepare_workspace(
        &self,
        request: Request<v1::PrepareWorkspaceRequest>,
    ) -> Result<Response<v1::Workspace>, Status> {
        let v1::PrepareWorkspaceRequest { caller, change: id } = request.into_inner();
        self.governance.knows(caller.unwrap_or_default()).await?;
        folder(&id).map_err(status)?;
        // What is written is what governance says, whoever asks for it.
        let change = self.governance.change(&id).await?;
        let planner = self.planner.clone();
        let prepared = tokio::task::spawn_blocking(move || planner.prepare(&change)).await;
        let prepared = prepared.map_err(|error| Status::internal(error.to_string()))?.map_err(status)?;
        Ok(Response::new(v1::Workspace { path: prepared.path, made: prepared.made }))
    }
}

fn status(error: PlannerError) -> Status {
    let message = error.to_string();
    match error {
        PlannerError::Id(_) => grpc::status(Code::InvalidArgument, "CHANGE_ID", &message, "an id is like CH-001"),
        PlannerError::Busy(_) => {
            grpc::status(Code::Unavailable, "PROJECT_BUSY", &message, "the workspace follows when the other is done")
        }
        PlannerError::Project(error) => {
            grpc::status(Code::FailedPrecondition, "WORKSPACE_WRITE", &message, error.help())
        }
    }
}
