//! Numbers that are given once: of zones and follow-ups, as `.codexa/manifests/ids.yaml` keeps them.

use codexa_config::document::{at, tree};
use codexa_config::yaml::{Budget, Data, Entry, Node};
use codexa_model::Diagnostic;
use codexa_model::manifest::{IDS, IdsFile};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// Where they are kept, from the project's root.
pub const PATH: &str = ".codexa/manifests/ids.yaml";
/// The highest number that is read: no project asks a million questions, and what says so was not written here.
pub const MAX_NUMBER: u32 = 999_999;
/// What reading them may cost: more ids than a project comes to in a lifetime.
pub const BUDGET: Budget = Budget { bytes: 16 << 20, nodes: 400_000, depth: 4 };

/// What is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdKind {
    /// A follow-up: `issue-12`.
    Issue,
    /// A zone: `zone-3`.
    Zone,
}

impl IdKind {
    const ALL: [Self; 2] = [Self::Issue, Self::Zone];

    /// The word before the number.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Zone => "zone",
        }
    }

    /// The id with this number.
    #[must_use]
    pub fn id(self, number: u32) -> String {
        format!("{}-{number}", self.word())
    }

    /// The number of an id; `None` where it is none of this kind.
    #[must_use]
    pub fn number(self, id: &str) -> Option<u32> {
        let digits = id.strip_prefix(self.word())?.strip_prefix('-')?;
        let number = digits.parse().ok().filter(|number| (1..=MAX_NUMBER).contains(number))?;
        (self.id(number) == id).then_some(number)
    }
}

/// Two keys had one number, as two branches give it that are merged: one keeps it, the other has a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The id that was given twice.
    pub id: String,
    /// Who keeps it.
    pub kept: String,
    /// Who has another one now.
    pub moved: String,
    /// The other one.
    pub to: String,
}

impl fmt::Display for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, kept, moved, to } = self;
        write!(f, "{id} was given twice, as merged branches do: `{kept}` keeps it, `{moved}` is {to} now")
    }
}

/// Every id that was ever given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    numbers: BTreeMap<IdKind, BTreeMap<String, u32>>,
    /// Numbers that were given twice and are settled.
    pub settled: Vec<Settled>,
}

impl Ids {
    /// Reads the file. `claims` are keys with the numbers under which other files of the project know them: they are known though
    /// the file is lost, and of two keys with one number the claimed one keeps it, else the first in order.
    ///
    /// # Errors
    /// What in it does not fit; nothing is known then.
    pub fn read<'c>(
        text: &str,
        claims: impl IntoIterator<Item = (IdKind, &'c str, u32)>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let tree = tree(Path::new(PATH), text, BUDGET)?;
        let mut ids = Self::default();
        for entry in tree.entries() {
            match IdKind::ALL.into_iter().find(|kind| kind.word() == entry.key) {
                Some(kind) => ids.numbers.insert(kind, numbers(entry)?).map_or((), drop),
                None if entry.key == "schema" && said(&entry.node) == Some(IDS) => {}
                None => return Err(vec![misfit(entry, format!("`{}` is nothing that `{IDS}` has", entry.key))]),
            }
        }
        if !matches!(tree.data, Data::Map(_)) && !tree.is_null() {
            let message = "the file holds no ids".to_owned();
            return Err(vec![Diagnostic::error("CONFIG_TYPE", message).at(at(Path::new(PATH), tree.span))]);
        }
        let claims: BTreeSet<(IdKind, &str, u32)> = claims.into_iter().collect();
        ids.take_up(&claims);
        ids.settle(&claims);
        Ok(ids)
    }

    /// Keys that the file does not have, where their number is nobody else's.
    fn take_up(&mut self, claims: &BTreeSet<(IdKind, &str, u32)>) {
        for &(kind, key, number) in claims {
            let known = self.numbers.entry(kind).or_default();
            if !known.contains_key(key) && known.values().all(|taken| *taken != number) {
                known.insert(key.to_owned(), number);
            }
        }
    }

