//! A place in a text that tokens are cut from, with searches that do not repeat what already failed.

use super::marks::{Class, Counts, Marks};

/// What the small lexers share.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    marks: Marks,
    /// Texts that do not occur behind the current place.
    absent: Vec<String>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, marks: Marks::default(), absent: Vec::new() }
    }

    /// The text from here on.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    pub(super) fn is_line_start(&self) -> bool {
        self.at == 0 || self.text.as_bytes().get(self.at - 1) == Some(&b'\n')
    }

    /// Whether the text before here ends with `suffix`.
    pub(super) fn is_behind(&self, suffix: &str) -> bool {
        self.text.get(..self.at).is_some_and(|before| before.ends_with(suffix))
    }

    /// Cuts a token of `length` bytes.
    pub(super) fn take(&mut self, class: Class, length: usize) {
        let token = self.rest().get(..length).unwrap_or(self.rest());
        self.marks.token(class, token);
        self.at += token.len();
    }

    /// Cuts a token that counts as white.
    pub(super) fn take_white(&mut self, length: usize) {
        self.at += self.rest().get(..length).map_or(self.rest().len(), str::len);
    }

    /// Cuts one character.
    pub(super) fn take_char(&mut self, class: Class) {
        self.take(class, self.rest().chars().next().map_or(0, char::len_utf8));
    }

    /// Cuts what is left of the line, without its end.
    pub(super) fn take_line(&mut self, class: Class) {
        let length = self.line_length();
        self.take(class, length);
    }

    /// Bytes to the end of the line.
    pub(super) fn line_length(&self) -> usize {
        let rest = self.rest();
        memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())
    }

    /// Bytes from here to behind the next `end` that starts at least `skip` bytes ahead.
    pub(super) fn length_to(&mut self, end: &str, skip: usize) -> Option<usize> {
        if self.absent.iter().any(|absent| absent == end) {
            return None;
        }
        let found = self.rest().get(skip..).and_then(|rest| rest.find(end));
        if found.is_none() && self.absent.len() < 64 {
            self.absent.push(end.to_owned());
        }
        found.map(|at| skip + at + end.len())
    }

    /// Bytes of a string that starts here with `quote`, in which a backslash escapes any character; it may span lines.
    pub(super) fn quoted_length(&mut self, quote: char) -> Option<usize> {
        let key = format!("\\{quote}");
        if self.absent.contains(&key) {
            return None;
        }
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                chars.next();
            } else if c == quote {
                return Some(at + c.len_utf8());
            }
        }
        if self.absent.len() < 64 {
            self.absent.push(key);
        }
        None
    }

    pub(super) fn finish(self) -> Counts {
        self.marks.finish()
    }
}

/// Bytes of the word (`\w+`) at the start of `text`.
pub(super) fn word_length(text: &str) -> usize {
    text.find(|c| !crate::python_text::is_word(c)).unwrap_or(text.len())
}

/// Bytes of white space (`\s*`) at the start of `text`.
pub(super) fn space_length(text: &str) -> usize {
    text.find(|c| !crate::python_text::is_space(c)).unwrap_or(text.len())
}

/// Bytes of a character literal at the start of `text`: a quote, one escaped or plain character, a quote.
pub(super) fn character_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next()?;
    let (_, first) = chars.next()?;
    match first {
        '\\' => {
            let (_, escaped) = chars.next()?;
            if escaped == '\n' {
                return None;
            }
            // `\x41`, `\101`, `\u0041`, `\u{41}`: digits and braces up to the quote.
            loop {
                match chars.next()? {
                    (at, c) if c == quote => return Some(at + 1),
                    (_, c) if c.is_ascii_hexdigit() || matches!(c, '{' | '}') => {}
                    _ => return None,
                }
            }
        }
        '\n' => None,
        c if c == quote => None,
        _ => match chars.next()? {
            (at, c) if c == quote => Some(at + 1),
            _ => None,
        },
    }
}
