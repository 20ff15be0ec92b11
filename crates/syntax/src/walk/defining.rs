//! Definitions as the walk meets them, and what the file says of them elsewhere.

use super::{Restated, Undo, Walk};
use crate::extract::NewSymbol;
use crate::roles::Roles;
use crate::text::{LONG, clip, first_doc_line, line, number};
use codexa_model::facts::{FunctionMetrics, Span, Symbol, SymbolIndex, Text, Visibility};
use rustc_hash::FxHashMap;
use tree_sitter::Node;

impl Walk<'_> {
    /// A label holds for what follows it in the scope, a call for its arguments or for what it names.
    pub(super) fn access(&mut self, node: Node<'_>, roles: Roles) {
        let cx = self.context();
        let access = cx.grammar.extract.access(&cx, node);
        if !roles.has(Roles::CALL) {
            if let (Some(access), Some((_, current))) = (access, self.scopes.last_mut()) {
                *current = Some(access);
            }
        } else if let Some(visibility) = access {
            let mut names = Vec::new();
            cx.grammar.extract.restates(&cx, node, &mut names);
            let (scope, above) = (self.innermost(), number(self.facts.symbols.len()));
            self.restated.extend(names.into_iter().map(|name| Restated { scope, above, name, visibility }));
            let before = self.lent.replace(visibility);
            self.push(Undo::Lent(before));
        }
    }

    /// Each statement about a name is about the last symbol of that name above it.
    pub(super) fn restate(&mut self) {
        if self.restated.is_empty() {
            return;
        }
        let mut known: FxHashMap<(Option<SymbolIndex>, Box<str>), Vec<SymbolIndex>> = FxHashMap::default();
        for (index, symbol) in (0..).zip(&self.facts.symbols) {
            known.entry((symbol.parent, symbol.name.clone())).or_default().push(index);
        }
        for Restated { scope, above, name, visibility } in std::mem::take(&mut self.restated) {
            let Some(indexes) = known.get(&(scope, name)) else { continue };
            let last = indexes.partition_point(|index| *index < above).checked_sub(1);
            let last = last.and_then(|at| indexes.get(at)).and_then(|at| self.facts.symbols.get_mut(*at as usize));
            if let Some(symbol) = last {
                symbol.visibility = visibility;
            }
        }
    }

    pub(super) fn symbols(&mut self, node: Node<'_>) {
        let cx = self.context();
        let mut found = Vec::new();
        cx.grammar.extract.symbol(&cx, node, &mut found);
        if found.is_empty() {
            return;
        }
        let text = cx.grammar.extract.text(&cx, node).filter(|_| found.len() == 1);
        let row = node.start_position().row;
        let above = self.doc.take().filter(|doc| doc.end <= node.start_byte() && row <= doc.row + 1);
        let above = above.and_then(|doc| self.source.get(doc.start..doc.end));
        let above = above.and_then(|text| first_doc_line(&String::from_utf8_lossy(text)));
        // What lies above and was not passed is no name to the grammar (an operator, a string).
        self.defining.retain(|start| *start >= node.start_byte());
        let parent = self.innermost();
        let first = number(self.facts.symbols.len());
        for symbol in found {
            match symbol.part {
                Some(_) if number(self.facts.symbols.len()) == first => {}
                Some(part) => self.add_symbol(part, symbol, Some(first), None),
                None => self.add_symbol(node, symbol, parent, above.clone()),
            }
        }
        if let Some(value) = text.filter(|_| number(self.facts.symbols.len()) > first) {
            self.facts.texts.push(Text { symbol: first, value: clip(value, LONG).into() });
        }
    }

    fn add_symbol(&mut self, node: Node<'_>, new: NewSymbol<'_>, parent: Option<SymbolIndex>, above: Option<Box<str>>) {
        let index = number(self.facts.symbols.len());
        let name: Box<str> = match &new.name {
            Some(name) => clip(name, LONG).into(),
            None => clip(self.text(new.name_node), LONG).into(),
        };
        if name.is_empty() {
            return;
        }
        let adjacent = node.start_position().row <= self.undecorated_row + 1;
        for at in self.undecorated.drain(..) {
            if let Some(annotation) = self.facts.annotations.get_mut(at).filter(|_| adjacent) {
                annotation.symbol = Some(index);
            }
        }
        self.defining.push(new.name_node.start_byte());
        if let Some(parameters) = new.parameters {
            self.functions.enter(&name);
            self.push(Undo::Function(index));
            self.scopes.push((index, None));
            self.facts.symbols.push(self.symbol(node, name, &new, parent, above, Some(parameters)));
        } else {
            if new.scope {
                self.push(Undo::Symbol);
                self.scopes.push((index, None));
            }
            self.facts.symbols.push(self.symbol(node, name, &new, parent, above, None));
        }
    }

    fn symbol(
        &self,
        node: Node<'_>,
        name: Box<str>,
        new: &NewSymbol<'_>,
        parent: Option<SymbolIndex>,
        above: Option<Box<str>>,
        parameters: Option<u32>,
    ) -> Symbol {
        let end = node.end_position();
        let end_row = if end.column == 0 && end.row > node.start_position().row { end.row - 1 } else { end.row };
        Symbol {
            name,
            kind: new.kind,
            parent,
            span: Span {
                start_line: line(node),
                end_line: number(end_row).saturating_add(1),
                start_byte: number(node.start_byte()),
                end_byte: number(node.end_byte()),
            },
            visibility: new.visibility,
            doc: new.doc.clone().or(above),
            metrics: parameters.map(|parameters| FunctionMetrics { parameters, ..FunctionMetrics::default() }),
        }
    }

    pub(super) fn publish_exports(&mut self) {
        self.exports.sort_unstable();
        for symbol in self.facts.symbols.iter_mut().filter(|symbol| symbol.parent.is_none()) {
            if self.exports.binary_search(&symbol.name).is_ok() {
                symbol.visibility = Visibility::Public;
            }
        }
    }
}
