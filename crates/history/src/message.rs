//! What a commit's subject says it is. Words are a hint: on flask 59 of 100 subjects with such a word repair no code, so
//! who counts repairs also looks at what the commit changed.

/// Longest subject that is kept, in bytes.
pub const SUBJECT: usize = 100;

/// Words that say something was wrong.
const REPAIR: [&str; 38] = [
    "fix",
    "fixes",
    "fixed",
    "fixing",
    "fixup",
    "bug",
    "bugs",
    "bugfix",
    "bugfixes",
    "hotfix",
    "defect",
    "defects",
    "fault",
    "faults",
    "regression",
    "regressions",
    "crash",
    "crashes",
    "crashed",
    "crashing",
    "leak",
    "leaks",
    "deadlock",
    "deadlocks",
    "hang",
    "hangs",
    "overflow",
    "underflow",
    "panic",
    "panics",
    "segfault",
    "broken",
    "incorrect",
    "incorrectly",
    "wrong",
    "wrongly",
    "repair",
    "repairs",
];

/// Words that say it is about something beside the code.
const BESIDE: [&str; 46] = [
    "typo",
    "typos",
    "spelling",
    "grammar",
    "lint",
    "lints",
    "linter",
    "linting",
    "clippy",
    "format",
    "formatting",
    "whitespace",
    "indentation",
    "style",
    "doc",
    "docs",
    "documentation",
    "docstring",
    "docstrings",
    "comment",
    "comments",
    "readme",
    "changelog",
    "ci",
    "workflow",
    "workflows",
    "mypy",
    "typing",
    "annotations",
    "flake8",
    "ruff",
    "black",
    "bump",
    "release",
    "warning",
    "warnings",
    "javadoc",
    "javadocs",
    "checkstyle",
    "spotbugs",
    "flaky",
    "copyright",
    "license",
    "licence",
    "refactor",
    "cleanup",
];

/// The first line of a message, as text of bounded length.
#[must_use]
pub fn subject(message: &[u8]) -> Box<str> {
    let message = message.trim_ascii_start();
    let line = message.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let Some(cut) = line.get(..SUBJECT) else { return String::from_utf8_lossy(line).trim().into() };
    format!("{}…", String::from_utf8_lossy(cut).trim_end_matches('\u{fffd}').trim()).into()
}

/// Whether a subject says that something in the code was wrong and is repaired.
#[must_use]
pub fn says_repair(subject: &str) -> bool {
    let is_one_of = |words: &[&str], word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut says = false;
    for word in subject.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if is_one_of(&BESIDE, word) {
            return false;
        }
        says |= is_one_of(&REPAIR, word);
    }
    says
}

#[cfg(test)]
mod tests {
    use super::{says_repair, subject};

    #[test]
    fn words_that_say_something_was_wrong() {
        for repair in
            ["Fix crash on empty path", "bug: wrong offset", "[3.x] Fixed #123 -- deadlock in pool", "fix(api): x"]
        {
            assert!(says_repair(repair), "{repair}");
        }
        for other in
            ["fix typo", "Fix docs link", "prefix the names", "Add fixture", "Fix clippy warnings", "", "fix flaky"]
        {
            assert!(!says_repair(other), "{other}");
        }
    }

    #[test]
    fn a_subject_is_one_bounded_line_of_text() {
        assert_eq!(&*subject(b"\n one line \r\nmore"), "one line");
        let long = subject(&"ü".repeat(400).into_bytes());
        let (kept, end) = long.split_at(long.len() - '…'.len_utf8());
        assert!(kept.len() <= super::SUBJECT && kept.chars().all(|c| c == 'ü') && end == "…", "{long}");
    }
}
