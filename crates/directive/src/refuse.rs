//! Characters that have no business in a message: they hide text, reorder it, or talk to a terminal.

use unicode_script::{Script, UnicodeScript};

/// The first character for which a whole message is refused, with what it is.
pub(crate) fn forbidden(text: &str) -> Option<(char, &'static str)> {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // A line end of Windows is one newline.
        if c == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        if let Some(what) = what_is_wrong(c) {
            return Some((c, what));
        }
    }
    None
}

fn what_is_wrong(c: char) -> Option<&'static str> {
    match c {
        '\t' | '\n' => None,
        '\u{1b}' | '\u{9b}' => Some("an escape character"),
        // The property Bidi_Control (UAX #9).
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("a bidirectional control")
        }
        '\u{e0000}'..='\u{e007f}' => Some("a tag character"),
        // Line and paragraph separators, interlinear annotation, and the deprecated format characters.
        '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{206a}'..='\u{206f}' => Some("a control character"),
        _ if c.is_control() => Some("a control character"),
        _ => None,
    }
}

/// Whether a character takes no room: the property Default_Ignorable_Code_Point without what [`forbidden`] refuses.
pub(crate) fn is_invisible(c: char) -> bool {
    is_variation_selector(c)
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0080}'..='\u{e0fff}')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// A code point as people can look it up, with what it is: `U+0421 (Cyrillic)`.
pub(crate) fn describe(c: char) -> String {
    let what = if is_variation_selector(c) {
        "a variation selector"
    } else if is_invisible(c) {
        "zero width"
    } else if matches!(c, '\u{ff01}'..='\u{ff5e}') {
        "full width"
    } else if unicode_normalization::char::is_combining_mark(c) {
        "a combining mark"
    } else {
        match c.script() {
            Script::Common | Script::Inherited | Script::Unknown => "not a plain letter",
            script => script.full_name(),
        }
    };
    format!("U+{:04X} ({what})", u32::from(c))
}
