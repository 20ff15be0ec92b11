//! Calls that register routes and commands, or put them below something: which ones their arguments are kept of, and what
//! their value is called.

use codexa_model::Language;
use tree_sitter::Node;

/// Longest way that is followed from a call of a chain up to the name of the chain's value: two steps for each call.
const LONGEST_CHAIN: usize = 64;

/// Whether a language's frameworks register routes or commands with calls of this name. What the call is really of is
/// for the rules about frameworks to say: here a name decides only whether its arguments are kept.
pub(crate) fn registers(language: Language, callee: &str) -> bool {
    let names: &[&str] = match language {
        Language::Python => &[
            "APIRouter",
            "Blueprint",
            "Group",
            "Mount",
            "NinjaAPI",
            "Router",
            "Typer",
            "add_command",
            "add_router",
            "add_typer",
            "blueprint",
            "include_router",
            "mount",
            "path",
            "re_path",
            "register_blueprint",
            "url",
        ],
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            &["KoaRouter", "Router", "basePath", "register", "route", "use"]
        }
        Language::Go => &["Command", "Group", "Mount", "Party", "PathPrefix", "Route", "WithPrefix"],
        Language::Rust => &["configure", "merge", "mount", "nest", "nest_service", "route", "scope", "service"],
        Language::CSharp => &["MapGroup", "MapMethods"],
        Language::Php => {
            &["apiResource", "apiSingleton", "except", "group", "map", "match", "only", "resource", "singleton"]
        }
        Language::Ruby => &[
            "collection",
            "concern",
            "controller",
            "delete",
            "get",
            "group",
            "head",
            "include",
            "match",
            "member",
            "mount",
            "multitask",
            "namespace",
            "options",
            "patch",
            "post",
            "put",
            "resource",
            "resources",
            "root",
            "route_param",
            "scope",
            "segment",
            "task",
        ],
        _ => &[],
    };
    names.contains(&callee)
}

/// The name that a call's value is given, or the value of the chain of calls that it begins.
pub(crate) fn assigned(call: Node<'_>) -> Option<Node<'_>> {
    let mut value = call;
    for _ in 0..LONGEST_CHAIN {
        let parent = value.parent()?;
        if parent.start_byte() != call.start_byte() {
            return name_of(parent);
        }
        value = parent;
    }
    None
}

/// The one name that a definition gives its value.
fn name_of(definition: Node<'_>) -> Option<Node<'_>> {
    let field = match definition.kind() {
        "assignment" | "assignment_expression" | "assignment_statement" | "short_var_declaration" => "left",
        "let_declaration" => "pattern",
        "variable_declarator" => "name",
        _ => return None,
    };
    let left = definition.child_by_field_name(field)?;
    let name =
        if left.kind() == "expression_list" && left.named_child_count() == 1 { left.named_child(0)? } else { left };
    matches!(name.kind(), "identifier" | "variable_name").then_some(name)
}
