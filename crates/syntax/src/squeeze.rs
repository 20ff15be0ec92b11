//! Less text with the same counts: a stretch that tells tokei nothing becomes one letter.
//!
//! tokei looks for every mark of a comment or a quote at every byte of a line. Of what stands between marks it asks just
//! whether it is blank. So each such stretch becomes a letter that no mark has, a blank before it where it begins with one;
//! every line stays a line, every mark stays where it was among the others, and what stood apart does not come together.

use memchr::memchr;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Range;
use tokei::LanguageType;

/// Calls `then` with a text that tokei counts as it counts `source`.
pub(crate) fn squeezed<T>(language: LanguageType, source: &[u8], then: impl FnOnce(&[u8]) -> T) -> T {
    thread_local! {
        static KEPT: RefCell<Kept> = RefCell::default();
    }
    if embeds_others(language) {
        return then(source);
    }
    KEPT.with_borrow_mut(|Kept { marks, text }| {
        let marks = marks.entry(language).or_insert_with(|| Marks::of(language));
        text.clear();
        squeeze(marks, source, text);
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
    marks: FxHashMap<LanguageType, Marks>,
    text: Vec<u8>,
}

/// What the marks of a language are made of.
struct Marks {
    /// What is looked for.
    signs: [Sign; 256],
    /// Bytes that say something alone.
    alone: [bool; 256],
    /// For each byte the bytes that come after it in a mark, as bits.
    followers: Box<[[u64; 4]; 256]>,
    /// A letter and a blank that are parts of no mark.
    letter: u8,
    blank: u8,
    /// Whether lines with documentation stay as they are: Rust's is Markdown to tokei.
    keeps_documentation: bool,
}

/// What a byte is to be looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Nothing.
    None,
    /// It says something alone, and nothing with others.
    Alone,
    /// It may say something with the byte before or after it. Of any two that follow each other in a mark this is one, and no
    /// letter or digit, of which people write most, where the other is none.
    Part,
}

impl Marks {
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
        let mut marks = Self {
            signs: [Sign::None; 256],
            alone: [false; 256],
            followers: Box::new([[0; 4]; 256]),
            letter: b'x',
            blank: b' ',
            keeps_documentation: language == LanguageType::Rust,
        };
        // Escapes and the ends of lines say something too.
        let all: Vec<&[u8]> = ["\\", "\n"].into_iter().chain(pairs).chain(single).map(str::as_bytes).collect();
        all.iter().for_each(|mark| marks.add(mark));
        all.iter().filter(|mark| mark.len() > 1).for_each(|mark| marks.look_for(mark));
        for byte in 0..=u8::MAX {
            if is_set(&marks.alone, byte) && marks.sign(byte) == Sign::None {
                marks.set_sign(byte, if marks.stands_with_others(byte) { Sign::Part } else { Sign::Alone });
            }
        }
        let is_free = |byte: &u8| !all.iter().any(|mark| mark.contains(byte));
        let (letter, blank) = ((b'!'..=b'~').find(is_free), b" \t\x0b\x0c".iter().copied().find(is_free));
        marks.letter = letter.unwrap_or(marks.letter);
        marks.blank = blank.unwrap_or(marks.blank);
        marks
    }

    fn add(&mut self, mark: &[u8]) {
        for (at, byte) in mark.iter().enumerate() {
            // Blanks of a mark are kept wherever they stand, because others are not told from each other.
            if mark.len() == 1 || is_blank(*byte) {
                set(&mut self.alone, *byte);
            }
            if let Some(next) = mark.get(at + 1)
                && let Some(bits) = self.followers.get_mut(usize::from(*byte))
                && let Some(bits) = bits.get_mut(usize::from(*next >> 6))
            {
                *bits |= 1 << (next & 63);
            }
        }
    }

    fn look_for(&mut self, mark: &[u8]) {
        for (byte, next) in mark.iter().zip(mark.iter().skip(1)) {
            let is_found = |byte: &u8| is_set(&self.alone, *byte) || self.sign(*byte) != Sign::None;
            if !is_found(byte) && !is_found(next) {
                self.set_sign(if byte.is_ascii_alphanumeric() { *next } else { *byte }, Sign::Part);
            }
        }
    }

    fn sign(&self, byte: u8) -> Sign {
        self.signs.get(usize::from(byte)).copied().unwrap_or(Sign::None)
    }

    fn set_sign(&mut self, byte: u8, sign: Sign) {
        if let Some(known) = self.signs.get_mut(usize::from(byte)) {
            *known = sign;
        }
    }

    /// Whether a byte comes before or after another in any mark.
    fn stands_with_others(&self, byte: u8) -> bool {
        (0..=u8::MAX).any(|other| self.follows(byte, other) || self.follows(other, byte))
    }

    /// Around a byte that was looked for, what may be a part of a mark: itself, the one before it, the one after it.
    fn around(&self, source: &[u8], at: usize) -> Option<Range<usize>> {
        let byte = *source.get(at)?;
        if self.sign(byte) == Sign::Alone {
            return Some(at..at + 1);
        }
        let before = at.checked_sub(1).filter(|before| source.get(*before).is_some_and(|it| self.follows(*it, byte)));
        let after = source.get(at + 1).is_some_and(|next| self.follows(byte, *next));
        let is_mark = before.is_some() || after || is_set(&self.alone, byte);
        is_mark.then(|| before.unwrap_or(at)..at + 1 + usize::from(after))
    }

    fn follows(&self, byte: u8, next: u8) -> bool {
        let bits = self.followers.get(usize::from(byte)).and_then(|bits| bits.get(usize::from(next >> 6)));
        bits.is_some_and(|bits| bits >> (next & 63) & 1 == 1)
    }
}

