//! From the name that code imports to the dependency that a manifest declares.

use super::python;
use codexa_model::Language;
use codexa_model::relation::ExternalDependency;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

mod starters;
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
    /// The rule that tied them: `usage.exact`, `usage.prefix`, `usage.autoload`, `usage.well_known`, `usage.artifact_words`,
    /// `usage.starter`.
    pub origin: Cow<'static, str>,
    /// How sure the rule is, in percent.
    pub confidence: u8,
}

/// Artifacts of one group that are told apart by their words; where there are more, nothing is said.
const MOST_ARTIFACTS: usize = 512;

/// An artifact of a group.
#[derive(Debug)]
struct Artifact {
    ecosystem: Cow<'static, str>,
    /// `group:artifact`.
    name: Box<str>,
    /// The words of its name that its group does not begin with.
    own: Vec<Box<str>>,
}

impl Artifact {
    fn of(ecosystem: Cow<'static, str>, name: &str, group: &str) -> Self {
        let artifact = name.split_once(':').map_or(name, |(_, artifact)| artifact);
        let own = artifact.split(['-', '.', '_']).filter(|word| !group.split('.').any(|part| part.starts_with(*word)));
        Self { ecosystem, name: name.into(), own: own.map(Into::into).collect() }
    }
}

/// Ecosystems in which Java's imports may be declared.
const JVM: &[&str] = &["maven", "gradle"];

/// The declared dependencies, ready to be asked for the one behind an import.
#[derive(Debug, Default)]
pub struct Declared {
    /// By ecosystem and the name as [`key`] writes it.
    names: FxHashMap<(String, String), Box<str>>,
    /// Maven and Gradle artifacts by group.
    groups: FxHashMap<String, Vec<Artifact>>,
    /// By ecosystem and prefix.
    namespaces: FxHashMap<(String, String), Box<str>>,
    /// Where each stands among the dependencies, by [`family`] and the name as [`key`] writes it.
    places: FxHashMap<(&'static str, String), Vec<usize>>,
}

/// Ecosystems in which a language's packages and what they need are declared, the likelier first.
#[must_use]
pub fn ecosystems(language: Language) -> &'static [&'static str] {
    match language {
        Language::Python => &["python"],
        Language::Rust => &["cargo"],
        Language::JavaScript | Language::TypeScript | Language::Tsx => &["npm"],
        Language::Go => &["go"],
        Language::Java => JVM,
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
        for (at, dependency) in dependencies.iter().enumerate() {
            let ecosystem = &dependency.ecosystem;
            let place = (family(ecosystem), key(ecosystem, &dependency.name));
            declared.places.entry(place).or_default().push(at);
            declared.names.insert((ecosystem.to_string(), key(ecosystem, &dependency.name)), dependency.name.clone());
            if let ("maven" | "gradle", Some((group, _))) = (&**ecosystem, dependency.name.split_once(':')) {
                let artifacts = declared.groups.entry(group.to_owned()).or_default();
                // Maven and Gradle may declare the same one.
                if artifacts.len() <= MOST_ARTIFACTS && !artifacts.iter().any(|known| known.name == dependency.name) {
                    artifacts.push(Artifact::of(ecosystem.clone(), &dependency.name, group));
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

    /// The declared dependencies that bring along what an import names and no declaration fits, the likelier first: starters
    /// of Spring Boot, of which each module has its own.
    #[must_use]
    pub fn bringing(&self, language: Language, import: &str) -> Vec<Used> {
        let names = starters::bringing(import).filter(|_| language == Language::Java);
        names.filter_map(|name| self.look_up(JVM, &name, "usage.starter", 70)).collect()
    }

    /// Where what was found stands among the dependencies that this was made from: every manifest and lock file that
    /// names it, in every ecosystem that shares the artifacts (Maven and Gradle).
    #[must_use]
    pub fn places(&self, used: &Used) -> &[usize] {
        let place = (family(&used.ecosystem), key(&used.ecosystem, &used.name));
        self.places.get(&place).map_or(&[], Vec::as_slice)
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

    /// The artifact that the package is known for, else the one whose group is the longest prefix of the import. Of
    /// several in one group, the one whose own words the import goes on with, else the one without words of its own.
    fn java(&self, import: &str) -> Option<Used> {
        let known = well_known::artifacts(import).iter();
        if let Some(found) = known.copied().find_map(|name| self.look_up(JVM, name, "usage.well_known", 85)) {
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
    let used = |artifact: &Artifact, origin: &'static str, confidence| Used {
        ecosystem: artifact.ecosystem.clone(),
        name: artifact.name.clone(),
        origin: origin.into(),
        confidence,
    };
    let is_shared = well_known::is_shared(group);
    if let ([only], false) = (artifacts, is_shared) {
        return Some(used(only, "usage.prefix", 80));
    }
    if artifacts.len() > MOST_ARTIFACTS {
        return None;
    }
    let further: FxHashSet<&str> = rest.split('.').filter(|part| !part.is_empty()).collect();
    // How many of an artifact's own words the import goes on with; `None` where one is missing.
    let matches =
        |artifact: &Artifact| artifact.own.iter().all(|word| further.contains(&**word)).then_some(artifact.own.len());
    // Who owns nothing but a group that others share is nobody's answer.
    let best = artifacts.iter().filter_map(matches).max().filter(|best| *best > 0 || !is_shared)?;
    let mut fits = artifacts.iter().filter(|artifact| matches(artifact) == Some(best));
    let first = fits.next()?;
    fits.next().is_none().then(|| used(first, "usage.artifact_words", 60))
}

/// Ecosystems that name the same things.
fn family(ecosystem: &str) -> &'static str {
    const NATIVE: &[&str] = &["conan", "vcpkg", "cmake"];
    const ALONE: &[&str] = &["python", "cargo", "npm", "go", "nuget", "rubygems", "composer"];
    if JVM.contains(&ecosystem) {
        "jvm"
    } else if NATIVE.contains(&ecosystem) {
        "native"
    } else {
        ALONE.iter().find(|name| **name == ecosystem).copied().unwrap_or("other")
    }
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
