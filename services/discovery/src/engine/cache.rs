//! What a run leaves for the next one and for queries, under `.codexa/state/cache/`. It may be deleted at any time.
//!
//! - `records`: every file's record with the state it had on disk, so that unchanged files are not read again.
//! - `symbols`: every file's symbols with their spans and measures, one file after another; `records` says where. A re-run
//!   appends what is new and leaves the rest; when less than half of it is in use it is written anew.
//! - `model`: the model, from which queries answer, and where in `symbols` each of its files lies.
//!
//! Each is replaced by renaming, and none is trusted: whatever does not decode is as if it were not there.

use super::request::Request;
use crate::model::Model;
use crate::query::text::plural;
use crate::record::{FileClass, FileLinks, FileRecord};
use codexa_model::Language;
use codexa_model::facts::Symbol;
use codexa_model::relation::Package;
use codexa_project::stat::Moment;
use codexa_project::{FOLDER, FileStat, Project};
use codexa_resolve::external::Survey;
use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

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

#[derive(Serialize, Deserialize)]
struct Records {
    key: String,
    recorded: Moment,
    /// Length of `symbols` when this was written.
    symbols_bytes: u64,
    surroundings: Surroundings,
    entries: Vec<Entry>,
}

/// What links were resolved from, besides each file itself, and what else was read from manifests.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Surroundings {
    /// Hash over which files there are and what they define.
    pub(crate) world: [u8; 16],
    /// Files whose content was read on the way: manifests, lock files, settings of compilers.
    pub(crate) manifests: Vec<Box<str>>,
    /// What they declare.
    pub(crate) packages: Vec<Package>,
    pub(crate) survey: Survey,
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
    symbols_bytes: u64,
    entries: FxHashMap<Box<str>, Entry>,
}

impl Cache {
    /// Whether a run left anything.
    pub(crate) fn is_there(project: &Project) -> bool {
        folder(project).join("records").exists()
    }

    /// What the last run left, where the same program with the same limits left it; else nothing.
    pub(crate) fn load(project: &Project, request: &Request) -> Self {
        let Some(records) = read::<Records>(&folder(project).join("records")) else { return Self::default() };
        if records.key != request.cache_key() {
            return Self::default();
        }
        Self {
            recorded: Some(records.recorded),
            surroundings: records.surroundings,
            symbols_bytes: records.symbols_bytes,
            entries: records.entries.into_iter().map(|entry| (entry.record.path.clone(), entry)).collect(),
        }
    }

    pub(crate) fn take(&mut self, path: &str) -> Option<Entry> {
        self.entries.remove(path)
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }
}

/// Symbols on their way to the cache. New ones are appended behind what the last run left.
#[derive(Debug)]
pub(crate) struct SymbolsWriter {
    path: PathBuf,
    file: Option<io::BufWriter<File>>,
    end: u64,
}

impl SymbolsWriter {
    pub(crate) fn new(project: &Project, cache: &Cache) -> Self {
        Self { path: folder(project).join("symbols"), file: None, end: cache.symbols_bytes }
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

    fn open(&mut self) -> io::Result<io::BufWriter<File>> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&self.path)?;
        // What a run that died appended behind the known end is overwritten.
        if file.metadata()?.len() < self.end {
            self.end = 0;
        }
        file.set_len(self.end)?;
        file.seek(SeekFrom::Start(self.end))?;
        Ok(io::BufWriter::with_capacity(256 << 10, file))
    }

    fn finish(mut self) -> io::Result<u64> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        Ok(self.end)
    }
}

/// What the next run and queries need, written beside what is there.
#[must_use = "it appears when it is told to"]
pub(crate) struct Staged {
    folder: PathBuf,
}

impl Staged {
    /// Puts it in the place of what the last run left.
    pub(crate) fn appear(self) -> io::Result<()> {
        ["model", "records"].into_iter().try_for_each(|name| {
            let path = self.folder.join(name);
            fs::rename(path.with_extension("new"), path)
        })
    }
}

