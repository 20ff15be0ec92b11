//! What `.gitattributes` files say of a file, where it matters to discovery. Only files of the work tree are asked: the
//! machine's own attributes and `.git/info/attributes` are not the project's.

use gix::attrs::search::{MetadataCollection, Outcome};
use gix::attrs::{Search, StateRef};
use gix::bstr::BStr;
use gix::glob::pattern::Case;
use std::path::{Path, PathBuf};

/// What is said of one file; `None` where nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// `linguist-generated`.
    pub generated: Option<bool>,
    /// `linguist-vendored`.
    pub vendored: Option<bool>,
    /// `linguist-documentation`.
    pub documentation: Option<bool>,
    /// `binary` or `-text` (true), `text` (false).
    pub binary: Option<bool>,
}

/// Most rules that are looked at, over all files.
const RULE_LIMIT: usize = 20_000;

/// The rules of a project, to be asked file by file; one per thread.
pub struct AttributeRules {
    search: Search,
    outcome: Outcome,
    rules: usize,
    is_cut: bool,
    collection: MetadataCollection,
}

const NAMES: [&str; 5] = ["linguist-generated", "linguist-vendored", "linguist-documentation", "binary", "text"];

impl Default for AttributeRules {
    fn default() -> Self {
        let mut rules = Self {
            search: Search::default(),
            outcome: Outcome::default(),
            rules: 0,
            is_cut: false,
            collection: MetadataCollection::default(),
        };
        rules.push(b"[attr]binary -diff -merge -text", PathBuf::from("[built-in]"), None, true);
        rules
    }
}

impl AttributeRules {
    /// Adds the content of the `.gitattributes` file at `raw` (its path from the project's root). Files nearer to the
    /// root must be added first: later ones win.
    pub fn add(&mut self, raw: &[u8], content: &[u8]) {
        use std::os::unix::ffi::OsStrExt as _;
        let rules = content.split(|byte| *byte == b'\n').count();
        if self.rules + rules > RULE_LIMIT {
            self.is_cut = true;
            return;
        }
        self.rules += rules;
        let source = PathBuf::from(std::ffi::OsStr::from_bytes(raw));
        self.push(content, source, Some(Path::new("")), !raw.contains(&b'/'));
    }

    fn push(&mut self, content: &[u8], source: PathBuf, root: Option<&Path>, macros: bool) {
        // The only error is a source without a folder, which has no rules that could match.
        let _ = self.search.add_patterns_buffer(content, source, root, &mut self.collection, macros);
        self.outcome = Outcome::default();
        self.outcome.initialize_with_selection(&self.collection, NAMES);
    }

    /// Whether no file said anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules == 0
    }

    /// Whether rules were left out because there are too many.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// What is said of the file at `raw` (its path from the project's root).
    pub fn of(&mut self, raw: &[u8]) -> Attributes {
        if self.is_empty() {
            return Attributes::default();
        }
        self.outcome.reset();
        self.search.pattern_matching_relative_path(BStr::new(raw), Case::Sensitive, Some(false), &mut self.outcome);
        let mut attributes = Attributes::default();
        for found in self.outcome.iter_selected() {
            let state = match found.assignment.state {
                StateRef::Set => Some(true),
                StateRef::Unset => Some(false),
                StateRef::Value(value) => match AsRef::<[u8]>::as_ref(value.as_bstr()) {
                    b"true" => Some(true),
                    b"false" => Some(false),
                    _ => None,
                },
                StateRef::Unspecified => None,
            };
            let Some(state) = state else { continue };
            match found.assignment.name.as_str() {
                "linguist-generated" => attributes.generated = Some(state),
                "linguist-vendored" => attributes.vendored = Some(state),
                "linguist-documentation" => attributes.documentation = Some(state),
                "binary" if state => attributes.binary = Some(true),
                "text" if attributes.binary.is_none() => attributes.binary = Some(!state),
                _ => {}
            }
        }
        attributes
    }
}
