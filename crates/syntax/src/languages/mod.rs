//! The table of languages: each has one file with its roles and its extraction hooks.
//!
//! `docs/adding-a-language.md` says what a new row needs.

mod bash;
mod c;
mod csharp;
mod go;
mod java;
mod javascript;
mod php;
mod python;
mod ruby;
mod rust;

use crate::grammar::Spec;
use codexa_model::Language;

/// The row of a language.
pub(crate) fn spec(language: Language) -> &'static Spec {
    match language {
        Language::Bash => &bash::SPEC,
        Language::C => &c::C,
        Language::CSharp => &csharp::SPEC,
        Language::Cpp => &c::CPP,
        Language::Go => &go::SPEC,
        Language::Java => &java::SPEC,
        Language::JavaScript => &javascript::JAVASCRIPT,
        Language::Php => &php::SPEC,
        Language::Python => &python::SPEC,
        Language::Ruby => &ruby::SPEC,
        Language::Rust => &rust::SPEC,
        Language::TypeScript => &javascript::TYPESCRIPT,
        Language::Tsx => &javascript::TSX,
    }
}
