//! What the code is for, through the real binary: listed, and one explained.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;

/// A shop of two matters, told apart by uses, words and a document.
fn shop() -> GitRepository {
    let mut files = vec![
        ("pyproject.toml".to_owned(), "[project]\nname = \"shop\"\n".to_owned()),
        ("README.md".to_owned(), "# Shop\n\n## How a payment is taken\n".to_owned()),
        ("tests/test_payment.py".to_owned(), "from shop.payment import payment_card\n".to_owned()),
    ];
    for (matter, [a, b, c]) in [("payment", ["card", "invoice", "refund"]), ("mail", ["queue", "letter", "sender"])] {
        for (name, other) in [(a, b), (b, c), (c, a)] {
            let import = format!("from shop.{matter}.{matter}_{other} import {matter}_{other}");
            let text = format!("{import}\n\n\ndef {matter}_{name}():\n    return {matter}_{other}()\n");
            files.push((format!("shop/{matter}/{matter}_{name}.py"), text));
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    GitRepository::with_files(&files)
}

fn discovered(arguments: &[&str]) -> GitRepository {
    let shop = shop();
    let run = codexa(shop.path(), &[&["discover"], arguments].concat());
    assert!(run.code <= 1, "{}", run.transcript());
    shop
}

#[test]
fn intents_are_listed_and_explained() {
    let shop = discovered(&[]);
    let shown = codexa(shop.path(), &["show", "intents"]);
    assert_eq!(shown.code, 0, "{}", shown.transcript());
    insta::assert_snapshot!(shown.stdout);
    let explained = codexa(shop.path(), &["explain", "intent:payment"]);
    insta::assert_snapshot!(explained.stdout);
    let listed = codexa(shop.path(), &["show", "intents", "--format", "json"]).json();
    assert_eq!((&listed["schema"], &listed["intents"][0]["files"]), (&"codexa/show-intents@1".into(), &3.into()));
    let one = codexa(shop.path(), &["explain", "intent-1", "--format", "json"]).json();
    assert_eq!((&one["schema"], &one["id"]), (&"codexa/explain-intent@1".into(), &listed["intents"][0]["id"]));
    assert!(shop.read(".codexa/manifests/intent_map.md").starts_with("<!-- Written by `codexa discover`."));
    assert!(shop.read(".codexa/manifests/system_manifest.yaml").contains("- id: intent:payment\n"));
}

#[test]
fn what_is_no_intent_is_answered_with_the_next_step() {
    let shop = discovered(&[]);
    let slip = codexa(shop.path(), &["explain", "intent:paymnt", "--format", "json"]);
    assert_eq!((slip.code, slip.json()["code"].as_str()), (2, Some("QUERY_INTENT_NOT_FOUND")));
    assert!(slip.json()["help"].as_str().is_some_and(|help| help.contains("intent:payment")));
    let other = codexa(shop.path(), &["explain", "payment", "--format", "json"]);
    assert_eq!((other.code, other.json()["code"].as_str()), (2, Some("EXPLAIN_KIND_UNKNOWN")));
}

#[test]
fn code_alone_has_intents_and_says_what_it_could_not_know() {
    let shop = discovered(&["--mode", "code-only"]);
    let answer = codexa(shop.path(), &["show", "intents", "--format", "json"]).json();
    let ids: Vec<&str> = answer["intents"].as_array().unwrap().iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids.len(), 2, "{answer}");
    assert!(ids.contains(&"intent:payment") && ids.contains(&"intent:mail"), "{ids:?}");
    assert!(answer["not_known"][0].as_str().is_some_and(|said| said.starts_with("code-only: no document and no")));
    assert!(!shop.read(".codexa/manifests/intent_map.md").contains("README.md"));
}

#[test]
fn where_nothing_is_parsed_there_are_none_and_it_is_said() {
    let shop = discovered(&["--mode", "quick"]);
    let shown = codexa(shop.path(), &["show", "intents"]);
    assert!(shown.stdout.starts_with("no intents: the last run was in quick mode"), "{}", shown.transcript());
    assert!(
        shop.read(".codexa/manifests/intent_map.md").contains("No intents were looked for: the last run was in quick")
    );
}
