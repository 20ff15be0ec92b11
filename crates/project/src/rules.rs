//! Ignore rules, folder by folder, in git's own meaning.

use gix::bstr::BStr;
use gix::glob::pattern::Case;
use gix::glob::search::pattern::List;
use gix::ignore::search::Ignore;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The rules of one folder, on top of those above it.
pub(crate) struct Rules {
    above: Option<Arc<Rules>>,
    list: List<Ignore>,
}

/// Longest file of rules that is read.
pub(crate) const RULES_LIMIT: u64 = 1 << 20;

/// Most rules that one file may hold; those after it are left out.
const RULE_LIMIT: usize = 10_000;

/// A rule that hides something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The file it stands in, from the project's root, as safe text.
    pub file: Box<str>,
    /// Its line, from 1.
    pub line: u32,
    /// The pattern, as safe text.
    pub pattern: Box<str>,
}

impl Rules {
    /// Adds the rules in `content`, which lies in the file at `raw` (bytes, from the project's root); they hold for its
    /// folder. Gives also whether all of them were taken.
    pub(crate) fn push(above: Option<Arc<Self>>, raw: &[u8], content: &[u8]) -> (Option<Arc<Self>>, bool) {
        Self::add(above, raw, content, Some(Path::new("")))
    }

    /// Adds rules that hold for the whole project, wherever their file lies.
    pub(crate) fn push_global(above: Option<Arc<Self>>, name: &str, content: &[u8]) -> (Option<Arc<Self>>, bool) {
        Self::add(above, name.as_bytes(), content, None)
    }

    fn add(above: Option<Arc<Self>>, raw: &[u8], content: &[u8], root: Option<&Path>) -> (Option<Arc<Self>>, bool) {
        let source = PathBuf::from(std::ffi::OsStr::from_bytes(raw));
        match List::from_bytes(content, source, root, Ignore { support_precious: false }) {
            Ok(mut list) if !list.patterns.is_empty() => {
                let is_whole = list.patterns.len() <= RULE_LIMIT;
                list.patterns.truncate(RULE_LIMIT);
                (Some(Arc::new(Self { above, list })), is_whole)
            }
            _ => (above, true),
        }
    }

    /// The rule that hides a path (bytes, from the project's root); `None` where none does. The folders above the path
    /// must have been asked before: git does not look into a hidden folder.
    pub(crate) fn hiding(&self, raw: &[u8], is_folder: bool) -> Option<Rule> {
        let name_at = raw.iter().rposition(|byte| *byte == b'/').map(|slash| slash + 1);
        let mut rules = Some(self);
        while let Some(level) = rules {
            let found = gix::ignore::search::pattern_matching_relative_path(
                &level.list,
                BStr::new(raw),
                name_at,
                Some(is_folder),
                Case::Sensitive,
            );
            if let Some(found) = found {
                return (!found.pattern.is_negative()).then(|| Rule {
                    file: found
                        .source
                        .map(|source| crate::path::text(source.as_os_str().as_bytes()))
                        .unwrap_or_default(),
                    line: u32::try_from(found.sequence_number).unwrap_or(u32::MAX),
                    pattern: crate::path::text(found.pattern.to_string().as_bytes()),
                });
            }
            rules = level.above.as_deref();
        }
        None
    }
}
