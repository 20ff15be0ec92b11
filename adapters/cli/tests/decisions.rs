//! Decisions from a terminal, with nothing running beside it.

#![cfg(test)]

use codexa_project::Project;
use codexa_project::lock::Lock;
use codexa_testkit::cli::{Run, World};
use codexa_testkit::running::Running;
use serde_json::json;
use std::time::Duration;

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
    insta::assert_snapshot!(transcript(&ada(&world, &["change", "show", "CH-001"])));
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
    let made = ada(&world, &["token", "new", "--person", "ada"]).with_code(0);
    let kept = made.stdout;
    let listed = ada(&world, &["token", "list"]).with_code(0).stdout;
    let rows: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        rows.iter().map(|row| (row[1], row[2])).collect::<Vec<_>>(),
        [("service", "builder"), ("person", "ada")]
    );
    assert!(!listed.contains(token.trim()) && !listed.contains(kept.trim()), "{listed}");
    let told = format!("holds until it is revoked: codexa token revoke {}", rows[1][0]);
    assert!(made.stderr.contains(&told), "{}", made.stderr);
    let revoked = ada(&world, &["token", "revoke", rows[1][0]]).with_code(0).stdout;
    assert!(revoked.contains("revoked"), "{revoked}");
    let nobody = world.run_with(&[("USER", "ada"), ("CODEXA_TOKEN", kept.trim())], &["change", "list"]).with_code(2);
    assert!(nobody.stderr.contains("TOKEN_INVALID"), "{}", nobody.stderr);
    assert!(ada(&world, &["token", "revoke", "0123"]).with_code(2).stderr.contains("TOKEN_NOT_FOUND"));
}

#[test]
fn a_token_is_revoked_while_settings_of_the_work_tree_are_broken() {
    let world = project();
    ada(&world, &["token", "new", "--service", "lost"]).with_code(0);
    let config = world.read("project/.codexa/config.yaml");
    world.write("project/.codexa/config.yaml", config.replace("maturity: M0", "maturity: M7"));
    assert!(ada(&world, &["change", "list"]).with_code(2).stderr.contains("CONFIG_"));
    let listed = ada(&world, &["token", "list"]).with_code(0).stdout;
    let id = listed.split_whitespace().next().unwrap();
    assert!(ada(&world, &["token", "revoke", id]).with_code(0).stdout.contains("revoked"));
}

#[test]
fn abuse_15_an_account_of_the_machine_is_none_of_several_people() {
    let world = project();
    world.write(
        "project/.codexa/rules/people.yaml",
        "version: 1\npeople:\n  - {id: ada, roles: [PM]}\n  - {id: bea, roles: [GO]}\n",
    );
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "--message", "two people"]);
    for name in ["ada", "bea"] {
        let refused = world.run_with(&[("USER", name)], &["change", "new", "one"]).with_code(2);
        assert!(refused.stderr.contains("PERSON_UNSAID"), "{}", refused.stderr);
        world.run_with(&[("USER", name)], &["change", "list"]).with_code(0);
    }
    let token = ada(&world, &["token", "new", "--person", "ada"]).with_code(0).stdout;
    world.run_with(&[("USER", "bea"), ("CODEXA_TOKEN", token.trim())], &["change", "new", "one"]).with_code(0);
    let status = ada(&world, &["change", "list", "--format", "json"]).json();
    assert_eq!(status["changes"][0]["requester"], "ada");
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
    let shown = ada(&world, &["rules", "show", "--format", "json"]).with_code(0).json();
    assert_eq!((&shown["pinned"], &shown["entry"]), (&"main".into(), &0.into()));

    // A branch of somebody's own, and settings in the work tree that name it.
    git(&world, &["checkout", "--quiet", "-b", "mine"]);
    world.write("project/.codexa/rules/people.yaml", "version: 1\npeople:\n  - {id: ada, roles: [PM, GO]}\n");
    let config = world.read("project/.codexa/config.yaml");
    world.write("project/.codexa/config.yaml", format!("{config}\ngovernance:\n  protected_branch: mine\n"));
    git(&world, &["add", "--all"]);
    git(&world, &["commit", "--quiet", "--message", "mine"]);
    let shown = ada(&world, &["rules", "show"]).with_code(0).stdout;
    assert!(shown.contains("rules of  main at"), "{shown}");
    assert!(ada(&world, &["rules", "branch", "none"]).with_code(2).stderr.contains("RULES_BROKEN"));
    let asked = ada(&world, &["rules", "branch", "mine", "--format", "json"]).with_code(1).json();
    assert_eq!(asked["schema"], "codexa/rules-branch@1");
    let digest = asked["digest"].as_str().unwrap();
    let changed = ada(&world, &["rules", "branch", "mine", "--confirm", digest]).with_code(0).stdout;
    assert!(
        changed.starts_with("the rules of mine at ") && changed.ends_with("count now; ledger entry 2\n"),
        "{changed}"
    );
    let shown = ada(&world, &["rules", "show"]).with_code(0).stdout;
    assert!(shown.contains("mine at") && shown.contains("@ada"), "{shown}");
    let refused = ada(&world, &["rules", "branch", "main"]).with_code(1).stdout;
    assert!(refused.contains("next: codexa rules branch main --confirm"), "{refused}");
}

