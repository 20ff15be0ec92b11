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
        if computed {
            return self.behind_variable(target, inside).unwrap_or(Outcome::Declined(DeclineReason::Dynamic));
        }
        if target.starts_with('/') {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        if import.kind == ImportKind::Dynamic {
            return Outcome::Declined(DeclineReason::Dynamic);
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

    /// `$DIR/lib.sh`, `${BASH_SOURCE%/*}/lib.sh`, `$(dirname "$0")/lib.sh`: the variable is a folder, nearly always the
    /// script's own or the repository's root.
    fn behind_variable(&self, target: &str, inside: &str) -> Option<Outcome> {
        let rest = after_variable(target)?;
        let tracked = |folder: &str| resolve(folder, rest).filter(|path| self.files.contains(path));
        match (tracked(inside), tracked("").filter(|_| !inside.is_empty())) {
            (Some(only), None) | (None, Some(only)) => Some(Outcome::link(only, "bash.source_variable_folder", 70)),
            (Some(_), Some(_)) => Some(Outcome::AMBIGUOUS),
            (None, None) => None,
        }
    }
}

/// The literal path that follows one leading expansion and a `/`.
fn after_variable(target: &str) -> Option<&str> {
    let rest = target.trim_start_matches('"').strip_prefix('$')?;
    let rest = match rest.chars().next()? {
        '{' => rest.rsplit_once('}')?.1,
        '(' => rest.rsplit_once(')')?.1,
        _ => rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_'),
    };
    let rest = rest.trim_start_matches('"').strip_prefix('/')?.trim_end_matches('"');
    (!rest.is_empty() && !rest.contains(['$', '`', '*', '(', '"'])).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestRepository;
    use codexa_model::Language;

    #[test]
    fn looks_beside_the_script_and_at_the_root() {
        let mut repo = TestRepository::default();
        for path in ["bin/lib.sh", "common.sh", "bin/twice.sh", "twice.sh", "bin/inc/x.sh"] {
            repo.text(path, "");
        }
        let imports = "require lib.sh\nrequire ./common.sh\nrequire twice.sh\nrequire $DIR/inc/x.sh\nrequire ${BASH_SOURCE%/*}/lib.sh\n\
            require $(dirname \"$0\")/../common.sh\nrequire $FILE\nrequire /etc/os-release\nrequire ~/.profile\nrequire gone.sh\nrequire ../../up.sh\nrequire";
        repo.source("bin/run", Language::Bash, imports);
        insta::assert_snapshot!(repo.show("bin/run").join("\n"), @r"
        bin/inc/x.sh bash.source_variable_folder 70
        bin/lib.sh bash.source_beside 95
        bin/lib.sh bash.source_variable_folder 70
        common.sh bash.source_from_root 90
        common.sh bash.source_variable_folder 70
        : dynamic
        $FILE: dynamic
        ../../up.sh: not found
        /etc/os-release: standard library
        gone.sh: not found
        twice.sh: ambiguous
        ~/.profile: dynamic
        ");
    }

    #[test]
    fn reads_what_follows_a_variable() {
        let cases = [
            ("$DIR/a.sh", Some("a.sh")),
            ("${DIR}/a/b.sh", Some("a/b.sh")),
            ("\"$DIR\"/a.sh", Some("a.sh")),
            ("$(cd $(dirname $0) && pwd)/a.sh", Some("a.sh")),
            ("$DIR/$X.sh", None),
            ("$DIR", None),
            ("$", None),
        ];
        for (target, expected) in cases {
            assert_eq!(after_variable(target), expected, "{target}");
        }
    }
}
