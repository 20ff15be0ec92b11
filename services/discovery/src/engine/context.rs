//! Documents that `discovery.context` names, tracked or not: found in the project or the control plane, read for their
//! headings, and hashed, because they have a say in the model. What could not be read is kept with the reason.

use super::DiscoverError;
use super::reports::hash;
use super::request::{Mode, Request};
use crate::documents::{Document, headings_of};
use crate::model::{ContextFile, ContextRun};
use crate::record::FileRecord;
use crate::scan::{Patterns, ScanError};
use codexa_project::tree::Tree;
use codexa_project::{Kind, Project, ReadError, is_written_by_codexa, path};

/// Largest document that is read.
pub(crate) const CONTEXT_BYTES: u64 = 1 << 20;
/// Most documents that are read; the first so many by path.
pub(crate) const CONTEXT_FILES: usize = 500;
/// Most folders that are looked through for them.
pub(crate) const CONTEXT_FOLDERS: usize = 20_000;
/// What a glob begins with that means the control plane.
pub(super) const PLANE: &str = "control-plane:";

/// What was read, and what has a say in the model.
#[derive(Default)]
pub(crate) struct Context {
    pub(crate) documents: Vec<Document>,
    pub(crate) run: ContextRun,
}

/// Reads the documents that the settings name; `records` are the files that git tracks.
pub(crate) fn gather(project: &Project, request: &Request, records: &[FileRecord]) -> Result<Context, DiscoverError> {
    let mut context = Context::default();
    context.run.globs.clone_from(&request.context);
    // Quick mode reads for nothing but lines, and code-only reads no documents.
    if request.context.is_empty() || request.mode != Mode::Deep {
        return Ok(context);
    }
    let mut tracked: Vec<&str> = records.iter().map(|record| &*record.path).collect();
    tracked.sort_unstable();
    let mut own: Vec<String> = Vec::new();
    let mut of_plane: Vec<String> = Vec::new();
    for glob in &request.context {
        match glob.strip_prefix(PLANE) {
            Some(below) if !leads_out(below) => of_plane.push(below.to_owned()),
            None if !leads_out(glob) => own.push(glob.clone()),
            _ => context.run.leave(glob, "leads out of the project and the control plane"),
        }
    }
    if !own.is_empty() {
        let place = Place { prefix: "", globs: &own, tracked: &tracked };
        let reader = project.reader()?;
        let found = if project.kind() == Kind::Bare { place.tracked()? } else { place.on_disk(project.tree())? };
        context.read_all(&place, found, |path| reader.read(path, CONTEXT_BYTES).map(|content| content.bytes));
    }
    if !of_plane.is_empty() {
        let place = Place { prefix: PLANE, globs: &of_plane, tracked: &[] };
        match request.control_plane.as_deref().map(Tree::open) {
            Some(Ok(plane)) => {
                let found = place.on_disk(&plane)?;
                let read = |file: &str| plane.read(&path::raw(file), CONTEXT_BYTES).map(|content| content.bytes);
                context.read_all(&place, found, read);
            }
            _ => of_plane
                .iter()
                .for_each(|glob| context.run.leave(&format!("{PLANE}{glob}"), "there is no control plane")),
        }
    }
    context.run.read.sort_by(|a, b| a.path.cmp(&b.path));
    context.documents.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(context)
}

/// Whether a glob means something outside of where it begins.
fn leads_out(glob: &str) -> bool {
    glob.starts_with('~') || glob.split('/').any(|part| part == "..")
}

/// Where some globs look.
struct Place<'a> {
    /// What stands before paths of this place.
    prefix: &'static str,
    globs: &'a [String],
    tracked: &'a [&'a str],
}

/// Paths that globs name, and whether folders were left out.
struct Found {
    paths: Vec<Box<str>>,
    is_cut: bool,
}

