//! The table of languages: each has one file with its roles and its extraction hooks.
//!
//! `docs/adding-a-language.md` says what a new row needs.

mod python;
mod rust;

use crate::grammar::Spec;
use codexa_model::Language;

/// The row of a language.
pub(crate) fn spec(language: Language) -> &'static Spec {
    match language {
        Language::Python => &python::SPEC,
        _ => &rust::SPEC,
    }
}
