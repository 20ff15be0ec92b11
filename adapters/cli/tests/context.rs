//! Documents that `discovery.context` names, through the real binary: they name intents, they are inputs, and what could
//! not be read is said.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;
use serde_json::Value;
use std::fs;

/// Two matters that nothing but their code explains, and notes that git does not track.
fn shop(context: &str) -> GitRepository {
    let mut files = vec![
        (".codexa/config.yaml".to_owned(), format!("version: 1\ndiscovery:\n  context: {context}\n")),
        (".gitignore".to_owned(), "notes/\n".to_owned()),
    ];
    for (matter, [a, b, c]) in [("payment", ["card", "invoice", "refund"]), ("mail", ["queue", "letter", "sender"])] {
        for (name, other) in [(a, b), (b, c), (c, a)] {
            let import = format!("from shop.{matter}.{matter}_{other} import {matter}_{other}");
            let text = format!("{import}\n\n\ndef {matter}_{name}():\n    return {matter}_{other}()\n");
            files.push((format!("shop/{matter}/{matter}_{name}.py"), text));
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let shop = GitRepository::with_files(&files);
    let notes = shop.path().join("notes/old");
    fs::create_dir_all(&notes).unwrap();
    fs::write(notes.join("wiki.html"), "<h2>When a payment is taken back</h2>").unwrap();
    fs::write(notes.join("plan.pdf"), b"%PDF-1.7\n\0").unwrap();
    fs::write(notes.join("latin.txt"), b"caf\xe9\n").unwrap();
    std::os::unix::fs::symlink("/etc/hostname", notes.join("link.md")).unwrap();
    shop
}

fn discovered(shop: &GitRepository, arguments: &[&str]) {
    let run = codexa(shop.path(), &[&["discover"], arguments].concat());
    assert!(run.code <= 1, "{}", run.transcript());
}

fn json(shop: &GitRepository, arguments: &[&str]) -> Value {
    codexa(shop.path(), &[arguments, &["--format", "json"]].concat()).json()
}

#[test]
fn documents_that_settings_name_speak_of_intents_and_are_inputs() {
    let shop = shop("[notes/**]");
    discovered(&shop, &[]);
    let payment = json(&shop, &["explain", "intent:payment"]);
    assert_eq!(payment["headings"][0]["heading"], "When a payment is taken back");
    assert_eq!(payment["headings"][0]["path"], "notes/old/wiki.html");
    let manifest = shop.read(".codexa/manifests/system_manifest.yaml");
    let read = manifest.lines().find(|line| line.contains("notes/old/wiki.html, sha256:")).unwrap();
    assert!(read.ends_with("untracked: true}"), "{read}");
    fs::write(shop.path().join("notes/old/wiki.html"), "<h2>Mail</h2>").unwrap();
    discovered(&shop, &[]);
    let again = shop.read(".codexa/manifests/system_manifest.yaml");
    assert!(!again.contains(read), "another content is another input");
    assert_eq!(json(&shop, &["explain", "intent:mail"])["headings"][0]["heading"], "Mail");
}

#[test]
fn what_could_not_be_read_is_named_with_the_reason() {
    let shop = shop("[notes/, ../elsewhere/*.md, \"~/notes\", \"control-plane:none/*.md\", wiki/*.md]");
    discovered(&shop, &[]);
    let coverage = json(&shop, &["show", "coverage"]);
    assert_eq!(coverage["context_read"], 1);
    let unread = coverage["context_unread"].as_object().unwrap();
    let why = |path: &str| unread[path].as_str().unwrap();
    assert_eq!(why("notes/old/plan.pdf"), "a PDF, which is not read");
    assert_eq!(why("notes/old/latin.txt"), "not UTF-8");
    assert_eq!(why("notes/old/link.md"), "a symbolic link, not followed");
    assert_eq!(why("../elsewhere/*.md"), "leads out of the project and the control plane");
    assert_eq!(why("~/notes"), "leads out of the project and the control plane");
    assert_eq!(why("wiki/*.md"), "matches no file");
    assert!(unread.contains_key("control-plane:none/*.md"));
    assert_eq!(unread.len(), 7);
    let shown = codexa(shop.path(), &["show", "coverage"]).stdout;
    assert!(shown.contains("context not read: "), "{shown}");
    assert!(shop.read(".codexa/manifests/system_model/coverage.yaml").contains("notes/old/plan.pdf: \"a PDF"));
}

#[test]
fn code_alone_reads_no_context_and_says_so() {
    let shop = shop("[notes/**]");
    discovered(&shop, &["--mode", "code-only"]);
    let intents = json(&shop, &["show", "intents"]);
    assert!(intents["not_known"][0].as_str().unwrap().contains("no `discovery.context` was read"), "{intents}");
    assert_eq!(json(&shop, &["explain", "intent:payment"])["headings"], Value::Array(Vec::new()));
    assert_eq!(json(&shop, &["show", "coverage"])["context_read"], 0);
}