impl Place<'_> {
    fn patterns(&self) -> Result<Patterns, ScanError> {
        Ok(Patterns::new(self.globs)?)
    }

    /// Those that git tracks.
    fn tracked(&self) -> Result<Found, ScanError> {
        let patterns = self.patterns()?;
        let paths = self.tracked.iter().filter(|path| patterns.matching(path).is_some());
        Ok(Found { paths: paths.map(|path| Box::from(*path)).collect(), is_cut: false })
    }

    /// Those that lie beneath a folder, sorted. Links are not followed; what git and Codexa keep is left out.
    fn on_disk(&self, tree: &Tree) -> Result<Found, ScanError> {
        let patterns = self.patterns()?;
        let mut found = Found { paths: Vec::new(), is_cut: false };
        let mut open: Vec<Vec<u8>> = self.begins();
        let mut looked = 0;
        while let Some(folder) = open.pop() {
            looked += 1;
            if looked > CONTEXT_FOLDERS {
                found.is_cut = true;
                break;
            }
            let Ok(names) = tree.names(&folder) else { continue };
            let below = |name: Vec<u8>| if folder.is_empty() { name } else { [&folder, &b"/"[..], &name].concat() };
            let is_ours = |raw: &Vec<u8>| path::is_safe(raw) && !is_written_by_codexa(&path::text(raw));
            open.extend(names.folders.into_iter().map(below).filter(is_ours));
            let files = names.others.into_iter().map(below).filter(is_ours).map(|raw| path::text(&raw));
            found.paths.extend(files.filter(|file| patterns.matching(file).is_some()));
        }
        found.paths.sort_unstable();
        found.paths.dedup();
        Ok(found)
    }

    /// The folders to begin at: what stands before the first sign with a meaning, or everything.
    fn begins(&self) -> Vec<Vec<u8>> {
        let begin = |glob: &String| {
            let glob = glob.trim_start_matches('/');
            let plain = glob.find(['*', '?', '[', '{', '\\']).map_or(glob, |at| glob.get(..at).unwrap_or_default());
            plain.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
        };
        let is_anchored = |glob: &String| glob.trim_end_matches('/').contains('/');
        if !self.globs.iter().all(is_anchored) {
            return vec![Vec::new()];
        }
        let positive = self.globs.iter().filter(|glob| !glob.starts_with('!'));
        positive.map(|glob| path::raw(&begin(glob)).into_owned()).collect()
    }
}

impl Context {
    fn read_all(&mut self, place: &Place<'_>, found: Found, read: impl Fn(&str) -> Result<Vec<u8>, ReadError>) {
        if found.is_cut {
            let reason = format!("more than {CONTEXT_FOLDERS} folders: the rest was not looked through");
            self.run.leave(place.prefix, &reason);
        }
        self.name_idle(place, &found.paths);
        for (at, path) in found.paths.iter().enumerate() {
            let name = format!("{}{path}", place.prefix);
            if at >= CONTEXT_FILES {
                self.run.leave(&name, &format!("more than {CONTEXT_FILES} documents come before it"));
                continue;
            }
            match read(path).map_err(|why| why.to_string()).and_then(|bytes| document(&name, &bytes)) {
                Ok((document, sha256)) => {
                    let tracked = place.tracked.binary_search(&&**path).is_ok();
                    self.run.read.push(ContextFile { path: name, sha256, tracked });
                    self.documents.push(document);
                }
                Err(why) => self.run.leave(&name, &why),
            }
        }
    }

    /// Names globs that match nothing: a slip there would look like a project without documents.
    fn name_idle(&mut self, place: &Place<'_>, paths: &[Box<str>]) {
        for glob in place.globs.iter().filter(|glob| !glob.starts_with('!')) {
            let is_idle = Patterns::new(std::slice::from_ref(glob))
                .is_ok_and(|pattern| !paths.iter().any(|path| pattern.matching(path).is_some()));
            if is_idle {
                self.run.leave(&format!("{}{glob}", place.prefix), "matches no file");
            }
        }
    }
}

/// A document with the hash of its bytes, or why it is none that can be read.
fn document(path: &str, bytes: &[u8]) -> Result<(Document, String), String> {
    if bytes.starts_with(b"%PDF") {
        return Err("a PDF, which is not read".into());
    }
    if bytes.contains(&0) {
        return Err("not text".into());
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err("not UTF-8".into());
    }
    Ok((Document { path: path.into(), headings: headings_of(path, bytes) }, hash(bytes)))
}
