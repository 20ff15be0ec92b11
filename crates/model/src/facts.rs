//! What one source file says of itself: the output of `codexa-syntax`, the input of everything after it.
//!
//! Facts know no repository: imports are kept as written, references are names. Lines are 1-based,
//! bytes are 0-based, ends are exclusive for bytes and inclusive for lines.

use crate::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Index of a symbol in [`Facts::symbols`].
pub type SymbolIndex = u32;

/// Everything that was read from one file of a parsed language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The language it was parsed as.
    pub language: Language,
    /// The package, namespace or module that the file declares (`package a.b;`, `namespace A\B;`, `package main`).
    pub module: Option<Box<str>>,
    /// Definitions, in source order; a parent stands before its children.
    pub symbols: Vec<Symbol>,
    /// Imports, includes, requires and module declarations, in source order.
    pub imports: Vec<Import>,
    /// Calls and watched accesses, in source order.
    pub calls: Vec<Call>,
    /// Calls that may put routes below a path, in the order of the calls.
    pub registrations: Vec<Registration>,
    /// Stretches that are compiled only under a condition (C's `#if`), in source order; those inside functions are left out.
    pub conditions: Vec<Condition>,
    /// Identifiers used in the file (not at their definition), sorted by name, one entry per name.
    pub references: Vec<Reference>,
    /// Decorators, attributes and annotations, in source order.
    pub annotations: Vec<Annotation>,
    /// What constants, and variables of files and classes, hold where that is a plain string; in the order of the symbols.
    /// For the languages in which frameworks look at them.
    pub texts: Vec<Text>,
    /// Measures of the whole file.
    pub metrics: FileMetrics,
    /// How well the parser understood the file.
    pub parse: ParseQuality,
}

impl Facts {
    /// What a constant of the file holds, where that is a plain string.
    #[must_use]
    pub fn constant(&self, name: &str) -> Option<&str> {
        let is_named = |text: &&Text| {
            let symbol = self.symbols.get(text.symbol as usize);
            symbol.is_some_and(|symbol| symbol.kind == SymbolKind::Constant && &*symbol.name == name)
        };
        self.texts.iter().find(is_named).map(|text| &*text.value)
    }
}

/// A name with the plain string that it is given where it is defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Index in [`Facts::symbols`].
    pub symbol: SymbolIndex,
    /// The first line of the string, without quotes, at most 200 bytes.
    pub value: Box<str>,
}

/// A definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Symbol {
    /// The name as written, without its scope.
    pub name: Box<str>,
    /// What it is.
    pub kind: SymbolKind,
    /// The symbol that encloses it.
    pub parent: Option<SymbolIndex>,
    /// Where it stands.
    pub span: Span,
    /// Who may use it, by the language's own rule.
    pub visibility: Visibility,
    /// First line of its documentation, at most 200 bytes.
    pub doc: Option<Box<str>>,
    /// Complexity, for functions and methods only.
    pub metrics: Option<FunctionMetrics>,
}

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SymbolKind {
    /// A module, package or namespace written in the file.
    Module,
    /// A class or record.
    Class,
    /// A struct.
    Struct,
    /// A C union.
    Union,
    /// An enumeration.
    Enum,
    /// An interface or protocol.
    Interface,
    /// A trait or mixin.
    Trait,
    /// A type alias or typedef.
    TypeAlias,
    /// A block that adds to a type named elsewhere (Rust's `impl`); encloses methods, defines nothing itself.
    Implementation,
    /// A free function.
    Function,
    /// A function that belongs to a type.
    Method,
    /// A constant.
    Constant,
    /// A variable at file or class level.
    Variable,
    /// A macro definition.
    Macro,
}

/// Who may use a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Anyone.
    Public,
    /// The package, the crate, subclasses.
    Restricted,
    /// The file or the type alone.
    Private,
}

/// A place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// First byte, from 0.
    pub start_byte: u32,
    /// End byte, exclusive.
    pub end_byte: u32,
}

