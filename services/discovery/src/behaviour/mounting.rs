//! Paths of routes as a client sees them, and commands as people type them: what a router or a group is mounted on in another
//! file stands before its own.
//!
//! The mount names a router; the file's imports, resolved, say in which file that is. From there prefixes are followed
//! upwards, mount by mount. A router that is mounted in two places has its routes twice.

mod names;
mod programs;

use super::{Behaviour, COMPUTED, EntryKind, EntryPoint, Held, Registrar, http};
use crate::record::{FileLinks, FileRecord};
use names::Names;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// Most mounts that are followed from a route upwards, and from a name through files that pass it on.
const DEEPEST: usize = 8;
/// Most mounts that are followed for one route, whichever way they lead.
const MOST_STEPS: usize = 256;
/// Most paths that one route may have.
pub(crate) const MOST_PATHS: usize = 16;

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
    kind: EntryKind,
    held: Held,
    from: usize,
    on: &'a Registrar,
    prefix: &'a str,
    replaces: bool,
    is_computed: bool,
}

/// What stands before routes.
#[derive(Default)]
struct Before {
    prefix: String,
    /// Whether it replaces the router's own prefix.
    replaces: bool,
    /// Whether a part of it is computed, and so not in it.
    is_computed: bool,
}

/// The entry points of files that other files say more about, with whole paths and names: index of the record -> entry
/// points.
pub(crate) fn whole_paths(records: &[&FileRecord], links: &[&FileLinks]) -> FxHashMap<usize, Vec<EntryPoint>> {
    let imports = vec![OnceCell::new(); records.len()];
    let names = Names::of(records, links, &imports);
    let mounts = Mounts::read(records, &names);
    let mut found = FxHashMap::default();
    for file in 0..records.len() {
        let Some(behaviour) = behaviour(records, file) else { continue };
        if !mounts.ways.contains_key(&file)
            && !behaviour.entry_points.iter().any(|entry| mounts.is_elsewhere(file, entry))
        {
            continue;
        }
        let entries = behaviour.entry_points.iter().flat_map(|entry| mounts.paths_of(file, behaviour, entry));
        let mut entries: Vec<EntryPoint> = entries.collect();
        entries.sort_by(|a, b| super::order(a).cmp(&super::order(b)));
        entries.dedup_by(|next, kept| super::order(next) == super::order(kept));
        found.insert(file, entries);
    }
    programs::suspect(records, &mut found);
    found
}

/// The path that a router was made with.
fn own_prefix<'b>(behaviour: Option<&'b Behaviour>, at: &Registrar) -> &'b str {
    let prefixes = behaviour.into_iter().flat_map(|behaviour| behaviour.prefixes.iter().rev());
    prefixes.into_iter().find(|(router, _)| Some(&**router) == at.name.as_deref()).map_or("", |(_, prefix)| &**prefix)
}

fn behaviour<'a>(records: &[&'a FileRecord], file: usize) -> Option<&'a Behaviour> {
    records.get(file)?.digest.as_ref().map(|digest| &digest.behaviour)
}

/// Every mount of a repository, by the file of what is mounted.
struct Mounts<'a> {
    records: &'a [&'a FileRecord],
    names: &'a Names<'a>,
    ways: FxHashMap<usize, Vec<Way<'a>>>,
}

