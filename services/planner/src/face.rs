//! The gRPC face.

use crate::workspace::{Planner, PlannerError};
use codexa_chassis::grpc;
use codexa_proto::v1::{self, planner_server};
use tonic::{Code, Request, Response, Status};

#[tonic::async_trait]
impl planner_server::Planner for Planner {
    async fn prepare_workspace(
        &self,
        request: Request<v1::PrepareWorkspaceRequest>,
    ) -> Result<Response<v1::Workspace>, Status> {
        let change = request.into_inner().change.unwrap_or_default();
        let planner = self.clone();
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
