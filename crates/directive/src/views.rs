//! What `show` can show.

use crate::phrase::{self, Phrase};
use crate::tokens::Token;
use serde::{Deserialize, Serialize};

/// What `show` shows of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the plural of a noun of the glossary")]
pub enum View {
    Zones,
    Concerns,
    Gaps,
    Approvals,
    Denials,
    Waivers,
    Holds,
    Gates,
    Changes,
    Followups,
    Requirements,
    Workstreams,
    Milestones,
    Phases,
    Tests,
    Reports,
    Iterations,
    Components,
    Symbols,
    Edges,
    EntryPoints,
    Contacts,
    Dependencies,
    Coverage,
    Seeds,
    Evidence,
    Ledger,
    Roles,
}

/// How people write a view. The first row of each view is its canonical form.
const SPELLINGS: &[(&str, View)] = &[
    ("zones", View::Zones),
    ("change zones", View::Zones),
    ("concerns", View::Concerns),
    ("gaps", View::Gaps),
    ("approvals", View::Approvals),
    ("votes", View::Approvals),
    ("denials", View::Denials),
    ("waivers", View::Waivers),
    ("holds", View::Holds),
    ("gates", View::Gates),
    ("changes", View::Changes),
    ("followups", View::Followups),
    ("follow-ups", View::Followups),
    ("follow ups", View::Followups),
    ("issues", View::Followups),
    ("questions", View::Followups),
    ("requirements", View::Requirements),
    ("workstreams", View::Workstreams),
    ("milestones", View::Milestones),
    ("phases", View::Phases),
    ("tests", View::Tests),
    ("reports", View::Reports),
    ("iterations", View::Iterations),
    ("components", View::Components),
    ("symbols", View::Symbols),
    ("edges", View::Edges),
    ("relationships", View::Edges),
    ("entry-points", View::EntryPoints),
    ("entry points", View::EntryPoints),
    ("contacts", View::Contacts),
    ("dependencies", View::Dependencies),
    ("coverage", View::Coverage),
    ("seeds", View::Seeds),
    ("evidence", View::Evidence),
    ("ledger", View::Ledger),
    ("audit log", View::Ledger),
    ("audit trail", View::Ledger),
    ("roles", View::Roles),
];

impl View {
    /// The word, as in JSON and in the canonical form.
    #[must_use]
    pub fn word(self) -> &'static str {
        SPELLINGS.iter().find(|(_, view)| *view == self).map_or("", |(word, _)| word)
    }
}

/// The view that stands at a place, with the number of tokens it takes.
pub(crate) fn at(tokens: &[Token], at: usize) -> Option<(View, usize)> {
    phrase::longest(tokens, at, SPELLINGS.iter().map(|(words, view)| (Phrase(words), *view)))
}
