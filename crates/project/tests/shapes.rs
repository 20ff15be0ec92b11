//! Every shape of repository is read, and says what it lacks.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

use codexa_project::{EntryKind, Kind, Lack, Project};
use codexa_testkit::{GitRepository, shapes};

/// The texts of what a project and its listing lack, sorted.
fn lacks(project: &Project) -> Vec<Lack> {
    let mut lacks = project.lacks().unwrap();
    lacks.extend(project.tracked().unwrap().lacks);
    lacks.retain(|lack| *lack != Lack::NoConfiguration);
    lacks.sort();
    lacks
}

fn paths(project: &Project) -> Vec<String> {
    project.tracked().unwrap().entries.iter().map(|entry| entry.path.to_string()).collect()
}

fn read(project: &Project, path: &str) -> String {
    String::from_utf8(project.reader().unwrap().read(path, 1 << 20).unwrap().bytes).unwrap()
}

fn open(repository: &GitRepository) -> Project {
    Project::open(repository.path()).unwrap()
}

#[test]
fn a_complete_repository_lacks_nothing() {
    let repository = shapes::complete();
    let project = open(&repository);
    assert_eq!(project.kind(), Kind::WorkTree);
    assert_eq!(lacks(&project), []);
    assert_eq!(paths(&project), ["README.md", "src/lib.rs"]);
    let head = project.head().unwrap().unwrap();
    assert_eq!(head.branch.as_deref(), Some("main"));
    assert_eq!(head.commit.unwrap().to_string(), repository.git(&["rev-parse", "HEAD"]));
    assert_eq!(read(&project, "README.md"), "# Shape\n");
}

#[test]
fn a_bare_repository_is_read_from_its_objects() {
    let repository = shapes::bare();
    let project = open(&repository);
    assert_eq!(project.kind(), Kind::Bare);
    assert_eq!(lacks(&project), [Lack::NoWorkTree]);
    assert_eq!(paths(&project), ["README.md", "src/lib.rs"]);
    assert_eq!(read(&project, "src/lib.rs"), "pub fn shape() -> u8 { 1 }\n");
    assert!(project.reader().unwrap().read("src/lib.rs", 3).is_err(), "larger than the limit");
    assert!(project.reader().unwrap().read("src", 3).is_err(), "a folder");
}

#[test]
fn a_shallow_clone_says_so_and_its_basis_is_inexact() {
    let repository = shapes::shallow();
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::ShallowHistory]);
    assert!(!project.basis().unwrap().unwrap().exact);
}

#[test]
fn a_partial_clone_lacks_only_what_was_needed_and_is_missing() {
    let repository = shapes::partial();
    let project = open(&repository);
    assert_eq!(lacks(&project), [], "what is missing was not needed");
    assert_eq!(read(&project, "README.md"), "# Shape\n");
    assert!(project.basis().unwrap().unwrap().exact, "trees are all there");

    let repository = shapes::partial_bare();
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::NoWorkTree]);
    assert_eq!(paths(&project), ["README.md", "src/lib.rs"]);
    assert!(matches!(project.reader().unwrap().read("README.md", 1 << 20), Err(codexa_project::ReadError::Missing)));
}

#[test]
fn a_repository_without_a_commit_tracks_what_is_staged() {
    let repository = shapes::unborn();
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::NoCommit]);
    assert_eq!(paths(&project), Vec::<String>::new());
    assert_eq!(project.basis().unwrap(), None);
    assert_eq!(project.head().unwrap().unwrap().branch.as_deref(), Some("main"));
    repository.git(&["add", "README.md"]);
    assert_eq!(paths(&project), ["README.md"]);
}

