use crate::intents::shop_with_a_riddle;
use crate::projections::shop;
use crate::repo::Repo;
use codexa_discovery::coverage::Purposes;
use codexa_discovery::followups::{Kind, enter, statement};
use codexa_discovery::ids::Ids;
use codexa_discovery::iterations::{Difference, Snapshot};
use codexa_discovery::model::Model;
use codexa_discovery::projections::system_manifest;
use codexa_discovery::query::{FollowupsAnswer, followups};
use codexa_model::annotations::{Annotations, Answer, Decision, Statement};
use codexa_model::facts::SymbolKind::Function;
use codexa_model::manifest::FollowupState;
use codexa_model::relation::DeclineReason;

/// A model with its questions, as a run makes it.
fn asked(repo: &Repo, annotations: &Annotations, ids: &mut Ids) -> Model {
    let mut model = repo.model();
    enter(&mut model, annotations, ids);
    model
}

fn keys(model: &Model, annotations: &Annotations) -> Vec<String> {
    let FollowupsAnswer { asked, .. } = followups(model, annotations);
    asked.into_iter().map(|row| format!("{} {}:{}", row.id, row.kind, row.about)).collect()
}

fn answer(followup: &str, about: &str, decision: Decision) -> Answer {
    Answer {
        followup: followup.into(),
        about: about.into(),
        decision,
        by: Some("@sam".into()),
        at: None,
        until: None,
        to: None,
        text: None,
        reason: None,
        states: None,
    }
}

fn answers(answers: Vec<Answer>) -> Annotations {
    Annotations { answers, ..Annotations::default() }
}

/// One file that looks dead, and files that only look so to a careless eye.
fn attic() -> Repo {
    let names = ["run", "old", "named", "helper", "tested", "self_test", "offered"];
    let files = names.map(|name| format!("app/{name}.py"));
    let mut repo = Repo::new(&files.iter().map(String::as_str).collect::<Vec<_>>());
    for path in [
        "app/migrations/one.py",
        "app/__init__.py",
        "setup.py",
        "tests/test_tested.py",
        "lib/face.py",
        "lib/pyproject.toml",
    ] {
        repo.add(path);
    }
    for name in names {
        repo = repo.offers(&format!("app/{name}.py"), &[(name, Function)]);
    }
    repo = repo.offers("app/migrations/one.py", &[("up", Function)]);
    repo.link("app/run.py", "app/helper.py")
        .link("tests/test_tested.py", "app/tested.py")
        .uses("app/run.py", &[("named", 1), ("offered", 1)])
        .main("app/run.py", 100)
        .main("app/self_test.py", 40)
}

#[test]
fn only_what_nothing_needs_looks_dead() {
    let model = asked(&attic(), &Annotations::default(), &mut Ids::default());
    assert_eq!(keys(&model, &Annotations::default()), ["issue-1 entry_point:app", "issue-2 dead_code:app/old.py"]);
    // What is computed when it runs may need any file of its part.
    let loading = attic().declined("app/run.py", "?", DeclineReason::Dynamic);
    assert_eq!(keys(&asked(&loading, &Annotations::default(), &mut Ids::default()), &Annotations::default()).len(), 1);
    // So may code beside it that no grammar reads.
    let mut beside = attic();
    beside.add("app/table.tcl");
    assert_eq!(keys(&asked(&beside, &Annotations::default(), &mut Ids::default()), &Annotations::default()).len(), 1);
}

#[test]
fn what_a_text_of_the_repository_names_is_needed() {
    let keys_with = |text: &str, mentions: &[&str]| {
        let mut repo = attic();
        repo.add(text).mentions = mentions.iter().map(|path| Box::from(*path)).collect();
        repo.add("lib/old.py");
        keys(&asked(&repo, &Annotations::default(), &mut Ids::default()), &Annotations::default())
    };
    let is_asked = |text, mentions| keys_with(text, mentions).contains(&"issue-2 dead_code:app/old.py".to_owned());
    assert!(is_asked("Makefile", &[]));
    // By its path, the end of it, or a longer one (an address on the web).
    assert!(!is_asked("Makefile", &["app/old.py"]));
    assert!(!is_asked(".github/workflows/ci.yml", &["shop/blob/main/app/old.py"]));
    // By a name that two files have only where the text lies beside one of them.
    assert!(is_asked("Makefile", &["old.py"]));
    assert!(!is_asked("app/Makefile", &["old.py"]));
    assert!(!is_asked("app/Makefile", &["old.o"]));
    assert!(is_asked("Makefile", &["lib/old.py", "older.py", "app/older.py"]));
    // What a file says of itself nobody else needs.
    let mut repo = attic();
    repo.at("app/old.py").0.mentions = vec!["app/old.py".into()];
    let model = asked(&repo, &Annotations::default(), &mut Ids::default());
    assert!(keys(&model, &Annotations::default()).contains(&"issue-2 dead_code:app/old.py".to_owned()));
}

