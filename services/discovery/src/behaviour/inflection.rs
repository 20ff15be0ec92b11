//! One and many of a noun, as the frameworks that name paths after tables tell them.

/// One of many, by the endings that names of tables have.
pub(super) fn singular(name: &str) -> String {
    const ENDINGS: &[(&str, &str)] = &[
        ("movies", "movie"),
        ("ies", "y"),
        ("sses", "ss"),
        ("uses", "us"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("s", ""),
    ];
    if name.ends_with("ss") || name.ends_with("us") {
        return name.to_owned();
    }
    let found = ENDINGS.iter().find_map(|(many, one)| name.strip_suffix(many).map(|stem| format!("{stem}{one}")));
    found.unwrap_or_else(|| name.to_owned())
}

/// Many of one, for the controller of `resource :profile`.
pub(super) fn plural(name: &str) -> String {
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let hisses = ["ss", "us", "ch", "sh", "x", "z"].iter().any(|end| name.ends_with(end));
    match name.strip_suffix('y') {
        _ if name.is_empty() => String::new(),
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if hisses => format!("{name}es"),
        _ if name.ends_with('s') => name.to_owned(),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_have_one_and_many() {
        for (one, many) in [
            ("post", "posts"),
            ("category", "categories"),
            ("address", "addresses"),
            ("status", "statuses"),
            ("tax", "taxes"),
            ("day", "days"),
            ("branch", "branches"),
        ] {
            assert_eq!((&*singular(many), &*plural(one)), (one, many));
        }
        assert_eq!((singular("address"), plural("settings")), ("address".to_owned(), "settings".to_owned()));
    }
}
