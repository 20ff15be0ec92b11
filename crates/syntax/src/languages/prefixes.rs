//! Words that a C preprocessor removes from declarations of functions: `FMT_API auto f() -> int`, and those that stand for
//! themselves (`FMT_BEGIN_NAMESPACE`). They are looked for where a file was torn without it.
//!
//! A word in capital letters may as well be a type. It is a marker only where a whole declaration is left without it: a
//! type that the language knows, or another name before that of the function. What is in doubt stays.

use super::markers::{FARTHEST_BODY, blanks, is_letter, is_marker, past_arguments};
use memchr::{memchr, memmem, memrchr};
use std::ops::Range;

/// Most parameters of a template that are looked at.
const MOST_PARAMETERS: usize = 16;
/// Most lines from a marker back to what it stands behind.
const FARTHEST_LINE: usize = 100;
/// Most words before the name of a function.
const MOST_WORDS: usize = 16;
/// Words that may stand before a type.
const SPECIFIERS: [&[u8]; 11] = [
    b"constexpr",
    b"consteval",
    b"constinit",
    b"extern",
    b"friend",
    b"inline",
    b"mutable",
    b"static",
    b"thread_local",
    b"virtual",
    b"explicit",
];
/// Types that no name can stand before.
const TYPES: [&[u8]; 11] =
    [b"auto", b"bool", b"char", b"double", b"float", b"int", b"long", b"short", b"signed", b"unsigned", b"void"];
/// Words that begin the definition of something else than a function.
const DEFINITIONS: [&[u8]; 6] = [b"class", b"enum", b"namespace", b"struct", b"union", b"using"];
/// Words that are part of a type and no name of one.
const QUALIFIERS: [&[u8]; 8] =
    [b"class", b"const", b"decltype", b"enum", b"struct", b"typename", b"union", b"volatile"];
/// Words that begin what is no declaration.
const OTHERS: [&[u8]; 14] = [
    b"case",
    b"co_return",
    b"delete",
    b"do",
    b"else",
    b"for",
    b"goto",
    b"if",
    b"new",
    b"return",
    b"switch",
    b"throw",
    b"typedef",
    b"while",
];

/// The places of the markers, in order and apart from each other.
pub(super) fn prefixes(source: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut line = 0;
    let mut is_continued = false;
    while line < source.len() {
        let end = memchr(b'\n', source.get(line..).unwrap_or_default()).map_or(source.len(), |at| line + at);
        let text = source.get(line..end).unwrap_or_default();
        let start = line + text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let is_read = found.last().is_some_and(|last| last.end > start);
        let may_begin = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'[';
        if !is_read && source.get(start) == Some(&b'#') && text.windows(2).any(|pair| pair == b"if") {
            found.extend(headers(source, start..end));
        } else if !is_continued && !is_read && source.get(start).is_some_and(may_begin) {
            found.extend(declaration(source, start));
        }
        is_continued = text.trim_ascii_end().ends_with(b"\\");
        line = end + 1;
    }
    found
}

