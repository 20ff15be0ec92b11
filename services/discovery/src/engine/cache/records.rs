//! Every file's record with the state it had on disk, so that unchanged files are not read again.
//!
//! `records` holds them as some run left them, and `changes` what has become different since: a run after a small edit writes
//! little. Once that is an eighth of all, everything is written anew. Both are a [`Head`] and entries, a few hundred at a
//! time, so that no run holds the whole file besides what it makes of it.

use super::header::Header;
use super::{Beside, Entry, Surroundings, staged};
use codexa_project::Project;
use codexa_project::scratch::Scratch;
use codexa_project::stat::Moment;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read, Write};

pub(super) const RECORDS: &str = "records";
const CHANGES: &str = "changes";

/// Entries that are encoded at a time.
const PART: usize = 256;
/// Of so many entries, one may be different before all are written anew.
const ONE_OF: usize = 8;

/// What `records` and `changes` begin with.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    /// The program and the limits that the records depend on.
    pub(super) key: String,
    pub(super) recorded: Moment,
    /// Length of `symbols` when this was written.
    pub(super) symbols_bytes: u64,
    pub(super) surroundings: Surroundings,
}

/// Which writing of `records` it is, and how many entries it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Base {
    writing: [u8; 8],
    entries: u32,
}

/// What was read of both.
pub(super) struct Records {
    pub(super) header: Header,
    pub(super) head: Head,
    pub(super) base: Base,
    pub(super) entries: Entries,
}

/// Entries by path.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    all: Vec<Option<Entry>>,
    at: FxHashMap<Box<str>, u32>,
}

impl Entries {
    fn with_capacity(entries: usize) -> Self {
        Self { all: Vec::with_capacity(entries), at: FxHashMap::with_capacity_and_hasher(entries, FxBuildHasher) }
    }

    fn push(&mut self, entry: Entry) {
        self.at.insert(entry.record.path.clone(), u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Some(entry));
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Entry> {
        self.all.get(*self.at.get(path)? as usize)?.as_ref()
    }

    pub(crate) fn take(&mut self, path: &str) -> Option<Entry> {
        self.all.get_mut(*self.at.get(path)? as usize)?.take()
    }
}

/// What both say; `None` where a part of `records` is missing or does not decode. Without `changes` it is what an earlier run
/// left: files that have changed since are read again.
pub(super) fn read(folder: &Scratch, project: &Project) -> Option<Records> {
    let mut file = folder.read(RECORDS).ok()?;
    let header = Header::of(&mut file, project)?;
    let (head, base): (Head, Base) = Part::default().read(&mut file)?;
    let Changes { head, gone, late } =
        changes(folder, project, header, base).unwrap_or(Changes { head, gone: Vec::new(), late: Vec::new() });
    let mut entries = entries(&mut file, base, &gone)?;
    late.into_iter().for_each(|entry| entries.push(entry));
    Some(Records { header, head, base, entries })
}

/// The entries of `records` but for those that are gone, whose places are sorted.
fn entries(file: &mut File, base: Base, gone: &[u32]) -> Option<Entries> {
    // A damaged file may claim any number.
    let mut entries = Entries::with_capacity((base.entries as usize).min(1 << 16));
    let mut part = Part::default();
    let (mut place, mut gone) = (0, gone.iter().peekable());
    while place < base.entries {
        for entry in part.read::<Vec<Entry>>(file).filter(|entries| !entries.is_empty())? {
            if gone.next_if_eq(&&place).is_none() {
                entries.push(Entry { base: Some(place), ..entry });
            }
            place += 1;
        }
    }
    Some(entries)
}

/// What `changes` says.
struct Changes {
    head: Head,
    gone: Vec<u32>,
    late: Vec<Entry>,
}

/// What has changed since this writing of `records`; `None` where nothing did, or it is lost.
fn changes(folder: &Scratch, project: &Project, header: Header, base: Base) -> Option<Changes> {
    let mut file = folder.read(CHANGES).ok()?;
    let mut part = Part::default();
    let is_of_it = Header::of(&mut file, project)? == header && part.read::<Base>(&mut file)? == base;
    let (head, gone, count): (Head, Vec<u32>, u32) = is_of_it.then(|| part.read(&mut file))??;
    let mut late = Vec::new();
    while late.len() < count as usize {
        late.extend(part.read::<Vec<Entry>>(&mut file).filter(|entries| !entries.is_empty())?);
    }
    Some(Changes { head, gone, late })
}

/// What is different from a writing of `records`.
pub(super) struct Since {
    base: Base,
    /// The places of entries that are not as they were, sorted.
    gone: Vec<u32>,
}

impl Since {
    /// What is different, where that is little.
    pub(super) fn new(base: Option<Base>, entries: &[Entry]) -> Option<Self> {
        let base = base?;
        let gone = gone(base, entries);
        let late = entries.iter().filter(|entry| entry.base.is_none()).count();
        (late.max(gone.len()) * ONE_OF <= entries.len()).then_some(Self { base, gone })
    }
}

/// The file that is written.
pub(super) fn name(since: Option<&Since>) -> &'static str {
    if since.is_some() { CHANGES } else { RECORDS }
}

