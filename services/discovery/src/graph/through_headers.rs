//! Uses of what sources of C and C++ define and headers declare. Nobody includes such a source: who uses its names includes a
//! header, or something that does, and the build brings the two together.

use super::{Csr, FileGraph};
use crate::record::FileRecord;
use serde::{Deserialize, Serialize};

/// How sure it is that a name of a header is the one that a source defines which includes the header, in percent.
pub const CONFIDENCE: u8 = 80;

/// Names that sources define, with the files that use them by way of a header.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThroughHeaders {
    /// The file that defines it and its name, sorted.
    symbols: Vec<(u32, Box<str>)>,
    /// The files that use each.
    users: Csr,
}

impl ThroughHeaders {
    /// The files that use a name that a file defines, sorted.
    #[must_use]
    pub fn users(&self, file: u32, name: &str) -> &[u32] {
        let at = self.symbols.binary_search_by(|(own, of)| (*own, &**of).cmp(&(file, name)));
        at.map_or(&[], |at| self.users.of(at))
    }

    /// The files that use any name that a file defines, some of them repeatedly.
    pub fn users_of_file(&self, file: u32) -> impl Iterator<Item = u32> {
        let from = self.symbols.partition_point(|(own, _)| *own < file);
        let to = self.symbols.partition_point(|(own, _)| *own <= file);
        (from..to).flat_map(|at| self.users.of(at)).copied()
    }
}

/// Whether a file of C or C++ is there to be included.
#[must_use]
pub fn is_header(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "h" | "hh" | "hpp" | "hxx"))
}

/// Follows names through headers, file by file.
pub(super) struct Follower<'a> {
    graph: &'a FileGraph,
    is_header: Vec<bool>,
    /// Of each file, the last one that was found to include it, itself or by way of others.
    included_by: Vec<u32>,
    /// Definitions and who uses them.
    found: Vec<(u32, u32)>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(records: &[&FileRecord], graph: &'a FileGraph) -> Self {
        Self {
            graph,
            is_header: records.iter().map(|record| is_header(&record.path)).collect(),
            included_by: vec![u32::MAX; records.len()],
            found: Vec::new(),
        }
    }

    /// What is included by a file whose turn it is.
    pub(super) fn include(&mut self, file: u32) {
        let mut open = vec![file];
        while let Some(next) = open.pop() {
            for &included in self.graph.depends_on.of(next as usize) {
                if let Some(by) = self.included_by.get_mut(included as usize).filter(|by| **by != file) {
                    *by = file;
                    open.push(included);
                }
            }
        }
    }

    /// Follows a name that may mean these definitions, which `place` has the files of, and that a file uses.
    pub(super) fn follow(&mut self, user: u32, candidates: &[u32], place: impl Fn(u32) -> u32) {
        let is_included = |file: u32| self.included_by.get(file as usize) == Some(&user);
        let is_header = |file: u32| self.is_header.get(file as usize).is_some_and(|is_header| *is_header);
        let declares = |file: u32| is_header(file) && is_included(file);
        let defines = |file: u32| {
            let includes = self.graph.depends_on.of(file as usize);
            !is_header(file)
                && !is_included(file)
                && candidates.iter().any(|&by| declares(place(by)) && includes.binary_search(&place(by)).is_ok())
        };
        let mut definers = candidates.iter().filter(|definition| defines(place(**definition)));
        // Of several, which one is built with it nobody can tell.
        if let (Some(&definition), None) = (definers.next(), definers.next()) {
            self.found.push((definition, user));
        }
    }

    /// `all` has the file and the name of each definition.
    pub(super) fn finish(mut self, all: &[(u32, &str)]) -> ThroughHeaders {
        self.found.sort_unstable();
        let mut symbols: Vec<(u32, Box<str>)> = Vec::new();
        let mut users = Vec::with_capacity(self.found.len());
        let mut last = None;
        for (definition, user) in self.found {
            let Some(&(file, name)) = all.get(definition as usize) else { continue };
            if last.replace(definition) != Some(definition) {
                symbols.push((file, name.into()));
            }
            users.push((u32::try_from(symbols.len() - 1).unwrap_or(u32::MAX), user));
        }
        ThroughHeaders { users: Csr::new(symbols.len(), users), symbols }
    }
}
