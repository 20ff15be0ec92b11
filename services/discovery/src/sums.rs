//! Sums of what a file is known by. They are made once, when the file is read: whoever asks later whether anything changed
//! goes through the sums of all files, and not through all of their names.

use crate::intents::said;
use crate::offers::Offers;
use codexa_model::{Language, NameList};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Half of a SHA-256.
pub(crate) type Half = [u8; 16];

/// What a file is known by, summed up. What other files' links are resolved from, and what words are read from, must be in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// The language, the package or namespace that it declares, and the names that it defines there.
    pub(crate) definitions: Half,
    /// The words of what it defines and offers that say what it is about.
    pub(crate) words: Half,
}

impl Sums {
    pub(crate) fn of(language: Language, module: Option<&str>, definitions: &NameList, offers: &Offers) -> Self {
        let home = [language.name(), if module.is_some() { "in" } else { "" }, module.unwrap_or_default()];
        Self { definitions: sum(home.into_iter().chain(definitions.iter())), words: words(said(definitions, offers)) }
    }
}

/// A sum of these words in this order, with what each counts.
fn words(words: impl Iterator<Item = (CompactString, f32)>) -> Half {
    let mut said = Vec::new();
    for (word, weight) in words {
        said.extend(word.len().to_le_bytes());
        said.extend(word.as_bytes());
        said.extend(weight.to_bits().to_le_bytes());
    }
    half(Sha256::new().chain_update(&said))
}

/// A sum of these names in this order.
fn sum<'n>(names: impl Iterator<Item = &'n str>) -> Half {
    let mut said = Vec::new();
    for name in names {
        said.extend(name.len().to_le_bytes());
        said.extend(name.as_bytes());
    }
    half(Sha256::new().chain_update(&said))
}

/// The first half of a sum: 128 bits.
pub(crate) fn half(hash: Sha256) -> Half {
    let mut half = Half::default();
    for (to, from) in half.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    half
}

#[cfg(test)]
mod tests {
    use super::Sums;
    use crate::offers::{Offer, Offers};
    use codexa_model::facts::SymbolKind;
    use codexa_model::{Language, NameList};
    use std::collections::BTreeSet;

    #[test]
    fn files_that_are_known_by_something_else_have_other_sums() {
        let offers = |names: &[&str]| {
            let mut offers = Offers::default();
            for name in names {
                offers.push(Offer { name, kind: SymbolKind::Method, documented: false });
            }
            offers
        };
        let of = |language, module, definitions: &[&str], offered: &[&str]| {
            let sums = Sums::of(language, module, &definitions.iter().collect::<NameList>(), &offers(offered));
            (sums.definitions, sums.words)
        };
        let java = Language::Java;
        let all = [
            of(java, None, &[], &[]),
            of(Language::Go, None, &[], &[]),
            of(java, Some(""), &[], &[]),
            of(java, Some("a"), &[], &[]),
            of(java, None, &["a"], &[]),
            of(java, None, &["in", "a"], &[]),
            of(java, None, &["ab"], &[]),
            of(java, None, &["a", "b"], &[]),
            of(java, None, &[], &["a.invoice"]),
            of(java, None, &[], &["a.invoice", "a.basket"]),
            of(java, None, &[], &["a.basket", "a.invoice"]),
            of(java, None, &["invoice"], &["a.basket"]),
        ];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(of(java, Some("a"), &["b"], &["c"]), of(java, Some("a"), &["b"], &["c"]));
        let with_more = of(java, None, &[], &["a.invoice", "a.getValue"]);
        assert_eq!(with_more, of(java, None, &[], &["a.invoice"]), "what words say nothing are none");
    }
}
