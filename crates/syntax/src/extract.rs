//! What a language says about its own syntax: hooks that the walk calls at the nodes its table names.

use crate::grammar::Grammar;
use crate::roles::{Field, Roles};
use crate::text::number;
use codexa_model::facts::{CallKind, Condition, Facts, Import, ImportKind, ImportedName, SymbolKind, Visibility};
use rustc_hash::FxHashSet;
use tree_sitter::{Node, Range};

/// Where the walk stands when a hook is called.
pub(crate) struct Context<'a> {
    pub(crate) source: &'a [u8],
    /// The source as text, where all of it is UTF-8.
    pub(crate) whole: Option<&'a str>,
    pub(crate) grammar: &'a Grammar,
    /// Kind of the innermost symbol around the node.
    pub(crate) scope: Option<SymbolKind>,
    /// Visibility of that symbol.
    pub(crate) scope_visibility: Option<Visibility>,
    /// Whether a function encloses the node.
    pub(crate) in_function: bool,
    /// Visibility that an access label gave to what follows it in this scope (`public:`, Ruby's `private`).
    pub(crate) access: Option<Visibility>,
    /// Visibility that a call around the node gives to the definitions in its arguments.
    pub(crate) lent: Option<Visibility>,
    /// Whether the node stands directly in an export.
    pub(crate) exported: bool,
}

/// A symbol that a hook found.
pub(crate) struct NewSymbol<'t> {
    /// The node that holds the name; its text is the name unless `name` says otherwise.
    pub(crate) name_node: Node<'t>,
    /// The name, where it is not the node's text.
    pub(crate) name: Option<String>,
    pub(crate) kind: SymbolKind,
    pub(crate) visibility: Visibility,
    /// Documentation that does not stand above the symbol (a docstring).
    pub(crate) doc: Option<Box<str>>,
    /// Parameters, for a function or method with a body: it gets complexity of its own.
    pub(crate) parameters: Option<u32>,
    /// Whether what stands inside belongs to it (false for variables and aliases).
    pub(crate) scope: bool,
    /// Where it stands, if it is a part of the first symbol that the node defines (a record's component).
    pub(crate) part: Option<Node<'t>>,
}

impl<'t> NewSymbol<'t> {
    /// A symbol that encloses what stands inside it.
    pub(crate) fn scope(name_node: Node<'t>, kind: SymbolKind, visibility: Visibility) -> Self {
        Self { name_node, name: None, kind, visibility, doc: None, parameters: None, scope: true, part: None }
    }

    /// A symbol that is a name and no more.
    pub(crate) fn leaf(name_node: Node<'t>, kind: SymbolKind, visibility: Visibility) -> Self {
        Self { scope: false, ..Self::scope(name_node, kind, visibility) }
    }

    /// A part of the first symbol that its node defines.
    pub(crate) fn part(node: Node<'t>, name_node: Node<'t>, kind: SymbolKind, visibility: Visibility) -> Self {
        Self { part: Some(node), ..Self::leaf(name_node, kind, visibility) }
    }

    /// A function with a body.
    pub(crate) fn function(name_node: Node<'t>, kind: SymbolKind, visibility: Visibility, parameters: u32) -> Self {
        Self { parameters: Some(parameters), ..Self::scope(name_node, kind, visibility) }
    }
}

/// A call that a hook found.
pub(crate) struct NewCall<'t> {
    pub(crate) kind: CallKind,
    /// The last name of the callee.
    pub(crate) name: Node<'t>,
    /// What stands before it.
    pub(crate) receiver: Option<Node<'t>>,
    /// The list of arguments.
    pub(crate) arguments: Option<Node<'t>>,
}

/// An annotation that a hook found.
pub(crate) struct NewAnnotation<'t> {
    /// The whole name, dots included.
    pub(crate) name: Node<'t>,
    /// The list of arguments.
    pub(crate) arguments: Option<Node<'t>>,
    /// Whether it stands inside the symbol's node (Java's modifiers) instead of before it.
    pub(crate) inside: bool,
}

