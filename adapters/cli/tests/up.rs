//! `codexa up`: there is one for a project, and commands beside it use it.

#![cfg(test)]

use codexa_chassis::settings::Secret;
use codexa_client::Client;
use codexa_project::Project;
use codexa_project::lock::Lock;
use codexa_testkit::cli::{Run, World};
use codexa_testkit::running::Running;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A project at M0, in which its one person decides.
fn project() -> World {
    let world = World::new();
    world.run(&["init"]).with_code(0);
    world.write("project/main.rs", "fn main() {}\n");
    for arguments in
        [&["init", "--quiet", "--initial-branch=main"][..], &["add", "--all"], &["commit", "--quiet", "-m", "all"]]
    {
        assert!(codexa_testkit::git::command(&world.project()).args(arguments).status().unwrap().success());
    }
    world
}

fn ada(world: &World, arguments: &[&str]) -> Run {
    world.run_with(&[("USER", "ada")], arguments)
}

const UP: [&str; 6] = ["up", "--listen", "127.0.0.1:0", "--examples", "--format", "json"];

/// A house that is starting.
fn up(world: &World) -> Running {
    let mut command = world.command(&UP);
    command.env("USER", "ada");
    Running::start(command, world.home().join("up.log"))
}

/// The folder of the project's decisions.
fn data(world: &World) -> PathBuf {
    let base = world.home().join(".local/share/codexa");
    std::fs::read_dir(base).unwrap().next().unwrap().unwrap().path()
}

/// Lines of a shell do what they say: the vote is there.
fn vote(world: &World, lines: &[&str]) {
    let shell = Command::new("bash").arg("-c").arg(lines.join("\n")).output().unwrap();
    let said = String::from_utf8_lossy(&shell.stderr).into_owned();
    assert!(said.contains("You approved design for CH-001"), "{said}\n{}", String::from_utf8_lossy(&shell.stdout));
    let listed = ada(world, &["change", "list", "--format", "json"]).with_code(0).json();
    assert_eq!(listed["changes"][0]["gates"][0]["state"], "met");
    assert_eq!(listed["changes"][0]["gates"][0]["votes"][0]["via"], "rest", "over the network: {listed}");
    let withdraw = "withdraw design for CH-001";
    let asked = ada(world, &["say", "--format", "json", withdraw]).json()["confirm"]["digest"].clone();
    ada(world, &["say", "--confirm", asked.as_str().unwrap(), withdraw]).with_code(0);
    let asked =
        ada(world, &["say", "--format", "json", "approve design for CH-001"]).json()["confirm"]["digest"].clone();
    ada(world, &["say", "--confirm", asked.as_str().unwrap(), "approve design for CH-001"]).with_code(0);
    let listed = ada(world, &["change", "list", "--format", "json"]).with_code(0).json();
    assert_eq!(listed["changes"][0]["gates"][0]["votes"][0]["via"], "terminal", "by this machine's socket");
}

