//! What each verb does, a file each.

mod discover;
mod followup;
mod help;
mod hold;
mod open;
mod publish;
mod show;
mod vote;
mod withdraw;

use crate::act::Act;
use crate::refusal::{Kind, Refusal};
use codexa_directive::{Class, Verb};
use codexa_proto::v1;

/// How far a deciding directive is confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Confirmation {
    /// The digest of what is decided about; without one, the answer is what has to be confirmed.
    pub digest: Option<String>,
}

impl Confirmation {
    /// Whether what is decided about is confirmed; without a digest it has to be asked first. Another digest confirms
    /// something that is not so any more, which is refused as `stale` says.
    pub fn is_for(&self, subject: &str, stale: impl FnOnce() -> Refusal) -> Result<bool, Refusal> {
        match &self.digest {
            None => Ok(false),
            Some(digest) if digest == subject => Ok(true),
            Some(_) => Err(stale()),
        }
    }
}

/// What is decided about is not what was shown.
fn stale(message: impl Into<String>) -> Refusal {
    Refusal::conflict("SUBJECT_STALE", message, "ask again without a digest")
}

/// Carries a directive out.
pub(crate) async fn carry_out(act: &mut Act<'_>, confirmed: &Confirmation) -> Result<v1::Answer, Refusal> {
    match act.directive.verb {
        Verb::Approve | Verb::Deny => vote::vote(act, confirmed).await,
        Verb::Withdraw => withdraw::withdraw(act, confirmed).await,
        Verb::Hold | Verb::Resume => hold::hold(act, confirmed).await,
        Verb::Publish => publish::publish(act, confirmed).await,
        Verb::Open => open::open(act).await,
        Verb::Discover => discover::discover(act).await,
        Verb::Accept | Verb::Answer | Verb::Defer | Verb::Dismiss | Verb::Assign => followup::followup(act).await,
        Verb::Status | Verb::Show => show::show(act).await,
        Verb::Help => Ok(help::help()),
        Verb::Link => Ok(linked(act)),
        verb => Err(not_yet(verb)),
    }
}

/// Whether a verb writes anything, or may.
pub(crate) fn writes(verb: Verb) -> bool {
    verb.class() != Class::Query
}

fn not_yet(verb: Verb) -> Refusal {
    let message = format!("`{verb}` is understood, and nothing in this version carries it out");
    Refusal::new(Kind::NotYet, "DIRECTIVE_NOT_YET", message, "`help` lists what is carried out")
}

/// A target that a verb understands and this version cannot act on.
fn other_target(act: &Act<'_>, can: &str) -> Refusal {
    let what = act.directive.target.as_ref().map_or("nothing", |target| target.kind.noun());
    let message =
        format!("`{}` of a {what} is understood, and nothing in this version carries it out", act.directive.verb);
    Refusal::new(Kind::NotYet, "TARGET_NOT_YET", message, format!("it acts on {can}"))
}

fn linked(act: &Act<'_>) -> v1::Answer {
    let says = format!("This account is @{}'s already.", act.person.id);
    v1::Answer { says, ..v1::Answer::default() }
}
