//! Governance: the one place that decides, and the only one that holds the store.

use crate::act::Act;
use crate::acts::{self, Confirmation};
use crate::bounds;
use crate::card::Desk;
use crate::flight::Flights;
use crate::identity::{self, Principal, via};
use crate::nonce;
use crate::refusal::{Kind, Refusal};
use crate::rules::{Reading, Rules, RulesError};
use crate::store::rows::{DirectiveRow, RequestRow};
use crate::store::{Store, StoreError, Transaction};
use codexa_directive::Directive;
use codexa_project::Project;
use codexa_proto::v1;
use prost::Message as _;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// Decisions about one project. Clones share everything.
#[derive(Clone, Debug)]
pub struct Governance {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Arc<dyn Store>,
    project: Project,
    project_id: String,
    reading: Reading,
    flights: Flights,
    /// Rung after each commit that may have announced something.
    committed: Notify,
}

/// A directive to be carried out.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Who asks, by what they can show.
    pub caller: v1::Caller,
    /// The directive; absent where a nonce names it.
    pub directive: Option<Directive>,
    /// The caller's key for this request.
    pub key: String,
    /// Hash of the whole request.
    pub fingerprint: String,
    /// The nonce of an earlier answer.
    pub nonce: Option<String>,
    /// The digest of what is decided about.
    pub digest: Option<String>,
}

impl Governance {
    /// Governance of a project over a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, project: Project, project_id: String, reading: Reading) -> Self {
        let (flights, committed) = (Flights::default(), Notify::new());
        Self { inner: Arc::new(Inner { store, project, project_id, reading, flights, committed }) }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    pub(crate) fn project(&self) -> &Project {
        &self.inner.project
    }

    pub(crate) fn project_id(&self) -> &str {
        &self.inner.project_id
    }

    /// Rung after each commit.
    pub(crate) fn committed(&self) -> &Notify {
        &self.inner.committed
    }

    pub(crate) async fn commit(&self, tx: Box<dyn Transaction>) -> Result<(), Refusal> {
        tx.commit().await?;
        self.inner.committed.notify_one();
        Ok(())
    }

    /// The rules that hold now.
    pub(crate) async fn rules(&self) -> Result<Rules, Refusal> {
        let inner = Arc::clone(&self.inner);
        let load = move || Rules::load(&inner.project, &inner.reading);
        let loaded = tokio::task::spawn_blocking(load).await;
        let broken = |why: String| RulesError::Invalid { path: ".codexa/rules", why };
        Ok(loaded.map_err(|error| broken(error.to_string()))??)
    }

    /// The rules that hold now, for somebody. What is wrong with them is said to those who have a token.
    pub(crate) async fn rules_for(&self, caller: &v1::Caller) -> Result<Rules, Refusal> {
        match self.rules().await {
            Ok(rules) => Ok(rules),
            Err(broken) => {
                let mut tx = self.store().read().await?;
                let now = tx.now().await?;
                identity::token(&mut *tx, &caller.token, now).await?;
                Err(broken)
            }
        }
    }

