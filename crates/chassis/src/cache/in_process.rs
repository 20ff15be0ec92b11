//! The cache within one process: what was used longest ago goes first.

use super::Cache;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How much a cache keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Keys and values together; a value that alone is larger is not kept.
    pub bytes: usize,
    /// How many values.
    pub entries: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { bytes: 16 << 20, entries: 10_000 }
    }
}

/// Clones are the same cache.
#[derive(Clone, Debug)]
pub struct InProcess(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    bounds: Bounds,
    bytes: usize,
    entries: BTreeMap<String, Entry>,
    /// Keys by when they were last used.
    by_use: BTreeMap<u64, String>,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    value: Vec<u8>,
    until: Instant,
    used: u64,
}

impl InProcess {
    /// An empty cache.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        let (entries, by_use) = (BTreeMap::new(), BTreeMap::new());
        Self(Arc::new(Mutex::new(Kept { bounds, bytes: 0, entries, by_use, uses: 0 })))
    }

    /// A panic within could at worst leave a value counted that is not there.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Cache for InProcess {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.kept().get(key, Instant::now())
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) {
        let now = Instant::now();
        // A time too far away to be told is as good as a century.
        let until = now.checked_add(ttl).unwrap_or(now + Duration::from_secs(100 * 365 * 86_400));
        self.kept().put(key, value, until);
    }

    async fn forget(&self, key: &str) {
        self.kept().remove(key);
    }
}

impl Kept {
    fn get(&mut self, key: &str, now: Instant) -> Option<Vec<u8>> {
        if self.entries.get(key)?.until <= now {
            self.remove(key);
            return None;
        }
        let used = self.next_use();
        let entry = self.entries.get_mut(key)?;
        self.by_use.remove(&entry.used);
        self.by_use.insert(used, key.to_owned());
        entry.used = used;
        Some(entry.value.clone())
    }

    fn put(&mut self, key: &str, value: &[u8], until: Instant) {
        self.remove(key);
        let size = key.len() + value.len();
        if size > self.bounds.bytes || self.bounds.entries == 0 {
            return;
        }
        self.make_room(size);
        let used = self.next_use();
        self.bytes += size;
        self.by_use.insert(used, key.to_owned());
        self.entries.insert(key.to_owned(), Entry { value: value.to_owned(), until, used });
    }

    fn make_room(&mut self, size: usize) {
        while self.bytes + size > self.bounds.bytes || self.entries.len() >= self.bounds.entries {
            let Some((_, oldest)) = self.by_use.pop_first() else { return };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, key: &str) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= key.len() + entry.value.len();
            self.by_use.remove(&entry.used);
        }
    }

    const fn next_use(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }
}
