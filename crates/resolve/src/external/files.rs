//! The manifest and lock files of a repository by name, and reading them within bounds.

use super::UnreadFile;
use super::xml::Element;
use crate::Repository;
use crate::paths::{join, name};
use crate::vendored::is_installed;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;
use std::cell::RefCell;

/// The paths of a repository by file name and by extension, installed packages left out.
pub(super) struct ManifestFiles<'a> {
    repo: &'a dyn Repository,
    by_name: FxHashMap<&'a str, Vec<&'a str>>,
    by_extension: FxHashMap<&'a str, Vec<&'a str>>,
    all: FxHashSet<&'a str>,
    unread: RefCell<Vec<UnreadFile>>,
}

impl<'a> ManifestFiles<'a> {
    pub(super) fn of(repo: &'a dyn Repository) -> Self {
        let mut by_name: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut by_extension: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut all = FxHashSet::default();
        for path in repo.paths() {
            let path: &'a str = path;
            if is_installed(path) {
                continue;
            }
            all.insert(path);
            let name = name(path);
            by_name.entry(name).or_default().push(path);
            if let Some((_, extension)) = name.rsplit_once('.') {
                by_extension.entry(extension).or_default().push(path);
            }
        }
        Self { repo, by_name, by_extension, all, unread: RefCell::default() }
    }

    /// Paths whose last part is `name`, sorted.
    pub(super) fn named(&self, name: &str) -> &[&'a str] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Paths that end in `.extension`, sorted.
    pub(super) fn with_extension(&self, extension: &str) -> &[&'a str] {
        self.by_extension.get(extension).map_or(&[], Vec::as_slice)
    }

    /// The repository's own copy of `path`, where it is tracked.
    pub(super) fn tracked(&self, path: &str) -> Option<&'a str> {
        self.all.get(path).copied()
    }

    /// The file `name` in `dir`, where it is tracked.
    pub(super) fn beside(&self, dir: &str, name: &str) -> Option<&'a str> {
        self.tracked(&join(dir, name))
    }

    /// The file's text without a byte-order mark; invalid UTF-8 is replaced.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let Some(bytes) = self.repo.read(path) else {
            self.fail(path, "cannot be read, or is over the size limit");
            return None;
        };
        let text = String::from_utf8_lossy(&bytes);
        Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }

    /// The file as JSON. The parser's own limit bounds the depth.
    pub(super) fn json(&self, path: &str) -> Option<Value> {
        let text = self.text(path)?;
        serde_json::from_str(&text).inspect_err(|_| self.fail(path, "is not valid JSON")).ok()
    }

    /// The file as TOML. The parser's own limit bounds the depth.
    pub(super) fn toml(&self, path: &str) -> Option<toml::Table> {
        let text = self.text(path)?;
        toml::from_str(&text).inspect_err(|_| self.fail(path, "is not valid TOML")).ok()
    }

    /// The file as YAML, within a budget that fits a lock file of 8 MiB and nothing that aliases inflate.
    pub(super) fn yaml(&self, path: &str) -> Option<Value> {
        let text = self.text(path)?;
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_events: 4_000_000,
                max_nodes: 2_000_000,
                max_aliases: 64,
                max_anchors: 64,
                max_recorded_anchor_events: 10_000,
                max_depth: 32,
                max_documents: 2,
            },
        };
        serde_saphyr::from_str_with_options(&text, options)
            .inspect_err(|_| self.fail(path, "is not valid YAML, or exceeds the limits for YAML"))
            .ok()
    }

    /// The file as XML.
    pub(super) fn xml(&self, path: &str) -> Option<Element> {
        let text = self.text(path)?;
        let root = Element::parse(&text);
        if root.is_none() {
            self.fail(path, "is not well-formed XML, or exceeds the limits for XML");
        }
        root
    }

    pub(super) fn into_unread(self) -> Vec<UnreadFile> {
        self.unread.into_inner()
    }

    /// Tells of a file that was not read to its end, or whose words were not all followed, because a bound says so.
    pub(super) fn cut(&self, path: &str, what: &'static str) {
        self.repo.cut(path, what);
    }

    /// Lists a file that gave nothing.
    fn fail(&self, path: &str, reason: &str) {
        self.unread.borrow_mut().push(UnreadFile { path: path.into(), reason: reason.into() });
    }
}
