//! The headings of a document: what its writers call things.

use crate::scan::language_of_path;
use tokei::LanguageType;

/// Most headings of one document.
pub const MAX_HEADINGS: usize = 64;
/// Longest heading, in bytes; what is longer is cut.
pub const HEADING_BYTES: usize = 120;
/// Bytes of a document that are looked through.
pub const HEADINGS_WITHIN: usize = 1 << 20;

/// How a document marks its headings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `## Heading`, or a line of `=` or `-` below; not within fences.
    Markdown,
    /// A line of signs below.
    Underlined,
    /// `== Heading`.
    AsciiDoc,
    /// `** Heading`.
    Org,
}

/// The headings of the document at a path; of one without, the first line that says something: a note has nothing else.
pub(crate) fn headings_of(path: &str, content: &[u8]) -> Vec<Box<str>> {
    let language = language_of_path(path);
    let is_known = language.is_none_or(|language| style(language).is_some() || language == LanguageType::Html);
    let found = headings(language.filter(|_| is_known), content);
    if !found.is_empty() {
        return found;
    }
    let lines = content.split(|byte| *byte == b'\n').take(MAX_HEADINGS);
    let mut lines = lines.map(|line| plain(String::from_utf8_lossy(line).trim()));
    lines.find(|line| line.chars().any(char::is_alphabetic)).map(Box::from).into_iter().collect()
}

/// The headings of a document in this language, in order; of an unknown one, those that stand over a line of signs.
pub fn headings(language: Option<LanguageType>, content: &[u8]) -> Vec<Box<str>> {
    let content = content.get(..HEADINGS_WITHIN).unwrap_or(content);
    if language == Some(LanguageType::Html) {
        return in_tags(&String::from_utf8_lossy(content));
    }
    let Some(style) = language.map_or(Some(Style::Underlined), style) else { return Vec::new() };
    let mut found = Vec::new();
    let mut before = String::new();
    let mut is_fenced = false;
    for line in content.split(|byte| *byte == b'\n') {
        if found.len() == MAX_HEADINGS {
            break;
        }
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        if style == Style::Markdown && (line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~")) {
            is_fenced = !is_fenced;
            before.clear();
            continue;
        }
        let heading = match style {
            _ if is_fenced => None,
            Style::Markdown => marked(line, '#', 6).or_else(|| underlined(&before, line, "=-")),
            Style::AsciiDoc => marked(line, '=', 6).or_else(|| underlined(&before, line, "=-~^")),
            Style::Org => marked(line, '*', 8),
            Style::Underlined => underlined(&before, line, "=-~^\"'*+#`:._"),
        };
        found.extend(heading.map(plain).filter(|text| text.chars().any(char::is_alphabetic)).map(Box::from));
        line.clone_into(&mut before);
    }
    found
}

fn style(language: LanguageType) -> Option<Style> {
    match language {
        LanguageType::Markdown | LanguageType::Mdx => Some(Style::Markdown),
        LanguageType::AsciiDoc => Some(Style::AsciiDoc),
        LanguageType::Org => Some(Style::Org),
        LanguageType::ReStructuredText | LanguageType::Text => Some(Style::Underlined),
        _ => None,
    }
}

/// What stands in `<h1>` to `<h6>`, whatever the case of the tags.
fn in_tags(page: &str) -> Vec<Box<str>> {
    // Of the same length, so that what is found there is cut from the page.
    let small = page.to_ascii_lowercase();
    let find = |what: &str, from: usize| small.get(from..).and_then(|rest| rest.find(what)).map(|at| from + at);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(tag) = find("<h", at).filter(|_| found.len() < MAX_HEADINGS) {
        at = tag + "<h".len();
        let is_heading =
            small.get(at..).is_some_and(|rest| rest.starts_with(|level: char| ('1'..='6').contains(&level)));
        let Some(start) = find(">", at).filter(|_| is_heading).map(|end| end + 1) else { continue };
        at = find("</h", start).unwrap_or(small.len());
        let text = page.get(start..at.min(start + WITHIN_TAG)).unwrap_or_default();
        let text = ENTITIES.iter().fold(plain(text), |text, (entity, sign)| text.replace(entity, sign));
        if text.chars().any(char::is_alphabetic) {
            found.push(cut(text).into());
        }
    }
    found
}

/// Bytes within a heading's tag that are looked at.
const WITHIN_TAG: usize = 1024;
/// Signs that HTML writes in words; what they make is escaped wherever it is shown.
const ENTITIES: [(&str, &str); 6] =
    [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];

