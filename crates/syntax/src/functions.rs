//! Counts of control flow, function by function.

use codexa_model::facts::{FileMetrics, FunctionMetrics};

struct Open {
    name: Box<str>,
    counts: FunctionMetrics,
    /// How deep in control structures the walk stands now.
    level: u32,
    recursive: bool,
}

impl Open {
    fn new(name: &str, cyclomatic: u32) -> Self {
        let counts = FunctionMetrics { cyclomatic, ..FunctionMetrics::default() };
        Self { name: name.into(), counts, level: 0, recursive: false }
    }
}

/// The functions around the current node, the file's own statements outermost.
///
/// A closure's flow belongs to the function it is written in, one level deeper; a named inner function is counted on
/// its own, from level 0.
pub(crate) struct Functions {
    /// Statements at file level: they belong to no function but count for the file.
    file: Open,
    open: Vec<Open>,
    totals: FileMetrics,
}

impl Functions {
    pub(crate) fn new() -> Self {
        Self { file: Open::new("", 0), open: Vec::new(), totals: FileMetrics::default() }
    }

    pub(crate) fn inside(&self) -> bool {
        !self.open.is_empty()
    }

    fn current(&mut self) -> &mut Open {
        self.open.last_mut().unwrap_or(&mut self.file)
    }

    pub(crate) fn enter(&mut self, name: &str) {
        self.open.push(Open::new(name, 1));
    }

    /// Ends the innermost function and gives its counts.
    pub(crate) fn leave(&mut self) -> FunctionMetrics {
        let counts = self.open.pop().map(|open| open.counts).unwrap_or_default();
        self.total(counts);
        counts
    }

    fn total(&mut self, counts: FunctionMetrics) {
        self.totals.cyclomatic = self.totals.cyclomatic.saturating_add(counts.cyclomatic);
        self.totals.cognitive = self.totals.cognitive.saturating_add(counts.cognitive);
        self.totals.nesting = self.totals.nesting.max(counts.nesting);
    }

    /// One more path.
    pub(crate) fn decide(&mut self) {
        let open = self.current();
        open.counts.cyclomatic = open.counts.cyclomatic.saturating_add(1);
    }

    /// A break in the linear flow that nesting does not weigh.
    pub(crate) fn add(&mut self, increment: u32) {
        let open = self.current();
        open.counts.cognitive = open.counts.cognitive.saturating_add(increment);
    }

    /// A control structure: 1 and its level, then one level deeper.
    pub(crate) fn nest(&mut self) {
        let level = self.current().level;
        self.add(level.saturating_add(1));
        self.sink();
    }

    /// One level deeper.
    pub(crate) fn sink(&mut self) {
        let open = self.current();
        open.level = open.level.saturating_add(1);
        open.counts.nesting = open.counts.nesting.max(open.level);
    }

    /// One level up.
    pub(crate) fn rise(&mut self) {
        let open = self.current();
        open.level = open.level.saturating_sub(1);
    }

    /// A call of that name without a foreign receiver: recursion adds 1, once per function.
    pub(crate) fn recursion(&mut self, callee: &str) {
        if let Some(open) = self.open.last_mut()
            && !open.recursive
            && &*open.name == callee
        {
            open.recursive = true;
            open.counts.cognitive = open.counts.cognitive.saturating_add(1);
        }
    }

    pub(crate) fn finish(mut self) -> FileMetrics {
        while self.inside() {
            self.leave();
        }
        let file = self.file.counts;
        self.total(file);
        self.totals
    }
}
