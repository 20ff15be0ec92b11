//! tokei's command.

use std::path::Path;

use codexa_profiles::{Options, Profile, run};
use serde_json::Value;

use crate::tools;

/// Files in the order of their paths: tokei's own order is that of its threads.
fn sorted(mut report: Value) -> Value {
    fn sort(value: &mut Value) {
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(sort);
                items.sort_by_key(ToString::to_string);
            }
            Value::Object(map) => map.values_mut().for_each(sort),
            _ => {}
        }
    }
    sort(&mut report);
    report
}

fn agrees(path: &Path, least_languages: usize) {
    let theirs = sorted(tools::json(&tools::program("tokei/bin/tokei"), &["-o", "json"], path));
    let report = run(Profile::Tokei, &[path.to_path_buf()], &Options::default()).expect("a report");
    let ours = sorted(serde_json::to_value(report).expect("JSON"));
    let languages = theirs.as_object().expect("languages");
    assert!(languages.len() > least_languages, "only {} languages in {}", languages.len(), path.display());
    for (language, counts) in languages {
        assert_eq!(&ours[language], counts, "{language} in {}", path.display());
    }
    assert_eq!(ours.as_object().map(|map| map.len()), Some(languages.len()));
}

#[test]
fn agrees_on_examples_of_every_language() {
    agrees(&tools::corpus("sdists/pygments-2.20.0/tests/examplefiles"), 60);
}

#[test]
fn agrees_on_django() {
    agrees(&tools::corpus("Django"), 5);
}

#[test]
fn agrees_on_a_java_and_cpp_repository() {
    agrees(&tools::corpus("sdists/jpype1-1.6.0"), 5);
}
