//! What the past says, through the real binary: hotspots, zones, owners, couplings, and pages made of them.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::{Run, codexa};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const WEEK: i64 = 7 * 24 * 60 * 60;
/// The week of the newest commit.
const NEWEST: i64 = 1_750_000_000;
const ANN: (&str, &str) = ("Ann Lee", "ann@example.com");
const BOB: (&str, &str) = ("Bob Roe", "bob@example.com");

/// The week of a commit, who made it, what it says, and the files that it changes.
type Event<'a> = (i64, (&'a str, &'a str), String, Vec<&'a str>);

/// A mill with a past of three years: its engine is repaired every few weeks by Ann, with the gears beside it; the rest is
/// changed now and then by Bob, who has been gone for more than a year.
fn mill() -> GitRepository {
    mill_in(GitRepository::empty())
}

fn mill_in(repository: GitRepository) -> GitRepository {
    let names =
        ["engine", "gears", "belt", "hopper", "scale", "bag", "label", "door", "clock", "lamp", "floor", "roof"];
    repository.write("pyproject.toml", "[project]\nname = \"mill\"\n");
    for (n, name) in names.iter().enumerate() {
        let body = format!("def {name}_run(x):\n    return x + {n}\n\n\n").repeat(110 + 10 * n);
        repository.write(&format!("mill/{name}.py"), body);
    }
    repository.write(
        "tests/test_engine.py",
        "from mill.engine import engine_run\n\n\ndef test_run():\n    assert engine_run(1)\n",
    );
    repository.commit_by(BOB, NEWEST - 156 * WEEK, "The mill");
    let mut commits: Vec<Event<'_>> = Vec::new();
    for week in (1..150).step_by(3) {
        let files = if week % 2 == 0 { vec!["engine", "gears"] } else { vec!["engine"] };
        commits.push((week, ANN, format!("Fix the engine stalling in week {week}"), files));
    }
    for (name, week) in names.iter().skip(2).zip((11..).step_by(6)) {
        commits.push((week, BOB, format!("Paint the {name}"), vec![name]));
    }
    commits.push((155, ANN, "Brighter lamp".to_owned(), vec!["lamp"]));
    commits.sort();
    for (week, who, subject, files) in commits {
        for name in files {
            let path = format!("mill/{name}.py");
            let text = repository.read(&path);
            repository.write(&path, format!("{text}# week {week}\n"));
        }
        repository.commit_by(who, NEWEST - (155 - week) * WEEK, &subject);
    }
    repository
}

fn discovered(repository: &GitRepository, arguments: &[&str]) -> Run {
    let run = codexa(repository.path(), &[&["discover"], arguments].concat());
    assert!(run.code <= 1, "{}", run.transcript());
    run
}