/// Complexity of one function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionMetrics {
    /// McCabe (1976): 1 + decisions (if, loop, case, catch, conditional expression, `&&`/`||`).
    pub cyclomatic: u32,
    /// Cognitive complexity after G. Ann Campbell (SonarSource, 2017/2023).
    pub cognitive: u32,
    /// Deepest nesting of control structures, 0 for straight-line code.
    pub nesting: u32,
    /// Declared parameters, receiver excluded.
    pub parameters: u32,
}

/// Counts after Halstead (1977), for a whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halstead {
    /// η1, distinct operators.
    pub distinct_operators: u32,
    /// η2, distinct operands.
    pub distinct_operands: u32,
    /// N1, operators in all.
    pub operators: u32,
    /// N2, operands in all.
    pub operands: u32,
}

/// Measures of a whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileMetrics {
    /// Sum of the functions' cyclomatic complexity.
    pub cyclomatic: u32,
    /// Sum of the functions' cognitive complexity.
    pub cognitive: u32,
    /// Deepest nesting of any function.
    pub nesting: u32,
    /// Halstead's counts.
    pub halstead: Halstead,
    /// Public symbols that carry documentation.
    pub documented: u32,
    /// Public symbols.
    pub public: u32,
    /// Lines of texts that are statements (Python's docstrings): they count as code, and do nothing.
    pub remark_lines: u32,
}

/// An import, as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The form it was written in.
    pub kind: ImportKind,
    /// What is imported, as written, without quotes:
    /// Python `a.b`, `.`, `..x` · Rust `crate::a::b` (one import per leaf of a use tree) · JS/TS `./x`, `@s/p` ·
    /// Go `example.com/m/p` · Java `a.b.C` or `a.b` with `wildcard` · C/C++ `dir/x.h` · C# `A.B` · Ruby `./x` · PHP `A\B`, `x.php` · Bash `lib.sh`.
    pub target: Box<str>,
    /// Names taken out of the target, where the form has them (`from a import b as c`, `import {b as c}`).
    pub names: Vec<ImportedName>,
    /// Whether everything is taken (`*`, `::*`).
    pub wildcard: bool,
    /// Names that the file uses of what the import binds (`Get` of `http.Get`), sorted. Go's alone: elsewhere forms and
    /// types say what is used.
    pub members: Vec<Box<str>>,
    /// The name the target itself is bound to, where it is renamed (`import numpy as np`, Go's `x "path"`).
    pub alias: Option<Box<str>>,
    /// Line of the import.
    pub line: u32,
    /// The symbol it stands in (an import inside a function or an inline module).
    pub within: Option<SymbolIndex>,
    /// Whether it is there for types only and gone when the program runs: TypeScript's `import type`, Python's under
    /// `if TYPE_CHECKING:`.
    pub for_types: bool,
}

/// The lines on which every import is there for types only.
#[must_use]
pub fn typed_lines(imports: &[Import]) -> BTreeSet<u32> {
    let on_lines = |for_types| imports.iter().filter(move |import| import.for_types == for_types).map(|it| it.line);
    let mut lines: BTreeSet<u32> = on_lines(true).collect();
    if !lines.is_empty() {
        on_lines(false).for_each(|line| {
            lines.remove(&line);
        });
    }
    lines
}

/// The form of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// The language's ordinary import of a module, package or type (`import a.b`, `use a::b`, `using A.B`).
    Module,
    /// Names out of a module (`from a import b`, `import {b} from "a"`).
    From,
    /// Java's `import static`, C#'s `using static`.
    Static,
    /// `export … from`, `pub use`.
    ReExport,
    /// `#include "x"`, searched beside the file first.
    IncludeLocal,
    /// `#include <x>`.
    IncludeSystem,
    /// `require`, `require_relative`, `include`, `source`; relative forms have a target that begins with `./` or `../`.
    Require,
    /// Rust's `mod x;` (target is the name, or the value of `#[path]` with a `/` or `.rs` in it).
    ModDeclaration,
    /// A qualified path used without an import (`crate::a::f()`, `super::x`).
    Path,
    /// `import("x")`, `importlib.import_module("x")`; the target is empty where it is not a literal.
    Dynamic,
}

