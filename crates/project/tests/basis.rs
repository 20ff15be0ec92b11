//! The commit a manifest stands on: what Codexa writes does not move it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

use codexa_project::Project;
use codexa_testkit::GitRepository;
use codexa_testkit::git::FIRST_COMMIT;

fn basis(repository: &GitRepository) -> String {
    let basis = Project::open(repository.path()).unwrap().basis().unwrap().unwrap();
    assert!(basis.exact);
    basis.commit.to_string()
}

#[test]
fn commits_of_what_codexa_writes_do_not_count() {
    let mut repository = GitRepository::with_files(&[("a.rs", "1"), (".codexa/config.yaml", "a")]);
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.write(".codexa/manifests/system_model/a.yaml", "1");
    repository.commit("manifest");
    repository.write(".codexa/logs/iteration_log.md", "1");
    repository.commit("log");
    repository.commit_staged("nothing at all");
    assert_eq!(basis(&repository), first);
    let project = Project::open(repository.path()).unwrap();
    assert_eq!(project.basis().unwrap().unwrap().time, FIRST_COMMIT);

    repository.write(".codexa/config.yaml", "b");
    let configured = repository.commit("configuration counts");
    assert_eq!(basis(&repository), configured);

    repository.write(".codexa/manifests/system_model/a.yaml", "2");
    repository.write("a.rs", "2");
    let both = repository.commit("both");
    assert_eq!(basis(&repository), both);

    repository.git(&["rm", "--quiet", "-r", ".codexa/manifests"]);
    repository.commit_staged("manifests gone");
    assert_eq!(basis(&repository), both);
}

#[test]
fn the_walk_ends_when_it_is_told_to() {
    let repository = GitRepository::with_files(&[("a", "1")]);
    let project = Project::open(repository.path()).unwrap();
    assert_eq!(project.basis_unless(&|| true).unwrap_err().code(), "PROJECT_CANCELLED");
}

#[test]
fn trees_that_were_never_fetched_make_it_inexact() {
    let mut repository = GitRepository::with_files(&[("sub/a", "1"), ("b", "1")]);
    for content in ["2", "3"] {
        repository.write("b", content);
        repository.commit("beside the folder");
    }
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let whole = Project::open(&repository.path().join("sub")).unwrap().basis().unwrap().unwrap();
    assert_eq!((whole.time, whole.exact), (FIRST_COMMIT, true));

    let origin = format!("file://{}", repository.path().display());
    let clone = repository.beside("clone");
    repository.git(&["clone", "--quiet", "--filter=tree:0", &origin, &clone.display().to_string()]);
    for folder in [clone.join("sub"), clone] {
        assert!(!Project::open(&folder).unwrap().basis().unwrap().unwrap().exact, "{}", folder.display());
    }
}

#[test]
fn names_that_only_begin_alike_count() {
    let mut repository = GitRepository::with_files(&[("a", "1")]);
    repository.write(".codexa/manifests.md", "1");
    let beside = repository.commit("beside");
    assert_eq!(basis(&repository), beside);
    repository.write(".codexa.md", "1");
    let other = repository.commit("other");
    assert_eq!(basis(&repository), other);
    repository.git(&["rm", "--quiet", ".codexa/manifests.md"]);
    let gone = repository.commit_staged("gone");
    assert_eq!(basis(&repository), gone);
}

#[test]
fn a_file_where_codexa_has_a_folder_counts() {
    let mut repository = GitRepository::with_files(&[("a", "1"), (".codexa/manifests/m.yaml", "1")]);
    repository.git(&["rm", "--quiet", "-r", ".codexa/manifests"]);
    repository.write(".codexa/manifests", "a file");
    let file = repository.commit("a file");
    assert_eq!(basis(&repository), file);
}

#[test]
fn a_repository_of_manifests_alone_stands_on_its_first_commit() {
    let mut repository = GitRepository::with_files(&[(".codexa/manifests/m.yaml", "1")]);
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.write(".codexa/manifests/m.yaml", "2");
    repository.commit("second");
    assert_eq!(basis(&repository), first);
}

#[test]
fn merges_are_judged_by_their_first_parent() {
    let mut repository = GitRepository::with_files(&[("a", "1")]);
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write("b", "1");
    repository.commit("side");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(".codexa/manifests/m.yaml", "1");
    repository.commit("manifest");
    repository.git(&["merge", "--quiet", "--no-ff", "-m", "merge", "side"]);
    assert_eq!(basis(&repository), repository.git(&["rev-parse", "HEAD"]));
}

#[test]
fn only_the_project_s_own_folder_counts() {
    let mut repository = GitRepository::with_files(&[("part/a", "1"), ("other", "1")]);
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.write("other", "2");
    repository.commit("elsewhere");
    repository.write("part/.codexa/manifests/m.yaml", "1");
    repository.commit("manifest");
    let part = Project::open(&repository.path().join("part")).unwrap();
    assert_eq!(part.basis().unwrap().unwrap().commit.to_string(), first);
}

#[test]
fn replacement_refs_of_one_clone_do_not_count() {
    let mut repository = GitRepository::with_files(&[("a", "1")]);
    repository.write("a", "2");
    let second = repository.commit("second");
    repository.git(&["replace", "HEAD", "HEAD~1"]);
    assert_eq!(basis(&repository), second);
}
