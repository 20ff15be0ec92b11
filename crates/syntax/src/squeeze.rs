//! Less text with the same counts: what tokei cannot tell from one letter is one letter.
//!
//! tokei looks for every comment and quote of a language at every byte of a line. Only the bytes that these are made of
//! can begin or end one; of a stretch without any it asks just whether it is blank. So a stretch becomes its first
//! byte, and, where it starts blank and does not stay so, the first byte that is not. Every line stays a line, every token stays
//! where it was among the others, and no two that stood apart come together.

use memchr::memmem;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use tokei::LanguageType;

/// Calls `then` with a text that tokei counts as it counts `source`.
pub(crate) fn squeezed<T>(language: LanguageType, source: &[u8], then: impl FnOnce(&[u8]) -> T) -> T {
    thread_local! {
        static KEPT: RefCell<Kept> = RefCell::default();
    }
    if embeds_others(language) {
        return then(source);
    }
    KEPT.with_borrow_mut(|Kept { classes, text }| {
        let classes = classes.entry(language).or_insert_with(|| Classes::of(language));
        text.clear();
        if language == LanguageType::Rust {
            squeeze_rust(classes, source, text);
        } else {
            squeeze(classes, source, text);
        }
        then(text)
    })
}

/// Languages in which tokei reads whole stretches as another language.
fn embeds_others(language: LanguageType) -> bool {
    matches!(
        language,
        LanguageType::GlimmerJs
            | LanguageType::GlimmerTs
            | LanguageType::Html
            | LanguageType::Jupyter
            | LanguageType::LinguaFranca
            | LanguageType::Markdown
            | LanguageType::RubyHtml
            | LanguageType::Svelte
            | LanguageType::UnrealDeveloperMarkdown
            | LanguageType::Vue
    )
}

/// What a thread keeps from file to file.
#[derive(Default)]
struct Kept {
    classes: FxHashMap<LanguageType, Classes>,
    text: Vec<u8>,
}

/// What each byte can be to tokei.
struct Classes([u8; 256]);

/// Part of a comment's or a quote's mark, an escape, or the end of a line.
const MARK: u8 = 0;
const BLANK: u8 = 1;
const LETTER: u8 = 2;

impl Classes {
    fn of(language: LanguageType) -> Self {
        let pairs = [
            language.multi_line_comments(),
            language.nested_comments(),
            language.quotes(),
            language.verbatim_quotes(),
            language.doc_quotes(),
        ];
        let pairs = pairs.into_iter().flatten().flat_map(|(start, end)| [*start, *end]);
        let single = language.line_comments().iter().chain(language.important_syntax()).copied();
        let mut classes = [LETTER; 256];
        let mut set = |bytes: &[u8], class| {
            for byte in bytes {
                if let Some(known) = classes.get_mut(usize::from(*byte)) {
                    *known = class;
                }
            }
        };
        set(b" \t\x0b\x0c\r", BLANK);
        set(b"\\\n", MARK);
        pairs.chain(single).for_each(|mark| set(mark.as_bytes(), MARK));
        Self(classes)
    }

    fn of_byte(&self, byte: u8) -> u8 {
        self.0.get(usize::from(byte)).copied().unwrap_or(MARK)
    }
}

fn squeeze(classes: &Classes, source: &[u8], text: &mut Vec<u8>) {
    text.reserve(source.len());
    let mut rest = source;
    while let Some(first) = rest.first() {
        text.push(*first);
        let class = classes.of_byte(*first);
        let end = match class {
            MARK => 1,
            _ => rest.iter().position(|byte| classes.of_byte(*byte) == MARK).unwrap_or(rest.len()),
        };
        let (stretch, after) = rest.split_at(end);
        if class == BLANK {
            text.extend(stretch.iter().find(|byte| classes.of_byte(**byte) == LETTER));
        }
        rest = after;
    }
}

/// Rust's documentation is Markdown to tokei: its lines stay as they are.
fn squeeze_rust(classes: &Classes, source: &[u8], text: &mut Vec<u8>) {
    let mut done = 0;
    for comment in memmem::find_iter(source, b"//") {
        let documents = matches!(source.get(comment + 2), Some(b'/' | b'!'));
        if comment < done || !documents {
            continue;
        }
        let (before, after) = source.split_at(comment);
        let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let end = comment + memchr::memchr(b'\n', after).map_or(after.len(), |at| at + 1);
        squeeze(classes, source.get(done..line).unwrap_or_default(), text);
        text.extend_from_slice(source.get(line..end).unwrap_or_default());
        done = end;
    }
    squeeze(classes, source.get(done..).unwrap_or_default(), text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokei::Config;

    #[test]
    fn what_tokei_cannot_tell_apart_becomes_one() {
        let text =
            |language, source: &str| squeezed(language, source.as_bytes(), |text| text.escape_ascii().to_string());
        assert_eq!(text(LanguageType::Java, "  int x = f(\"a b\"); // why \n\n\t}\n"), r#" i\"a\")// w\n\n\t}\n"#);
        assert_eq!(text(LanguageType::Java, "a / / b"), "a/ / b");
        assert_eq!(text(LanguageType::Rust, "let a = 1;\n/// The doc.\nfn b() {}\n"), r"l\n/// The doc.\nf\n");
        assert_eq!(text(LanguageType::Markdown, "a b c\n"), r"a b c\n");
    }

    /// Text of a language's own marks between words, blanks and escapes, where all that tokei does can happen.
    fn sources() -> impl Strategy<Value = (LanguageType, Vec<u8>)> {
        let languages = LanguageType::list().iter().map(|(language, _)| *language).collect::<Vec<_>>();
        // Half of the cases in the languages that are most of what people write.
        let common = [LanguageType::C, LanguageType::Cpp, LanguageType::Java, LanguageType::Python, LanguageType::Rust];
        let language = prop_oneof![proptest::sample::select(languages), proptest::sample::select(common.to_vec())];
        language.prop_flat_map(|language| {
            let mut pieces: Vec<&str> =
                vec!["\n", "\n", "\r\n", " ", "\t", "word", "x", "\\", "é", "/", "*", "'", "\"", "#", "!"];
            for (start, end) in [
                language.multi_line_comments(),
                language.nested_comments(),
                language.quotes(),
                language.verbatim_quotes(),
                language.doc_quotes(),
            ]
            .into_iter()
            .flatten()
            {
                pieces.extend([start, end]);
            }
            pieces.extend(language.line_comments().iter().chain(language.important_syntax()));
            let text = proptest::collection::vec(proptest::sample::select(pieces), 0..60);
            text.prop_map(move |pieces| (language, pieces.concat().into_bytes()))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_counts_stay((language, source) in sources()) {
            let count = |text: &[u8]| language.parse_from_slice(text, &Config::default()).summarise();
            let (whole, less) = (count(&source), squeezed(language, &source, count));
            prop_assert_eq!(
                (whole.code, whole.comments, whole.blanks), (less.code, less.comments, less.blanks),
                "{:?} {:?}", language, String::from_utf8_lossy(&source)
            );
        }
    }
}
