//! From paths as reports write them to files of the model.
//!
//! A report may have been made elsewhere: it names files from a build's root (`/src/app/a.py`), by a package
//! (`example.com/m/a.go`), or from a folder further down (`org/x/A.java`). A path means the file that it equals; else the one
//! file that ends in it; else the longest that it ends in. Where several could be meant it is declined.

use rustc_hash::FxHashMap;

pub(in crate::tested) struct Places<'a> {
    paths: &'a [&'a str],
    /// Files by the last part of their path.
    by_name: FxHashMap<&'a str, Vec<u32>>,
}

impl<'a> Places<'a> {
    /// Of the files with these paths, sorted.
    pub(in crate::tested) fn of(paths: &'a [&'a str]) -> Self {
        let mut by_name: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for (file, path) in (0_u32..).zip(paths) {
            by_name.entry(last(path)).or_default().push(file);
        }
        Self { paths, by_name }
    }

    /// The file that a report means.
    pub(in crate::tested) fn find(&self, written: &str) -> Option<u32> {
        let written = written.replace('\\', "/");
        let written = written.trim_start_matches("./");
        if let Ok(at) = self.paths.binary_search(&written) {
            return u32::try_from(at).ok();
        }
        let candidates = self.by_name.get(last(written))?;
        let path = |file: &u32| self.paths.get(*file as usize).copied().unwrap_or_default();
        let mut longer = candidates.iter().filter(|file| ends_in(path(file), written));
        if let Some(&file) = longer.next() {
            return longer.next().is_none().then_some(file);
        }
        candidates.iter().filter(|file| ends_in(written, path(file))).max_by_key(|file| path(file).len()).copied()
    }
}

fn last(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

/// Whether the last folders and the name of a path are those of another.
fn ends_in(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn paths_of_reports_mean_one_file_or_none() {
        let paths = ["a/main.go", "a/x/util.go", "b/x/util.go", "main.go", "src/main/java/org/x/A.java"];
        let places = Places::of(&paths);
        let find = |written: &str| places.find(written).map(|file| paths[file as usize]);
        for (written, file) in [
            ("main.go", Some("main.go")),
            ("./a/main.go", Some("a/main.go")),
            ("example.com/m/a/main.go", Some("a/main.go")),
            ("example.com/m/main.go", Some("main.go")),
            ("C:\\\\build\\b\\x\\util.go", Some("b/x/util.go")),
            ("org/x/A.java", Some("src/main/java/org/x/A.java")),
            ("x/util.go", None),
            ("til.go", None),
            ("gone.go", None),
            ("", None),
        ] {
            assert_eq!(find(written), file, "{written}");
        }
    }
}
