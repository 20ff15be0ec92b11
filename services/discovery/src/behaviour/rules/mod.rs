//! The tables, one per language. `docs/adding-a-framework.md` says what a new row needs.

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

use super::index::Index;
#[cfg(test)]
use super::rule::Rule;
use codexa_model::Language;
use std::sync::LazyLock;

macro_rules! tables {
    ($($table:ident: $($language:ident)|+;)*) => {
        /// The index of a language's table, made when first asked for.
        pub(super) fn index(language: Language) -> &'static Index {
            match language {
                $($(Language::$language)|+ => {
                    static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new($table::RULES));
                    &INDEX
                })*
            }
        }

        /// Every row of every table.
        #[cfg(test)]
        pub(super) fn all() -> impl Iterator<Item = (Language, &'static Rule)> {
            let tables: Vec<(Language, &'static [Rule])> = vec![$($((Language::$language, $table::RULES)),+),*];
            tables.into_iter().flat_map(|(language, rules)| rules.iter().map(move |rule| (language, rule)))
        }
    };
}

tables! {
    bash: Bash;
    c: C | Cpp;
    csharp: CSharp;
    go: Go;
    java: Java;
    javascript: JavaScript | TypeScript | Tsx;
    php: Php;
    python: Python;
    ruby: Ruby;
    rust: Rust;
}
