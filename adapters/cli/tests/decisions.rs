//! Decisions from a terminal, with nothing running beside it.

#![cfg(test)]

use codexa_testkit::cli::{Run, World};
use std::io::BufRead as _;

/// A project at M0, in which its one person decides.
fn project() -> World {
    let world = World::new();
    world.run(&["init"]).with_code(0);
    world.write("project/main.rs", "fn main() {}\n");
    for arguments in
        [&["init", "--quiet", "--initial-branch=main"][..], &["add", "--all"], &["commit", "--quiet", "-m", "all"]]
    {
        git(&world, arguments);
    }
    world
}

fn git(world: &World, arguments: &[&str]) {
    assert!(codexa_testkit::git::command(&world.project()).args(arguments).status().unwrap().success());
}

fn ada(world: &World, arguments: &[&str]) -> Run {
    world.run_with(&[("USER", "ada")], arguments)
}

/// A transcript without what differs from run to run: digests, hours.
fn transcript(run: &Run) -> String {
    let text = run.transcript();
    let lines = text.lines().map(|line| match line.trim_start().split_once("  ") {
        Some(("base", _)) => "  base      [COMMIT]".to_owned(),
        Some(("closes", _)) => "  closes    [LATER]".to_owned(),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_change_is_opened_and_its_design_approved() {
    let world = project();
    insta::assert_snapshot!(transcript(&ada(&world, &["change", "new", "cap the parser depth"])));
    let ask = ["say", "approve", "design", "for", "CH-001"];
    insta::assert_snapshot!(transcript(&ada(&world, &ask)));
    let digest =
        ada(&world, &["say", "--format", "json", "approve design for CH-001"]).json()["card"]["digest"].clone();
    let confirm = ["say", "--confirm", digest.as_str().unwrap(), "approve design for CH-001"];
    insta::assert_snapshot!(transcript(&ada(&world, &confirm)));
    world.write("project/changes/CH-001/spec.md", "# another\n");
    insta::assert_snapshot!(transcript(&ada(&world, &["change", "list"])));
    insta::assert_snapshot!(transcript(&ada(&world, &["status"])));
    insta::assert_snapshot!(transcript(&ada(&world, &["say", "publish governance report"])));
    insta::assert_snapshot!(world.read("project/changes/CH-001/spec.md"), @"# another");
    assert_eq!(ada(&world, &confirm).code, 2, "what was edited is not approved by the old digest");
}

#[test]
fn a_nonce_is_for_a_person_at_a_terminal() {
    let world = project();
    ada(&world, &["change", "new", "cap the parser depth"]).with_code(0);
    let asked = ada(&world, &["say", "--format", "json", "approve scope for CH-001"]).with_code(1).json();
    let nonce = asked["confirm"]["nonce"].as_str().unwrap().to_owned();
    let refused = ada(&world, &["say", "--confirm", &nonce]).with_code(2);
    assert!(refused.stderr.contains("CONFIRM_TERMINAL"), "{}", refused.stderr);
}

#[test]
fn what_is_not_carried_out_says_so_and_ends_with_2() {
    let world = project();
    for (words, code) in [
        ("raise a concern on CH-001: it crashes", "DIRECTIVE_NOT_YET"),
        ("approve design for CH-009", "CHANGE_NOT_FOUND"),
        ("hold the loop", "TARGET_NOT_YET"),
    ] {
        let run = ada(&world, &["say", words]).with_code(2);
        assert!(run.stderr.contains(code), "{words}: {}", run.stderr);
    }
    for words in ["don't approve design for CH-001", "approve design", "hello"] {
        ada(&world, &["say", words]).with_code(2);
    }
}

#[test]
fn a_token_is_made_for_people_that_there_are() {
    let world = project();
    let token = ada(&world, &["token", "new", "--person", "ada"]).with_code(0).stdout;
    assert!(token.starts_with("cdx_"), "{token}");
    let me = world.run_with(&[("USER", "ada"), ("CODEXA_TOKEN", token.trim())], &["change", "list"]);
    me.with_code(0);
    assert!(ada(&world, &["token", "new", "--person", "bob"]).with_code(2).stderr.contains("PERSON_UNKNOWN"));
    let wrong = world.run_with(&[("USER", "ada"), ("CODEXA_TOKEN", "cdx_none")], &["change", "list"]).with_code(2);
    assert!(wrong.stderr.contains("TOKEN_INVALID"), "{}", wrong.stderr);
}

#[test]
fn a_token_that_is_revoked_is_nobody_s() {
    let world = project();
    let token = ada(&world, &["token", "new", "--service", "builder", "--days", "30"]).with_code(0).stdout;
    let kept = ada(&world, &["token", "new", "--person", "ada"]).with_code(0).stdout;
    let listed = ada(&world, &["token", "list"]).with_code(0).stdout;
    let rows: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        rows.iter().map(|row| (row[1], row[2])).collect::<Vec<_>>(),
        [("service", "builder"), ("person", "ada")]
    );
    assert!(!listed.contains(token.trim()) && !listed.contains(kept.trim()), "{listed}");
    let revoked = ada(&world, &["token", "revoke", rows[1][0]]).with_code(0).stdout;
    assert!(revoked.contains("revoked"), "{revoked}");
    let nobody = world.run_with(&[("USER", "ada"), ("CODEXA_TOKEN", kept.trim())], &["change", "list"]).with_code(2);
    assert!(nobody.stderr.contains("TOKEN_INVALID"), "{}", nobody.stderr);
    assert!(ada(&world, &["token", "revoke", "0123"]).with_code(2).stderr.contains("TOKEN_NOT_FOUND"));
}

#[test]
fn an_account_that_is_not_linked_is_not_unlinked() {
    let world = project();
    assert!(ada(&world, &["account", "list"]).with_code(0).stdout.contains("no account is linked"));
    let refused = ada(&world, &["account", "unlink", "slack/T1/U1"]).with_code(2);
    assert!(refused.stderr.contains("ACCOUNT_NOT_FOUND"), "{}", refused.stderr);
    assert!(ada(&world, &["account", "unlink", "U1"]).with_code(2).stderr.contains("is no account"));
}

#[test]
fn abuse_22_the_branch_whose_rules_count_is_pinned_and_changed_by_an_act() {
    let world = project();
    ada(&world, &["change", "new", "cap the parser depth"]).with_code(0);
    let shown = ada(&world, &["rules", "show"]).with_code(0).stdout;
    assert!(shown.contains("main, by the ledger"), "{shown}");

    // A branch of somebody's own, and settings in the work tree that name it.
    git(&world, &["checkout", "--quiet", "-b", "mine"]);
    world.write("project/.codexa/rules/people.yaml", "version: 1\npeople:\n  - {id: ada, roles: [PM]}\n");
    let config = world.read("project/.codexa/config.yaml");
    world.write("project/.codexa/config.yaml", format!("{config}\ngovernance:\n  protected_branch: mine\n"));
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "--message", "mine"]);
    let shown = ada(&world, &["rules", "show"]).with_code(0).stdout;
    assert!(shown.contains("rules of  main at"), "{shown}");
    assert!(ada(&world, &["rules", "branch", "none"]).with_code(2).stderr.contains("RULES_BROKEN"));
    let changed = ada(&world, &["rules", "branch", "mine"]).with_code(0).stdout;
    assert_eq!(changed.trim(), "the rules of mine count now; ledger entry 2");
    let shown = ada(&world, &["rules", "show"]).with_code(0).stdout;
    assert!(shown.contains("mine at") && shown.contains("@ada"), "{shown}");
}

