//! Words on their way into a page: nothing of a repository is taken as markup, and nothing in it stays invisible.

use crate::projections::is_visible;
use std::fmt::Write as _;

/// Text in an element, or between the quotes of an attribute.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_visible(c) => out.push(c),
            c => {
                let _ = write!(out, "(U+{:04X})", u32::from(c));
            }
        }
    }
    out
}

/// A sentence of ours whose parts between ticks are code, with a capital and a full stop.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let capital = format!("{first}{}", letters.as_str());
    let ends = if words.ends_with(['.', '?']) { "" } else { "." };
    let parts = capital.split('`').enumerate().map(|(at, part)| match at % 2 {
        0 => text(part),
        _ => format!("<code>{}</code>", text(part)),
    });
    // A number stays with its sign.
    format!("{}{ends}", parts.collect::<String>().replace(" %", "&nbsp;%"))
}

/// A path, which may be broken after its slashes.
pub(super) fn path(path: &str) -> String {
    text(path).replace('/', "/<wbr>")
}

/// How wide a text is, in multiples of its size: nothing here can ask a font, so this is what common ones need at most.
fn width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | '\'' | '|' | '!' | ' ' | '/' | 'I' => 0.34,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' => 0.44,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.98,
        'A'..='Z' | '_' | '#' | '&' | '+' | '=' | '<' | '>' | '~' => 0.78,
        c if c.is_ascii() => 0.64,
        _ => 1.1,
    }
}

/// Fewest characters of a text that was cut: fewer say nothing.
const FEWEST: usize = 5;

/// The text, cut at its end where it is wider than the room; nothing where too little of it would be left.
pub(super) fn fitting(text: &str, size: f64, room: f64) -> Option<String> {
    let room = room / size;
    if text.chars().map(width).sum::<f64>() <= room {
        return Some(text.to_owned());
    }
    let mut used = width('…');
    let cut: String = text
        .chars()
        .take_while(|c| {
            used += width(*c);
            used <= room
        })
        .collect();
    (cut.chars().count() >= FEWEST).then(|| format!("{cut}…"))
}

/// The end of a path from a slash on, where the whole is wider than the room: folders at its end tell more than those at
/// its beginning.
pub(super) fn fitting_end(path: &str, size: f64, room: f64) -> Option<String> {
    let ends = path.match_indices('/').filter_map(|(at, _)| Some(format!("…{}", path.get(at..)?)));
    let fits = |text: &String| text.chars().map(width).sum::<f64>() * size <= room;
    let last = || fitting(last(path), size, room);
    std::iter::once(path.to_owned()).chain(ends).find(fits).or_else(last)
}

/// The last name of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{fitting, fitting_end, path, sentence, text};
    use proptest::prelude::*;

    #[test]
    fn nothing_of_a_text_is_taken_as_markup() {
        assert_eq!(text("<img src=x onerror=\"y('z')\">"), "&lt;img src=x onerror=&quot;y(&#39;z&#39;)&quot;&gt;");
        assert_eq!(text("a\u{202e}b\u{2028}\n&amp;"), "a(U+202E)b(U+2028)(U+000A)&amp;amp;");
        assert_eq!(sentence("write a test for `a<b>`"), "Write a test for <code>a&lt;b&gt;</code>.");
    }

    #[test]
    fn a_path_may_be_broken_after_its_slashes() {
        assert_eq!(path("src/<b>"), "src/<wbr>&lt;b&gt;");
        assert_eq!(sentence("22 % of it"), "22&nbsp;% of it.");
    }

    #[test]
    fn a_text_is_cut_where_it_does_not_fit_and_left_out_where_nothing_is_left() {
        assert_eq!(fitting("app.py", 10.0, 100.0).as_deref(), Some("app.py"));
        assert_eq!(fitting("consumer_coordinator.py", 10.0, 70.0).as_deref(), Some("consumer…"));
        assert_eq!(fitting("consumer_coordinator.py", 10.0, 30.0), None);
        assert_eq!(fitting_end("clients/src/consumer", 10.0, 200.0).as_deref(), Some("clients/src/consumer"));
        assert_eq!(fitting_end("clients/src/consumer", 10.0, 80.0).as_deref(), Some("…/consumer"));
        assert_eq!(fitting_end("clients/src/consumer", 10.0, 45.0).as_deref(), Some("consu…"));
    }

    proptest! {
        #[test]
        fn no_text_opens_a_tag_or_ends_an_attribute(any in "\\PC{0,40}|[<>&\"'\u{202e}\u{2028}\n/a]{0,40}") {
            let shown = text(&any);
            let is_unsafe = |c: char| matches!(c, '<' | '>' | '"' | '\'' | '\n' | '\u{202e}' | '\u{2028}');
            prop_assert!(!shown.contains(is_unsafe), "{}", shown);
        }
    }
}
