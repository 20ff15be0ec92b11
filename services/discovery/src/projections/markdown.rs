//! Markdown that nobody else's words can steer: whatever comes from a repository is escaped on its way into a page.
//!
//! GitHub's dialect is meant, in which bare addresses become links and names after `@` reach people.

use super::yaml::is_visible;
use crate::intents::telling_end;
use codexa_project::path::raw;
use std::fmt::Write;

/// First line of every page: people should know before they edit.
pub(super) const HEADER: &str =
    "<!-- Written by `codexa discover`. Edits are overwritten; the next run starts from the sources. -->\n";

/// The way from `.codexa/manifests/` to the project's root.
const TO_ROOT: &str = "../../";

/// Text as it is, on one line and in a cell of a table as well.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            ':' if after.starts_with("//") => out.push_str("&#58;"),
            '.' if rest.starts_with('.') && ends_in_www(&out) => out.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => out.extend(['\\', c]),
            _ => push_visible(&mut out, c),
        }
        rest = after;
    }
    out
}

/// Text as code within a line, outside of tables.
pub(crate) fn code(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(&mut visible, c));
    let longest = visible.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space at each end is taken away again, and keeps ticks at the ends from the fence.
    let pad = if longest > 0 || visible.is_empty() { " " } else { "" };
    format!("{fence}{pad}{visible}{pad}{fence}")
}

/// A link from a page under `.codexa/manifests/` to a file of the repository.
pub(crate) fn link(label: &str, path: &str) -> String {
    format!("[{}]({})", text(label), target(path))
}

fn target(path: &str) -> String {
    let mut out = TO_ROOT.to_owned();
    for byte in raw(path).iter() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(*byte)),
            _ => {
                let written = write!(out, "%{byte:02X}");
                debug_assert!(written.is_ok(), "writing to a string cannot fail");
            }
        }
    }
    out
}

/// A link that shows the end of the path that says what the file is about, as code where no table can be cut by it.
pub(crate) fn file(path: &str) -> String {
    let name = telling_end(path);
    let label = if name.contains('|') { text(name) } else { code(name) };
    format!("[{label}]({})", target(path))
}

fn ends_in_www(out: &str) -> bool {
    out.get(out.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// What cannot be seen, or turns the reading direction, as the number it has.
fn push_visible(out: &mut String, c: char) {
    if is_visible(c) {
        out.push(c);
    } else {
        let written = write!(out, "(U+{:04X})", u32::from(c));
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_of_a_text_is_taken_as_markdown() {
        assert_eq!(text("src/app.py and session"), "src/app.py and session");
        assert_eq!(text("a|b [x](y) <b> `c` *d* _e_ #f"), r"a\|b \[x\](y) &lt;b&gt; \`c\` \*d\* \_e\_ \#f");
        assert_eq!(text("http://x www.x @me &lt;"), "http&#58;//x www&#46;x &#64;me &amp;lt;");
        assert_eq!(text("a\nb\u{202e}"), "a(U+000A)b(U+202E)");
    }

    #[test]
    fn ticks_do_not_end_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code(""), "`  `");
        assert_eq!(code("<b>\r"), "`<b>(U+000D)`");
    }

    #[test]
    fn a_link_leads_into_the_repository_whatever_its_path() {
        assert_eq!(link("app", "src/flask/app.py"), "[app](../../src/flask/app.py)");
        assert_eq!(link("c)d].md", "a b/c)d].md"), r"[c)d\].md](../../a%20b/c%29d%5D.md)");
        assert_eq!(file("a_b/javascript:x_y"), "[`javascript:x_y`](../../a_b/javascript%3Ax_y)");
        assert_eq!(file("src/json/__init__.py"), "[`json/__init__.py`](../../src/json/__init__.py)");
        assert_eq!(file("a|b_c"), r"[a\|b\_c](../../a%7Cb_c)");
        assert_eq!(file("ü\u{202e}"), "[`ü(U+202E)`](../../%C3%BC%E2%80%AE)");
    }

    proptest! {
        #[test]
        fn no_text_ends_its_line_or_opens_a_tag(any in "\\PC{0,40}|[<>`|\\\\\n\r&@:/w.\\[\\]()]{0,40}") {
            for shown in [text(&any), link(&any, &any)] {
                prop_assert!(!shown.contains(['\n', '\r', '<', '>', '@']), "{}", shown);
            }
            prop_assert!(!code(&any).contains(['\n', '\r']));
        }
    }
}
