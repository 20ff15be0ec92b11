//! What one import comes to, before the file's imports are put together.

use crate::Links;
use crate::work::Work;
use codexa_model::facts::Import;
use codexa_model::relation::{DeclineReason, Declined, Link};
use std::borrow::Cow;

/// What one import comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It leads to a file.
    Link {
        /// The file.
        to: Box<str>,
        /// The rule.
        origin: &'static str,
        /// How sure the rule is, in percent.
        confidence: u8,
    },
    /// It does not, for a reason.
    Declined(DeclineReason),
}

impl Outcome {
    /// It should be in the repository and is not.
    pub(crate) const NOT_FOUND: Self = Self::Declined(DeclineReason::NotFound);
    /// Several files could be meant.
    pub(crate) const AMBIGUOUS: Self = Self::Declined(DeclineReason::Ambiguous);

    /// A bound ended the work before it was decided.
    pub(crate) const CUT: Self = Self::Declined(DeclineReason::Cut);

    /// A link to a file.
    pub(crate) fn link(to: impl Into<Box<str>>, origin: &'static str, confidence: u8) -> Self {
        Self::Link { to: to.into(), origin, confidence }
    }

    /// It names a dependency from outside.
    pub(crate) fn external(name: impl Into<Box<str>>) -> Self {
        Self::Declined(DeclineReason::External(name.into()))
    }

    /// Puts it where it belongs.
    pub(crate) fn store(self, import: &Import, links: &mut Links) {
        match self {
            Self::Link { to, origin, confidence } => {
                links.links.push(Link { to, origin: Cow::Borrowed(origin), confidence, line: import.line });
            }
            Self::Declined(reason) => {
                links.declined.push(Declined { target: import.target.clone(), reason, line: import.line });
            }
        }
    }
}

/// The same under a bound: what an import comes to whose work ended early is not decided, nor what stands behind it.
/// One that found nothing where something was left out is not decided either.
pub(crate) fn collect_within(imports: &[Import], work: &Work, mut resolve: impl FnMut(&Import) -> Outcome) -> Links {
    collect(imports, |import| {
        let outcome = if work.is_spent() { Outcome::CUT } else { resolve(import) };
        let has_left_out = work.has_left_out();
        match outcome {
            _ if work.is_spent() => Outcome::CUT,
            Outcome::Declined(DeclineReason::NotFound | DeclineReason::Ambiguous | DeclineReason::External(_))
                if has_left_out =>
            {
                Outcome::CUT
            }
            outcome => outcome,
        }
    })
}

/// The outcomes of a file's imports, put together.
pub(crate) fn collect(imports: &[Import], mut resolve: impl FnMut(&Import) -> Outcome) -> Links {
    let mut links = Links::default();
    for import in imports {
        resolve(import).store(import, &mut links);
    }
    links
}
