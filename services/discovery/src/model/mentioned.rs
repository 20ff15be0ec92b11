//! What the texts of a repository name: builds, scripts, workflows and documents need files without an import of them, and
//! make files that lie nowhere yet.

use crate::record::{FileClass, FileLinks, FileRecord};
use codexa_model::relation::DeclineReason;
use rustc_hash::{FxHashMap, FxHashSet};

/// Endings of the objects that a build makes of a file, and names instead of it.
const OBJECTS: [&str; 3] = ["lo", "o", "obj"];
/// Endings of the files that imports name without one.
const LEFT_OUT: [&str; 8] = [".js", ".cjs", ".mjs", ".jsx", ".py", ".rs", ".ts", ".tsx"];

/// What texts name. Who asks looks up the ends of a path, of which there are few, whatever is named how often.
pub(super) struct Mentions<'r> {
    /// What is named, as it is written.
    whole: FxHashMap<&'r str, Texts<'r>>,
    /// The ends of it, where a folder stands before them.
    ends: FxHashMap<&'r str, Texts<'r>>,
    /// Names without a folder, after the folder of the text that names them.
    beside: FxHashMap<(&'r str, &'r str), Texts<'r>>,
    /// Names that several files here have.
    shared: FxHashSet<&'r str>,
    /// What all of it is called, without the folders and without an ending that imports leave out.
    stems: FxHashSet<&'r str>,
}

/// The texts that name one thing.
struct Texts<'r> {
    first: &'r str,
    /// Whether it is not the only one.
    are_several: bool,
    /// Whether one of them may make what it names: a document makes nothing.
    make: bool,
}

impl<'r> Texts<'r> {
    fn one(text: &'r FileRecord) -> Self {
        Self { first: &text.path, are_several: false, make: text.class != FileClass::Documentation }
    }

    fn add(&mut self, text: &'r FileRecord) {
        self.are_several |= *self.first != *text.path;
        self.make |= text.class != FileClass::Documentation;
    }

    fn is_other_than(&self, path: &str) -> bool {
        self.are_several || self.first != path
    }
}

