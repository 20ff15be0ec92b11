//! One pass of a cursor over the syntax tree, which collects everything at once.
//!
//! Queries would be shorter to write, but each costs a further pass with a state machine; a walk over numbered roles
//! keeps extraction at a small fraction of the parser's own time. No recursion: depth costs memory only up to a limit.

mod defining;
mod flow;

use crate::Limits;
use crate::extract::{Context, NewAnnotation, NewCall, named_children};
use crate::functions::Functions;
use crate::grammar::Grammar;
use crate::members;
use crate::names::Names;
use crate::registrations;
use crate::roles::Roles;
use crate::text::{LONG, SHORT, clip, is_all_text, line, number, starts_its_line, text_at};
use codexa_model::Language;
use codexa_model::facts::{
    Annotation, Call, Cut, Facts, FileMetrics, FunctionMetrics, ParseQuality, Registration, SymbolIndex, Visibility,
};
use rustc_hash::FxHashSet;
use std::ops;
use tree_sitter::{Node, Range, Tree, TreeCursor};

/// Parses a stretch of the file's source on its own.
pub(crate) type Reparse<'r> = dyn FnMut(Range) -> Option<Tree> + 'r;

/// Collects the facts of a parsed file. `reparse` is asked for stretches that the grammar leaves as loose tokens.
pub(crate) fn collect(
    language: Language,
    grammar: &Grammar,
    tree: &Tree,
    source: &[u8],
    left_out: &[ops::Range<usize>],
    limits: &Limits,
    reparse: &mut Reparse<'_>,
) -> Facts {
    let mut walk = Walk::new(language, grammar, source);
    walk.names.left_out(source, left_out);
    walk.run(&mut tree.walk(), &mut Bounds { limits, reparse, embedded: 0 });
    walk.finish()
}

/// Bytes of source to a symbol and to a call, about: room is made ahead for as many as there mostly are.
const SYMBOL_BYTES: usize = 512;
const CALL_BYTES: usize = 128;
const MOST_AHEAD: usize = 1_024;

/// Deepest nesting of stretches that are parsed on their own: each is parsed again with what is around it.
const MAX_EMBEDDED: u32 = 4;

/// What a walk may cost, and how it goes on where the grammar ends.
struct Bounds<'a, 'r> {
    limits: &'a Limits,
    reparse: &'a mut Reparse<'r>,
    /// How many stretches the current node stands in.
    embedded: u32,
}

/// The kind of an ERROR node, in every grammar (`ts_builtin_sym_error`).
const ERROR: u16 = u16::MAX;

/// What to take back when the walk leaves the node at `depth`.
struct Frame {
    depth: usize,
    undo: Undo,
}

enum Undo {
    Symbol,
    /// What a call lent to the definitions in its arguments.
    Lent(Option<Visibility>),
    Function(SymbolIndex),
    Nesting,
    Logical(u16),
    Error,
}

/// Documentation that waits for its symbol.
struct PendingDoc {
    start: usize,
    end: usize,
    /// The last row it covers, attributes below it included.
    row: usize,
}

/// A name whose visibility is stated apart from its declaration.
struct Restated {
    scope: Option<SymbolIndex>,
    /// How many symbols stood above.
    above: SymbolIndex,
    name: Box<str>,
    visibility: Visibility,
}

