//! Paths of routes as a client sees them: what a router is mounted on in another file stands before its routes' own paths.
//!
//! The mount names a router; the file's imports, resolved, say in which file that is. From there prefixes are followed
//! upwards, mount by mount. A router that is mounted in two places has its routes twice.

mod names;

use super::{Behaviour, EntryKind, EntryPoint, Registrar, http};
use crate::record::{FileLinks, FileRecord};
use names::Names;
use rustc_hash::FxHashMap;

/// Most mounts that are followed from a route upwards, and from a name through files that pass it on.
const DEEPEST: usize = 8;
/// Most mounts that are followed for one route, whichever way they lead.
const MOST_STEPS: usize = 256;
/// Most paths that one route may have.
const MOST_PATHS: usize = 16;

/// A router: a file, and its name there; without one, whichever the file has.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Router<'a> {
    file: usize,
    name: Option<&'a str>,
}

/// One way to a router.
struct Way<'a> {
    /// The router's name in its file.
    name: Option<&'a str>,
    from: usize,
    on: &'a Registrar,
    prefix: &'a str,
    replaces: bool,
}

/// The entry points of files whose routes are mounted elsewhere, with whole paths: index of the record -> entry points.
pub(crate) fn whole_paths(records: &[&FileRecord], links: &[&FileLinks]) -> FxHashMap<usize, Vec<EntryPoint>> {
    let mounts = Mounts::read(records, links);
    let mut found = FxHashMap::default();
    for (file, ways) in &mounts.ways {
        let Some(behaviour) = behaviour(records, *file).filter(|_| !ways.is_empty()) else { continue };
        let entries = behaviour.entry_points.iter().flat_map(|entry| mounts.paths_of(*file, behaviour, entry));
        let mut entries: Vec<EntryPoint> = entries.collect();
        entries.sort_by(|a, b| super::order(a).cmp(&super::order(b)));
        entries.dedup_by(|next, kept| super::order(next) == super::order(kept));
        found.insert(*file, entries);
    }
    found
}

fn behaviour<'a>(records: &[&'a FileRecord], file: usize) -> Option<&'a Behaviour> {
    records.get(file)?.digest.as_ref().map(|digest| &digest.behaviour)
}

/// Every mount of a repository, by the file of what is mounted.
struct Mounts<'a> {
    ways: FxHashMap<usize, Vec<Way<'a>>>,
}

impl<'a> Mounts<'a> {
    fn read(records: &'a [&'a FileRecord], links: &'a [&'a FileLinks]) -> Self {
        let mut ways: FxHashMap<usize, Vec<Way<'a>>> = FxHashMap::default();
        let mounts = (0..records.len()).flat_map(|from| behaviour(records, from).map(|found| (from, &found.mounts)));
        let mut names = None;
        for (from, mount) in mounts.flat_map(|(from, mounts)| mounts.iter().map(move |mount| (from, mount))) {
            let names = names.get_or_insert_with(|| Names::of(records, links));
            for Router { file, name } in names.find(from, &mount.router) {
                let way = Way { name, from, on: &mount.on, prefix: &mount.prefix, replaces: mount.replaces };
                ways.entry(file).or_default().push(way);
            }
        }
        Self { ways }
    }

    /// The entry point once for each path that leads to it; unchanged where it is not a route of a mounted router.
    fn paths_of(&self, file: usize, behaviour: &Behaviour, entry: &EntryPoint) -> Vec<EntryPoint> {
        let Some(path) = entry.path.as_deref().filter(|_| entry.kind == EntryKind::HttpRoute) else {
            return vec![entry.clone()];
        };
        let own = |name: &str| behaviour.prefixes.iter().rev().find(|(router, _)| **router == *name);
        let own = entry.registrar.name.as_deref().and_then(own).map_or("", |(_, prefix)| &**prefix);
        let with = |(prefix, replaces): (String, bool)| {
            let path = if replaces { path.strip_prefix(own).unwrap_or(path) } else { path };
            let path = if prefix.is_empty() && !replaces { path.to_owned() } else { http::below(&prefix, path) };
            EntryPoint { path: Some(path.into()), ..entry.clone() }
        };
        let mut walk = Walk { above: Vec::new(), steps: 0 };
        self.prefixes(file, &entry.registrar, &mut walk).into_iter().map(with).collect()
    }

    /// What stands before the routes that are registered somewhere, once for each way there, and whether it replaces the
    /// router's own prefix.
    fn prefixes(&self, file: usize, at: &Registrar, walk: &mut Walk<'a>) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for way in self.ways.get(&file).into_iter().flatten().filter(|way| way.leads_to(file, at)) {
            let step = (way.from, way.prefix);
            if walk.is_over() || walk.above.contains(&step) || found.len() >= MOST_PATHS {
                continue;
            }
            walk.steps += 1;
            walk.above.push(step);
            for (before, _) in self.prefixes(way.from, way.on, walk) {
                found.push((format!("{before}{}", way.prefix), way.replaces));
            }
            walk.above.pop();
        }
        if found.is_empty() {
            found.push((String::new(), false));
        }
        found.truncate(MOST_PATHS);
        found
    }
}

/// The way upwards from one route.
struct Walk<'a> {
    /// Mounts between the route and where the walk stands.
    above: Vec<(usize, &'a str)>,
    steps: usize,
}

impl Walk<'_> {
    fn is_over(&self) -> bool {
        self.above.len() >= DEEPEST || self.steps >= MOST_STEPS
    }
}

impl Way<'_> {
    /// Whether what is registered at a place of its file is part of the router. A router without a name is mounted from
    /// another file, and is all that this one has.
    fn leads_to(&self, file: usize, at: &Registrar) -> bool {
        match self.name {
            Some(name) => at.name.as_deref() == Some(name) || at.function.as_deref() == Some(name),
            None => self.from != file,
        }
    }
}
