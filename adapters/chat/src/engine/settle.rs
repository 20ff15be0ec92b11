//! One row of the inbox: its directive, what its answer becomes, and the delivery of that.

use super::{Engine, YOUNG, follow};
use crate::clock;
use crate::delivery::{MessageRef, PlatformError, ReasonForm};
use crate::inbox::{InboxError, Shown, Subject, Waiting};
use crate::incoming::{Act, GateOf, Press};
use crate::message::{Block, Message};
use crate::reply::{Reply, Shows};
use crate::standing::Standing;
use crate::wording::{answer, card, problem};
use codexa_api::{Answer, Channel, DirectiveRequest};
use codexa_client::Error;
use codexa_directive::Outcome;
use std::time::Duration;

/// The try after which a person is told that it takes longer.
const TELL: u32 = 2;

/// How long a platform is asked who somebody is, in milliseconds: 2 min. All who spoke after them in the channel wait.
const LOOKED_FOR: i64 = 2 * 60 * 1000;

/// Why a row is not done.
pub(super) enum Failure {
    /// It may be later.
    Later { why: String, wait: Option<Duration> },
    /// It never will.
    Never(String),
}

impl From<PlatformError> for Failure {
    fn from(error: PlatformError) -> Self {
        if error.permanent { Self::Never(error.what) } else { Self::Later { why: error.what, wait: error.retry_after } }
    }
}

impl From<InboxError> for Failure {
    fn from(error: InboxError) -> Self {
        Self::Later { why: error.to_string(), wait: None }
    }
}

impl Engine {
    /// Carries a row to its effect, and keeps what is to be said about it.
    pub(super) async fn effect(&self, row: &Waiting) -> Result<(), Failure> {
        match self.carry_out(row).await? {
            Some(reply) => self.inbox.answered(&row.key, &reply).await?,
            None => self.inbox.done(&row.key).await?,
        }
        Ok(())
    }

    /// Delivers the answer of a row; what shows a gate or a job is kept up to date from then on.
    pub(super) async fn deliver(&self, row: &Waiting, reply: &Reply) -> Result<(), Failure> {
        match reply {
            Reply::Person(message) => self.whisper(row, message).await?,
            Reply::Link => self.offer_link(row).await?,
            Reply::Channel { message, shows } => {
                let at = self.platform.post(&row.incoming.place, message, &row.key).await?;
                if let Some(Shows { subject, as_of }) = shows.clone() {
                    let shown = Shown { at, subject, as_of, looks: follow::looks(message), news: 0 };
                    return Ok(self.inbox.delivered(&row.key, &shown).await?);
                }
            }
        }
        Ok(self.inbox.done(&row.key).await?)
    }

    /// Has a row's effect. Gives what is to be said, if anything is.
    async fn carry_out(&self, row: &Waiting) -> Result<Option<Reply>, Failure> {
        // Who was admitted is not turned away when the answer was lost: it may be done, and nobody may read that nothing was.
        if !row.admitted {
            let standing = self.standing(row).await?;
            if standing != Standing::Member {
                tracing::info!(key = row.key, ?standing, "somebody is not heard");
                return Ok(problem::unheard(standing).map(Reply::Person));
            }
            self.inbox.admit(&row.key).await?;
        }
        let reply = match &row.incoming.act {
            Act::Said { words, own } => {
                let request = self.request(row, words.clone(), None, own.clone());
                match self.client.directive(&request, &row.key).await {
                    Ok(answer) => self.reply(&answer).await?,
                    Err(error) => self.refused(row, error, None).await?,
                }
            }
            Act::Pressed { value, on, trigger } => match self.press(value).await? {
                Some(press) if press.show.is_some() => self.details(row, &press).await?,
                Some(press) if press.reason => return Ok(self.ask(row, &press, value, trigger).await),
                Some(press) => self.pressed(row, press.words.clone(), &press, Some(on)).await?,
                None => too_old(),
            },
            Act::Reasoned { value, reason } => match self.press(value).await? {
                Some(press) => self.pressed(row, press.because(reason), &press, None).await?,
                None => too_old(),
            },
        };
        Ok(Some(reply))
    }