/// The markers of the declaration that begins here.
fn declaration(source: &[u8], start: usize) -> Vec<Range<usize>> {
    let mut markers: Vec<Range<usize>> = Vec::new();
    if let Some(marker) = of_condition(source, start) {
        return vec![marker];
    }
    let mut conditions = Vec::new();
    let (mut at, mut has_type, mut is_explicit) = (start, false, false);
    for _ in 0..MOST_WORDS {
        let word = word(source, at);
        let text = source.get(word.clone()).unwrap_or_default();
        let mut end = word.end;
        if text.is_empty() && source.get(at..).unwrap_or_default().starts_with(b"[[") {
            let rest = source.get(at..(at + FARTHEST_BODY).min(source.len())).unwrap_or_default();
            let Some(length) = memmem::find(rest, b"]]") else { return Vec::new() };
            end = at + length + 2;
        } else if TYPES.contains(&text) {
            has_type = true;
            break;
        } else if text == b"template" {
            // Without a list it asks for an instance.
            let list = blanks(source, end);
            if source.get(list) == Some(&b'<') {
                let Some(past) = past_angles(source, list) else { return Vec::new() };
                conditions.extend(conditions_of_template(source, list..past));
                end = past;
            }
        } else if SPECIFIERS.contains(&text) {
            is_explicit |= text == b"explicit";
        } else if is_marker(source, &word) {
            end = past_arguments(source, end);
            markers.push(word.start..end);
        } else {
            has_type = DEFINITIONS.contains(&text);
            break;
        }
        at = past_comments(source, end);
    }
    if markers.is_empty() {
        return conditions;
    }
    let is_cast = matches!(source.get(word(source, at)), Some(b"operator")) || source.get(at) == Some(&b'~');
    match names(source, at) {
        _ if has_type || is_cast => {}
        Some(2..) => {}
        Some(1) if is_explicit || initialises(source, at) => {}
        // The last of them is the type.
        Some(1) => {
            markers.pop();
        }
        _ if stands_alone(source, start, at) => {}
        _ => markers.clear(),
    }
    markers.extend(conditions);
    markers.sort_unstable_by_key(|place| place.start);
    markers
}

/// The conditions among the parameters of a template, each with the comma before it: `, ENABLE_IF(!is_x<T>::value)`.
fn conditions_of_template(source: &[u8], list: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = list.start;
    for _ in 0..MOST_PARAMETERS {
        let Some(comma) = memchr(b',', source.get(at..list.end).unwrap_or_default()).map(|offset| at + offset) else {
            break;
        };
        let name = word(source, blanks(source, comma + 1));
        let end = past_arguments(source, name.end);
        let is_condition =
            end > name.end && is_marker(source, &name) && matches!(source.get(blanks(source, end)), Some(b',' | b'>'));
        if is_condition {
            found.push(comma..end);
        }
        at = if is_condition { end } else { comma + 1 };
    }
    found
}

/// What a directive asks about a header, which the grammar does not expect in a condition: `HAS_INCLUDE(<bit>)`.
fn headers(source: &[u8], line: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = line.start;
    while let Some(open) = memmem::find(source.get(at..line.end).unwrap_or_default(), b"(<").map(|offset| at + offset) {
        let end = past_arguments(source, open);
        if end <= open || end > line.end {
            break;
        }
        found.push(open..end);
        at = end;
    }
    found
}

/// The marker of `if CONSTEXPR (…)`.
fn of_condition(source: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = source.get(start..)?.strip_prefix(b"if")?;
    rest.first().filter(|byte| byte.is_ascii_whitespace())?;
    let marker = word(source, blanks(source, source.len() - rest.len()));
    let is_before_condition = source.get(blanks(source, marker.end)) == Some(&b'(');
    (is_before_condition && is_marker(source, &marker)).then_some(marker)
}

/// How many names stand between here and the `(` of a function, each with what it is qualified by; `None` where it is none.
fn names(source: &[u8], from: usize) -> Option<usize> {
    let (mut at, mut count, mut follows_name) = (from, 0, false);
    while at < from + FARTHEST_BODY {
        match source.get(at)? {
            b'(' => return (count > 0 && follows_name).then_some(count),
            b'*' | b'&' => (follows_name, at) = (false, at + 1),
            b':' if source.get(at + 1) == Some(&b':') => {
                // The name goes on.
                count -= usize::from(follows_name);
                (follows_name, at) = (false, at + 2);
            }
            b'<' if follows_name => at = past_angles(source, at)?,
            byte if byte.is_ascii_whitespace() => at = blanks(source, at),
            byte if is_letter(*byte) => {
                let word = word(source, at);
                let text = source.get(word.clone())?;
                if OTHERS.contains(&text) {
                    return None;
                }
                let is_name = !QUALIFIERS.contains(&text);
                count += usize::from(is_name);
                (follows_name, at) = (is_name, word.end);
            }
            _ => return None,
        }
    }
    None
}

