//! Where the names of folders stop being free: beneath the source roots of Java's builds they are parts of a package's
//! name, and `samples` in `org/springframework/samples` makes nothing a sample.

/// The folders of a path as far as their names are free.
pub(crate) fn free_names(folders: &str) -> &str {
    let mut last = ["", ""];
    let mut end = 0;
    for name in folders.split('/') {
        let start = end;
        end += name.len() + 1;
        let is_root = match last {
            [_, "src"] => name == "main" || LANGUAGES.contains(&name),
            ["src", _] => LANGUAGES.contains(&name),
            _ => false,
        };
        if is_root {
            // Of `src/test/java` the set of sources is a free name still; of `src/main` nothing is left to say.
            let before = if last[1] == "src" { start.saturating_sub("src/".len()) } else { start };
            return folders.get(..before).unwrap_or(folders).trim_end_matches('/');
        }
        last = [last[1], name];
    }
    folders
}

/// Whether a folder lies below a source root of such a language: its name is a part of a package's name.
pub(crate) fn is_in_language_root(folder: &str) -> bool {
    let mut last = ["", ""];
    folder.rsplit_once('/').is_some_and(|(above, _)| {
        above.split('/').any(|name| {
            let is_root = last.contains(&"src") && LANGUAGES.contains(&name);
            last = [last[1], name];
            is_root
        })
    })
}

/// Folders that such a build keeps a language's sources in, each below a set of sources (`src/test/java`) or `src`.
const LANGUAGES: [&str; 4] = ["java", "kotlin", "scala", "groovy"];

#[cfg(test)]
mod tests {
    use super::{free_names, is_in_language_root};

    #[test]
    fn packages_are_not_free_names() {
        let cases = [
            ("src/main/java/org/springframework/samples", ""),
            ("shop/src/main/resources/test", "shop"),
            ("shop/src/test/java/a/examples", "shop/src/test"),
            ("examples/src/kotlin/a", "examples"),
            ("src/domain/java", "src/domain"),
            ("a/main/samples", "a/main/samples"),
            ("", ""),
        ];
        for (folders, free) in cases {
            assert_eq!(free_names(folders), free, "{folders}");
        }
    }

    #[test]
    fn what_lies_below_a_root_of_a_language() {
        assert!(is_in_language_root("a/src/main/java/org") && is_in_language_root("src/kotlin/a/b"));
        for folder in ["src/main/java", "src/main/resources/db", "java/org", "src", ""] {
            assert!(!is_in_language_root(folder), "{folder}");
        }
    }
}
