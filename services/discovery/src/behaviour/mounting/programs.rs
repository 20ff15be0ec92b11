//! Go's programs that no build of their folder holds: a folder is one package, so a `main` beside another one is left out by
//! its build constraints (`//go:build ignore`) and run by hand, as a generator say.

use crate::behaviour::EntryPoint;
use crate::record::FileRecord;
use codexa_model::Language;
use rustc_hash::{FxHashMap, FxHashSet};

/// Shown only where it is asked for.
const HARDLY: u8 = 30;

/// Lowers the confidence in such programs.
pub(super) fn suspect(records: &[&FileRecord], found: &mut FxHashMap<usize, Vec<EntryPoint>>) {
    let packages = || records.iter().enumerate().filter_map(|(at, record)| Some((at, record, package(record)?)));
    let others = packages().filter(|(_, record, package)| {
        !record.path.ends_with("_test.go") && !matches!(*package, "main" | "documentation")
    });
    let folders: FxHashSet<&str> = others.map(|(_, record, _)| folder(&record.path)).collect();
    for (at, record, package) in packages() {
        if package != "main" || !folders.contains(folder(&record.path)) {
            continue;
        }
        let Some(digest) = &record.digest else { continue };
        let is_main = |entry: &EntryPoint| entry.origin == "go.main";
        if !digest.behaviour.entry_points.iter().any(is_main) {
            continue;
        }
        let entries = found.entry(at).or_insert_with(|| digest.behaviour.entry_points.clone());
        for entry in entries.iter_mut().filter(|entry| is_main(entry)) {
            (entry.origin, entry.confidence) = ("go.excluded_main".into(), HARDLY);
        }
    }
}

fn package(record: &FileRecord) -> Option<&str> {
    let digest = record.digest.as_ref().filter(|digest| digest.language == Language::Go)?;
    digest.module.as_deref()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