struct Walk<'a> {
    grammar: &'a Grammar,
    source: &'a [u8],
    /// The source as text, where all of it is UTF-8, so that no piece needs to be looked at again.
    whole: Option<&'a str>,
    facts: Facts,
    frames: Vec<Frame>,
    /// Kinds of the nodes from the root down to the current one.
    path: Vec<u16>,
    /// Indexes of the symbols around the current node, each with what the last access label in it said.
    scopes: Vec<(SymbolIndex, Option<Visibility>)>,
    /// What a call gives to the definitions in its arguments (Ruby's `private def x`).
    lent: Option<Visibility>,
    /// Names that the file exports apart from their declaration.
    exports: Vec<Box<str>>,
    /// Names whose visibility the file states below their declaration.
    restated: Vec<Restated>,
    functions: Functions,
    names: Names<'a>,
    qualified: FxHashSet<(&'a str, &'a str)>,
    /// Starts of name nodes of definitions that the walk has still to pass.
    defining: Vec<usize>,
    doc: Option<PendingDoc>,
    /// Annotations that wait for their symbol, and the last row they and what stands right below them cover.
    undecorated: Vec<usize>,
    undecorated_row: usize,
    after_else: bool,
    /// End of the condition of the last `#if`: what stands before it is decided before the program runs.
    condition_end: usize,
    in_error: bool,
    remark_lines: u32,
    nodes: u64,
}

impl<'a> Walk<'a> {
    fn new(language: Language, grammar: &'a Grammar, source: &'a [u8]) -> Self {
        Self {
            grammar,
            source,
            whole: std::str::from_utf8(source).ok(),
            facts: Facts {
                language,
                module: None,
                symbols: Vec::with_capacity((source.len() / SYMBOL_BYTES).min(MOST_AHEAD)),
                imports: Vec::new(),
                calls: Vec::with_capacity((source.len() / CALL_BYTES).min(MOST_AHEAD)),
                registrations: Vec::new(),
                conditions: Vec::new(),
                references: Vec::new(),
                annotations: Vec::new(),
                texts: Vec::new(),
                metrics: FileMetrics::default(),
                parse: ParseQuality { bytes: number(source.len()), error_bytes: 0, cut: None },
            },
            frames: Vec::new(),
            path: Vec::new(),
            scopes: Vec::new(),
            lent: None,
            exports: Vec::new(),
            restated: Vec::new(),
            functions: Functions::new(),
            names: Names::new(grammar.language.node_kind_count(), source.len()),
            qualified: FxHashSet::default(),
            defining: Vec::new(),
            doc: None,
            undecorated: Vec::new(),
            undecorated_row: 0,
            after_else: false,
            condition_end: 0,
            in_error: false,
            remark_lines: 0,
            nodes: 0,
        }
    }

    fn run(&mut self, cursor: &mut TreeCursor<'_>, bounds: &mut Bounds<'_, '_>) {
        // How many children of each node around are still to come: to ask a last child for its sibling costs a step.
        let mut left: Vec<u32> = Vec::new();
        loop {
            let node = cursor.node();
            self.nodes += 1;
            if self.nodes > bounds.limits.max_nodes {
                self.cut(Cut::TooManyNodes, node, self.source.len());
                return;
            }
            let kind = node.kind_id();
            let roles = self.grammar.roles(kind);
            let children = if roles.is_token() { 0 } else { node.child_count() };
            let is_passive = roles.is_passive() && kind != ERROR;
            if is_passive && children == 0 {
                // Most nodes are such; there is nothing to take back.
                self.leaf(node, kind, roles);
            } else {
                self.path.push(kind);
                let deeper = is_passive || (self.enter(node, kind, roles) && !self.embedded(node, roles, bounds));
                if deeper && children > 0 && self.path.len() >= bounds.limits.max_depth {
                    self.cut(Cut::TooDeep, node, node.end_byte());
                } else if deeper && children > 0 && cursor.goto_first_child() {
                    left.push((children - 1).saturating_sub(u32::from(roles.has(Roles::CLOSED))));
                    continue;
                } else if deeper {
                    self.leaf(node, kind, roles);
                }
                self.leave();
            }
            loop {
                let Some(siblings) = left.last_mut() else { return };
                if *siblings > 0 && cursor.goto_next_sibling() {
                    *siblings -= 1;
                    break;
                }
                left.pop();
                cursor.goto_parent();
                self.leave();
            }
        }
    }

