//! Frames on the pipes between a run and its workers: a length, then a message as postcard, then what goes with it as it is.

use crate::record::{Digest, FileClass, LineCounts, Unread};
use codexa_model::Language;
use codexa_project::FileStat;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// What a worker is told first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The project's folder.
    pub root: PathBuf,
    /// Whether to parse, or only to count.
    pub parse: bool,
    /// Whether comments, and what documents a symbol, are looked at.
    pub comments: bool,
    /// Largest file that is read, in bytes.
    pub max_read_bytes: u64,
    /// Largest file that is parsed, in bytes.
    pub max_parse_bytes: u64,
    /// Deepest syntax tree that is walked.
    pub max_depth: u32,
    /// Most syntax nodes that are walked.
    pub max_nodes: u64,
    /// The parser gives up on a file after this long, in milliseconds.
    pub parse_ms: u64,
    /// Most memory that a worker may map, in bytes.
    pub memory_bytes: u64,
}

/// What a worker says once it can take tasks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ready;

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The caller's number for the file.
    pub index: u32,
    /// Path in the repository.
    pub path: Box<str>,
    /// Bytes, as the scan saw them: for dealing out work evenly.
    pub bytes: u64,
    /// The language's name as tokei knows it.
    pub counted_as: Option<Box<str>>,
    /// The language to parse it as.
    pub parse_as: Option<Language>,
    /// What its path says it is; its content may say more.
    pub class: FileClass,
    /// Whether git's attributes decided the class, so that its content does not.
    pub is_class_final: bool,
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The task's number.
    pub index: u32,
    /// What kind of file it is, its content considered.
    pub class: FileClass,
    /// The language's name as tokei knows it, its shebang considered.
    pub language: Option<Box<str>>,
    /// Bytes that were read.
    pub bytes: u64,
    /// The file's state just before it was read.
    pub stat: Option<FileStat>,
    /// Lines by kind.
    pub lines: LineCounts,
    /// What was found in it.
    pub body: Body,
    /// Files that it names, where it is a text that speaks of files.
    pub mentions: Vec<Box<str>>,
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// Parsed. Its symbols go with the outcome, as postcard bytes for the cache.
    Parsed(Box<Digest>),
    /// Not of a parsed language.
    Counted,
    /// A document, with its headings.
    Document(Vec<Box<str>>),
    /// Not read, or not parsed though its language has a grammar.
    Unread(Unread),
}

impl Outcome {
    /// The outcome of a file that was not read.
    #[must_use]
    pub fn unread(task: &Task, why: Unread) -> Self {
        Self {
            index: task.index,
            class: task.class,
            language: task.counted_as.clone(),
            bytes: task.bytes,
            stat: None,
            lines: LineCounts::default(),
            body: Body::Unread(why),
            mentions: Vec::new(),
        }
    }
}

/// Most bytes that are taken from a pipe in one go: a child that writes without end keeps its parent from nothing.
const AT_ONCE: u64 = 4 << 20;

/// No frame is larger: a larger one is a damaged pipe.
const MAX_FRAME: usize = 256 << 20;

/// Writes one frame.
pub(crate) fn write_frame<T: Serialize>(output: &mut impl Write, message: &T) -> io::Result<()> {
    write_frame_with(output, message, &[])
}

/// Writes one frame with something beside the message.
pub(crate) fn write_frame_with<T: Serialize>(output: &mut impl Write, message: &T, beside: &[u8]) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len() + beside.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&bytes)?;
    output.write_all(beside)
}

/// The end of a pipe that is not waited at.
pub(crate) struct Inbox<P> {
    pipe: P,
    bytes: Vec<u8>,
    /// Where the first message that was not taken begins.
    start: usize,
}

impl<P: Read> Inbox<P> {
    pub(crate) fn new(pipe: P) -> Self {
        Self { pipe, bytes: Vec::new(), start: 0 }
    }

    /// Takes what has come in. Gives whether more may come.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        self.bytes.drain(..self.start);
        self.start = 0;
        match self.pipe.by_ref().take(AT_ONCE).read_to_end(&mut self.bytes) {
            Ok(read) => Ok(read as u64 == AT_ONCE),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The next message with what is beside it, once its frame is here whole.
    pub(crate) fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<(T, &[u8])>> {
        let rest = self.bytes.get(self.start..).unwrap_or_default();
        let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
        let length = u32::from_le_bytes(*length) as usize;
        if length > MAX_FRAME {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame over the limit"));
        }
        let Some(frame) = rest.get(..length) else { return Ok(None) };
        self.start += size_of::<u32>() + length;
        postcard::take_from_bytes(frame).map(Some).map_err(io::Error::other)
    }
}

/// Reads one frame; `None` at the end of the pipe.
pub(crate) fn read_frame<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_FRAME {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame over the limit"));
    }
    let mut bytes = Vec::new();
    input.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    postcard::from_bytes(&bytes).map(Some).map_err(io::Error::other)
}
