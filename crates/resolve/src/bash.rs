//! Shell scripts: `source x` and `. x`.
//!
//! A shell looks in the folder it was started in, which no script says; a script is nearly always started from its own
//! folder or from the repository's root, so that is where its files are looked for, and only one of them may exist.

use crate::files::Files;
use crate::outcome::{Outcome, collect};
use crate::paths::{folder, resolve};
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::DeclineReason;

/// The rules of the family, prepared.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    Box::new(Bash { files: Files::of(repo) })
}

struct Bash {
    files: Files,
}

impl Resolver for Bash {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        collect(file.imports, |import| self.source(import, folder(file.path)))
    }
}

impl Bash {
    fn source(&self, import: &Import, inside: &str) -> Outcome {
        let target = &*import.target;
        let computed = target.is_empty() || target.contains(['$', '`', '*', '(']) || target.starts_with(['~', '-']);
        if computed || import.kind == ImportKind::Dynamic {
            return Outcome::Declined(DeclineReason::Dynamic);
        }
        if target.starts_with('/') {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        let tracked = |folder: &str| resolve(folder, target).filter(|path| self.files.contains(path));
        match (tracked(inside), tracked("").filter(|_| !inside.is_empty())) {
            (Some(beside), None) => Outcome::link(beside, "bash.source_beside", 95),
            (None, Some(rooted)) => Outcome::link(rooted, "bash.source_from_root", 90),
            (Some(beside), Some(rooted)) if beside == rooted => Outcome::link(beside, "bash.source_beside", 95),
            (Some(_), Some(_)) => Outcome::AMBIGUOUS,
            (None, None) => Outcome::NOT_FOUND,
        }
    }
}

#[cfg(test)]
mod tests {

    use crate::testing::TestRepository;
    use codexa_model::Language;

    #[test]
    fn looks_beside_the_script_and_at_the_root() {
        let mut repo = TestRepository::default();
        for path in ["bin/lib.sh", "common.sh", "bin/twice.sh", "twice.sh", "bin/inc/x.sh"] {
            repo.text(path, "");
        }
        let imports = "require lib.sh\nrequire ./common.sh\nrequire twice.sh\nrequire $DIR/inc/x.sh\nrequire $FILE\nrequire /etc/os-release\nrequire ~/.profile\nrequire gone.sh\nrequire ../../up.sh\nrequire";
        repo.source("bin/run", Language::Bash, imports);
        insta::assert_snapshot!(repo.show("bin/run").join("\n"), @r"
        bin/lib.sh bash.source_beside 95
        common.sh bash.source_from_root 90
        : dynamic
        $DIR/inc/x.sh: dynamic
        $FILE: dynamic
        ../../up.sh: not found
        /etc/os-release: standard library
        gone.sh: not found
        twice.sh: ambiguous
        ~/.profile: dynamic
        ");
    }
}
