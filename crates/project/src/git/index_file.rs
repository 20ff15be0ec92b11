//! Git's index file, decoded as far as it may be listed.
//!
//! In its fourth version a path only says how it differs from the one before, so that a few bytes unfold to kilobytes; and
//! what follows the entries (caches of git's own) `gix` decodes by recursion over the input. So the file is measured first,
//! and only its entries and the link of a split index reach `gix`.

use super::budget::{BYTES, Budget};
use super::reason;
use crate::tree::{NotRead, read_start};
use gix::bstr::BStr;
use gix::hash::Kind;
use gix::index::{Entry, State};
use std::path::Path;

/// Bytes of an entry beside its path, rounded up.
const ENTRY: usize = 128;
const HEADER: usize = 12;
/// Bytes of an entry before its object's id: times, device, inode, mode, owner and size.
const STAT: usize = 40;
const EXTENDED: u16 = 0x4000;
const LENGTH: u16 = 0x0fff;

/// An index, with the one that it shares entries with where it is split.
pub(super) struct IndexFile {
    own: State,
    shared: Option<State>,
    /// Whether there is more than may be listed.
    pub(super) is_cut: bool,
}

impl IndexFile {
    /// Reads at most `limit` entries; `None` where there is no such file. The error is in words.
    pub(super) fn read(path: &Path, hash: Kind, limit: usize) -> Result<Option<Self>, String> {
        let mut budget = Budget::of_entries(limit);
        let Some((own, mut is_cut)) = decode(path, hash, limit, &mut budget)? else { return Ok(None) };
        let shared = match own.link().filter(|link| !link.shared_index_checksum.is_null()) {
            Some(link) => {
                let name = format!("sharedindex.{}", link.shared_index_checksum);
                let Some((shared, is_shared_cut)) = decode(&path.with_file_name(&name), hash, limit, &mut budget)?
                else {
                    return Err(format!("{name} is missing"));
                };
                is_cut |= is_shared_cut;
                Some(shared)
            }
            None => None,
        };
        Ok(Some(Self { own, shared, is_cut }))
    }

    /// The entries with their paths, in the index's order.
    pub(super) fn entries(&self) -> Result<Vec<(&BStr, &Entry)>, String> {
        let own = self.own.entries().iter().map(|entry| (entry.path(&self.own), entry));
        let Some(shared) = &self.shared else { return Ok(own.collect()) };
        let mut slots: Vec<Option<&Entry>> = shared.entries().iter().map(Some).collect();
        let mut replacing = self.own.entries().iter();
        if let Some(bitmaps) = self.own.link().and_then(|link| link.bitmaps.as_ref()) {
            let replaced = bitmaps.replace.for_each_set_bit(|at| {
                *slots.get_mut(at)? = Some(replacing.next()?);
                Some(())
            });
            let deleted = bitmaps.delete.for_each_set_bit(|at| {
                *slots.get_mut(at)? = None;
                Some(())
            });
            if !self.is_cut && (replaced.is_none() || deleted.is_none()) {
                return Err("the index does not fit the one that it shares entries with".to_owned());
            }
        }
        let paths = shared.entries().iter().map(|entry| entry.path(shared));
        let mut entries: Vec<_> = paths.zip(slots).filter_map(|(path, entry)| Some((path, entry?))).collect();
        entries.extend(replacing.map(|entry| (entry.path(&self.own), entry)));
        entries.sort_by(|a, b| a.0.cmp(b.0).then_with(|| a.1.stage_raw().cmp(&b.1.stage_raw())));
        Ok(entries)
    }
}

