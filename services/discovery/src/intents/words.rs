//! Names in code as words: `camelCase`, `snake_case`, `HTTPServer`, `sha256`.

use compact_str::CompactString;

/// Longest word that is one, in bytes; longer ones are hashes and data. So long a one needs no memory of its own.
const LONGEST: usize = 24;

/// The words of a name, in lower case and in order. Digits stay with the letters before them; a word has at least three
/// letters or digits, of which one is a letter.
pub(crate) fn words(name: &str) -> Words<'_> {
    Words { rest: name, shortest: 3 }
}

/// The same of a file or folder, where people mean something by two letters: `io`, `fs`, `ui`.
pub(crate) fn words_of_path(name: &str) -> Words<'_> {
    Words { rest: name, shortest: 2 }
}

/// See [`words`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Words<'n> {
    rest: &'n str,
    shortest: usize,
}

impl Iterator for Words<'_> {
    type Item = CompactString;

    fn next(&mut self) -> Option<CompactString> {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| !c.is_alphanumeric());
            if self.rest.is_empty() {
                return None;
            }
            let (word, rest) = self.rest.split_at_checked(end_of_word(self.rest))?;
            self.rest = rest;
            if is_word(word, self.shortest) {
                return Some(in_lower_case(word));
            }
        }
    }
}

fn in_lower_case(word: &str) -> CompactString {
    if !word.is_ascii() {
        return word.to_lowercase().into();
    }
    let mut word = CompactString::from(word);
    word.make_ascii_lowercase();
    word
}

fn is_word(word: &str, shortest: usize) -> bool {
    word.len() <= LONGEST && word.chars().count() >= shortest && word.chars().any(char::is_alphabetic)
}

/// Where the first word ends: before a sign, before a capital after a small letter or digit (`camel|Case`), and before the
/// last of several capitals where a small letter follows it (`HTTP|Server`).
fn end_of_word(text: &str) -> usize {
    let mut letters = text.char_indices().peekable();
    let mut before = None;
    while let Some((at, c)) = letters.next() {
        if !c.is_alphanumeric() {
            return at;
        }
        if c.is_uppercase() {
            let ends = match before {
                None => false,
                Some(last) if char::is_uppercase(last) => {
                    letters.peek().is_some_and(|(_, next)| next.is_lowercase() && *next != 's')
                }
                Some(_) => true,
            };
            if ends {
                return at;
            }
        }
        before = Some(c);
    }
    text.len()
}

/// What a word and its plural have in common: `session` of `sessions`, `policy` of `policies`, `class` of `classes`.
pub(crate) fn stem(word: &str) -> &str {
    if word.len() <= 3 {
        return word;
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return stem;
    }
    if let Some(stem) = word.strip_suffix('y').filter(|stem| stem.len() > 2 && !ends_in_vowel(stem)) {
        return stem;
    }
    for end in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(end) {
            return word.get(..word.len() - 2).unwrap_or(word);
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i', 'a']) => stem,
        _ => word,
    }
}

fn ends_in_vowel(stem: &str) -> bool {
    stem.ends_with(['a', 'e', 'i', 'o', 'u'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_fall_into_their_words() {
        let cases: [(&str, &[&str]); 9] = [
            ("camelCase", &["camel", "case"]),
            ("snake_case_name", &["snake", "case", "name"]),
            ("HTTPServerError", &["http", "server", "error"]),
            ("parseURLs", &["parse", "urls"]),
            ("sha256Digest", &["sha256", "digest"]),
            ("SCREAMING_SNAKE", &["screaming", "snake"]),
            ("t_stream2.c", &["stream2"]),
            ("ein-Überblick", &["ein", "überblick"]),
            ("a_b_1234 __x__", &[]),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name).collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn a_word_and_its_plural_have_one_stem() {
        for (one, many) in [
            ("session", "sessions"),
            ("policy", "policies"),
            ("class", "classes"),
            ("index", "indexes"),
            ("key", "keys"),
        ] {
            assert_eq!(stem(one), stem(many), "{one}");
        }
        for whole in ["redis", "status", "acl", "alias", "class"] {
            assert_eq!(stem(whole), whole);
        }
    }

    proptest! {
        #[test]
        fn any_text_has_words(text in ".{0,60}") {
            for word in words(&text) {
                prop_assert!(!word.is_empty());
                let _ = stem(&word);
            }
        }
    }
}