/// Whether the function whose name is here is a constructor: it has no type, and says how members begin.
fn initialises(source: &[u8], at: usize) -> bool {
    let Some(open) = memchr(b'(', source.get(at..).unwrap_or_default()).map(|offset| at + offset) else { return false };
    let mut at = blanks(source, past_arguments(source, open));
    if source.get(word(source, at)) == Some(b"noexcept") {
        at = blanks(source, at + b"noexcept".len());
        at = blanks(source, past_arguments(source, at));
    }
    source.get(at) == Some(&b':') && source.get(at + 1) != Some(&b':')
}

/// Whether markers that no declaration follows are all that the lines hold: between statements, at the end of a file.
fn stands_alone(source: &[u8], start: usize, at: usize) -> bool {
    let starts_line = crate::text::starts_its_line(source, at.min(source.len().saturating_sub(1)));
    let is_next = match source.get(at) {
        None => true,
        Some(b'#' | b'}') => starts_line,
        Some(_) => false,
    };
    is_next && follows_whole(source, start)
}

/// Whether what stands before a line is whole: a statement or a body, or nothing, comments, directives and lines that are
/// all marker themselves left aside.
fn follows_whole(source: &[u8], start: usize) -> bool {
    let line_end = |before: usize| memrchr(b'\n', source.get(..before).unwrap_or_default());
    let mut next = line_end(start);
    for _ in 0..FARTHEST_LINE {
        let Some(end) = next else { return true };
        next = line_end(end);
        let start = next.map_or(0, |at| at + 1);
        let line = source.get(start..end).unwrap_or_default();
        let code = memmem::find(line, b"//").map_or(line, |at| line.get(..at).unwrap_or_default()).trim_ascii();
        let above = source.get(start.saturating_sub(FARTHEST_BODY)..start).unwrap_or_default().trim_ascii_end();
        let is_directive = code.starts_with(b"#") || above.ends_with(b"\\");
        let name = word(code, 0);
        let is_marked = is_marker(code, &name) && past_arguments(code, name.end) == code.len();
        if !(code.is_empty() || is_directive || is_marked || code.ends_with(b"*/")) {
            return matches!(code.last(), Some(b';' | b'}'));
        }
    }
    false
}

/// The next byte that is neither blank nor in a comment.
fn past_comments(source: &[u8], from: usize) -> usize {
    let mut at = blanks(source, from);
    while at < from + FARTHEST_BODY {
        let rest = source.get(at..(at + FARTHEST_BODY).min(source.len())).unwrap_or_default();
        let length = match rest {
            [b'/', b'/', ..] => memchr(b'\n', rest),
            [b'/', b'*', ..] => memmem::find(rest, b"*/").map(|end| end + 2),
            _ => return at,
        };
        at = length.map_or(at + rest.len(), |length| blanks(source, at + length));
    }
    at
}

/// The word that begins here.
fn word(source: &[u8], at: usize) -> Range<usize> {
    let letters = source.get(at..).unwrap_or_default().iter().take_while(|byte| is_letter(**byte)).count();
    at..at + letters
}

/// The end of the `<…>` that begins here.
fn past_angles(source: &[u8], at: usize) -> Option<usize> {
    let (mut angles, mut brackets) = (0_usize, 0_usize);
    for (offset, byte) in source.get(at..)?.iter().take(FARTHEST_BODY).enumerate() {
        match byte {
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' => brackets = brackets.checked_sub(1)?,
            b'<' if brackets == 0 => angles += 1,
            b'>' if brackets == 0 => angles = angles.checked_sub(1)?,
            b';' => return None,
            _ => {}
        }
        if angles == 0 {
            return (offset > 0).then_some(at + offset + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line is looked at with what is near it: the square of these would take minutes.
    #[test]
    fn a_file_of_nothing_but_markers_is_gone_through_once() {
        for (line, each) in [("SOME_API\n", 1), ("SOME_API /*\n", 0), ("SOME_API template <a, B(c)\n", 0)] {
            let lines = (256 << 10) / line.len();
            let found = prefixes(("int a;\n".to_owned() + &line.repeat(lines)).as_bytes()).len();
            assert!(found <= lines * each, "{line}: {found} of {lines}");
        }
    }
}
