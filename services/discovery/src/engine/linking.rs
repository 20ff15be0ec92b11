//! Imports to files. What was resolved before is kept where nothing it depends on has changed.

use super::cache::Surroundings;
use super::reading::Kept;
use super::request::Request;
use crate::parallel::Pace;
use crate::record::{Digest, FileLinks, FileRecord};
use crate::sums::{Half, half};
use codexa_model::Language;
use codexa_model::facts::Import;
use codexa_project::{Project, ReadError};
use codexa_resolve::{Repository, Resolvers, SourceFile};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Relations of every file, and what manifests declare.
pub(crate) struct Linked {
    /// One per record, in order.
    pub(crate) links: Vec<FileLinks>,
    pub(crate) surroundings: Surroundings,
}

/// Files that a thread resolves at a time.
const SHARE: usize = 256;
/// Largest manifest that is read.
pub(crate) const MANIFEST_BYTES: u64 = 8 << 20;

/// The records as a repository to resolve in; remembers what was read from it.
struct View<'a> {
    project: &'a Project,
    records: &'a [FileRecord],
    /// The imports of each, where other files are resolved from them.
    imports: Vec<Vec<Import>>,
    paths: Vec<Box<str>>,
    manifests: Mutex<BTreeSet<Box<str>>>,
    cuts: Mutex<BTreeSet<(Box<str>, &'static str)>>,
}

impl Repository for View<'_> {
    fn sources(&self) -> Vec<SourceFile<'_>> {
        self.records.iter().zip(&self.imports).filter_map(|(record, imports)| source(record, imports)).collect()
    }

    fn paths(&self) -> &[Box<str>] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.manifests.lock().unwrap_or_else(PoisonError::into_inner).insert(path.into());
        match self.project.reader().ok()?.read(path, MANIFEST_BYTES) {
            Ok(content) => Some(content.bytes),
            Err(why) => {
                if matches!(why, ReadError::TooLarge { .. }) {
                    self.cut(path, "is over 8 MiB and was not read");
                }
                None
            }
        }
    }

    fn cut(&self, path: &str, what: &'static str) {
        self.cuts.lock().unwrap_or_else(PoisonError::into_inner).insert((path.into(), what));
    }
}

fn source<'a>(record: &'a FileRecord, imports: &'a [Import]) -> Option<SourceFile<'a>> {
    let digest = record.digest.as_ref()?;
    Some(SourceFile {
        path: &record.path,
        language: digest.language,
        module: digest.module.as_deref(),
        imports,
        definitions: &digest.definitions,
        references: &digest.references,
        scopes: &digest.scopes,
    })
}

/// Resolves the imports of every file whose links are not known from the last run. `before` is what those were resolved from.
pub(crate) fn link(
    project: &Project,
    request: &Request,
    records: &[FileRecord],
    kept: &mut [Kept],
    before: Surroundings,
    pace: Pace,
) -> Linked {
    let world = world(records);
    let same = world == before.world && !touches(&before.manifests, records, kept);
    let known = |kept: &mut Kept| {
        let links = kept.links.take().filter(|_| same);
        kept.base = kept.base.filter(|_| links.is_some());
        links
    };
    let mut known: Vec<Option<FileLinks>> = kept.iter_mut().map(known).collect();
    if same && known.iter().all(Option::is_some) {
        return Linked { links: known.into_iter().flatten().collect(), surroundings: before };
    }
    let view = View {
        project,
        records,
        imports: records.iter().map(imports).collect(),
        paths: records.iter().map(|record| record.path.clone()).collect(),
        manifests: Mutex::default(),
        cuts: Mutex::default(),
    };
    let declared = || (!same).then(|| (codexa_resolve::packages(&view), codexa_resolve::external::survey(&view)));
    let (declared, links) = pace.both(declared, || {
        let resolvers = Resolvers::prepare_for(&view, &languages(records, &known));
        resolve_missing(&view, &resolvers, &mut known, request.threads());
        known.into_iter().map(Option::unwrap_or_default).collect()
    });
    let Some((packages, survey)) = declared else { return Linked { links, surroundings: before } };
    let manifests = view.manifests.into_inner().unwrap_or_else(PoisonError::into_inner);
    let cuts = view.cuts.into_inner().unwrap_or_else(PoisonError::into_inner);
    let cuts = cuts.into_iter().map(|(path, what)| (path, what.into())).collect();
    let surroundings = Surroundings { world, manifests: manifests.into_iter().collect(), packages, survey, cuts };
    Linked { links, surroundings }
}