#[test]
fn a_branch_that_is_another_s_name_or_packed_is_followed() {
    let repository = shapes::complete();
    let commit = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["pack-refs", "--all"]);
    repository.git(&["symbolic-ref", "refs/heads/trunk", "refs/heads/main"]);
    repository.git(&["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    let head = open(&repository).head().unwrap().unwrap();
    assert_eq!(head.branch.as_deref(), Some("trunk"));
    assert_eq!(head.commit.unwrap().to_string(), commit);
    repository.git(&["symbolic-ref", "refs/heads/trunk", "refs/heads/unborn"]);
    assert_eq!(open(&repository).head().unwrap().unwrap().commit, None);
    repository.git(&["tag", "-a", "-m", "tag", "v1", &commit]);
    repository.git(&["symbolic-ref", "HEAD", "refs/tags/v1"]);
    assert_eq!(open(&repository).head().unwrap().unwrap().commit.unwrap().to_string(), commit);
}

#[test]
fn a_detached_head_has_no_branch() {
    let repository = shapes::detached();
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::NoBranch]);
    assert_eq!(project.head().unwrap().unwrap().branch, None);
}

#[test]
fn a_submodule_is_listed_and_not_entered() {
    let repository = shapes::submodule();
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::Submodules { count: 1 }]);
    let listing = project.tracked().unwrap();
    let submodule = listing.entries.iter().find(|entry| &*entry.path == "lib/sub").unwrap();
    assert_eq!(submodule.kind, EntryKind::Submodule);
    assert!(!listing.entries.iter().any(|entry| entry.path.starts_with("lib/sub/")));
    let survey = project.survey(&listing, Default::default());
    assert_eq!(survey.untracked.files, 0);
}

#[test]
fn the_inside_of_a_submodule_is_a_project_of_its_own() {
    let repository = shapes::submodule();
    let project = Project::open(&repository.path().join("lib/sub")).unwrap();
    assert_eq!(paths(&project), ["README.md", "src/lib.rs"]);
    assert_eq!(read(&project, "README.md"), "# Shape\n");
}

#[test]
fn a_linked_worktree_has_its_own_head_and_index() {
    let repository = shapes::worktree();
    repository.write("added.md", "# Added\n");
    repository.git(&["add", "added.md"]);
    let project = open(&repository);
    assert!(project.repository().unwrap().is_linked_worktree());
    assert_eq!(lacks(&project), []);
    assert_eq!(paths(&project), ["README.md", "added.md", "src/lib.rs"]);
    assert_eq!(project.head().unwrap().unwrap().branch.as_deref(), Some("side"));
}

#[test]
fn a_sparse_checkout_says_what_is_left_out() {
    let repository = shapes::sparse(false);
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::SparseFiles { count: 1 }]);
    assert_eq!(paths(&project), ["README.md", "docs/guide.md", "src/lib.rs"]);

    let repository = shapes::sparse(true);
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::SparseFiles { count: 1 }]);
    let listing = project.tracked().unwrap();
    assert_eq!(listing.entries[1].kind, EntryKind::SparseFolder);
    assert_eq!(&*listing.entries[1].path, "docs");
}

#[test]
fn a_conflict_is_one_entry_with_our_side() {
    let repository = shapes::conflicted();
    let project = open(&repository);
    assert_eq!(lacks(&project), [Lack::Conflicts { count: 1 }]);
    let listing = project.tracked().unwrap();
    assert_eq!(paths(&project), ["README.md", "src/lib.rs"]);
    assert!(listing.entries[1].conflicted);
    assert_eq!(listing.entries[1].id.to_string(), repository.git(&["rev-parse", ":2:src/lib.rs"]));
}

#[test]
fn an_intended_file_is_listed_as_intended() {
    let repository = shapes::complete();
    repository.write("new.md", "# New\n");
    repository.git(&["add", "--intent-to-add", "new.md"]);
    let listing = open(&repository).tracked().unwrap();
    let intended: Vec<_> = listing.entries.iter().filter(|entry| entry.intent_to_add).collect();
    assert_eq!(intended.len(), 1);
    assert_eq!(&*intended[0].path, "new.md");
}