/// A name taken out of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedName {
    /// The name in the imported module.
    pub name: Box<str>,
    /// The name it is bound to here, where it differs.
    pub alias: Option<Box<str>>,
}

/// A call, or an access that is watched because it reaches outside (`os.environ`, `process.env`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// How it is used.
    pub kind: CallKind,
    /// The last name of the callee: `get` in `self.client.get(…)`.
    pub name: Box<str>,
    /// What stands before the name, as written, at most 80 bytes (`self.client`, `std::fs`, `app`).
    pub receiver: Option<Box<str>>,
    /// The first argument where it is a plain string literal, without quotes, at most 200 bytes.
    pub literal: Option<Box<str>>,
    /// Line of the callee's last name.
    pub line: u32,
    /// The symbol it stands in.
    pub within: Option<SymbolIndex>,
}

/// A call that may put routes below a path: those that it is given (`app.include_router(users.router, prefix="/users")`),
/// those that stand in its arguments (`r.Route("/users", func…)`), or those registered later on what it gives back
/// (`bp = Blueprint("auth", __name__, url_prefix="/auth")`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Index of the call in [`Facts::calls`].
    pub call: u32,
    /// The name that its value is given, or the value of a chain of calls that starts with it.
    pub name: Option<Box<str>>,
    /// The call's arguments as written, at most 200 bytes.
    pub arguments: Box<str>,
    /// Last line of the call.
    pub end_line: u32,
}

/// A stretch of the file that is compiled only where a name is defined, or is not 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The name: `X` of `#ifdef X`, `#if defined(X)` and `#if X && …`; `0` of `#if 0`.
    pub name: Box<str>,
    /// First byte, from 0.
    pub start_byte: u32,
    /// End byte, exclusive.
    pub end_byte: u32,
}

/// How a callee is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// An ordinary call.
    Call,
    /// `new X(…)`.
    Construct,
    /// A macro invocation.
    Macro,
    /// A member or subscript that is read, not called.
    Access,
}

/// How often a name is used in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The identifier.
    pub name: Box<str>,
    /// Number of uses.
    pub count: u32,
    /// Line of the first use.
    pub line: u32,
}

/// A decorator, attribute or annotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// The name as written, without `@`, `#[ ]` or arguments: `app.route`, `GetMapping`, `tokio::main`.
    pub name: Box<str>,
    /// Its first argument where it is a plain string literal, without quotes, at most 200 bytes.
    pub literal: Option<Box<str>>,
    /// Its arguments as written, at most 200 bytes (`"/x", methods=["POST"]`).
    pub arguments: Option<Box<str>>,
    /// The symbol it stands on.
    pub symbol: Option<SymbolIndex>,
    /// Line of the annotation.
    pub line: u32,
}

/// How well the parser understood the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParseQuality {
    /// Bytes of the file.
    pub bytes: u32,
    /// Bytes under ERROR nodes, or not reached because the file was cut.
    pub error_bytes: u32,
    /// Why the walk ended early, if it did.
    pub cut: Option<Cut>,
}

impl ParseQuality {
    /// Share of the bytes that were understood, 0 to 1; 1 for an empty file.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        if self.bytes == 0 {
            return 1.0;
        }
        1.0 - f64::from(self.error_bytes.min(self.bytes)) / f64::from(self.bytes)
    }
}

/// Why a file was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Nested deeper than the limit; what lies below was not looked at.
    TooDeep,
    /// More bytes than the limit.
    TooLarge,
    /// More syntax nodes than the limit.
    TooManyNodes,
    /// The parser gave up or did not answer in time.
    TimedOut,
    /// The parser's process died.
    Crashed,
}
