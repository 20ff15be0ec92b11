//! From the name that code imports to the dependency that a manifest declares.

use super::python;
use codexa_model::Language;
use codexa_model::relation::ExternalDependency;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

mod well_known;

/// A prefix of names in code that a lock file ties to a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Namespace {
    /// As in [`ExternalDependency::ecosystem`].
    pub ecosystem: Cow<'static, str>,
    /// The prefix, without a separator at its end.
    pub prefix: Box<str>,
    /// The package.
    pub name: Box<str>,
}

/// The dependency behind an import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Used {
    /// As in [`ExternalDependency::ecosystem`].
    pub ecosystem: Cow<'static, str>,
    /// As in [`ExternalDependency::name`].
    pub name: Box<str>,
    /// The rule that tied them: `usage.exact`, `usage.prefix`, `usage.autoload`, `usage.well_known`, `usage.artifact_words`.
    pub origin: Cow<'static, str>,
    /// How sure the rule is, in percent.
    pub confidence: u8,
}

/// Ecosystem and `group:artifact`.
type Artifact = (Cow<'static, str>, Box<str>);

/// The declared dependencies, ready to be asked for the one behind an import.
#[derive(Debug, Default)]
pub struct Declared {
    /// By ecosystem and the name as [`key`] writes it.
    names: FxHashMap<(String, String), Box<str>>,
    /// Maven and Gradle artifacts by group.
    groups: FxHashMap<String, Vec<Artifact>>,
    /// By ecosystem and prefix.
    namespaces: FxHashMap<(String, String), Box<str>>,
}

/// Ecosystems in which a language's imports may be declared, the likelier first.
fn ecosystems(language: Language) -> &'static [&'static str] {
    match language {
        Language::Python => &["python"],
        Language::Rust => &["cargo"],
        Language::JavaScript | Language::TypeScript | Language::Tsx => &["npm"],
        Language::Go => &["go"],
        Language::Java => &["maven", "gradle"],
        Language::CSharp => &["nuget"],
        Language::Ruby => &["rubygems"],
        Language::Php => &["composer"],
        Language::C | Language::Cpp => &["conan", "vcpkg", "cmake"],
        Language::Bash => &[],
    }
}

impl Declared {
    /// Indexes a survey's dependencies and namespaces.
    #[must_use]
    pub fn new(dependencies: &[ExternalDependency], namespaces: &[Namespace]) -> Self {
        let mut declared = Self::default();
        for dependency in dependencies {
            let ecosystem = &dependency.ecosystem;
            declared.names.insert((ecosystem.to_string(), key(ecosystem, &dependency.name)), dependency.name.clone());
            if let ("maven" | "gradle", Some((group, _))) = (&**ecosystem, dependency.name.split_once(':')) {
                let artifacts = declared.groups.entry(group.to_owned()).or_default();
                let artifact = (ecosystem.clone(), dependency.name.clone());
                if !artifacts.contains(&artifact) {
                    artifacts.push(artifact);
                }
            }
        }
        for namespace in namespaces {
            let key = (namespace.ecosystem.to_string(), namespace.prefix.to_string());
            declared.namespaces.insert(key, namespace.name.clone());
        }
        declared
    }

