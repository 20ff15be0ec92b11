//! The rules of a language, found by the names that they are about.

use super::rule::{Names, Rule, Target};
use rustc_hash::{FxHashMap, FxHashSet};

/// A language's rules, by what they are looked up with.
pub(super) struct Index {
    pub(super) rules: &'static [Rule],
    /// By dotted module.
    members: FxHashMap<String, Vec<usize>>,
    /// By method or builtin.
    pub(super) names: FxHashMap<&'static str, Vec<usize>>,
    /// Paths that lead to modules: `std` and `std.os` of `std.os.unix.net`.
    above: FxHashSet<String>,
    /// Every part of the modules, and the members that rules name.
    parts: FxHashSet<String>,
}

impl Index {
    pub(super) fn new(rules: &'static [Rule]) -> Self {
        let mut index = Self {
            rules,
            members: FxHashMap::default(),
            names: FxHashMap::default(),
            above: FxHashSet::default(),
            parts: FxHashSet::default(),
        };
        for (at, rule) in rules.iter().enumerate() {
            match rule.target {
                Target::Member(module, members) => {
                    let module = module.replace("::", ".").replace('\\', ".");
                    index.parts.extend(module.split(['.', '/']).map(str::to_owned));
                    index.above.extend(prefixes(&module).map(str::to_owned));
                    if let Names::Only(names) = members {
                        index.parts.extend(names.iter().map(|name| (*name).to_owned()));
                    }
                    index.members.entry(module).or_default().push(at);
                }
                Target::Method(names, _) | Target::Builtin(names) => {
                    for name in names {
                        index.names.entry(name).or_default().push(at);
                    }
                }
            }
        }
        index
    }

    /// Whether any rule can be about a member of this path, or of one below it.
    pub(super) fn concerns(&self, path: &str) -> bool {
        self.above.contains(path) || prefixes(path).any(|module| self.members.contains_key(module))
    }

    /// Whether a name is a part of any module, or a member that a rule names.
    pub(super) fn knows_part(&self, name: &str) -> bool {
        self.parts.contains(name)
    }

    /// The rule for a path that also holds otherwise, that of the longest module first. Where the path was found through an
    /// open module of the given length, a rule for that module itself must name the member: anything might come out of an open module.
    pub(super) fn of_path(
        &self,
        path: &str,
        opened: usize,
        mut holds: impl FnMut(&'static Rule) -> bool,
    ) -> Option<&'static Rule> {
        for module in prefixes(path) {
            let Some(rules) = self.members.get(module) else { continue };
            let rest = path.get(module.len()..).unwrap_or_default();
            let member = first_member(rest);
            let only_named = module.len() <= opened;
            let fits = |rule: &&Rule| match rule.target {
                Target::Member(_, Names::Only(names)) => names.contains(&member),
                Target::Member(_, Names::Except(names)) => !only_named && !names.contains(&member),
                Target::Member(_, Names::Any) => !only_named,
                _ => false,
            };
            if let Some(rule) = rules.iter().filter_map(|at| self.rules.get(*at)).filter(fits).find(|rule| holds(rule))
            {
                return Some(rule);
            }
        }
        None
    }
}

/// The path itself and everything above it, the longest first.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let boundaries = path.bytes().enumerate().rev().filter(|(_, byte)| matches!(byte, b'.' | b'/')).map(|(at, _)| at);
    std::iter::once(path.len()).chain(boundaries).filter_map(|end| path.get(..end))
}

/// The first name after a module: `b` in `.b.c`, and in `/v2/sub.b.c`, where the import path goes on below the rule's.
fn first_member(rest: &str) -> &str {
    let after_path = match rest.rsplit_once('/') {
        Some((_, last)) => last.split_once('.').map_or("", |(_, member)| member),
        None => rest.trim_start_matches('.'),
    };
    after_path.split('.').next().unwrap_or_default()
}