#[test]
fn there_is_one_house_for_a_project_and_commands_beside_it_use_it() {
    let world = project();
    let mut first = up(&world);
    let ready = first.document();
    let is_refused = || {
        let second = ada(&world, &UP).with_code(2).json();
        assert_eq!(second["code"], "UP_RUNNING");
        assert_eq!(second["message"], format!("`codexa up` runs already for this project (process {})", first.id()));
    };
    is_refused();
    let lines: Vec<&str> = ready["examples"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    vote(&world, &lines);
    // It is not its socket that keeps others out.
    std::fs::remove_file(data(&world).join("gateway.sock")).unwrap();
    is_refused();
}

#[test]
fn of_many_that_start_at_once_one_is_the_house() {
    let world = project();
    let mut starting: Vec<Running> = (0..4).map(|_| up(&world)).collect();
    let said: Vec<serde_json::Value> = starting.iter_mut().map(Running::document).collect();
    let refused = said.iter().filter(|document| document["code"] == "UP_RUNNING").count();
    let ready = said.iter().filter(|document| document["schema"] == "codexa/up@1").count();
    assert_eq!((refused, ready), (3, 1), "{said:#?}");
    ada(&world, &["change", "list"]).with_code(0);
}

#[test]
fn a_house_that_was_killed_makes_room_for_the_next() {
    let world = project();
    let mut first = up(&world);
    first.document();
    first.kill();
    assert!(data(&world).join("gateway.sock").exists() && data(&world).join("house.lock").exists());
    let mut second = up(&world);
    second.document();
    ada(&world, &["change", "new", "cap the parser depth"]).with_code(0);
    assert!(second.interrupt().success(), "{}", second.log());
    assert!(!data(&world).join("gateway.sock").exists());
    up(&world).document();
}

#[test]
fn a_house_of_several_people_says_that_its_token_is_nobody_s() {
    let world = project();
    let people = "version: 1\npeople:\n  - {id: ada, roles: [PM]}\n  - {id: bea, roles: [GO]}\n";
    world.write("project/.codexa/rules/people.yaml", people);
    for arguments in [&["add", "--all"][..], &["commit", "--quiet", "--message", "two people"]] {
        assert!(codexa_testkit::git::command(&world.project()).args(arguments).status().unwrap().success());
    }
    let ready = up(&world).document();
    assert!(ready.get("person").is_none() && ready.get("examples").is_none(), "{ready}");
}

#[test]
fn a_job_that_is_not_done_when_the_house_stops_waits_for_the_next() {
    let world = project();
    let mut house = up(&world);
    house.document();
    let project = Project::open(&world.project()).unwrap();
    let _writing = Lock::acquire(&project, "a test", Duration::ZERO, |_| {}, || false).unwrap();
    let job = || {
        let asked = ada(&world, &["say", "--no-wait", "--format", "json", "discover"]).with_code(0).json();
        (asked["job"]["id"].clone(), asked["job"]["state"].clone())
    };
    let (id, _) = job();
    assert!((0..1000).any(|_| job().1 == "running"), "{}", house.log());
    assert!(house.interrupt().success(), "{}", house.log());
    assert_eq!(job(), (id, "queued".into()), "at once, not when its lease ends");
}

#[tokio::test]
async fn status_shows_the_newest_changes_also_those_of_a_gateway_that_a_file_names() {
    let world = project();
    let mut house = up(&world);
    let ready = house.document();
    let text = |field: &str| ready[field].as_str().unwrap().to_owned();
    let token = std::fs::read_to_string(text("token_file")).unwrap();
    let client = Client::http(&text("url"), Secret::new(&token)).unwrap();
    for number in 1..=51 {
        client.open_change(&format!("change {number}"), &number.to_string()).await.unwrap();
    }
    let listed = ada(&world, &["change", "list", "--format", "json"]).with_code(0).json();
    let ids: Vec<&str> =
        listed["changes"].as_array().unwrap().iter().map(|change| change["id"].as_str().unwrap()).collect();
    let all: Vec<String> = (1..=51).rev().map(|number| format!("CH-{number:03}")).collect();
    assert_eq!(ids, all);

    // Nothing was ever decided in this project; the gateway is another's.
    let elsewhere = project();
    let url = elsewhere.write("home/url", text("url"));
    let named = [("CODEXA_REMOTE_FILE", url.to_str().unwrap()), ("CODEXA_TOKEN", token.trim())];
    let status = |arguments: &[&str]| elsewhere.run_with(&named, &[&["status"], arguments].concat()).with_code(0);
    let shown = status(&["--format", "json"]).json();
    assert_eq!((shown["changes"].as_array().unwrap().len(), &shown["older_changes"]), (50, &true.into()));
    assert!(status(&[]).stdout.ends_with("older changes: codexa change list\n"));
    let nowhere = [("CODEXA_REMOTE_FILE", "/nowhere"), ("CODEXA_TOKEN", token.trim())];
    let run = elsewhere.run_with(&nowhere, &["status"]);
    assert!(run.stderr.contains("the changes could not be asked for: CODEXA_REMOTE_FILE"), "{}", run.stderr);
}

#[test]
fn the_script_discovers_starts_the_house_and_prints_lines_that_work() {
    let world = project();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/up.sh");
    let binary = world.command(&[]).get_program().to_owned();
    let mut command = Command::new(script);
    // The script runs where nothing is installed but the binary.
    command
        .arg(world.project())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", world.home())
        .env("USER", "ada")
        .env("CODEXA_BINARY", binary)
        .env("LISTEN", "127.0.0.1:0");
    let mut running = Running::start(command, world.home().join("script.log"));
    let printed = running.lines_until(|line| line.starts_with("curl "));
    for left in ["manifests/system_manifest.yaml", "manifests/change_zones.md", "state/map.html"] {
        assert!(world.project().join(".codexa").join(left).exists(), "{left}: {}", running.log());
    }
    assert!(printed.iter().any(|line| line.starts_with("ready  http://127.0.0.1:")), "{printed:#?}");
    let starts = ["CHANGE=$(curl ", "NONCE=$(curl ", "curl "];
    let is_for_a_shell = |line: &&str| starts.iter().any(|start| line.starts_with(start));
    let lines: Vec<&str> = printed.iter().map(String::as_str).filter(is_for_a_shell).collect();
    assert_eq!(lines.len(), 3, "{printed:#?}");
    vote(&world, &lines);
    assert!(running.interrupt().success(), "{}", running.log());
}

#[test]
fn a_repository_that_is_no_project_is_discovered_and_told_what_makes_it_one() {
    let world = World::new();
    world.write("project/main.rs", "fn main() {}\n");
    assert!(codexa_testkit::git::command(&world.project()).args(["init", "--quiet"]).status().unwrap().success());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/up.sh");
    let binary = world.command(&[]).get_program().to_owned();
    let mut command = Command::new(script);
    command
        .arg(world.project())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", world.home())
        .env("CODEXA_BINARY", binary);
    let run = world.finish(command).with_code(0);
    assert!(run.stderr.contains("init --project [PROJECT]` makes one of it"), "{}", run.stderr);
}
