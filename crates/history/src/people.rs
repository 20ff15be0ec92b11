//! Who is the same person, as far as commits tell: an author's name and address are claims, and prove nothing.

use gix::bstr::ByteSlice as _;
use gix::mailmap::Snapshot;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A name and an address, as a commit has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// The name.
    pub name: Box<str>,
    /// The address.
    pub email: Box<str>,
}

/// Somebody who wrote commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name of their newest commit.
    pub name: Box<str>,
    /// Whether the name or the address says that it is a program.
    pub is_bot: bool,
}

/// Everyone who signed, and which signatures are theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Everyone, those with newer commits first.
    pub all: Vec<Person>,
    of_signature: Vec<u32>,
}

/// Longest name or address that is kept, in bytes.
const LONGEST: usize = 120;

impl Signature {
    pub(crate) fn new(name: &[u8], email: &[u8]) -> Self {
        Self { name: text(name), email: text(email) }
    }

    /// As the repository's own corrections have it.
    fn corrected(&self, mailmap: &Snapshot) -> Self {
        let time = gix::date::Time::default().to_string();
        let signed = gix::actor::SignatureRef {
            name: self.name.as_bytes().as_bstr(),
            email: self.email.as_bytes().as_bstr(),
            time: &time,
        };
        let corrected = mailmap.resolve_cow(signed);
        Self { name: text(&corrected.name), email: text(&corrected.email).to_lowercase().into() }
    }

    /// Programs that commit say so in the name or the address.
    fn is_bot(&self) -> bool {
        const NAMES: [&str; 6] =
            ["dependabot", "renovate", "github-actions", "greenkeeper", "pre-commit-ci", "mergify"];
        let name = self.name.to_lowercase();
        let is_marked = |text: &str| text.contains("[bot]") || text.ends_with("-bot") || text.ends_with(" bot");
        is_marked(&name) || self.email.contains("[bot]") || NAMES.iter().any(|bot| name.starts_with(bot))
    }

    /// A name of several words is one person's in one repository; one word (`root`, `alex`) may be many people's.
    fn has_full_name(&self) -> bool {
        self.name.contains(' ')
    }
}

fn text(bytes: &[u8]) -> Box<str> {
    let text = String::from_utf8_lossy(bytes.get(..LONGEST).unwrap_or(bytes));
    text.trim_end_matches('\u{fffd}').trim().into()
}

impl People {
    /// Who signed so, newest signature first. Two are the same person where, after the corrections, their addresses are
    /// the same, or their full names.
    pub(crate) fn of(signatures: &[Signature], mailmap: &Snapshot) -> Self {
        let corrected: Vec<Signature> = signatures.iter().map(|signature| signature.corrected(mailmap)).collect();
        let mut joined = Joined::new(corrected.len());
        let mut first: FxHashMap<String, u32> = FxHashMap::default();
        for (number, signature) in (0_u32..).zip(&corrected) {
            let email = (!signature.email.is_empty()).then(|| format!("<{}>", signature.email));
            let name = signature.has_full_name().then(|| signature.name.to_lowercase());
            for key in email.into_iter().chain(name) {
                joined.join(*first.entry(key).or_insert(number), number);
            }
        }
        let mut people = Self::default();
        for (number, signature) in (0_u32..).zip(&corrected) {
            let root = joined.root(number);
            let person = match people.of_signature.get(root as usize) {
                Some(&person) => person,
                None => people.add(signature),
            };
            people.of_signature.push(person);
        }
        people
    }

    fn add(&mut self, signature: &Signature) -> u32 {
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Person { name: signature.name.clone(), is_bot: signature.is_bot() });
        number
    }

    /// Whose a signature is, into the list of all.
    #[must_use]
    pub fn whose(&self, signature: u32) -> u32 {
        self.of_signature.get(signature as usize).copied().unwrap_or(u32::MAX)
    }

    /// The person at an index.
    #[must_use]
    pub fn get(&self, person: u32) -> Option<&Person> {
        self.all.get(person as usize)
    }
}

/// Sets of numbers that were joined; the smallest stands for its set.
struct Joined(Vec<u32>);

impl Joined {
    fn new(count: usize) -> Self {
        Self((0_u32..).take(count).collect())
    }

    fn root(&self, mut number: u32) -> u32 {
        // Chains only lead to smaller numbers, and so they end.
        while let Some(&same) = self.0.get(number as usize).filter(|&&same| same < number) {
            number = same;
        }
        number
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(same) = self.0.get_mut(one.max(other) as usize) {
            *same = one.min(other);
        }
    }
}
