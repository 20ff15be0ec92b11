//! A line's class from the tokens on it (`analysis.py`, `_line_parts` and `from_file`).

/// Lines by class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines with code.
    pub code: usize,
    /// Lines with comments and neither code nor strings.
    pub documentation: usize,
    /// Lines without any of them.
    pub empty: usize,
    /// Lines with strings and no code.
    pub string: usize,
}

impl Counts {
    /// All lines.
    pub const fn lines(self) -> usize {
        self.code + self.documentation + self.empty + self.string
    }

    pub(super) fn add(&mut self, other: Self) {
        self.code += other.code;
        self.documentation += other.documentation;
        self.empty += other.empty;
        self.string += other.string;
    }
}

/// What a token is to pygount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Comment,
    String,
    /// Everything else; counts only with a character that is not white.
    Code,
}

/// The marks of the current line, and the lines so far.
#[derive(Debug, Default)]
pub(super) struct Marks {
    counts: Counts,
    code: bool,
    string: bool,
    comment: bool,
}

impl Marks {
    /// Takes a token, which may have several lines.
    pub(super) fn token(&mut self, class: Class, text: &str) {
        for piece in text.split_inclusive('\n') {
            match class {
                Class::Comment => self.comment = true,
                Class::String => self.string = true,
                Class::Code => self.code |= piece.contains(|c| !is_white(c)),
            }
            if piece.ends_with('\n') {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let class = match (self.code, self.string, self.comment) {
            (true, ..) => &mut self.counts.code,
            (_, true, _) => &mut self.counts.string,
            (_, _, true) => &mut self.counts.documentation,
            _ => &mut self.counts.empty,
        };
        *class += 1;
        (self.code, self.string, self.comment) = (false, false, false);
    }

    /// The counts, with a last line that has marks but no end.
    pub(super) fn finish(mut self) -> Counts {
        if self.code || self.string || self.comment {
            self.end_line();
        }
        self.counts
    }
}

/// pygount's white characters: a line of only these is empty.
fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\x0c' | '\n' | '\r' | '\t' | '(' | ')' | ',' | ':' | ';' | '[' | ']' | '{' | '}')
}
