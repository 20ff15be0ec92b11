//! Text as Discord shows it letter by letter: nothing in it is Markdown, a mention or a link, and nothing is longer than
//! it may be. Lengths count characters, backslashes among them, as Discord counts.

use codexa_model::shown::is_dangerous;

/// What Markdown means something by, wherever it stands.
const ANYWHERE: &str = r"\*_~`|[]<>@";

/// One line of text: line breaks become spaces.
pub(crate) fn line(text: &str, limit: usize) -> String {
    block(&text.split_whitespace().collect::<Vec<_>>().join(" "), limit)
}

/// Text of several lines.
pub(crate) fn block(text: &str, limit: usize) -> String {
    let text = visible(text);
    let lines = text.split('\n').map(escaped_line).collect::<Vec<_>>();
    let mut pieces = Vec::with_capacity(text.len());
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            pieces.push("\n".to_owned());
        }
        pieces.extend(line);
    }
    cut(pieces, limit)
}

/// Lines of fixed width. A fence knows no escape: a backtick is followed by a space without width instead.
pub(crate) fn code(text: &str, limit: usize) -> String {
    const FENCES: usize = "```\n\n```".len();
    let pieces = visible(text).chars().map(|c| if c == '`' { "`\u{200b}".to_owned() } else { c.to_string() }).collect();
    format!("```\n{}\n```", cut(pieces, limit.saturating_sub(FENCES)))
}

/// Text where Discord reads no Markdown: a footer, a label.
pub(crate) fn plain(text: &str, limit: usize) -> String {
    cut(visible(text).chars().map(String::from).collect(), limit)
}

/// The text with what turns, hides or controls other text shown as its code.
fn visible(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        match c {
            '\t' => shown.push(' '),
            '\n' => shown.push(c),
            c if is_dangerous(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
        shown
    })
}

/// The characters of a line, each with the backslash that it needs there.
fn escaped_line(line: &str) -> Vec<String> {
    let mut pieces = Vec::with_capacity(line.len());
    // A list item, heading or numbered item begins a line, behind spaces at most.
    let mut begins = true;
    let mut number = false;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        let marks = (begins && matches!(c, '#' | '-' | '+')) || (number && matches!(c, '.' | ')'));
        let links = c == ':' && rest.as_str().starts_with("//");
        pieces.push(if marks || links || ANYWHERE.contains(c) { format!("\\{c}") } else { c.to_string() });
        number = c.is_ascii_digit() && (begins || number);
        begins = begins && c == ' ';
    }
    pieces
}

/// As many pieces as fit, and "…" where some do not: a backslash is never parted from what it escapes.
fn cut(pieces: Vec<String>, limit: usize) -> String {
    let length = |piece: &String| piece.chars().count();
    if pieces.iter().map(length).sum::<usize>() <= limit {
        return pieces.concat();
    }
    let mut left = limit.saturating_sub(1);
    let mut text: String = pieces
        .into_iter()
        .take_while(|piece| {
            let fits = length(piece) <= left;
            left = left.saturating_sub(length(piece));
            fits
        })
        .collect();
    text.truncate(text.trim_end().len());
    text.push('…');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_shown_and_not_obeyed() {
        assert_eq!(
            line("*a* _b_ ~~c~~ `d` ||e|| [f](https://g)", 200),
            r"\*a\* \_b\_ \~\~c\~\~ \`d\` \|\|e\|\| \[f\](https\://g)"
        );
        assert_eq!(line("<@1> <@&2> <#3> @everyone <!here>", 200), r"\<\@1\> \<\@&2\> \<#3\> \@everyone \<!here\>");
        assert_eq!(
            block("# a\n- b\n 12. c\n> d\n-# e\n1.5 - #f", 200),
            "\\# a\n\\- b\n 12\\. c\n\\> d\n\\-# e\n1\\.5 - #f"
        );
        assert_eq!(code("a\n```\nb", 200), "```\na\n`\u{200b}`\u{200b}`\u{200b}\nb\n```");
    }

    #[test]
    fn what_hides_or_turns_text_is_shown_as_its_code() {
        assert_eq!(plain("a\u{202e}b\u{1b}[31m", 200), "a\\u{202e}b\\u{1b}[31m");
        assert_eq!(line("a\u{200b}b", 200), "a\\\\u{200b}b");
    }

    /// The text as Discord shows it.
    fn shown(marked: &str) -> String {
        let mut escaped = false;
        let unescaped = marked.chars().filter(|c| {
            escaped = *c == '\\' && !escaped;
            !escaped
        });
        unescaped.collect()
    }

    proptest::proptest! {
        #[test]
        fn people_read_what_was_meant_and_no_limit_is_passed(text in r"[ -~\n\u{202e}ä…]{0,60}", limit in 1_usize..200) {
            let marked = block(&text, limit);
            proptest::prop_assert!(marked.chars().count() <= limit);
            let (read, meant) = (shown(&marked), visible(&text));
            let cut = read.strip_suffix('…').is_some_and(|kept| meant.starts_with(kept));
            proptest::prop_assert!(read == meant || cut, "{} for {}", read, meant);
            proptest::prop_assert!(code(&text, 8 + limit).chars().count() <= 8 + limit);
            proptest::prop_assert!(plain(&text, limit).chars().count() <= limit);
        }
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(line("abcdef", 6), "abcdef");
        assert_eq!(line("abcdefg", 6), "abcde…");
        assert_eq!(line("abcd***", 6), "abcd…", "a backslash stays with its character");
        assert_eq!(code("abcdefgh", 12), "```\nabc…\n```");
        assert_eq!(plain(&"ä".repeat(300), 80).chars().count(), 80);
    }
}