/// Writes what the next run and queries need. Not forced to disk: after a crash of the machine a torn file does not decode,
/// and the next run reads everything.
pub(crate) fn stage(
    project: &Project,
    request: &Request,
    recorded: Moment,
    surroundings: Surroundings,
    symbols: SymbolsWriter,
    mut entries: Vec<Entry>,
    model: &Model,
) -> io::Result<Staged> {
    let folder = folder(project);
    fs::create_dir_all(&folder)?;
    let mut symbols_bytes = symbols.finish()?;
    let used: u64 = entries.iter().filter_map(|entry| entry.symbols).map(|place| u64::from(place.length)).sum();
    if symbols_bytes > used.saturating_mul(2).saturating_add(WASTE) {
        symbols_bytes = compact(&folder.join("symbols"), &mut entries)?;
    }
    let places = places(&entries, model);
    write(&folder.join("model"), &Storing { writer: WRITER, places, model })?;
    write(
        &folder.join("records"),
        &Records { key: request.cache_key(), recorded, symbols_bytes, surroundings, entries },
    )?;
    Ok(Staged { folder })
}

/// Writes `symbols` anew with only what is in use.
fn compact(path: &Path, entries: &mut [Entry]) -> io::Result<u64> {
    let mut old = File::open(path)?;
    let fresh = path.with_extension("new");
    let mut new = io::BufWriter::new(File::create(&fresh)?);
    let mut end = 0;
    for place in entries.iter_mut().filter_map(|entry| entry.symbols.as_mut()) {
        new.write_all(&stretch(&mut old, *place)?)?;
        place.offset = end;
        end += u64::from(place.length);
    }
    new.flush()?;
    fs::rename(&fresh, path)?;
    Ok(end)
}

fn stretch(file: &mut File, place: Place) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place.offset))?;
    let mut bytes = Vec::new();
    file.take(u64::from(place.length)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where the symbols of each of the model's files lie, in its order.
fn places(entries: &[Entry], model: &Model) -> Vec<Option<Place>> {
    let by_path: FxHashMap<&str, Place> =
        entries.iter().filter_map(|entry| Some((&*entry.record.path, entry.symbols?))).collect();
    model.files.iter().map(|file| by_path.get(&*file.path).copied()).collect()
}

/// Raised whenever a type that [`Stored`] holds changes, so that no build misreads what another one left.
const FORMAT: u32 = 1;
const WRITER: (&str, u32) = (env!("CARGO_PKG_VERSION"), FORMAT);

/// What a run left for queries.
#[derive(Debug, Deserialize)]
pub struct Stored {
    /// What wrote it: the version of Codexa and of the format.
    writer: (String, u32),
    places: Vec<Option<Place>>,
    /// The model.
    pub model: Model,
}

#[derive(Serialize)]
struct Storing<'a> {
    writer: (&'static str, u32),
    places: Vec<Option<Place>>,
    model: &'a Model,
}

/// What the last run left for queries; `None` where there is nothing that this version can read.
#[must_use]
pub fn stored(project: &Project) -> Option<Stored> {
    read::<Stored>(&folder(project).join("model"))
        .filter(|stored| (stored.writer.0.as_str(), stored.writer.1) == WRITER)
}

impl Stored {
    /// The symbols of all files, read from disk. Of a file that changed its place meanwhile (another run goes on) there
    /// are none.
    #[must_use]
    pub fn symbols(&self, project: &Project) -> SymbolTables<'_> {
        SymbolTables { bytes: fs::read(folder(project).join("symbols")).unwrap_or_default(), places: &self.places }
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

fn folder(project: &Project) -> PathBuf {
    project.root().join(FOLDER).join("state").join("cache")
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    postcard::from_bytes(&fs::read(path).ok()?).ok()
}

fn write<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let file = io::BufWriter::with_capacity(256 << 10, File::create(path.with_extension("new"))?);
    postcard::to_io(value, file).map_err(io::Error::other)?.flush()
}
