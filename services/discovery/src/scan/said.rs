//! What a scan leaves out, in words.

use super::{Scan, SkipReason, Skipped, language};
use crate::query::text::plural;

/// Names that a sentence lists.
const NAMED: usize = 20;

impl Scan {
    /// What is left out though it belongs to the project, and is no loss to the model: one sentence each, with names.
    #[must_use]
    pub fn not_read(&self) -> Vec<String> {
        let causes = [
            (SkipReason::Symlink, "symbolic link", "not followed"),
            (SkipReason::SpecialFile, "special file", "not read"),
            (SkipReason::Deleted, "tracked file", "not in the work tree"),
        ];
        let mut said: Vec<String> =
            causes.into_iter().filter_map(|(reason, what, why)| self.said(reason, what, why, |_| true)).collect();
        said.extend(
            self.said(SkipReason::TooLarge, "file", "over the size limit, not read", |skipped| !is_code(skipped)),
        );
        if self.files.is_empty() && self.untracked.files > 0 {
            let files = plural(self.untracked.files, "file");
            said.push(format!("git tracks nothing here: {files} that are not tracked are left out until `git add`"));
        }
        said
    }

    /// What was cut: without these limits the model would say more. One sentence each, with names.
    pub(super) fn cut(&self) -> Vec<String> {
        let causes = [
            (SkipReason::TooMany, "file", "beyond the limit on files, not read"),
            (SkipReason::UnreadableFolder, "folder", "not readable by this user"),
            (SkipReason::NoPermission, "file", "not readable by this user"),
            (SkipReason::NotCheckedOut, "file", "not in this sparse checkout"),
            (SkipReason::MissingObject, "file", "not fetched into this partial clone"),
        ];
        let mut said: Vec<String> =
            causes.into_iter().filter_map(|(reason, what, why)| self.said(reason, what, why, |_| true)).collect();
        said.extend(self.said(SkipReason::TooLarge, "file", "of code over the size limit, not read", is_code));
        said
    }

    fn said(&self, reason: SkipReason, what: &str, why: &str, counts: impl Fn(&Skipped) -> bool) -> Option<String> {
        let of_reason: Vec<&Skipped> = self.skipped.iter().filter(|skipped| skipped.reason == reason).collect();
        let listed: Vec<&Skipped> = of_reason.iter().copied().filter(|skipped| counts(skipped)).collect();
        let all = self.skipped_counts.get(&reason).copied().unwrap_or(0);
        let count = if listed.len() == of_reason.len() { all } else { listed.len() as u64 };
        let name = |skipped: &&Skipped| if skipped.path.is_empty() { ".".to_owned() } else { skipped.path.to_string() };
        let mut names: Vec<String> = listed.iter().take(NAMED).map(name).collect();
        let more = count.saturating_sub(names.len() as u64);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        (count > 0).then(|| format!("{} {why}: {}", plural(count, what), names.join(", ")))
    }
}

/// Whether a file would have been parsed, as far as its name tells.
fn is_code(skipped: &Skipped) -> bool {
    language::of_path(&skipped.path).and_then(codexa_syntax::language_of).is_some()
}
