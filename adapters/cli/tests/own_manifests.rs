//! Codexa keeps its own manifests, and keeps them fresh.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The files that git tracks in this repository, with their content in the work tree.
fn tracked(root: &Path) -> Vec<(String, Vec<u8>)> {
    let listing = Command::new("git").current_dir(root).args(["ls-files", "-z"]).output().unwrap();
    assert!(listing.status.success(), "the sources are a git checkout");
    let names = String::from_utf8(listing.stdout).unwrap();
    names.split_terminator('\0').filter_map(|name| Some((name.to_owned(), fs::read(root.join(name)).ok()?))).collect()
}

/// A manifest without the lines that name the commit it stands on: a commit cannot hold its own id.
fn lasting(text: &str) -> String {
    let dated = |line: &&str| !line.starts_with("  basis_commit:") && !line.starts_with("  generated_at:");
    text.lines().filter(dated).collect::<Vec<_>>().join("\n")
}

/// A copy of this repository with its past, its files as they lie in the work tree.
fn copy_of(root: &Path, files: &[(String, Vec<u8>)]) -> GitRepository {
    let copy = GitRepository::folder();
    let url = format!("file://{}", root.display());
    copy.git(&["clone", "--quiet", "--no-checkout", &url, "."]);
    for (name, content) in files {
        copy.write(name, content);
    }
    copy.git(&["add", "--all", "--force"]);
    copy
}

/// Whether a manifest says nothing of the past, nor of what the past has a say in.
fn is_of_structure(name: &str) -> bool {
    name.starts_with(".codexa/manifests/system_model/components/")
}

#[test]
fn the_manifests_of_this_repository_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let files = tracked(root);
    let copy = copy_of(root, &files);
    // In a checkout without the whole past only what does not depend on it can be the same.
    let is_shallow = copy.git(&["rev-parse", "--is-shallow-repository"]) == "true";
    let run = codexa(copy.path(), &["discover"]);
    assert_eq!(run.code, i32::from(is_shallow), "{}", run.transcript());
    let manifests = files.iter().filter(|(name, _)| name.starts_with(".codexa/manifests/"));
    let (mut seen, mut stale) = (0, Vec::new());
    for (name, content) in manifests.filter(|(name, _)| !is_shallow || is_of_structure(name)) {
        seen += 1;
        let now = fs::read_to_string(copy.path().join(name)).unwrap_or_default();
        if lasting(&now) != lasting(&String::from_utf8_lossy(content)) {
            stale.push(name.as_str());
        }
    }
    assert!(seen > 0, "this repository holds its manifests");
    assert!(stale.is_empty(), "run `codexa discover` and commit; stale: {stale:?}");
}
