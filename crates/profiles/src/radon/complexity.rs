//! Cyclomatic complexity as radon's `ComplexityVisitor` counts it.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Decorator, ModModule, Pattern, Stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::{Ranged, TextSize};
use serde::Serialize;

/// radon's letter for a complexity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Rank {
    /// 1 to 5.
    A,
    /// 6 to 10.
    B,
    /// 11 to 20.
    C,
    /// 21 to 30.
    D,
    /// 31 to 40.
    E,
    /// 41 and above.
    F,
}

impl Rank {
    const fn of(complexity: i64) -> Self {
        match complexity {
            ..=5 => Self::A,
            6..=10 => Self::B,
            11..=20 => Self::C,
            21..=30 => Self::D,
            31..=40 => Self::E,
            _ => Self::F,
        }
    }
}

/// A function, method or class of the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Block {
    /// A function, or a method (which is also listed in its class).
    Function(Function),
    /// A class.
    Class(Class),
}

impl Block {
    /// The number that the block is ranked by.
    pub const fn complexity(&self) -> i64 {
        match self {
            Self::Function(function) => function.complexity,
            Self::Class(class) => class.complexity,
        }
    }
}

/// A function or method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Function {
    /// `function`, or `method` for one that stands in a class.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Letter of `complexity`.
    pub rank: Rank,
    /// Name without its class.
    pub name: String,
    /// 1-based line of `def`.
    pub lineno: usize,
    /// 0-based column of `def` (or `async`) in UTF-8 bytes.
    pub col_offset: usize,
    /// Last line that radon saw code begin on.
    pub endline: usize,
    /// Decisions plus 1, without those of closures.
    pub complexity: i64,
    /// The class of a method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classname: Option<String>,
    /// Functions defined in this one.
    pub closures: Vec<Function>,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Always `class`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Letter of `complexity`.
    pub rank: Rank,
    /// Name.
    pub name: String,
    /// 1-based line of `class`.
    pub lineno: usize,
    /// 0-based column of `class` in UTF-8 bytes.
    pub col_offset: usize,
    /// Last line that radon saw code begin on.
    pub endline: usize,
    /// The mean over its methods, plus 1 when there are several.
    pub complexity: i64,
    /// Decisions of its body and methods plus 1; not printed.
    #[serde(skip)]
    real_complexity: i64,
    /// Its methods, in the order of the source.
    pub methods: Vec<Function>,
}

/// A module's blocks and the decisions outside of them.
pub(super) struct Complexity {
    module: i64,
    functions: Vec<Function>,
    classes: Vec<Class>,
}

impl Complexity {
    /// The whole module's complexity, as the maintainability index takes it.
    pub(super) fn total(&self) -> i64 {
        let functions: i64 = self.functions.iter().map(|function| function.complexity - 1).sum();
        let classes: i64 = self.classes.iter().map(|class| class.real_complexity - 1).sum();
        self.module + functions + classes
    }

    /// Functions, then each class with its methods; stably sorted by falling complexity.
    pub(super) fn into_sorted_blocks(self) -> Vec<Block> {
        let mut blocks: Vec<Block> = self.functions.into_iter().map(Block::Function).collect();
        for class in self.classes {
            let methods = class.methods.clone();
            blocks.push(Block::Class(class));
            blocks.extend(methods.into_iter().map(Block::Function));
        }
        blocks.sort_by_key(|block| -block.complexity());
        blocks
    }
}

/// Measures a parsed module.
pub(super) fn visit(text: &str, parsed: &Parsed<ModModule>) -> Complexity {
    let source = Source { parsed, line_starts: line_starts(text) };
    let mut visitor = Visitor::new(&source, None);
    visitor.visit_body(&parsed.syntax().body);
    Complexity { module: 1 + visitor.complexity, functions: visitor.functions, classes: visitor.classes }
}

/// Where things are in the source.
struct Source<'a> {
    parsed: &'a Parsed<ModModule>,
    line_starts: Vec<usize>,
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect()
}

impl Source<'_> {
    fn line(&self, offset: TextSize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset.to_usize())
    }

    /// Line and column of a definition's keyword, which stands behind its decorators.
    fn place(&self, start: TextSize, decorators: &[Decorator]) -> (usize, usize) {
        let keyword = decorators.last().and_then(|last| {
            let behind = self.parsed.tokens().after(last.end());
            behind.iter().find(|token| matches!(token.kind(), TokenKind::Def | TokenKind::Async | TokenKind::Class))
        });
        let offset = keyword.map_or(start, |token| token.start());
        let line = self.line(offset);
        let line_start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        (line, offset.to_usize() - line_start)
    }
}

/// Counts below one node. Definitions start visitors of their own, one for each statement of their body.
struct Visitor<'a> {
    source: &'a Source<'a>,
    /// The class whose body this is.
    class: Option<&'a str>,
    complexity: i64,
    functions: Vec<Function>,
    classes: Vec<Class>,
    /// Where the last node begins that is outside of definitions and assertions.
    last_start: Option<TextSize>,
}

