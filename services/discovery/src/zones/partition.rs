//! Where zones begin and end: a folder that fits into a head, and into an agent's context, is one; a larger one is taken
//! apart.

use std::collections::BTreeMap;

/// A folder with at most this many lines is one zone.
pub const ZONE_LINES: u64 = 4_000;
/// In a larger folder, a file with this many lines is a zone of its own.
pub const FILE_LINES: u64 = 400;

/// A zone before anything is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// What it is known by: a file's path, a folder's with `/` at its end, or a folder's with `/*` for its small files.
    pub key: String,
    /// Its files, by index.
    pub files: Vec<usize>,
}

/// A folder on the way.
#[derive(Default)]
struct Folder<'a> {
    lines: u64,
    folders: BTreeMap<&'a str, Folder<'a>>,
    files: Vec<(&'a str, usize, u64)>,
}

/// The areas of these files (path and lines), sorted by key. Every file is in one of them.
#[must_use]
pub fn areas<'a>(files: impl Iterator<Item = (&'a str, u64)>) -> Vec<Area> {
    let mut root = Folder::default();
    for (index, (path, lines)) in files.enumerate() {
        root.add(path, index, lines);
    }
    let mut areas = Vec::new();
    let mut left = vec![(String::new(), root)];
    while let Some((path, folder)) = left.pop() {
        if folder.lines <= ZONE_LINES && !path.is_empty() {
            areas.push(folder.whole(&path));
        } else {
            left.extend(folder.apart(&path, &mut areas));
        }
    }
    areas.sort_by(|a, b| a.key.cmp(&b.key));
    areas
}

impl<'a> Folder<'a> {
    fn add(&mut self, path: &'a str, index: usize, lines: u64) {
        let mut folder = self;
        let mut rest = path;
        folder.lines += lines;
        while let Some((name, inner)) = rest.split_once('/') {
            folder = folder.folders.entry(name).or_default();
            folder.lines += lines;
            rest = inner;
        }
        folder.files.push((rest, index, lines));
    }

    /// The folder as one area; one that holds a single file is that file.
    fn whole(self, path: &str) -> Area {
        let mut files = Vec::new();
        let mut left = vec![(path.to_owned(), self)];
        while let Some((path, folder)) = left.pop() {
            files.extend(folder.files.into_iter().map(|(name, index, _)| (format!("{path}{name}"), index)));
            left.extend(folder.folders.into_iter().map(|(name, inner)| (format!("{path}{name}/"), inner)));
        }
        files.sort();
        let key = if let [(only, _)] = &*files { only.clone() } else { path.to_owned() };
        Area { key, files: files.into_iter().map(|(_, index)| index).collect() }
    }

    /// Its own files as areas; gives its folders, which are looked at next.
    fn apart(self, path: &str, areas: &mut Vec<Area>) -> Vec<(String, Folder<'a>)> {
        let (large, small): (Vec<_>, Vec<_>) = self.files.into_iter().partition(|(_, _, lines)| *lines >= FILE_LINES);
        let is_each_its_own = small.len() < 2 || small.iter().map(|(_, _, lines)| lines).sum::<u64>() > ZONE_LINES;
        let (alone, together) = if is_each_its_own { (small, Vec::new()) } else { (Vec::new(), small) };
        let one = |(name, index, _)| Area { key: format!("{path}{name}"), files: vec![index] };
        areas.extend(large.into_iter().chain(alone).map(one));
        if !together.is_empty() {
            let files = together.into_iter().map(|(_, index, _)| index).collect();
            let place = if path.is_empty() { "./" } else { path };
            areas.push(Area { key: format!("{place}*"), files });
        }
        self.folders.into_iter().map(|(name, inner)| (format!("{path}{name}/"), inner)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::areas;

    fn keys(files: &[(&str, u64)]) -> Vec<String> {
        areas(files.iter().copied()).into_iter().map(|area| format!("{} {}", area.key, area.files.len())).collect()
    }

    #[test]
    fn a_small_folder_is_one_and_a_large_one_is_taken_apart() {
        let files = [
            ("src/app.py", 2000),
            ("src/cli.py", 1200),
            ("src/a.py", 40),
            ("src/b.py", 50),
            ("src/json/tag.py", 300),
            ("src/json/provider.py", 200),
            ("src/views/only.py", 900),
            ("setup.py", 20),
        ];
        assert_eq!(
            keys(&files),
            ["setup.py 1", "src/* 2", "src/app.py 1", "src/cli.py 1", "src/json/ 2", "src/views/only.py 1"]
        );
    }

    #[test]
    fn small_files_at_the_top_are_called_so() {
        assert_eq!(keys(&[("build.sh", 20), ("setup.py", 20), ("lib/a.py", 500)]), ["./* 2", "lib/a.py 1"]);
    }

    #[test]
    fn many_small_files_of_a_flat_folder_stand_for_themselves() {
        let names: Vec<String> = (0..100).map(|n| format!("rules/r{n:03}.rs")).collect();
        let files: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 100)).collect();
        assert_eq!(keys(&files).len(), 100);
    }
}
