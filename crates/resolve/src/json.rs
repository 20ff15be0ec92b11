//! JSON as manifests and configuration files hold it: comments and trailing commas are let pass, and an object keeps
//! the order of its keys, which is what decides between the conditions of `exports`.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value whose objects keep their order. Nesting is bounded by the parser (128 levels).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// A string.
    Text(Box<str>),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Map(Object),
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, whose value nobody here needs.
    Number,
}

impl Json {
    /// Reads a document; `None` where it is not one.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        serde_json::from_slice(bytes).ok().or_else(|| serde_json::from_slice(&plain(bytes)).ok())
    }

    /// The value of a key of an object; the last one where it is repeated, as JavaScript has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        if let Self::Map(object) = self { object.get(key) } else { None }
    }

    /// The text of a key of an object.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// The text, where it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The entries of an object in their order; empty for all else.
    pub(crate) fn entries(&self) -> &[(Box<str>, Self)] {
        if let Self::Map(object) = self { &object.entries } else { &[] }
    }

    /// The texts of an array, or the text itself.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let items = match self {
            Self::List(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        items.iter().filter_map(Self::as_text)
    }
}

/// The entries of an object in their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    entries: Vec<(Box<str>, Json)>,
    /// Places of the entries by their names, the earlier of one name first; empty where there are [`FEW`].
    by_name: Vec<u32>,
}

/// Entries that are gone through faster than they are searched.
const FEW: usize = 16;

impl Object {
    fn of(entries: Vec<(Box<str>, Json)>) -> Self {
        let mut by_name = Vec::new();
        if entries.len() > FEW {
            by_name.extend((0..).take(entries.len()));
            by_name.sort_by_key(|place| entries.get(*place as usize).map(|(name, _)| name));
        }
        Self { entries, by_name }
    }

    fn get(&self, key: &str) -> Option<&Json> {
        if self.by_name.is_empty() {
            return self.entries.iter().rev().find(|(name, _)| &**name == key).map(|(_, value)| value);
        }
        let entry = |place: &u32| self.entries.get(*place as usize);
        let end = self.by_name.partition_point(|place| entry(place).is_some_and(|(name, _)| **name <= *key));
        let last = end.checked_sub(1).and_then(|last| self.by_name.get(last)).and_then(entry);
        last.filter(|(name, _)| **name == *key).map(|(_, value)| value)
    }
}

/// The document without comments and without commas before a closing bracket; what stands in strings is kept.
fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (b'"', _) => {
                let length = string_length(rest);
                let (string, tail) = rest.split_at_checked(length).unwrap_or((rest, &[]));
                out.extend_from_slice(string);
                tail
            }
            (b'/', [b'/', comment @ ..]) => {
                let end = comment.iter().position(|byte| *byte == b'\n').unwrap_or(comment.len());
                comment.get(end..).unwrap_or_default()
            }
            (b'/', [b'*', comment @ ..]) => {
                let end = comment.windows(2).position(|pair| pair == b"*/").map_or(comment.len(), |at| at + 2);
                comment.get(end..).unwrap_or_default()
            }
            (b'}' | b']', tail) => {
                let kept = out.iter().rposition(|byte| !byte.is_ascii_whitespace());
                if let Some(at) = kept.filter(|at| out.get(*at) == Some(&b',')) {
                    out.truncate(at);
                }
                out.push(*first);
                tail
            }
            (_, tail) => {
                out.push(*first);
                tail
            }
        };
    }
    out
}

/// Bytes of the string literal that `bytes` begins with, quotes included.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry::<String, Json>()? {
            entries.push((entry.0.into_boxed_str(), entry.1));
        }
        Ok(Json::Map(Object::of(entries)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_comments_and_trailing_commas_pass() {
        let text = b"\xef\xbb\xbf{ // one\n \"a\": [\"x//y\", \"/*\", ], /* two */ \"b\": {\"c\": 1,},\n}";
        let json = Json::parse(text).unwrap();
        assert_eq!(json.get("a").unwrap().texts().collect::<Vec<_>>(), ["x//y", "/*"]);
        assert_eq!(json.get("b").unwrap().get("c"), Some(&Json::Number));
    }

    #[test]
    fn keeps_the_order_of_keys() {
        let json = Json::parse(br#"{"z": 1, "a": 2, "m": 3}"#).unwrap();
        assert_eq!(json.entries().iter().map(|(key, _)| &**key).collect::<String>(), "zam");
    }

    #[test]
    fn finds_the_last_of_a_name_among_many() {
        let many: String = (0..100).map(|at| format!("\"k{}\": \"{at}\",", at % 50)).collect();
        let json = Json::parse(format!("{{{many}}}").as_bytes()).unwrap();
        assert_eq!((json.text("k0"), json.text("k49"), json.text("k50")), (Some("50"), Some("99"), None));
        assert_eq!(json.entries().len(), 100);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in ["", "{", "[1,,2]", "\"abc", "/*", "{\"a\" \"b\"}"] {
            assert_eq!(Json::parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Json::parse("[".repeat(100_000).as_bytes()), None);
    }
}
