//! Files that are tests by how they are declared: Rust's `#[cfg(test)] mod helpers;` says so of a file whose name does not.

use crate::graph::declares_part;
use crate::record::{FileClass, FileLinks, FileRecord};
use rustc_hash::FxHashMap;

/// The source files that only tests declare, as tests, with their places among the records, which are sorted by path.
pub(super) fn of_modules(records: &[&FileRecord], links: &[&FileLinks]) -> Vec<(usize, FileRecord)> {
    let has_any = |record: &&FileRecord| record.digest.as_ref().is_some_and(|digest| !digest.test_lines.is_empty());
    if !records.iter().any(has_any) {
        return Vec::new();
    }
    let parts = parts(records, links);
    let mut declared_by: FxHashMap<usize, Vec<(usize, u32)>> = FxHashMap::default();
    for &(from, to, line) in &parts {
        declared_by.entry(to).or_default().push((from, line));
    }
    let mut is_test: Vec<bool> = records.iter().map(|record| record.class == FileClass::Test).collect();
    let mut found = Vec::new();
    // Each round goes one module deeper; a file is found once, so rounds end.
    loop {
        let stands_in_tests = |&(from, line): &(usize, u32)| {
            is_test.get(from).copied().unwrap_or(false)
                || records.get(from).is_some_and(|record| record.is_for_tests(line))
        };
        let mut next: Vec<usize> = declared_by
            .iter()
            .filter(|(to, by)| !is_test.get(**to).copied().unwrap_or(true) && by.iter().all(stands_in_tests))
            .map(|(to, _)| *to)
            .collect();
        if next.is_empty() {
            break;
        }
        next.sort_unstable();
        for at in next {
            if let Some(is_test) = is_test.get_mut(at) {
                *is_test = true;
            }
            found.push(at);
        }
    }
    found.sort_unstable();
    let as_test = |at: usize| Some((at, FileRecord { class: FileClass::Test, ..(**records.get(at)?).clone() }));
    found
        .into_iter()
        .filter(|&at| records.get(at).is_some_and(|record| record.class == FileClass::Source))
        .filter_map(as_test)
        .collect()
}

/// Declaring file, declared file and line of each declaration of a part.
fn parts(records: &[&FileRecord], links: &[&FileLinks]) -> Vec<(usize, usize, u32)> {
    let place = |path: &str| records.binary_search_by(|record| (*record.path).cmp(path)).ok();
    let all = links.iter().enumerate().flat_map(|(from, file)| file.resolved().map(move |link| (from, link)));
    let declared = all.filter(|(_, link)| declares_part(link.origin));
    declared.filter_map(|(from, link)| Some((from, place(link.to)?, link.line))).collect()
}
