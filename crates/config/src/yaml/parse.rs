//! From parser events to a located tree, without recursion.

use super::{Budget, Data, Entry, Node, Span, YamlError, scalar};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span as Marked, Tag};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Reads one YAML document; an empty text is an empty mapping.
///
/// # Errors
/// The first thing that is not YAML, not allowed here (see the module), or over the budget.
pub fn parse(text: &str, budget: Budget) -> Result<Node, YamlError> {
    if text.len() > budget.bytes {
        return Err(YamlError {
            message: format!("the file is larger than {} bytes", budget.bytes),
            span: Span::START,
        });
    }
    let mut options = granit_parser::options! {
        flow_nesting_limit: budget.depth,
        block_nesting_limit: budget.depth,
    };
    options.set_emit_comments(false);
    let mut builder =
        Builder { text, budget, nodes: 0, bytes: 0, stack: Vec::new(), anchors: BTreeMap::new(), root: None };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, at) = event.map_err(|error| builder.scan_error(&error))?;
        builder.take(event, at)?;
    }
    Ok(builder.root.unwrap_or(Node { data: Data::Map(Vec::new()), span: Span::START }))
}

/// A list or mapping that is still open.
struct Open {
    span: Span,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<Entry>,
    names: BTreeSet<String>,
    /// What merge keys bring, below the mapping's own keys.
    merged: Vec<Entry>,
    /// A key that waits for its value.
    key: Option<(String, Span)>,
}

/// A finished node that aliases may copy.
struct Anchored {
    node: Node,
    size: Size,
}

/// What copying a tree costs.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

struct Builder<'t> {
    text: &'t str,
    budget: Budget,
    nodes: usize,
    bytes: usize,
    stack: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, at: Marked) -> Result<(), YamlError> {
        let span = self.span(&at);
        match event {
            Event::DocumentStart(..) if self.root.is_some() => Err(error("only one YAML document is allowed", span)),
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar_value(&text, style, tag.as_deref()).ok_or_else(|| tag_error(span))?;
                self.count(Size { nodes: 1, bytes: text.len(), depth: 0 }, span)?;
                self.finish(Node { data: Data::Scalar { value, raw: text.into_owned() }, span }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => self.open(span, anchor, tag.as_deref(), Content::List(Vec::new())),
            Event::MappingStart(_, anchor, tag) => {
                self.open(span, anchor, tag.as_deref(), Content::Map(OpenMap::default()))
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(open) => {
                    let data = match open.content {
                        Content::List(items) => Data::List(items),
                        Content::Map(map) => Data::Map(map.close()),
                    };
                    self.finish(Node { data, span: open.span }, open.anchor)
                }
                None => Ok(()),
            },
            Event::Alias(id) => self.alias(id, span),
            _ => Ok(()),
        }
    }

    fn open(&mut self, span: Span, anchor: usize, tag: Option<&Tag>, content: Content) -> Result<(), YamlError> {
        if tag.is_some() {
            return Err(tag_error(span));
        }
        self.count(Size { nodes: 1, ..Size::default() }, span)?;
        if self.stack.len() >= self.budget.depth {
            return Err(self.too_deep(span));
        }
        self.stack.push(Open { span, anchor, content });
        Ok(())
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), YamlError> {
        let Some(target) = self.anchors.get(&id) else {
            return Err(error("this alias stands inside what it names", span));
        };
        let size = target.size;
        if self.stack.len() + size.depth > self.budget.depth {
            return Err(self.too_deep(span));
        }
        self.count(size, span)?;
        let node = self.anchors.get(&id).map(|target| Node { data: target.node.data.clone(), span });
        node.map_or(Ok(()), |node| self.finish(node, 0))
    }

    /// Puts a whole node where it belongs: into the open list or mapping, or as the root.
    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), YamlError> {
        if anchor != 0 {
            let size = measure(&node);
            self.count(size, node.span)?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), size });
        }
        match self.stack.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(map)) => map.take(node)?,
        }
        Ok(())
    }

    fn count(&mut self, size: Size, span: Span) -> Result<(), YamlError> {
        self.nodes = self.nodes.saturating_add(size.nodes);
        self.bytes = self.bytes.saturating_add(size.bytes);
        if self.nodes > self.budget.nodes {
            return Err(error(format!("more than {} values, aliases resolved", self.budget.nodes), span));
        }
        if self.bytes > self.budget.bytes {
            return Err(error(format!("more than {} bytes of text, aliases resolved", self.budget.bytes), span));
        }
        Ok(())
    }

    fn too_deep(&self, span: Span) -> YamlError {
        error(format!("nested deeper than {} levels", self.budget.depth), span)
    }

    fn span(&self, at: &Marked) -> Span {
        let raw = at.slice(self.text).unwrap_or_default();
        let first = raw.lines().next().unwrap_or_default().trim_end();
        Span {
            line: saturate(at.start.line()),
            column: saturate(at.start.col() + 1),
            length: saturate(first.chars().count().max(1)),
        }
    }

    /// The first tab that indents a line, from a line on: the parser marks where the value before it began, or what
    /// stands behind it.
    fn indenting_tab(&self, from: u32) -> Option<Span> {
        let lines = (1..).zip(self.text.lines()).skip_while(|(line, _)| *line < from);
        lines.into_iter().find_map(|(line, text)| {
            let column = text.chars().take_while(|c| matches!(c, ' ' | '\t')).position(|c| c == '\t')?;
            Some(Span { line, column: saturate(column + 1), length: 1 })
        })
    }

    fn scan_error(&self, cause: &ScanError) -> YamlError {
        let mark = cause.marker();
        let span = Span { line: saturate(mark.line().max(1)), column: saturate(mark.col() + 1), length: 1 };
        match cause.kind() {
            ErrorKind::RecursionLimitExceeded => self.too_deep(span),
            ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart => {
                error("a tab cannot indent a line; write spaces", self.indenting_tab(span.line).unwrap_or(span))
            }
            _ => error(cause.info(), span),
        }
    }
}

