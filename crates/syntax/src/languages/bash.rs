//! Bash, and other Bourne-like shells as far as they share its grammar.

use crate::extract::{Context, Extract, NewCall, NewSymbol, import};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Import, ImportKind, SymbolKind, Visibility};
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
        if !matches!(cx.child_text(node, Field::Name), Some("source" | ".")) {
            return false;
        }
        let Some(argument) = cx.child(node, Field::Argument) else { return true };
        found.push(match sourced(cx.text(argument)) {
            Some(target) => import(ImportKind::Require, &target, node),
            None => import(ImportKind::Dynamic, "", node),
        });
        true
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

    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with('#') && !comment.starts_with("#!")
    }
}

/// The script that `source` names: a plain word, or a path that begins at the script's own folder
/// (`"$(dirname "$0")/x"`, `"${BASH_SOURCE%/*}/x"`, `"$DIR/x"` is computed and therefore not one).
fn sourced(argument: &str) -> Option<String> {
    let text = argument.trim_matches(['"', '\'']);
    let own_folder = [
        "$(dirname \"$0\")/",
        "$(dirname $0)/",
        "$(dirname \"${BASH_SOURCE[0]}\")/",
        "$(dirname \"$BASH_SOURCE\")/",
        "${BASH_SOURCE%/*}/",
        "${0%/*}/",
    ];
    if let Some(rest) = own_folder.iter().find_map(|prefix| text.strip_prefix(prefix)) {
        return (!rest.contains(['$', '`'])).then(|| format!("./{rest}"));
    }
    (!text.contains(['$', '`', '*', '?']) && !text.is_empty()).then(|| text.to_owned())
}
