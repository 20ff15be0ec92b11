//! What is read of a history.

use crate::support::{Way, past, past_of, past_with, told};
use codexa_history::read::Pulse;
use codexa_history::{Outcome, Past, Told};
use codexa_testkit::git::GitRepository as Repository;

fn small() -> Repository {
    let mut repository = Repository::empty();
    repository.write("a.py", "one\n");
    repository.write("lib/b.py", "two\nand more of it\n");
    repository.commit("first");
    repository.write("a.py", "one\ntwo\n");
    repository.commit("Fix the second line");
    repository.git(&["mv", "lib/b.py", "lib/c.py"]);
    repository.write("new.py", "three\n");
    repository.commit("move and add");
    repository.git(&["rm", "-q", "a.py"]);
    repository.commit("remove");
    repository
}

#[test]
fn commits_stand_newest_first_with_what_each_changed() {
    let past = past(&small());
    assert_eq!(
        told(&past),
        [
            "remove: -a.py",
            "move and add: lib/b.py>lib/c.py +new.py",
            "Fix the second line: ~a.py",
            "first: +a.py +lib/b.py"
        ]
    );
    assert_eq!(past.told, Told { merges: past.told.merges, ..Told::default() });
}

#[test]
fn what_git_says_of_each_commit_is_what_is_read() {
    let mut repository = small();
    for n in 0..40 {
        repository.write(&format!("d{}/f{}.py", n % 5, n % 7), format!("{n}\n"));
        repository.commit(&format!("c{n}"));
    }
    let past = past(&repository);
    let ours: Vec<String> = past
        .commits
        .iter()
        .map(|commit| {
            let mut names: Vec<&[u8]> = past.changes_of(commit).iter().map(|it| past.path(it.path)).collect();
            names.sort_unstable();
            let names: Vec<String> = names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            format!("{} {}", commit.id, names.join(" "))
        })
        .collect();
    let log = repository.git(&["log", "--format=%x00%H", "--name-only", "-M100%"]);
    let theirs: Vec<String> = log
        .split('\0')
        .filter(|entry| !entry.is_empty())
        .map(|entry| {
            let mut lines = entry.lines().filter(|line| !line.is_empty());
            let id = lines.next().unwrap().to_owned();
            let mut names: Vec<&str> = lines.collect();
            names.sort_unstable();
            format!("{id} {}", names.join(" "))
        })
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn on_one_thread_or_many_and_again_from_what_was_read_it_is_the_same() {
    let mut repository = small();
    let before = past(&repository);
    for n in 0..150 {
        repository.write(&format!("d{}/f{}.py", n % 3, n % 11), format!("{n}\n"));
        repository.commit(&format!("c{n}"));
    }
    let whole = past(&repository);
    let alone = past_with(&repository, &Way { threads: 1, ..Way::default() });
    let continued = past_of(repository.path(), &Way::default(), &before);
    assert_eq!(whole, alone);
    assert_eq!(whole, continued);
}

#[test]
fn merges_are_counted_and_both_sides_are_read() {
    let mut repository = small();
    repository.git(&["checkout", "-q", "-b", "side", "HEAD~2"]);
    repository.write("side.py", "x\n");
    repository.commit("side");
    repository.git(&["checkout", "-q", "-"]);
    repository.git(&["merge", "-q", "--no-ff", "-m", "join", "side"]);
    let past = past(&repository);
    assert_eq!(past.told.merges, 1);
    assert_eq!(past.commits.len(), 6);
    assert!(told(&past).contains(&"side: +side.py".to_owned()));
    assert!(told(&past).contains(&"join: ".to_owned()));
}

#[test]
fn only_the_projects_folder_counts_and_nothing_that_is_left_out() {
    let mut repository = small();
    repository.write("lib/out/x", "x");
    repository.write("lib/in/y", "y");
    repository.commit("inside and outside");
    let past = past_with(&repository, &Way { prefix: b"lib/", ..Way::default() });
    assert_eq!(told(&past).first().map(String::as_str), Some("inside and outside: +in/y"));
    assert_eq!(told(&past).last().map(String::as_str), Some("first: +b.py"));
    assert!(told(&past).contains(&"Fix the second line: ".to_owned()));
}

#[test]
fn a_window_ends_the_walk_and_says_so() {
    let repository = small();
    let past = past_with(&repository, &Way { max_commits: 2, ..Way::default() });
    assert_eq!(past.commits.len(), 2);
    assert!(past.told.window_reached);
    let exact = past_with(&repository, &Way { max_commits: 4, ..Way::default() });
    assert!(!exact.told.window_reached);
}

#[test]
fn a_shallow_clone_ends_at_a_boundary_that_changes_nothing() {
    let repository = small();
    let clone = repository.beside("shallow");
    let url = format!("file://{}", repository.path().display());
    repository.git(&["clone", "-q", "--depth", "2", &url, clone.to_str().unwrap()]);
    let past = past_of(&clone, &Way::default(), &Past::default());
    assert_eq!(told(&past), ["remove: -a.py", "move and add: "]);
    assert_eq!(past.commits.last().map(|commit| commit.outcome), Some(Outcome::Boundary));
    assert_eq!(past.told.boundaries, 1);
    // Grafts are what a shallow clone was before git had them; what the repository says of them has no say.
    std::fs::create_dir_all(repository.path().join(".git/info")).unwrap();
    std::fs::write(repository.path().join(".git/info/grafts"), repository.git(&["rev-parse", "HEAD"])).unwrap();
    assert_eq!(past_of(repository.path(), &Way::default(), &Past::default()).commits.len(), 4);
}

#[test]
fn a_clone_without_contents_has_its_whole_past() {
    let repository = small();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = repository.beside("partial");
    let url = format!("file://{}", repository.path().display());
    repository.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, clone.to_str().unwrap()]);
    let past = past_of(&clone, &Way::default(), &Past::default());
    assert_eq!(told(&past), told(&crate::support::past(&repository)));
    assert_eq!(past.told, Told { merges: past.told.merges, ..Told::default() });
}