    /// Walks what a node holds as items of the file, where it can be read so; `false` where it cannot.
    fn embedded(&mut self, node: Node<'_>, roles: Roles, bounds: &mut Bounds<'_, '_>) -> bool {
        let may_hold = roles.has(Roles::ITEMS) && !self.functions.inside();
        if !may_hold || self.in_error || bounds.embedded >= MAX_EMBEDDED {
            return false;
        }
        let cx = self.context();
        let extract = self.grammar.extract;
        let mut trees = Vec::new();
        for range in extract.items(&cx, node) {
            let Some(tree) = (bounds.reparse)(range) else { return false };
            let root = tree.root_node();
            let are_items = !root.has_error()
                && named_children(root).into_iter().all(|child| extract.is_item(&cx, child))
                && root.named_child_count() > 0;
            if !are_items {
                return false;
            }
            trees.push(tree);
        }
        bounds.embedded += 1;
        trees.iter().for_each(|tree| self.run(&mut tree.walk(), bounds));
        bounds.embedded -= 1;
        !trees.is_empty()
    }

    fn cut(&mut self, why: Cut, node: Node<'_>, end: usize) {
        self.facts.parse.cut.get_or_insert(why);
        if !self.in_error {
            let lost = number(end.saturating_sub(node.start_byte()));
            self.facts.parse.error_bytes = self.facts.parse.error_bytes.saturating_add(lost);
        }
    }

    fn push(&mut self, undo: Undo) {
        self.frames.push(Frame { depth: self.path.len(), undo });
    }

    fn leave(&mut self) {
        let depth = self.path.len();
        while self.frames.last().is_some_and(|frame| frame.depth == depth) {
            match self.frames.pop().map(|frame| frame.undo) {
                Some(Undo::Symbol) => {
                    self.scopes.pop();
                }
                Some(Undo::Function(index)) => {
                    self.scopes.pop();
                    let metrics = self.functions.leave();
                    if let Some(symbol) = self.facts.symbols.get_mut(index as usize) {
                        symbol.metrics =
                            symbol.metrics.map(|known| FunctionMetrics { parameters: known.parameters, ..metrics });
                    }
                }
                Some(Undo::Lent(before)) => self.lent = before,
                Some(Undo::Nesting) => self.functions.rise(),
                Some(Undo::Error) => self.in_error = false,
                Some(Undo::Logical(_)) | None => {}
            }
        }
        self.path.pop();
    }

    /// Handles a node before its children; `false` where they are not to be visited.
    fn enter(&mut self, node: Node<'_>, kind: u16, roles: Roles) -> bool {
        if kind == ERROR {
            self.error(node);
            return true;
        }
        if roles.has(Roles::COMMENT) {
            self.comment(node);
        }
        if roles.has(Roles::IMPORT) && self.import(node) || roles.has(Roles::COMMENT) {
            return false;
        }
        if roles.has(Roles::REMARK) && self.grammar.extract.is_remark(&self.context(), node) {
            self.remark(node);
            return false;
        }
        if roles.has(Roles::MODULE) {
            let module = self.grammar.extract.module(&self.context(), node);
            self.facts.module = self.facts.module.take().or(module);
        }
        if roles.has(Roles::ACCESS) {
            self.access(node, roles);
        }
        if roles.has(Roles::EXPORT) {
            self.grammar.extract.exports(&self.context(), node, &mut self.exports);
        }
        if roles.has(Roles::CONDITION) {
            self.condition(node);
        }
        if roles.has(Roles::ANNOTATION) {
            self.annotation(node);
        }
        if roles.has(Roles::SYMBOL) {
            self.symbols(node);
        }
        if roles.has(Roles::CALL) {
            self.call(node);
        }
        if roles.has(Roles::QUALIFIED)
            && let Some((package, name)) = self.grammar.extract.qualified(&self.context(), node)
        {
            self.qualified.insert((self.text(package), self.text(name)));
        }
        self.control(node, kind, roles);
        if roles.has(Roles::OPERAND) {
            // As at every leaf: what is not gone into has none.
            self.after_else = false;
            self.operand(node, false);
            return !is_all_text(self.source, node);
        }
        true
    }

