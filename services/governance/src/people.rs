//! Who the people are and which roles they have: `.codexa/rules/people.yaml`.

use codexa_directive::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person: one on every channel. An agent is never a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Stable and short; what ledger entries name.
    pub id: String,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the person may decide about.
    #[serde(default)]
    pub roles: Vec<Role>,
}

/// Everyone, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Person>")]
pub struct People(Vec<Person>);

/// The file, as people write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeopleFile {
    version: u32,
    #[serde(default)]
    people: Vec<Person>,
}

/// Every role, in the order of the glossary.
pub(crate) const EVERY_ROLE: [Role; 9] =
    [Role::Pm, Role::Ra, Role::Ia, Role::Im, Role::Go, Role::Qa, Role::Tqa, Role::Ce, Role::Hr];

impl People {
    /// One person with every role: a project in which nobody is named yet.
    #[must_use]
    pub fn sole(id: &str) -> Self {
        Self(vec![Person { id: id.to_owned(), name: None, roles: EVERY_ROLE.to_vec() }])
    }

    /// Whether nobody is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one person, where there is no other.
    #[must_use]
    pub fn only(&self) -> Option<&Person> {
        match self.0.as_slice() {
            [person] => Some(person),
            _ => None,
        }
    }

    /// A person by id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Person> {
        self.0.iter().find(|person| person.id == id)
    }

    /// Everyone.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.0.iter()
    }
}

impl TryFrom<PeopleFile> for People {
    type Error = String;

    fn try_from(file: PeopleFile) -> Result<Self, String> {
        if file.version != 1 {
            return Err(format!("version {} of people.yaml is not known; write 1", file.version));
        }
        file.people.try_into()
    }
}

impl TryFrom<Vec<Person>> for People {
    type Error = String;

    /// Everyone, each by an id of their own. In which order they and their roles are written says nothing.
    fn try_from(mut people: Vec<Person>) -> Result<Self, String> {
        let mut seen = BTreeSet::new();
        for person in &people {
            if !is_id(&person.id) {
                return Err(format!("{:?} is no id: small letters, digits, `.`, `-` and `_`, at most 64", person.id));
            }
            if !seen.insert(&person.id) {
                return Err(format!("{} is named twice", person.id));
            }
        }
        people.sort_by(|a, b| a.id.cmp(&b.id));
        for person in &mut people {
            person.roles.sort();
            person.roles.dedup();
        }
        Ok(Self(people))
    }
}

/// Whether a text can be a person's id: plain letters only, so that no two look the same.
pub(crate) fn is_id(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    (1..=64).contains(&text.len())
        && text.bytes().all(letter)
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}
