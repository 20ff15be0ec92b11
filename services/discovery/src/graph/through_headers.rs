//! Uses of what sources of C and C++ define and headers declare. Nobody includes such a source: who uses its names includes a
//! header, or something that does, and the build brings the two together.

use super::{Csr, FileGraph};
use crate::record::FileRecord;
use serde::{Deserialize, Serialize};

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
    /// Of each file, in whose turn it was last found to be included, by the file itself or by way of others.
    included: Vec<u32>,
    turn: u32,
    /// Definitions in headers, and those in sources that they declare.
    declared: Vec<(u32, u32)>,
    /// Definitions in sources, and who uses them.
    found: Vec<(u32, u32)>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(records: &[&FileRecord], graph: &'a FileGraph) -> Self {
        Self {
            graph,
            is_header: records.iter().map(|record| is_header(&record.path)).collect(),
            included: vec![0; records.len()],
            turn: 0,
            declared: Vec::new(),
            found: Vec::new(),
        }
    }

    /// It is this file's turn.
    pub(super) fn turn_to(&mut self, file: u32) {
        self.turn += 1;
        let mut open = vec![file];
        while let Some(next) = open.pop() {
            for &included in self.graph.depends_on.of(next as usize) {
                if let Some(turn) = self.included.get_mut(included as usize).filter(|turn| **turn != self.turn) {
                    *turn = self.turn;
                    open.push(included);
                }
            }
        }
    }

    fn is_header(&self, file: u32) -> bool {
        self.is_header.get(file as usize).is_some_and(|is_header| *is_header)
    }

    /// Whether a file is a header that the one whose turn it is includes.
    fn is_open(&self, file: u32) -> bool {
        self.is_header(file) && self.included.get(file as usize) == Some(&self.turn)
    }

    /// A definition of the file whose turn it is, and all of its name, which `place` has the files of.
    pub(super) fn declare(&mut self, own: u32, candidates: &[u32], place: impl Fn(u32) -> u32) {
        if self.is_header(place(own)) {
            return;
        }
        for &by in candidates {
            if self.is_open(place(by)) {
                self.declared.push((by, own));
            }
        }
    }

    /// What was declared, by the definitions in headers.
    pub(super) fn declared(&mut self, definitions: usize) -> Csr {
        Csr::new(definitions, std::mem::take(&mut self.declared))
    }

    /// Follows a name that the file whose turn it is uses, and that may mean these definitions.
    pub(super) fn follow(&mut self, user: u32, candidates: &[u32], declared: &Csr, place: impl Fn(u32) -> u32) {
        let open = candidates.iter().filter(|by| self.is_open(place(**by)));
        let mut sources: Vec<u32> = open.flat_map(|&by| declared.of(by as usize)).copied().collect();
        sources.sort_unstable();
        sources.dedup();
        // Of several, which one is built with it nobody can tell.
        if let [source] = *sources {
            self.found.push((source, user));
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
