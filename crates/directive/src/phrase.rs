//! Phrases of tables against tokens.

use crate::tokens::{Kind, Token};

/// Words of a table, in small letters, parted by one space.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase(pub &'static str);

impl Phrase {
    /// The number of tokens that the phrase takes where it stands at this place.
    pub(crate) fn at(self, tokens: &[Token], at: usize) -> Option<usize> {
        let mut taken = 0;
        for word in self.0.split(' ') {
            let token = tokens.get(at + taken)?;
            if token.kind != Kind::Word || token.word != word {
                return None;
            }
            taken += 1;
        }
        Some(taken)
    }
}

/// The row whose phrase stands at this place and takes most tokens.
pub(crate) fn longest<T>(tokens: &[Token], at: usize, rows: impl Iterator<Item = (Phrase, T)>) -> Option<(T, usize)> {
    let mut best: Option<(T, usize)> = None;
    for (phrase, row) in rows {
        if let Some(taken) = phrase.at(tokens, at)
            && best.as_ref().is_none_or(|(_, most)| taken > *most)
        {
            best = Some((row, taken));
        }
    }
    best
}

/// Whether one of these single words stands at this place.
pub(crate) fn one_of(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    is_word(tokens, at, |word| words.contains(&word))
}

/// Whether a word that satisfies the test stands at this place.
pub(crate) fn is_word(tokens: &[Token], at: usize, test: impl Fn(&str) -> bool) -> bool {
    tokens.get(at).is_some_and(|token| token.kind == Kind::Word && test(&token.word))
}

/// The longest of these phrases at this place, in tokens; 0 where none stands.
pub(crate) fn any(tokens: &[Token], at: usize, phrases: &'static [&'static str]) -> usize {
    longest(tokens, at, phrases.iter().map(|words| (Phrase(words), ()))).map_or(0, |((), taken)| taken)
}
