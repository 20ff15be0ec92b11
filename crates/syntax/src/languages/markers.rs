//! Words that a C preprocessor removes from declarations of types: `class LEVELDB_EXPORT DB { … }`.
//!
//! To the grammar the first word after `class` is the type's name, and all that follows is torn: bases are values, members
//! are statements. So these words are taken out before parsing. A marker is told by its place and its capital letters.

use memchr::memmem;
use std::ops::Range;

/// Most markers of one file: the parser looks through all of them wherever it begins anew.
const MOST: usize = 256;
/// Most keywords that are looked at, each kind: what is around one is read again for the next.
const MOST_KEYWORDS: usize = 20_000;
/// Most words between the keyword and what follows the type's name.
const MOST_WORDS: usize = 8;
/// How far from the name of a type its body may begin.
pub(super) const FARTHEST_BODY: usize = 2_000;
/// What markers stand before or after.
const KEYWORDS: [&[u8]; 6] = [b"class", b"struct", b"enum", b"union", b"template", b"namespace"];

/// The places of the markers, in order and apart from each other.
pub(super) fn markers(source: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for keyword in KEYWORDS {
        for start in memmem::find_iter(source, keyword).take(MOST_KEYWORDS) {
            let end = start + keyword.len();
            let is_word = !source.get(end).copied().is_some_and(is_letter)
                && !start.checked_sub(1).and_then(|at| source.get(at)).copied().is_some_and(is_letter);
            if is_word {
                before(source, start, &mut found);
                after(source, keyword, end, &mut found);
            }
        }
    }
    found.sort_unstable_by_key(|range| range.start);
    let mut read = 0;
    // What is found from two keywords, or inside of arguments, is there twice.
    found.retain(|range| {
        let is_apart = range.start >= read;
        read = if is_apart { range.end } else { read };
        is_apart
    });
    found.truncate(MOST);
    found
}

/// `FMT_EXPORT template <…>`: a word that begins a line and is followed by nothing but the keyword.
fn before(source: &[u8], mut keyword: usize, found: &mut Vec<Range<usize>>) {
    for _ in 0..MOST_WORDS {
        let Some(text) = source.get(..keyword) else { return };
        let end = text.trim_ascii_end().len();
        let letters = text.get(..end).unwrap_or_default().iter().rev().take_while(|byte| is_letter(**byte)).count();
        let word = end - letters..end;
        if !is_marker(source, &word) || !crate::text::starts_its_line(source, word.start) {
            return;
        }
        keyword = word.start;
        found.push(word);
    }
}

/// `class A_API B(x) Name : …{`: all words but the last one, where they are markers and a body follows.
fn after(source: &[u8], keyword: &[u8], start: usize, found: &mut Vec<Range<usize>>) {
    let mut at = start;
    let mut words: Vec<Range<usize>> = Vec::new();
    for _ in 0..MOST_WORDS {
        at = blanks(source, at);
        let rest = source.get(at..).unwrap_or_default();
        if rest.starts_with(b"[[") {
            let Some(length) = memmem::find(rest.get(..FARTHEST_BODY.min(rest.len())).unwrap_or_default(), b"]]")
            else {
                return;
            };
            at += length + 2;
            continue;
        }
        let letters = rest.iter().take_while(|byte| is_letter(**byte)).count();
        if letters == 0 {
            break;
        }
        let name = at..at + letters;
        at = past_arguments(source, name.end);
        if is_standard(source.get(name.clone()).unwrap_or_default()) {
            continue;
        }
        words.push(name.start..at);
    }
    if words.last().and_then(|last| source.get(last.clone())) == Some(b"final") {
        words.pop();
    }
    let Some(name) = words.pop() else { return };
    let are_markers = !words.is_empty() && words.iter().all(|word| is_marker(source, word));
    if are_markers && has_body(source, keyword, at) && source.get(name.end.wrapping_sub(1)) != Some(&b')') {
        found.extend(words);
    }
}

/// Attributes that the grammar knows, and `enum class`.
fn is_standard(word: &[u8]) -> bool {
    matches!(word, b"__attribute__" | b"__declspec" | b"alignas" | b"class" | b"struct")
}

/// Whether what stands after a name makes it that of a type: a body, perhaps after bases, or, for `class`, nothing.
/// A field of some bits (`enum KIND kind : 8;`) and a variable (`struct POINT p {1, 2};`) have none.
fn has_body(source: &[u8], keyword: &[u8], at: usize) -> bool {
    let at = blanks(source, at);
    let rest = source.get(at..(at + FARTHEST_BODY).min(source.len())).unwrap_or_default();
    match rest.first() {
        Some(b'{') => {
            let content = source.get(blanks(source, at + 1)).copied().unwrap_or_default();
            !(content.is_ascii_digit() || matches!(content, b'.' | b'-' | b'"' | b'\'' | b'&'))
        }
        Some(b':' | b'<') => rest.iter().find(|byte| matches!(byte, b'{' | b';')) == Some(&b'{'),
        Some(b';') => keyword == b"class",
        _ => false,
    }
}

/// Capital letters, digits and underscores, with arguments or without.
pub(super) fn is_marker(source: &[u8], word: &Range<usize>) -> bool {
    let text = source.get(word.clone()).unwrap_or_default();
    let letters = text.iter().take_while(|byte| is_letter(**byte)).count();
    let name = text.get(..letters).unwrap_or_default();
    name.len() > 1
        && !name.iter().any(u8::is_ascii_lowercase)
        && name.first().is_some_and(|first| !first.is_ascii_digit())
        && name.iter().any(u8::is_ascii_uppercase)
}

pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(super) fn blanks(source: &[u8], at: usize) -> usize {
    at + source.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The end of `(…)` right here, or here where there is none.
pub(super) fn past_arguments(source: &[u8], at: usize) -> usize {
    let mut open = 0_usize;
    for (offset, byte) in source.get(at..).unwrap_or_default().iter().take(FARTHEST_BODY).enumerate() {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return if offset == 0 { at } else { at + offset + 1 };
        }
    }
    at
}
