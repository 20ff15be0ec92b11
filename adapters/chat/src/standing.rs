//! How an account stands with its platform. A link says who somebody is, and is there until it is taken back; whether they
//! still belong to the platform's space is the platform's to say, and is asked before anything is done in their name.

use crate::delivery::PlatformError;
use codexa_api::Account;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long an answer is remembered: whoever was shut out is heard at most this much longer, and no event has to say so.
/// What the gateway was asked before that is carried to its end.
const REMEMBERED: Duration = Duration::from_secs(60);

/// As many accounts are remembered.
const MOST: usize = 1000;

/// How an account stands with its platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// One of the people of the space that Codexa was installed in: heard, as whoever the account is linked to.
    Member,
    /// Let in for some rooms or for some time, or not fully in yet.
    Guest,
    /// Of another space.
    Stranger,
    /// Deactivated, gone, or no person: nobody who would read an answer.
    Nobody,
    /// The platform does not say, or says what nobody understands.
    Unknown,
}

/// What platforms said lately, so that many words of one person are one question.
#[derive(Debug, Default)]
pub(crate) struct Standings(Mutex<BTreeMap<(String, String), (Standing, Instant)>>);

impl Standings {
    /// How an account stands: as it is remembered, or as `asked` gives it.
    pub(crate) async fn of(
        &self,
        account: &Account,
        asked: impl Future<Output = Result<Standing, PlatformError>>,
    ) -> Result<Standing, PlatformError> {
        let key = (account.space.clone(), account.user.clone());
        if let Some(standing) = self.remembered(&key) {
            return Ok(standing);
        }
        let standing = asked.await?;
        self.remember(key, standing);
        Ok(standing)
    }

    fn remembered(&self, key: &(String, String)) -> Option<Standing> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).filter(|(_, at)| at.elapsed() < REMEMBERED).map(|(standing, _)| *standing)
    }

    fn remember(&self, key: (String, String), standing: Standing) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (_, at)| at.elapsed() < REMEMBERED);
        }
        // Where so many act within a minute, some are asked about more often.
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, (standing, Instant::now()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(user: &str) -> Account {
        Account { platform: "slack".into(), space: "T1".into(), user: user.into(), name: String::new() }
    }

    async fn of(standings: &Standings, user: &str, now: Standing) -> Standing {
        standings.of(&account(user), async { Ok(now) }).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_remembered_for_a_minute() {
        let standings = Standings::default();
        assert_eq!(of(&standings, "U1", Standing::Member).await, Standing::Member);
        tokio::time::advance(REMEMBERED - Duration::from_secs(1)).await;
        assert_eq!(of(&standings, "U1", Standing::Nobody).await, Standing::Member);
        assert_eq!(of(&standings, "U2", Standing::Guest).await, Standing::Guest);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(of(&standings, "U1", Standing::Nobody).await, Standing::Nobody);
    }

    #[tokio::test(start_paused = true)]
    async fn no_answer_is_not_remembered() {
        let standings = Standings::default();
        let away = standings.of(&account("U1"), async { Err(PlatformError::passing("away")) }).await;
        assert_eq!(away, Err(PlatformError::passing("away")));
        assert_eq!(of(&standings, "U1", Standing::Guest).await, Standing::Guest);
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_act_some_are_remembered() {
        let standings = Standings::default();
        for number in 0..3 * MOST {
            of(&standings, &format!("U{number}"), Standing::Member).await;
        }
        let known = standings.0.lock().unwrap().len();
        assert!((1..=MOST).contains(&known), "{known}");
    }
}
