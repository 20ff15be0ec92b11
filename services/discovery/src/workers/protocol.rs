//! Frames on the pipes between a run and its workers: a length, then postcard bytes.

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
    /// First half of the SHA-256 of the content.
    pub hash: [u8; 16],
    /// Lines by kind.
    pub lines: LineCounts,
    /// What was found in it.
    pub body: Body,
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// Parsed: the digest, and the whole facts as postcard bytes for the cache.
    Parsed(Box<Digest>, Vec<u8>),
    /// Not of a parsed language.
    Counted,
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
            hash: [0; 16],
            lines: LineCounts::default(),
            body: Body::Unread(why),
        }
    }
}

/// No frame is larger: a larger one is a damaged pipe.
const MAX_FRAME: usize = 256 << 20;

/// Writes one frame.
pub(crate) fn write_frame<T: Serialize>(output: &mut impl Write, message: &T) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&bytes)
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