impl OpenMap {
    /// Takes the next node: a key, or the value of the key before it.
    fn take(&mut self, node: Node) -> Result<(), YamlError> {
        match self.key.take() {
            None => match node.data {
                Data::Scalar { raw, .. } => self.key = Some((raw, node.span)),
                _ => return Err(error("a key must be plain text", node.span)),
            },
            Some((key, at)) if key == "<<" => self.merge(node, at)?,
            Some((key, at)) => {
                if !self.names.insert(key.clone()) {
                    return Err(error(format!("the key `{key}` is given twice"), at));
                }
                self.entries.push(Entry { key, key_span: at, node });
            }
        }
        Ok(())
    }

    fn merge(&mut self, node: Node, at: Span) -> Result<(), YamlError> {
        let sources = match node.data {
            Data::Map(_) => vec![node],
            Data::List(items) if items.iter().all(|item| matches!(item.data, Data::Map(_))) => items,
            _ => return Err(error("`<<` takes a mapping or a list of mappings", node.span)),
        };
        for source in sources {
            if let Data::Map(entries) = source.data {
                self.merged.extend(entries.into_iter().map(|entry| Entry { key_span: at, ..entry }));
            }
        }
        Ok(())
    }

    /// The entries: the mapping's own, then what was merged, where the first source wins.
    fn close(mut self) -> Vec<Entry> {
        for entry in self.merged {
            if self.names.insert(entry.key.clone()) {
                self.entries.push(entry);
            }
        }
        self.entries
    }
}

/// What a tree costs; its depth is bounded by the budget, so that recursion is too.
fn measure(node: &Node) -> Size {
    let below = match &node.data {
        Data::Scalar { raw, .. } => return Size { nodes: 1, bytes: raw.len(), depth: 0 },
        Data::List(items) => items.iter().map(measure).fold(Size::default(), Size::and),
        Data::Map(entries) => entries
            .iter()
            .map(|entry| {
                let size = measure(&entry.node);
                Size { bytes: size.bytes.saturating_add(entry.key.len()), ..size }
            })
            .fold(Size::default(), Size::and),
    };
    Size { nodes: below.nodes.saturating_add(1), depth: below.depth + 1, ..below }
}

impl Size {
    /// Two trees side by side.
    fn and(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            bytes: self.bytes.saturating_add(other.bytes),
            depth: self.depth.max(other.depth),
        }
    }
}

fn scalar_value(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Option<Value> {
    match tag {
        None if matches!(style, ScalarStyle::Plain) => Some(scalar::resolve(text)),
        None => Some(Value::String(text.to_owned())),
        Some(tag) if tag.suffix() == "str" && tag.handle() == "tag:yaml.org,2002:" => {
            Some(Value::String(text.to_owned()))
        }
        Some(_) => None,
    }
}

fn tag_error(span: Span) -> YamlError {
    error("YAML tags are not used here", span)
}

fn error(message: impl Into<String>, span: Span) -> YamlError {
    YamlError { message: message.into(), span }
}

fn saturate(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
