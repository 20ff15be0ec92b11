//! Imports to files. What was resolved before is kept where nothing it depends on has changed.

use super::reading::Read;
use super::request::Request;
use crate::record::{FileLinks, FileRecord};
use codexa_model::relation::{ExternalDependency, Package};
use codexa_project::Project;
use codexa_resolve::{Repository, Resolvers, SourceFile};
use sha2::{Digest as _, Sha256};
use std::thread;

/// Relations of every file, and what manifests declare.
pub(crate) struct Linked {
    /// One per record, in order.
    pub(crate) links: Vec<FileLinks>,
    pub(crate) packages: Vec<Package>,
    pub(crate) dependencies: Vec<ExternalDependency>,
    /// What the links depend on besides each file itself.
    pub(crate) world: [u8; 16],
}

/// Largest manifest that is read.
const MANIFEST_BYTES: u64 = 8 << 20;

struct View<'a> {
    project: &'a Project,
    records: &'a [FileRecord],
    names: Vec<Vec<Box<str>>>,
    paths: Vec<Box<str>>,
}

impl Repository for View<'_> {
    fn sources(&self) -> Vec<SourceFile<'_>> {
        let digests = self.records.iter().zip(&self.names);
        digests.filter_map(|(record, names)| source(record, names)).collect()
    }

    fn paths(&self) -> &[Box<str>] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        Some(self.project.reader().ok()?.read(path, MANIFEST_BYTES).ok()?.bytes)
    }
}

fn source<'a>(record: &'a FileRecord, names: &'a [Box<str>]) -> Option<SourceFile<'a>> {
    let digest = record.digest.as_ref()?;
    Some(SourceFile {
        path: &record.path,
        language: digest.language,
        module: digest.module.as_deref(),
        imports: &digest.imports,
        definitions: &digest.definitions,
        references: names,
        scopes: &digest.scopes,
    })
}

/// Resolves the imports of every file whose links are not known from the last run.
pub(crate) fn link(project: &Project, request: &Request, read: &Read) -> Linked {
    let names = |record: &FileRecord| {
        let references = record.digest.as_ref().map(|digest| digest.references.iter());
        references.map(|all| all.map(|(name, _)| name.clone()).collect()).unwrap_or_default()
    };
    let view = View {
        project,
        records: &read.records,
        names: read.records.iter().map(names).collect(),
        paths: read.records.iter().map(|record| record.path.clone()).collect(),
    };
    let world = world(read);
    let keep = world == read.world;
    let missing = read.kept.iter().any(|kept| kept.links.is_none());
    let resolvers = (!keep || missing).then(|| Resolvers::prepare(&view));
    let links = resolve_all(&view, read, resolvers.as_ref(), keep, request.threads());
    Linked {
        links,
        packages: codexa_resolve::packages(&view),
        dependencies: codexa_resolve::external::dependencies(&view),
        world,
    }
}

fn resolve_all(
    view: &View<'_>,
    read: &Read,
    resolvers: Option<&Resolvers>,
    keep: bool,
    threads: usize,
) -> Vec<FileLinks> {
    let files: Vec<_> = read.records.iter().zip(&view.names).zip(&read.kept).collect();
    let one = |((record, names), kept): &((&FileRecord, &Vec<Box<str>>), &super::reading::Kept)| {
        if let Some(links) = kept.links.as_ref().filter(|_| keep) {
            return links.clone();
        }
        let resolved = source(record, names).zip(resolvers).map(|(file, resolvers)| resolvers.resolve(&file));
        let resolved = resolved.unwrap_or_default();
        FileLinks { links: resolved.links, declined: resolved.declined }
    };
    let share = files.len().div_ceil(threads.max(1)).max(256);
    thread::scope(|scope| {
        let parts: Vec<_> =
            files.chunks(share).map(|part| scope.spawn(move || part.iter().map(one).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

/// A hash over everything that the links of a file depend on, its own imports and references left out: which files
/// there are, what they define, and what unparsed ones (manifests among them) contain.
fn world(read: &Read) -> [u8; 16] {
    let mut hash = Sha256::new();
    for (record, kept) in read.records.iter().zip(&read.kept) {
        hash.update(record.path.as_bytes());
        hash.update([0]);
        match &record.digest {
            Some(digest) => {
                hash.update(digest.language.name());
                hash.update(digest.module.as_deref().unwrap_or_default());
                for name in &digest.definitions {
                    hash.update([1]);
                    hash.update(name.as_bytes());
                }
            }
            None => hash.update(kept.hash),
        }
    }
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    half
}
