//! Halstead metrics as radon's `HalsteadVisitor` and `halstead_visitor_report` compute them.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, BoolOp, CmpOp, Expr, ModModule, Operator, StmtFunctionDef, UnaryOp};
use ruff_python_parser::Parsed;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::number::Measure;
use super::operand::Operand;

/// `radon hal -j` of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Halstead {
    /// The whole file.
    pub total: HalsteadReport,
    /// Its functions and methods by name. Of several with one name the last one counts; functions in functions belong
    /// to the outer one.
    #[serde(serialize_with = "as_map")]
    pub functions: Vec<FunctionHalstead>,
}

/// A function's name and its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionHalstead {
    /// Name without its class.
    pub name: String,
    /// Its numbers.
    pub report: HalsteadReport,
}

fn as_map<S: Serializer>(functions: &[FunctionHalstead], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(functions.len()))?;
    for function in functions {
        map.serialize_entry(&function.name, &function.report)?;
    }
    map.end()
}

/// Halstead's numbers. Operators are those of arithmetic, comparison and logic alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HalsteadReport {
    /// Distinct operators.
    pub h1: usize,
    /// Distinct operands.
    pub h2: usize,
    /// Operators.
    #[serde(rename = "N1")]
    pub n1: usize,
    /// Operands.
    #[serde(rename = "N2")]
    pub n2: usize,
    /// `h1 + h2`.
    pub vocabulary: usize,
    /// `N1 + N2`.
    pub length: usize,
    /// `h1 log2 h1 + h2 log2 h2`.
    pub calculated_length: Measure,
    /// `V = length · log2 vocabulary`, in bits.
    pub volume: Measure,
    /// `D = h1 N2 / (2 h2)`.
    pub difficulty: Measure,
    /// `E = D · V`.
    pub effort: Measure,
    /// `E / 18`, in seconds.
    pub time: Measure,
    /// `V / 3000`.
    pub bugs: Measure,
}

impl HalsteadReport {
    fn of(h1: usize, h2: usize, n1: usize, n2: usize) -> Self {
        let log2 = |n: usize| (n as f64).ln() / std::f64::consts::LN_2;
        let (vocabulary, length) = (h1 + h2, n1 + n2);
        let calculated_length =
            if h1 > 0 && h2 > 0 { Measure::Of(h1 as f64 * log2(h1) + h2 as f64 * log2(h2)) } else { Measure::None };
        let volume = if vocabulary > 0 { Measure::Of(length as f64 * log2(vocabulary)) } else { Measure::None };
        let difficulty = if h2 > 0 { Measure::Of((h1 * n2) as f64 / (2 * h2) as f64) } else { Measure::None };
        let effort = match (difficulty, volume) {
            (Measure::None, Measure::None) => Measure::None,
            _ => Measure::Of(difficulty.value() * volume.value()),
        };
        Self {
            h1,
            h2,
            n1,
            n2,
            vocabulary,
            length,
            calculated_length,
            volume,
            difficulty,
            effort,
            time: Measure::Of(effort.value() / 18.0),
            bugs: Measure::Of(volume.value() / 3000.0),
        }
    }
}

/// Measures a parsed module.
pub(super) fn visit(text: &str, parsed: &Parsed<ModModule>) -> Halstead {
    let mut visitor = Visitor {
        text,
        context: None,
        depth: 0,
        tally: Tally::default(),
        functions: Vec::new(),
        places: FxHashMap::default(),
    };
    visitor.visit_body(&parsed.syntax().body);
    Halstead { total: visitor.tally.report(), functions: visitor.functions }
}

#[derive(Default)]
struct Tally<'a> {
    operators: usize,
    operands: usize,
    distinct_operators: u32,
    /// With the name of the function that they are in.
    distinct_operands: FxHashSet<(Option<&'a str>, Operand<'a>)>,
    /// Operands that equal no other.
    unlike_operands: usize,
}

impl Tally<'_> {
    fn report(&self) -> HalsteadReport {
        HalsteadReport::of(
            self.distinct_operators.count_ones() as usize,
            self.distinct_operands.len() + self.unlike_operands,
            self.operators,
            self.operands,
        )
    }
}

struct Visitor<'a> {
    text: &'a str,
    context: Option<&'a str>,
    /// How many functions are around.
    depth: usize,
    tally: Tally<'a>,
    functions: Vec<FunctionHalstead>,
    /// Where each name is in `functions`.
    places: FxHashMap<&'a str, usize>,
}

