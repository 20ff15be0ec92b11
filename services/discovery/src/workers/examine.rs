//! One file, from its bytes to its outcome.

use super::protocol::{Body, Outcome, Setup, Task};
use crate::documents::{headings, mentions};
use crate::record::{Digest, FileClass, LineCounts, Unread};
use crate::scan::{ScannedFile, sniff};
use codexa_model::facts::Cut;
use codexa_project::{ReadError, Reader};
use codexa_syntax::{Analyser, Limits};
use std::time::Duration;
use tokei::LanguageType;

/// Reads files of one project, one after another.
pub(crate) struct Examiner {
    reader: Reader,
    analyser: Analyser,
    setup: Setup,
    limits: Limits,
    /// The content of the file whose turn it is; kept for the next, whose content takes its place.
    content: Vec<u8>,
    /// Its symbols as postcard, kept likewise; empty where it was not parsed.
    symbols: Vec<u8>,
}

impl Examiner {
    pub(crate) fn new(reader: Reader, setup: Setup) -> Self {
        let limits = Limits {
            max_bytes: usize::try_from(setup.max_parse_bytes).unwrap_or(usize::MAX),
            max_depth: setup.max_depth as usize,
            max_nodes: setup.max_nodes,
            time: Duration::from_millis(setup.parse_ms),
        };
        Self { reader, analyser: Analyser::new(), setup, limits, content: Vec::new(), symbols: Vec::new() }
    }

    /// What becomes of a task, and the symbols of the file.
    pub(crate) fn examine(&mut self, task: &Task) -> (Outcome, &[u8]) {
        self.symbols.clear();
        let mut content = std::mem::take(&mut self.content);
        let outcome = match self.reader.read_into(&task.path, self.setup.max_read_bytes, &mut content) {
            Ok(stat) => Outcome { stat, ..self.content(task, &content) },
            Err(ReadError::TooLarge { size }) => Outcome { bytes: size, ..Outcome::unread(task, Unread::TooLarge) },
            Err(_) => Outcome::unread(task, Unread::Unreadable),
        };
        self.content = content;
        (outcome, &self.symbols)
    }

    fn content(&mut self, task: &Task, bytes: &[u8]) -> Outcome {
        let file = sniffed(task, bytes);
        let body = self.body(&file, bytes);
        let lines = match (file.class, file.language) {
            (FileClass::Binary, _) | (_, None) => LineCounts::default(),
            (_, Some(language)) if self.setup.comments => lines(language, bytes),
            (_, Some(language)) => lines_of_code(lines(language, bytes), &body),
        };
        Outcome {
            index: task.index,
            class: file.class,
            language: file.language.map(|language| language.name().into()),
            bytes: bytes.len() as u64,
            stat: None,
            lines,
            mentions: self.mentions(&file, bytes),
            body,
        }
    }

    /// What people wrote is heard; lists that programs write name everything.
    fn mentions(&self, file: &ScannedFile, bytes: &[u8]) -> Vec<Box<str>> {
        let is_written =
            !matches!(file.class, FileClass::Binary | FileClass::Minified | FileClass::Vendored | FileClass::Generated);
        if is_written && self.setup.parse { mentions(&file.path, file.language, bytes) } else { Vec::new() }
    }

    fn body(&mut self, file: &ScannedFile, bytes: &[u8]) -> Body {
        let Some(language) = file.parsed else {
            let is_read = file.class == FileClass::Documentation && self.setup.parse;
            return if is_read { Body::Document(headings(file.language, bytes)) } else { Body::Counted };
        };
        if matches!(file.class, FileClass::Binary | FileClass::Minified | FileClass::Vendored) {
            return Body::Unread(Unread::Skipped);
        }
        if !self.setup.parse {
            return Body::Unread(Unread::QuickMode);
        }
        let mut facts = self.analyser.analyse(language, bytes, &self.limits);
        if !self.setup.comments {
            facts.symbols.iter_mut().for_each(|symbol| symbol.doc = None);
            facts.metrics.documented = 0;
        }
        match facts.parse.cut {
            Some(Cut::TooLarge) => return Body::Unread(Unread::TooLarge),
            Some(Cut::TimedOut) => return Body::Unread(Unread::TimedOut),
            Some(Cut::Crashed) => return Body::Unread(Unread::Crashed),
            Some(Cut::TooDeep | Cut::TooManyNodes) | None => {}
        }
        match postcard::to_extend(&facts.symbols, std::mem::take(&mut self.symbols)) {
            Ok(symbols) => self.symbols = symbols,
            Err(_) => return Body::Unread(Unread::Crashed),
        }
        Body::Parsed(Box::new(Digest::of(&file.path, facts)))
    }
}

/// The file as the scan saw it, with what its first bytes tell.
fn sniffed(task: &Task, bytes: &[u8]) -> ScannedFile {
    let language = task.counted_as.as_deref().and_then(LanguageType::from_name);
    let mut file = ScannedFile {
        path: task.path.clone(),
        language,
        parsed: task.parse_as,
        class: task.class,
        is_class_final: task.is_class_final,
        size: task.bytes,
        stat: None,
        executable: false,
        id: None,
    };
    file.apply(sniff(bytes));
    file
}

fn lines(language: LanguageType, bytes: &[u8]) -> LineCounts {
    let counted = codexa_syntax::count(language, bytes);
    LineCounts { code: number(counted.code), comments: number(counted.comments), blanks: number(counted.blanks) }
}

/// Only what does something. Blank lines come and go with comments.
fn lines_of_code(lines: LineCounts, body: &Body) -> LineCounts {
    let remarks = if let Body::Parsed(digest) = body { digest.metrics.remark_lines } else { 0 };
    LineCounts { code: lines.code.saturating_sub(remarks), ..LineCounts::default() }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
