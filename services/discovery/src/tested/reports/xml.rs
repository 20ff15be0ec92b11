//! The elements of an XML report, one after another.

use super::MAX_DEPTH;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A step through a document.
pub(super) enum Step<'e> {
    /// An element begins.
    Begins(&'e BytesStart<'e>),
    /// The element of this name ends.
    Ends(&'e [u8]),
}

/// Goes through a document. `None` where it is no XML, where its root has another name than this, or where elements lie
/// deeper than [`MAX_DEPTH`].
pub(super) fn walk(bytes: &[u8], root: &[u8], mut visit: impl FnMut(Step<'_>)) -> Option<()> {
    let mut reader = Reader::from_reader(bytes);
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.local_name();
                if depth >= MAX_DEPTH || (depth == 0 && name.as_ref() != root) {
                    return None;
                }
                visit(Step::Begins(element));
                if matches!(event, Event::Empty(_)) {
                    visit(Step::Ends(name.as_ref()));
                } else {
                    depth += 1;
                }
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                visit(Step::Ends(element.local_name().as_ref()));
            }
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

/// An attribute of an element, where it is there and readable.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok().flatten()?;
    found.unescape_value().ok().map(std::borrow::Cow::into_owned)
}
