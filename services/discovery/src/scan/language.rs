//! The language of a file by its name or first line, as tokei tells it, and what a header is parsed as.

use super::ScannedFile;
use codexa_model::Language;
use std::collections::BTreeMap;
use tokei::LanguageType;

/// The language that tokei tells from a path alone.
pub(crate) fn of_path(path: &str) -> Option<LanguageType> {
    let name = path.rsplit('/').next().unwrap_or(path);
    // tokei opens a file whose name has no extension, to see its shebang. It must not open anything: it is given the name
    // in a folder that cannot exist.
    let nowhere = std::path::Path::new("/dev/null/nowhere");
    LanguageType::from_path(nowhere.join(name), &tokei::Config::default())
}

/// Interpreters that tokei knows after `#!/usr/bin/env`, in its order; the first that the word starts with decides.
const INTERPRETERS: [(&str, LanguageType); 17] = [
    ("bash", LanguageType::Bash),
    ("csh", LanguageType::CShell),
    ("crystal", LanguageType::Crystal),
    ("cython", LanguageType::Cython),
    ("elvish", LanguageType::Elvish),
    ("fish", LanguageType::Fish),
    ("groovy", LanguageType::Groovy),
    ("just", LanguageType::Just),
    ("ksh", LanguageType::Ksh),
    ("python", LanguageType::Python),
    ("python2", LanguageType::Python),
    ("python3", LanguageType::Python),
    ("racket", LanguageType::Racket),
    ("raku", LanguageType::Raku),
    ("perl6", LanguageType::Raku),
    ("ruby", LanguageType::Ruby),
    ("sh", LanguageType::Sh),
];

/// The language that tokei tells from a file's first bytes, where its name has no extension.
#[must_use]
pub fn from_shebang(content: &[u8]) -> Option<LanguageType> {
    // tokei looks at as many bytes.
    const LOOKED_AT: usize = 128;
    let head = content.get(..LOOKED_AT).unwrap_or(content);
    let line = std::str::from_utf8(head.split(|byte| *byte == b'\n').next()?).ok()?;
    let mut words = line.split_whitespace();
    let first = words.next().filter(|word| word.starts_with("#!"))?;
    let listed = LanguageType::list().iter().map(|(language, _)| *language);
    if let Some(language) = listed.into_iter().find(|language| language.shebangs().contains(&first)) {
        return Some(language);
    }
    let word = words.next().filter(|_| first == "#!/usr/bin/env")?;
    INTERPRETERS.iter().find(|(name, _)| word.starts_with(name)).map(|(_, language)| *language)
}

/// Sources beneath a folder.
#[derive(Clone, Copy, Default)]
struct Share {
    c: u32,
    cpp: u32,
}

/// Decides for each `.h` file whether it is C or C++: by the sources beneath the nearest folder above it that holds any,
/// the more frequent language; C where they are equal or there are none.
pub(super) fn decide_headers(files: &mut [ScannedFile]) {
    if !files.iter().any(|file| file.language == Some(LanguageType::CHeader)) {
        return;
    }
    let mut shares: BTreeMap<Box<str>, Share> = BTreeMap::new();
    for file in files.iter().filter(|file| file.language != Some(LanguageType::CHeader)) {
        let (c, cpp) = match file.parsed {
            Some(Language::C) => (1, 0),
            Some(Language::Cpp) => (0, 1),
            _ => continue,
        };
        for folder in folders_above(&file.path) {
            if let Some(share) = shares.get_mut(folder) {
                share.c += c;
                share.cpp += cpp;
            } else {
                shares.insert(folder.into(), Share { c, cpp });
            }
        }
    }
    for file in files.iter_mut().filter(|file| file.language == Some(LanguageType::CHeader)) {
        let share = folders_above(&file.path).find_map(|folder| shares.get(folder)).copied().unwrap_or_default();
        file.parsed = Some(if share.cpp > share.c { Language::Cpp } else { Language::C });
    }
}

/// The folders a path lies in, the innermost first, the root (empty) last.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        (!path.is_empty()).then(|| path.rsplit_once('/').map_or("", |(folder, _)| folder))
    })
    .skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_looked_up_and_nothing_is_opened() {
        assert_eq!(of_path("a/b/main.RS"), Some(LanguageType::Rust));
        assert_eq!(of_path("Makefile"), Some(LanguageType::Makefile));
        assert_eq!(of_path("view.blade.php"), Some(LanguageType::Blade));
        assert_eq!(of_path("configure"), None);
        assert_eq!(of_path(".gitignore"), None);
    }

    #[test]
    fn shebangs_are_told_as_tokei_tells_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut lines = vec![
            "#!/bin/sh -e".to_owned(),
            "#! /bin/sh".to_owned(),
            "#!/usr/bin/perl -w".to_owned(),
            "#!/usr/bin/env".to_owned(),
            "#!/usr/bin/env -S python3".to_owned(),
            "#!/usr/bin/env pythonic".to_owned(),
            "no shebang".to_owned(),
            String::new(),
        ];
        for (language, _) in LanguageType::list() {
            lines.extend(language.shebangs().iter().map(ToString::to_string));
        }
        for word in ["bash", "zsh", "node", "perl", "deno", "php", "raku", "shell", "just", "awk", "tclsh", "fish"]
            .into_iter()
            .chain(INTERPRETERS.iter().map(|(name, _)| *name))
        {
            lines.push(format!("#!/usr/bin/env {word}"));
        }
        for line in lines {
            let file = folder.path().join("script");
            let content = format!("{line}\nrest\n");
            std::fs::write(&file, &content).unwrap();
            assert_eq!(from_shebang(content.as_bytes()), LanguageType::from_shebang(&file), "{line}");
        }
    }

    #[test]
    fn folders_above_ends_with_the_root() {
        assert_eq!(folders_above("a/b/c.h").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(folders_above("c.h").collect::<Vec<_>>(), [""]);
    }
}