impl<'a> Visitor<'a> {
    fn new(source: &'a Source<'a>, class: Option<&'a str>) -> Self {
        Self { source, class, complexity: 0, functions: Vec::new(), classes: Vec::new(), last_start: None }
    }

    fn over(source: &'a Source<'a>, class: Option<&'a str>, statement: &'a Stmt) -> Self {
        let mut visitor = Self::new(source, class);
        visitor.visit_stmt(statement);
        visitor
    }

    fn last_line(&self) -> usize {
        self.last_start.map_or(0, |start| self.source.line(start))
    }

    fn function(&mut self, function: &'a ruff_python_ast::StmtFunctionDef) {
        let (lineno, col_offset) = self.source.place(function.start(), &function.decorator_list);
        let mut complexity = 1;
        let mut closures = Vec::new();
        let mut endline = lineno;
        for statement in &function.body {
            let visitor = Visitor::over(self.source, None, statement);
            complexity += visitor.complexity;
            // Only the last statement decides: radon looks at the visitor that its loop leaves behind.
            endline = lineno.max(visitor.last_line());
            closures.extend(visitor.functions);
        }
        self.functions.push(Function {
            kind: if self.class.is_some() { "method" } else { "function" },
            rank: Rank::of(complexity),
            name: function.name.to_string(),
            lineno,
            col_offset,
            endline,
            complexity,
            classname: self.class.map(str::to_owned),
            closures,
        });
    }

    fn class(&mut self, class: &'a ruff_python_ast::StmtClassDef) {
        let (lineno, col_offset) = self.source.place(class.start(), &class.decorator_list);
        let mut real = 1;
        let mut methods: Vec<Function> = Vec::new();
        let mut endline = lineno;
        for statement in &class.body {
            let visitor = Visitor::over(self.source, Some(class.name.as_str()), statement);
            real += visitor.complexity + visitor.functions.iter().map(|method| method.complexity).sum::<i64>();
            endline = endline.max(visitor.last_line());
            methods.extend(visitor.functions);
        }
        endline = methods.iter().map(|method| method.endline).fold(endline, usize::max);
        let complexity = match i64::try_from(methods.len()) {
            Ok(count) if count > 0 => real / count + i64::from(count > 1),
            _ => real,
        };
        self.classes.push(Class {
            kind: "class",
            rank: Rank::of(complexity),
            name: class.name.to_string(),
            lineno,
            col_offset,
            endline,
            complexity,
            real_complexity: real,
            methods,
        });
    }
}

impl<'a> SourceOrderVisitor<'a> for Visitor<'a> {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => {
                self.function(function);
                return TraversalSignal::Skip;
            }
            AnyNodeRef::StmtClassDef(class) => {
                self.class(class);
                return TraversalSignal::Skip;
            }
            AnyNodeRef::StmtAssert(_) => {
                self.complexity += 1;
                return TraversalSignal::Skip;
            }
            _ => {}
        }
        self.complexity += decisions(node);
        if has_line(node) {
            self.last_start = self.last_start.max(Some(node.start()));
        }
        TraversalSignal::Traverse
    }
}

/// What a node adds by itself.
fn decisions(node: AnyNodeRef<'_>) -> i64 {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match node {
        AnyNodeRef::StmtTry(node) if !node.is_star => count(node.handlers.len()) + i64::from(!node.orelse.is_empty()),
        AnyNodeRef::ExprBoolOp(node) => count(node.values.len()) - 1,
        AnyNodeRef::StmtIf(_) | AnyNodeRef::ExprIf(_) => 1,
        AnyNodeRef::ElifElseClause(clause) => i64::from(clause.test.is_some()),
        AnyNodeRef::StmtMatch(node) => {
            let bare = |pattern: &Pattern| matches!(pattern, Pattern::MatchAs(name) if name.pattern.is_none());
            let has_default = node.cases.iter().any(|case| bare(&case.pattern));
            count(node.cases.len()) - i64::from(has_default)
        }
        AnyNodeRef::StmtFor(node) => 1 + i64::from(!node.orelse.is_empty()),
        AnyNodeRef::StmtWhile(node) => 1 + i64::from(!node.orelse.is_empty()),
        AnyNodeRef::Comprehension(node) => 1 + count(node.ifs.len()),
        _ => 0,
    }
}

/// Whether CPython's node for this one has a line number.
fn has_line(node: AnyNodeRef<'_>) -> bool {
    node.is_statement()
        || node.is_expression()
        || node.is_pattern()
        || match node {
            AnyNodeRef::ElifElseClause(clause) => clause.test.is_some(),
            AnyNodeRef::ExceptHandlerExceptHandler(_)
            | AnyNodeRef::Parameter(_)
            | AnyNodeRef::Keyword(_)
            | AnyNodeRef::Alias(_) => true,
            _ => false,
        }
}