/// People on `main`, and the short name of the commit.
fn people(world: &World, people: &str) -> String {
    world.write("project/.codexa/rules/people.yaml", format!("version: 1\npeople:\n{people}"));
    git(world, &["add", "--all"]);
    git(world, &["commit", "--quiet", "--message", "people"]);
    let named =
        codexa_testkit::git::command(&world.project()).args(["rev-parse", "--short=8", "main"]).output().unwrap();
    String::from_utf8(named.stdout).unwrap().trim().to_owned()
}

#[test]
fn abuse_22_who_commits_people_gives_nobody_a_role_until_an_officer_of_before_accepts_it() {
    let world = project();
    assert!(ada(&world, &["rules", "accept"]).with_code(2).stderr.contains("RULES_UNCHANGED"));
    ada(&world, &["change", "new", "cap the parser depth"]).with_code(0);

    let commit = people(&world, "  - {id: ada, roles: [PM]}\n  - {id: bea, name: Bea, roles: [GO]}\n");
    let shown = ada(&world, &["rules", "show"]).with_code(0).stdout;
    assert!(shown.ends_with(&format!("\nmain at {commit} proposes others: codexa rules accept\n")), "{shown}");
    let unknown = ada(&world, &["token", "new", "--person", "bea"]).with_code(2).stderr;
    assert!(unknown.contains(&format!("main at {commit} proposes them: `codexa rules accept`")), "{unknown}");
    let asked = ada(&world, &["rules", "accept"]).with_code(1);
    insta::assert_snapshot!(asked.transcript().replace(&commit, "[COMMIT]"));
    let digest = ada(&world, &["rules", "show", "--format", "json"]).json()["proposed"]["digest"].clone();
    let digest = digest.as_str().unwrap();
    let moved = ada(&world, &["rules", "accept", "--confirm", "sha256:00"]).with_code(2).stderr;
    assert!(moved.contains("RULES_STALE"), "{moved}");
    let accepted = ada(&world, &["rules", "accept", "--confirm", digest]).with_code(0).stdout;
    assert_eq!(accepted, format!("the rules of main at {commit} count now; ledger entry 2\n"));

    // From here on it is bea who accepts, and no account of the machine.
    let token = |person: &str| ada(&world, &["token", "new", "--person", person]).with_code(0).stdout;
    let (of_ada, of_bea) = (token("ada"), token("bea"));
    people(&world, "  - {id: ada, roles: [PM, GO]}\n  - {id: bea, name: Bea, roles: [GO]}\n");
    let proposed = ada(&world, &["rules", "accept", "--format", "json"]).with_code(1).json();
    let change = json!([{"of": "@ada", "before": "PM", "after": "PM GO"}]);
    assert_eq!((&proposed["schema"], &proposed["changes"]), (&"codexa/rules-accept@1".into(), &change));
    let confirm = ["rules", "accept", "--confirm", proposed["digest"].as_str().unwrap()];
    assert!(ada(&world, &confirm).with_code(2).stderr.contains("PERSON_UNSAID"));
    let refused = world.run_with(&[("CODEXA_TOKEN", of_ada.trim())], &confirm).with_code(2).stderr;
    assert!(refused.contains("RULES_ROLE") && refused.contains("@bea can"), "{refused}");
    let (declined, shown) = world.at_a_terminal(of_bea.trim(), &["rules", "accept"], "n\n");
    assert!(declined == 1 && shown.contains("Let these rules come into force? [y/N]"), "{shown}");
    let (accepted, shown) = world.at_a_terminal(of_bea.trim(), &["rules", "accept"], "y\n");
    assert!(accepted == 0 && shown.contains("count now; ledger entry 5"), "{shown}");

    git(&world, &["branch", "--move", "main", "trunk"]);
    let shown = ada(&world, &["rules", "show"]).with_code(0);
    assert!(shown.stdout.contains("@ada  PM GO"), "{}", shown.stdout);
    assert!(shown.stderr.contains("the protected branch `main` is not there"), "{}", shown.stderr);
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
fn a_role_says_what_it_lacks() {
    let world = project();
    let run = world.run(&["serve", "slack"]).with_code(2);
    assert!(run.stderr.contains("CODEXA_ADAPTER_TOKEN"), "{}", run.stderr);
}

#[test]
fn a_role_shows_what_it_is_told_and_ends() {
    let world = project();
    let secret = world.write("home/redis", "redis://:planted@127.0.0.1:1\n");
    let environment = [
        ("CODEXA_SERVICE_TOKEN", "cdx_planted_0123456789"),
        ("CODEXA_REDIS_URL_FILE", secret.to_str().unwrap()),
        ("CODEXA_GOVERNACE_URL", "http://typo:1"),
    ];
    let told = world.run_with(&environment, &["serve", "planner", "--listen", "127.0.0.1:1", "--print-settings"]);
    insta::assert_snapshot!(told.transcript());
    let json = world.run_with(&environment, &["serve", "planner", "--print-settings", "--format", "json"]).with_code(0);
    assert!(
        json.json()["settings"].as_array().unwrap().len() == 6 && !json.stdout.contains("planted"),
        "{}",
        json.stdout
    );
    let lacks = world.run(&["serve", "planner", "--print-settings"]).with_code(2);
    assert!(
        lacks.stderr.contains("governance-url") && lacks.stderr.contains("CODEXA_SERVICE_TOKEN"),
        "{}",
        lacks.stderr
    );
}

#[test]
fn a_role_that_listens_nowhere_is_not_told_where() {
    let world = project();
    let tokens = [
        ("CODEXA_ADAPTER_TOKEN", "cdx_0123456789"),
        ("CODEXA_INBOX", "inbox.sqlite"),
        ("CODEXA_DISCORD_TOKEN", "x"),
        ("CODEXA_SLACK_BOT_TOKEN", "xoxb-x"),
    ];
    let told = |more: (&str, &str), arguments: &[&str]| {
        let arguments = [arguments, &["--print-settings", "--format", "json"]].concat();
        world.run_with(&[&tokens[..], &[more]].concat(), &arguments)
    };
    for (role, how) in [("discord", ("CODEXA_LISTEN", "127.0.0.1:2")), ("slack", ("CODEXA_SLACK_APP_TOKEN", "xapp-x"))]
    {
        let refused = told(how, &["serve", role, "--listen", "127.0.0.1:1"]).with_code(2);
        assert_eq!(refused.json()["code"], "LISTEN_NOWHERE", "{role}");
        told(how, &["serve", role]).with_code(0);
    }
    let signed = ("CODEXA_SLACK_SIGNING_SECRET", "secret");
    let listens = told(signed, &["serve", "slack", "--listen", "127.0.0.1:1"]).with_code(0).json();
    let row =
        |name: &str| listens["settings"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
    assert_eq!((&row("listen")["value"], &row("listen")["origin"]), (&"127.0.0.1:1".into(), &"--listen".into()));
}

/// What becomes of asking for discovery without waiting for it.
fn asked(world: &World) -> serde_json::Value {
    ada(world, &["say", "--no-wait", "--format", "json", "discover"]).with_code(0).json()["job"].clone()
}

#[test]
fn a_job_waits_until_a_command_waits_for_it() {
    let world = project();
    let run = ada(&world, &["say", "--no-wait", "discover"]).with_code(0);
    assert!(run.stderr.contains("it waits for `codexa up`"), "{}", run.stderr);
    let job = asked(&world);
    for arguments in [&["say", "status"][..], &["change", "new", "cap the parser depth"], &["change", "list"]] {
        ada(&world, arguments).with_code(0);
        let now = asked(&world);
        assert_eq!((&now["id"], &now["state"]), (&job["id"], &"queued".into()), "{arguments:?}");
    }
    let done = ada(&world, &["say", "--format", "json", "discover"]).with_code(0).json()["job"].clone();
    assert_eq!((&done["id"], &done["state"]), (&job["id"], &"done".into()));
}

#[test]
fn a_job_is_given_back_when_the_command_that_does_it_is_interrupted() {
    let world = project();
    let project = Project::open(&world.project()).unwrap();
    let lock = Lock::acquire(&project, "a test", Duration::ZERO, |_| {}, || false).unwrap();
    let mut command = world.command(&["say", "--format", "json", "discover"]);
    command.env("USER", "ada");
    let mut saying = Running::start(command, world.home().join("say.log"));
    assert!((0..1000).any(|_| asked(&world)["state"] == "running"), "{}", saying.log());
    let ended = saying.interrupt();
    assert_eq!(ended.code(), Some(2), "{}", saying.log());
    assert_eq!(saying.document()["code"], "JOB_INTERRUPTED");
    assert_eq!(asked(&world)["state"], "queued", "at once, not when its lease ends");
    drop(lock);
    ada(&world, &["say", "discover"]).with_code(0);
}

#[test]
fn a_workspace_that_a_command_left_behind_is_made_by_the_next() {
    let world = project();
    ada(&world, &["change", "new", "cap the parser depth"]).with_code(0);
    std::fs::remove_dir_all(world.project().join("changes")).unwrap();
    ada(&world, &["say", "status"]).with_code(0);
    assert!(world.read("project/changes/CH-001/status.md").contains("# CH-001: cap the parser depth"));
}
