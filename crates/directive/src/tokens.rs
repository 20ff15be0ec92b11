//! Plain text to tokens: words, punctuation, and stretches that are somebody else's words (quotes, code, struck text).

use crate::refuse::is_invisible;
use unicode_normalization::char::is_combining_mark;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// `@name`
    Mention,
    Comma,
    Colon,
    /// What ends a sentence: a full stop, an exclamation mark, a semicolon, a line end.
    Stop,
    /// A question mark.
    Ask,
    /// A dash between words.
    Dash,
    /// Quoted or struck text.
    Quote,
    /// Text in code marks.
    Code,
    Emoji,
    /// Any other mark.
    Other,
}

/// One token and where it begins in the text.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    /// As written; of quotes and code, what stands between the marks.
    pub raw: String,
    /// The word as tables have it: in small letters, contractions undone.
    pub word: String,
    pub start: usize,
}

/// The tokens of a text, in order.
pub(crate) fn tokenise(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { text, at: 0, tokens: Vec::new() };
    while cutter.step() {}
    cutter.tokens
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

impl<'a> Cutter<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    /// Whether nothing but spaces stands before this place on its line.
    fn starts_line(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default().trim().is_empty()
    }

    /// Takes `length` bytes as one token.
    fn take(&mut self, kind: Kind, length: usize, raw: &str) {
        let token = Token { kind, raw: raw.to_owned(), word: raw.to_ascii_lowercase(), start: self.at };
        self.at += length;
        self.tokens.push(token);
    }

    /// Cuts the next token; `false` at the end of the text.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return false };
        if c == '\n' {
            self.take(Kind::Stop, 1, "\n");
        } else if c.is_whitespace() {
            self.at += c.len_utf8();
        } else if c == '>' && self.starts_line() {
            self.take_quoted_lines();
        } else if let Some((kind, open, close)) = self.enclosure() {
            self.take_enclosed(kind, open, close);
        } else if let Some(kind) = mark(c, rest) {
            self.take(kind, c.len_utf8(), rest.get(..c.len_utf8()).unwrap_or_default());
        } else if let Some(length) = shortcode(rest) {
            self.take(Kind::Emoji, length, rest.get(..length).unwrap_or_default());
        } else if is_symbol(c) {
            let length = length_while(rest, |c| is_symbol(c) || is_invisible(c) || is_combining_mark(c));
            self.take(Kind::Emoji, length, rest.get(..length).unwrap_or_default());
        } else {
            self.take_word();
        }
        true
    }

    /// `> …` to the end of the line, `>>> …` to the end of the message.
    fn take_quoted_lines(&mut self) {
        let rest = self.rest();
        let length = if rest.starts_with(">>>") { rest.len() } else { rest.find('\n').unwrap_or(rest.len()) };
        self.take(Kind::Quote, length, rest.get(..length).unwrap_or_default());
    }

    /// The marks that open a stretch of other people's words here, if any do.
    fn enclosure(&self) -> Option<(Kind, &'static str, &'static str)> {
        const PAIRS: &[(Kind, &str, &str)] = &[
            (Kind::Code, "```", "```"),
            (Kind::Code, "``", "``"),
            (Kind::Code, "`", "`"),
            (Kind::Quote, "\"", "\""),
            (Kind::Quote, "~~", "~~"),
            (Kind::Quote, "||", "||"),
        ];
        let rest = self.rest();
        if let Some(pair) = PAIRS.iter().find(|(_, open, _)| rest.starts_with(open)) {
            return Some(*pair);
        }
        // These marks have other uses, so that they open only before a word that a later mark closes.
        for (mark, other) in [("'", "'"), ("~", "~")] {
            let opens = rest.strip_prefix(mark).filter(|_| !self.before().is_some_and(char::is_alphanumeric));
            let closed = opens.is_some_and(|inside| {
                inside.match_indices(other).any(|(at, _)| {
                    let next = inside.get(at + 1..).and_then(|after| after.chars().next());
                    at > 0 && !next.is_some_and(char::is_alphanumeric)
                })
            });
            if closed {
                return Some((Kind::Quote, mark, other));
            }
        }
        None
    }

    /// What nothing closes reaches to the end of the text: it is safer to take an order for a quote than the reverse.
    fn take_enclosed(&mut self, kind: Kind, open: &str, close: &str) {
        let inside = self.rest().get(open.len()..).unwrap_or_default();
        let length = if close == "'" || close == "~" {
            let ends = |at: &usize| {
                let next = inside.get(at + 1..).and_then(|after| after.chars().next());
                *at > 0 && !next.is_some_and(char::is_alphanumeric)
            };
            inside.match_indices(close).map(|(at, _)| at).find(ends)
        } else {
            inside.find(close)
        };
        let (length, marks) = length.map_or((inside.len(), open.len()), |at| (at, open.len() + close.len()));
        let raw = inside.get(..length).unwrap_or_default();
        self.take(kind, length + marks, raw);
    }

    fn take_word(&mut self) {
        let rest = self.rest();
        let length = word_length(rest).max(rest.chars().next().map_or(1, char::len_utf8));
        let raw = rest.get(..length).unwrap_or_default();
        let mention = raw.starts_with('@') && raw.len() > 1;
        let start = self.at;
        self.take(if mention { Kind::Mention } else { Kind::Word }, length, raw);
        let Some(token) = self.tokens.last_mut() else { return };
        let words = contraction(&token.word);
        if let Some((first, second)) = words {
            token.word = first;
            let raw = token.raw.clone();
            self.tokens.push(Token { kind: Kind::Word, raw, word: second, start });
        }
    }
}

