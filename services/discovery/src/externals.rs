//! External dependencies and who uses them.

use crate::record::{FileLinks, FileRecord};
use codexa_model::Language;
use codexa_model::relation::{DeclineReason, ExternalDependency};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is needed from outside, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Externals {
    /// As declared or locked, sorted by name, ecosystem and place.
    pub dependencies: Vec<ExternalDependency>,
    /// Files that import each of them, sorted, in the same order. Where several manifests declare a name, each importing
    /// file counts for the one whose folder is nearest above it.
    pub users: Vec<Vec<u32>>,
    /// Imported from outside and declared by no manifest that was read: name and language to files.
    pub undeclared: BTreeMap<(Box<str>, Language), Vec<u32>>,
}

impl Externals {
    /// Joins what is declared with what is imported. Files stand in the model's order.
    #[must_use]
    pub fn new(records: &[&FileRecord], links: &[&FileLinks], declared: &[ExternalDependency]) -> Self {
        let mut dependencies = declared.to_vec();
        dependencies.sort_by(|a, b| {
            (&a.name, &a.ecosystem, &a.declared_in, a).cmp(&(&b.name, &b.ecosystem, &b.declared_in, b))
        });
        dependencies.dedup();
        let mut by_name: FxHashMap<(&'static str, String), Vec<usize>> = FxHashMap::default();
        for (at, dependency) in dependencies.iter().enumerate() {
            for world in WORLDS.iter().filter(|world| world.1.contains(&&*dependency.ecosystem)) {
                by_name.entry((world.0, normal(world.0, &dependency.name))).or_default().push(at);
            }
        }
        let mut users = vec![Vec::new(); dependencies.len()];
        let mut undeclared: BTreeMap<(Box<str>, Language), Vec<u32>> = BTreeMap::new();
        for ((file, record), links) in (0_u32..).zip(records).zip(links) {
            let Some(digest) = &record.digest else { continue };
            let mut seen: Vec<&str> = Vec::new();
            for declined in &links.declined {
                let DeclineReason::External(name) = &declined.reason else { continue };
                if seen.contains(&&**name) {
                    continue;
                }
                seen.push(name);
                let world = world(digest.language);
                let places = by_name.get(&(world, normal(world, name)));
                let nearest = places.and_then(|places| nearest(&record.path, places, &dependencies));
                match nearest.and_then(|at| users.get_mut(at)) {
                    Some(files) => files.push(file),
                    None => undeclared.entry((name.clone(), digest.language)).or_default().push(file),
                }
            }
        }
        Self { dependencies, users, undeclared }
    }
}

/// The declaration whose folder is nearest above the file; the first where none is above it. A manifest goes before a
/// lock file of the same folder.
fn nearest(path: &str, places: &[usize], dependencies: &[ExternalDependency]) -> Option<usize> {
    let depth = |at: usize| {
        let dependency = dependencies.get(at)?;
        let folder = dependency.declared_in.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_above = folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        Some((is_above.then_some(folder.len()), dependency.direct))
    };
    places.iter().copied().max_by_key(|&at| (depth(at), std::cmp::Reverse(at)))
}

/// Languages whose imports name dependencies of the same ecosystems.
const WORLDS: [(&str, &[&str]); 8] = [
    ("python", &["python"]),
    ("rust", &["cargo"]),
    ("js", &["npm"]),
    ("go", &["go"]),
    ("jvm", &["maven", "gradle"]),
    ("php", &["composer"]),
    ("ruby", &["rubygems"]),
    ("dotnet", &["nuget"]),
];

fn world(language: Language) -> &'static str {
    match language {
        Language::Python => "python",
        Language::Rust => "rust",
        Language::JavaScript | Language::TypeScript | Language::Tsx => "js",
        Language::Go => "go",
        Language::Java => "jvm",
        Language::Php => "php",
        Language::Ruby => "ruby",
        Language::CSharp => "dotnet",
        Language::Bash | Language::C | Language::Cpp => "system",
    }
}

/// Names as their ecosystem compares them: Python ignores case and takes `_` and `.` for `-` (PEP 503), Cargo takes `_`
/// for `-`, NuGet ignores case.
fn normal(world: &str, name: &str) -> String {
    match world {
        "python" => name.to_ascii_lowercase().replace(['_', '.'], "-"),
        "rust" => name.replace('_', "-"),
        "dotnet" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    }
}
