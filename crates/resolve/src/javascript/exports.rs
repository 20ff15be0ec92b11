//! `exports` and `imports` of package.json: which files a subpath may lead to (Node.js, "Packages", resolution algorithm).

use crate::json::Json;

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
pub(super) fn targets(table: &Json, key: &str, purpose: Purpose) -> Vec<String> {
    let Some((value, star)) = entry(table, key) else { return Vec::new() };
    let (first, second) = match purpose {
        Purpose::Run => (RUNTIME, TYPES),
        Purpose::Types => (TYPES, RUNTIME),
    };
    let mut found = Vec::new();
    choose(value, Some(first), &mut found);
    choose(value, Some(second), &mut found);
    choose(value, None, &mut found);
    let mut targets: Vec<String> = Vec::with_capacity(found.len());
    for target in found {
        let folder = target.ends_with('/');
        let target = if folder { [target, star].concat() } else { target.replace('*', star) };
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}

/// The value of a key and what `*` stands for in it. A table without subpath keys is the value of `.`.
fn entry<'a, 'k>(table: &'a Json, key: &'k str) -> Option<(&'a Json, &'k str)> {
    let is_subpath = |(name, _): &(Box<str>, Json)| name.starts_with(['.', '#']);
    if !table.entries().iter().any(is_subpath) {
        return (key == ".").then_some((table, ""));
    }
    if let Some(value) = table.get(key).filter(|_| !key.contains('*')) {
        return Some((value, ""));
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
fn choose<'a>(value: &'a Json, conditions: Option<&[&str]>, found: &mut Vec<&'a str>) {
    match value {
        Json::Text(target) => found.push(target),
        Json::List(items) => {
            for item in items {
                let before = found.len();
                choose(item, conditions, found);
                if conditions.is_some() && found.len() > before {
                    return;
                }
            }
        }
        Json::Map(entries) => {
            for (condition, value) in entries {
                let before = found.len();
                if conditions.is_none_or(|conditions| conditions.contains(&&**condition)) {
                    choose(value, conditions, found);
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
        targets(&Json::parse(table.as_bytes()).unwrap(), key, Purpose::Run).into_iter().next()
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
