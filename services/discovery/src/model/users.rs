//! Who uses what a file defines, whether by depending on the file or not.

use super::Model;
use std::collections::{BTreeMap, BTreeSet};

/// The rule for a name that a header declares and this file defines.
pub(crate) const THROUGH_HEADER: &str = "c.through_header";
/// The rule for members of a type that another file defines, and how sure it is, in percent.
pub(crate) const MEMBER: (&str, u8) = ("name.member", 60);

impl Model {
    /// The files that depend on a file or use what it defines, sorted.
    #[must_use]
    pub fn users(&self, file: u32) -> BTreeSet<u32> {
        let by_name = self.users_by_name(file).into_keys();
        self.graph.dependents.of(file as usize).iter().copied().chain(by_name).collect()
    }

    /// The files that use what a file defines and need not depend on it, with the rule that says so and how sure it is.
    pub(crate) fn users_by_name(&self, file: u32) -> BTreeMap<u32, (&'static str, u8)> {
        let members = self.references.members.of(file as usize).iter().map(|&user| (user, MEMBER));
        let through = self.references.through_headers.users_of_file(file);
        let mut users: BTreeMap<u32, (&'static str, u8)> = members.collect();
        for user in through {
            let known = users.entry(user.file).or_insert((THROUGH_HEADER, user.confidence));
            known.1 = known.1.max(user.confidence);
        }
        users.remove(&file);
        users
    }
}
