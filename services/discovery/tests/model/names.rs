use crate::repo::Repo;
use codexa_model::facts::SymbolKind::{Class, Function};

#[test]
fn a_use_goes_to_the_definition_that_the_file_imports() {
    let repo = Repo::new(&["a.py", "b.py", "c.py", "user.py"])
        .offers("a.py", &[("Config", Class), ("only_here", Function)])
        .offers("b.py", &[("Config", Class), ("both", Function)])
        .offers("c.py", &[("both", Function)])
        .link("user.py", "b.py")
        .uses("user.py", &[("Config", 4), ("only_here", 1), ("both", 1), ("unknown", 9)]);
    let model = repo.model();
    let tally = model.references.tally;
    assert_eq!((tally.linked, tally.unique, tally.ambiguous, tally.common), (2, 1, 0, 0));
    let users = |path: &str, name: &str| {
        let found = model.references.find(model.find(path).unwrap(), name);
        found.map(|(at, _)| {
            model.references.users(at).iter().map(|user| (user.confidence, user.linked)).collect::<Vec<_>>()
        })
    };
    assert_eq!(users("b.py", "Config"), Some(vec![(100, true)]));
    assert_eq!(users("a.py", "Config"), None);
    assert_eq!(users("a.py", "only_here"), Some(vec![(60, false)]));
}

#[test]
fn names_that_nothing_decides_make_no_edge_and_common_names_are_counted_out() {
    let mut repo = Repo::new(&["user.py", "one.rs"])
        .offers("one.rs", &[("twice", Function)])
        .uses("user.py", &[("run", 1), ("twice", 1)]);
    for n in 0..9 {
        let path = format!("d{n}.py");
        repo.add(&path);
        repo = repo.offers(&path, &[("run", Function)]);
        if n < 2 {
            repo = repo.offers(&path, &[("twice", Function)]);
        }
    }
    let model = repo.model();
    let tally = model.references.tally;
    assert_eq!(
        (tally.ambiguous, tally.common, tally.common_names),
        (1, 1, 1),
        "a Rust function of the name is no candidate"
    );
    assert!(model.references.symbols.is_empty());
}

#[test]
fn ranks_are_the_same_bits_in_whatever_order_files_come() {
    let names: Vec<String> = (0..40).map(|n| format!("f{n}.py")).collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut repo = Repo::new(&paths);
    for (n, name) in names.iter().enumerate() {
        repo = repo.offers(name, &[(format!("sym{n}").as_str(), Function)]);
        for step in 1..6_usize {
            let to = (n * step + 7) % 40;
            repo =
                repo.link(name, &names[to]).uses(name, &[(format!("sym{to}").as_str(), u32::try_from(step).unwrap())]);
        }
    }
    let forward = repo.model();
    repo.files.reverse();
    assert_eq!(forward, repo.model());
    let bits: Vec<u64> = forward.references.file_ranks.iter().map(|rank| rank.to_bits()).collect();
    assert!((bits.iter().map(|bits| f64::from_bits(*bits)).sum::<f64>() - 1.0).abs() < 1e-6);
}

#[test]
fn names_for_a_package_alone_are_looked_for_only_there() {
    let mut repo = Repo::new(&["store/store.go", "store/user.go", "web/web.go"])
        .offers("store/store.go", &[("Open", Function), ("clean", Function)])
        .link("web/web.go", "store/store.go")
        .uses("web/web.go", &[("Open", 1), ("clean", 3)])
        .uses("store/user.go", &[("clean", 1)]);
    let users = |repo: &Repo, name: &str| {
        let model = repo.model();
        let found = model.references.find(model.find("store/store.go").unwrap(), name);
        let users = found.map(|(at, _)| model.references.users(at).iter().map(|user| model.path(user.file).to_owned()));
        users.map(Iterator::collect::<Vec<_>>).unwrap_or_default()
    };
    assert_eq!(users(&repo, "clean"), ["store/user.go", "web/web.go"]);
    let digest = repo.digest("store/store.go");
    digest.package_only = vec![1];
    assert_eq!(digest.definitions.iter().collect::<Vec<_>>(), ["Open", "clean"]);
    assert_eq!(users(&repo, "clean"), ["store/user.go"]);
    assert_eq!(users(&repo, "Open"), ["web/web.go"]);
}
