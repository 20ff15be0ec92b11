//! Parsing with ruff's parser, within CPython's limits and with CPython's words where a program can tell them apart.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Expr, ModModule, PythonVersion};
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, Mode, ParseErrorType, ParseOptions, Parsed, lexer, parse_unchecked,
};
use ruff_text_size::{Ranged, TextSize};

/// The deepest syntax tree that is built, in levels. CPython's own limit for code without brackets is about 3,000; radon
/// gives up at about 330.
pub const MAX_DEPTH: usize = 4_000;

/// CPython's `MAXLEVEL`: open brackets.
const MAX_BRACKETS: usize = 200;
/// CPython's `MAXINDENT` less the outermost level.
const MAX_INDENTS: usize = 99;

/// Parses `text` as a Python 3.11 module.
///
/// # Errors
/// The text that radon prints for a file that `ast.parse` refuses, as far as ruff's parser tells the cases apart.
pub(super) fn parse(text: &str) -> Result<Parsed<ModModule>, String> {
    if text.contains('\0') {
        return Err("source code string cannot contain null bytes".to_owned());
    }
    if text.starts_with('\u{feff}') {
        return Err(at_line("invalid non-printable character U+FEFF", 1));
    }
    check_depth(text)?;
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY311);
    let parsed = parse_unchecked(text, options).try_into_module().ok_or("not a module")?;
    let stars = if parsed.errors().is_empty() { Vec::new() } else { stars_left_to_the_compiler(text, &parsed) };
    let first_error = parsed.errors().iter().find(|error| {
        error.error != ParseErrorType::InvalidStarredExpressionUsage || !stars.contains(&error.location.start())
    });
    if let Some(error) = first_error {
        return Err(at_line(&words(&error.error), line_of(text, error.location.start())));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        return Err(at_line("invalid syntax", line_of(text, error.range().start())));
    }
    let too_long =
        parsed.tokens().iter().find(|token| token.kind() == TokenKind::Int && has_too_many_digits(text, token));
    match too_long {
        Some(token) => {
            Err(at_line("Exceeds the limit (4300 digits) for integer string conversion", line_of(text, token.start())))
        }
        None => Ok(parsed),
    }
}

/// CPython refuses to read decimal integers of more than 4,300 digits.
fn has_too_many_digits(text: &str, token: &Token) -> bool {
    const LIMIT: usize = 4_300;
    if token.range().len().to_usize() <= LIMIT {
        return false;
    }
    let literal = text.get(token.range().to_std_range()).unwrap_or_default();
    let is_decimal = literal.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    is_decimal && literal.bytes().filter(u8::is_ascii_digit).count() > LIMIT
}

/// Where the stars of `*a`, `x = *a`, `return *a` and `for x in *a` are: ruff's parser reports them, CPython leaves them
/// to its compiler, which radon does not run.
fn stars_left_to_the_compiler(text: &str, parsed: &Parsed<ModModule>) -> Vec<TextSize> {
    struct Stars<'a> {
        text: &'a str,
        found: Vec<TextSize>,
    }
    impl Stars<'_> {
        fn add(&mut self, expression: &Expr) {
            let before = self.text.get(..expression.start().to_usize()).unwrap_or_default();
            if expression.is_starred_expr() && !before.trim_end().ends_with('(') {
                self.found.push(expression.start());
            }
        }
    }
    impl<'a> SourceOrderVisitor<'a> for Stars<'_> {
        fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
            match node {
                AnyNodeRef::StmtExpr(node) => self.add(&node.value),
                AnyNodeRef::StmtAugAssign(node) => self.add(&node.value),
                AnyNodeRef::StmtAnnAssign(node) => node.value.iter().for_each(|value| self.add(value)),
                AnyNodeRef::StmtReturn(node) => node.value.iter().for_each(|value| self.add(value)),
                AnyNodeRef::ExprYield(node) => node.value.iter().for_each(|value| self.add(value)),
                AnyNodeRef::StmtAssign(node) => {
                    self.add(&node.value);
                    node.targets.iter().for_each(|target| self.add(target));
                }
                AnyNodeRef::StmtFor(node) => {
                    self.add(&node.target);
                    self.add(&node.iter);
                }
                _ => {}
            }
            TraversalSignal::Traverse
        }
    }
    let mut stars = Stars { text, found: Vec::new() };
    stars.visit_body(&parsed.syntax().body);
    stars.found
}

