//! `exports` and `imports` of package.json: which files a subpath may lead to (Node.js, "Packages", resolution algorithm).

use crate::json::Json;
use crate::work::Work;

/// Targets of one key that are looked at.
const MOST_TARGETS: usize = 64;

/// Longest path that a pattern is filled to, in bytes: no tracked path is longer.
const LONGEST_PATH: usize = 4 << 10;

/// Conditions of a program that runs, in no order: the manifest's own order decides.
const RUNTIME: &[&str] = &["import", "require", "node", "module", "default"];

/// Conditions of a type checker.
const TYPES: &[&str] = &["types", "import", "require", "node", "default"];

/// What is asked of `exports`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The code that runs.
    Run,
    /// The types alone.
    Types,
}

/// The targets of a key, most fitting first: what the conditions of the purpose choose, then everything else that is
/// written under the key, in its order. Empty where the key is not exported.
pub(super) fn targets(table: &Json, key: &str, purpose: Purpose, work: &Work) -> Vec<String> {
    let Some((value, star)) = entry(table, key, work) else { return Vec::new() };
    let (first, second) = match purpose {
        Purpose::Run => (RUNTIME, TYPES),
        Purpose::Types => (TYPES, RUNTIME),
    };
    let mut found = Vec::new();
    choose(value, Some(first), &mut found, work);
    choose(value, Some(second), &mut found, work);
    choose(value, None, &mut found, work);
    let mut targets: Vec<String> = Vec::with_capacity(found.len());
    for target in found {
        let filled = if target.ends_with('/') { Some([target, star].concat()) } else { starred(target, star) };
        let Some(target) = filled else { continue };
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}

/// A target with what each `*` in it stands for; `None` where that is no path.
pub(super) fn starred(target: &str, star: &str) -> Option<String> {
    let stars = target.matches('*').count();
    (target.len() + stars * star.len() <= LONGEST_PATH).then(|| target.replace('*', star))
}

/// The value of a key and what `*` stands for in it. A table without subpath keys is the value of `.`; Node.js refuses one
/// that mixes them with conditions.
fn entry<'a, 'k>(table: &'a Json, key: &'k str, work: &Work) -> Option<(&'a Json, &'k str)> {
    if !table.entries().first().is_some_and(|(name, _)| name.starts_with(['.', '#'])) {
        return (key == ".").then_some((table, ""));
    }
    if let Some(value) = table.get(key).filter(|_| !key.contains('*')) {
        return Some((value, ""));
    }
    if !work.take(table.entries().len()) {
        return None;
    }
    let mut best: Option<(&str, &str, &Json)> = None;
    for (pattern, value) in table.entries() {
        // A key that ends with `/` maps a whole folder (removed in Node.js 17, still written).
        let (prefix, suffix) = match pattern.split_once('*') {
            Some(parts) => parts,
            None if pattern.ends_with('/') => (&**pattern, ""),
            None => continue,
        };
        let star = key.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix)).filter(|star| !star.is_empty());
        let longer = best.is_none_or(|(known, ..)| prefix.len() > known.len());
        if let Some(star) = star.filter(|_| longer) {
            best = Some((prefix, star, value));
        }
    }
    best.map(|(_, star, value)| (value, star))
}

/// The texts that the conditions choose: the first match of each object and of each list; without conditions, all of them.
fn choose<'a>(value: &'a Json, conditions: Option<&[&str]>, found: &mut Vec<&'a str>, work: &Work) {
    if found.len() >= MOST_TARGETS {
        return work.leave_out();
    }
    if !work.take(1) {
        return;
    }
    match value {
        Json::Text(target) => found.push(target),
        Json::List(items) => {
            for item in items {
                let before = found.len();
                choose(item, conditions, found, work);
                if conditions.is_some() && found.len() > before {
                    return;
                }
            }
        }
        Json::Map(_) => {
            let entries = value.entries();
            for (condition, value) in entries {
                let before = found.len();
                if conditions.is_none_or(|conditions| conditions.contains(&&**condition)) {
                    choose(value, conditions, found, work);
                } else if !work.take(1) {
                    return;
                }
                if conditions.is_some() && found.len() > before {
                    return;
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(table: &str, key: &str) -> Option<String> {
        targets(&Json::parse(table.as_bytes()).unwrap(), key, Purpose::Run, &Work::of(100)).into_iter().next()
    }

    #[test]
    fn what_a_key_comes_to_is_bounded() {
        let many: String = (0..1_000).map(|at| format!("\"./{at}\",")).collect();
        let stars = "*".repeat(1_000);
        let table = format!(r#"{{"./a": [{many}], "./b/*": "./{stars}", "./c/*": "./*/*.js"}}"#);
        let table = Json::parse(table.as_bytes()).unwrap();
        let of = |key: &str| targets(&table, key, Purpose::Run, &Work::of(10_000));
        assert!((1..=MOST_TARGETS).contains(&of("./a").len()));
        assert_eq!(of(&format!("./b/{}", "x".repeat(100))), [""; 0]);
        assert_eq!(of("./c/x"), ["./x/x.js"]);
        assert_eq!(targets(&table, "./c/x", Purpose::Run, &Work::of(2)), [""; 0], "three entries");
    }

    #[test]
    fn chooses_as_node_does() {
        let table = r#"{".": {"types": "./i.d.ts", "worker": "./w.js", "import": "./i.mjs", "require": "./i.cjs"},
            "./f/*": "./src/f/*.js", "./f/private/*": null, "./f/*.js": "./src/f/*.js", "./old/": "./lib/"}"#;
        let cases = [
            (".", Some("./i.mjs")),
            ("./f/a/b", Some("./src/f/a/b.js")),
            ("./f/private/x", None),
            ("./old/x.js", Some("./lib/x.js")),
            ("./nothing", None),
        ];
        for (key, expected) in cases {
            assert_eq!(first(table, key).as_deref(), expected, "{key}");
        }
        assert_eq!(first("\"./x.js\"", ".").as_deref(), Some("./x.js"));
        assert_eq!(first(r#"["./x.js"]"#, "./y"), None);
        assert_eq!(first(r#"{"require": {"default": "./r.js"}}"#, ".").as_deref(), Some("./r.js"));
        assert_eq!(first("3", "."), None);
    }
}
