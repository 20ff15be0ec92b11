//! C and C++: `conanfile.txt`, `conanfile.py`, `vcpkg.json`, and `find_package` and `pkg_check_modules` of CMake.

use super::Survey;
use super::files::ManifestFiles;
use super::words::{CMAKE, PYTHON, Word, words};
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use serde_json::Value;

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    for path in files.named("conanfile.txt") {
        conanfile(path, &files.text(path).unwrap_or_default(), survey);
    }
    for path in files.named("conanfile.py") {
        conan_recipe(path, &words(&files.text(path).unwrap_or_default(), &PYTHON), survey);
    }
    for path in files.named("vcpkg.json") {
        vcpkg(path, &files.json(path).unwrap_or_default(), survey);
    }
    for path in files.named("CMakeLists.txt").iter().chain(files.with_extension("cmake")) {
        cmake(path, &words(&files.text(path).unwrap_or_default(), &CMAKE), survey);
    }
}

fn declare(
    survey: &mut Survey,
    ecosystem: &'static str,
    name: &str,
    requirement: Option<&str>,
    scope: Scope,
    path: &str,
) {
    survey.dependencies.push(ExternalDependency {
        ecosystem: ecosystem.into(),
        name: name.into(),
        requirement: requirement.filter(|text| !text.is_empty()).map(Into::into),
        version: None,
        scope,
        declared_in: path.into(),
        direct: true,
    });
}

/// `[requires]` and `[tool_requires]` sections of `name/version@user/channel` lines.
fn conanfile(path: &str, text: &str, survey: &mut Survey) {
    let mut scope = None;
    for line in text.lines().map(|line| line.split('#').next().unwrap_or(line).trim()) {
        if let Some(section) = line.strip_prefix('[') {
            scope = match section.trim_end_matches(']') {
                "requires" => Some(Scope::Runtime),
                "tool_requires" | "build_requires" => Some(Scope::Build),
                "test_requires" => Some(Scope::Development),
                _ => None,
            };
        } else if let Some(scope) = scope {
            conan_reference(path, line, scope, survey);
        }
    }
}

fn conan_reference(path: &str, reference: &str, scope: Scope, survey: &mut Survey) {
    if let Some((name, rest)) = reference.split_once('/').filter(|(name, _)| !name.is_empty()) {
        declare(survey, "conan", name, rest.split(['@', '#']).next(), scope, path);
    }
}

/// `requires = "a/1", "b/2"` and `self.requires("a/1")` with their siblings for tools and tests.
fn conan_recipe(path: &str, words: &[Word<'_>], survey: &mut Survey) {
    for (at, word) in words.iter().enumerate() {
        let scope = match word.name().map(|name| name.strip_prefix("self.").unwrap_or(name)) {
            Some("requires") => Scope::Runtime,
            Some("tool_requires" | "build_requires") => Scope::Build,
            Some("test_requires") => Scope::Development,
            _ => continue,
        };
        let mut rest = words.iter().skip(at + 1).filter(|word| **word != Word::Line);
        if !matches!(rest.next(), Some(Word::Mark('=' | '('))) {
            continue;
        }
        for word in rest {
            match word {
                Word::Text(reference) => conan_reference(path, reference, scope, survey),
                Word::Mark(',' | '(' | '[') => {}
                _ => break,
            }
        }
    }
}

/// Format: <https://learn.microsoft.com/vcpkg/reference/vcpkg-json>.
fn vcpkg(path: &str, manifest: &Value, survey: &mut Survey) {
    let own = manifest.get("name").and_then(Value::as_str);
    let features = manifest.get("features").and_then(Value::as_object).into_iter().flatten();
    let optional = features.map(|(_, feature)| (feature, Scope::Optional));
    for (holder, scope) in std::iter::once((manifest, Scope::Runtime)).chain(optional) {
        for entry in holder.get("dependencies").and_then(Value::as_array).into_iter().flatten() {
            let Some(name) = entry.as_str().or_else(|| entry.get("name")?.as_str()).filter(|name| Some(*name) != own)
            else {
                continue;
            };
            let minimum = entry.get("version>=").and_then(Value::as_str).map(|version| format!(">={version}"));
            let is_tool = entry.get("host").and_then(Value::as_bool) == Some(true);
            declare(survey, "vcpkg", name, minimum.as_deref(), if is_tool { Scope::Build } else { scope }, path);
        }
    }
}

/// `find_package(Name 1.2 REQUIRED …)` and `pkg_check_modules(PREFIX name>=1 …)` with literal names.
fn cmake(path: &str, words: &[Word<'_>], survey: &mut Survey) {
    for (at, window) in words.windows(2).enumerate() {
        let [Word::Name(command), Word::Mark('(')] = window else { continue };
        if command.eq_ignore_ascii_case("find_package") {
            let arguments = words.iter().skip(at + 2).take_while(|word| **word != Word::Mark(')'));
            let mut arguments = arguments.filter(|word| **word != Word::Line);
            let Some(Word::Name(name)) = arguments.next() else { continue };
            let version = arguments.next().and_then(|word| word.name());
            let version = version.filter(|version| version.starts_with(|c: char| c.is_ascii_digit()));
            declare(survey, "cmake", name, version, Scope::Build, path);
        }
    }
}