impl<'a> Visitor<'a> {
    fn count(&mut self, operator: u32, operands: &[&'a Expr]) {
        self.tally.operators += 1;
        self.tally.distinct_operators |= 1 << operator;
        for operand in operands {
            self.operand(operand);
        }
    }

    fn operand(&mut self, expression: &'a Expr) {
        self.tally.operands += 1;
        match Operand::of(expression, self.text) {
            Some(operand) => {
                self.tally.distinct_operands.insert((self.context, operand));
            }
            None => self.tally.unlike_operands += 1,
        }
    }

    /// Visits a function's body alone: its decorators, parameters and annotations do not count.
    fn function(&mut self, function: &'a StmtFunctionDef) {
        let outer_context = self.context.replace(function.name.as_str());
        let outer_tally = if self.depth == 0 { Some(std::mem::take(&mut self.tally)) } else { None };
        self.depth += 1;
        self.visit_body(&function.body);
        self.depth -= 1;
        self.context = outer_context;
        if let Some(outer) = outer_tally {
            let inner = std::mem::replace(&mut self.tally, outer);
            self.record(function.name.as_str(), inner.report());
            self.tally.operators += inner.operators;
            self.tally.operands += inner.operands;
            self.tally.distinct_operators |= inner.distinct_operators;
            self.tally.distinct_operands.extend(inner.distinct_operands);
            self.tally.unlike_operands += inner.unlike_operands;
        }
    }

    fn record(&mut self, name: &'a str, report: HalsteadReport) {
        let next = self.functions.len();
        let place = *self.places.entry(name).or_insert(next);
        match self.functions.get_mut(place) {
            Some(function) => function.report = report,
            None => self.functions.push(FunctionHalstead { name: name.to_owned(), report }),
        }
    }
}

impl<'a> SourceOrderVisitor<'a> for Visitor<'a> {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => {
                self.function(function);
                return TraversalSignal::Skip;
            }
            AnyNodeRef::ExprBinOp(node) => self.count(binary(node.op), &[&node.left, &node.right]),
            AnyNodeRef::StmtAugAssign(node) => self.count(binary(node.op), &[&node.target, &node.value]),
            AnyNodeRef::ExprUnaryOp(node) => self.count(unary(node.op), &[&node.operand]),
            AnyNodeRef::ExprBoolOp(node) => {
                self.count(logical(node.op), &[]);
                for value in &node.values {
                    self.operand(value);
                }
            }
            AnyNodeRef::ExprCompare(node) => {
                for operator in &node.ops {
                    self.count(comparison(*operator), &[]);
                }
                self.operand(&node.left);
                for comparator in &node.comparators {
                    self.operand(comparator);
                }
            }
            _ => {}
        }
        TraversalSignal::Traverse
    }
}

/// A bit for each operator; CPython has a class for each.
const fn binary(operator: Operator) -> u32 {
    match operator {
        Operator::Add => 0,
        Operator::Sub => 1,
        Operator::Mult => 2,
        Operator::MatMult => 3,
        Operator::Div => 4,
        Operator::Mod => 5,
        Operator::Pow => 6,
        Operator::LShift => 7,
        Operator::RShift => 8,
        Operator::BitOr => 9,
        Operator::BitXor => 10,
        Operator::BitAnd => 11,
        Operator::FloorDiv => 12,
    }
}

const fn unary(operator: UnaryOp) -> u32 {
    match operator {
        UnaryOp::Invert => 13,
        UnaryOp::Not => 14,
        UnaryOp::UAdd => 15,
        UnaryOp::USub => 16,
    }
}

const fn logical(operator: BoolOp) -> u32 {
    match operator {
        BoolOp::And => 17,
        BoolOp::Or => 18,
    }
}

const fn comparison(operator: CmpOp) -> u32 {
    match operator {
        CmpOp::Eq => 19,
        CmpOp::NotEq => 20,
        CmpOp::Lt => 21,
        CmpOp::LtE => 22,
        CmpOp::Gt => 23,
        CmpOp::GtE => 24,
        CmpOp::Is => 25,
        CmpOp::IsNot => 26,
        CmpOp::In => 27,
        CmpOp::NotIn => 28,
    }
}
