//! What a branch proposes comes into force: by an act at the store's host, judged under the rules that are in force before it.

use crate::act::{About, Announced, Speaker, announce, record};
use crate::governance::Governance;
use crate::identity::{Principal, TokenKind, actor};
use crate::operator::at_the_host;
use crate::refusal::Refusal;
use crate::rules::{Head, Origin, Rules};
use crate::store::Transaction;
use crate::store::rows::RulesRow;
use codexa_directive::Role;
use codexa_ledger::Actor;
use codexa_proto::v1;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What would come into force, and in the place of what.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The rules in force; `None` where they cannot be read.
    pub before: Option<Arc<Rules>>,
    /// Those that are proposed.
    pub after: Arc<Rules>,
    /// Where they are written.
    pub head: Head,
}

impl Governance {
    /// The rules in force.
    ///
    /// # Errors
    /// When they are broken, or the store does not answer.
    pub async fn rules_now(&self) -> Result<Arc<Rules>, Refusal> {
        self.rules(&mut *self.store().read().await?).await
    }

    /// The branch whose rules count, and which proposes others; `None` where nobody acted yet.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn branch(&self) -> Result<Option<String>, Refusal> {
        Ok(self.store().read().await?.ledger().await?.branch)
    }

    /// What a branch proposes, or where none is named, the one whose rules count.
    ///
    /// # Errors
    /// When it proposes nothing new, is not there or is broken, or the store does not answer.
    pub async fn proposal(&self, branch: Option<&str>) -> Result<Proposal, Refusal> {
        let after = self.proposed(branch).await?;
        let before = readable(self.rules_now().await)?;
        let head = news(before.as_deref(), &after)?;
        Ok(Proposal { before, after, head })
    }

    /// The rules that a branch has now, be they new or not.
    ///
    /// # Errors
    /// When it is not there or its rules are broken, or the store does not answer.
    pub async fn proposed(&self, branch: Option<&str>) -> Result<Arc<Rules>, Refusal> {
        let branch = match branch {
            Some(branch) => Some(branch.to_owned()),
            None => self.branch().await?,
        };
        self.rulebook().proposed(branch).await
    }

    /// Lets what a branch proposes come into force, where it is still what `digest` names and whoever has the token may.
    ///
    /// # Errors
    /// When it is something else, or they may not; else as [`Self::proposal`] says.
    pub async fn accept(&self, token: &str, branch: Option<&str>, digest: &str) -> Result<v1::Entry, Refusal> {
        // Read before it is anybody's turn: in its turn, only the branch's commit is looked at once more.
        self.proposed(branch).await?;
        let mut tx = self.store().write().await?;
        let now = tx.now().await?;
        let before = readable(self.rules(&mut *tx).await)?;
        let actor = self.accepter(&mut *tx, token, now, before.as_deref()).await?;
        let pinned = tx.ledger().await?.branch;
        let after = self.rulebook().proposed(branch.map(str::to_owned).or_else(|| pinned.clone())).await?;
        let head = news(before.as_deref(), &after)?;
        if after.digest != digest {
            let message = format!("{head} proposes other rules than those that were confirmed");
            return Err(Refusal::conflict("RULES_STALE", message, "look at what it proposes now"));
        }
        let act = if pinned.as_ref() == Some(&head.branch) { "rules.accept" } else { "rules.branch" };
        let says = format!("@{} accepted the rules of {head}.", actor.person);
        let speaker = Speaker {
            actor,
            via: at_the_host(),
            directive: None,
            base: self.files().base().await,
            maturity: before.as_ref().unwrap_or(&after).maturity.to_string(),
            rules: before.as_ref().map(|before| before.digest.clone()).unwrap_or_default(),
        };
        let entry = come_into_force(&mut *tx, now, speaker, act, &after, &head).await?;
        announce(&mut *tx, now, "rules.changed", Announced::default(), says).await?;
        self.commit(tx).await?;
        Ok(entry)
    }

    /// Who accepts, by the rules in force: a governance officer. Where there is none, any person, or whoever sits at the host under
    /// the name of the account.
    async fn accepter(
        &self,
        tx: &mut dyn Transaction,
        token: &str,
        now: i64,
        before: Option<&Rules>,
    ) -> Result<Actor, Refusal> {
        let bearer = self.bearer(tx, token, now).await?;
        let host = || Actor { person: self.rulebook().reading().operator.clone(), roles: Vec::new() };
        let Some(before) = before else {
            // Who the people are cannot be told: whoever was given a token as one of them.
            return match bearer.kind {
                TokenKind::Person => Ok(Actor { person: bearer.subject, roles: Vec::new() }),
                TokenKind::Operator => Ok(host()),
                TokenKind::Adapter | TokenKind::Service => Principal::Service(bearer.subject).person().map(actor),
            };
        };
        let principal = Principal::of(tx, bearer, &v1::Caller::default(), &before.people).await?;
        if principal == Principal::Operator && !before.has_officers() {
            return Ok(host());
        }
        let person = principal.person()?;
        if !before.has_officers() || person.roles.contains(&Role::Go) {
            return Ok(actor(person));
        }
        let message = format!("@{} has not the role GO, which accepts rules", person.id);
        let officers = before.people.iter().filter(|person| person.roles.contains(&Role::Go));
        let names: Vec<String> = officers.map(|officer| format!("@{}", officer.id)).collect();
        Err(Refusal::forbidden("RULES_ROLE", message, format!("by the rules in force {} can", names.join(", "))))
    }
}