fn asked(repository: &GitRepository, question: &[&str]) -> serde_json::Value {
    let run = codexa(repository.path(), &[question, &["--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.transcript());
    run.json()
}

#[test]
fn files_and_parts_that_are_repaired_come_first_with_their_reasons() {
    let mill = mill();
    let run = discovered(&mill, &[]);
    assert!(run.stdout.contains("\n  1  zone-5   mill/engine.py  ready\n"), "{}", run.stdout);
    assert!(run.stdout.ends_with("  next: codexa explain zone-5\n"), "{}", run.stdout);
    for question in [
        &["show", "hotspots", "--limit", "4"][..],
        &["show", "zones"],
        &["show", "owners"],
        &["show", "couplings"],
        &["show", "risks"],
        &["explain", "zone-1"],
        &["suggest-change-zones"],
        &["summarize", "--focus", "engine"],
        &["impact", "mill/engine.py"],
    ] {
        let shown = codexa(mill.path(), question);
        assert_eq!(shown.code, 0, "{}", shown.transcript());
        let widest = shown.stdout.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(widest <= 80, "{widest} columns\n{}", shown.stdout);
        insta::assert_snapshot!(question.join("_").replace(['/', '.', '-'], ""), shown.stdout);
    }
    insta::assert_snapshot!("change_zones", mill.read(".codexa/manifests/change_zones.md"));
}

#[test]
fn answers_about_the_past_are_documents_in_rank_order() {
    let mill = mill();
    discovered(&mill, &[]);
    let hotspots = asked(&mill, &["show", "hotspots", "--limit", "3"]);
    assert_eq!(hotspots["schema"], "codexa/show-hotspots@1");
    let rows = hotspots["hotspots"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["path"]), (3, &"mill/engine.py".into()));
    assert!(rows.windows(2).all(|two| two[0]["score"].as_f64() >= two[1]["score"].as_f64()));
    assert!(rows[0]["terms"]["recent_repairs"].as_f64() > Some(5.0));
    assert_eq!(hotspots["backtest"]["verdict"], "beats");
    let zones = asked(&mill, &["show", "zones"]);
    assert_eq!((&zones["withheld"], &zones["zones"][0]["rank"]), (&false.into(), &1.into()));
    let owners = asked(&mill, &["show", "owners"]);
    let people: Vec<(&str, bool)> = owners["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), it["active"].as_bool().unwrap()))
        .collect();
    assert_eq!(people, [("Bob Roe", false), ("Ann Lee", true)]);
    let couplings = asked(&mill, &["show", "couplings", "--from", "mill/gears.py"]);
    assert_eq!(
        (&couplings["couplings"][0]["a"], &couplings["couplings"][0]["b"]),
        (&"mill/engine.py".into(), &"mill/gears.py".into())
    );
    let impact = asked(&mill, &["impact", "mill/gears.py"]);
    assert_eq!(impact["beside"]["changes_with"][0]["path"], "mill/engine.py");
    let summary = asked(&mill, &["summarize", "--focus", "engine"]);
    assert_eq!(summary["files"][0], "mill/engine.py");
    let suggested = asked(&mill, &["suggest-change-zones", "--focus", "engine"]);
    assert_eq!(suggested["schema"], "codexa/suggest-change-zones@1");
    let nobody = codexa(mill.path(), &["explain", "zone-99", "--format", "json"]);
    assert_eq!((nobody.code, nobody.json()["code"].as_str()), (2, Some("ZONE_UNKNOWN")));
}

/// Every tracked file that a run wrote, but the numbers that were ever given.
fn manifests(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut left = vec![folder.join(".codexa/manifests")];
    while let Some(at) = left.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if !path.ends_with("ids.yaml") {
                files.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// Every tracked file that a run wrote fits its schema.
fn assert_valid(repository: &GitRepository) {
    let schemas: BTreeMap<_, _> = codexa_model::manifest::schemas().into_iter().collect();
    let written = manifests(repository.path()).into_iter().filter(|(path, _)| path.ends_with(".yaml"));
    for (path, text) in written {
        let value: serde_json::Value =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
        let name = value["schema"].as_str().and_then(|name| name.strip_prefix("codexa/")?.strip_suffix("@1"));
        let validator = jsonschema::validator_for(&schemas[name.unwrap()].clone().to_value()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

#[test]
fn a_run_after_a_commit_writes_what_a_clean_run_writes_whatever_was_kept_of_the_past() {
    let mill = mill();
    discovered(&mill, &[]);
    mill.write("mill/belt.py", "def belt_run(x):\n    return x\n");
    mill.commit_by(BOB, NEWEST + 60, "Fix the belt");
    discovered(&mill, &[]);
    let continued = manifests(mill.path());
    let cache = mill.path().join(".codexa/state/cache");
    fs::remove_file(cache.join("past")).unwrap();
    mill.write("mill/new.py", "x = 1\n");
    mill.git(&["add", "mill/new.py"]);
    discovered(&mill, &[]);
    mill.git(&["rm", "-qf", "mill/new.py"]);
    fs::remove_dir_all(&cache).unwrap();
    discovered(&mill, &["--threads", "1"]);
    assert_eq!(manifests(mill.path()), continued);
    // What lies there and is none of it is as if it were not there.
    fs::write(cache.join("past"), b"\xff\xff").unwrap();
    fs::write(cache.join("history"), b"").unwrap();
    discovered(&mill, &[]);
    assert_eq!(manifests(mill.path()), continued);
}

#[test]
fn no_question_and_no_run_in_a_hurry_tests_the_ranking() {
    let mill = mill();
    let cache = mill.path().join(".codexa/state/cache");
    discovered(&mill, &["--mode", "quick"]);
    assert!(!cache.join("past").exists() && !cache.join("history").exists());
    discovered(&mill, &["--budget", "60s"]);
    assert_eq!(asked(&mill, &["show", "hotspots"])["backtest"]["verdict"], "untested");
    discovered(&mill, &[]);

    let questions =
        [&["show", "hotspots"][..], &["show", "zones"], &["show", "couplings"], &["impact", "mill/gears.py"]];
    let answers = questions.map(|question| asked(&mill, question));
    assert_eq!(answers[0]["backtest"]["verdict"], "beats");
    // Whoever tested it anew would have to read commits.
    fs::remove_file(cache.join("past")).unwrap();
    fs::remove_dir_all(mill.path().join(".git/objects")).unwrap();
    fs::create_dir(mill.path().join(".git/objects")).unwrap();
    assert_eq!(questions.map(|question| asked(&mill, question)), answers);
}

#[test]
fn the_ranking_is_tested_once_in_a_window() {
    let mill = mill();
    discovered(&mill, &[]);
    let tested = asked(&mill, &["show", "hotspots"])["backtest"].take();
    assert_eq!(tested["verdict"], "beats");
    mill.write("mill/belt.py", "def belt_run(x):\n    return x\n");
    mill.commit_by(BOB, NEWEST + 60, "Fix the belt");
    // Without the files of a year ago nobody can test it.
    for commit in mill.git(&["rev-list", "HEAD", "--skip", "3"]).lines() {
        let tree = mill.git(&["rev-parse", &format!("{commit}:mill")]);
        let (folder, name) = tree.trim().split_at(2);
        let _ = fs::remove_file(mill.path().join(".git/objects").join(folder).join(name));
    }
    discovered(&mill, &[]);
    assert_eq!(asked(&mill, &["show", "hotspots"])["backtest"], tested);
    fs::remove_dir_all(mill.path().join(".codexa/state/cache")).unwrap();
    discovered(&mill, &[]);
    assert_ne!(asked(&mill, &["show", "hotspots"])["backtest"]["verdict"], "beats");
}

#[test]
fn where_the_past_was_not_read_answers_say_why() {
    let mill = mill();
    discovered(&mill, &["--mode", "quick"]);
    for question in [&["show", "hotspots"][..], &["show", "zones"], &["show", "owners"], &["show", "couplings"]] {
        let answer = asked(&mill, question);
        assert!(answer["unknown_because"].as_str().is_some_and(|why| why.contains("quick mode")), "{answer}");
    }
    let plain = GitRepository::folder();
    plain.write("a.py", "x = 1\n");
    discovered(&plain, &[]);
    assert!(asked(&plain, &["show", "zones"])["unknown_because"].as_str().is_some_and(|why| why.contains("no commit")));
}

/// What a model says there is: components, files and edges.
fn facts(repository: &GitRepository) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for row in asked(repository, &["show", "components"])["components"].as_array().unwrap() {
        facts.insert(format!("component {}", row["id"]));
    }
    for row in asked(repository, &["show", "edges"])["edges"].as_array().unwrap() {
        facts.insert(format!("edge {} {}", row["from"], row["to"]));
    }
    for (_, text) in manifests(repository.path()).into_iter().filter(|(path, _)| path.contains("/components/")) {
        let component: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        for (folder, module) in component["modules"].as_object().unwrap() {
            let names = module["files"].as_object().into_iter().flat_map(|files| files.keys());
            facts.extend(names.map(|name| format!("file {folder}/{name}")));
        }
    }
    facts
}

/// Asserts that a run writes the same where nothing is left of those before but the ids that they gave.
fn assert_clean(repository: &GitRepository) {
    let found = manifests(repository.path());
    let ids = repository.read(".codexa/manifests/ids.yaml");
    fs::remove_dir_all(repository.path().join(".codexa")).unwrap();
    repository.write(".codexa/manifests/ids.yaml", ids);
    discovered(repository, &[]);
    assert_eq!(manifests(repository.path()), found);
}

#[test]
fn a_budget_gives_a_partial_model_that_later_runs_refine_and_contradict_with_a_reason() {
    let old = GitRepository::empty();
    old.import("attic.txt", NEWEST - 200 * WEEK, 2_500);
    let mill = mill_in(old);
    let in_a_hurry = ["--budget", "0ms", "--format", "json"];
    let partial = |mill: &GitRepository, says: &[&str]| {
        let run = discovered(mill, &in_a_hurry);
        assert_eq!((run.code, &run.json()["partial"]), (1, &true.into()), "{}", run.transcript());
        assert_valid(mill);
        let manifest = mill.read(".codexa/manifests/system_manifest.yaml");
        assert!(manifest.contains("  partial: true\n  reproducible: false\n"), "{manifest}");
        let coverage = mill.read(".codexa/manifests/system_model/coverage.yaml");
        says.iter().for_each(|cause| assert!(coverage.contains(cause), "{cause}\n{coverage}"));
        facts(mill)
    };
    let refined = |mill: &GitRepository, before: &BTreeSet<String>| {
        discovered(mill, &[]);
        let why = asked(mill, &["diff"])["unlike"].as_str().unwrap().to_owned();
        assert!(why.contains(" is partial (the budget was used up before "), "{why}");
        let facts = facts(mill);
        assert!(facts.is_superset(before), "{before:?}\n{facts:?}");
        assert_clean(mill);
    };

    // Nothing was known before.
    let no_test = "\"history: the budget left no time to test ranking by the past\"";
    let causes = ["the budget was used up before 15 files were read", "before all commits were read", no_test];
    let first = partial(&mill, &causes);
    for question in ["hotspots", "zones"] {
        let backtest = &asked(&mill, &["show", question])["backtest"];
        assert_eq!(backtest["verdict"], "untested");
        assert!(backtest["says"].as_str().is_some_and(|says| says.contains("the budget left no time")), "{backtest}");
    }
    refined(&mill, &first);
    assert_eq!(asked(&mill, &["show", "hotspots"])["backtest"]["verdict"], "beats");

    // The whole model of the commit stays, also where nothing is left of its cache.
    let whole = manifests(mill.path());
    fs::remove_dir_all(mill.path().join(".codexa/state")).unwrap();
    assert!(discovered(&mill, &in_a_hurry).json()["kept"].is_string());
    assert_eq!(manifests(mill.path()), whole);
    discovered(&mill, &[]);

    // Another commit: what did not change is known, and of the rest nothing is said.
    mill.write("mill/new.py", "from mill.engine import engine_run\n\n\ndef new_run(x):\n    return engine_run(x)\n");
    mill.write("mill/belt.py", "def belt_run(x):\n    return x\n");
    mill.commit_by(BOB, NEWEST + 60, "Fix the belt");
    let second = partial(&mill, &["the budget was used up before 2 files were read"]);
    assert!(second.iter().any(|fact| fact.starts_with("edge ")), "{second:?}");
    refined(&mill, &second);
}

#[test]
fn where_there_is_no_code_or_no_commit_answers_say_so_in_words() {
    let binaries = GitRepository::empty();
    for week in 0..3_u8 {
        binaries.write("logo.png", [0x89, b'P', b'N', b'G', 0, week]);
        binaries.write("data.bin", [0, week]);
        binaries.commit_by(ANN, NEWEST + WEEK * i64::from(week), "Fix the logo");
    }
    let nothing = GitRepository::empty();
    let mut hollow = GitRepository::empty();
    hollow.commit_staged("Nothing yet");
    let no_code = "no tracked file holds source code";
    let no_commit = "there is no commit";
    for (repository, past, files) in [(&binaries, no_code, 2), (&nothing, no_commit, 0), (&hollow, no_code, 0)] {
        let run = discovered(repository, &["--format", "json"]);
        assert_eq!((run.code, &run.json()["partial"], &run.json()["files"]), (0, &false.into(), &files.into()));
        assert_valid(repository);
        let is_born = past != no_commit;
        assert_eq!(repository.read(".codexa/manifests/system_manifest.yaml").contains("  basis_commit: "), is_born);
        for (question, says) in [
            ("hotspots", past),
            ("zones", past),
            ("owners", if is_born { "no source file has an author" } else { past }),
            ("couplings", if is_born { "no two files changed together often enough" } else { past }),
            ("intents", "only 0 files of code that ship"),
            ("tests", "there is no code that tests could reach"),
        ] {
            let shown = codexa(repository.path(), &["show", question]);
            assert_eq!((shown.code, &*shown.stderr), (0, ""), "{}", shown.transcript());
            assert!(shown.stdout.replace("\n  ", " ").contains(says), "{}", shown.transcript());
        }
    }
}

#[test]
fn a_past_that_ends_early_makes_the_model_partial() {
    let mill = mill();
    let clone = mill.beside("shallow");
    let url = format!("file://{}", mill.path().display());
    mill.git(&["clone", "-q", "--depth", "3", &url, clone.to_str().unwrap()]);
    let run = codexa(&clone, &["discover", "--format", "json"]);
    assert!(run.code <= 1, "{}", run.transcript());
    let manifest = fs::read_to_string(clone.join(".codexa/manifests/system_manifest.yaml")).unwrap();
    assert!(manifest.contains("  partial: true\n"), "{manifest}");
    let page = fs::read_to_string(clone.join(".codexa/manifests/change_zones.md")).unwrap();
    assert!(page.contains("history ends early"), "{page}");
    assert!(page.contains("not tested"), "{page}");
}

/// Two folders whose first files changed together for a year. In the year since, the first file of `api` changed with others.
fn house(since: &[&str]) -> GitRepository {
    let repository = GitRepository::empty();
    for folder in ["api", "web"] {
        for name in ["a", "b", "c", "d", "e", "f", "g"] {
            repository.write(&format!("{folder}/{name}.py"), format!("def {name}(x):\n    return x\n"));
        }
    }
    repository.commit_by(ANN, NEWEST - 120 * WEEK, "The house");
    let before = (60..108).rev().step_by(3).map(|week| (week, &["api/a.py", "web/a.py"][..]));
    let since = (4..50).rev().step_by(3).map(|week| (week, since));
    for (week, files) in before.chain(since) {
        for file in files {
            let text = repository.read(file);
            repository.write(file, format!("{text}# week {week}\n"));
        }
        repository.commit_by(ANN, NEWEST - week * WEEK, &format!("Work of week {week}"));
    }
    repository.write("README.md", "# The house\n");
    repository.commit_by(ANN, NEWEST, "Say what it is");
    repository
}

#[test]
fn what_changes_together_is_withheld_where_the_folder_says_more() {
    let changed = house(&["api/a.py", "api/b.py"]);
    discovered(&changed, &[]);
    let zone = asked(&changed, &["show", "zones"])["zones"][0]["id"].as_str().unwrap().to_owned();
    for question in [&["show", "couplings"][..], &["impact", "api/a.py"], &["explain", &zone]] {
        let shown = codexa(changed.path(), question).stdout;
        assert!(
            shown.to_lowercase().contains("withheld") && shown.lines().all(|line| line.chars().count() <= 80),
            "{shown}"
        );
    }
    insta::assert_snapshot!("show_couplings_withheld", codexa(changed.path(), &["show", "couplings"]).stdout);
    let page = changed.read(".codexa/manifests/change_zones.md");
    assert!(page.contains("What changes together, tested on") && page.contains("Withheld: nothing goes by"), "{page}");

    let went_on = house(&["api/a.py", "web/a.py"]);
    discovered(&went_on, &[]);
    for (house, is_withheld) in [(&changed, true), (&went_on, false)] {
        let couplings = asked(house, &["show", "couplings"]);
        let verdict = if is_withheld { "loses" } else { "beats" };
        assert_eq!((&couplings["withheld"], &couplings["backtest"]["verdict"]), (&is_withheld.into(), &verdict.into()));
        let impact = asked(house, &["impact", "api/a.py"]);
        let of_zones = asked(house, &["show", "zones"]);
        let zones = of_zones["zones"].as_array().unwrap();
        for of in zones.iter().chain([&impact["beside"]]) {
            let named = of["changes_with"].as_array().unwrap();
            assert_eq!((named.is_empty(), of["withheld_because"].is_string()), (is_withheld, is_withheld), "{of}");
        }
        let manifest = house.read(".codexa/manifests/system_manifest.yaml");
        assert!(manifest.contains(&format!("pairs_withheld: {is_withheld}\n")), "{manifest}");
    }
}

#[test]
fn code_alone_has_zones_and_says_that_tests_were_not_looked_at() {
    let mill = mill();
    discovered(&mill, &["--mode", "code-only"]);
    let zones = asked(&mill, &["show", "zones"]);
    let tests =
        zones["zones"][0]["parts"].as_array().unwrap().iter().find(|part| part["dimension"] == "tests").unwrap();
    assert!(
        tests["grade"].is_null() && tests["says"].as_str().is_some_and(|says| says.contains("code-only")),
        "{tests}"
    );
}

/// What is not parsed may be the test: the past says what changes with it, and of the rest nothing is known.
#[test]
fn tests_that_are_not_parsed_are_offered_where_they_change_with_the_code() {
    let mill = GitRepository::empty();
    for name in ["belt", "engine", "gears"] {
        mill.write(&format!("mill/{name}.py"), format!("def {name}_run(x):\n    return x\n\n\n").repeat(60));
    }
    mill.write("tests/engine.tcl", "test {it runs} {\n    run engine\n}\n");
    mill.commit_by(ANN, NEWEST - 30 * WEEK, "The mill");
    for week in 0..8 {
        for path in ["mill/engine.py", "tests/engine.tcl"] {
            let text = mill.read(path);
            mill.write(path, format!("{text}# {week}\n"));
        }
        mill.commit_by(ANN, NEWEST - (20 - week) * WEEK, &format!("Fix the engine, {week}"));
    }
    discovered(&mill, &[]);
    let tests = asked(&mill, &["impact", "mill/engine.py"])["tests_to_run"].clone();
    assert_eq!(
        (&tests["files"][0]["path"], &tests["files"][0]["basis"]),
        (&"tests/engine.tcl".into(), &"co_change".into())
    );
    let tests = asked(&mill, &["impact", "mill/belt.py"])["tests_to_run"].clone();
    assert_eq!((&tests["count"], &tests["not_followed"]), (&0.into(), &"1 test file in TCL was not read".into()));
    let zones = asked(&mill, &["show", "zones"]);
    assert_eq!(zones["zones"][0]["readiness"], "tests not known", "{zones}");
    assert!(!codexa(mill.path(), &["show", "risks"]).stdout.contains("hardly tested"));
    let page = mill.read(".codexa/manifests/change_zones.md");
    assert!(page.contains("1 test file in TCL was not read") && !page.contains("no test is"), "{page}");
}

#[test]
fn names_of_strangers_steer_no_terminal_and_no_page() {
    let mill = mill();
    mill.write("mill/engine.py", "def engine_run(x):\n    return x\n");
    mill.commit_by(
        ("\u{1b}[31mEve\u{202e} <b>`x`", "eve@example.com"),
        NEWEST + 60,
        "Fix \u{1b}[2J<script>alert(1)</script> `x`",
    );
    discovered(&mill, &[]);
    for question in [&["show", "owners"][..], &["explain", "zone-1"], &["show", "zones"], &["impact", "mill/engine.py"]]
    {
        let shown = codexa(mill.path(), question).stdout;
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
    let page = mill.read(".codexa/manifests/change_zones.md");
    assert!(!page.contains(['\u{1b}', '\u{202e}']) && !page.contains("<script>"), "{page}");
}

#[test]
fn a_hotspot_that_nobody_knows_is_asked_about_and_who_is_named_counts_from_then_on() {
    let mill = GitRepository::empty();
    for n in 0..12 {
        mill.write(&format!("mill/part{n}.py"), format!("def part{n}(x):\n    return x\n\n\n").repeat(110));
    }
    mill.write("tests/test_part0.py", "from mill.part0 import part0\n\n\ndef test_run():\n    assert part0(1)\n");
    mill.commit_by(ANN, NEWEST - 150 * WEEK, "The mill");
    for week in 0..50 {
        // Ann has been gone for more than a year; Bob mended twice what she made.
        let (who, ago) = if week < 48 { (ANN, 140 - week) } else { (BOB, (50 - week) * 9) };
        let text = mill.read("mill/part0.py");
        mill.write("mill/part0.py", format!("{text}# {week}\n"));
        mill.commit_by(who, NEWEST - ago * WEEK, &format!("Fix part 0 again, {week}"));
    }
    discovered(&mill, &[]);
    let zone = |mill: &GitRepository| {
        let zones = asked(mill, &["show", "zones"]);
        let all = zones["zones"].as_array().unwrap();
        all.iter().find(|zone| zone["place"] == "mill/part0.py").unwrap().clone()
    };
    assert_eq!(zone(&mill)["readiness"], "needs an owner");
    let asks = asked(&mill, &["followups"]);
    let question =
        asks["asked"].as_array().unwrap().iter().find(|it| it["question"] == "Who answers for `mill/part0.py`?");
    let id = question.unwrap_or_else(|| panic!("{asks}"))["id"].as_str().unwrap().to_owned();
    let said = codexa(mill.path(), &["followup", "accept", &id, "--text", "@kim"]);
    assert_eq!(said.code, 0, "{}", said.transcript());
    discovered(&mill, &[]);
    let after = zone(&mill);
    assert_eq!(after["readiness"], "ready", "{after}");
    let told = codexa(mill.path(), &["diff"]).stdout;
    assert!(told.contains(after["id"].as_str().unwrap()) && told.contains("ready"), "{told}");
}
