//! Which files radon measures (`cli/tools.py`, `iter_filenames`), without following anything out of the given folders.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use regex::Regex;

use crate::{Options, shown};

/// How much of a file is read to see whether it is a Python script; Python reads in blocks of this size too.
const BLOCK: usize = 8192;

/// The Python files under `paths` in radon's order of paths, each folder's files sorted by name: radon takes the order
/// in which the file system lists them.
pub(super) fn python_files(paths: &[PathBuf], options: &Options) -> Vec<PathBuf> {
    let ignore = patterns(&options.ignore);
    let exclude = patterns(&options.exclude);
    let excluded = |path: &Path| {
        let name = shown(path);
        exclude.iter().any(|pattern| pattern.is_match(&name))
    };
    let mut found = Vec::new();
    for path in paths {
        if path.is_file() {
            if is_python(path) && !excluded(path) {
                found.push(path.clone());
            }
            continue;
        }
        let root = path.canonicalize().ok();
        let mut folders = vec![path.clone()];
        while let Some(folder) = folders.pop() {
            let mut inner = Vec::new();
            for (entry, is_folder) in list(&folder, root.as_deref()) {
                let name = entry.file_name().unwrap_or_default();
                let hidden = name.as_encoded_bytes().starts_with(b".");
                if is_folder {
                    let ignored = ignore.iter().any(|pattern| pattern.is_match(&name.to_string_lossy()));
                    if !hidden && !ignored {
                        inner.push(entry);
                    }
                    continue;
                }
                let file = normalised(&entry);
                if !hidden && !excluded(&file) && is_python(&file) {
                    found.push(file);
                }
            }
            folders.extend(inner.into_iter().rev());
        }
    }
    // One entry per path, as in radon's dictionary.
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|path| seen.insert(path.clone()));
    found
}

/// A folder's regular files and folders, sorted by name. Symbolic links to folders are not entered, those to files
/// count when they stay below `root`; FIFOs and devices are left out.
fn list(folder: &Path, root: Option<&Path>) -> Vec<(PathBuf, bool)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut listed = Vec::new();
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_dir() {
            listed.push((path, true));
        } else if kind.is_file() || (kind.is_symlink() && leads_to_file_below(&path, root)) {
            listed.push((path, false));
        }
    }
    listed.sort();
    listed
}

fn leads_to_file_below(link: &Path, root: Option<&Path>) -> bool {
    match (link.canonicalize(), root) {
        (Ok(target), Some(root)) => target.starts_with(root) && target.is_file(),
        _ => false,
    }
}

/// `*.py`, or a first line that starts with `#!` and names python, in a file whose start is UTF-8.
fn is_python(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b".py")
        || first_line(path).is_some_and(|line| line.contains("python"))
}

/// The first line of a script, `None` where Python could not read one.
fn first_line(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let mut start = Vec::with_capacity(BLOCK);
    (&mut file).take(BLOCK as u64).read_to_end(&mut start).ok()?;
    if !start.starts_with(b"#!") {
        return None;
    }
    let valid = match std::str::from_utf8(&start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?,
        Err(_) => return None,
    };
    valid.lines().next().map(str::to_owned)
}

/// `os.path.normpath`: without `.`, and with `a/..` taken out.
fn normalised(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(result.components().next_back(), Some(Component::Normal(_))) => {
                result.pop();
            }
            Component::ParentDir if result.as_os_str() == OsStr::new("/") => {}
            other => result.push(other),
        }
    }
    if result.as_os_str().is_empty() { PathBuf::from(".") } else { result }
}

/// Shell patterns of Python's `fnmatch`: `*`, `?`, `[…]` over the whole text, path separators included.
fn patterns(texts: &[String]) -> Vec<Regex> {
    texts.iter().filter_map(|text| Regex::new(&translate(text)).ok()).collect()
}

fn translate(pattern: &str) -> String {
    let mut regex = String::from(r"(?s)\A");
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' if chars.as_str().get(1..).is_some_and(|rest| rest.contains(']')) => {
                let rest = chars.as_str();
                let end = 1 + rest.get(1..).and_then(|rest| rest.find(']')).unwrap_or_default();
                let (set, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let (negated, set) = set.strip_prefix('!').map_or(("", set), |set| ("^", set));
                let escaped = set
                    .replace('\\', r"\\")
                    .replace('[', r"\[")
                    .replace('^', r"\^")
                    .replace('&', r"\&")
                    .replace('~', r"\~");
                regex.push_str(&format!("[{negated}{escaped}]"));
                chars = after.get(1..).unwrap_or_default().chars();
            }
            other => regex.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push_str(r"\z");
    regex
}