/// What other files are resolved from of a file's imports: all of them, or none.
fn imports(record: &FileRecord) -> Vec<Import> {
    let digest = record.digest.as_ref().filter(|digest| others_go_by_imports(digest));
    digest.map(|digest| digest.imports.read()).unwrap_or_default()
}

/// Whether other files are resolved from what this one imports: in Rust modules are declared and names passed on by imports, in
/// C# a `global using` counts for the whole project, in a file that defines nothing.
fn others_go_by_imports(digest: &Digest) -> bool {
    match digest.language {
        Language::Rust => true,
        Language::CSharp => digest.definitions.is_empty(),
        _ => false,
    }
}

/// The languages of the files whose links are not known.
fn languages(records: &[FileRecord], known: &[Option<FileLinks>]) -> BTreeSet<Language> {
    let unknown = records.iter().zip(known).filter(|(_, known)| known.is_none());
    unknown.filter_map(|(record, _)| Some(record.digest.as_ref()?.language)).collect()
}

/// Whether a file that the last run read as a manifest was read again. Files that came or went are in the world.
fn touches(manifests: &[Box<str>], records: &[FileRecord], kept: &[Kept]) -> bool {
    let files = records.iter().zip(kept);
    files.filter(|(_, kept)| kept.is_fresh).any(|(record, _)| manifests.binary_search(&record.path).is_ok())
}

fn resolve_missing(view: &View<'_>, resolvers: &Resolvers, known: &mut [Option<FileLinks>], threads: usize) {
    let resolve = |(records, known): (&[FileRecord], &mut [Option<FileLinks>])| {
        for (record, known) in records.iter().zip(known).filter(|(_, known)| known.is_none()) {
            // Taken apart one file at a time: all of a large repository's together are much memory.
            let imports = record.digest.as_ref().map(|digest| digest.imports.read()).unwrap_or_default();
            let resolved = source(record, &imports).map(|file| resolvers.resolve(&file)).unwrap_or_default();
            *known = Some(FileLinks::of(&resolved.links, &resolved.declined));
        }
    };
    let threads = threads.clamp(1, known.len().div_ceil(SHARE).max(1));
    // Who is done takes the next share: files differ much in what they import.
    let shares = Mutex::new(view.records.chunks(SHARE).zip(known.chunks_mut(SHARE)));
    let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || std::iter::from_fn(next).for_each(resolve);
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

/// A hash over which files there are, what they define, and what else of one file others are resolved from.
fn world(records: &[FileRecord]) -> Half {
    let mut hash = Sha256::new();
    for record in records {
        hash.update(record.path.as_bytes());
        hash.update([0]);
        if let Some(digest) = &record.digest {
            hash.update([1]);
            hash.update(digest.sums.definitions);
            if others_go_by_imports(digest) {
                hash.update([2]);
                // Where an import stands says nothing to other files. Bytes that cannot be written are none.
                for it in digest.imports.read() {
                    let said = (it.kind, &it.target, &it.names, it.wildcard, &it.alias);
                    hash.update(postcard::to_stdvec(&said).unwrap_or_default());
                }
                hash.update(postcard::to_stdvec(&digest.scopes).unwrap_or_default());
            }
        }
    }
    half(hash)
}