/// Writes the entry of rules that come into force, and lets them.
pub(crate) async fn come_into_force(
    tx: &mut dyn Transaction,
    now: i64,
    speaker: Speaker,
    act: &str,
    rules: &Rules,
    head: &Head,
) -> Result<v1::Entry, Refusal> {
    let before = tx.ledger().await?.branch.filter(|before| *before != head.branch);
    let written = [("branch", &head.branch), ("commit", &head.commit), ("rules", &rules.digest)];
    let said = written.into_iter().chain(before.as_ref().map(|before| ("before", before)));
    let data: Map<String, Value> = said.map(|(name, text)| (name.to_owned(), Value::from(text.clone()))).collect();
    let entry = record(tx, now, speaker, act, About { data, ..About::default() }).await?;
    let row = RulesRow {
        seq: entry.sequence,
        at: now,
        branch: head.branch.clone(),
        commit_id: head.commit.clone(),
        digest: rules.digest.clone(),
        document: rules.document.clone(),
    };
    tx.put_rules(&row).await?;
    Ok(entry)
}

/// Where rules are written that are to come into force in the place of others.
fn news(before: Option<&Rules>, after: &Rules) -> Result<Head, Refusal> {
    let Origin::Branch(head) = &after.origin else { return Err(no_news(&after.origin)) };
    if before.is_some_and(|before| !after.differ_from(before)) {
        return Err(no_news(&after.origin));
    }
    if before.is_some_and(Rules::has_officers) && !after.has_officers() {
        let message = format!("by the rules of {head} nobody has the role GO: nobody could accept those after them");
        return Err(Refusal::conflict("RULES_NO_OFFICER", message, "give it to somebody in .codexa/rules/people.yaml"));
    }
    Ok(head.clone())
}

fn no_news(origin: &Origin) -> Refusal {
    let message = format!("nothing new is proposed: the rules that count are those of {origin}");
    let help = "a change of .codexa/rules/ or of the maturity has to be committed there first";
    Refusal::conflict("RULES_UNCHANGED", message, help)
}

/// The rules in force, unless they are broken: others have to be accepted all the same.
pub(crate) fn readable(rules: Result<Arc<Rules>, Refusal>) -> Result<Option<Arc<Rules>>, Refusal> {
    match rules {
        Ok(rules) => Ok(Some(rules)),
        Err(refusal) if refusal.code == "RULES_BROKEN" => Ok(None),
        Err(refusal) => Err(refusal),
    }
}
