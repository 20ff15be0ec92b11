//! File names for components.

use super::hash::short_hash;
use crate::model::Model;
use std::collections::BTreeMap;

/// Longest file name, without its ending, before it is cut.
const LONGEST: usize = 100;

/// The file of nodes of each component.
#[derive(Debug)]
pub struct Slugs(Vec<String>);

impl Slugs {
    /// Names after the components' paths: `/` becomes `.`, whatever is not a letter, a digit, `-`, `_` or `.` becomes `-`.
    /// Where that makes two alike (also to a file system that ignores case), or too long, a hash of the id is added.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let ids = || model.components.all.iter().map(|component| &*component.id);
        let mut taken: BTreeMap<String, u32> = BTreeMap::new();
        for id in ids() {
            *taken.entry(readable(id).to_ascii_lowercase()).or_default() += 1;
        }
        let slug = |id: &str| {
            let readable = readable(id);
            let is_taken = taken.get(&readable.to_ascii_lowercase()).is_some_and(|count| *count > 1);
            if is_taken || readable.len() > LONGEST {
                format!("{}~{}", readable.get(..LONGEST).unwrap_or(&readable), short_hash(id, 8))
            } else {
                readable
            }
        };
        Self(ids().map(slug).collect())
    }

    /// The path of a component's file, under `.codexa/manifests/`.
    #[must_use]
    pub fn path(&self, component: usize) -> String {
        format!("system_model/components/{}.yaml", self.0.get(component).map_or("", |slug| slug))
    }
}

/// Of ASCII only, so that it can be cut anywhere. A leading `.` would hide the file.
fn readable(id: &str) -> String {
    let path = id.strip_prefix("c:").unwrap_or(id);
    if path == "." {
        return "root".to_owned();
    }
    let safe = |c: char| match c {
        '/' => '.',
        c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') => c,
        _ => '-',
    };
    let name: String = path.chars().map(safe).collect();
    name.strip_prefix('.').map_or(name.clone(), |rest| format!("-{rest}"))
}
