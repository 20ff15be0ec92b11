//! Control flow as the walk meets it: what decides, what nests, what joins conditions.

use super::{Undo, Walk};
use crate::extract::names_a_label;
use crate::roles::{Field, Roles};
use tree_sitter::Node;

impl Walk<'_> {
    /// What is compiled under a condition, and where the condition ends.
    pub(super) fn condition(&mut self, node: Node<'_>) {
        if let Some(condition) = self.grammar.child(node, Field::Condition) {
            self.condition_end = condition.end_byte();
        }
        if !self.functions.inside() {
            self.grammar.extract.conditions(&self.context(), node, &mut self.facts.conditions);
        }
    }

    /// Control flow: the counts of the function around the node.
    pub(super) fn control(&mut self, node: Node<'_>, kind: u16, roles: Roles) {
        if roles.has(Roles::DECISION) || (roles.has(Roles::ARM) && !self.is_default_arm(node)) {
            self.functions.decide();
        }
        if roles.has(Roles::ELSE) {
            self.functions.add(1);
        }
        if roles.has(Roles::JUMP) && names_a_label(node) {
            self.functions.add(1);
        }
        let chained = roles.has(Roles::CHAIN) && std::mem::take(&mut self.after_else);
        if roles.has(Roles::NEST) && !chained {
            self.functions.nest();
            self.push(Undo::Nesting);
        } else if roles.has(Roles::CLOSURE) && !self.is_body_of_symbol() {
            self.functions.sink();
            self.push(Undo::Nesting);
        }
        if roles.has(Roles::BINARY.or(Roles::LOGICAL)) && node.start_byte() < self.condition_end {
            // The preprocessor's operators are no paths of the program.
        } else if roles.has(Roles::BINARY) {
            self.logical(node);
        } else if roles.has(Roles::LOGICAL) && !node.is_named() {
            // Where an `&&` is no part of a binary expression it is not a decision (Rust's `&&x`, C++'s `T&&`).
            let parent = self.path.len().checked_sub(2).and_then(|at| self.path.get(at)).copied().unwrap_or(kind);
            if self.grammar.roles(parent).has(Roles::BINARY) {
                self.functions.decide();
            }
        }
    }

    /// Whether the closure is what its symbol is named after (`const f = () => …`): then it is no closure in it.
    fn is_body_of_symbol(&self) -> bool {
        let parent = self.path.len().saturating_sub(1);
        self.frames.last().is_some_and(|frame| frame.depth == parent && matches!(frame.undo, Undo::Function(_)))
    }

    /// A sequence of like logical operators counts once for cognitive complexity.
    fn logical(&mut self, node: Node<'_>) {
        let Some(operator) = self.grammar.child(node, Field::Operator).or_else(|| node.child(1)) else { return };
        let operator = operator.kind_id();
        if !self.grammar.roles(operator).has(Roles::LOGICAL) {
            return;
        }
        let continues = self.frames.last().is_some_and(|frame| {
            matches!(frame.undo, Undo::Logical(outer) if outer == operator)
                && self
                    .path
                    .get(frame.depth..self.path.len().saturating_sub(1))
                    .is_some_and(|between| between.iter().all(|kind| self.grammar.roles(*kind).has(Roles::PARENTHESES)))
        });
        if !continues {
            self.functions.add(1);
        }
        self.push(Undo::Logical(operator));
    }

    fn is_default_arm(&self, node: Node<'_>) -> bool {
        self.grammar.extract.is_default(&self.context(), node)
    }
}