/// The kind of a single mark; `None` where the character belongs to a word or is a sign of its own.
fn mark(c: char, rest: &str) -> Option<Kind> {
    let next = rest.chars().nth(1);
    let alone = next.is_none_or(char::is_whitespace);
    match c {
        ',' => Some(Kind::Comma),
        // In front of a word it may mean "not", or be how one calls a bot.
        '!' if next.is_some_and(char::is_alphanumeric) => Some(Kind::Other),
        ';' | '!' => Some(Kind::Stop),
        '.' if next.is_none_or(|c| !c.is_alphanumeric() && c != '/') => Some(Kind::Stop),
        '?' => Some(Kind::Ask),
        ':' if shortcode(rest).is_none() => Some(Kind::Colon),
        '\u{2026}' => Some(Kind::Stop),
        '\u{2013}' | '\u{2014}' => Some(Kind::Dash),
        '-' if alone || rest.starts_with("-- ") => Some(Kind::Dash),
        '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|' | '\'' | '~' | '=' => Some(Kind::Other),
        _ => None,
    }
}

/// The length of an emoji's name between colons (`:thumbsup:`).
fn shortcode(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix(':')?;
    let length = length_while(inside, |c| c.is_ascii_alphanumeric() || "_+-".contains(c));
    (length > 0 && inside.get(length..)?.starts_with(':') && !inside.get(length + 1..)?.starts_with(':'))
        .then_some(length + 2)
}

/// Emoji and other pictures: not letters, not marks that join letters.
fn is_symbol(c: char) -> bool {
    !c.is_ascii()
        && !c.is_alphanumeric()
        && !c.is_whitespace()
        && !is_invisible(c)
        && !is_combining_mark(c)
        && !matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The length of the word that the text begins with. Full stops, colons and apostrophes belong to it between letters.
fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut last = '\0';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let inner = next.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let belongs = match c {
            '.' => inner || next == Some('/') || next == Some('.') || at == 0,
            '\'' | '\u{2013}' | '\u{2014}' => inner && at > 0,
            ':' => {
                next == Some(':') || last == ':' || next == Some('/') || (last.is_ascii_digit() && inner_digit(next))
            }
            '(' => next == Some(')'),
            ')' => last == '(',
            ',' | ';' | '?' | '!' | '"' | '`' | '[' | ']' | '{' | '}' | '|' | '\u{2026}' => false,
            _ => !c.is_whitespace() && !is_symbol(c),
        };
        if !belongs {
            return at;
        }
        last = c;
    }
    text.len()
}

fn inner_digit(next: Option<char>) -> bool {
    next.is_some_and(|c| c.is_ascii_digit())
}

/// Contractions whose parts are not at a fixed place.
const CONTRACTIONS: &[(&str, &str, &str)] = &[
    ("can't", "can", "not"),
    ("cant", "can", "not"),
    ("cannot", "can", "not"),
    ("won't", "will", "not"),
    ("wont", "will", "not"),
    ("shan't", "shall", "not"),
    ("ain't", "is", "not"),
    ("dont", "do", "not"),
    ("doesnt", "does", "not"),
    ("didnt", "did", "not"),
    ("isnt", "is", "not"),
    ("wasnt", "was", "not"),
    ("shouldnt", "should", "not"),
    ("wouldnt", "would", "not"),
    ("couldnt", "could", "not"),
    ("lets", "let", "us"),
    ("let's", "let", "us"),
    ("whats", "what", "is"),
    ("hows", "how", "is"),
];

/// Endings that are a word of their own.
const ENDINGS: &[(&str, &str)] =
    &[("n't", "not"), ("'ll", "will"), ("'re", "are"), ("'ve", "have"), ("'d", "would"), ("'m", "am")];

/// Words whose `'s` is "is"; elsewhere it is a possessive.
const WITH_IS: &[&str] = &["what", "how", "where", "who", "why", "when", "it", "that", "he", "she", "there", "here"];

/// The two words that a contraction stands for.
fn contraction(word: &str) -> Option<(String, String)> {
    if let Some((_, first, second)) = CONTRACTIONS.iter().find(|(short, ..)| *short == word) {
        return Some(((*first).to_owned(), (*second).to_owned()));
    }
    for (ending, second) in ENDINGS {
        if let Some(first) = word.strip_suffix(ending).filter(|first| !first.is_empty()) {
            return Some((first.to_owned(), (*second).to_owned()));
        }
    }
    let first = word.strip_suffix("'s").filter(|first| WITH_IS.contains(first))?;
    Some((first.to_owned(), "is".to_owned()))
}
