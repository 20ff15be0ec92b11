//! Bash, and other Bourne-like shells as far as they share its grammar.

use super::own_folder::Places;
use crate::extract::{Context, Extract, NewCall, NewSymbol, import};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Facts, Import, ImportKind, SymbolKind, Visibility};
use tree_sitter::Node;

const FLOW: &[&str] =
    &["if_statement", "for_statement", "c_style_for_statement", "while_statement", "ternary_expression"];

pub(crate) const SPEC: Spec = Spec {
    grammar: || tree_sitter_bash::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, &["comment"]),
        (Roles::IDENTIFIER, &["word", "variable_name"]),
        (Roles::SILENT, &["string_content", "heredoc_content", "heredoc_start", "heredoc_end"]),
        (Roles::OPERAND, &["string"]),
        (Roles::SYMBOL, &["function_definition", "variable_assignment"]),
        (Roles::IMPORT, &["command"]),
        (Roles::CALL, &["command"]),
        (Roles::DECISION, FLOW),
        (Roles::DECISION, &["elif_clause"]),
        (Roles::ARM, &["case_item"]),
        (Roles::NEST, FLOW),
        (Roles::NEST, &["case_statement"]),
        (Roles::ELSE, &["elif_clause", "else_clause"]),
        // `a && b` between commands is a list, inside `[[ ]]` a binary expression.
        (Roles::BINARY, &["list", "binary_expression"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (Roles::CLOSED, &["string", "expansion", "command_substitution"]),
    ],
    tokens: &[(Roles::LOGICAL, &["&&", "||"])],
    extract: &Bash,
};

struct Bash;

impl Extract for Bash {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        let Some(name) = cx.child(node, Field::Name) else { return };
        if node.kind() == "function_definition" {
            found.push(NewSymbol::function(name, SymbolKind::Function, Visibility::Public, 0));
        } else if !cx.in_function && name.kind() == "variable_name" {
            found.push(NewSymbol::leaf(name, SymbolKind::Variable, Visibility::Restricted));
        }
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        let Some(name) = cx.child(node, Field::Name) else { return false };
        match cx.text(name) {
            "source" | "." => {
                let Some(argument) = cx.child(node, Field::Argument) else { return true };
                let text = cx.text(argument).trim_matches(['"', '\'']);
                // What begins with a variable may begin at the script's folder: `settle` knows when all is read.
                found.push(match is_computed(text) {
                    true => import(ImportKind::Require, cx.text(argument), node),
                    false if text.is_empty() => import(ImportKind::Dynamic, "", node),
                    false => import(ImportKind::Require, text, node),
                });
                true
            }
            shell if SHELLS.contains(&shell) => {
                found.extend(script(cx, node).map(|script| run(cx.text(script), node)));
                false
            }
            name => {
                let first =
                    if name == "exec" { cx.child_text(node, Field::Argument).unwrap_or_default() } else { name };
                found.extend(is_script(first).then(|| run(first, node)));
                false
            }
        }
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        let name = cx.child(node, Field::Name)?;
        let plain = cx.text(name).bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./+".contains(&byte));
        plain.then_some(NewCall { kind: CallKind::Call, name, receiver: None, arguments: None })
    }

    /// `*)`
    fn is_default(&self, cx: &Context<'_>, arm: Node<'_>) -> bool {
        cx.child_text(arm, Field::Value) == Some("*")
    }

    /// `"$DIR/x.sh"` is `./x.sh` where the file says that `DIR` is its folder; else it is computed.
    fn settle(&self, source: &[u8], facts: &mut Facts) {
        if !facts.imports.iter().any(|import| is_computed(&import.target)) {
            return;
        }
        let places = Places::of(std::str::from_utf8(source).unwrap_or_default(), facts);
        facts.imports.retain_mut(|import| {
            if !is_computed(&import.target) {
                return true;
            }
            let path = places.path(&import.target, import.line);
            let is_kept = path.is_some() || import.kind == ImportKind::Require;
            import.kind = if path.is_some() { ImportKind::Require } else { ImportKind::Dynamic };
            import.target = path.unwrap_or_default().into();
            is_kept
        });
    }

    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with('#') && !comment.starts_with("#!")
    }
}

/// Programs whose first argument is a script.
const SHELLS: &[&str] = &["bash", "sh", "dash", "ksh", "zsh", "/bin/bash", "/bin/sh", "/usr/bin/bash"];

/// The script that a shell is given; none where it is given commands (`-c`) or reads them.
fn script<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    let arguments: Vec<Node<'t>> = node.children_by_field_name("argument", &mut cursor).take(16).collect();
    let is_option = |argument: &Node<'_>| cx.text(*argument).starts_with(['-', '+']);
    let with_value = |argument: &Node<'_>| is_option(argument) && cx.text(*argument).contains(['c', 's', 'o', 'O']);
    if arguments.iter().take_while(|argument| is_option(argument)).any(with_value) {
        return None;
    }
    arguments.into_iter().find(|argument| !is_option(argument))
}

/// A script that is run: what is not plain waits for [`Extract::settle`].
fn run(script: &str, node: Node<'_>) -> Import {
    let text = script.trim_matches(['"', '\'']);
    let kind = if is_computed(script) { ImportKind::Path } else { ImportKind::Require };
    import(kind, if is_computed(script) { script } else { text }, node)
}

/// Whether a command is a script by its path; one without a path is looked for among programs.
fn is_script(command: &str) -> bool {
    let path = command.trim_end_matches(['"', '\'']);
    path.contains('/') && [".sh", ".bash"].iter().any(|end| path.ends_with(end))
}

fn is_computed(text: &str) -> bool {
    text.contains(['$', '`', '*', '?'])
}