impl<'a> Mounts<'a> {
    fn read(records: &'a [&'a FileRecord], names: &'a Names<'a>) -> Self {
        let mut ways: FxHashMap<usize, Vec<Way<'a>>> = FxHashMap::default();
        let mounts = (0..records.len()).flat_map(|from| behaviour(records, from).map(|found| (from, &found.mounts)));
        for (from, mount) in mounts.flat_map(|(from, mounts)| mounts.iter().map(move |mount| (from, mount))) {
            for Router { file, name } in names.find(from, &mount.router) {
                let way = Way {
                    name,
                    kind: mount.kind,
                    held: mount.held,
                    from,
                    on: &mount.on,
                    prefix: &mount.prefix,
                    replaces: mount.replaces,
                    is_computed: mount.is_computed,
                };
                ways.entry(file).or_default().push(way);
            }
        }
        Self { records, names, ways }
    }

    /// The entry point once for each way that leads to it; unchanged where it is of nothing that is mounted.
    fn paths_of(&self, file: usize, behaviour: &Behaviour, entry: &EntryPoint) -> Vec<EntryPoint> {
        if entry.kind == EntryKind::CliCommand {
            let named = |name: String| EntryPoint { name: name.into(), ..entry.clone() };
            return self.names_of(file, entry).into_iter().map(named).collect();
        }
        let Some(path) = entry.path.as_deref().filter(|_| entry.kind == EntryKind::HttpRoute) else {
            return vec![entry.clone()];
        };
        if let Some((home, at)) = self.home(file, &entry.registrar) {
            // Its own file's prefix is not in the path yet.
            let made = own_prefix(self::behaviour(self.records, home), &at);
            let with = |before: Before| {
                let prefix = if before.replaces { before.prefix } else { before.prefix + made };
                let path = if prefix.is_empty() { path.to_owned() } else { http::below(&prefix, path) };
                below(entry, path, before.is_computed)
            };
            let mut walk = Walk { above: Vec::new(), steps: 0 };
            return self.prefixes(home, &at, &mut walk).into_iter().map(with).collect();
        }
        let own = own_prefix(Some(behaviour), &entry.registrar);
        let with = |Before { prefix, replaces, is_computed }: Before| {
            let path = if replaces { path.strip_prefix(own).unwrap_or(path) } else { path };
            let path = if prefix.is_empty() && !replaces { path.to_owned() } else { http::below(&prefix, path) };
            below(entry, path, is_computed)
        };
        let mut walk = Walk { above: Vec::new(), steps: 0 };
        self.prefixes(file, &entry.registrar, &mut walk).into_iter().map(with).collect()
    }

    /// Whether an entry point is registered on something that another file holds.
    fn is_elsewhere(&self, file: usize, entry: &EntryPoint) -> bool {
        matches!(entry.kind, EntryKind::HttpRoute | EntryKind::CliCommand)
            && self.home(file, &entry.registrar).is_some()
    }

    /// The file that holds what something is registered on, and how it is called there, where that is another file.
    fn home(&self, file: usize, at: &Registrar) -> Option<(usize, Registrar)> {
        let router = self.names.elsewhere(file, at.name.as_deref()?)?;
        let name = router.name.map(Into::into);
        Some((router.file, Registrar { name, function: None })).filter(|(home, at)| *home != file && at.name.is_some())
    }

    fn ways_to(&self, file: usize, kind: EntryKind) -> impl Iterator<Item = &Way<'a>> {
        self.ways.get(&file).into_iter().flatten().filter(move |way| way.kind == kind)
    }

    /// What people type for a command, once for each group that it is in.
    fn names_of(&self, file: usize, entry: &EntryPoint) -> Vec<String> {
        let at = &entry.registrar;
        let mut found = Vec::new();
        let is_it = |way: &&Way<'a>| way.name.is_some() && way.name == at.function.as_deref();
        for way in self.ways_to(file, EntryKind::CliCommand).filter(is_it) {
            let own = if way.replaces { way.prefix } else { &*entry.name };
            let above = self.groups(way.from, way.on, &mut Walk { above: Vec::new(), steps: 0 });
            found.extend(above.into_iter().map(|above| typed(&above, own)));
        }
        if found.is_empty() {
            let home = self.home(file, at);
            let (file, at) = home.as_ref().map_or((file, at), |(file, at)| (*file, at));
            let above = self.groups(file, at, &mut Walk { above: Vec::new(), steps: 0 });
            found.extend(above.into_iter().map(|above| typed(&above, &entry.name)));
        }
        found.truncate(MOST_PATHS);
        found
    }

    /// What people type before the commands of a group, once for each way there.
    fn groups(&self, file: usize, at: &Registrar, walk: &mut Walk<'a>) -> Vec<String> {
        let mut found = Vec::new();
        let is_group = |way: &&Way<'a>| way.name.is_some() && way.name == at.name.as_deref();
        for way in self.ways_to(file, EntryKind::CliCommand).filter(is_group) {
            let made = || {
                let groups = behaviour(self.records, file).map(|behaviour| &behaviour.groups);
                groups.into_iter().flatten().rev().find(|(name, _)| way.name == Some(name)).map(|(_, own)| &**own)
            };
            let own = if way.replaces { way.prefix } else { made().unwrap_or_default() };
            let step = (way.from, own);
            if walk.is_over() || walk.above.contains(&step) || found.len() >= MOST_PATHS {
                continue;
            }
            walk.steps += 1;
            walk.above.push(step);
            found.extend(self.groups(way.from, way.on, walk).into_iter().map(|above| typed(&above, own)));
            walk.above.pop();
        }
        if found.is_empty() {
            found.push(String::new());
        }
        found.truncate(MOST_PATHS);
        found
    }

    /// What stands before the routes that are registered somewhere, once for each way there.
    fn prefixes(&self, file: usize, at: &Registrar, walk: &mut Walk<'a>) -> Vec<Before> {
        let mut found = Vec::new();
        let routers = self.ways_to(file, EntryKind::HttpRoute);
        let mut routers: Vec<&Way<'a>> = routers.filter(|way| way.leads_to(file, at)).collect();
        // What its own file puts somewhere is not what a file without a name for it means.
        if routers.iter().any(|way| way.name.is_some() && way.from == file) {
            routers.retain(|way| way.name.is_some());
        }
        for way in routers {
            let step = (way.from, way.prefix);
            if walk.is_over() || walk.above.contains(&step) || found.len() >= MOST_PATHS {
                continue;
            }
            walk.steps += 1;
            walk.above.push(step);
            for Before { prefix, is_computed, .. } in self.prefixes(way.from, way.on, walk) {
                let prefix = format!("{prefix}{}", way.prefix);
                found.push(Before { prefix, replaces: way.replaces, is_computed: is_computed || way.is_computed });
            }
            walk.above.pop();
        }
        if found.is_empty() {
            found.push(Before::default());
        }
        found.truncate(MOST_PATHS);
        found
    }
}

/// The route at its whole path.
fn below(entry: &EntryPoint, path: String, is_computed: bool) -> EntryPoint {
    let confidence = if is_computed { entry.confidence.min(COMPUTED) } else { entry.confidence };
    EntryPoint { path: Some(path.into()), confidence, ..entry.clone() }
}

/// Words that people type one after the other.
fn typed(above: &str, own: &str) -> String {
    if above.is_empty() || own.is_empty() { format!("{above}{own}") } else { format!("{above} {own}") }
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
        let Some(name) = self.name else { return self.from != file };
        let (is_name, is_function) = (at.name.as_deref() == Some(name), at.function.as_deref() == Some(name));
        match self.held {
            Held::Anywhere => is_name || is_function,
            Held::Variable => is_name && at.function == self.on.function,
            Held::Function => is_function,
        }
    }
}
