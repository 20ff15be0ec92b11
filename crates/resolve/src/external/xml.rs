//! A small XML tree, bounded in depth and size. Entities of a document's own are not expanded, so none can inflate.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deepest element that is kept; a manifest of Maven or MSBuild needs about ten.
const MAX_DEPTH: usize = 48;
/// Most elements that are kept.
const MAX_ELEMENTS: usize = 200_000;

/// An element with its text; comments, prefixes of namespaces and processing instructions are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    text: String,
}

impl Element {
    /// The root element; `None` where the text is not well-formed or exceeds the bounds.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Self> = vec![Self::default()];
        let mut elements = 0;
        loop {
            let event = reader.read_event().ok()?;
            match event {
                Event::Start(start) => {
                    elements += 1;
                    if open.len() > MAX_DEPTH || elements > MAX_ELEMENTS {
                        return None;
                    }
                    open.push(Self::from_start(&start)?);
                }
                Event::Empty(start) => {
                    elements += 1;
                    if elements > MAX_ELEMENTS {
                        return None;
                    }
                    open.last_mut()?.children.push(Self::from_start(&start)?);
                }
                Event::End(_) => {
                    let done = open.pop()?;
                    open.last_mut()?.children.push(done);
                }
                Event::Text(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
                Event::CData(text) => open.last_mut()?.text.push_str(&text.decode().ok()?),
                Event::GeneralRef(reference) => {
                    let character = match reference.resolve_char_ref().ok()? {
                        Some(character) => Some(character),
                        None => match &*reference {
                            b"amp" => Some('&'),
                            b"lt" => Some('<'),
                            b"gt" => Some('>'),
                            b"quot" => Some('"'),
                            b"apos" => Some('\''),
                            _ => None,
                        },
                    };
                    open.last_mut()?.text.extend(character);
                }
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        let document = open.pop()?;
        if !open.is_empty() {
            return None;
        }
        document.children.into_iter().next()
    }

    fn from_start(start: &BytesStart<'_>) -> Option<Self> {
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false).flatten() {
            let name = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
            let value = attribute.unescape_value().ok()?.into_owned();
            attributes.push((name, value));
        }
        let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
        Some(Self { name, attributes, ..Self::default() })
    }

    /// The text directly in the element, without space around it.
    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Every child of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Every grandchild `outer/inner`.
    pub(crate) fn nested<'a>(&'a self, outer: &'a str, inner: &'a str) -> impl Iterator<Item = &'a Self> {
        self.all(outer).flat_map(move |child| child.all(inner))
    }

    /// The text of the first child of a name, where it has any.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(Self::text).filter(|text| !text.is_empty())
    }

    /// An attribute, its name compared as MSBuild does: without regard to case.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