    /// The dependency behind the name of a [`DeclineReason::External`](codexa_model::relation::DeclineReason::External)
    /// in a file of a language; `None` where nothing declared fits, or more than one thing does.
    #[must_use]
    pub fn find(&self, language: Language, import: &str) -> Option<Used> {
        let ecosystems = ecosystems(language);
        match language {
            Language::Java => self.java(import),
            Language::Go => self.by_prefix(ecosystems, import, '/'),
            Language::CSharp => self.by_prefix(ecosystems, import, '.'),
            Language::Php => self.php(import),
            Language::Ruby => {
                self.by_prefix(ecosystems, &import.replace('/', "-"), '-').or_else(|| self.known(ecosystems, import))
            }
            Language::Python => {
                let top = import.split('.').next().unwrap_or(import);
                self.known(ecosystems, top).or_else(|| self.exact(ecosystems, top))
            }
            Language::Rust => self.exact(ecosystems, import.split("::").next().unwrap_or(import)),
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                self.by_prefix(ecosystems, import, '/').or_else(|| self.types_only(import))
            }
            Language::C | Language::Cpp => {
                let first = import.split('/').next().unwrap_or(import);
                let stem = first.split('.').next().unwrap_or(first);
                self.known(ecosystems, first)
                    .or_else(|| self.exact(ecosystems, stem).map(|used| Used { confidence: 60, ..used }))
            }
            Language::Bash => None,
        }
    }

    fn exact(&self, ecosystems: &[&str], name: &str) -> Option<Used> {
        self.look_up(ecosystems, name, "usage.exact", 95)
    }

    fn look_up(&self, ecosystems: &[&str], name: &str, origin: &'static str, confidence: u8) -> Option<Used> {
        ecosystems.iter().find_map(|ecosystem| {
            let found = self.names.get(&((*ecosystem).to_owned(), key(ecosystem, name)))?;
            Some(Used {
                ecosystem: (*ecosystem).to_owned().into(),
                name: found.clone(),
                origin: origin.into(),
                confidence,
            })
        })
    }

    /// The longest declared name that the import equals or goes on from.
    fn by_prefix(&self, ecosystems: &[&str], import: &str, separator: char) -> Option<Used> {
        let mut name = import;
        let mut confidence = 95;
        loop {
            if let Some(found) = self.look_up(ecosystems, name, "usage.prefix", confidence) {
                return Some(found);
            }
            name = name.rsplit_once(separator)?.0;
            // A module of Go and a package of npm own every path below them; elsewhere a longer name may be another's.
            confidence = if separator == '/' { 95 } else { 80 };
        }
    }

    /// Names in code that differ from the package's, where that package is declared.
    fn known(&self, ecosystems: &[&str], import: &str) -> Option<Used> {
        let names = well_known::packages(ecosystems.first()?, import)?;
        names.iter().find_map(|name| self.look_up(ecosystems, name, "usage.well_known", 85))
    }

    /// Only the types of a package are declared: `@types/x` for `x`.
    fn types_only(&self, import: &str) -> Option<Used> {
        let name = import.strip_prefix('@').map_or_else(|| import.to_owned(), |scoped| scoped.replacen('/', "__", 1));
        self.look_up(&["npm"], &format!("@types/{name}"), "usage.prefix", 70)
    }

    fn php(&self, import: &str) -> Option<Used> {
        let mut prefix = import.trim_start_matches('\\');
        loop {
            if let Some(name) = self.namespaces.get(&("composer".to_owned(), prefix.to_owned())) {
                return Some(Used {
                    ecosystem: "composer".into(),
                    name: name.clone(),
                    origin: "usage.autoload".into(),
                    confidence: 95,
                });
            }
            prefix = match prefix.rsplit_once('\\') {
                Some((above, _)) => above,
                None => return self.exact(&["composer"], import),
            };
        }
    }

    /// The artifact whose group is the longest prefix of the import. Of several in one group, the one whose own words the
    /// import goes on with.
    fn java(&self, import: &str) -> Option<Used> {
        if let Some(found) =
            well_known::java(import).and_then(|name| self.look_up(&["maven", "gradle"], name, "usage.well_known", 85))
        {
            return Some(found);
        }
        let mut group = import;
        loop {
            if let Some(artifacts) = self.groups.get(group) {
                let rest = import.strip_prefix(group).unwrap_or_default();
                return artifact(artifacts, group, rest);
            }
            group = group.rsplit_once('.')?.0;
        }
    }
}

fn artifact(artifacts: &[Artifact], group: &str, rest: &str) -> Option<Used> {
    let used = |(ecosystem, name): &Artifact, origin: &'static str, confidence| Used {
        ecosystem: ecosystem.clone(),
        name: name.clone(),
        origin: origin.into(),
        confidence,
    };
    if let [only] = artifacts {
        return Some(used(only, "usage.prefix", 80));
    }
    let further: Vec<&str> = rest.split('.').filter(|part| !part.is_empty()).collect();
    let matches = |name: &str| {
        let artifact = name.split_once(':').map_or(name, |(_, artifact)| artifact);
        let own = artifact.split(['-', '.', '_']).filter(|word| !group.split('.').any(|part| part.starts_with(*word)));
        let own: Vec<&str> = own.collect();
        if own.iter().all(|word| further.contains(word)) { own.len() } else { 0 }
    };
    let best = artifacts.iter().map(|(_, name)| matches(name)).max().filter(|best| *best > 0)?;
    let mut fits = artifacts.iter().filter(|(_, name)| matches(name) == best);
    let first = fits.next()?;
    fits.all(|(_, name)| *name == first.1).then(|| used(first, "usage.artifact_words", 60))
}

/// A name as its ecosystem compares it.
fn key(ecosystem: &str, name: &str) -> String {
    match ecosystem {
        "python" => python::normalised(name),
        "cargo" => name.replace('-', "_"),
        "nuget" | "composer" | "conan" | "vcpkg" | "cmake" => name.to_lowercase(),
        _ => name.to_owned(),
    }
}