#[test]
fn a_commit_whose_trees_are_gone_is_counted_and_the_rest_is_read() {
    let repository = small();
    let tree = repository.git(&["rev-parse", "HEAD~1:lib"]).trim().to_owned();
    let (folder, name) = tree.split_at(2);
    std::fs::remove_file(repository.path().join(".git/objects").join(folder).join(name)).unwrap();
    let past = past(&repository);
    assert_eq!(past.commits.len(), 4);
    assert_eq!(past.told.missing, 1);
    assert!(told(&past).contains(&"first: +a.py +lib/b.py".to_owned()));
    assert!(told(&past).contains(&"move and add: ".to_owned()));
}

#[test]
fn what_was_missing_is_read_when_it_is_there() {
    let repository = small();
    let tree = repository.git(&["rev-parse", "HEAD~1:lib"]).trim().to_owned();
    let (folder, name) = tree.split_at(2);
    let object = repository.path().join(".git/objects").join(folder).join(name);
    let aside = repository.beside("aside");
    std::fs::rename(&object, &aside).unwrap();
    let before = past(&repository);
    std::fs::rename(&aside, &object).unwrap();
    assert_eq!(past_of(repository.path(), &Way::default(), &before), past(&repository));
}

#[test]
fn a_commit_with_too_many_files_is_counted_and_relates_nothing() {
    let mut repository = Repository::empty();
    for n in 0..300 {
        repository.write(&format!("many/f{n}.py"), format!("{n}\n"));
    }
    repository.commit("import");
    repository.write("many/f1.py", "again\n");
    repository.commit("one");
    let past = past_with(&repository, &Way { max_files: 100, ..Way::default() });
    assert_eq!(past.commits.last().map(|commit| commit.outcome), Some(Outcome::TooLarge(300)));
    assert_eq!(past.told.too_large, 1);
    assert_eq!(past.changes.len(), 1);
    let bounded = past_with(&repository, &Way { max_changes: 100, ..Way::default() });
    assert!(bounded.told.changes_reached && bounded.changes.len() == 1);
}

#[test]
fn a_storm_of_renames_keeps_every_file_its_past() {
    let mut repository = Repository::empty();
    for n in 0..500 {
        repository.write(&format!("old/f{n}.py"), format!("content {n}\n"));
    }
    repository.commit("import");
    repository.git(&["mv", "old", "new"]);
    repository.commit("move everything");
    let past = past(&repository);
    let moved = told(&past).into_iter().next().unwrap();
    assert_eq!(moved.matches(">new/").count(), 500);
    assert!(moved.contains("old/f7.py>new/f7.py"));
}

