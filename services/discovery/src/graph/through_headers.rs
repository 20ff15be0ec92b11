//! Uses of what sources of C and C++ define and headers declare. Nobody includes such a source: who uses its names includes a
//! header, or something that does, and the build brings the two together.

use super::{Csr, FileGraph};
use crate::record::{FileClass, FileRecord};
use serde::{Deserialize, Serialize};

/// How sure it is that a name is the one that a header declares which the file includes, or something that it includes does.
const DIRECT: u8 = 80;
const INDIRECT: u8 = 60;
/// The same where several sources define it: which of them is built with it nobody can tell.
const ONE_OF_SEVERAL: u8 = 50;
/// Of one file at most so many included ones are looked at: headers that include each other in a long chain are as many for
/// each that includes the last. Large trees have some thousand.
const MAX_INCLUDED: usize = 5_000;

/// Names that sources define and headers declare, with the files that use them by way of those.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThroughHeaders {
    /// The file that defines it and its name, sorted.
    symbols: Vec<(u32, Box<str>)>,
    /// The headers that declare each.
    headers: Csr,
    /// Where the users of each begin; one entry more than there are symbols.
    offsets: Vec<u32>,
    users: Vec<Through>,
}

/// Who uses a name by way of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Through {
    /// The file.
    pub file: u32,
    /// How sure it is that this definition is meant, in percent.
    pub confidence: u8,
}

impl ThroughHeaders {
    /// The files that use a name that a file defines, sorted.
    #[must_use]
    pub fn users(&self, file: u32, name: &str) -> &[Through] {
        self.at(file, name).map_or(&[], |at| self.users_at(at))
    }

    /// The headers that declare a name that a file defines, sorted.
    #[must_use]
    pub fn headers(&self, file: u32, name: &str) -> &[u32] {
        self.at(file, name).map_or(&[], |at| self.headers.of(at))
    }

    /// The files that use any name that a file defines, some of them repeatedly.
    pub fn users_of_file(&self, file: u32) -> impl Iterator<Item = Through> {
        let from = self.symbols.partition_point(|(own, _)| *own < file);
        let to = self.symbols.partition_point(|(own, _)| *own <= file);
        (from..to).flat_map(|at| self.users_at(at)).copied()
    }

    fn at(&self, file: u32, name: &str) -> Option<usize> {
        self.symbols.binary_search_by(|(own, of)| (*own, &**of).cmp(&(file, name))).ok()
    }

    fn users_at(&self, at: usize) -> &[Through] {
        let bounds = self.offsets.get(at).zip(self.offsets.get(at + 1));
        bounds.and_then(|(&from, &to)| self.users.get(from as usize..to as usize)).unwrap_or_default()
    }
}

/// Whether a file of C or C++ is there to be included.
#[must_use]
pub fn is_header(path: &str) -> bool {
    const ENDINGS: [&str; 8] = ["h", "hh", "hpp", "hxx", "inl", "ipp", "tcc", "tpp"];
    path.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// Follows names through headers, file by file.
pub(super) struct Follower<'a> {
    graph: &'a FileGraph,
    is_header: Vec<bool>,
    is_test: Vec<bool>,
    /// Of each file, in whose turn it was last found to be included, by the file itself or by way of others.
    included: Vec<u32>,
    turn: u32,
    /// The file whose turn it is.
    file: u32,
    /// Definitions in headers, and those in sources that they declare.
    declared: Vec<(u32, u32)>,
    /// Definitions in sources, and who uses them.
    found: Vec<(u32, Through)>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(records: &[&FileRecord], graph: &'a FileGraph) -> Self {
        Self {
            graph,
            is_header: records.iter().map(|record| is_header(&record.path)).collect(),
            is_test: records.iter().map(|record| record.class == FileClass::Test).collect(),
            included: vec![0; records.len()],
            turn: 0,
            file: 0,
            declared: Vec::new(),
            found: Vec::new(),
        }
    }

    /// It is this file's turn.
    pub(super) fn turn_to(&mut self, file: u32) {
        self.turn += 1;
        self.file = file;
        let mut open = vec![file];
        let mut left = MAX_INCLUDED;
        while let Some(next) = open.pop() {
            for &included in self.graph.depends_on.of(next as usize) {
                if let Some(turn) = self.included.get_mut(included as usize).filter(|turn| **turn != self.turn) {
                    let Some(rest) = left.checked_sub(1) else { return };
                    left = rest;
                    *turn = self.turn;
                    open.push(included);
                }
            }
        }
    }

    pub(super) fn is_header(&self, file: u32) -> bool {
        self.is_header.get(file as usize).is_some_and(|is_header| *is_header)
    }

    /// Whether a file is a header that the one whose turn it is includes.
    fn is_open(&self, file: u32) -> bool {
        self.is_header(file) && self.included.get(file as usize) == Some(&self.turn)
    }

    /// A definition of the source whose turn it is, and all of its name, which `place` has the files of.
    pub(super) fn declare(&mut self, own: u32, candidates: &[u32], place: impl Fn(u32) -> u32) {
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
    pub(super) fn follow(&mut self, candidates: &[u32], declared: &Csr, place: impl Fn(u32) -> u32) {
        let open: Vec<u32> = candidates.iter().copied().filter(|by| self.is_open(place(*by))).collect();
        let mut sources: Vec<u32> = open.iter().flat_map(|&by| declared.of(by as usize)).copied().collect();
        sources.sort_unstable();
        sources.dedup();
        let is_test = |definition: &u32| self.is_test.get(place(*definition) as usize).is_some_and(|is_test| *is_test);
        // What stands for it in a test is no reason to doubt the one that ships.
        if !sources.iter().all(is_test) {
            sources.retain(|source| !is_test(source));
        }
        let edges = open.iter().filter_map(|&by| self.graph.surest(self.file as usize, place(by)));
        let direct = edges.map(|edge| edge.confidence.min(DIRECT)).max();
        let sure = direct.unwrap_or_default().max(INDIRECT);
        let confidence = if sources.len() > 1 { ONE_OF_SEVERAL } else { sure };
        let user = Through { file: self.file, confidence };
        self.found.extend(sources.into_iter().map(|source| (source, user)));
    }

    /// `all` has the file and the name of each definition.
    pub(super) fn finish(mut self, declared: &Csr, all: &[(u32, &str)]) -> ThroughHeaders {
        self.found.sort_unstable();
        let headers = declared.pairs().filter_map(|(by, own)| Some((own, all.get(by as usize)?.0)));
        let mut headers: Vec<(u32, u32)> = headers.collect();
        headers.sort_unstable();
        let mut of = ThroughHeaders { offsets: vec![0], ..ThroughHeaders::default() };
        let mut places = Vec::with_capacity(headers.len());
        let mut found = self.found.into_iter().peekable();
        for declared in headers.chunk_by(|a, b| a.0 == b.0) {
            let Some((definition, (file, name))) =
                declared.first().and_then(|(definition, _)| Some((*definition, all.get(*definition as usize)?)))
            else {
                continue;
            };
            let at = u32::try_from(of.symbols.len()).unwrap_or(u32::MAX);
            places.extend(declared.iter().map(|(_, header)| (at, *header)));
            of.symbols.push((*file, (*name).into()));
            while let Some((_, user)) = found.next_if(|(of, _)| *of == definition) {
                of.users.push(user);
            }
            of.offsets.push(u32::try_from(of.users.len()).unwrap_or(u32::MAX));
        }
        of.headers = Csr::new(of.symbols.len(), places);
        of
    }
}