/// The hooks of a language. Each is called only at nodes whose kind has the role.
pub(crate) trait Extract: Sync {
    /// Places of words that the grammar does not expect: they are not parsed. In order, and apart from each other.
    fn unexpected(&self, _source: &[u8]) -> Vec<std::ops::Range<usize>> {
        Vec::new()
    }

    /// Places of words that may be such, in order and apart from each other. They are asked for where the grammar could not
    /// read all of a file, and left out where it reads more of it without them.
    fn suspects(&self, _source: &[u8]) -> Vec<std::ops::Range<usize>> {
        Vec::new()
    }

    /// The symbols that the node defines.
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>);

    /// The plain string that the node gives the name that it defines.
    fn text<'a>(&self, _cx: &Context<'a>, _node: Node<'_>) -> Option<&'a str> {
        None
    }

    /// The imports that the node states; `false` where it is none after all, so that the walk goes on inside.
    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool;

    /// Whether a call of that name imports: [`Extract::import`] is then asked about it, whatever the role of its kind.
    fn may_import(&self, _callee: &str) -> bool {
        false
    }

    /// The call that the node is.
    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>>;

    /// The annotation that the node is.
    fn annotation<'t>(&self, _cx: &Context<'_>, _node: Node<'t>) -> Option<NewAnnotation<'t>> {
        None
    }

    /// The conditions under which the node, or a part of it, is compiled.
    fn conditions(&self, _cx: &Context<'_>, _node: Node<'_>, _found: &mut Vec<Condition>) {}

    /// Whether an arm of a switch takes whatever no other takes.
    fn is_default(&self, _cx: &Context<'_>, _arm: Node<'_>) -> bool {
        false
    }

    /// The package or namespace that the node declares.
    fn module(&self, _cx: &Context<'_>, _node: Node<'_>) -> Option<Box<str>> {
        None
    }

    /// What an access label says, or a call that sets the visibility of what it is given.
    fn access(&self, _cx: &Context<'_>, _node: Node<'_>) -> Option<Visibility> {
        None
    }

    /// The name before and the name behind the dot of a qualified name, where both are plain.
    fn qualified<'t>(&self, _cx: &Context<'_>, _node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        None
    }

    /// The names of symbols above that such a call is about.
    fn restates(&self, _cx: &Context<'_>, _node: Node<'_>, _names: &mut Vec<Box<str>>) {}

    /// What only the whole file tells of what was found in it.
    fn settle(&self, _source: &[u8], _facts: &mut Facts) {}

    /// Whether the statement is a text that nobody uses: what documents a symbol, or what is commented out.
    fn is_remark(&self, _cx: &Context<'_>, _node: Node<'_>) -> bool {
        false
    }

    /// Names that the node exports though they are declared elsewhere in the file.
    fn exports(&self, _cx: &Context<'_>, _node: Node<'_>, _found: &mut Vec<Box<str>>) {}

    /// Stretches of the node that may be read as items of the file, where the grammar itself shows loose tokens.
    fn items(&self, _cx: &Context<'_>, _node: Node<'_>) -> Vec<Range> {
        Vec::new()
    }

    /// Whether a node at the top of such a stretch is one that an item can be made of.
    fn is_item(&self, _cx: &Context<'_>, _node: Node<'_>) -> bool {
        false
    }

    /// Whether a comment is documentation for what follows it.
    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with("/**") || comment.starts_with("///")
    }
}

impl<'a> Context<'a> {
    /// The node's text; empty where it is not UTF-8.
    pub(crate) fn text(&self, node: Node<'_>) -> &'a str {
        crate::text::text_at(self.source, self.whole, node)
    }

    /// The name of the node's kind.
    pub(crate) fn kind(&self, node: Node<'_>) -> &'a str {
        self.grammar.kind(node)
    }

    /// The child in a field.
    pub(crate) fn child<'t>(&self, node: Node<'t>, field: Field) -> Option<Node<'t>> {
        self.grammar.child(node, field)
    }

