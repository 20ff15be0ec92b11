//! Governance: the one place that decides, and the only one that holds the store.

use crate::act::Act;
use crate::acts::{self, Confirmation};
use crate::bounds;
use crate::card::Desk;
use crate::files::Files;
use crate::flight::Flights;
use crate::identity::{Configured, Principal, via};
use crate::nonce;
use crate::refusal::{Kind, Refusal};
use crate::rulebook::Rulebook;
use crate::rules::{Reading, Rules};
use crate::session::Session;
use crate::store::rows::{DirectiveRow, RequestRow};
use crate::store::{Store, StoreError, Transaction};
use codexa_directive::{Directive, Verb};
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
    rulebook: Rulebook,
    files: Files,
    configured: Configured,
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
        let rulebook = Rulebook::new(project.clone(), reading);
        let files = Files::new(project, project_id);
        let (configured, flights, committed) = (Configured::default(), Flights::default(), Notify::new());
        Self { inner: Arc::new(Inner { store, rulebook, files, configured, flights, committed }) }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    pub(crate) fn files(&self) -> &Files {
        &self.inner.files
    }

    pub(crate) fn configured(&self) -> &Configured {
        &self.inner.configured
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

    pub(crate) fn rulebook(&self) -> &Rulebook {
        &self.inner.rulebook
    }

    /// The rules in force.
    pub(crate) async fn rules(&self, tx: &mut dyn Transaction) -> Result<Arc<Rules>, Refusal> {
        self.rulebook().in_force(tx).await
    }

    /// Carries a directive out, or answers with what has to be confirmed first. The same key with the same request gets the
    /// first answer; what fails leaves nothing behind, and its key free.
    ///
    /// # Errors
    /// As [`Refusal`] says.
    pub async fn execute(&self, order: Order) -> Result<v1::Answer, Refusal> {
        bounds::order(&order)?;
        let _flight = self.inner.flights.enter(&order.caller, &order.key)?;
        let session = self.reading(&order.caller).await?;
        match self.look(session, &order).await? {
            Looked::Answered(answer) => Ok(*answer),
            Looked::Writes => self.act(order).await,
        }
    }

    /// Answers what changes nothing, and what was answered before. For the rest it reads what the act will need, so that
    /// nobody waits for files while it is this one's turn to write.
    async fn look(&self, mut session: Session, order: &Order) -> Result<Looked, Refusal> {
        let before = earlier(&mut *session.tx, &session.principal, order).await;
        if let Ok(Some(answer)) = before {
            return Ok(Looked::Answered(Box::new(answer)));
        }
        let is_query = order.directive.as_ref().is_some_and(|directive| !acts::writes(directive.verb));
        if is_query && order.nonce.is_none() {
            before?;
            let (directive, mut answer) = self.carry_out(&mut session, order).await?;
            answer.directive = Some((&directive).into());
            return Ok(Looked::Answered(Box::new(answer)));
        }
        // What is wrong is said by the act.
        let _ = self.look_ahead(&mut session, order).await;
        Ok(Looked::Writes)
    }

    /// Looks at the files that an act is about.
    async fn look_ahead(&self, session: &mut Session, order: &Order) -> Result<(), Refusal> {
        let Session { tx, now, rules, .. } = session;
        let directive = match (&order.directive, &order.nonce) {
            (None, Some(nonce)) => nonce::directive(&mut **tx, nonce).await?,
            (directive, _) => directive.clone(),
        };
        let Some(directive) = directive else { return Ok(()) };
        let changes = match (directive.verb, directive.target) {
            (Verb::Publish, _) => tx.changes().await?,
            (_, Some(target)) => tx.change(&target.id).await?.into_iter().collect(),
            (_, None) => Vec::new(),
        };
        let desk = Desk { compares: directive.verb != Verb::Publish, ..self.desk(rules, *now) };
        for row in changes {
            desk.change(&mut **tx, &row).await?;
        }
        Ok(())
    }

    async fn act(&self, order: Order) -> Result<v1::Answer, Refusal> {
        let mut session = self.turn(&order.caller).await?;
        let outcome = match earlier(&mut *session.tx, &session.principal, &order).await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => self.carry_out(&mut session, &order).await,
            Err(refusal) => Err(refusal),
        };
        let Session { mut tx, now, principal, .. } = session;
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
                tx.put_request(&request).await?;
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

    async fn carry_out(&self, session: &mut Session, order: &Order) -> Result<(Directive, v1::Answer), Refusal> {
        let Session { tx, now, rules, principal } = session;
        let person = principal.person()?;
        let (directive, digest) = said(&mut **tx, order, &person.id, *now).await?;
        let (files, caller, key) = (self.files(), &order.caller, &order.key);
        let mut act = Act { tx: &mut **tx, now: *now, rules, files, person, caller, key, directive: &directive };
        if acts::writes(directive.verb) {
            act.pin_branch().await?;
        }
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
        Desk { rules, files: self.files(), now, compares: true }
    }
}

/// What came of a first look at an order.
enum Looked {
    Answered(Box<v1::Answer>),
    /// It has to be carried out.
    Writes,
}

/// The directive of an order, and the digest that confirms it: as they came, or as a nonce stands for them.
async fn said(
    tx: &mut dyn Transaction,
    order: &Order,
    person: &str,
    now: i64,
) -> Result<(Directive, Option<String>), Refusal> {
    let Some(nonce) = &order.nonce else {
        let missing = || Refusal::invalid("WORDS_MISSING", "nothing was said", "send `words` or `confirm`");
        return Ok((order.directive.clone().ok_or_else(missing)?, order.digest.clone()));
    };
    let (directive, digest) = nonce::redeem(tx, nonce, person, now).await?;
    let mismatch = |message: String, help| Err(Refusal::conflict("NONCE_MISMATCH", message, help));
    if order.directive.as_ref().is_some_and(|said| *said != directive) {
        let message = format!("this nonce confirms `{}`", directive.canonical());
        return mismatch(message, "leave the words out, or say the same");
    }
    if order.digest.as_ref().is_some_and(|sent| *sent != digest) {
        let message = "this nonce confirms another digest".to_owned();
        return mismatch(message, "leave the digest out, or send that of the answer");
    }
    Ok((directive, Some(digest)))
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