#[test]
fn a_start_that_a_manifest_declares_or_that_somebody_has_to_switch_on_is_no_question() {
    let kinds = |repo: &Repo| {
        let all = keys(&asked(repo, &Annotations::default(), &mut Ids::default()), &Annotations::default());
        all.iter().filter(|key| key.contains("entry_point")).count()
    };
    let repo = || Repo::new(&["core/main.rs"]).package("", "cargo", "shop", "Cargo.toml");
    assert_eq!(kinds(&repo().main("core/main.rs", 40)), 1);
    assert_eq!(kinds(&repo().program("shop", "core/main.rs").main("core/main.rs", 40)), 0);
    assert_eq!(kinds(&repo().main("core/main.rs", 30)), 0);
}

#[test]
fn a_file_with_members_of_a_type_that_another_defines_is_needed() {
    for (home, file) in [("store/block.go", "store/coerce.go"), ("store/block.h", "store/coerce.cpp")] {
        let defining = |name: &str| {
            let mut repo = Repo::new(&[home, file]).main(home, 100);
            repo.digest(home).definitions = ["Block"].into_iter().collect();
            repo.digest(file).definitions = [name].into_iter().collect();
            keys(&asked(&repo, &Annotations::default(), &mut Ids::default()), &Annotations::default())
        };
        assert_eq!(defining("Block.coerce"), [] as [&str; 0]);
        assert_eq!(defining("coerce"), [format!("issue-1 dead_code:{file}")]);
    }
}

#[test]
fn a_benchmark_beside_the_code_is_no_question() {
    let asked_of = |path: &str| {
        let repo = Repo::new(&["src/run.ts", path]).main("src/run.ts", 100).offers(path, &[("sorts", Function)]);
        keys(&asked(&repo, &Annotations::default(), &mut Ids::default()), &Annotations::default()).len()
    };
    assert_eq!(["src/sort.ts", "src/sort.bench.ts", "src/__benchmarks__/sort.ts"].map(asked_of), [1, 0, 0]);
}

#[test]
fn a_c_file_that_another_calls_by_a_prototype_is_needed() {
    let repo = Repo::new(&["src/a.c", "src/b.c", "src/c.c"])
        .offers("src/a.c", &[("start", Function), ("draw", Function)])
        .offers("src/b.c", &[("draw", Function)])
        .offers("src/c.c", &[("lost", Function)])
        .uses("src/a.c", &[("draw", 1)])
        .main("src/a.c", 100);
    let model = asked(&repo, &Annotations::default(), &mut Ids::default());
    assert_eq!(keys(&model, &Annotations::default()), ["issue-1 dead_code:src/c.c"]);
}

#[test]
fn a_question_keeps_its_id_and_an_answer_ends_it() {
    let mut ids = Ids::default();
    let none = Annotations::default();
    let first = asked(&attic(), &none, &mut ids);
    let states = Some(Statement { entry_point: Some(false), ..Statement::default() });
    let said = answers(vec![
        answer("issue-2", "dead_code:app/old.py", Decision::Dismiss),
        Answer { states, ..answer("issue-1", "entry_point:app", Decision::Accept) },
    ]);
    // At once, and in the next run.
    assert_eq!(keys(&first, &said), Vec::<String>::new());
    let second = asked(&attic(), &said, &mut ids);
    assert_eq!(keys(&second, &said), Vec::<String>::new());
    let suspects = |model: &Model| {
        let file = model.file(model.find("app/self_test.py").unwrap()).unwrap();
        file.parsed.as_ref().unwrap().behaviour.entry_points.len()
    };
    assert_eq!((suspects(&first), suspects(&second)), (1, 0));
    let manifest = system_manifest(&second);
    assert_eq!(
        manifest.stated.iter().map(|said| (&*said.0.of, &*said.0.what, &*said.0.is)).collect::<Vec<_>>(),
        [("app", "entry_point", "no")]
    );
    // The answer is taken back: it is the same question again.
    assert_eq!(keys(&asked(&attic(), &none, &mut ids), &none), keys(&first, &none));
}

