//! What a run leaves for the next one and for queries, under `.codexa/state/cache/`. It may be deleted at any time.
//!
//! - `records` and `changes`: every file's record with the state it had on disk ([`records`]).
//! - `symbols`: every file's symbols with their spans and measures, one file after another; `records` says where. A re-run
//!   appends what is new and leaves the rest; when less than half of it is in use it is written anew.
//! - `model`: the model, from which queries answer, and where in `symbols` each of its files lies.
//! - `past` and `history`: what was read of the repository's past ([`super::past`]); they belong to no other file.
//! - `intents`: what finding them takes longest over ([`Memory`]); it belongs to no other file either.
//! - `made`: what tracked files were made from ([`Made`]); nor does it.
//!
//! Each but `symbols` is replaced by renaming, and all begin with a [`Header`]: whatever was not written here by a run of this
//! project, or does not belong to the `symbols` that are there, or does not decode, is as if it were not there.

mod header;
mod records;

use super::past::Fresh;
use super::request::Request;
use crate::imports::Bytes;
use crate::intents::Memory;
use crate::model::Model;
use crate::projections::Made;
use crate::query::text::plural;
use crate::record::{FileClass, FileLinks, FileRecord};
use crate::sums::Half;
use codexa_model::Language;
use codexa_model::facts::Symbol;
use codexa_model::relation::Package;
use codexa_project::scratch::Scratch;
use codexa_project::stat::Moment;
use codexa_project::{FileStat, Kind, Project};
use codexa_resolve::external::Survey;
use header::{HEADER_BYTES, Header};
use records::{Base, Entries, Head, RECORDS, Since};
use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// The folder under `.codexa/state/`.
const FOLDER: &str = "cache";
const SYMBOLS: &str = "symbols";
const MODEL: &str = "model";
const INTENTS: &str = "intents";
const MADE: &str = "made";

/// Bytes of `symbols` that may lie unused before it is written anew, however little is in use.
const WASTE: u64 = 1 << 20;

/// A file as the last run left it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) record: FileRecord,
    /// What the scan knew before its content was read.
    pub(crate) known: Known,
    pub(crate) stat: Option<FileStat>,
    /// Where its symbols lie in `symbols`.
    pub(crate) symbols: Option<Place>,
    pub(crate) links: FileLinks,
    /// Its place in `records`, where it stands there as it is.
    #[serde(skip)]
    pub(crate) base: Option<u32>,
}

/// What a scan knows of a file before its content is read; part of what its record depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) counted_as: Option<Box<str>>,
    pub(crate) parse_as: Option<Language>,
    pub(crate) class: FileClass,
    pub(crate) is_class_final: bool,
}

/// A stretch of `symbols`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

/// What links were resolved from, besides each file itself, and what else was read from manifests.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Surroundings {
    /// Hash over which files there are and what they define.
    pub(crate) world: Half,
    /// Files whose content was read on the way: manifests, lock files, settings of compilers.
    pub(crate) manifests: Vec<Box<str>>,
    /// What they declare.
    pub(crate) packages: Vec<Package>,
    pub(crate) survey: Survey,
    /// What of them, and of the files themselves, was not read to its end, and how.
    pub(crate) cuts: Vec<(Box<str>, Box<str>)>,
}

impl Surroundings {
    /// A sentence on manifest and lock files that gave nothing, so that no dependency never means not looked.
    pub(crate) fn not_understood(&self) -> Option<String> {
        let unread = &self.survey.unread;
        let named: Vec<String> = unread.iter().take(5).map(|file| format!("{} ({})", file.path, file.reason)).collect();
        let files = plural(unread.len() as u64, "manifest or lock file");
        (!unread.is_empty()).then(|| format!("{files} could not be understood: {}", named.join(", ")))
    }
}

/// The last run's records, by path.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(crate) recorded: Option<Moment>,
    pub(crate) surroundings: Surroundings,
    /// Which `symbols` its places lie in, and how long that is.
    symbols: Option<(Header, u64)>,
    base: Option<Base>,
    pub(crate) entries: Entries,
}

impl Cache {
    /// Whether a run left anything.
    pub(crate) fn is_there(project: &Project) -> bool {
        Scratch::open(project, FOLDER).is_ok_and(|folder| folder.read(RECORDS).is_ok())
    }

    /// What the last run left, where the same program with the same limits left it and all of it is there; else nothing.
    pub(crate) fn load(project: &Project, request: &Request) -> Self {
        Self::whole(project, request).unwrap_or_default()
    }