    /// How whoever acted stands with the platform. While it does not say, nothing is done, questions included: a platform
    /// that cannot be asked cannot be answered either.
    async fn standing(&self, row: &Waiting) -> Result<Standing, Failure> {
        let account = &row.incoming.account;
        match self.standings.of(account, self.platform.standing(account)).await {
            Ok(standing) => Ok(standing),
            Err(fault) if fault.permanent || was_looked_for(row) => {
                tracing::error!(key = row.key, %fault, "who somebody is cannot be found out");
                Ok(Standing::Unknown)
            }
            Err(fault) => {
                self.tell_to_wait(row, &problem::waiting_to_know()).await;
                Err(fault.into())
            }
        }
    }

    /// What a button carried; `None` where that is not known any more.
    async fn press(&self, value: &str) -> Result<Option<Press>, Failure> {
        Ok(self.inbox.carried(value).await?.and_then(|value| serde_json::from_str(&value).ok()))
    }

    fn request(&self, row: &Waiting, words: String, digest: Option<String>, own: Vec<String>) -> DirectiveRequest {
        let incoming = &row.incoming;
        let channel = Channel { place: incoming.place.channel.clone(), link: incoming.link.clone() };
        let account = Some(incoming.account.clone());
        DirectiveRequest { words, digest, own, confirm: None, account, channel: Some(channel) }
    }

    /// A press: where it decided something, the card says so, and the presser is told in a sentence.
    async fn pressed(
        &self,
        row: &Waiting,
        words: String,
        press: &Press,
        on: Option<&MessageRef>,
    ) -> Result<Reply, Failure> {
        let request = self.request(row, words, press.digest.clone(), Vec::new());
        let answer = match self.client.directive(&request, &row.key).await {
            Ok(answer) => answer,
            Err(error) => return self.refused(row, error, on).await,
        };
        if answer.said.outcome != Outcome::Directive || answer.entry.is_none() || answer.confirm.is_some() {
            return self.reply(&answer).await;
        }
        if let Some(card) = &answer.card {
            let gate = GateOf { change: card.change.clone(), gate: card.gate.clone() };
            if let Some(on) = on {
                self.inbox.adopt(on, &gate).await?;
            }
            self.inbox.stir(Some(&gate)).await?;
        }
        let says = if answer.says.is_empty() { "Noted." } else { answer.says.as_str() };
        Ok(Reply::Person(Message::text(says)))
    }

    /// What an answer of the gateway says to everybody.
    async fn reply(&self, answer: &Answer) -> Result<Reply, Failure> {
        let mut message = answer::render(answer);
        self.fit(&mut message).await?;
        let shows = match (&answer.card, &answer.job) {
            (Some(card), _) => {
                let gate = GateOf { change: card.change.clone(), gate: card.gate.clone() };
                Some(Shows { subject: Subject::Gate(gate), as_of: card.as_of })
            }
            // A job does not say what it takes into account: it is looked at once more.
            (None, Some(job)) => Some(Shows { subject: Subject::Job(job.id.clone()), as_of: -1 }),
            (None, None) => None,
        };
        Ok(Reply::Channel { message, shows })
    }

    /// The gateway said no, or nothing.
    async fn refused(&self, row: &Waiting, error: Error, on: Option<&MessageRef>) -> Result<Reply, Failure> {
        if error.is_temporary() && !is_old(row) {
            self.tell_to_wait(row, &problem::waiting()).await;
            return Err(Failure::Later { why: error.to_string(), wait: None });
        }
        if error.code() == Some("ACCOUNT_NOT_LINKED") {
            return Ok(Reply::Link);
        }
        if !matches!(error, Error::Problem(_)) {
            tracing::error!(key = row.key, %error, "the gateway gives no answer");
        }
        let message = problem::render(&error);
        if matches!(row.incoming.act, Act::Said { .. }) {
            return Ok(Reply::Channel { message, shows: None });
        }
        // The button may stand on a card of yesterday.
        if let Some(on) = on
            && let Some(gate) = self.inbox.gate_at(on).await?
        {
            self.inbox.stir(Some(&gate)).await?;
        }
        Ok(Reply::Person(message))
    }

