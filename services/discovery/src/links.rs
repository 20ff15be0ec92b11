//! What a file's imports came to. A repository has some hundred thousand of them, and most are only passed on from run to run:
//! their texts are one, and of the names of rules and of what stands next to itself there is one each.

use codexa_model::NameList;
use codexa_model::relation::{DeclineReason, Declined, Link};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// What a file's imports came to, in order. Most files of a large repository import nothing: that takes no room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLinks(Option<Box<Kept>>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// What the others name by its place here.
    texts: NameList,
    resolved: Vec<Resolved>,
    declined: Vec<Unresolved>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Resolved {
    to: u32,
    origin: u32,
    confidence: u8,
    line: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Unresolved {
    target: u32,
    reason: DeclineReason<u32>,
    line: u32,
}

/// See [`Link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkView<'l> {
    /// The file it leads to.
    pub to: &'l str,
    /// The rule that resolved it.
    pub origin: &'l str,
    /// How sure the rule is, in percent.
    pub confidence: u8,
    /// Line in the importing file.
    pub line: u32,
}

/// See [`Declined`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclinedView<'l> {
    /// The import's target, as written.
    pub target: &'l str,
    /// Why.
    pub reason: DeclineReason<&'l str>,
    /// Line in the importing file.
    pub line: u32,
}

impl FileLinks {
    /// Keeps these.
    #[must_use]
    pub fn of(links: &[Link], declined: &[Declined]) -> Self {
        if links.is_empty() && declined.is_empty() {
            return Self::default();
        }
        let mut texts = Texts::default();
        let resolved = links.iter().map(|link| Resolved {
            to: texts.place(&link.to),
            origin: texts.place(&link.origin),
            confidence: link.confidence,
            line: link.line,
        });
        let resolved = resolved.collect();
        let declined = declined.iter().map(|declined| Unresolved {
            target: texts.place(&declined.target),
            reason: declined.reason.map(|name| texts.place(name)),
            line: declined.line,
        });
        let declined = declined.collect();
        texts.list.shrink();
        Self(Some(Box::new(Kept { texts: texts.list, resolved, declined })))
    }

    /// What was resolved.
    pub fn resolved(&self) -> impl ExactSizeIterator<Item = LinkView<'_>> {
        let kept = self.0.as_deref();
        kept.map_or(&[][..], |kept| &kept.resolved).iter().map(move |link| LinkView {
            to: text(kept, link.to),
            origin: text(kept, link.origin),
            confidence: link.confidence,
            line: link.line,
        })
    }

    /// What was not.
    pub fn declined(&self) -> impl ExactSizeIterator<Item = DeclinedView<'_>> {
        let kept = self.0.as_deref();
        kept.map_or(&[][..], |kept| &kept.declined).iter().map(move |declined| DeclinedView {
            target: text(kept, declined.target),
            reason: declined.reason.map(|name| text(kept, *name)),
            line: declined.line,
        })
    }

    /// Says that what a build or script makes is made, and not missing.
    pub(crate) fn make(&mut self, is_made: impl Fn(&str) -> bool) {
        let Some(Kept { texts, declined, .. }) = self.0.as_deref_mut() else { return };
        let text = |place: u32| texts.get(place as usize).unwrap_or_default();
        let missing = declined.iter_mut().filter(|declined| declined.reason == DeclineReason::NotFound);
        for made in missing.filter(|declined| is_made(text(declined.target))) {
            made.reason = DeclineReason::Made;
        }
    }
}

/// What stands at a place; nothing where a cache is damaged.
fn text(kept: Option<&Kept>, place: u32) -> &str {
    kept.and_then(|kept| kept.texts.get(place as usize)).unwrap_or_default()
}

/// Texts, each once.
#[derive(Default)]
struct Texts<'l> {
    list: NameList,
    places: FxHashMap<&'l str, u32>,
}

impl<'l> Texts<'l> {
    fn place(&mut self, text: &'l str) -> u32 {
        *self.places.entry(text).or_insert_with(|| {
            let next = self.list.len();
            self.list.push(text);
            // What finds no room has no place.
            if self.list.len() > next { u32::try_from(next).unwrap_or(u32::MAX) } else { u32::MAX }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason() -> impl Strategy<Value = DeclineReason> {
        prop_oneof![
            "[a-c]{0,2}".prop_map(|name| DeclineReason::External(name.into())),
            Just(DeclineReason::NotFound),
            Just(DeclineReason::Dynamic),
        ]
    }

    fn link() -> impl Strategy<Value = Link> {
        ("[a-c]{0,2}", "[a-c]{0,2}", any::<u8>(), any::<u32>()).prop_map(|(to, origin, confidence, line)| Link {
            to: to.into(),
            origin: origin.into(),
            confidence,
            line,
        })
    }

    fn declined() -> impl Strategy<Value = Declined> {
        ("[a-c]{0,2}", reason(), any::<u32>()).prop_map(|(target, reason, line)| Declined {
            target: target.into(),
            reason,
            line,
        })
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_there_was(
            links in prop::collection::vec(link(), 0..9),
            declined in prop::collection::vec(declined(), 0..9),
        ) {
            let kept = FileLinks::of(&links, &declined);
            let kept: FileLinks = postcard::from_bytes(&postcard::to_stdvec(&kept).unwrap()).unwrap();
            let resolved = kept.resolved().map(|link| Link {
                to: link.to.into(),
                origin: link.origin.to_owned().into(),
                confidence: link.confidence,
                line: link.line,
            });
            prop_assert_eq!(resolved.collect::<Vec<_>>(), links);
            let left = kept.declined().map(|declined| Declined {
                target: declined.target.into(),
                reason: declined.reason.map(|name| Box::from(*name)),
                line: declined.line,
            });
            prop_assert_eq!(left.collect::<Vec<_>>(), declined);
        }

        #[test]
        fn damaged_links_harm_nobody(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(links) = postcard::from_bytes::<FileLinks>(&bytes) {
                prop_assert!(links.resolved().all(|link| link.to.len() <= bytes.len()));
                prop_assert!(links.declined().all(|declined| declined.target.len() <= bytes.len()));
            }
        }
    }
}