    /// Gives each number to one key.
    fn settle(&mut self, claims: &BTreeSet<(IdKind, &str, u32)>) {
        for (&kind, known) in &mut self.numbers {
            let mut holders: BTreeMap<u32, Vec<String>> = BTreeMap::new();
            for (key, number) in known.iter() {
                holders.entry(*number).or_default().push(key.clone());
            }
            let mut last = holders.last_key_value().map_or(0, |(number, _)| *number);
            for (number, mut keys) in holders {
                keys.sort_by_key(|key| !claims.contains(&(kind, &**key, number)));
                let mut keys = keys.into_iter();
                let Some(kept) = keys.next() else { continue };
                for moved in keys {
                    last += 1;
                    let (id, to) = (kind.id(number), kind.id(last));
                    known.insert(moved.clone(), last);
                    self.settled.push(Settled { id, kept: kept.clone(), moved, to });
                }
            }
        }
    }

    /// The id of a key, which it is given now where it has none.
    pub fn allot(&mut self, kind: IdKind, key: &str) -> String {
        let known = self.numbers.entry(kind).or_default();
        let number = known.get(key).copied().unwrap_or_else(|| {
            let next = known.values().max().map_or(1, |last| last.saturating_add(1));
            known.insert(key.to_owned(), next);
            next
        });
        kind.id(number)
    }

    /// The id of a key, where it has one.
    #[must_use]
    pub fn of(&self, kind: IdKind, key: &str) -> Option<String> {
        self.numbers.get(&kind)?.get(key).map(|number| kind.id(*number))
    }

    /// The key that an id was given to.
    #[must_use]
    pub fn key(&self, kind: IdKind, id: &str) -> Option<&str> {
        let number = kind.number(id)?;
        self.numbers.get(&kind)?.iter().find(|(_, known)| **known == number).map(|(key, _)| &**key)
    }

    /// Whether none was ever given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.values().all(BTreeMap::is_empty)
    }

    /// As the file has them.
    #[must_use]
    pub fn file(&self) -> IdsFile {
        let of = |kind| self.numbers.get(&kind).cloned().unwrap_or_default();
        IdsFile { schema: IDS.to_owned(), issue: of(IdKind::Issue), zone: of(IdKind::Zone) }
    }
}

/// The numbers of one kind.
fn numbers(kind: &Entry) -> Result<BTreeMap<String, u32>, Vec<Diagnostic>> {
    if !matches!(kind.node.data, Data::Map(_)) && !kind.node.is_null() {
        return Err(vec![misfit(kind, format!("`{}` holds no numbers of keys", kind.key))]);
    }
    let number = |entry: &Entry| {
        let Data::Scalar { value: Value::Number(number), .. } = &entry.node.data else { return None };
        number.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|n| (1..=MAX_NUMBER).contains(n))
    };
    let mut all = BTreeMap::new();
    let mut problems = Vec::new();
    for entry in kind.node.entries() {
        match number(entry) {
            Some(number) => drop(all.insert(entry.key.clone(), number)),
            None => problems.push(misfit(entry, format!("an id is a whole number from 1 to {MAX_NUMBER}"))),
        }
    }
    problems.truncate(MOST_PROBLEMS);
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// Problems that are told apart; more help nobody.
const MOST_PROBLEMS: usize = 20;

fn said(node: &Node) -> Option<&str> {
    match &node.data {
        Data::Scalar { value: Value::String(text), .. } => Some(text),
        _ => None,
    }
}

