//! What was posted stays true: events of the gateway mark the messages that they are about, and those are fetched anew
//! and edited. The marks are on the disk, so that an event that was heard is not lost; one message is edited at most once
//! a second, and its last state always arrives.

use super::{Engine, Stall};
use crate::delivery::{MessageRef, PlatformError};
use crate::inbox::{InboxError, Shown, Subject};
use crate::message::Message;
use crate::wording::{card, job};
use codexa_api::{Change, JobState};
use codexa_client::{EVENTS_GONE, Error};
use futures_util::{StreamExt, stream};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// The shortest time between two edits of a message.
const BETWEEN_EDITS: Duration = Duration::from_secs(1);

/// How long a message rests that could not be brought up to date.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The first and the longest wait before the stream is opened again.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// As many edits are under way at a time.
const EDITS: usize = 8;

/// What a message is to look like, and which events that takes into account.
struct Fresh {
    message: Message,
    as_of: i64,
    last: bool,
}

type Changes = BTreeMap<String, Result<Change, Error>>;

/// What a message looks like, as a hash.
pub(super) fn looks(message: &Message) -> String {
    let digest = Sha256::digest(serde_json::to_vec(message).unwrap_or_default());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Engine {
    /// Hears the gateway's events, for ever.
    pub(super) async fn follow(&self) -> Result<(), InboxError> {
        let mut wait = FIRST_WAIT;
        let mut stall = Stall::default();
        loop {
            match self.hear_all().await {
                Ok(heard) => {
                    stall.is_over();
                    match heard {
                        Ok(0) => {}
                        Ok(_) => wait = FIRST_WAIT,
                        Err(error) => tracing::warn!(%error, "no stream of events; it is opened again"),
                    }
                }
                Err(fault) => stall.goes_on(fault).await?,
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Hears one stream to its end. Gives how many events came.
    async fn hear_all(&self) -> Result<Result<u64, Error>, InboxError> {
        let after = self.inbox.heard().await?;
        let mut stream = match self.client.stream(after.as_deref()).await {
            Ok(stream) => stream,
            Err(error) => {
                if error.code() == Some(EVENTS_GONE) {
                    self.inbox.begin_again().await?;
                }
                return Ok(Err(error));
            }
        };
        if after.is_none() {
            // Nothing was heard yet, or again: what happened before the stream opened is in nobody's mark.
            self.inbox.stir(None).await?;
        }
        let mut heard = 0;
        while let Some(event) = stream.next().await {
            match event {
                Ok(event) => self.inbox.hear(&event).await?,
                Err(error) => {
                    tracing::info!(%error, "the stream of events broke off");
                    break;
                }
            }
            heard += 1;
        }
        Ok(Ok(heard))
    }

    /// Brings outdated messages up to date, for ever.
    pub(super) async fn refresh(&self) -> Result<(), InboxError> {
        let mut rests = BTreeMap::new();
        let mut stall = Stall::default();
        loop {
            match self.refresh_due(&mut rests).await {
                Ok(()) => stall.is_over(),
                Err(fault) => stall.goes_on(fault).await?,
            }
        }
    }

    /// Brings up to date what does not rest; where everything does, waits for the first to have rested, or for news.
    async fn refresh_due(&self, rests: &mut BTreeMap<MessageRef, Instant>) -> Result<(), InboxError> {
        let now = Instant::now();
        rests.retain(|_, until| *until > now);
        let outdated = self.inbox.outdated().await?;
        let (resting, due): (Vec<_>, Vec<_>) = outdated.into_iter().partition(|shown| rests.contains_key(&shown.at));
        if !due.is_empty() {
            let rested = self.refresh_all(due).await?;
            rests.extend(rested.into_iter().map(|(at, rest)| (at, Instant::now() + rest)));
            return Ok(());
        }
        match resting.iter().filter_map(|shown| rests.get(&shown.at).copied()).min() {
            Some(until) => tokio::select! {
                () = self.inbox.news() => {}
                () = tokio::time::sleep_until(until) => {}
            },
            None => self.inbox.news().await,
        }
        Ok(())
    }

    /// Brings these messages up to date. Gives how long each has to rest.
    async fn refresh_all(&self, due: Vec<Shown>) -> Result<Vec<(MessageRef, Duration)>, InboxError> {
        let mut changes = Changes::new();
        for shown in &due {
            if let Subject::Gate(gate) = &shown.subject
                && !changes.contains_key(&gate.change)
            {
                changes.insert(gate.change.clone(), self.client.change(&gate.change).await);
            }
        }
        let edits = due.into_iter().map(|shown| self.refresh_one(shown, &changes));
        let rests: Vec<_> = stream::iter(edits).buffer_unordered(EDITS).collect().await;
        rests.into_iter().collect()
    }

    async fn refresh_one(&self, shown: Shown, changes: &Changes) -> Result<(MessageRef, Duration), InboxError> {
        let rest = match self.fresh(&shown, changes).await {
            Ok(Some(fresh)) if fresh.as_of < shown.as_of => AFTER_FAILURE,
            Ok(Some(fresh)) => self.edit(&shown, fresh).await?,
            Ok(None) => {
                self.inbox.forget(&shown.at).await?;
                BETWEEN_EDITS
            }
            Err(why) => {
                tracing::info!(why, "a message cannot be brought up to date yet");
                AFTER_FAILURE
            }
        };
        Ok((shown.at, rest))
    }

    /// What a message is to look like now; `None` where what it shows is gone.
    async fn fresh(&self, shown: &Shown, changes: &Changes) -> Result<Option<Fresh>, String> {
        match &shown.subject {
            Subject::Gate(gate) => match changes.get(&gate.change) {
                Some(Ok(change)) => Ok(change.gates.iter().find(|card| card.gate == gate.gate).map(|card| Fresh {
                    message: card::render(card),
                    as_of: card.as_of,
                    last: false,
                })),
                Some(Err(Error::Problem(problem))) if problem.status == 404 => Ok(None),
                Some(Err(error)) => Err(error.to_string()),
                None => Ok(None),
            },
            Subject::Job(id) => match self.client.job(id).await {
                Ok(job) => {
                    let last = matches!(job.state, JobState::Done | JobState::Failed);
                    Ok(Some(Fresh { message: job::render(&job), as_of: shown.as_of, last }))
                }
                Err(Error::Problem(problem)) if problem.status == 404 => Ok(None),
                Err(error) => Err(error.to_string()),
            },
        }
    }

    /// Edits a message, unless it would look the same. Gives how long it has to rest.
    async fn edit(&self, shown: &Shown, mut fresh: Fresh) -> Result<Duration, InboxError> {
        self.fit(&mut fresh.message).await?;
        let looks = looks(&fresh.message);
        let edited = if looks == shown.looks { Ok(()) } else { self.platform.edit(&shown.at, &fresh.message).await };
        match edited {
            Ok(()) if fresh.last => self.inbox.forget(&shown.at).await?,
            Ok(()) => self.inbox.edited(shown, fresh.as_of, &looks).await?,
            Err(PlatformError { what, permanent: true, .. }) => {
                tracing::info!(what, "a message is not kept up to date any more");
                self.inbox.forget(&shown.at).await?;
            }
            Err(error) => {
                tracing::info!(%error, "a message could not be edited; it is tried again");
                return Ok(error.retry_after.unwrap_or(AFTER_FAILURE));
            }
        }
        Ok(BETWEEN_EDITS)
    }
}