    /// Tells a person whose words are tried again later, once.
    async fn tell_to_wait(&self, row: &Waiting, message: &Message) {
        if row.tries == TELL
            && let Err(fault) = self.whisper(row, message).await
        {
            tracing::info!(key = row.key, %fault, "a person could not be told to wait");
        }
    }

    /// Tells an account that nobody knows how it becomes known.
    async fn offer_link(&self, row: &Waiting) -> Result<(), Failure> {
        let key = format!("{}:link", row.key);
        let message = match self.client.begin_link(&row.incoming.account, &key).await {
            Ok(code) => problem::unlinked(&code, clock::now()),
            Err(error) if error.is_temporary() => {
                return Err(Failure::Later { why: error.to_string(), wait: None });
            }
            Err(error) => problem::render(&error),
        };
        Ok(self.whisper(row, &message).await?)
    }

    /// Asks why: with a form where there is one, with words where there is none.
    async fn ask(&self, row: &Waiting, press: &Press, value: &str, trigger: &str) -> Option<Reply> {
        let form = ReasonForm { title: &press.words, value, trigger, place: &row.incoming.place };
        match self.platform.ask_reason(form).await {
            Ok(true) => return None,
            Ok(false) => {}
            Err(fault) => tracing::info!(key = row.key, %fault, "no form could be shown"),
        }
        let say = vec![Block::Text("Say why:".to_owned()), Block::Code(format!("{} because …", press.words))];
        Some(Reply::Person(Message { blocks: say }))
    }

    /// Shows a gate in full to whoever asks, where the gateway would tell them.
    async fn details(&self, row: &Waiting, press: &Press) -> Result<Reply, Failure> {
        let Some(wanted) = &press.show else { return Ok(too_old()) };
        // The change is read as the adapter; whether the presser may see it is asked in their name.
        let request = self.request(row, format!("status {}", wanted.change), None, Vec::new());
        if let Err(error) = self.client.directive(&request, &row.key).await {
            return self.refused(row, error, None).await;
        }
        let change = match self.client.change(&wanted.change).await {
            Ok(change) => change,
            Err(error) => return self.refused(row, error, None).await,
        };
        let message = change.gates.iter().find(|card| card.gate == wanted.gate).map_or_else(
            || Message::text(format!("{} has no {} gate any more.", wanted.change, wanted.gate)),
            card::details,
        );
        Ok(Reply::Person(message))
    }

    /// Says something that only the person sees.
    async fn whisper(&self, row: &Waiting, message: &Message) -> Result<(), PlatformError> {
        self.platform.whisper(&row.incoming.place, &row.incoming.account.user, message).await
    }

    /// Keeps what is too long for the platform's buttons.
    pub(super) async fn fit(&self, message: &mut Message) -> Result<(), InboxError> {
        for button in message.buttons_mut() {
            if button.value.len() > self.platform.longest_value() {
                button.value = self.inbox.keep(&button.value).await?;
            }
        }
        Ok(())
    }
}

/// Whether a platform was asked long enough whose a row is. One that waited for those before it is asked twice at least.
fn was_looked_for(row: &Waiting) -> bool {
    row.tries > 0 && clock::now() - row.since >= LOOKED_FOR
}

/// Whether nobody expects any more that a row has its effect.
fn is_old(row: &Waiting) -> bool {
    clock::now() - row.since >= YOUNG
}

fn too_old() -> Reply {
    let says = "I do not know this button any more. Say in words what you want: approve design for CH-001, say.";
    Reply::Person(Message::text(says))
}