fn is_set(bytes: &[bool; 256], byte: u8) -> bool {
    bytes.get(usize::from(byte)).copied().unwrap_or(false)
}

fn set(bytes: &mut [bool; 256], byte: u8) {
    if let Some(known) = bytes.get_mut(usize::from(byte)) {
        *known = true;
    }
}

/// What tokei trims.
fn is_blank(byte: u8) -> bool {
    byte == b' ' || (b'\t'..=b'\r').contains(&byte)
}

fn squeeze(marks: &Marks, source: &[u8], text: &mut Vec<u8>) {
    let (mut stretch, mut looked) = (0, 0);
    // Where the line begins, in the source and in the text.
    let mut line = (0, 0);
    loop {
        let rest = source.get(looked..).unwrap_or_default();
        let Some(found) = rest.iter().position(|byte| marks.sign(*byte) != Sign::None) else { break };
        let at = looked + found;
        looked = at + 1;
        if marks.keeps_documentation && is_documentation(source.get(at..).unwrap_or_default()) {
            let rest = source.get(at..).unwrap_or_default();
            let end = at + memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
            text.truncate(line.1);
            text.extend_from_slice(source.get(line.0..end).unwrap_or_default());
            (stretch, looked, line) = (end, end, (end, text.len()));
            continue;
        }
        // What is found twice is kept once.
        if let Some(kept) = marks.around(source, at).filter(|kept| kept.end > stretch) {
            let start = kept.start.max(stretch);
            fill(marks, source.get(stretch..start).unwrap_or_default(), text);
            text.extend(source.get(start..kept.end).unwrap_or_default());
            stretch = kept.end;
        }
        if source.get(at) == Some(&b'\n') {
            line = (looked, text.len());
        }
    }
    fill(marks, source.get(stretch..).unwrap_or_default(), text);
}

fn is_documentation(text: &[u8]) -> bool {
    text.starts_with(b"///") || text.starts_with(b"//!")
}

/// What a stretch without marks becomes.
fn fill(marks: &Marks, stretch: &[u8], text: &mut Vec<u8>) {
    if stretch.first().is_some_and(|first| is_blank(*first)) {
        text.push(marks.blank);
    }
    // From its end, which is seldom blank.
    if stretch.iter().rev().any(|byte| !is_blank(*byte)) {
        text.push(marks.letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokei::Config;

    #[test]
    fn what_says_nothing_becomes_a_letter() {
        let text =
            |language, source: &str| squeezed(language, source.as_bytes(), |text| text.escape_ascii().to_string());
        assert_eq!(text(LanguageType::Java, "  int x = f(\"a b\"); // why \n\n\t}\n"), r#" !\"!\"!// !\n\n !\n"#);
        assert_eq!(text(LanguageType::Java, "a / / b * c"), "!");
        assert_eq!(text(LanguageType::C, "'\\\"' */"), r#"!\\\"!*/"#);
        assert_eq!(text(LanguageType::Rust, "let r = a!(1);\n/// The doc.\nfn b() {}\n"), r"$\n/// The doc.\n$\n");
        assert_eq!(text(LanguageType::Markdown, "a b c\n"), r"a b c\n");
    }

    #[test]
    fn of_two_bytes_that_follow_each_other_in_a_mark_one_is_looked_for() {
        for (language, _) in LanguageType::list() {
            let marks = Marks::of(*language);
            for (byte, next) in (0..=u8::MAX).flat_map(|byte| (0..=u8::MAX).map(move |next| (byte, next))) {
                let is_found = marks.sign(byte) == Sign::Part || marks.sign(next) == Sign::Part;
                assert!(!marks.follows(byte, next) || is_found, "{language}: {byte} {next}");
            }
            // Where a line ends nothing else does, or what is kept of its documentation would not begin there.
            assert!(!marks.keeps_documentation || marks.sign(b'\n') == Sign::Alone, "{language}");
        }
    }

    #[test]
    fn one_blank_is_not_another() {
        // A backslash and a space begin a comment there; a backslash and a tab do not.
        let count = |text: &[u8]| LanguageType::Eighth.parse_from_slice(text, &Config::default()).comments;
        assert_eq!(squeezed(LanguageType::Eighth, b"\\\tword\n", count), 0);
        assert_eq!(squeezed(LanguageType::Eighth, b"\\ word\n", count), 1);
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