#[test]
fn what_is_gone_is_closed_and_its_id_is_nobody_elses() {
    let mut ids = Ids::default();
    let none = Annotations::default();
    asked(&attic(), &none, &mut ids);
    let mut later = attic().link("app/run.py", "app/old.py");
    later.add("app/new.py");
    let later = later.offers("app/new.py", &[("new", Function)]);
    let model = asked(&later, &none, &mut ids);
    assert_eq!(keys(&model, &none), ["issue-1 entry_point:app", "issue-3 dead_code:app/new.py"]);
    let said = answers(vec![answer("issue-2", "dead_code:app/old.py", Decision::Dismiss)]);
    assert_eq!(followups(&model, &said).settled[0].state, FollowupState::Closed);
}

#[test]
fn what_is_deferred_comes_back_with_a_newer_commit_and_not_with_the_clock() {
    let deferred =
        Answer { until: Some("2026-05-01".into()), ..answer("issue-2", "dead_code:app/old.py", Decision::Defer) };
    let said = answers(vec![deferred]);
    let mut repo = attic();
    let mut ids = Ids::default();
    assert_eq!(keys(&asked(&repo, &said, &mut ids), &said), ["issue-1 entry_point:app"]);
    repo.run.generated_at = Some("2026-05-02T00:00:00Z".into());
    assert_eq!(keys(&asked(&repo, &said, &mut ids), &said).len(), 2);
}

#[test]
fn few_are_asked_of_one_kind_and_the_others_are_counted() {
    let mut repo = Repo::new(&[]);
    for folder in ["a", "b", "c", "d", "e"] {
        repo.add(&format!("app/{folder}/x.py"));
        repo = repo.offers(&format!("app/{folder}/x.py"), &[(folder, Function)]);
    }
    let mut ids = Ids::default();
    let model = asked(&repo, &Annotations::default(), &mut ids);
    let answer = followups(&model, &Annotations::default());
    let dead = answer.asked.iter().filter(|row| row.kind == "dead_code").count();
    assert_eq!((dead, answer.waiting.get("dead_code")), (3, Some(&2)));
    assert_eq!(ids.file().issue.len(), answer.asked.len(), "what was not asked has no id");
    // Whom somebody named is asked, however many there are.
    let to = |key: &str| Answer { to: Some("@kim".into()), ..self::answer("issue-9", key, Decision::Assign) };
    let said = answers(vec![to("dead_code:app/e/x.py")]);
    let model = asked(&repo, &said, &mut ids);
    assert_eq!(followups(&model, &said).asked.len(), answer.asked.len() + 1);
    assert_eq!(
        system_manifest(&model)
            .followups
            .asked
            .iter()
            .filter_map(|entry| entry.assigned_to.as_deref())
            .collect::<Vec<_>>(),
        ["@kim"]
    );
}

#[test]
fn a_document_that_could_not_be_read_is_asked_about() {
    let mut repo = attic();
    repo.run.context.unread.insert("wiki/plan.pdf".into(), "it is binary".into());
    let model = asked(&repo, &Annotations::default(), &mut Ids::default());
    assert!(keys(&model, &Annotations::default()).iter().any(|key| key.ends_with("context:wiki/plan.pdf")));
}

