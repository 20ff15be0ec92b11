//! Letters that only look like those of a command. They are refused and named, and never read as what they look like.

use crate::gate;
use crate::refuse::{describe, is_invisible};
use crate::role;
use crate::slips;
use crate::spellings::SPELLINGS;
use crate::targets;
use crate::tokens::{Kind, Token};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};
use unicode_security::skeleton;

/// A word of a command with a letter in it that is not what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lookalike {
    /// The reason that people read.
    pub reason: String,
    /// What it looks like, to be picked instead.
    pub plain: String,
}

/// Words behind which free text begins: there every letter is welcome.
const MARKERS: &[&str] = &["because", "since", "reason"];

/// The first look-alike in front of any free text.
pub(crate) fn find(tokens: &[Token]) -> Option<Lookalike> {
    let free =
        |at: usize, token: &Token| (at > 1 && token.kind == Kind::Colon) || MARKERS.contains(&token.word.as_str());
    let end = tokens.iter().enumerate().position(|(at, token)| free(at, token)).unwrap_or(tokens.len());
    let head = tokens.get(..end).unwrap_or(tokens);
    let words = |token: &&Token| matches!(token.kind, Kind::Word | Kind::Mention | Kind::Code | Kind::Quote);
    let command = head.iter().any(|token| is_command(&token.word));
    let named = |token: &Token| targets::id(&token.word).is_some() || gate::words().any(|(gate, _)| gate == token.word);
    let anchored = command || head.iter().any(named);
    head.iter().enumerate().filter(|(_, token)| words(token) && !token.raw.is_ascii()).find_map(|(at, token)| {
        if token.raw.chars().any(char::is_whitespace) {
            return None;
        }
        let before = at.checked_sub(1).and_then(|at| head.get(at)).map_or("", |token| token.word.as_str());
        if only_accents(&token.raw) && !anchored {
            return None;
        }
        imitation(&token.raw, before, command).and_then(|(what, plain)| report(&token.raw, what, plain))
    })
}

/// Whether a word is one of a language that writes accents: it imitates only beside other parts of a command.
fn only_accents(raw: &str) -> bool {
    raw.chars().all(|c| c.is_ascii() || (c.is_alphabetic() && c.script() == Script::Latin && c.nfkc().eq([c])))
}

/// What a word imitates, and its plain form; `before` is the word in front of it, `command` whether the message has a verb.
fn imitation(raw: &str, before: &str, command: bool) -> Option<(&'static str, String)> {
    if raw.chars().all(is_invisible) {
        return command.then(|| ("message", String::new()));
    }
    let parts = raw.split(is_invisible).filter(|part| !part.is_empty() && *part != raw);
    let forms = [LETTERS, DIGITS].into_iter().map(|order| unmask(raw, order));
    forms.chain(parts.map(str::to_owned)).find_map(|plain| slot(raw, &plain, before).map(|what| (what, plain)))
}

/// The slot of a command that a plain form would fill.
fn slot(raw: &str, plain: &str, before: &str) -> Option<&'static str> {
    let word = plain.to_ascii_lowercase();
    let number = targets::is_number(&word) && targets::is_noun(before);
    if targets::id(&word).is_some() || number {
        return Some("id");
    }
    let gate = gate::words().any(|(gate, _)| gate == word);
    // "Roll" of "roll back"; shorter ones are words of everybody.
    let part = word.len() > 3 && SPELLINGS.iter().any(|row| row.words.split(' ').any(|known| known == word));
    if part
        || targets::is_report(&word)
        || is_command(&word)
        || MARKERS.contains(&word.as_str())
        || gate
        || targets::is_noun(&word)
    {
        return Some("word");
    }
    let long = |known: &str| slips::is_long(known) && slips::is_slip(&word, known);
    if gate::words().any(|(gate, _)| long(gate)) || SPELLINGS.iter().any(|row| row.is_single() && long(row.words)) {
        return Some("word");
    }
    if matches!(before, "to" | "ask" | "the") && role::is_short(&word) {
        return Some("role");
    }
    ((targets::evident(plain).is_some() || targets::evident(raw).is_some()) && is_mixed(raw)).then_some("id")
}

/// Whether a word alone is a verb.
fn is_command(word: &str) -> bool {
    SPELLINGS.iter().any(|row| row.is_single() && row.words == word)
}

/// Whether letters of another script stand beside ASCII letters in one name of a path, or something without width does. A folder
/// whose whole name is in another script imitates nothing.
fn is_mixed(raw: &str) -> bool {
    let mark = |c: char| is_combining_mark(c) && c.script() == Script::Inherited;
    let letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let strange = |c: char| is_invisible(c) || matches!(c, '\u{ff01}'..='\u{ff5e}') || mark(c) || !letter(c);
    let foreign = |c: char| !c.is_ascii() && c.script() != Script::Latin;
    raw.chars().any(|c| !c.is_ascii() && strange(c))
        || raw
            .split(|c: char| !c.is_alphanumeric())
            .any(|name| name.chars().any(|c| c.is_ascii_alphabetic()) && name.chars().any(foreign))
}

fn report(raw: &str, what: &str, plain: String) -> Option<Lookalike> {
    let c = raw.chars().find(|c| !c.is_ascii())?;
    let hidden = is_invisible(c) || is_combining_mark(c);
    let seen = plain_of(c, LETTERS).filter(|_| !hidden);
    let found = match seen {
        Some(seen) => format!("the `{seen}` in `{raw}` is {}", describe(c)),
        None if plain.is_empty() => format!("it holds {}", describe(c)),
        None => format!("`{plain}` was written with {}", describe(c)),
    };
    let next = if plain.is_empty() {
        "Type the message again.".to_owned()
    } else {
        format!("Type the {what} again, or pick it: {plain}.")
    };
    Some(Lookalike { reason: format!("I did not do that: {found}. {next}"), plain })
}

/// In which order plain letters are tried: `О` looks like a letter and like a digit.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
const DIGITS: &str = "0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The word as it looks: what has no width is gone, and what imitates a letter is that letter.
fn unmask(raw: &str, order: &str) -> String {
    let kept = raw.chars().filter(|c| c.is_ascii() || !(is_invisible(*c) || is_combining_mark(*c)));
    kept.map(|c| if c.is_ascii() { c } else { plain_of(c, order).unwrap_or(c) }).collect()
}

/// The plain letter or digit that a character looks like.
fn plain_of(c: char, order: &str) -> Option<char> {
    let text = c.to_string();
    let single = |mut chars: Box<dyn Iterator<Item = char> + '_>| {
        chars.next().filter(|first| first.is_ascii_alphanumeric() || *first == '-')
    };
    if let Some(plain) = single(Box::new(text.nfkd())).or_else(|| digit(c)) {
        return Some(plain);
    }
    let capital: String = c.to_uppercase().collect();
    let like = |text: &String| {
        let looks: String = skeleton(text).collect();
        let alike = |plain: &char| skeleton(&plain.to_string()).eq(looks.chars());
        let same_case = |plain: &char| !c.is_uppercase() || !plain.is_lowercase();
        order.chars().filter(same_case).find(alike).or_else(|| order.chars().find(alike))
    };
    [text, capital].iter().find_map(like)
}

/// The plain digit for one of another script: the digits of a script stand in a row.
fn digit(c: char) -> Option<char> {
    if !c.is_numeric() {
        return None;
    }
    let number = |back: u32| char::from_u32(u32::from(c).saturating_sub(back)).is_some_and(char::is_numeric);
    let value = (0..10).find(|back| number(*back) && !number(back + 1))?;
    char::from_digit(value, 10)
}
