//! Where components begin.
//!
//! 1. The repository's root, and each package that is not in an area (tests, examples …), largest first. Small packages
//!    that are areas and stand side by side under one name (`upgrade-tests-10`, `upgrade-tests-11` …) are one.
//! 2. A component with more files of code than [`Thresholds::split_above`] is looked into: each folder in it with enough
//!    files becomes a component of its own, largest first over the whole repository, until [`MAX_COMPONENTS`] is reached.
//!    The root is always looked into. Folders that only lead on (`src` of a package, `java/org/apache`) are looked through,
//!    and so are those that only hold others (`org/acme` above packages, `src` above projects).
//!    Sizes go by what ships. Areas come last and take at most [`MAX_AREAS`] of the places; the manual comes before.
//! 3. Areas that do not ship stay whole; vendored folders stand apart. Programs side by side are told from each other.
//!
//! What no folder claims belongs to the nearest component above it. How well a folder holds together (the share of its
//! edges that stay inside) is shown with each component and decides nothing: it changes with bodies, and a component must
//! not appear or vanish because a function was edited.

use super::ComponentKind;
use super::areas::{area, common_start, is_template, is_tests_package, ships_beside_tests};
use super::folders::{Folder, Folders};
use super::thresholds::{MAX_AREAS, MAX_COMPONENTS, MAX_VENDORED, MIN_DOCUMENTS, MIN_FAMILY, Thresholds};
use crate::source_roots::is_in_language_root;
use codexa_model::relation::Package;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Which folders are components.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// Folder to its packages (indices) and area, for folders that are components.
    pub(super) starts: BTreeMap<usize, Start>,
    /// Folders that had enough files and came after the cap.
    pub(super) beyond_cap: u32,
    /// The sizes that decided.
    pub(super) thresholds: Thresholds,
}

/// Why a folder is a component.
#[derive(Clone, Debug, Default)]
pub(super) struct Start {
    /// Packages that it is the root of.
    pub(super) packages: Vec<usize>,
    pub(super) area: Option<ComponentKind>,
    /// Where several folders make one component: which.
    pub(super) joined: Option<Joined>,
}

/// Folders side by side that are one component.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    /// The first of them, which stands for all.
    pub(super) first: usize,
    /// What they are called together (`streams/upgrade-tests-*`).
    pub(super) pattern: Box<str>,
}

/// Decides which folders are components. Packages are sorted.
pub(super) fn split(folders: &Folders<'_>, packages: &[Package]) -> Split {
    let mut work = Work {
        folders,
        areas: folders.all.iter().map(area).collect(),
        rest: folders.all.iter().map(|folder| folder.all.code).collect(),
        packages: BTreeMap::new(),
        thresholds: Thresholds::default(),
        heap: BinaryHeap::new(),
        split: Split::default(),
    };
    work.place_packages(packages);
    work.thresholds = Thresholds::of(work.shipping());
    work.start(0);
    work.start_packages();
    work.start_programs(packages);
    work.start_documents();
    let components: Vec<usize> = work.split.starts.keys().copied().collect();
    for folder in components {
        work.look_into(folder);
    }
    work.start_folders();
    work.start_vendored();
    work.split.thresholds = work.thresholds;
    work.split
}

struct Work<'a> {
    folders: &'a Folders<'a>,
    areas: Vec<Option<ComponentKind>>,
    /// Files of code at and below each folder that no component below it has claimed.
    rest: Vec<u32>,
    packages: BTreeMap<usize, Vec<usize>>,
    thresholds: Thresholds,
    /// Folders to start: whether they ship, their size, and which.
    heap: BinaryHeap<(bool, u32, Reverse<usize>)>,
    split: Split,
}

