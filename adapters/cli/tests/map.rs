//! `codexa map`: where the page goes, what it says, and (in `looks`) how it looks in a real browser.

#![cfg(test)]

mod map {
    mod looks;
    pub mod project;
}

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;
use map::project::{MARKUP, TURNED, discovered, drawn};
use std::os::unix::fs::symlink;

#[test]
fn the_map_goes_where_it_is_asked_to_and_over_nothing_but_a_map() {
    let shop = discovered(1, &[]);
    let before = shop.git(&["status", "--porcelain"]);
    let answer = codexa(shop.path(), &["map", "--format", "json"]).with_code(0).json();
    let page = shop.read(".codexa/state/map.html");
    assert_eq!((&answer["schema"], &answer["bytes"]), (&"codexa/map@1".into(), &page.len().into()));
    assert!(answer["path"].as_str().unwrap().ends_with("/.codexa/state/map.html"), "{answer}");
    assert_eq!(shop.git(&["status", "--porcelain"]), before, "git sees nothing of it");
    // The same model gives the same bytes, wherever they go.
    assert_eq!(codexa(shop.path(), &["map", "--out", "-"]).with_code(0).stdout, page);
    for _ in 0..2 {
        let run = codexa(shop.path(), &["map", "--out", "map.html"]).with_code(0);
        assert!(
            run.stdout.starts_with("map  ") && run.stdout.ends_with("next: open it in a browser\n"),
            "{}",
            run.stdout
        );
        assert_eq!(shop.read("map.html"), page);
    }
    let left: Vec<_> = std::fs::read_dir(shop.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".map.html")), "{left:?}");

    let is_refused = |out: &str| {
        let run = codexa(shop.path(), &["map", "--out", out, "--format", "json"]).with_code(2).json();
        assert_eq!(run["code"], "MAP_FILE_IS_OTHER", "{run}");
    };
    is_refused("README.md");
    is_refused("shop");
    symlink("map.html", shop.path().join("link.html")).unwrap();
    is_refused("link.html");
    assert!(shop.read("README.md").starts_with("# Shop"));
    codexa(shop.path(), &["map", "--out", "link.html", "--force"]).with_code(0);
    assert!(shop.path().join("link.html").symlink_metadata().unwrap().is_file(), "the link is replaced, not followed");
    let nowhere = codexa(shop.path(), &["map", "--out", "no/such/folder.html", "--format", "json"]).with_code(2).json();
    assert_eq!(nowhere["code"], "MAP_NOT_WRITTEN");
    let both = codexa(shop.path(), &["map", "--out", "-", "--format", "json"]).with_code(2).json();
    assert_eq!(both["code"], "MAP_OUT");
}

#[test]
fn a_map_that_is_tracked_counts_as_generated() {
    let shop = discovered(1, &[]);
    let page = drawn(&shop);
    shop.git(&["add", "map.html"]);
    codexa(shop.path(), &["discover"]);
    assert!(page.exists());
    let coverage = codexa(shop.path(), &["show", "coverage", "--format", "json"]).with_code(0).json();
    assert_eq!(coverage["files"]["generated"], 1, "{coverage}");
}

#[test]
fn nothing_of_a_repository_is_markup_in_the_map() {
    let shop = discovered(1, &[]);
    drawn(&shop);
    let page = shop.read("map.html");
    assert!(!page.contains("<img") && !page.contains('\u{202e}'));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;.py"), "{MARKUP} is shown");
    assert!(page.contains("shop/\\u{202e}gro/turned.py"), "{TURNED} is shown, and what turns it too");
    assert!(page.contains("Ada &amp; &quot;Co&quot;"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"));
    assert!(!page.contains("http://") && !page.contains("https://"), "it names nothing elsewhere");
}

#[test]
fn what_is_not_known_is_grey_and_is_said() {
    let quick = discovered(1, &["--mode", "quick"]);
    drawn(&quick);
    let page = quick.read("map.html");
    assert!(page.contains("<b>No heat.</b> The last run was in quick mode"), "the legend says why");
    assert!(page.contains("class=\"cell file hx\""), "cells are grey");
    assert!((0..6).all(|step| !page.contains(&format!("class=\"cell file h{step}\""))), "and have no heat");
    assert!(page.contains("No zones are known") && page.contains("No intents were looked for"));
    let empty = GitRepository::with_files(&[("README.md", "# Nothing\n")]);
    codexa(empty.path(), &["discover"]);
    drawn(&empty);
    assert!(empty.read("map.html").contains("No component that ships holds source code, so there is nothing to draw."));
}

#[test]
fn the_map_says_what_the_answers_say() {
    let shop = discovered(2, &[]);
    drawn(&shop);
    let page = shop.read("map.html");
    let zones = codexa(shop.path(), &["show", "zones", "--format", "json"]).with_code(0).json();
    assert_eq!(page.matches("<li class=\"zone\"").count(), zones["zones"].as_array().unwrap().len());
    let edge = "shop/payment uses shop/mail: 6 pairs of files, in a circle";
    assert!(page.contains(edge), "the matrix counts pairs of files and marks circles");
    assert!(page.contains("title=\"shop/payment uses shop/base: 6 pairs of files\""), "what lies below is not marked");
    let against = page.matches(", in a circle and against the layers\"").count();
    assert_eq!(against, 1, "of the two ways of a circle, one lies above the diagonal");
    assert!(page.contains("Runs 1 to 2: files parsed from "), "two runs are a trend");
    let once = discovered(1, &[]);
    drawn(&once);
    assert!(once.read("map.html").contains("One run so far (run 1)"), "one is none, and it is said");
}