fn misfit(entry: &Entry, message: String) -> Diagnostic {
    Diagnostic::error("CONFIG_VALUE", message).at(at(Path::new(PATH), entry.key_span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Ids, Vec<Diagnostic>> {
        Ids::read(text, [])
    }

    #[test]
    fn an_id_is_given_once() {
        let mut ids = read("schema: codexa/ids@1\nissue:\n  b: 7\n  gone: 9\nzone:\n  a: 1\n").unwrap();
        assert_eq!(ids.allot(IdKind::Issue, "b"), "issue-7");
        assert_eq!(ids.allot(IdKind::Issue, "a"), "issue-10");
        assert_eq!(ids.allot(IdKind::Zone, "b"), "zone-2");
        assert_eq!(ids.key(IdKind::Issue, "issue-9"), Some("gone"));
        for no_id in ["issue-0", "issue-010", "issue-+7", "issue-99999999999999", "zone-7", "issue-", ""] {
            assert_eq!(ids.key(IdKind::Issue, no_id), None, "{no_id}");
        }
    }

    #[test]
    fn two_branches_that_gave_one_number_are_settled() {
        let text = "issue:\n  a: 7\n  b: 7\n  c: 7\n  d: 8\n";
        let ids = read(text).unwrap();
        assert_eq!(
            ids.file().issue,
            BTreeMap::from([("a", 7), ("b", 9), ("c", 10), ("d", 8)].map(|(k, n)| (k.to_owned(), n)))
        );
        let said = "issue-7 was given twice, as merged branches do: `a` keeps it, `b` is issue-9 now";
        assert_eq!(ids.settled[0].to_string(), said);
        // Who was answered under the number keeps it.
        let claimed = Ids::read(text, [(IdKind::Issue, "b", 7)]).unwrap();
        assert_eq!((claimed.of(IdKind::Issue, "b").as_deref(), claimed.settled.len()), (Some("issue-7"), 2));
    }

    #[test]
    fn what_answers_know_is_not_given_again_where_the_file_is_lost() {
        let mut ids = Ids::read("", [(IdKind::Issue, "a", 12)]).unwrap();
        assert_eq!(
            (ids.allot(IdKind::Issue, "b"), ids.allot(IdKind::Issue, "a")),
            ("issue-13".into(), "issue-12".into())
        );
    }

    #[test]
    fn what_is_no_file_of_ids_is_an_error_with_its_place() {
        for (text, line, said) in [
            ("issue:\n  a: 99999999999999\n", 2, "an id is a whole number from 1 to 999999"),
            ("issue:\n  a: 0\n", 2, "an id is"),
            ("issue:\n  a: [1]\n", 2, "an id is"),
            ("issue:\n  a: 1\n  a: 2\n", 3, "given twice"),
            ("issue: [1]\n", 1, "holds no numbers"),
            ("- 1\n", 1, "holds no ids"),
            ("schema: codexa/ids@9\n", 1, "nothing that"),
            ("other: 1\n", 1, "nothing that"),
            ("issue:\n<<<<<<< ours\n  a: 1\n=======\n  b: 1\n>>>>>>> theirs\n", 2, ""),
        ] {
            let problems = read(text).unwrap_err();
            assert!(problems[0].message.contains(said), "{text}: {problems:?}");
            assert_eq!(problems[0].location.as_ref().map(|place| place.line), Some(line), "{text}: {problems:?}");
        }
    }

    proptest! {
        #[test]
        fn no_two_keys_have_one_number(
            given in prop::collection::btree_map("[a-f]", 1_u32..9, 0..6),
            claims in prop::collection::vec(("[a-h]", 1_u32..9), 0..4),
            later in prop::collection::vec("[a-h]", 0..6),
        ) {
            let text: String = given.iter().map(|(key, number)| format!("  {key}: {number}\n")).collect();
            let claims = claims.iter().map(|(key, number)| (IdKind::Issue, &**key, *number));
            let mut ids = Ids::read(&format!("issue:\n{text}"), claims).unwrap();
            let before = ids.file().issue;
            later.iter().for_each(|key| drop(ids.allot(IdKind::Issue, key)));
            let after = ids.file().issue;
            prop_assert!(before.iter().all(|(key, number)| after.get(key) == Some(number)));
            let distinct: BTreeSet<u32> = after.values().copied().collect();
            prop_assert_eq!(distinct.len(), after.len());
        }
    }
}