impl Work<'_> {
    fn rest(&self, folder: usize) -> u32 {
        self.rest.get(folder).copied().unwrap_or(0)
    }

    fn area(&self, folder: usize) -> Option<ComponentKind> {
        self.areas.get(folder).copied().flatten()
    }

    fn is_started(&self, folder: usize) -> bool {
        self.split.starts.contains_key(&folder)
    }

    /// Whether there is no place left for a component: areas may take only some of them, so that what ships has the rest.
    fn is_full(&self, is_area: bool) -> bool {
        let counts = |(folder, start): &(&usize, &Start)| {
            self.rest(**folder) > 0 && start.joined.as_ref().is_none_or(|joined| joined.first == **folder)
        };
        let counted = || self.split.starts.iter().filter(counts);
        let areas = || counted().filter(|(_, start)| start.area.is_some()).count();
        counted().count() >= MAX_COMPONENTS as usize || (is_area && areas() >= MAX_AREAS as usize)
    }

    /// Files of code outside of areas: parts are as large as what ships makes them, however many tests and examples it has.
    fn shipping(&self) -> u32 {
        let mut is_inside: Vec<bool> = Vec::with_capacity(self.folders.all.len());
        let mut files = 0;
        for (id, folder) in self.folders.all.iter().enumerate() {
            let above = folder.parent.and_then(|parent| is_inside.get(parent)).copied().unwrap_or(false);
            let inside = above || self.area(id).is_some();
            files += if inside { 0 } else { folder.own.code };
            is_inside.push(inside);
        }
        files
    }

    /// Makes a folder a component and takes its files from those above it, up to the component that had them.
    fn start(&mut self, folder: usize) {
        let packages = self.packages.get(&folder).cloned().unwrap_or_default();
        let area = self.area(folder);
        let claimed = self.rest(folder);
        for above in self.folders.upwards(folder).skip(1) {
            if let Some(rest) = self.rest.get_mut(above) {
                *rest = rest.saturating_sub(claimed);
            }
            if self.is_started(above) {
                break;
            }
        }
        self.split.starts.insert(folder, Start { packages, area, joined: None });
    }

    fn place_packages(&mut self, packages: &[Package]) {
        let by_path: FxHashMap<&str, usize> =
            self.folders.all.iter().enumerate().map(|(id, folder)| (folder.path, id)).collect();
        for (id, package) in packages.iter().enumerate() {
            if let Some(&folder) = by_path.get(&*package.root) {
                self.packages.entry(folder).or_default().push(id);
            }
        }
        let nested: Vec<usize> = self.packages.keys().copied().filter(|&folder| self.is_nested(folder)).collect();
        for &folder in self.packages.keys().filter(|&&folder| folder != 0) {
            let is_nested = nested.binary_search(&folder).is_ok();
            let Some((package, area)) = self.folders.get(folder).zip(self.areas.get_mut(folder)) else { continue };
            match area {
                None if is_nested && is_template(package) => *area = Some(ComponentKind::Examples),
                None if is_tests_package(package) => *area = Some(ComponentKind::Tests),
                // A small library may have ten times as many tests; it is what they test.
                Some(ComponentKind::Tests) if ships_beside_tests(package) => *area = None,
                _ => {}
            }
        }
    }

    /// Packages, those that ship first, then the largest. Size is that of the whole folder, so that an outer package comes before an inner one. A
    /// package inside an area counts as a folder of it; one inside another package needs enough files.
    fn start_packages(&mut self) {
        let code = |work: &Self, folder: usize| work.folders.get(folder).map_or(0, |folder| folder.all.code);
        let roots = self.packages.keys().copied();
        let roots =
            roots.filter(|&folder| code(self, folder) > 0 && !self.is_started(folder) && self.may_start(folder));
        let is_area = |unit: &[usize]| unit.iter().any(|&folder| self.area(folder).is_some());
        let mut units: Vec<(bool, Reverse<u32>, Vec<usize>)> = self
            .side_by_side(roots.collect())
            .into_iter()
            .map(|unit| (is_area(&unit), Reverse(unit.iter().map(|&folder| code(self, folder)).sum()), unit))
            .filter(|(_, code, unit)| {
                code.0 >= self.thresholds.min_top_files || !unit.iter().any(|&folder| self.is_nested(folder))
            })
            .collect();
        units.sort_unstable();
        for (is_area, _, unit) in units {
            if self.is_full(is_area) {
                self.split.beyond_cap += 1;
                continue;
            }
            for &folder in &unit {
                self.start(folder);
            }
            self.join(&unit);
        }
    }

    /// Whether a package may be a component: it is in no area, and if it is one itself, then tests, examples or benchmarks.
    fn may_start(&self, folder: usize) -> bool {
        use ComponentKind::{Benchmarks, Examples, Tests};
        let is_inside = self.folders.upwards(folder).skip(1).any(|above| self.area(above).is_some());
        !is_inside && matches!(self.area(folder), None | Some(Tests | Examples | Benchmarks))
    }

    /// These folders, those together that make one component: small areas of one kind in one folder whose names differ
    /// only after the last `-` or `_`, where no other folder is called so.
    fn side_by_side(&self, folders: Vec<usize>) -> Vec<Vec<usize>> {
        let mut alone = Vec::new();
        let mut alike: BTreeMap<(usize, ComponentKind, &str), Vec<usize>> = BTreeMap::new();
        for id in folders {
            let known = self.folders.get(id).zip(self.area(id));
            let is_small = |folder: &Folder<'_>| folder.all.code < self.thresholds.min_files || is_template(folder);
            let key = known
                .filter(|(folder, _)| is_small(folder))
                .and_then(|(folder, area)| Some((folder.parent?, area, common_start(folder)?)));
            match key {
                Some(key) => alike.entry(key).or_default().push(id),
                None => alone.push(vec![id]),
            }
        }
        for ((parent, _, start), ids) in alike {
            let children = self.folders.get(parent).map_or(&[][..], |parent| &parent.children);
            let is_called_so =
                |child: &&usize| self.folders.get(**child).is_some_and(|child| child.name().starts_with(start));
            if ids.len() >= MIN_FAMILY as usize && children.iter().filter(is_called_so).count() == ids.len() {
                alone.push(ids);
            } else {
                alone.extend(ids.into_iter().map(|id| vec![id]));
            }
        }
        alone
    }

    /// Makes one component of started folders, where they are several.
    fn join(&mut self, unit: &[usize]) {
        let [first, _, ..] = *unit else { return };
        let Some(folder) = self.folders.get(first) else { return };
        let above = folder.path.len() - folder.name().len();
        let start = above + common_start(folder).map_or(0, str::len);
        let pattern: Box<str> = format!("{}*", folder.path.get(..start).unwrap_or_default()).into();
        for folder in unit {
            if let Some(start) = self.split.starts.get_mut(folder) {
                start.joined = Some(Joined { first, pattern: pattern.clone() });
            }
        }
    }

    /// Inside a package other than that of the whole repository.
    fn is_nested(&self, folder: usize) -> bool {
        self.folders.upwards(folder).skip(1).any(|above| above != 0 && self.packages.contains_key(&above))
    }

    /// Queues the parts of a component that is big enough to have parts. Its areas (its tests, say) become components of
    /// their own only beside other parts: a package of one piece keeps its tests.
    fn look_into(&mut self, folder: usize) {
        let is_root = folder == 0;
        if self.area(folder).is_some() || (!is_root && self.rest(folder) <= self.thresholds.split_above) {
            return;
        }
        let is_package = self.packages.contains_key(&folder);
        let is_top = |part: usize| is_root || (is_package && self.area(part).is_none());
        let min = |part| if is_top(part) { self.thresholds.min_top_files } else { self.thresholds.min_files };
        let parts = self.parts(folder, is_package && !is_root);
        let is_enough = |&part: &usize| self.rest(part) >= min(part);
        if !is_root && !parts.iter().any(|part| is_enough(part) && self.area(*part).is_none()) {
            return;
        }
        let chosen = parts.into_iter().filter(is_enough);
        let chosen: Vec<(bool, u32, Reverse<usize>)> =
            chosen.map(|part| (self.area(part).is_none(), self.rest(part), Reverse(part))).collect();
        self.heap.extend(chosen);
    }

    /// The folders that could be parts of `folder`. Folders that only lead on are looked through, and so is what a package
    /// keeps all its code in: that is the package, not a part of it. The repository's root looks through no `src`: a path
    /// says more than a root.
    fn parts(&self, folder: usize, is_package: bool) -> Vec<usize> {
        let mut out = Vec::new();
        let mut open = vec![(folder, is_package)];
        let mut own = self.folders.get(folder).map_or(0, |folder| folder.own.code);
        loop {
            while let Some((folder, in_package)) = open.pop() {
                for &child in self.folders.get(folder).map_or(&[][..], |folder| &folder.children) {
                    if self.rest(child) == 0 || self.is_started(child) {
                        continue;
                    }
                    let Some(inner) = self.folders.get(child) else { continue };
                    let is_source_root = in_package && SOURCE_ROOTS.contains(&inner.name());
                    if self.area(child).is_none() && (is_source_root || self.leads_on(child) || self.only_holds(child))
                    {
                        own += inner.own.code;
                        open.push((child, is_source_root));
                    } else {
                        out.push(child);
                    }
                }
            }
            let ships: Vec<usize> = out.iter().copied().filter(|&part| self.area(part).is_none()).collect();
            match ships[..] {
                [only] if is_package && own == 0 => {
                    out.retain(|&part| part != only);
                    own += self.folders.get(only).map_or(0, |folder| folder.own.code);
                    open.push((only, false));
                }
                _ => return out,
            }
        }
    }

    /// No code of its own, and what is below it is known apart: a namespace's name goes on there, or parts of what it holds
    /// (packages side by side, say) are components already.
    fn only_holds(&self, folder: usize) -> bool {
        self.folders.get(folder).is_some_and(|it| {
            let is_namespace = it.is_namespace || is_in_language_root(it.path);
            it.own.code == 0 && (is_namespace || self.rest(folder) < it.all.code)
        })
    }

    /// No code of its own and all of it in one folder below.
    fn leads_on(&self, folder: usize) -> bool {
        let Some(folder) = self.folders.get(folder) else { return false };
        folder.own.code == 0 && folder.children.iter().filter(|&&child| self.rest(child) > 0).count() == 1
    }

    fn start_folders(&mut self) {
        while let Some((ships, _, Reverse(folder))) = self.heap.pop() {
            if self.is_full(!ships) {
                self.split.beyond_cap += 1;
                continue;
            }
            self.start(folder);
            self.look_into(folder);
        }
    }

    /// Programs side by side in a folder that is nothing but theirs (`cmd/server`, `cmd/tool`), as long as there is room.
    fn start_programs(&mut self, packages: &[Package]) {
        let by_path: FxHashMap<&str, usize> =
            self.folders.all.iter().enumerate().map(|(id, folder)| (folder.path, id)).collect();
        let targets = packages.iter().flat_map(|package| &package.programs).map(|program| &*program.target);
        let folders = targets.filter_map(|target| {
            let above = target.rsplit_once('/').map_or("", |(folder, _)| folder);
            by_path.get(target).or_else(|| by_path.get(above)).copied()
        });
        let programs: BTreeSet<usize> = folders.collect();
        let mut beside: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &program in &programs {
            let Some(folder) = self.folders.get(program) else { continue };
            // One file starts the program and ten test it: they are its tests.
            if folder.own.code > folder.own.tests
                && let Some(area) = self.areas.get_mut(program).filter(|area| **area == Some(ComponentKind::Tests))
            {
                *area = None;
            }
            let is_large = self.rest(program) >= self.thresholds.min_files && !self.is_started(program);
            let is_outside = !self.folders.upwards(program).any(|above| self.area(above).is_some());
            let only_theirs = |parent: &usize| self.folders.get(*parent).is_some_and(|parent| parent.own.code == 0);
            if let Some(parent) = folder.parent.filter(|parent| is_large && is_outside && only_theirs(parent)) {
                beside.entry(parent).or_default().push(program);
            }
        }
        for program in beside.into_values().filter(|programs| programs.len() > 1).flatten() {
            if self.is_full(false) {
                self.split.beyond_cap += 1;
            } else {
                self.start(program);
            }
        }
    }

    /// Folders of documents at the top, which may hold no code at all.
    fn start_documents(&mut self) {
        for folder in self.children_of_root() {
            let documents = self.folders.get(folder).map_or(0, |folder| folder.all.documents);
            let is_documents = self.area(folder) == Some(ComponentKind::Documentation);
            if is_documents && documents >= MIN_DOCUMENTS && !self.is_started(folder) && !self.is_full(true) {
                self.start(folder);
            }
        }
    }

    fn children_of_root(&self) -> Vec<usize> {
        self.folders.get(0).map(|root| root.children.clone()).unwrap_or_default()
    }

    /// The topmost vendored folders, or what lies directly in them where that is several.
    fn start_vendored(&mut self) {
        let is_vendored = |work: &Self, folder: usize| work.area(folder) == Some(ComponentKind::Vendored);
        let tops: Vec<usize> = (1..self.folders.all.len())
            .filter(|&folder| is_vendored(self, folder))
            .filter(|&folder| !self.folders.upwards(folder).skip(1).any(|above| is_vendored(self, above)))
            .collect();
        let size = |work: &Self, folder: usize| work.folders.get(folder).map_or(0, |folder| folder.all.vendored);
        let mut found = Vec::new();
        for &top in &tops {
            let parts: Vec<usize> = self
                .folders
                .get(top)
                .map(|folder| folder.children.iter().copied().filter(|&child| size(self, child) > 0).collect())
                .unwrap_or_default();
            found.push((Reverse(size(self, top)), top));
            if parts.len() > 1 {
                found.extend(parts.into_iter().map(|part| (Reverse(size(self, part)), part)));
            }
        }
        found.sort_unstable();
        for (_, folder) in found.into_iter().take(MAX_VENDORED as usize) {
            self.start(folder);
        }
    }
}

/// Folders that hold a package's source by its ecosystem's habit: they are the package, not a part of it.
pub(super) const SOURCE_ROOTS: [&str; 8] = ["src", "main", "java", "kotlin", "scala", "groovy", "python", "resources"];