    fn whole(project: &Project, request: &Request) -> Option<Self> {
        let folder = Scratch::open(project, FOLDER).ok()?;
        let records = records::read(&folder, project)?;
        let symbols = Header::of(&mut folder.read(SYMBOLS).ok()?, project).filter(|there| *there == records.header)?;
        let head = records.head;
        let length = folder.read(SYMBOLS).ok()?.metadata().ok()?.len();
        (length >= head.symbols_bytes && head.key == request.cache_key()).then_some(Self {
            recorded: Some(head.recorded),
            surroundings: head.surroundings,
            symbols: Some((symbols, length)),
            base: Some(records.base),
            entries: records.entries,
        })
    }
}

/// Symbols on their way to the cache. New ones are appended behind all that is there, which stays as it is: until this run's
/// model appears, queries answer from the last one's, and of what the last run left some may be lost. A first run writes a
/// new file.
#[derive(Debug)]
pub(crate) struct SymbolsWriter {
    folder: Option<Scratch>,
    header: Header,
    /// The writing of `records` that goes with it.
    base: Option<Base>,
    /// Whether it goes to a new file.
    is_fresh: bool,
    file: Option<io::BufWriter<File>>,
    end: u64,
}

impl SymbolsWriter {
    pub(crate) fn new(project: &Project, cache: &Cache) -> Self {
        // A bare repository has no place for it.
        let folder = (project.kind() != Kind::Bare).then(|| Scratch::make(project, FOLDER).ok()).flatten();
        let (header, end) = cache.symbols.unwrap_or_else(|| (Header::new(project), HEADER_BYTES));
        let base = cache.base;
        let mut writer = Self { folder, header, base, is_fresh: cache.symbols.is_none(), file: None, end };
        if writer.is_fresh {
            writer.file = writer.open().ok();
        }
        writer
    }

    /// Appends; `None` where the cache cannot be written, which costs queries, not the run.
    pub(crate) fn append(&mut self, blob: &[u8]) -> Option<Place> {
        if self.file.is_none() {
            self.file = self.open().ok();
        }
        let length = u32::try_from(blob.len()).ok()?;
        self.file.as_mut()?.write_all(blob).ok()?;
        let place = Place { offset: self.end, length };
        self.end += u64::from(length);
        Some(place)
    }

    fn open(&self) -> io::Result<io::BufWriter<File>> {
        let folder = self.folder.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let mut file = if self.is_fresh {
            let mut file = folder.create(&staged(SYMBOLS))?;
            self.header.write(&mut file)?;
            file
        } else {
            folder.extend(SYMBOLS)?
        };
        file.seek(SeekFrom::Start(self.end))?;
        Ok(io::BufWriter::with_capacity(256 << 10, file))
    }
}

/// What the next run and queries need, written beside what is there.
#[must_use = "it appears when it is told to"]
pub(crate) struct Staged {
    folder: Scratch,
    /// What was written, in the order in which it appears.
    names: Vec<&'static str>,
}

impl Staged {
    /// Puts it in the place of what the last run left. Between two steps nothing fits together, and is not used.
    pub(crate) fn appear(mut self) -> io::Result<()> {
        let names = std::mem::take(&mut self.names);
        names.into_iter().try_for_each(|name| self.folder.put(&staged(name), name))
    }
}

impl Drop for Staged {
    /// What does not appear leaves nothing behind.
    fn drop(&mut self) {
        for name in &self.names {
            let _ = self.folder.remove(&staged(name));
        }
    }
}

/// The name of a file that has not appeared yet.
fn staged(name: &str) -> String {
    format!("{name}.new")
}

/// What a run leaves for the next one.
pub(crate) struct Leaving {
    pub(crate) recorded: Moment,
    pub(crate) surroundings: Surroundings,
    pub(crate) symbols: SymbolsWriter,
    pub(crate) entries: Vec<Entry>,
    pub(crate) past: Fresh,
    pub(crate) memory: Memory,
}