#[test]
fn a_component_of_which_nothing_says_what_it_is_for_is_asked_about_and_the_answer_stands_in_the_model() {
    let repo = shop_with_a_riddle();
    let mut ids = Ids::default();
    let none = Annotations::default();
    let of_intents = |model: &Model, said: &Annotations| -> Vec<String> {
        keys(model, said).into_iter().filter(|key| key.contains(" intent:")).collect()
    };
    let first = asked(&repo, &none, &mut ids);
    let asks = of_intents(&first, &none);
    let id = asks[0].strip_suffix(" intent:c:helpers").unwrap_or_else(|| panic!("{asks:?}")).to_owned();
    assert_eq!(asks.len(), 1);
    let question = first.questions.all.iter().find(|question| question.id.as_deref() == Some(&*id)).unwrap();
    assert_eq!(question.question, "What is `helpers` for?");
    let says = |decision, text: Option<&str>| {
        let text = text.map(str::to_owned);
        let states = text.as_deref().and_then(|text| statement(Kind::Intent, Some(text)).ok());
        answers(vec![Answer { text, states, ..answer(&id, "intent:c:helpers", decision) }])
    };

    // Whom it is given to is asked by name.
    let given = answers(vec![Answer { to: Some("@kim".into()), ..answer(&id, "intent:c:helpers", Decision::Assign) }]);
    let model = asked(&repo, &given, &mut ids);
    assert_eq!(of_intents(&model, &given), asks);
    let assigned: Vec<_> =
        system_manifest(&model).followups.asked.into_iter().filter_map(|it| it.assigned_to).collect();
    assert_eq!(assigned, ["@kim"]);

    // Put away, it is not asked, and the part is as unknown as it was.
    let dismissed = says(Decision::Dismiss, None);
    let model = asked(&repo, &dismissed, &mut ids);
    assert_eq!(of_intents(&model, &dismissed), Vec::<String>::new());
    assert_eq!(Purposes::of(&model).unwrap().without_intent, ["c:helpers"]);

    // Answered, the words stand in the model, in its coverage and in its iteration.
    let said = says(Decision::Accept, Some("moves people between rooms"));
    let model = asked(&repo, &said, &mut ids);
    assert_eq!(of_intents(&model, &said), Vec::<String>::new());
    let stated = &system_manifest(&model).stated[0].0;
    assert_eq!((&*stated.of, &*stated.what, &*stated.is), ("c:helpers", "intent", "moves people between rooms"));
    let purposes = Purposes::of(&model).unwrap();
    assert_eq!((purposes.components.answered, purposes.without_intent), (1, Vec::new()));
    let trend = Difference::between(&Snapshot::of(&first, 1), &Snapshot::of(&model, 2));
    assert_eq!(trend.questions.gone.iter().map(|gone| &*gone.id).collect::<Vec<_>>(), [id]);
    assert_eq!(
        trend.coverage.iter().map(|share| (share.of, share.after)).collect::<Vec<_>>(),
        [("components_with_intent", [2, 2])]
    );
}

#[test]
fn follow_ups_as_people_read_them() {
    let mut ids = Ids::default();
    let first = asked(&shop(), &Annotations::default(), &mut ids);
    let first_id = first.questions.all[0].id.clone().unwrap();
    let said = answers(vec![Answer {
        text: Some("the build makes it".into()),
        ..answer(&first_id, &first.questions.all[0].key(), Decision::Accept)
    }]);
    insta::assert_snapshot!(followups(&asked(&shop(), &said, &mut ids), &said).text());
}

#[test]
fn a_circle_is_a_question_but_not_within_one_crate() {
    let circle = |extension: &str| {
        let repo = Repo::new(&[]).many("one", extension, 40).many("two", extension, 40);
        let path = |name: &str| format!("{name}.{extension}");
        repo.link(&path("one/f000"), &path("two/f000")).link(&path("two/f000"), &path("one/f000"))
    };
    let kinds = |repo: Repo| {
        let model = asked(&repo, &Annotations::default(), &mut Ids::default());
        assert_eq!(model.relations.circles.len(), 1);
        model.questions.all.iter().filter(|question| question.kind == Kind::Cycle).count()
    };
    assert_eq!(kinds(circle("py")), 1);
    assert_eq!(kinds(circle("rs").package("", "cargo", "app", "Cargo.toml")), 0);
}

#[test]
fn of_several_mains_those_count_that_the_answer_names() {
    let repo = Repo::new(&["src/server.c", "src/client.c", "tools/one.c", "tools/two.c"])
        .main("src/server.c", 90)
        .main("src/client.c", 90)
        .main("tools/one.c", 90)
        .main("tools/two.c", 90);
    let mut ids = Ids::default();
    let none = Annotations::default();
    assert_eq!(keys(&asked(&repo, &none, &mut ids), &none), ["issue-1 mains:src"]);
    let starts = |names: &[&str]| {
        let starts = names.iter().map(|name| (*name).to_owned()).collect();
        let states = Some(Statement { starts, ..Statement::default() });
        let said = answers(vec![Answer { states, ..answer("issue-1", "mains:src", Decision::Accept) }]);
        system_manifest(&asked(&repo, &said, &mut Ids::default())).summary.structure.0.entry_points
    };
    assert_eq!((starts(&["src/server.c"]), starts(&["server.c", "client.c"]), starts(&["gone.c"])), (3, 4, 4));
}

