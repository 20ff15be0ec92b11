//! Words to a [`Directive`]: one message in, one [`Interpretation`] out. Deterministic and offline: no I/O, no clock
//! (the moment of the message is part of the [`Context`]), no model.
//!
//! A message passes through one step after the other: [`refuse`] looks for characters that hide or reorder text,
//! [`normalise`] undoes a platform's mark-up, [`tokens`] cuts what is left, [`lookalike`] refuses letters that only look
//! like those of a command, [`interpret`](mod@interpret) finds the order in the sentences, [`scan`] its parts, and [`decide`] says what
//! becomes of it.
//!
//! Safety does not rest on a list of dangerous words. A *deciding* verb (one that changes what may happen) becomes a
//! directive only where every word of the message is accounted for; one word that no table knows turns it into a
//! question. Lists of moods (negation, conditions, doubt, reports) only choose the better answer.

mod canonical;
mod clarify;
mod context;
mod courtesy;
mod date;
mod decide;
mod directive;
mod free_text;
mod gate;
mod interpret;
mod interpretation;
mod lookalike;
mod markup;
mod mood;
mod normalise;
mod opening;
mod phrase;
mod questions;
mod refuse;
mod requirements;
mod role;
mod scan;
mod second;
mod slips;
mod spellings;
mod stray;
mod targets;
mod tokens;
mod verb;
mod views;

pub use context::Context;
pub use directive::{Args, Directive, Mode, Severity, Target, TargetKind};
pub use gate::Gate;
pub use interpret::{MAX_CHARS, interpret};
pub use interpretation::{Interpretation, Outcome};
pub use role::{Assignee, Role};
pub use verb::{Class, Verb};
pub use views::View;
