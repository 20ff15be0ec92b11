//! A language's row: its grammar, its table of node roles, its extraction hooks. Compiled once per process.

use crate::extract::Extract;
use crate::roles::{FIELD_NAMES, Field, Roles};
use codexa_model::Language;
use std::num::NonZeroU16;
use std::sync::OnceLock;
use tree_sitter::Node;

/// What `languages/<name>.rs` declares.
pub(crate) struct Spec {
    /// The grammar.
    pub(crate) grammar: fn() -> tree_sitter::Language,
    /// Roles of named node kinds.
    pub(crate) nodes: &'static [(Roles, &'static [&'static str])],
    /// Roles of anonymous tokens, beyond being operators; those that are silent are none.
    pub(crate) tokens: &'static [(Roles, &'static [&'static str])],
    /// How symbols, imports, calls and annotations are read.
    pub(crate) extract: &'static dyn Extract,
}

/// A [`Spec`] with kinds and fields turned into the grammar's numbers.
pub(crate) struct Grammar {
    pub(crate) language: tree_sitter::Language,
    pub(crate) extract: &'static dyn Extract,
    roles: Vec<Roles>,
    /// Names of the node kinds.
    kinds: Vec<Box<str>>,
    fields: Vec<Option<NonZeroU16>>,
}

/// Tokens that are no operators of their own: the closing half of a pair, quotes, and layout.
const SILENT_TOKENS: &[&str] = &[")", "]", "}", "\"", "'", "`", "\n", "\r\n", "", "\"\"\"", "'''"];

impl Grammar {
    fn compile(spec: &Spec) -> Self {
        let language = (spec.grammar)();
        let ids = 0..u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let name = |id| language.node_kind_for_id(id).unwrap_or_default().into();
        let kinds: Vec<Box<str>> = ids.clone().map(name).collect();
        let roles = ids.zip(&kinds).map(|(id, kind)| {
            if language.node_kind_is_named(id) {
                roles_in(spec.nodes, kind)
            } else {
                let listed = roles_in(spec.tokens, kind);
                let is_silent = SILENT_TOKENS.contains(&&**kind) || listed.has(Roles::SILENT);
                let base = if is_silent { Roles::SILENT } else { Roles::OPERATOR };
                base.or(listed).or(Roles::ANONYMOUS)
            }
        });
        let roles = roles.collect();
        let fields = FIELD_NAMES.iter().map(|name| language.field_id_for_name(name)).collect();
        Self { language, extract: spec.extract, roles, kinds, fields }
    }

    /// The roles of a node kind; none for ERROR nodes and unknown ids, which count as named.
    pub(crate) fn roles(&self, kind: u16) -> Roles {
        self.roles.get(usize::from(kind)).copied().unwrap_or(Roles::NONE)
    }

    /// The name of the node's kind, as [`Node::kind`] gives it, which measures and checks the grammar's C string each time.
    pub(crate) fn kind(&self, node: Node<'_>) -> &str {
        self.kinds.get(usize::from(node.kind_id())).map_or("ERROR", |kind| kind)
    }

    /// The child in a field.
    pub(crate) fn child<'t>(&self, node: Node<'t>, field: Field) -> Option<Node<'t>> {
        let id = self.fields.get(field as usize).copied().flatten()?;
        node.child_by_field_id(id.get())
    }
}

fn roles_in(table: &[(Roles, &[&str])], kind: &str) -> Roles {
    table.iter().filter(|(_, kinds)| kinds.contains(&kind)).fold(Roles::NONE, |all, (roles, _)| all.or(*roles))
}