    fn error(&mut self, node: Node<'_>) {
        if self.in_error {
            return;
        }
        let bytes = number(node.end_byte().saturating_sub(node.start_byte()));
        self.facts.parse.error_bytes = self.facts.parse.error_bytes.saturating_add(bytes);
        self.in_error = true;
        self.push(Undo::Error);
    }

    fn leaf(&mut self, node: Node<'_>, kind: u16, roles: Roles) {
        if roles.has(Roles::ANONYMOUS) {
            self.after_else = roles.has(Roles::CHAIN);
            if roles.has(Roles::OPERATOR) {
                self.names.operator(kind);
            }
            return;
        }
        self.after_else = false;
        if !roles.has(Roles::SILENT.or(Roles::OPERAND)) {
            self.operand(node, roles.has(Roles::IDENTIFIER));
        }
    }

    fn operand(&mut self, node: Node<'_>, identifier: bool) {
        let range = node.byte_range();
        let defined = identifier && self.forget_definition(range.start);
        let Some(text) = self.source.get(range).filter(|text| !text.is_empty()) else { return };
        self.names.operand(text, identifier && !defined, || line(node));
    }

    fn forget_definition(&mut self, start: usize) -> bool {
        let at = self.defining.iter().position(|defined| *defined == start);
        if let Some(at) = at {
            self.defining.swap_remove(at);
        }
        at.is_some()
    }

