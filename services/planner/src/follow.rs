//! Keeping workspaces in step with what is decided: whatever happened, the change's files say so soon after. Nothing is
//! remembered: a planner that starts looks at every change once.

use crate::governance::Governance;
use crate::workspace::Planner;
use codexa_chassis::bus::Subscription;
use codexa_chassis::grpc::{is_away, is_problem};
use codexa_chassis::shutdown::Shutdown;
use codexa_proto::v1;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::sleep;
use tonic::{Code, Status};

/// How often it looks without being woken.
const POLL: Duration = Duration::from_secs(5);

/// Events that are asked for at a time.
const BATCH: u32 = 200;

/// Follows decisions until it is asked to stop.
pub(crate) async fn follow(planner: Planner, governance: Governance, mut wake: Subscription, shutdown: Shutdown) {
    let mut follower = Follower { planner, governance, after: None, owed: BTreeMap::new() };
    let following = async {
        loop {
            if let Err(error) = follower.step().await {
                tracing::warn!(%error, "governance could not be asked what happened");
            }
            tokio::select! {
                () = sleep(POLL) => {}
                Some(_) = wake.next() => {}
            }
        }
    };
    tokio::select! {
        // A write that has begun is ended on its own thread, or undone by the next writer.
        () = following => {}
        () = shutdown.requested() => {}
    }
}

/// Follows decisions from an event on to those of now.
pub(crate) async fn catch_up(planner: Planner, governance: Governance, after: String) {
    let mut follower = Follower { planner, governance, after: Some(after), owed: BTreeMap::new() };
    if let Err(error) = follower.step().await {
        tracing::warn!(%error, "governance could not be asked what happened");
    }
}

/// Where it is.
struct Follower {
    planner: Planner,
    governance: Governance,
    /// The cursor of the last event that it has seen; none where it has not looked at every change yet.
    after: Option<String>,
    /// Changes whose workspaces are not in step, and what was said of each. One that cannot be written holds up no other.
    owed: BTreeMap<String, String>,
}

impl Follower {
    /// Finds out which changes had events, or looks at all of them, and brings their workspaces up to date.
    async fn step(&mut self) -> Result<(), Status> {
        match self.after.clone() {
            None => self.look_at_all().await?,
            Some(after) => match self.look_after(after).await {
                // They began again, or those that it has not seen were swept.
                Err(status) if is_problem(&status, "EVENTS_GONE") => self.look_at_all().await?,
                looked => looked?,
            },
        }
        for id in self.owed.keys().cloned().collect::<Vec<_>>() {
            match self.governance.change(&id).await {
                Ok(change) => self.prepare(change).await,
                Err(status) if status.code() == Code::NotFound => drop(self.owed.remove(&id)),
                Err(status) if is_away(&status) => return Err(status),
                Err(status) => self.owe(&id, status.message().to_owned()),
            }
        }
        Ok(())
    }

    async fn look_at_all(&mut self) -> Result<(), Status> {
        let newest = self.governance.events(String::new(), BATCH).await?.newest;
        let mut after = String::new();
        loop {
            let page = self.governance.changes(after).await?;
            for change in page.changes {
                self.prepare(change).await;
            }
            if page.next.is_empty() {
                break;
            }
            after = page.next;
        }
        self.after = Some(newest);
        Ok(())
    }

    async fn look_after(&mut self, mut after: String) -> Result<(), Status> {
        loop {
            let events = self.governance.events(after, BATCH).await?.events;
            let Some(newest) = events.last().map(|event| event.cursor.clone()) else { return Ok(()) };
            // Under other rules any change may stand otherwise.
            if events.iter().any(|event| event.kind == "rules.changed") {
                return self.look_at_all().await;
            }
            for change in events.into_iter().map(|event| event.change).filter(|change| !change.is_empty()) {
                self.owed.entry(change).or_default();
            }
            after = newest.clone();
            self.after = Some(newest);
        }
    }

    /// Prepares a workspace; one that cannot be, stays owed.
    async fn prepare(&mut self, change: v1::Change) {
        let (planner, id) = (self.planner.clone(), change.id.clone());
        let prepared = tokio::task::spawn_blocking(move || planner.prepare(&change)).await;
        let why = match prepared {
            Ok(Ok(_)) => {
                self.owed.remove(&id);
                return;
            }
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        self.owe(&id, why);
    }

    fn owe(&mut self, id: &str, why: String) {
        let said = self.owed.entry(id.to_owned()).or_default();
        if *said != why {
            tracing::warn!(change = id, why, "a workspace could not be brought up to date; it is tried again");
            *said = why;
        }
    }
}
