//! Tests that are named after the code they test: `test_cli.py` and `cli.py`, `OrderTest.java` and `Order.java`.

use super::{Basis, Found, Link, Role};
use crate::graph::MAX_DEFINERS;
use crate::record::FileRecord;
use codexa_model::Language;
use rustc_hash::FxHashMap;

/// How sure a name is that only one file carries, in percent.
const NAMED: u8 = 90;
/// The same where folders had to decide between several, in percent.
const NEAREST: u8 = 70;
/// The same where it is the name of a file's folder, which may mean all that lies in there, in percent.
const OF_FOLDER: u8 = 50;

/// Words for tests at an end of a name, in lower case.
const WORDS: [&str; 8] = ["benchmark", "integration", "spec", "test", "testcase", "tests", "unit", "unittest"];
/// Names of files that stand for their folders.
const OF_FOLDERS: [&str; 5] = ["__init__", "__main__", "index", "lib", "mod"];

/// Each test whose name leads to one file of code of its language.
pub(super) fn pairs(records: &[&FileRecord], roles: &[Role]) -> Vec<Found> {
    let mut by_name: FxHashMap<(Language, String), Vec<u32>> = FxHashMap::default();
    for (file, record, language) in of_roles(records, roles, |role| matches!(role, Role::Code { .. })) {
        by_name.entry((language, plain(name(&record.path)))).or_default().push(file);
    }
    let tests = of_roles(records, roles, |role| role == Role::Test);
    let pair = |(test, record, language): (u32, &FileRecord, Language)| {
        let name = tested_name(&record.path)?;
        let (code, confidence) = nearest(records, &record.path, by_name.get(&(language, name))?)?;
        Some((code, Link::new(test, Basis::Naming, 1, confidence)))
    };
    tests.filter_map(pair).collect()
}

fn of_roles<'a>(
    records: &'a [&'a FileRecord],
    roles: &'a [Role],
    is_wanted: impl Fn(Role) -> bool + 'a,
) -> impl Iterator<Item = (u32, &'a FileRecord, Language)> {
    let files = (0_u32..).zip(records.iter().zip(roles)).filter(move |(_, (_, role))| is_wanted(**role));
    files.filter_map(|(file, (record, _))| Some((file, *record, family(record.digest.as_ref()?.language))))
}

/// Languages whose tests may stand in another one.
fn family(language: Language) -> Language {
    match language {
        Language::TypeScript | Language::Tsx => Language::JavaScript,
        Language::Cpp => Language::C,
        other => other,
    }
}

/// A file's name without its extension; its folder's where the file stands for that.
fn name(path: &str) -> &str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let last = folder.rsplit_once('/').map_or(folder, |(_, last)| last);
    if stands_for_folder(path) && !last.is_empty() { last } else { stem(file) }
}

fn stem(file: &str) -> &str {
    file.split_once('.').map_or(file, |(stem, _)| stem)
}

fn stands_for_folder(path: &str) -> bool {
    OF_FOLDERS.contains(&stem(path.rsplit_once('/').map_or(path, |(_, file)| file)))
}

/// A name as it is compared: letters and digits, in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The name that is left of a test's when the words for tests are taken from its ends; `None` where nothing is, or was.
fn tested_name(path: &str) -> Option<String> {
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let all = words(stem);
    let is_word = |word: &String| WORDS.contains(&word.as_str());
    let first = all.iter().position(|word| !is_word(word))?;
    let last = all.iter().rposition(|word| !is_word(word))?;
    let kept = all.get(first..=last)?;
    // A test in a folder of tests may carry the plain name.
    (!kept.is_empty()).then(|| kept.concat())
}

/// Whether a file's own name says that it is a test: `client.test-d.ts`, `test_readme.py`.
pub(super) fn is_named_as_test(path: &str) -> bool {
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    words(stem).iter().any(|word| matches!(word.as_str(), "spec" | "test" | "tests" | "unittest"))
}

/// The words of a name in lower case: `OrderServiceTest`, `test_order_service`, `order-service.spec`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_small) {
            words.push(String::new());
        }
        was_small = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The one candidate, or the one that shares most folders with the test; `None` where several share as many.
fn nearest(records: &[&FileRecord], test: &str, candidates: &[u32]) -> Option<(u32, u8)> {
    let path = |file: u32| records.get(file as usize).map_or("", |record| &*record.path);
    if let &[only] = candidates {
        return Some((only, if stands_for_folder(path(only)) { OF_FOLDER } else { NAMED }));
    }
    if candidates.len() > MAX_DEFINERS {
        return None;
    }
    let shared = |&file: &u32| folders(path(file)).filter(|folder| folders(test).any(|other| other == *folder)).count();
    let most = candidates.iter().map(shared).max()?;
    let mut best = candidates.iter().filter(|file| shared(file) == most);
    best.next().filter(|_| best.next().is_none()).map(|&file| (file, NEAREST))
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/').filter(|folder| !folder.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{name, plain, tested_name};

    #[test]
    fn a_test_is_named_after_what_it_tests() {
        for (test, code) in [
            ("tests/test_cli.py", "src/flask/cli.py"),
            ("tests/test_json.py", "src/flask/json/__init__.py"),
            ("tests/test_shell_completion.py", "click/shell_completion.py"),
            ("context_test.go", "context.go"),
            ("src/test/OrderServiceTest.java", "src/main/OrderService.java"),
            ("it/OrderServiceIntegrationTest.java", "src/main/OrderService.java"),
            ("src/order-service.spec.ts", "src/order-service.ts"),
            ("spec/models/cart_spec.rb", "app/models/cart.rb"),
            ("tests/auth.rs", "src/auth/mod.rs"),
            ("tests/unit/HTTPServerTests.cs", "src/HttpServer.cs"),
        ] {
            assert_eq!(tested_name(test), Some(plain(name(code))), "{test}");
        }
        for test in ["tests/test.py", "tests/tests.rs", "spec/unit_test.rb", "tests/_.py"] {
            assert_eq!(tested_name(test), None, "{test}");
        }
    }
}