#[test]
fn a_file_that_is_moved_and_edited_is_the_same_where_its_name_is() {
    let mut repository = Repository::empty();
    repository.write("src/parser.py", "import a\n");
    repository.write("src/other.py", "import b\n");
    repository.commit("first");
    repository.git(&["mv", "src/parser.py", "parser.py"]);
    repository.write("parser.py", "import src.a\n");
    repository.git(&["add", "-A"]);
    repository.commit("move and mend");
    assert_eq!(told(&past(&repository)).first().map(String::as_str), Some("move and mend: src/parser.py>parser.py"));
}

#[test]
fn clocks_may_be_wrong_and_names_hostile() {
    let mut repository = Repository::empty();
    repository.write("a", "1");
    repository.commit("first");
    repository.write("a", "2");
    let hostile = "\u{202e}<script>'; DROP\ttable \u{1b}[31m";
    repository.commit_by((hostile, ""), 4_070_908_800, "odd");
    let past = past(&repository);
    assert_eq!(past.commits.len(), 2);
    let odd = past.commits.iter().find(|commit| &*commit.subject == "odd").unwrap();
    let person = past.people.get(past.author(odd)).unwrap();
    assert!(person.name.contains("DROP"), "{}", person.name);
}

#[test]
fn who_is_the_same_person() {
    let repository = Repository::empty();
    let signatures = [
        ("Ann Lee", "ann@work"),
        ("Ann Lee", "ann@home"),
        ("ann", "ann@home"),
        ("root", "root@one"),
        ("root", "root@two"),
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
        ("Wrong Name", "bob@x"),
        ("Bob Right", "bob@y"),
    ];
    for (who, time) in signatures.into_iter().zip(1_700_000_000..) {
        repository.commit_by(who, time, "x");
    }
    let names = |past: &Past| past.people.all.iter().map(|it| (it.name.to_string(), it.is_bot)).collect::<Vec<_>>();
    let of = |all: &[(&str, bool)]| all.iter().map(|(name, bot)| ((*name).to_owned(), *bot)).collect::<Vec<_>>();
    let mut plain = names(&past(&repository));
    plain.sort();
    assert_eq!(
        plain,
        of(&[
            ("Bob Right", false),
            ("Wrong Name", false),
            ("ann", false),
            ("dependabot[bot]", true),
            ("root", false),
            ("root", false)
        ])
    );
    let corrected = past_with(&repository, &Way { mailmap: b"Bob Right <bob@y> <bob@x>\n", ..Way::default() });
    assert_eq!(corrected.people.all.len(), 5);
    assert!(!names(&corrected).iter().any(|(name, _)| name == "Wrong Name"));
}

#[test]
fn a_run_that_is_out_of_time_keeps_what_it_has_and_a_cancelled_one_nothing() {
    let repository = Repository::empty();
    repository.import("attic.txt", 1, 3_000);
    let late = Way { pulse: &|| Pulse::OutOfTime, ..Way::default() };
    let part = past_with(&repository, &late);
    assert!(part.told.out_of_time && (1..3_000).contains(&part.commits.len()), "{}", part.commits.len());
    assert_eq!(past_of(repository.path(), &Way::default(), &part), past(&repository));
    // Where all was read when time was up, and where no more was wanted, it took nothing.
    let repository = small();
    assert_eq!(past_with(&repository, &late), past(&repository));
    let few = Way { max_commits: 1, ..Way::default() };
    assert_eq!(past_with(&repository, &Way { max_commits: 1, ..late }), past_with(&repository, &few));
    let handle = gix::open_opts(repository.path(), gix::open::Options::isolated()).unwrap().into_sync();
    let from = handle.to_thread_local().head_id().unwrap().detach();
    let request = codexa_history::Request {
        repository: &handle,
        from,
        prefix: b"",
        mailmap: b"",
        is_left_out: &|_| false,
        max_commits: 10,
        max_files: 10,
        max_changes: 10,
        threads: 1,
        pulse: &|| Pulse::Cancel,
    };
    assert!(codexa_history::read(&request, &Past::default()).is_err());
}
