//! Places in the row of events, `ID.TAG`. An id alone names none: where a backup of the store was restored, ids begin again
//! at a lower number, and the same id is soon another event. The tag is a hash of the event, so that whoever listened
//! before finds out.

use crate::refusal::{Kind, Refusal};
use crate::store::rows::EventRow;
use codexa_ledger::Hash;
use serde::Serialize;

/// Hexadecimal digits of a tag.
const TAG: usize = 16;

/// A place behind an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor<'a> {
    /// The event; 0 is before the first.
    pub id: i64,
    /// What it is known by, where that is said.
    tag: Option<&'a str>,
}

/// The cursor of an event.
pub(crate) fn of(event: &EventRow) -> String {
    format!("{}.{}", event.id, tag(event))
}

/// The first digits of the SHA-256 of the event's canonical JSON.
fn tag(event: &EventRow) -> String {
    #[derive(Serialize)]
    struct Stored<'a> {
        id: i64,
        at: i64,
        kind: &'a str,
        change: Option<&'a str>,
        gate: Option<&'a str>,
        job: Option<&'a str>,
        says: &'a str,
    }
    let stored = Stored {
        id: event.id,
        at: event.at,
        kind: &event.kind,
        change: event.change_id.as_deref(),
        gate: event.gate.as_deref(),
        job: event.job.as_deref(),
        says: &event.says,
    };
    // Texts and numbers that a clock and a counter give: there is nothing in it that JSON cannot say.
    let json = serde_jcs::to_vec(&stored).unwrap_or_default();
    let mut tag = Hash::of(&json).to_string();
    tag.truncate(TAG);
    tag
}

impl<'a> Cursor<'a> {
    /// Reads a cursor, or an id alone.
    pub fn parse(text: &'a str) -> Result<Self, Refusal> {
        let (id, tag) = text.split_once('.').map_or((text, None), |(id, tag)| (id, Some(tag)));
        let is_number = !id.is_empty() && id.bytes().all(|digit| digit.is_ascii_digit());
        let is_tag = tag.is_none_or(|tag| tag.len() == TAG && tag.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let known = id.parse().ok().filter(|_| is_number && is_tag);
        let id = known.ok_or_else(|| {
            let help = "give the `cursor` of an event as it came, or 0 for the beginning";
            Refusal::invalid("CURSOR_INVALID", "this is no cursor of an event", help)
        })?;
        Ok(Self { id, tag })
    }

    /// The events behind this place, of all that are kept from its id on; `last` is the newest id that was given.
    ///
    /// The event that the tag is of has to be kept. An id alone is taken as it is, where nothing behind it was swept.
    pub fn behind(self, kept: Vec<EventRow>, last: i64) -> Result<impl Iterator<Item = EventRow>, Refusal> {
        let mut kept = kept.into_iter().peekable();
        let named = kept.next_if(|event| event.id == self.id);
        let is_known = match (self.tag, &named) {
            (Some(said), Some(event)) => said == tag(event),
            (Some(_), None) => false,
            (None, Some(_)) => true,
            (None, None) => kept.peek().map_or(last, |next| next.id - 1) == self.id,
        };
        if is_known { Ok(kept) } else { Err(gone()) }
    }
}

fn gone() -> Refusal {
    let message = "what happened after that is not known here any more";
    let help = "open the stream without `after`, and look at everything anew";
    Refusal::new(Kind::Gone, "EVENTS_GONE", message, help)
}
