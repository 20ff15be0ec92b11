//! What the texts of a repository name: builds, scripts, workflows and documents need files without an import of them, and
//! make files that lie nowhere yet.

use crate::record::{FileClass, FileLinks, FileRecord};
use codexa_model::relation::{DeclineReason, Declined};
use rustc_hash::{FxHashMap, FxHashSet};

/// Endings of the objects that a build makes of a file, and names instead of it.
const OBJECTS: [&str; 3] = ["lo", "o", "obj"];
/// Endings of the files that imports name without one.
const LEFT_OUT: [&str; 8] = [".js", ".cjs", ".mjs", ".jsx", ".py", ".rs", ".ts", ".tsx"];

/// What texts name, by its last part.
pub(super) struct Mentions<'r> {
    by_name: FxHashMap<&'r str, Vec<Mention<'r>>>,
    /// Names that several files here have.
    shared: FxHashSet<&'r str>,
}

/// One thing that a text names.
#[derive(Clone, Copy)]
struct Mention<'r> {
    text: &'r FileRecord,
    what: &'r str,
}

impl<'r> Mentions<'r> {
    pub(super) fn of(records: &[&'r FileRecord]) -> Self {
        let mut by_name: FxHashMap<&str, Vec<Mention<'r>>> = FxHashMap::default();
        for text in records {
            for what in &text.mentions {
                by_name.entry(name(what)).or_default().push(Mention { text, what });
            }
        }
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let shared = records.iter().map(|record| name(&record.path)).filter(|name| !seen.insert(name)).collect();
        Self { by_name, shared }
    }

    /// Whether a text other than the file itself names it: by its path or the end of it, or by its name alone, where no
    /// other file has it or the text lies beside it.
    pub(super) fn names(&self, path: &str) -> bool {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let objects = OBJECTS.iter().map(|ending| format!("{stem}.{ending}"));
        std::iter::once(path.to_owned()).chain(objects).any(|called| {
            let is_meant = |mention: &Mention<'_>| {
                let is_told_apart = mention.what.contains('/')
                    || !self.shared.contains(name(path))
                    || folder(&mention.text.path) == folder(path);
                *mention.text.path != *path && is_told_apart && is_end_of(mention.what, &called)
            };
            self.by_name.get(name(&called)).is_some_and(|all| all.iter().any(is_meant))
        })
    }

    /// Whether a build or a script names what an import leads to and no file here is called. A document makes nothing.
    fn makes(&self, target: &str, files: &FxHashSet<&str>) -> bool {
        let target = target.trim_start_matches("../").trim_start_matches("./");
        let plain = target.replace("::", "/");
        let called = if target.contains('/') || plain.contains('/') { plain } else { plain.replace('.', "/") };
        let endings = LEFT_OUT.iter().map(|ending| format!("{called}{ending}"));
        std::iter::once(target.to_owned()).chain(endings).any(|called| {
            let makes = |mention: &Mention<'_>| {
                mention.text.class != FileClass::Documentation && is_end_of(mention.what, &called)
            };
            let name = name(&called);
            !files.contains(name) && self.by_name.get(name).is_some_and(|all| all.iter().any(makes))
        })
    }
}

/// The links of files whose imports lead to what a build or script here names, with their places: that is made, not missing.
pub(super) fn made(records: &[&FileRecord], links: &[&FileLinks], mentions: &Mentions<'_>) -> Vec<(usize, FileLinks)> {
    let files: FxHashSet<&str> = records.iter().map(|record| name(&record.path)).collect();
    let is_made =
        |declined: &Declined| declined.reason == DeclineReason::NotFound && mentions.makes(&declined.target, &files);
    let with_made = links.iter().enumerate().filter(|(_, links)| links.declined.iter().any(is_made));
    let as_made = |links: &FileLinks| {
        let mut links = links.clone();
        for declined in links.declined.iter_mut().filter(|declined| is_made(declined)) {
            declined.reason = DeclineReason::Made;
        }
        links
    };
    with_made.map(|(at, links)| (at, as_made(links))).collect()
}

/// Whether two paths are one, as far as both are written down.
fn is_end_of(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long.strip_suffix(short).is_some_and(|above| above.is_empty() || above.ends_with('/'))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