/// Writes what is different, or everything.
pub(super) fn write(
    beside: &Beside<'_>,
    project: &Project,
    head: &Head,
    since: Option<&Since>,
    entries: &[Entry],
) -> io::Result<()> {
    let mut out = Out::new(beside, name(since))?;
    let Some(Since { base, gone }) = since else {
        let writing = Header::new(project).writing();
        out.part(&(head, Base { writing, entries: number(entries.len()) }))?;
        return entries.chunks(PART).try_for_each(|entries| out.part(entries));
    };
    let late: Vec<&Entry> = entries.iter().filter(|entry| entry.base.is_none()).collect();
    out.part(base)?;
    out.part(&(head, gone, number(late.len())))?;
    late.chunks(PART).try_for_each(|entries| out.part(entries))
}

/// The places in `records` of entries that are not as they were.
fn gone(base: Base, entries: &[Entry]) -> Vec<u32> {
    let mut stands = vec![false; base.entries as usize];
    for place in entries.iter().filter_map(|entry| entry.base) {
        if let Some(stands) = stands.get_mut(place as usize) {
            *stands = true;
        }
    }
    (0..base.entries).zip(stands).filter(|(_, stands)| !stands).map(|(place, _)| place).collect()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Room for one part after another: its length, and what it holds.
#[derive(Default)]
struct Part(Vec<u8>);

impl Part {
    fn read<T: DeserializeOwned>(&mut self, file: &mut File) -> Option<T> {
        let mut length = [0; 4];
        file.read_exact(&mut length).ok()?;
        let length = u32::from_le_bytes(length);
        self.0.clear();
        file.take(length.into()).read_to_end(&mut self.0).ok()?;
        (self.0.len() == length as usize).then(|| postcard::from_bytes(&self.0).ok())?
    }
}

/// A file that is being written.
struct Out {
    file: File,
    room: Vec<u8>,
}

impl Out {
    fn new(beside: &Beside<'_>, name: &str) -> io::Result<Self> {
        let mut file = beside.folder.create(&staged(name))?;
        beside.header.write(&mut file)?;
        Ok(Self { file, room: Vec::new() })
    }

    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> io::Result<()> {
        self.room.clear();
        self.room.extend_from_slice(&[0; 4]);
        self.room = postcard::to_extend(value, std::mem::take(&mut self.room)).map_err(io::Error::other)?;
        let length = u32::try_from(self.room.len() - 4).map_err(io::Error::other)?;
        if let Some(start) = self.room.first_chunk_mut::<4>() {
            *start = length.to_le_bytes();
        }
        self.file.write_all(&self.room)
    }
}