/// Refuses text whose syntax tree could be too deep, by its tokens alone: neither the parser nor what walks or frees
/// the tree then needs more stack than the worker has.
fn check_depth(text: &str) -> Result<(), String> {
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut depth = Depth::default();
    loop {
        let kind = lexer.next_token();
        if kind == TokenKind::EndOfFile {
            return Ok(());
        }
        depth.add(kind).map_err(str::to_owned)?;
    }
}

/// An upper bound of the tree's depth at the current token: every token that can open a level counts one until
/// something ends the expression that it is in.
#[derive(Default)]
struct Depth {
    /// Per open bracket: levels opened in it since its last comma, and lambdas, which commas do not end.
    open: Vec<Level>,
    here: Level,
    total: usize,
    brackets: usize,
    indents: usize,
}

#[derive(Default, Clone, Copy)]
struct Level {
    operators: usize,
    lambdas: usize,
}

impl Depth {
    fn add(&mut self, kind: TokenKind) -> Result<(), &'static str> {
        match kind {
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                self.brackets += 1;
                if self.brackets > MAX_BRACKETS {
                    return Err("too many nested parentheses");
                }
                self.open.push(std::mem::take(&mut self.here));
                self.total += 1;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                self.brackets = self.brackets.saturating_sub(1);
                self.total -= self.here.operators + self.here.lambdas;
                if let Some(outer) = self.open.pop() {
                    self.here = outer;
                    self.here.operators += 1; // what the bracket closes can be called or indexed in turn
                } else {
                    self.here = Level::default();
                }
            }
            TokenKind::Comma => {
                self.total -= self.here.operators;
                self.here.operators = 0;
            }
            TokenKind::Newline | TokenKind::Semi if self.brackets == 0 => {
                self.total = 0;
                self.here = Level::default();
            }
            TokenKind::Lambda => {
                self.here.lambdas += 1;
                self.total += 1;
            }
            TokenKind::Indent => {
                self.indents += 1;
                if self.indents > MAX_INDENTS {
                    return Err("too many levels of indentation");
                }
            }
            TokenKind::Dedent => self.indents = self.indents.saturating_sub(1),
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Newline
            | TokenKind::Semi
            | TokenKind::None
            | TokenKind::True
            | TokenKind::False
            | TokenKind::Ellipsis => {}
            _ => {
                self.here.operators += 1;
                self.total += 1;
            }
        }
        if self.total > MAX_DEPTH { Err("expression nested too deeply") } else { Ok(()) }
    }
}

fn at_line(message: &str, line: usize) -> String {
    format!("{message} (<unknown>, line {line})")
}

/// The 1-based line of a byte offset.
pub(super) fn line_of(text: &str, offset: TextSize) -> usize {
    let before = text.as_bytes().get(..offset.to_usize()).unwrap_or(text.as_bytes());
    1 + memchr::memchr_iter(b'\n', before).count()
}

/// CPython's words for the errors that both tell apart; "invalid syntax" for the rest.
fn words(error: &ParseErrorType) -> String {
    match error {
        ParseErrorType::Lexical(LexicalErrorType::IndentationError) => {
            "unindent does not match any outer indentation level"
        }
        ParseErrorType::Lexical(LexicalErrorType::LineContinuationError) => {
            "unexpected character after line continuation character"
        }
        ParseErrorType::Lexical(LexicalErrorType::InvalidByteLiteral) => {
            "bytes can only contain ASCII literal characters"
        }
        ParseErrorType::FStringError(InterpolatedStringErrorType::SingleRbrace)
        | ParseErrorType::Lexical(LexicalErrorType::FStringError(InterpolatedStringErrorType::SingleRbrace)) => {
            "f-string: single '}' is not allowed"
        }
        ParseErrorType::UnexpectedIndentation => "unexpected indent",
        ParseErrorType::UnparenthesizedGeneratorExpression => "Generator expression must be parenthesized",
        ParseErrorType::PositionalAfterKeywordArgument => "positional argument follows keyword argument",
        ParseErrorType::PositionalAfterKeywordUnpacking => "positional argument follows keyword argument unpacking",
        ParseErrorType::InvalidArgumentUnpackingOrder => {
            "iterable argument unpacking follows keyword argument unpacking"
        }
        ParseErrorType::IterableUnpackingInComprehension => "iterable unpacking cannot be used in comprehension",
        ParseErrorType::ExpectedKeywordParam => "named arguments must follow bare *",
        _ => "invalid syntax",
    }
    .to_owned()
}