    /// Carries a directive out, or answers with what has to be confirmed first. The same key with the same request gets the
    /// first answer; what fails leaves nothing behind, and its key free.
    ///
    /// # Errors
    /// As [`Refusal`] says; nothing was done.
    pub async fn execute(&self, order: Order) -> Result<v1::Answer, Refusal> {
        bounds::order(&order)?;
        let _flight = self.inner.flights.enter(&order.caller, &order.key)?;
        let rules = self.rules_for(&order.caller).await?;
        let mut tx = self.store().write().await?;
        let now = tx.now().await?;
        let principal = Principal::of(&mut *tx, &order.caller, &rules, now).await?;
        let outcome = match earlier(&mut *tx, &principal, &order).await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => self.carry_out(&mut *tx, &order, &rules, &principal, now).await,
            Err(refusal) => Err(refusal),
        };
        let log = directive_row(&order, &principal, now, &outcome);
        match outcome {
            Ok((directive, mut answer)) => {
                answer.directive = Some((&directive).into());
                let request = RequestRow {
                    caller: principal.name(),
                    key: order.key,
                    fingerprint: order.fingerprint,
                    answer: nonce::without(&answer).encode_to_vec(),
                    at: now,
                };
                if acts::writes(directive.verb) {
                    tx.put_request(&request).await?;
                }
                tx.put_directive(&log).await?;
                self.commit(tx).await?;
                Ok(answer)
            }
            Err(refusal) => {
                drop(tx);
                // A store that did not take the directive does not take a note of it either.
                if refusal.kind != Kind::Unavailable {
                    self.note(&log).await;
                }
                Err(refusal)
            }
        }
    }

    async fn carry_out(
        &self,
        tx: &mut dyn Transaction,
        order: &Order,
        rules: &Rules,
        principal: &Principal,
        now: i64,
    ) -> Result<(Directive, v1::Answer), Refusal> {
        let person = principal.person()?;
        let (directive, digest) = match &order.nonce {
            Some(nonce) => {
                let (directive, digest) = nonce::redeem(tx, nonce, &person.id, now).await?;
                if order.directive.as_ref().is_some_and(|said| *said != directive) {
                    let message = format!("this nonce confirms `{}`", directive.canonical());
                    return Err(Refusal::conflict("NONCE_MISMATCH", message, "leave the words out, or say the same"));
                }
                if order.digest.as_ref().is_some_and(|sent| *sent != digest) {
                    let message = "this nonce confirms another digest";
                    return Err(Refusal::conflict(
                        "NONCE_MISMATCH",
                        message,
                        "leave the digest out, or send that of the answer",
                    ));
                }
                (directive, Some(digest))
            }
            None => {
                let missing = || Refusal::invalid("WORDS_MISSING", "nothing was said", "send `words` or `confirm`");
                (order.directive.clone().ok_or_else(missing)?, order.digest.clone())
            }
        };
        let caller = &order.caller;
        let (project, project_id) = (self.project(), self.project_id());
        let mut act =
            Act { tx, now, rules, project, project_id, person, caller, key: &order.key, directive: &directive };
        let answer = acts::carry_out(&mut act, &Confirmation { digest }).await?;
        Ok((directive, answer))
    }

    /// Notes a directive that was refused. That it cannot be noted does not change the refusal.
    async fn note(&self, log: &DirectiveRow) {
        let noted = async {
            let mut tx = self.store().write().await?;
            tx.put_directive(log).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(%error, directive = log.canonical, outcome = log.outcome, "a refused directive was not noted");
        }
    }

    pub(crate) fn desk<'a>(&'a self, rules: &'a Rules, now: i64) -> Desk<'a> {
        Desk { rules, project: self.project(), project_id: self.project_id(), now }
    }
}

/// The answer to the same request, where it was carried out before.
async fn earlier(
    tx: &mut dyn Transaction,
    principal: &Principal,
    order: &Order,
) -> Result<Option<v1::Answer>, Refusal> {
    let Some(before) = tx.request(&principal.name(), &order.key).await? else { return Ok(None) };
    if before.fingerprint != order.fingerprint {
        let message = "this idempotency key was used for another request";
        let help = "send a new key with each new request";
        return Err(Refusal::new(Kind::KeyReused, "IDEMPOTENCY_KEY_REUSED", message, help));
    }
    let answer = v1::Answer::decode(before.answer.as_slice());
    let unreadable = |error: prost::DecodeError| StoreError::Unreadable { what: "an answer", why: error.to_string() };
    let mut answer = answer.map_err(unreadable)?;
    if let (Some(confirm), Principal::Person(person)) = (&mut answer.confirm, principal) {
        confirm.nonce = nonce::of(&order.caller, &person.id, &order.key);
    }
    Ok(Some(answer))
}

/// A directive and what came of it, for the log of directives.
fn directive_row(
    order: &Order,
    principal: &Principal,
    now: i64,
    outcome: &Result<(Directive, v1::Answer), Refusal>,
) -> DirectiveRow {
    let via = via(&order.caller);
    let said = match outcome {
        Ok((directive, _)) => Some(directive.canonical()),
        Err(_) => order.directive.as_ref().map(Directive::canonical),
    };
    let outcome = match outcome {
        Ok((_, answer)) if answer.confirm.is_some() => "asked to confirm".to_owned(),
        Ok(_) => "done".to_owned(),
        Err(refusal) => refusal.code.to_owned(),
    };
    DirectiveRow {
        id: Uuid::new_v4().to_string(),
        at: now,
        caller: principal.name(),
        via: [via.kind, via.place, via.account].join(" ").trim_end().to_owned(),
        canonical: said.unwrap_or_else(|| "(a nonce)".to_owned()),
        outcome,
    }
}
