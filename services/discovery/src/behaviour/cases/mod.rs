//! For every rule a snippet that it finds and one that it must not find, read by the real parser.

mod c;
mod csharp;
mod go;
mod java;
mod javascript;
mod others;
mod python;
mod rust;

use super::{Behaviour, of_file, rules};
use codexa_model::Language;
use codexa_syntax::{Analyser, Limits};
use std::collections::BTreeSet;

/// A rule with its snippets.
pub(super) struct Case {
    rule: &'static str,
    path: &'static str,
    /// What the rule needs to see before the code; it must not fire without it.
    imports: &'static str,
    code: &'static str,
    /// Code like it, after the same imports, in which the rule must find nothing.
    not: &'static str,
}

pub(super) const fn case(rule: &'static str, imports: &'static str, code: &'static str, not: &'static str) -> Case {
    Case { rule, path: "src/file", imports, code, not }
}

impl Case {
    const fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }
}

fn tables() -> Vec<(Language, &'static [Case])> {
    vec![
        (Language::Bash, others::BASH),
        (Language::C, c::C),
        (Language::Cpp, c::CPP),
        (Language::CSharp, csharp::CASES),
        (Language::Go, go::CASES),
        (Language::Java, java::CASES),
        (Language::TypeScript, javascript::CASES),
        (Language::Php, others::PHP),
        (Language::Python, python::CASES),
        (Language::Ruby, others::RUBY),
        (Language::Rust, rust::CASES),
    ]
}

pub(super) fn behaviour(language: Language, path: &str, source: &str) -> Behaviour {
    of_file(path, &Analyser::new().analyse(language, source.as_bytes(), &Limits::default()))
}

fn origins(language: Language, path: &str, source: &str) -> BTreeSet<String> {
    let found = behaviour(language, path, source);
    let entries = found.entry_points.iter().map(|entry| entry.origin.to_string());
    entries.chain(found.contacts.iter().map(|contact| contact.origin.to_string())).collect()
}

#[test]
fn every_rule_finds_its_snippet_and_not_the_one_like_it() {
    let mut wrong = Vec::new();
    for (language, cases) in tables() {
        // PHP is a template language: code stands behind its opening tag.
        let source = |imports: &str, code: &str| match language {
            Language::Php => format!("<?php\n{imports}\n{code}\n"),
            _ => format!("{imports}\n{code}\n"),
        };
        for case in cases {
            let found = |source: &str| origins(language, case.path, source).contains(case.rule);
            if !found(&source(case.imports, case.code)) {
                wrong.push(format!("{}: misses {}", case.rule, case.code));
            }
            if found(&source(case.imports, case.not)) {
                wrong.push(format!("{}: finds {}", case.rule, case.not));
            }
            if !case.imports.is_empty() && found(&source("", case.code)) {
                wrong.push(format!("{}: needs no import for {}", case.rule, case.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let rules: BTreeSet<&str> = rules::all().map(|(_, rule)| rule.name).collect();
    let cases: BTreeSet<&str> = tables().iter().flat_map(|(_, cases)| cases.iter().map(|case| case.rule)).collect();
    assert_eq!(rules.difference(&cases).collect::<Vec<_>>(), Vec::<&&str>::new(), "rules without a case");
    assert_eq!(cases.difference(&rules).collect::<Vec<_>>(), Vec::<&&str>::new(), "cases without a rule");
}