#[test]
fn missing_imports_are_asked_about_once_and_not_where_nobody_looked() {
    let missing = |repo: Repo, target: &str| {
        let from = ["app/a.py", "app/b.py"];
        from.iter().fold(repo, |repo, path| repo.declined(path, target, DeclineReason::NotFound))
    };
    let mut repo =
        Repo::new(&["app/a.py", "app/b.py", "src/kafka/server/Broker.scala", "tests/test_a.py", "tests/test_b.py"])
            .link("app/a.py", "app/b.py")
            .declined("tests/test_a.py", "fixtures.made", DeclineReason::NotFound)
            .declined("tests/test_b.py", "fixtures.made", DeclineReason::NotFound);
    for target in ["app.proto.Order", "app.proto.Order.Line", "app.proto.Cart", "kafka.server.Broker"] {
        repo = missing(repo, target);
    }
    let model = asked(&repo, &Annotations::default(), &mut Ids::default());
    let imports = model.questions.all.iter().filter(|question| question.kind == Kind::Imports);
    assert_eq!(imports.map(|question| &*question.about).collect::<Vec<_>>(), ["not_found:app.proto"]);
}

#[test]
fn much_code_that_no_grammar_reads_is_asked_about_unless_it_tests() {
    let languages = |folder: &str| {
        let repo = Repo::new(&["app/a.py"]).many(folder, "tcl", 4);
        let model = asked(&repo, &Annotations::default(), &mut Ids::default());
        model.questions.all.iter().filter(|question| question.kind == Kind::Language).count()
    };
    assert_eq!((languages("app"), languages("tests")), (1, 0));
}

#[test]
fn many_files_of_one_folder_are_one_question_and_stay_so_once_it_is_answered() {
    let attic = |count: usize| {
        (0..count).fold(Repo::new(&[]), |mut repo, n| {
            let path = format!("app/f{n}.py");
            repo.add(&path);
            repo.offers(&path, &[(&format!("f{n}"), Function)])
        })
    };
    let none = Annotations::default();
    assert_eq!(keys(&asked(&attic(4), &none, &mut Ids::default()), &none), ["issue-1 dead_code:app"]);
    assert_eq!(keys(&asked(&attic(2), &none, &mut Ids::default()), &none).len(), 2);
    let said = answers(vec![answer("issue-1", "dead_code:app", Decision::Dismiss)]);
    assert_eq!(keys(&asked(&attic(2), &said, &mut Ids::default()), &said), Vec::<String>::new());
}

#[test]
fn an_import_of_what_a_build_makes_is_not_missing() {
    let open = |text: &str, mentions: &[&str]| {
        let mut repo = Repo::new(&["src/a.c", "src/b.c"])
            .declined("src/a.c", "release.h", DeclineReason::NotFound)
            .declined("src/b.c", "release.h", DeclineReason::NotFound)
            .declined("src/b.c", "../dist/app", DeclineReason::NotFound);
        repo.add(text).mentions = mentions.iter().map(|path| Box::from(*path)).collect();
        let imports = repo.model().coverage.imports;
        assert_eq!(imports.declined.made + imports.declined.not_found, 3);
        imports
            .gaps
            .keys()
            .filter(|(reason, _)| &**reason == "not_found")
            .map(|(_, target)| target.to_string())
            .collect()
    };
    let open: [Vec<String>; 4] = [
        open("Makefile", &[]),
        open("src/mkreleasehdr.sh", &["release.h"]),
        open("Makefile", &["dist/app.js", "src/release.h"]),
        // A document says what is there, and makes nothing.
        open("README.md", &["release.h"]),
    ];
    assert_eq!(open[0], ["../dist/app", "release.h"]);
    assert_eq!(open[1], ["../dist/app"]);
    assert!(open[2].is_empty());
    assert_eq!(open[3], open[0]);
}