/// The text after up to `most` signs and a space.
fn marked(line: &str, sign: char, most: usize) -> Option<&str> {
    let text = line.trim_start_matches(sign);
    let signs = line.len() - text.len();
    ((1..=most).contains(&signs) && text.starts_with([' ', '\t'])).then(|| text.trim().trim_end_matches(sign).trim())
}

/// The line before, where this one is nothing but one of these signs and about as long.
fn underlined<'l>(before: &'l str, line: &str, signs: &str) -> Option<&'l str> {
    let sign = line.chars().next().filter(|sign| signs.contains(*sign))?;
    let is_rule = line.len() >= 3 && line.chars().all(|c| c == sign) && line.len() + 2 >= before.trim().chars().count();
    let begins_a_list = before.starts_with([' ', '\t', '-', '|', '>', '.']);
    (is_rule && !before.is_empty() && !begins_a_list).then(|| before.trim())
}

/// The heading without the marks of links, code and emphasis, cut to its longest.
fn plain(heading: &str) -> String {
    let mut text = String::with_capacity(heading.len());
    let mut rest = heading;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '`' | '*' | '[' | '|' => {}
            // `](target)` of a link, and `:ref:` before a name.
            ']' if rest.starts_with('(') => rest = rest.split_once(')').map_or("", |(_, after)| after),
            ']' => {}
            ':' if rest.split_once(":`").is_some_and(|(role, _)| role.chars().all(char::is_alphanumeric)) => {
                rest = rest.split_once(":`").map_or("", |(_, after)| after);
            }
            '<' => rest = rest.split_once('>').map_or("", |(_, after)| after),
            c => text.push(c),
        }
        if text.len() >= HEADING_BYTES {
            break;
        }
    }
    cut(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(mut text: String) -> String {
    let end = (0..=HEADING_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(language: LanguageType, text: &str) -> Vec<String> {
        headings(Some(language), text.as_bytes()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_kind_of_document_has_its_headings() {
        let markdown = "# Using `flask run` #\n\n```\n# no heading\n```\nSessions\n--------\n#nothing\n- a\n---\n## [Docs](http://x/y)\n";
        assert_eq!(found(LanguageType::Markdown, markdown), ["Using flask run", "Sessions", "Docs"]);
        let text = "======\nTitle\n======\n\nThe :class:`Blueprint` Object\n----------------------------\ntext\n.. note::\n---\n";
        assert_eq!(found(LanguageType::ReStructuredText, text), ["Title", "The Blueprint Object"]);
        assert_eq!(found(LanguageType::AsciiDoc, "= Guide\n\n== *Bold* part\n"), ["Guide", "Bold part"]);
        assert_eq!(found(LanguageType::Org, "* One\n** Two\ntext * no\n"), ["One", "Two"]);
        assert_eq!(headings(None, b"Redis README\n============\n"), [Box::from("Redis README")]);
        let page = "<H1 class=x>The <b>Shop</b></H1><head><h2>Tom &amp; Co</h2><h3></h3><hr>";
        assert_eq!(found(LanguageType::Html, page), ["The Shop", "Tom & Co"]);
        assert!(found(LanguageType::Rust, "# a\n").is_empty());
    }

    #[test]
    fn a_note_without_headings_has_its_first_line() {
        assert_eq!(headings_of("notes/a.txt", b"\n--\n* Refunds by hand\nmore\n"), [Box::from("Refunds by hand")]);
        assert_eq!(headings_of("notes/a.md", b"text\n# Refunds\n"), [Box::from("Refunds")]);
        assert!(headings_of("notes/empty", b"\n").is_empty());
    }

    #[test]
    fn what_has_no_end_is_cut() {
        let many = "# heading\n".repeat(100);
        assert_eq!(found(LanguageType::Markdown, &many).len(), MAX_HEADINGS);
        let long = format!("# {}\n", "é".repeat(200));
        assert_eq!(found(LanguageType::Markdown, &long), ["é".repeat(HEADING_BYTES / 2)]);
    }

    proptest! {
        #[test]
        fn any_bytes_have_bounded_headings(content in prop::collection::vec(any::<u8>(), 0..400), text in "[#=\\-`*\\[\\]():<> \na]{0,80}") {
            for language in [
                LanguageType::Markdown,
                LanguageType::ReStructuredText,
                LanguageType::AsciiDoc,
                LanguageType::Org,
                LanguageType::Html,
            ] {
                for content in [&content[..], text.as_bytes()] {
                    let found = headings(Some(language), content);
                    prop_assert!(found.iter().all(|heading| !heading.is_empty() && heading.len() <= HEADING_BYTES));
                }
            }
        }
    }
}
