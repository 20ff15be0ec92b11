//! What the tracked manifest says of itself, read back. Codexa wrote it: lines of the two blocks it is looked for in are
//! enough, and whatever is not there was not written by Codexa, or not like this.

use codexa_project::Project;

const MANIFEST: &[u8] = b".codexa/manifests/system_manifest.yaml";
/// Longest manifest that is read back.
const LIMIT: u64 = 16 << 20;

/// How much the tracked manifest says, and about what.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) basis_commit: Option<String>,
    pub(crate) mode: String,
    /// Whether it was narrowed to some paths.
    pub(crate) is_focused: bool,
    pub(crate) is_partial: bool,
    /// Files that were parsed for it.
    pub(crate) parsed: usize,
    /// Commits that it knows of.
    pub(crate) commits: u32,
}

impl Summary {
    /// That of the project's tracked manifest.
    pub(crate) fn tracked(project: &Project) -> Option<Self> {
        let manifest = project.tree().read(MANIFEST, LIMIT).ok()?;
        Self::of(&String::from_utf8_lossy(&manifest.bytes))
    }

    fn of(manifest: &str) -> Option<Self> {
        let field = |name: &str| manifest.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let parsed = field("    files_parsed: [")?.split(',').next()?;
        Some(Self {
            basis_commit: field("  basis_commit: ").map(|id| id.trim_matches('"').to_owned()).filter(|id| id != "null"),
            mode: field("  mode: ")?.to_owned(),
            is_focused: field("  focus:").is_some(),
            is_partial: field("  partial: ")? != "false",
            parsed: parsed.parse().ok()?,
            commits: field("  commits: ").and_then(|commits| commits.parse().ok()).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_of_this_repository_is_read_back() {
        let manifest = include_str!("../../../../.codexa/manifests/system_manifest.yaml");
        let summary = Summary::of(manifest).unwrap();
        assert_eq!(summary.basis_commit.as_ref().map(String::len), Some(40));
        assert_eq!((&*summary.mode, summary.is_partial, summary.is_focused), ("deep", false, false));
        assert!(summary.parsed > 100 && summary.commits > 100);
        assert_eq!(Summary::of("metadata:\n  mode: deep\n"), None);
    }
}
