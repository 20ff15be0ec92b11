//! Repositories that lack something. Each holds `src/lib.rs` and `README.md` unless it says otherwise.

use crate::GitRepository;

/// The files that a shape holds.
pub const FILES: [(&str, &str); 2] = [("README.md", "# Shape\n"), ("src/lib.rs", "pub fn shape() {}\n")];

/// Nothing lacks: two commits on `main`.
#[must_use]
pub fn complete() -> GitRepository {
    let mut repository = GitRepository::with_files(&FILES);
    repository.write("src/lib.rs", "pub fn shape() -> u8 { 1 }\n");
    repository.commit("second");
    repository
}

/// A clone of [`complete`], made with these options.
fn clone(options: &[&str]) -> GitRepository {
    let repository = complete();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let origin = format!("file://{}", repository.path().display());
    let target = repository.beside("clone");
    let target_text = target.display().to_string();
    let mut arguments = vec!["clone", "--quiet"];
    arguments.extend(options);
    arguments.extend([origin.as_str(), target_text.as_str()]);
    repository.git(&arguments);
    repository.moved_to(target)
}

/// No work tree.
#[must_use]
pub fn bare() -> GitRepository {
    clone(&["--bare"])
}

/// One commit of two.
#[must_use]
pub fn shallow() -> GitRepository {
    clone(&["--depth=1"])
}

/// No blobs but those of the checkout.
#[must_use]
pub fn partial() -> GitRepository {
    clone(&["--filter=blob:none"])
}

/// No work tree and no blobs at all.
#[must_use]
pub fn partial_bare() -> GitRepository {
    clone(&["--bare", "--filter=blob:none"])
}

/// No commit: the files lie untracked.
#[must_use]
pub fn unborn() -> GitRepository {
    let repository = GitRepository::empty();
    for (path, content) in FILES {
        repository.write(path, content);
    }
    repository
}

/// HEAD is a commit, not a branch.
#[must_use]
pub fn detached() -> GitRepository {
    let repository = complete();
    repository.git(&["checkout", "--quiet", "--detach", "HEAD"]);
    repository
}

/// A submodule in `lib/sub`, checked out.
#[must_use]
pub fn submodule() -> GitRepository {
    let mut repository = complete();
    let inner = repository.beside("inner");
    let inner_text = inner.display().to_string();
    repository.git(&["clone", "--quiet", ".", &inner_text]);
    repository.git(&["submodule", "--quiet", "add", &inner_text, "lib/sub"]);
    repository.commit("submodule");
    repository
}

/// A linked worktree on branch `side`.
#[must_use]
pub fn worktree() -> GitRepository {
    let repository = complete();
    let target = repository.beside("worktree");
    repository.git(&["worktree", "add", "--quiet", "-b", "side", &target.display().to_string()]);
    repository.moved_to(target)
}

/// Only `src/` is checked out, besides the files at the top. `docs/` holds one file that is not; with `sparse_index` the index holds `docs/` as
/// one entry.
#[must_use]
pub fn sparse(sparse_index: bool) -> GitRepository {
    let mut repository = complete();
    repository.write("docs/guide.md", "# Guide\n");
    repository.commit("docs");
    let index = if sparse_index { "--sparse-index" } else { "--no-sparse-index" };
    repository.git(&["sparse-checkout", "set", "--cone", index, "src"]);
    repository
}

/// `src/lib.rs` stands in the index in three versions.
#[must_use]
pub fn conflicted() -> GitRepository {
    let mut repository = complete();
    repository.git(&["checkout", "--quiet", "-b", "theirs"]);
    repository.write("src/lib.rs", "pub fn theirs() {}\n");
    repository.commit("theirs");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("src/lib.rs", "pub fn ours() {}\n");
    repository.commit("ours");
    assert!(!repository.try_git(&["merge", "--quiet", "theirs"]), "the merge must conflict");
    repository
}

/// A folder without git.
#[must_use]
pub fn folder() -> GitRepository {
    let folder = GitRepository::folder();
    for (path, content) in FILES {
        folder.write(path, content);
    }
    folder
}