/// Writes what the next run and queries need, and gives back the entries: to take them apart takes long. Not forced to disk:
/// after a crash of the machine a torn file does not decode, and the next run reads everything.
pub(crate) fn stage(
    project: &Project,
    request: &Request,
    leaving: Leaving,
    model: &Model,
) -> io::Result<(Staged, Vec<Entry>)> {
    let Leaving { recorded, surroundings, symbols, mut entries, past, memory } = leaving;
    let SymbolsWriter { folder, mut header, mut base, is_fresh, file, end: mut symbols_bytes } = symbols;
    let folder = folder.ok_or(io::ErrorKind::NotFound)?;
    if let Some(mut file) = file {
        file.flush()?;
    }
    let mut staged = Staged { folder, names: if is_fresh { vec![SYMBOLS] } else { Vec::new() } };
    let used: u64 = entries.iter().filter_map(|entry| entry.symbols).map(|place| u64::from(place.length)).sum();
    if !is_fresh && symbols_bytes > used.saturating_mul(2).saturating_add(WASTE) {
        // Every symbol lies elsewhere then.
        base = None;
        header = Header::new(project);
        staged.names.push(SYMBOLS);
        symbols_bytes = compact(&staged.folder, header, &mut entries)?;
    }
    staged.names.extend(past.stage(&Beside { folder: &staged.folder, header }, model.history.as_ref())?);
    if memory.is_news() {
        staged.names.push(INTENTS);
        write_memory(&Beside { folder: &staged.folder, header }, request, &memory)?;
    }
    let (places, stats) =
        (of_files(&entries, model, |entry| entry.symbols), of_files(&entries, model, |entry| entry.stat));
    let since = Since::new(base, &entries);
    staged.names.extend([MODEL, records::name(since.as_ref())]);
    let beside = Beside { folder: &staged.folder, header };
    beside.write(MODEL, &Storing { places, stats, symbols_bytes, model })?;
    let head = Head { key: request.cache_key(), recorded, symbols_bytes, surroundings };
    records::write(&beside, project, &head, since.as_ref(), &entries)?;
    Ok((staged, entries))
}

/// Writes `symbols` anew with only what is in use.
fn compact(folder: &Scratch, header: Header, entries: &mut [Entry]) -> io::Result<u64> {
    let mut old = folder.read(SYMBOLS)?;
    let mut new = io::BufWriter::new(folder.create(&staged(SYMBOLS))?);
    header.write(&mut new)?;
    let mut end = HEADER_BYTES;
    for place in entries.iter_mut().filter_map(|entry| entry.symbols.as_mut()) {
        new.write_all(&stretch(&mut old, *place)?)?;
        place.offset = end;
        end += u64::from(place.length);
    }
    new.flush()?;
    Ok(end)
}

fn stretch(file: &mut File, place: Place) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place.offset))?;
    let mut bytes = Vec::new();
    file.take(u64::from(place.length)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is known of each of the model's files, in its order.
fn of_files<T: Copy>(entries: &[Entry], model: &Model, known: impl Fn(&Entry) -> Option<T>) -> Vec<Option<T>> {
    let by_path: FxHashMap<&str, T> =
        entries.iter().filter_map(|entry| Some((&*entry.record.path, known(entry)?))).collect();
    model.files.iter().map(|file| by_path.get(&*file.path).copied()).collect()
}

/// What a run left for queries.
#[derive(Debug, Deserialize)]
pub struct Stored {
    /// Where the symbols of each file lie.
    places: Vec<Option<Place>>,
    /// The state of each file when it was read.
    stats: Vec<Option<FileStat>>,
    /// Length of `symbols` when this was written.
    symbols_bytes: u64,
    /// The model.
    pub model: Model,
    #[serde(skip)]
    header: Option<Header>,
}

#[derive(Serialize)]
struct Storing<'a> {
    places: Vec<Option<Place>>,
    stats: Vec<Option<FileStat>>,
    symbols_bytes: u64,
    model: &'a Model,
}

/// What the last run left for queries; `None` where there is nothing that this program can read.
#[must_use]
pub fn stored(project: &Project) -> Option<Stored> {
    let folder = Scratch::open(project, FOLDER).ok()?;
    let (header, stored) = read::<Stored>(&folder, project, MODEL)?;
    Some(Stored { header: Some(header), ..stored })
}

/// Whether a run left something for queries, though this program may not be able to read it.
#[must_use]
pub fn is_left(project: &Project) -> bool {
    Scratch::open(project, FOLDER).is_ok_and(|folder| folder.read(MODEL).is_ok())
}

impl Stored {
    /// The model's files with the state that each had when it was read.
    pub(crate) fn states(&self) -> impl Iterator<Item = (&str, Option<FileStat>)> {
        let stats = self.stats.iter().copied().chain(std::iter::repeat(None));
        self.model.files.iter().zip(stats).map(|(file, stat)| (&*file.path, stat))
    }