#[test]
fn a_split_index_and_sha256_are_read() {
    let repository = shapes::complete();
    repository.git(&["update-index", "--split-index"]);
    repository.write("more.md", "# More\n");
    repository.git(&["add", "more.md"]);
    assert_eq!(paths(&open(&repository)), ["README.md", "more.md", "src/lib.rs"]);

    let mut repository = GitRepository::folder();
    repository.git(&["init", "--quiet", "--object-format=sha256", "--initial-branch=main"]);
    repository.write("a.md", "# A\n");
    let commit = repository.commit("first");
    assert_eq!(paths(&open(&repository)), ["a.md"]);
    assert_eq!(open(&repository).basis().unwrap().unwrap().commit.to_string(), commit);
}

#[test]
fn a_folder_without_git_is_a_project() {
    let folder = shapes::folder();
    folder.write(".gitignore", "*.log\nbuild/\n");
    folder.write("x.log", "");
    folder.write("build/y.md", "");
    let project = open(&folder);
    assert_eq!(project.kind(), Kind::Folder);
    assert_eq!(lacks(&project), [Lack::NoGit]);
    let survey = project.survey(&project.tracked().unwrap(), Default::default());
    let found: Vec<&str> = survey.found.iter().map(|found| &*found.path).collect();
    assert_eq!(found, [".gitignore", "README.md", "src/lib.rs"]);
    assert_eq!(survey.untracked.ignored, 2);
}

#[test]
fn a_project_is_found_upwards() {
    let repository = shapes::complete();
    let found = Project::find(&repository.path().join("src")).unwrap();
    assert_eq!(found.root(), repository.path());

    repository.write("src/.codexa/config.yaml", "");
    let found = Project::find(&repository.path().join("src")).unwrap();
    assert_eq!(found.root(), repository.path().join("src"));
    assert_eq!(paths(&found), ["lib.rs"], "the part of the repository beneath the project's folder");
    assert_eq!(read(&found, "lib.rs"), "pub fn shape() -> u8 { 1 }\n");
}

#[test]
fn an_untracked_folder_in_a_repository_is_a_plain_folder() {
    let repository = shapes::complete();
    repository.write("build/out.md", "");
    let project = Project::open(&repository.path().join("build")).unwrap();
    assert_eq!(project.kind(), Kind::Folder);
}

#[test]
fn a_bare_repository_in_a_work_tree_is_not_taken_for_the_project() {
    let repository = shapes::complete();
    let inner = repository.path().join("inner.git");
    repository.git(&["clone", "--quiet", "--bare", ".", &inner.display().to_string()]);
    assert_eq!(Project::find(&inner.join("refs")).unwrap().root(), repository.path());
    let project = open(&repository);
    let survey = project.survey(&project.tracked().unwrap(), Default::default());
    assert_eq!((survey.untracked.files, survey.untracked.repositories), (0, 1));
}

#[test]
fn a_path_that_is_no_folder_has_a_stable_code() {
    let repository = shapes::complete();
    let code = |path: &str| Project::open(&repository.path().join(path)).unwrap_err().code();
    assert_eq!(code("nowhere"), "DISCOVERY_PATH_NOT_FOUND");
    assert_eq!(code("README.md"), "DISCOVERY_PATH_NOT_A_DIRECTORY");
    assert_eq!(code("README.md/x"), "DISCOVERY_PATH_NOT_A_DIRECTORY");
}

#[test]
fn a_broken_repository_above_a_folder_is_named() {
    for (file, content) in [(".git/index", "DIRC nonsense"), (".git/config", "[nonsense")] {
        let repository = shapes::complete();
        repository.write(file, content);
        let error = Project::open(&repository.path().join("src")).unwrap_err();
        assert_eq!(error.code(), "DISCOVERY_GIT_UNREADABLE", "{file}");
    }
}

#[test]
fn a_broken_repository_is_named() {
    let repository = shapes::complete();
    repository.write(".git/index", "DIRC nonsense");
    let error = open(&repository).tracked().unwrap_err();
    assert_eq!(error.code(), "DISCOVERY_GIT_UNREADABLE");
    repository.write(".git/HEAD", "nonsense");
    assert!(Project::open(repository.path()).is_err() || open(&repository).head().is_err());
}
