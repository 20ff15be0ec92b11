//! `codexa show contacts`.

use super::entry_points::{apart, apart_of};
use super::error::QueryError;
use super::text::{Column, clean, more, plural, table};
use crate::behaviour::{Contact, ContactKind};
use crate::entries;
use crate::model::Model;
use crate::projections::contact_name;
use crate::record::FileClass;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 60;

/// Where the system reaches outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactsAnswer<'m> {
    /// The system's own first, then by kind, path and line.
    pub contacts: Vec<ContactRow<'m>>,
    /// How many of each kind.
    pub kinds: BTreeMap<&'static str, u32>,
    /// Those of examples, benchmarks and documents that were left out.
    pub left_out_in_examples: u32,
    /// Why nobody looked, where there are none because of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<&'static str>,
}

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ContactRow<'m> {
    /// Whether it only shows, measures or explains something; absent where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_examples: bool,
    /// What it reaches.
    pub kind: &'static str,
    /// The file.
    pub path: &'m str,
    /// Line in it, from 1.
    pub line: u32,
    /// The callee as written.
    pub name: &'m str,
    /// The first argument, where it is written there: a file, an address, a variable's name. What stands before the `@` of
    /// an address may be a password and is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Cow<'m, str>>,
    /// The rule that found it.
    pub origin: &'m str,
    /// How sure the rule is, in percent.
    pub confidence: u8,
}

/// Which contacts are asked for.
#[derive(Clone, Debug, Default)]
pub struct ContactFilter {
    /// A kind, as in the answer.
    pub kind: Option<String>,
    /// A file or folder.
    pub from: Option<String>,
    /// Whether those of tests take part; they do wherever `from` is given.
    pub with_tests: bool,
    /// Whether those of examples, benchmarks and documents take part; they do wherever `from` is given.
    pub with_examples: bool,
}

/// Contacts that pass a filter.
///
/// # Errors
/// [`QueryError::UnknownContact`], [`QueryError::UnknownPath`].
pub fn contacts<'m>(model: &'m Model, filter: &ContactFilter) -> Result<ContactsAnswer<'m>, QueryError> {
    if let Some(kind) = filter.kind.as_deref().filter(|kind| !KINDS.iter().any(|known| contact_name(*known) == *kind)) {
        let kinds = KINDS.map(contact_name).map(str::to_owned).to_vec();
        return Err(QueryError::UnknownContact { kind: kind.to_owned(), kinds });
    }
    let place = filter.from.as_deref().map(|place| super::edges::known(model, place)).transpose()?;
    let is_asked = |path: &str| place.as_deref().is_none_or(|place| super::edges::is_in(path, place));
    let is_wanted = |contact: &&Contact| filter.kind.as_deref().is_none_or(|kind| kind == contact_name(contact.kind));
    let shows_tests = filter.with_tests || filter.from.is_some();
    let shows_examples = filter.with_examples || filter.from.is_some();
    let mut rows = Vec::new();
    for (id, file) in (0_u32..).zip(&model.files).filter(|(_, file)| is_asked(&file.path)) {
        let found = file.parsed.iter().flat_map(|parsed| &parsed.behaviour.contacts);
        let is_shown =
            |contact: &&Contact| shows_tests || (file.class != FileClass::Test && !file.is_for_tests(contact.line));
        rows.extend(found.filter(is_wanted).filter(is_shown).map(|contact| ContactRow {
            in_examples: entries::is_apart(model, id),
            kind: contact_name(contact.kind),
            path: &file.path,
            line: contact.line,
            name: &contact.detail,
            target: contact.literal.as_deref().map(without_user),
            origin: &contact.origin,
            confidence: contact.confidence,
        }));
    }
    let all = rows.len();
    rows.retain(|row| shows_examples || !row.in_examples);
    let left_out_in_examples = u32::try_from(all - rows.len()).unwrap_or(u32::MAX);
    rows.sort();
    let mut kinds = BTreeMap::new();
    for row in &rows {
        *kinds.entry(row.kind).or_insert(0) += 1;
    }
    Ok(ContactsAnswer { contacts: rows, kinds, left_out_in_examples, unknown_because: model.not_read() })
}

/// Every kind, in the order of their names.
const KINDS: [ContactKind; 7] = [
    ContactKind::Cache,
    ContactKind::Database,
    ContactKind::Environment,
    ContactKind::Filesystem,
    ContactKind::MessageBus,
    ContactKind::Network,
    ContactKind::Subprocess,
];

/// `postgres://…@host` for an address that says who connects, and perhaps with which password.
fn without_user(literal: &str) -> Cow<'_, str> {
    let parts = literal.split_once("://").and_then(|(scheme, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let at = authority.rfind('@')?;
        Some((scheme, rest.get(at..)?))
    });
    parts.map_or(Cow::Borrowed(literal), |(scheme, rest)| Cow::Owned(format!("{scheme}://…{rest}")))
}

impl ContactsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = self.unknown_because.filter(|_| self.contacts.is_empty()) {
            return super::text::unknown("outside contacts", cause);
        }
        let Some(first) = self.contacts.first() else {
            let none = "no outside contacts found: no call that a rule knows reaches out";
            let (apart, next) = match self.left_out_in_examples {
                0 => (String::new(), "codexa show dependencies"),
                apart => (format!(", but for{}", apart_of(apart)), "codexa show contacts --with-examples"),
            };
            return format!("{}next: {next}\n", super::text::wrap(&format!("{none}{apart}"), ""));
        };
        let row = |row: &ContactRow<'_>| {
            let target = row.target.as_ref().map_or(String::new(), |target| format!(" {}", clean(target)));
            let name = format!("{}{target}", clean(row.name));
            let place = format!("{}:{}", clean(row.path), row.line);
            vec![row.kind.to_owned(), name, place, format!("{} %", row.confidence)]
        };
        let rows: Vec<Vec<String>> = self.contacts.iter().take(SHOWN).map(row).collect();
        let columns =
            [("kind", Column::Left), ("call", Column::Flexible), ("where", Column::Flexible), ("sure", Column::Right)];
        let mut out = table(&columns, &rows);
        out.push_str(&more(rows.len(), self.contacts.len(), "--format json has all, --kind and --from narrow it"));
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let line = format!(
            "{}{}: {}",
            plural(self.contacts.len() as u64, "outside contact"),
            apart(self.left_out_in_examples),
            kinds.join(", ")
        );
        out.push('\n');
        out.push_str(&super::text::wrap(&line, "  "));
        let written =
            writeln!(out, "next: codexa show contacts --from {}", clean(&crate::projections::quoted(first.path)));
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