/// The compiled grammar of a language.
pub(crate) fn grammar(language: Language) -> &'static Grammar {
    static GRAMMARS: [OnceLock<Grammar>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
    static FALLBACK: OnceLock<Grammar> = OnceLock::new();
    let slot = GRAMMARS.get(language as usize).unwrap_or(&FALLBACK);
    slot.get_or_init(|| Grammar::compile(crate::languages::spec(language)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::Index;
    use std::fs;
    use std::path::Path;
    use tree_sitter::Tree;

    /// The walk does not look for children of names.
    #[test]
    fn names_are_tokens_in_every_grammar() {
        for language in Language::ALL {
            let spec = crate::languages::spec(language);
            let types: serde_json::Value = serde_json::from_str(crate::languages::node_types(language)).unwrap();
            let kinds = spec.nodes.iter().filter(|(roles, _)| roles.is_token()).flat_map(|(_, kinds)| *kinds);
            for kind in kinds {
                let node = types.as_array().unwrap().iter().find(|node| node["type"] == *kind && node["named"] == true);
                let node = node.unwrap_or_else(|| panic!("{}: {kind}", language.name()));
                let has_fields = node["fields"].as_object().is_some_and(|fields| !fields.is_empty());
                assert!(!has_fields && node["children"].is_null(), "{}: {kind} has children", language.name());
            }
        }
    }

    /// The sample of a language, which its own test keeps rich.
    fn sample(language: Language) -> String {
        let name = match language {
            Language::Java => "Sample.java",
            Language::C => "sample.c",
            Language::Cpp => "sample.cpp",
            Language::CSharp => "sample.cs",
            Language::Go => "sample.go",
            Language::JavaScript => "sample.js",
            Language::Php => "sample.php",
            Language::Python => "sample.py",
            Language::Ruby => "sample.rb",
            Language::Rust => "sample.rs",
            Language::Bash => "sample.sh",
            Language::TypeScript => "sample.ts",
            Language::Tsx => "sample.tsx",
        };
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name)).unwrap()
    }

    /// The sample with a piece of it replaced, and what the parser makes of that.
    fn edited(language: Language, from: Index, length: usize, put: &str) -> (Vec<u8>, Tree) {
        let mut source = sample(language).into_bytes();
        let from = from.index(source.len());
        source.splice(from..source.len().min(from + length), put.bytes());
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&grammar(language).language).unwrap();
        let tree = parser.parse(&source, None).unwrap();
        (source, tree)
    }

    fn all_below<'t>(node: Node<'t>, found: &mut Vec<Node<'t>>) {
        found.push(node);
        node.children(&mut node.walk()).for_each(|child| all_below(child, found));
    }

    proptest! {
        /// The walk does not visit the last child of what is closed, even where the parser had to mend what it read.
        #[test]
        fn what_is_closed_ends_with_a_token_that_counts_for_nothing(
            language in proptest::sample::select(Language::ALL.to_vec()),
            from in any::<Index>(),
            length in 0..40_usize,
        ) {
            let grammar = grammar(language);
            let (_, tree) = edited(language, from, length, "");
            let mut nodes = Vec::new();
            all_below(tree.root_node(), &mut nodes);
            for node in nodes.into_iter().filter(|node| grammar.roles(node.kind_id()).has(Roles::CLOSED)) {
                let last = node.child(node.child_count().saturating_sub(1));
                let is_silent = last.is_none_or(|last| grammar.roles(last.kind_id()).has(Roles::SILENT));
                prop_assert!(is_silent, "{}: {} ends with {:?}", language.name(), node.kind(), last);
            }
        }
    }

    /// What is put into samples: quotes, marks, and literals of several languages.
    const WORDS: &[&str] = &[
        "",
        "\"",
        "'",
        "\\",
        "{x}",
        "${x}",
        "#{x}",
        "`x`",
        " 'b' ",
        " \"a\\tb\" ",
        " '\\w' ",
        " \"a\"u8 ",
        " '&amp;' ",
        "\n",
    ];

    proptest! {
        /// The walk does not go into literals that are all text, whatever the parser had to mend around them.
        #[test]
        fn a_literal_that_is_all_text_holds_nothing_that_counts(
            language in proptest::sample::select(Language::ALL.to_vec()),
            from in any::<Index>(),
            put in proptest::sample::select(WORDS.to_vec()),
            length in 0..40_usize,
        ) {
            let grammar = grammar(language);
            let (source, tree) = edited(language, from, length, put);
            let mut nodes = Vec::new();
            all_below(tree.root_node(), &mut nodes);
            let is_literal = |node: &Node<'_>| grammar.roles(node.kind_id()).has(Roles::OPERAND);
            for node in nodes.into_iter().filter(is_literal).filter(|node| crate::text::is_all_text(&source, *node)) {
                let mut inside = Vec::new();
                node.children(&mut node.walk()).for_each(|child| all_below(child, &mut inside));
                // A comment stands in a literal where its closing quote is looked for further down.
                let counts = |node: &&Node<'_>| !grammar.roles(node.kind_id()).has(Roles::SILENT.or(Roles::COMMENT));
                let counts = inside.iter().find(counts);
                prop_assert!(counts.is_none(), "{}: {} holds {counts:?}", language.name(), node.kind());
            }
        }
    }

    /// A kind that the grammar does not know is a slip in the table, and its role would silently never be played.
    #[test]
    fn every_kind_in_every_table_exists_in_its_grammar() {
        for language in Language::ALL {
            let spec = crate::languages::spec(language);
            let grammar = (spec.grammar)();
            for (named, table) in [(true, spec.nodes), (false, spec.tokens)] {
                for kind in table.iter().flat_map(|(_, kinds)| kinds.iter()) {
                    assert_ne!(grammar.id_for_node_kind(kind, named), 0, "{}: {kind}", language.name());
                }
            }
        }
    }
}
