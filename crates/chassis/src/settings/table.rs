//! What people see of settings: `--print-settings`, and what looks like a slip of the hand.

use super::sources::FILE;
use super::{Origin, sources};
use codexa_secret::HIDDEN;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// One setting as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is shown of its value; `None` where it has none.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: Option<Origin>,
}

impl Row {
    pub(super) const fn unset() -> Self {
        Self { value: None, origin: None }
    }

    pub(super) fn shown(value: &str, origin: Origin) -> Self {
        Self { value: Some(value.to_owned()), origin: Some(origin) }
    }

    pub(super) fn hidden(origin: Origin) -> Self {
        Self::shown(HIDDEN, origin)
    }
}

/// Settings by name; printed as three columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table(Vec<Line>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Line {
    name: String,
    value: Option<String>,
    origin: Option<String>,
}

impl Table {
    pub(super) fn of(rows: &BTreeMap<&'static str, Row>) -> Self {
        let line = |(name, row): (&&str, &Row)| Line {
            name: (*name).to_owned(),
            value: row.value.clone(),
            origin: row.origin.as_ref().map(Origin::to_string),
        };
        Self(rows.iter().map(line).collect())
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What stands in the environment may hold anything; a terminal is sent none of it as it is.
        let safe = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), escaped);
        let rows: Vec<[String; 3]> =
            self.0.iter().map(|line| [line.name.clone(), safe(&line.value), safe(&line.origin)]).collect();
        let width = |column: fn(&[String; 3]) -> &String| {
            rows.iter().map(|row| column(row).chars().count()).max().unwrap_or_default()
        };
        let (names, values) = (width(|[name, ..]| name), width(|[_, value, _]| value));
        rows.iter().try_for_each(|[name, value, origin]| writeln!(f, "{name:names$}  {value:values$}  {origin}"))
    }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, letter| {
        if letter.is_control() {
            safe.extend(letter.escape_default())
        } else {
            safe.push(letter)
        }
        safe
    })
}

/// A variable that nobody reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misspelt {
    /// As it stands in the environment.
    pub variable: String,
    /// What it looks like.
    pub meant: String,
}

impl fmt::Display for Misspelt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no setting; did you mean {}?", self.variable, self.meant)
    }
}

/// Unknown variables beside the known one that each is most like.
pub(super) fn misspelt<'a>(known: &[String], variables: impl Iterator<Item = &'a str>) -> Vec<Misspelt> {
    let known: Vec<String> = known.iter().flat_map(|name| [name.clone(), format!("{name}{FILE}")]).collect();
    let unknown = variables.filter(|variable| !known.iter().any(|name| name == variable));
    unknown
        .filter_map(|variable| {
            let nearest = known.iter().map(|name| (slips(variable, name), name)).min()?;
            let (slips, meant) = nearest;
            (slips <= most_slips(meant)).then(|| Misspelt { variable: variable.to_owned(), meant: meant.clone() })
        })
        .collect()
}

/// Letters that were left out, added, changed or exchanged, in what follows the prefix.
fn slips(variable: &str, name: &str) -> usize {
    let own = |name: &str| name.strip_prefix(sources::PREFIX).unwrap_or_default().to_owned();
    strsim::damerau_levenshtein(&own(variable), &own(name))
}

/// One slip in four letters, and no more than three.
fn most_slips(name: &str) -> usize {
    (name.len().saturating_sub(sources::PREFIX.len()) / 4).clamp(1, 3)
}
