//! The graph of files: which file depends on which, its cycles and layers, and what is used most.
//!
//! Nodes are indices into the model's files, which are sorted by path; every order here follows from that one.

mod csr;
mod members;
mod names;
mod rank;
mod scc;
mod through_headers;

pub use csr::Csr;
pub use names::{NameTally, References, Symbol, User};
pub use rank::{DAMPING, ROUNDS};
pub use scc::Strata;
pub use through_headers::{ThroughHeaders, is_header};

use crate::record::FileLinks;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A name that more files than this define is not followed: it says little and costs much.
pub const MAX_DEFINERS: usize = 8;

/// One edge of the graph of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    /// The file that is depended on.
    pub to: u32,
    /// The rule that resolved it: an index into [`FileGraph::origins`].
    pub origin: u16,
    /// How sure the rule is, in percent.
    pub confidence: u8,
    /// Line in the depending file.
    pub line: u32,
}

/// The graph of files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileGraph {
    /// The rules that resolved edges, sorted.
    pub origins: Vec<Box<str>>,
    offsets: Vec<u32>,
    edges: Vec<Edge>,
    /// Distinct pairs of files where the first depends on the second; declarations of a part (`mod x;`) are left out,
    /// because a whole does not depend on its part the way a user depends on what it uses, and every crate would be
    /// one cycle.
    pub depends_on: Csr,
    /// The same, turned round.
    pub dependents: Csr,
    /// Links that were left out.
    pub left_out: LeftOut,
}

/// Links that make no edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// They lead from a file to itself.
    pub to_itself: u32,
    /// They lead to a path that is not tracked.
    pub untracked: u32,
}

impl FileGraph {
    /// The graph of the files with these paths (sorted) and links, in the same order.
    #[must_use]
    pub fn new(paths: &[&str], links: &[&FileLinks]) -> Self {
        let index: FxHashMap<&str, u32> = paths.iter().zip(0_u32..).map(|(&path, id)| (path, id)).collect();
        let origins = origins(links);
        let parts: Vec<bool> = origins.iter().map(|origin| declares_part(origin)).collect();
        let mut left_out = LeftOut::default();
        let mut offsets = Vec::with_capacity(links.len() + 1);
        let mut edges = Vec::with_capacity(links.iter().map(|file| file.resolved().len()).sum());
        let mut pairs = Vec::with_capacity(edges.capacity());
        offsets.push(0);
        for (from, file) in (0_u32..).zip(links) {
            let start = edges.len();
            let mut last = None;
            for link in file.resolved() {
                let Some(&to) = index.get(link.to) else {
                    left_out.untracked += 1;
                    continue;
                };
                if to == from {
                    left_out.to_itself += 1;
                    continue;
                }
                let origin = match last {
                    Some((name, id)) if name == link.origin => id,
                    _ => origin_id(&origins, link.origin),
                };
                last = Some((link.origin, origin));
                edges.push(Edge { to, origin, confidence: link.confidence.min(100), line: link.line });
                if !parts.get(usize::from(origin)).copied().unwrap_or(false) {
                    pairs.push((from, to));
                }
            }
            edges.get_mut(start..).unwrap_or_default().sort_unstable();
            offsets.push(u32::try_from(edges.len()).unwrap_or(u32::MAX));
        }
        let depends_on = Csr::new(paths.len(), pairs);
        let dependents = depends_on.reversed();
        Self { origins, offsets, edges, depends_on, dependents, left_out }
    }

    /// The edges that leave a file, sorted by target, then rule.
    #[must_use]
    pub fn edges(&self, file: usize) -> &[Edge] {
        let bounds = self.offsets.get(file).zip(self.offsets.get(file + 1));
        bounds.and_then(|(&from, &to)| self.edges.get(from as usize..to as usize)).unwrap_or_default()
    }

    /// The rule behind an edge.
    #[must_use]
    pub fn origin(&self, edge: &Edge) -> &str {
        self.origins.get(usize::from(edge.origin)).map_or("", |origin| origin)
    }

    /// Whether the edge declares a part of the file instead of depending on another.
    #[must_use]
    pub fn is_part(&self, edge: &Edge) -> bool {
        declares_part(self.origin(edge))
    }

    /// The edges from one file to another, sorted by rule.
    #[must_use]
    pub fn to(&self, from: usize, to: u32) -> &[Edge] {
        let edges = self.edges(from);
        let start = edges.partition_point(|edge| edge.to < to);
        let end = edges.partition_point(|edge| edge.to <= to);
        edges.get(start..end).unwrap_or_default()
    }

    /// Whether all edges from one file to another stand on these lines.
    pub(crate) fn is_only_on(&self, from: usize, to: u32, lines: &BTreeSet<u32>) -> bool {
        let edges = self.to(from, to);
        !lines.is_empty() && !edges.is_empty() && edges.iter().all(|edge| lines.contains(&edge.line))
    }

    /// The surest edge from one file to another that is not the declaration of a part.
    #[must_use]
    pub fn surest(&self, from: usize, to: u32) -> Option<&Edge> {
        self.to(from, to)
            .iter()
            .filter(|edge| !self.is_part(edge))
            .max_by_key(|edge| (edge.confidence, std::cmp::Reverse(edge.origin)))
    }
}

/// Martin's instability Ce/(Ca+Ce) (R. C. Martin, "OO Design Quality Metrics", 1994): 0 is only used, 1 only uses.
/// `None` where nothing is used either way.
#[must_use]
pub fn instability(fan_in: usize, fan_out: usize) -> Option<f64> {
    let all = fan_in + fan_out;
    #[allow(clippy::cast_precision_loss, reason = "numbers of files are far below 2^52")]
    (all > 0).then(|| fan_out as f64 / all as f64)
}

/// Rules that resolve declarations of parts: Rust's `mod x;`.
const PARTS: [&str; 3] = ["rust.mod", "rust.mod_by_name", "rust.mod_path"];

/// Whether a rule resolves the declaration of a part.
pub(crate) fn declares_part(origin: &str) -> bool {
    PARTS.contains(&origin)
}

fn origin_id(origins: &[Box<str>], origin: &str) -> u16 {
    let at = origins.partition_point(|known| **known < *origin);
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn origins(links: &[&FileLinks]) -> Vec<Box<str>> {
    let mut names: Vec<&str> = Vec::new();
    for link in links.iter().flat_map(|file| file.resolved()) {
        // Files of one language follow each other and use few rules: the last ones are nearly always the next.
        if !names.iter().rev().any(|name| *name == link.origin) {
            names.push(link.origin);
        }
    }
    names.sort_unstable();
    names.into_iter().map(Box::from).collect()
}
