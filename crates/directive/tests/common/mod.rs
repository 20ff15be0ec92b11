//! What the tests share.

use codexa_directive::{Context, Interpretation, interpret};

/// The moment at which the examples are said.
pub fn context() -> Context {
    Context::at("2026-11-26T12:00:00Z".parse().expect("a timestamp"))
}

/// What the words are read as at that moment.
pub fn read(words: &str) -> Interpretation {
    interpret(words, &context())
}
