//! The table of languages: each has one file with its roles and its extraction hooks.
//!
//! `docs/adding-a-language.md` says what a new row needs.

mod bash;
mod c;
mod csharp;
mod go;
mod java;
mod javascript;
mod markers;
mod own_folder;
mod php;
mod prefixes;
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

/// The kinds of nodes of a language's grammar, as the grammar's own JSON.
#[cfg(test)]
pub(crate) fn node_types(language: Language) -> &'static str {
    match language {
        Language::Bash => tree_sitter_bash::NODE_TYPES,
        Language::C => tree_sitter_c::NODE_TYPES,
        Language::CSharp => tree_sitter_c_sharp::NODE_TYPES,
        Language::Cpp => tree_sitter_cpp::NODE_TYPES,
        Language::Go => tree_sitter_go::NODE_TYPES,
        Language::Java => tree_sitter_java::NODE_TYPES,
        Language::JavaScript => tree_sitter_javascript::NODE_TYPES,
        Language::Php => tree_sitter_php::PHP_NODE_TYPES,
        Language::Python => tree_sitter_python::NODE_TYPES,
        Language::Ruby => tree_sitter_ruby::NODE_TYPES,
        Language::Rust => tree_sitter_rust::NODE_TYPES,
        Language::TypeScript => tree_sitter_typescript::TYPESCRIPT_NODE_TYPES,
        Language::Tsx => tree_sitter_typescript::TSX_NODE_TYPES,
    }
}