    /// The text of the child in a field.
    pub(crate) fn child_text(&self, node: Node<'_>, field: Field) -> Option<&'a str> {
        self.child(node, field).map(|child| self.text(child))
    }

    /// The first child of one of these kinds.
    pub(crate) fn child_of_kind<'t>(&self, node: Node<'t>, kinds: &[&str]) -> Option<Node<'t>> {
        let mut cursor = node.walk();
        node.children(&mut cursor).take(MAX_CHILDREN).find(|child| kinds.contains(&self.kind(*child)))
    }

    /// Entries of a list that are parameters: named children other than these kinds and comments.
    pub(crate) fn parameters(&self, list: Option<Node<'_>>, except: &[&str]) -> u32 {
        let Some(list) = list.filter(|list| list.named_child_count() > 0) else { return 0 };
        let is_one = |kind: &str| !kind.contains("comment") && !except.contains(&kind);
        let mut cursor = list.walk();
        let children = list.named_children(&mut cursor).take(MAX_CHILDREN);
        number(children.filter(|child| is_one(self.kind(*child))).count())
    }

    /// The first of a call's arguments, where it is a plain string literal.
    pub(crate) fn first_literal(&self, arguments: Node<'_>) -> Option<&'a str> {
        if !crate::text::may_begin_with_literal(self.text(arguments)) {
            return None;
        }
        let mut cursor = arguments.walk();
        let mut children = arguments.named_children(&mut cursor).take(MAX_CHILDREN);
        let first = children.find(|child| !self.grammar.roles(child.kind_id()).has(Roles::COMMENT))?;
        self.literal(self.unwrapped(first))
    }

    /// What an argument is: some grammars put a node around it.
    pub(crate) fn unwrapped<'t>(&self, mut argument: Node<'t>) -> Node<'t> {
        while let "argument" | "attribute_argument" = self.kind(argument) {
            let Some(inner) = argument.named_child(0) else { break };
            argument = inner;
        }
        argument
    }

    /// The content of a plain string literal: no interpolation, no concatenation, one line.
    pub(crate) fn literal(&self, node: Node<'_>) -> Option<&'a str> {
        crate::text::literal(self.text(node))
    }
}

/// Children that are looked at of one node: a longer list is data, not code.
const MAX_CHILDREN: usize = 4_096;

/// The named children of a node, comments included.
pub(crate) fn named_children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).take(MAX_CHILDREN).collect()
}

/// An import in its plainest form.
pub(crate) fn import(kind: ImportKind, target: &str, node: Node<'_>) -> Import {
    Import {
        kind,
        target: crate::text::clip(target, crate::text::LONG).into(),
        names: Vec::new(),
        members: Vec::new(),
        wildcard: false,
        alias: None,
        line: crate::text::line(node),
        within: None,
        for_types: false,
    }
}

/// A path that is written again and again is one import, where it stands first.
pub(crate) fn keep_first_paths(imports: &mut Vec<Import>) {
    let mut seen = FxHashSet::default();
    imports.retain(|import| import.kind != ImportKind::Path || seen.insert(import.target.clone()));
}

/// A name taken out of an import.
pub(crate) fn imported(name: &str, alias: Option<&str>) -> ImportedName {
    ImportedName { name: name.into(), alias: alias.map(Into::into) }
}

/// Whether a jump says where to.
pub(crate) fn names_a_label(node: Node<'_>) -> bool {
    node.kind().starts_with("goto")
        || node.named_child(0).is_some_and(|child| {
            matches!(child.kind(), "label" | "statement_identifier" | "label_name" | "lifetime")
                || (child.kind() == "identifier" && node.kind().ends_with("_statement"))
        })
}
