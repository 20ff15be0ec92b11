//! A job that writes an answer to a follow-up down.

use crate::annotate::{Answered, Order, answer};
use codexa_chassis::jobs::{Handler, Leased, Outcome, ProgressSender};
use codexa_chassis::shutdown::Shutdown;
use codexa_model::annotations::Decision;
use codexa_project::Project;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a run in the same project is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// Writes answers down.
pub(super) struct Answering {
    project: Project,
}

impl Answering {
    pub(super) fn new(project: Project) -> Self {
        Self { project }
    }
}

#[async_trait::async_trait]
impl Handler for Answering {
    fn kind(&self) -> &'static str {
        "followup"
    }

    async fn run(&self, job: &Leased, _progress: ProgressSender, stop: Shutdown) -> Outcome {
        let Some(order) = order(&job.args) else {
            return Outcome::Failed("the job does not say what was answered".to_owned());
        };
        let project = self.project.clone();
        let writing = tokio::task::spawn_blocking(move || answer(&project, &order, PATIENCE));
        let answered = tokio::select! {
            answered = writing => answered,
            // What is written meanwhile is written once: the same answer again changes nothing.
            () = stop.requested() => return Outcome::Stopped,
        };
        match answered {
            Ok(Ok(answered)) => Outcome::Done(summary(&answered)),
            Ok(Err(error)) => Outcome::Failed(format!("{error}; {}", error.help())),
            Err(error) => {
                tracing::error!(%error, "writing an answer panicked");
                Outcome::Failed("writing met an error of its own; the log of discovery says which".to_owned())
            }
        }
    }
}

fn order(args: &BTreeMap<String, String>) -> Option<Order> {
    let said = |name: &str| args.get(name).cloned();
    let decisions = [Decision::Accept, Decision::Defer, Decision::Dismiss, Decision::Assign];
    Some(Order {
        followup: said("followup")?,
        decision: decisions
            .into_iter()
            .find(|decision| Some(decision.word()) == args.get("decision").map(String::as_str))?,
        by: said("by"),
        at: said("at"),
        until: said("until"),
        to: said("to"),
        text: said("text"),
        reason: said("reason"),
    })
}

/// What came of it, in a line.
fn summary(answered: &Answered) -> String {
    let answer = &answered.answer;
    let written = if answered.written { "written to .codexa/annotations.yaml" } else { "said already" };
    format!("{} ({}): {}, {written}", answer.followup, answer.about, answer.decision.word())
}
