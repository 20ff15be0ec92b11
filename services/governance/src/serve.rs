//! Governance as a role: its store opened, its face served, events relayed and edits noticed until it is asked to stop.

use crate::face;
use crate::governance::Governance;
use crate::identity::TokenKind;
use crate::refusal::Refusal;
use crate::rules::Reading;
use crate::store::{self, Store, StoreError};
use codexa_chassis::bus::Bus;
use codexa_chassis::grpc::{self, Listen, Pace};
use codexa_chassis::relay::{self, Outbox, OutboxError, Row};
use codexa_chassis::settings::Secret;
use codexa_chassis::shutdown::Shutdown;
use codexa_project::Project;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How often edits are looked for.
const WATCH: Duration = Duration::from_secs(1);

/// How often what is old is swept.
const SWEEP: Duration = Duration::from_secs(3_600);

/// How long it waits before it tries the store again, at first and at most.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_AT_MOST: Duration = Duration::from_secs(15);

/// Where decisions are kept.
#[derive(Clone, Debug)]
pub enum Location {
    /// In a SQLite file.
    File(PathBuf),
    /// In a PostgreSQL database; the URL has a password in it.
    Database(Secret),
}

/// What governance needs to know.
#[derive(Debug)]
pub struct Settings {
    /// Where decisions are kept.
    pub location: Location,
    /// The project.
    pub project: Project,
    /// The project's id.
    pub project_id: String,
    /// How its rules are read.
    pub reading: Reading,
    /// Tokens that other parts of the installation have: kind, subject, token.
    pub tokens: Vec<(TokenKind, String, Secret)>,
}

/// Why governance does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Its store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Serving ended.
    #[error("governance could not go on serving: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// It was asked to stop before it ran.
    #[error("governance was asked to stop before its store was there")]
    Stopped,
}

/// Opens governance. A database that does not answer is waited for, and each try is said.
///
/// # Errors
/// When the store refuses, or it was asked to stop meanwhile.
pub async fn open(settings: Settings, shutdown: &Shutdown) -> Result<Governance, ServeError> {
    let store = opened(&settings.location, &settings.project_id, shutdown).await?;
    let governance = Governance::new(store, settings.project, settings.project_id, settings.reading);
    for (kind, subject, token) in &settings.tokens {
        governance.know(*kind, subject, token.expose());
    }
    Ok(governance)
}

async fn opened(location: &Location, project: &str, shutdown: &Shutdown) -> Result<Arc<dyn Store>, ServeError> {
    let mut again = AGAIN;
    loop {
        let opened = match location {
            Location::File(file) => store::open_sqlite(file, project).await,
            Location::Database(url) => store::open_postgres(url.expose(), project).await,
        };
        match opened {
            Err(StoreError::Unavailable(error)) => {
                tracing::warn!(%error, again_in = ?again, "waiting for the store of decisions");
                tokio::select! {
                    () = shutdown.requested() => return Err(ServeError::Stopped),
                    () = sleep(again) => again = (again * 2).min(AGAIN_AT_MOST),
                }
            }
            other => return Ok(other?),
        }
    }
}

/// Serves governance until it is asked to stop.
///
/// # Errors
/// When serving ends before that.
pub async fn serve(
    governance: Governance,
    listen: Listen,
    bus: Arc<dyn Bus>,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let routes = face::routes(governance.clone());
    let (watched, swept) = (governance.clone(), governance.clone());
    let watching = every("looking for edits", WATCH, shutdown.clone(), move || {
        let governance = watched.clone();
        async move { governance.notice_edits().await.map(drop) }
    });
    let sweeping = every("sweeping", SWEEP, shutdown.clone(), move || {
        let governance = swept.clone();
        async move { governance.sweep().await.map(drop) }
    });
    let relaying = relay::relay(&governance, &*bus, governance.committed(), shutdown.clone());
    let serving = grpc::serve(routes, listen, shutdown.clone(), Pace::default());
    let (served, (), (), ()) = tokio::join!(serving, watching, relaying, sweeping);
    served?;
    Ok(())
}

/// Does something again and again until it is asked to stop. What fails is said, and tried again the next time.
async fn every<F>(what: &str, pause: Duration, shutdown: Shutdown, work: impl Fn() -> F)
where
    F: Future<Output = Result<(), Refusal>>,
{
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.requested() => return,
            _ = ticks.tick() => {}
        }
        if let Err(refusal) = work().await {
            tracing::warn!(%refusal, code = refusal.code, what, ?pause, "what is done again and again failed this time");
        }
    }
}

#[async_trait::async_trait]
impl Outbox for Governance {
    async fn pending(&self, limit: usize) -> Result<Vec<Row>, OutboxError> {
        let read = async {
            let mut tx = self.store().read().await?;
            let relayed = tx.ledger().await?.relayed;
            tx.events(relayed, i64::try_from(limit).unwrap_or(i64::MAX)).await
        };
        let events = read.await.map_err(OutboxError::new)?;
        let topic = topic(self.files().project_id());
        Ok(events
            .into_iter()
            .map(|event| Row { id: event.id, topic: topic.clone(), message: event.id.to_string() })
            .collect())
    }

    async fn relayed(&self, up_to: i64) -> Result<(), OutboxError> {
        let write = async {
            let mut tx = self.store().write().await?;
            tx.relayed(up_to).await?;
            tx.commit().await
        };
        write.await.map_err(OutboxError::new)
    }
}

/// The topic on which a project's events are announced; a message is the id of the newest.
#[must_use]
pub fn topic(project_id: &str) -> String {
    format!("codexa/{project_id}/events")
}
