//! The headings of a document: what its writers call things.

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

/// The headings of a document in this language, in order; of an unknown one, those that stand over a line of signs.
pub fn headings(language: Option<LanguageType>, content: &[u8]) -> Vec<Box<str>> {
    let style = match language {
        Some(LanguageType::Markdown | LanguageType::Mdx) => Style::Markdown,
        Some(LanguageType::AsciiDoc) => Style::AsciiDoc,
        Some(LanguageType::Org) => Style::Org,
        Some(LanguageType::ReStructuredText | LanguageType::Text) | None => Style::Underlined,
        Some(_) => return Vec::new(),
    };
    let content = content.get(..HEADINGS_WITHIN).unwrap_or(content);
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
    let end = (0..=HEADING_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.truncate(end);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
        assert!(found(LanguageType::Rust, "# a\n").is_empty());
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
            for language in [LanguageType::Markdown, LanguageType::ReStructuredText, LanguageType::AsciiDoc, LanguageType::Org] {
                for content in [&content[..], text.as_bytes()] {
                    let found = headings(Some(language), content);
                    prop_assert!(found.iter().all(|heading| !heading.is_empty() && heading.len() <= HEADING_BYTES));
                }
            }
        }
    }
}