impl<'r> Mentions<'r> {
    pub(super) fn of(records: &[&'r FileRecord]) -> Self {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let shared = records.iter().map(|record| name(&record.path)).filter(|name| !seen.insert(name)).collect();
        let mut mentions = Self {
            whole: FxHashMap::default(),
            ends: FxHashMap::default(),
            beside: FxHashMap::default(),
            shared,
            stems: FxHashSet::default(),
        };
        for text in records {
            text.mentions.iter().for_each(|what| mentions.add(text, what));
        }
        mentions
    }

    fn add(&mut self, text: &'r FileRecord, what: &'r str) {
        let new = || Texts::one(text);
        self.stems.insert(stem(name(what)));
        self.whole.entry(what).and_modify(|texts| texts.add(text)).or_insert_with(new);
        for end in ends(what).skip(1) {
            self.ends.entry(end).and_modify(|texts| texts.add(text)).or_insert_with(new);
        }
        if !what.contains('/') {
            let place = (folder(&text.path), what);
            self.beside.entry(place).and_modify(|texts| texts.add(text)).or_insert_with(new);
        }
    }

    /// Whether a text other than the file itself names it: by its path or the end of it, or by its name alone, where no
    /// other file has it or the text lies beside it.
    pub(super) fn names(&self, path: &str) -> bool {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let objects = OBJECTS.iter().map(|ending| format!("{stem}.{ending}"));
        let is_shared = self.shared.contains(name(path));
        let is_named = |texts: Option<&Texts<'_>>| texts.is_some_and(|texts| texts.is_other_than(path));
        std::iter::once(path.to_owned()).chain(objects).any(|called| {
            let is_written = |end: &str| match () {
                () if is_shared && !end.contains('/') => is_named(self.beside.get(&(folder(path), end))),
                () => is_named(self.whole.get(end)),
            };
            is_named(self.ends.get(&*called)) || ends(&called).any(is_written)
        })
    }

    /// Whether a build or a script names what an import leads to and no file here is called. A document makes nothing.
    fn makes(&self, target: &str, files: &FxHashSet<&str>) -> bool {
        let target = target.trim_start_matches("../").trim_start_matches("./");
        if !self.may_make(target) {
            return false;
        }
        let plain = target.replace("::", "/");
        let called = if target.contains('/') || plain.contains('/') { plain } else { plain.replace('.', "/") };
        let endings = LEFT_OUT.iter().map(|ending| format!("{called}{ending}"));
        let make = |texts: Option<&Texts<'_>>| texts.is_some_and(|texts| texts.make);
        std::iter::once(target.to_owned()).chain(endings).any(|called| {
            let is_made = || make(self.ends.get(&*called)) || ends(&called).any(|end| make(self.whole.get(end)));
            !files.contains(name(&called)) && is_made()
        })
    }

    /// Whether anything that is named is called like a target, with or without an ending: nearly always nothing is.
    fn may_make(&self, target: &str) -> bool {
        let called = if target.contains('/') { name(target) } else { target.rsplit('.').next().unwrap_or(target) };
        target.contains("::") || self.stems.contains(called) || self.stems.contains(stem(name(target)))
    }
}

/// The links of files whose imports lead to what a build or script here names, with their places: that is made, not missing.
pub(super) fn made(records: &[&FileRecord], links: &[&FileLinks], mentions: &Mentions<'_>) -> Vec<(usize, FileLinks)> {
    let files: FxHashSet<&str> = records.iter().map(|record| name(&record.path)).collect();
    let is_made = |target: &str| mentions.makes(target, &files);
    let with_made = links.iter().enumerate().filter(|(_, links)| {
        links.declined().any(|declined| declined.reason == DeclineReason::NotFound && is_made(declined.target))
    });
    let as_made = |links: &FileLinks| {
        let mut links = links.clone();
        links.make(is_made);
        links
    };
    with_made.map(|(at, links)| (at, as_made(links))).collect()
}

/// A path, and what is left of it without its first folder, its first two, and so on.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |rest| rest.split_once('/').map(|(_, rest)| rest))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A name without an ending that imports leave out.
fn stem(name: &str) -> &str {
    LEFT_OUT.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::{LEFT_OUT, Mentions, folder, name};
    use crate::record::{FileClass, FileRecord, LineCounts};
    use proptest::prelude::*;
    use rustc_hash::FxHashSet;

    fn record(path: &str, mentions: &[String]) -> FileRecord {
        FileRecord {
            path: path.into(),
            language: None,
            class: FileClass::Source,
            bytes: 0,
            lines: LineCounts::default(),
            digest: None,
            unread: None,
            headings: Vec::new(),
            mentions: mentions.iter().map(|what| what.as_str().into()).collect(),
        }
    }

    /// Whether two paths are one, as far as both are written down.
    fn is_end_of(one: &str, other: &str) -> bool {
        let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
        long.strip_suffix(short).is_some_and(|above| above.is_empty() || above.ends_with('/'))
    }

    proptest! {
        #[test]
        fn what_is_looked_up_is_what_stands_in_the_texts(
            files in prop::collection::btree_map("(a/){0,2}[xy][.][co]", prop::collection::vec("(b/)?(a/){0,2}[xy][.][co]", 0..3), 1..8)
        ) {
            let records: Vec<FileRecord> = files.iter().map(|(path, mentions)| record(path, mentions)).collect();
            let records: Vec<&FileRecord> = records.iter().collect();
            let mentions = Mentions::of(&records);
            for path in files.keys() {
                let is_alone = files.keys().filter(|other| name(other) == name(path)).count() == 1;
                let object = path.replace(".c", ".o");
                let is_meant = |(text, what): (&String, &String)| {
                    let told = what.contains('/') || is_alone || folder(text) == folder(path);
                    text != path && told && [path, &object].into_iter().any(|called| is_end_of(what, called))
                };
                let all = files.iter().flat_map(|(text, mentions)| mentions.iter().map(move |what| (text, what)));
                prop_assert_eq!(mentions.names(path), all.into_iter().any(is_meant), "{}", path);
            }
        }

        #[test]
        fn what_a_build_names_and_nobody_is_called_is_made(
            texts in prop::collection::vec((any::<bool>(), "(b/)?(a/){0,2}[xy][.](py|ts)"), 0..6),
            target in "([.]/|[.][.]/)?((a/){0,2}[xy]([.](py|ts))?|(a::)?[xy]|(a[.])?[xy])"
        ) {
            let text = |(at, (is_document, what)): (usize, &(bool, String))| {
                let class = if *is_document { FileClass::Documentation } else { FileClass::Source };
                FileRecord { class, ..record(&format!("text{at}"), std::slice::from_ref(what)) }
            };
            let records: Vec<FileRecord> = texts.iter().enumerate().map(text).collect();
            let records: Vec<&FileRecord> = records.iter().collect();
            let bare = target.trim_start_matches("../").trim_start_matches("./");
            let path = if bare.contains('/') { bare.to_owned() } else { bare.replace("::", "/") };
            let path = if path.contains('/') { path } else { path.replace('.', "/") };
            let called = std::iter::once(bare.to_owned()).chain(LEFT_OUT.iter().map(|ending| format!("{path}{ending}")));
            let called: Vec<String> = called.collect();
            let is_made = |(is_document, what): &(bool, String)| {
                !is_document && called.iter().any(|called| is_end_of(what, called))
            };
            let expected = texts.iter().any(is_made);
            prop_assert_eq!(Mentions::of(&records).makes(&target, &FxHashSet::default()), expected, "{}", target);
        }
    }
}