    fn context(&self) -> Context<'a> {
        let innermost = self.scopes.last();
        let scope = innermost.and_then(|(index, _)| self.facts.symbols.get(*index as usize));
        Context {
            source: self.source,
            whole: self.whole,
            grammar: self.grammar,
            scope: scope.map(|symbol| symbol.kind),
            scope_visibility: scope.map(|symbol| symbol.visibility),
            in_function: self.functions.inside(),
            access: innermost.and_then(|(_, access)| *access),
            lent: self.lent,
            exported: self.is_exported(),
        }
    }

    /// Whether the node stands in an export, with nothing but lists of declarations between.
    fn is_exported(&self) -> bool {
        let mut around = self.path.iter().rev().skip(1).map(|kind| self.grammar.roles(*kind));
        around.find(|roles| !roles.has(Roles::LIST)).is_some_and(|roles| roles.has(Roles::EXPORT))
    }

    fn innermost(&self) -> Option<SymbolIndex> {
        self.scopes.last().map(|(index, _)| *index)
    }

    fn text(&self, node: Node<'_>) -> &'a str {
        text_at(self.source, self.whole, node)
    }

    fn import(&mut self, node: Node<'_>) -> bool {
        let before = self.facts.imports.len();
        let handled = self.grammar.extract.import(&self.context(), node, &mut self.facts.imports);
        let within = self.innermost();
        for import in self.facts.imports.iter_mut().skip(before) {
            import.within = within;
        }
        handled
    }

    fn call(&mut self, node: Node<'_>) {
        let cx = self.context();
        let Some(NewCall { kind, name, receiver, arguments }) = cx.grammar.extract.call(&cx, node) else { return };
        let callee = self.text(name);
        if callee.is_empty() {
            return;
        }
        if self.grammar.extract.may_import(callee) {
            self.import(node);
        }
        let receiver = receiver.map(|node| clip(self.text(node), SHORT)).filter(|text| !text.is_empty());
        if receiver.is_none_or(|receiver| matches!(receiver, "self" | "this" | "Self")) {
            self.functions.recursion(callee);
        }
        let literal = arguments.and_then(|list| cx.first_literal(list));
        if registrations::registers(self.facts.language, callee) {
            self.facts.registrations.push(Registration {
                call: number(self.facts.calls.len()),
                name: registrations::assigned(node).map(|name| clip(self.text(name), LONG).into()),
                arguments: arguments.and_then(|list| self.arguments(list)).unwrap_or_default().into(),
                end_line: number(node.end_position().row + 1),
            });
        }
        self.facts.calls.push(Call {
            kind,
            name: clip(callee, LONG).into(),
            receiver: receiver.map(Into::into),
            literal: literal.map(Into::into),
            // In a chain over many lines each call has its own.
            line: line(name),
            within: self.innermost(),
        });
    }

    fn annotation(&mut self, node: Node<'_>) {
        let cx = self.context();
        let Some(NewAnnotation { name, arguments, inside }) = cx.grammar.extract.annotation(&cx, node) else { return };
        let literal = arguments.and_then(|list| cx.first_literal(list));
        let arguments = arguments.and_then(|list| self.arguments(list));
        if !inside {
            self.undecorated_row = node.end_position().row;
            self.undecorated.push(self.facts.annotations.len());
            if let Some(doc) = &mut self.doc {
                doc.row = doc.row.max(node.end_position().row);
            }
        }
        self.facts.annotations.push(Annotation {
            name: clip(self.text(name), LONG).into(),
            literal: literal.map(Into::into),
            arguments: arguments.map(Into::into),
            symbol: if inside { self.owner(node) } else { None },
            line: line(node),
        });
    }

    /// A list of arguments as written, without the brackets around it; `None` where it is empty.
    fn arguments(&self, list: Node<'_>) -> Option<&'a str> {
        let text = self.text(list).trim();
        let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text).trim();
        (!text.is_empty()).then(|| clip(text, LONG))
    }

    /// The symbol whose node holds an annotation: the newest one, or the one around it.
    fn owner(&self, node: Node<'_>) -> Option<SymbolIndex> {
        let newest = self.facts.symbols.last().filter(|symbol| (symbol.span.end_byte as usize) > node.start_byte());
        newest.map(|_| number(self.facts.symbols.len() - 1)).or_else(|| self.innermost())
    }

    fn comment(&mut self, node: Node<'_>) {
        let text = self.text(node);
        if !self.grammar.extract.is_doc(text) || !starts_its_line(self.source, node.start_byte()) {
            self.doc = None;
            return;
        }
        let (start_row, end) = (node.start_position().row, node.end_byte());
        // Some grammars end a line comment after its newline.
        let row =
            if text.ends_with('\n') { node.end_position().row.saturating_sub(1) } else { node.end_position().row };
        if start_row <= self.undecorated_row + 1 {
            self.undecorated_row = self.undecorated_row.max(row);
        }
        match &mut self.doc {
            Some(doc) if start_row <= doc.row + 1 => (doc.end, doc.row) = (end, row),
            _ => self.doc = Some(PendingDoc { start: node.start_byte(), end, row }),
        }
    }

    /// Its lines, but for the first where code stands before it.
    fn remark(&mut self, node: Node<'_>) {
        let rows = node.end_position().row - node.start_position().row;
        let own = rows + usize::from(starts_its_line(self.source, node.start_byte()));
        self.remark_lines = self.remark_lines.saturating_add(number(own));
    }

    fn finish(mut self) -> Facts {
        self.publish_exports();
        members::give(&mut self.facts.imports, &self.qualified);
        self.restate();
        self.grammar.extract.settle(self.source, &mut self.facts);
        let (halstead, references) = self.names.finish();
        let totals = self.functions.finish();
        let public = self.facts.symbols.iter().filter(|symbol| symbol.visibility == Visibility::Public);
        let (public, documented) =
            public.fold((0, 0), |(all, told), symbol| (all + 1, told + u32::from(symbol.doc.is_some())));
        self.facts.references = references;
        self.facts.metrics = FileMetrics { halstead, documented, public, remark_lines: self.remark_lines, ..totals };
        self.facts.parse.error_bytes = self.facts.parse.error_bytes.min(self.facts.parse.bytes);
        self.facts
    }
}
