//! Tests that nobody can follow to the code they run: in languages that are not parsed, and those that start the program
//! from outside. Where they are many, that no test is seen to reach a file does not say that none does.

use super::{Basis, Found, Role};
use crate::behaviour::EntryKind;
use crate::query::text::plural;
use crate::record::FileRecord;
use codexa_model::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Share of the lines of all tests from which on those that are not followed leave it open what is tested, in percent. Of
/// ten tests one that goes another way changes little; of five it may be the one that a file is missing.
pub const SUBSTANTIAL: u64 = 20;

/// Tests that are not followed to what they run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfollowed {
    /// Files of tests that nobody could look into, by language.
    pub not_read: BTreeMap<Box<str>, u32>,
    /// Files of tests that were read and are not seen to use any code of ours.
    pub outside: u32,
    /// Tests in those, where a runner's are known.
    pub outside_tests: u32,
    /// The lines of both, and those of all tests.
    lines: u64,
    of_lines: u64,
}

impl Unfollowed {
    /// `found` are the links that are kept.
    pub(super) fn new(records: &[&FileRecord], roles: &[Role], found: &[Found]) -> Self {
        let is_followed = |basis| matches!(basis, Basis::Own | Basis::Coverage | Basis::Call | Basis::Import);
        let mut followed = vec![false; records.len()];
        for (_, link) in found.iter().filter(|(_, link)| is_followed(link.basis)) {
            if let Some(followed) = followed.get_mut(link.test as usize) {
                *followed = true;
            }
        }
        let mut all = Self::default();
        for ((is_followed, record), role) in
            followed.into_iter().zip(records).zip(roles).filter(|(_, role)| role.may_have_tests())
        {
            if !is_followed && !is_started(record) {
                continue;
            }
            let lines = lines_of_tests(record, *role);
            all.of_lines += lines;
            if is_followed {
                continue;
            }
            all.lines += lines;
            if *role == Role::Unread {
                *all.not_read.entry(record.language.clone().unwrap_or_default()).or_default() += 1;
            } else {
                all.outside += 1;
                all.outside_tests += record.digest.as_ref().map_or(0, |digest| digest.tests);
            }
        }
        all
    }

    /// Whether there are any.
    #[must_use]
    pub fn any(&self) -> bool {
        self.outside > 0 || !self.not_read.is_empty()
    }

    /// Whether they are so many that what is not seen to be tested may be.
    #[must_use]
    pub fn is_substantial(&self) -> bool {
        self.lines > 0 && self.lines * 100 >= self.of_lines * SUBSTANTIAL
    }

    /// `206 test files in TCL were not read; 8 test files (349 tests) are not seen to use code and may run it from outside`.
    #[must_use]
    pub fn says(&self) -> String {
        let files = |n: u32| plural(u64::from(n), "test file");
        let were = |n: u32| if n == 1 { "was" } else { "were" };
        let not_read = self.not_read.iter().map(|(language, &n)| match &**language {
            "" => format!("{} {} not read", files(n), were(n)),
            language => format!("{} in {language} {} not read", files(n), were(n)),
        });
        let mut said: Vec<String> = not_read.collect();
        let tests = match self.outside_tests {
            tests if tests > self.outside => format!(" ({})", plural(u64::from(tests), "test")),
            _ => String::new(),
        };
        said.extend((self.outside > 0).then(|| {
            let is = if self.outside == 1 { "is" } else { "are" };
            format!("{}{tests} {is} not seen to use code and may run it from outside", files(self.outside))
        }));
        said.join("; ")
    }
}

/// Whether somebody, or a runner, starts what stands in a file. A file of C without a test and without `main` is what others
/// are built with: a framework that was copied in may be larger than all tests.
fn is_started(record: &FileRecord) -> bool {
    record.digest.as_ref().is_none_or(|digest| {
        let mut entries = digest.behaviour.entry_points.iter();
        !matches!(digest.language, Language::C | Language::Cpp)
            || digest.tests > 0
            || entries.any(|entry| entry.kind == EntryKind::Main)
    })
}

/// The lines of a file that are tests.
fn lines_of_tests(record: &FileRecord, role: Role) -> u64 {
    match (role, record.digest.as_ref()) {
        (Role::Code { .. }, Some(digest)) => joined(&digest.test_lines),
        _ => u64::from(record.lines.total()),
    }
}

/// How many lines these ranges (sorted) hold; they may lie in each other.
fn joined(ranges: &[(u32, u32)]) -> u64 {
    let mut end = 0;
    let mut lines = 0;
    for &(first, last) in ranges {
        let from = first.max(end + 1);
        if last >= from {
            lines += u64::from(last - from) + 1;
            end = last;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn lines_that_lie_in_each_other_are_counted_once() {
        assert_eq!(joined(&[(3, 10), (4, 5), (9, 12), (20, 20)]), 11);
        assert_eq!(joined(&[]), 0);
    }
}
