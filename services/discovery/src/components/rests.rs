//! What the repository's root has left over beside its one part: the scripts that tools look for at the top, text to look
//! at, an `index` that hands the part on. None of it is a part of the system, and its code goes with that part. A file
//! that does something of its own stays at the root.

use super::Key;
use super::folders::{Folder, Folders, is_code, is_markup};
use super::split::{SOURCE_ROOTS, Split};
use crate::record::FileRecord;
use std::collections::{BTreeMap, BTreeSet};

/// The folder of the one part that ships, where there is only one and what it lies in is no part of its own: it stands for
/// the package that the root declares. Code that the root has left over beside it goes with it; documents and settings lie
/// in no part then, as where the root holds no code at all.
pub(super) fn only_part(
    records: &[&FileRecord],
    folders: &Folders<'_>,
    split: &Split,
    groups: &mut BTreeMap<Key, Vec<u32>>,
) -> Option<usize> {
    let part = topmost(folders, split, groups)?;
    let is_above = |key: &&Key| is_root(folders, split, key.folder);
    let rests: Vec<Key> = groups.keys().filter(is_above).cloned().collect();
    let record = |file: &u32| records.get(*file as usize).copied();
    let code = |key: &Key| {
        let files = groups.get(key).into_iter().flatten().copied();
        files.filter(|file| record(file).is_some_and(is_code)).collect::<Vec<u32>>()
    };
    let left: Vec<u32> = rests.iter().flat_map(code).collect();
    let goes_along = |record: &FileRecord| {
        is_tool(&record.path) || is_index(&record.path) || record.language.as_deref().is_some_and(is_markup)
    };
    if rests.iter().any(|key| key.family.is_some()) || !left.iter().filter_map(record).all(goes_along) {
        return None;
    }
    let files = groups.get_mut(&Key { folder: part, family: None })?;
    files.extend(left);
    files.sort_unstable();
    groups.retain(|key, _| !rests.contains(key));
    Some(part)
}

/// The one folder in which everything that ships lies, where it is no package of its own.
fn topmost(folders: &Folders<'_>, split: &Split, groups: &BTreeMap<Key, Vec<u32>>) -> Option<usize> {
    let ships = |folder: &usize| split.starts.get(folder).is_some_and(|start| start.area.is_none());
    let parts: BTreeSet<usize> = groups
        .keys()
        .map(|key| key.folder)
        .filter(|folder| ships(folder) && !is_root(folders, split, *folder))
        .collect();
    let is_inner = |folder: &usize| folders.upwards(*folder).skip(1).any(|above| parts.contains(&above));
    let mut outer = parts.iter().copied().filter(|folder| !is_inner(folder));
    let only = outer.next().filter(|_| outer.next().is_none())?;
    split.starts.get(&only).is_some_and(|start| start.packages.is_empty()).then_some(only)
}

/// The repository's root, and a source root at the top that holds no code itself.
fn is_root(folders: &Folders<'_>, split: &Split, folder: usize) -> bool {
    let is_bare = |root: &Folder<'_>| root.own.code == 0 && SOURCE_ROOTS.contains(&root.path);
    let is_package = split.starts.get(&folder).is_some_and(|start| !start.packages.is_empty());
    folder == 0 || (!is_package && folders.get(folder).is_some_and(is_bare))
}

/// Whether a file is a script that a tool looks for at the top, or lies where one looks: in a folder that is hidden (of
/// containers to develop in, of a service for builds), in one for a project's pages.
fn is_tool(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or(&name);
    let is_at_top = !path.contains('/')
        && (SCRIPTS.contains(&&*name)
            || STEMS.contains(&stem)
            || STARTS.iter().any(|start| name.starts_with(start))
            || PARTS.iter().any(|part| name.contains(part)));
    is_at_top || path.starts_with('.') || SITES.iter().any(|site| path.starts_with(site))
}

/// Whether a file at the top is the one that JavaScript takes for a package without being told.
fn is_index(path: &str) -> bool {
    matches!(path, "index.js" | "index.mjs" | "index.cjs" | "index.ts" | "index.d.ts")
}

const SCRIPTS: [&str; 9] =
    ["build.rs", "build.sbt", "dodo.py", "ecs.php", "fabfile.py", "noxfile.py", "rector.php", "setup.py", "tasks.py"];
/// The same, whatever their endings.
const STEMS: [&str; 12] = [
    "appraisals",
    "brewfile",
    "capfile",
    "dangerfile",
    "gemfile",
    "gruntfile",
    "guardfile",
    "gulpfile",
    "jakefile",
    "rakefile",
    "sconstruct",
    "wscript",
];
const STARTS: [&str; 2] = ["phpstan", "psalm"];
/// What Maven makes a project's pages of.
const SITES: [&str; 2] = ["src/changes/", "src/site/"];
const PARTS: [&str; 4] = [".config.", ".conf.", ".gemspec", ".podspec"];