    /// The symbols of all files, read from disk. There are none where another run has put others in their place meanwhile.
    #[must_use]
    pub fn symbols(&self, project: &Project) -> SymbolTables<'_> {
        SymbolTables { bytes: self.bytes(project).unwrap_or_default(), places: &self.places }
    }

    fn bytes(&self, project: &Project) -> Option<Vec<u8>> {
        let mut file = Scratch::open(project, FOLDER).ok()?.read(SYMBOLS).ok()?;
        let header = Header::of(&mut file, project);
        if header.is_none() || header != self.header {
            return None;
        }
        file.rewind().ok()?;
        let mut bytes = Vec::new();
        file.take(self.symbols_bytes).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// The symbols of the model's files.
#[derive(Debug, Default)]
pub struct SymbolTables<'a> {
    bytes: Vec<u8>,
    places: &'a [Option<Place>],
}

impl SymbolTables<'_> {
    /// The symbols of one file, by its index in the model; `None` where the cache has none.
    #[must_use]
    pub fn of(&self, file: u32) -> Option<Vec<Symbol>> {
        let place = self.places.get(file as usize).copied().flatten()?;
        let start = usize::try_from(place.offset).ok()?;
        postcard::from_bytes(self.bytes.get(start..start.checked_add(place.length as usize)?)?).ok()
    }
}

/// What a run of this project left under a name; `None` where there is nothing that this program can read.
pub(crate) fn load<T: DeserializeOwned>(project: &Project, name: &str) -> Option<T> {
    let folder = Scratch::open(project, FOLDER).ok()?;
    read::<T>(&folder, project, name).map(|(_, value)| value)
}

/// What the last run left of finding intents, where the same program did and every byte is as it was: parts of it are taken
/// over from run to run, and what is wrong in them would be as well.
pub(crate) fn memory(project: &Project, request: &Request) -> Memory {
    let left = load::<(String, [u8; 32], Bytes)>(project, INTENTS).filter(|(key, ..)| *key == request.cache_key());
    let whole = left.filter(|(_, sum, Bytes(memory))| Sha256::digest(memory)[..] == sum[..]);
    whole.and_then(|(.., Bytes(memory))| postcard::from_bytes(&memory).ok()).unwrap_or_default()
}

fn write_memory(beside: &Beside<'_>, request: &Request, memory: &Memory) -> io::Result<()> {
    let memory = postcard::to_stdvec(memory).map_err(io::Error::other)?;
    let sum: [u8; 32] = Sha256::digest(&memory).into();
    beside.write(INTENTS, &(request.cache_key(), sum, Bytes(memory.into())))
}

/// What the model's files were made from, where the same program made them.
pub(crate) fn made(project: &Project, request: &Request) -> Made {
    let left = load::<(String, Made)>(project, MADE).filter(|(key, _)| *key == request.cache_key());
    left.map(|(_, made)| made).unwrap_or_default()
}

/// Keeps it for the next run. Whoever reads it compares the files with it: it may be lost, or be of another run.
pub(crate) fn keep_made(project: &Project, request: &Request, made: &Made) -> io::Result<()> {
    let folder = Scratch::make(project, FOLDER)?;
    write(&folder, Header::new(project), MADE, &(request.cache_key(), made))?;
    folder.put(&staged(MADE), MADE)
}

/// Where what is new is written until it appears.
pub(crate) struct Beside<'a> {
    folder: &'a Scratch,
    header: Header,
}

impl Beside<'_> {
    pub(crate) fn write<T: Serialize>(&self, name: &str, value: &T) -> io::Result<()> {
        write(self.folder, self.header, name, value)
    }
}

/// A file's header and content, where a run of this project wrote it here.
fn read<T: DeserializeOwned>(folder: &Scratch, project: &Project, name: &str) -> Option<(Header, T)> {
    let mut file = folder.read(name).ok()?;
    let header = Header::of(&mut file, project)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    Some((header, postcard::from_bytes(&bytes).ok()?))
}

fn write<T: Serialize>(folder: &Scratch, header: Header, name: &str, value: &T) -> io::Result<()> {
    let mut file = io::BufWriter::with_capacity(256 << 10, folder.create(&staged(name))?);
    header.write(&mut file)?;
    postcard::to_io(value, file).map_err(io::Error::other)?.flush()
}
