//! A transaction in somebody's name: who it is, and the rules that hold for it. The token is looked at before anything else
//! is done, and before the writer's turn is taken: whoever has none costs one read.

use crate::bounds;
use crate::governance::Governance;
use crate::identity::Principal;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::store::Transaction;
use codexa_proto::v1;
use std::sync::Arc;

/// A transaction in somebody's name.
pub(crate) struct Session {
    pub tx: Box<dyn Transaction>,
    /// The database's clock when it began.
    pub now: i64,
    pub rules: Arc<Rules>,
    pub principal: Principal,
}

impl Governance {
    /// A session that only reads.
    pub(crate) async fn reading(&self, caller: &v1::Caller) -> Result<Session, Refusal> {
        bounds::caller(caller)?;
        self.session(self.store().read().await?, caller).await
    }

    /// A session that writes.
    pub(crate) async fn writing(&self, caller: &v1::Caller) -> Result<Session, Refusal> {
        drop(self.reading(caller).await?);
        self.turn(caller).await
    }

    /// A session that writes, of a caller who was looked at before. Who it is is found out again once it is their turn.
    pub(crate) async fn turn(&self, caller: &v1::Caller) -> Result<Session, Refusal> {
        self.session(self.store().write().await?, caller).await
    }

    async fn session(&self, mut tx: Box<dyn Transaction>, caller: &v1::Caller) -> Result<Session, Refusal> {
        let now = tx.now().await?;
        let bearer = self.bearer(&mut *tx, &caller.token, now).await?;
        let rules = self.rules(&mut *tx).await?;
        let principal = Principal::of(&mut *tx, bearer, caller, &rules.people).await?;
        Ok(Session { tx, now, rules, principal })
    }
}