#[test]
fn decisions_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = project();
    ada(&world, &["change", "new", "cap the parser depth"]).with_code(0);
    let base = world.home().join(".local/share/codexa");
    let folder = std::fs::read_dir(base).unwrap().next().unwrap().unwrap().path();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("operator.token")), 0o600);
}

#[test]
fn a_code_that_nobody_was_given_links_nothing() {
    let run = ada(&project(), &["link", "ABCD-EFGHJK"]).with_code(2);
    assert!(run.stderr.contains("LINK_CODE_INVALID"), "{}", run.stderr);
}

#[test]
fn there_is_one_house_for_a_project_and_commands_beside_it_use_it() {
    let world = project();
    let mut up = world.command(&["up", "--listen", "127.0.0.1:0", "--examples", "--format", "json"]);
    let mut up = up.env("USER", "ada").stdout(std::process::Stdio::piped()).spawn().unwrap();
    let lines = std::io::BufReader::new(up.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut document = String::new();
    for line in lines {
        document.push_str(&line);
        if line == "}" {
            break;
        }
    }
    let ready: serde_json::Value = serde_json::from_str(&document).unwrap();
    let second = ada(&world, &["up", "--listen", "127.0.0.1:0"]).with_code(2);
    assert!(second.stderr.contains("UP_RUNNING"), "{}", second.stderr);

    // The lines for a newcomer's shell do what they say.
    let script: Vec<&str> = ready["examples"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let shell = std::process::Command::new("bash").arg("-c").arg(script.join("\n")).output().unwrap();
    let said = String::from_utf8_lossy(&shell.stderr).into_owned();
    assert!(said.contains("You approved scope for CH-001"), "{said}\n{}", String::from_utf8_lossy(&shell.stdout));
    let listed = ada(&world, &["change", "list", "--format", "json"]).with_code(0).json();
    assert_eq!(listed["changes"][0]["gates"][0]["state"], "met");
    up.kill().unwrap();
    up.wait().unwrap();
}

#[test]
fn a_role_says_what_it_lacks() {
    let world = project();
    let run = world.run(&["serve", "slack"]).with_code(2);
    assert!(run.stderr.contains("CODEXA_ADAPTER_TOKEN"), "{}", run.stderr);
}