/// One index file, and whether it holds more than the budget allows.
fn decode(path: &Path, hash: Kind, limit: usize, budget: &mut Budget) -> Result<Option<(State, bool)>, String> {
    let most = limit.saturating_mul(ENTRY + BYTES).saturating_add(HEADER);
    let (mut bytes, is_short) = match read_start(path, most as u64) {
        Ok(read) => read,
        Err(NotRead::Missing) => return Ok(None),
        Err(error) => return Err(format!("the index: {error}")),
    };
    let id = hash.len_in_bytes();
    let whole = if is_short { bytes.len() } else { bytes.len().saturating_sub(id) };
    let measured = measure(bytes.get(..whole).unwrap_or_default(), id, is_short, budget)?;
    let link = match bytes.get(measured.end..whole) {
        Some(rest) if !measured.is_cut && !is_short => link(rest)?.to_vec(),
        _ => Vec::new(),
    };
    bytes.truncate(measured.end);
    if let Some(count) = bytes.get_mut(8..HEADER) {
        count.copy_from_slice(&measured.entries.to_be_bytes());
    }
    bytes.extend_from_slice(&link);
    // The checksum guards against a broken disk, not against a stranger, and costs as much as reading.
    bytes.resize(bytes.len() + id, 0);
    let options = gix::index::decode::Options {
        thread_limit: Some(1),
        min_extension_block_in_bytes_for_threading: usize::MAX,
        expected_checksum: None,
        alloc_limit_bytes: None,
    };
    let unstamped = State::new(hash).timestamp();
    match State::from_bytes(&bytes, unstamped, hash, options) {
        Ok((state, _)) => Ok(Some((state, measured.is_cut || is_short))),
        Err(error) => Err(reason(&error)),
    }
}

/// The entries that the budget allows.
struct Measured {
    entries: u32,
    /// Where they end.
    end: usize,
    /// Whether there are more.
    is_cut: bool,
}

fn measure(bytes: &[u8], id: usize, is_short: bool, budget: &mut Budget) -> Result<Measured, String> {
    let mut cursor = Cursor { rest: bytes, path: None };
    let header = (cursor.take(4), cursor.number(), cursor.number());
    let (Some(b"DIRC"), Some(version), Some(count)) = header else { return Err("the index has no header".to_owned()) };
    if !(2..=4).contains(&version) {
        return Err(format!("the index is of version {version}, which is not known"));
    }
    for entries in 0..count {
        let end = bytes.len() - cursor.rest.len();
        match cursor.entry(id, version == 4) {
            Some(path) if budget.step(path) => {}
            None if !is_short => return Err(format!("entry {entries} of the index is broken")),
            _ => return Ok(Measured { entries, end, is_cut: true }),
        }
    }
    Ok(Measured { entries: count, end: bytes.len() - cursor.rest.len(), is_cut: false })
}

/// The extension that links a split index to the shared one, with its head; empty where there is none. One that must be
/// understood and is not makes the index unreadable.
fn link(extensions: &[u8]) -> Result<&[u8], String> {
    let mut cursor = Cursor { rest: extensions, path: None };
    let mut link = &[][..];
    loop {
        let start = cursor.rest;
        let (Some(signature), Some(size)) = (cursor.take(4), cursor.number()) else { return Ok(link) };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if cursor.take(size).is_none() {
            return Ok(link);
        }
        match signature {
            b"link" => link = start.get(..size + 8).unwrap_or_default(),
            b"sdir" => {}
            [b'a'..=b'z', ..] => {
                return Err(format!("the index needs the extension `{}`", crate::path::text(signature)));
            }
            _ => {}
        }
    }
}

/// What is left of an index file.
struct Cursor<'a> {
    rest: &'a [u8],
    /// How long the last path was.
    path: Option<usize>,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(head)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn flags(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// Passes over one entry and gives how long its path is once it is unfolded.
    fn entry(&mut self, id: usize, is_folded: bool) -> Option<usize> {
        let before = self.rest.len();
        self.take(STAT + id)?;
        let flags = self.flags()?;
        if flags & EXTENDED != 0 {
            self.flags()?;
        }
        let length = usize::from(flags & LENGTH);
        let path = if is_folded {
            let dropped = self.folded_number()?;
            let kept = match self.path {
                Some(last) => last.checked_sub(usize::try_from(dropped).ok()?)?,
                None => 0,
            };
            kept.checked_add(self.until_nul()?)?
        } else if flags & LENGTH == LENGTH {
            self.until_nul()?
        } else {
            self.take(length)?;
            let used = before - self.rest.len();
            self.take(((used + 8) & !7) - used)?;
            length
        };
        self.path = Some(path);
        Some(path)
    }

    fn until_nul(&mut self) -> Option<usize> {
        let length = self.rest.iter().position(|byte| *byte == 0)?;
        self.take(length + 1)?;
        Some(length)
    }

    /// A number in git's own variable length.
    fn folded_number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        loop {
            let byte = *self.take(1)?.first()?;
            value = value.checked_add(u64::from(byte & 0x7f))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?.checked_mul(128)?;
        }
    }
}
