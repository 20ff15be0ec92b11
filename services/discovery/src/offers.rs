//! Public symbols of a file. A repository has some hundred thousand, and most are only passed on: their names are one text.

use codexa_model::NameList;
use codexa_model::facts::SymbolKind;
use serde::{Deserialize, Serialize};

/// What a file offers, in source order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    names: NameList,
    /// Kind of each, and whether it is documented.
    about: Vec<(SymbolKind, bool)>,
}

/// A public symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offer<'o> {
    /// Name with its enclosing types, joined by `.`.
    pub name: &'o str,
    /// What it is.
    pub kind: SymbolKind,
    /// Whether it is documented.
    pub documented: bool,
}

impl Offers {
    /// Appends a symbol.
    pub fn push(&mut self, offer: Offer<'_>) {
        self.names.push(offer.name);
        self.about.push((offer.kind, offer.documented));
    }

    /// The symbols, in order.
    pub fn iter(&self) -> impl Iterator<Item = Offer<'_>> + Clone {
        let about = self.about.iter().copied();
        self.names.iter().zip(about).map(|(name, (kind, documented))| Offer { name, kind, documented })
    }

    /// Gives back the room that is not needed.
    pub(crate) fn shrink(&mut self) {
        self.names.shrink();
        self.about.shrink_to_fit();
    }
}
