//! Files of workspaces, as governance sees them. They are read and compared on blocking threads, and remembered while the file
//! system says that they are as they were: whoever holds the writer's turn looks at stamps, and not at bytes.

use crate::refusal::{Kind, Refusal};
use crate::subject::{self, File, Of, Subject};
use codexa_ledger::Hash;
use codexa_project::stat::Moment;
use codexa_project::{FileStat, Project, ProjectError, ReadError, Reader, path};
use codexa_proto::v1;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Bytes of files that are remembered at most, and comparisons of two files.
const MAX_REMEMBERED: usize = 64 << 20;
const MAX_COMPARED: usize = 1_000;

/// How long files are compared for one card. What is not done by then is still right, and not the shortest.
const COMPARING: Duration = Duration::from_millis(200);

/// Files of a project. Clones share what is remembered.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    project: Project,
    project_id: String,
    read: Mutex<Read>,
    compared: Mutex<BTreeMap<(Hash, Hash), v1::Changed>>,
}

/// What was read.
#[derive(Debug, Default)]
struct Read {
    files: BTreeMap<String, Remembered>,
    bytes: usize,
}

#[derive(Debug)]
struct Remembered {
    file: File,
    stat: FileStat,
    /// When it was looked at.
    at: Moment,
}

/// Two states of a file.
#[derive(Debug)]
pub(crate) struct Pair {
    pub path: String,
    pub before: Vec<u8>,
    pub after: Arc<[u8]>,
}

impl Files {
    pub fn new(project: Project, project_id: String) -> Self {
        let inner = Inner { project, project_id, read: Mutex::default(), compared: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// The project's id.
    pub fn project_id(&self) -> &str {
        &self.inner.project_id
    }

    /// What a gate would approve now.
    pub async fn subject(&self, of: Of) -> Result<Subject, Refusal> {
        let mut subjects = self.subjects(vec![of]).await?;
        subjects.pop().ok_or_else(|| cut_off("no subject"))
    }

    /// What gates would approve now, in their order.
    pub async fn subjects(&self, of: Vec<Of>) -> Result<Vec<Subject>, Refusal> {
        Ok(self.blocking(move |inner| of.into_iter().map(|of| inner.subject(of)).collect::<Result<_, _>>()).await??)
    }

    /// What changed between states of files; those that did not are left out.
    pub async fn changed(&self, pairs: Vec<Pair>) -> Result<Vec<v1::Changed>, Refusal> {
        self.blocking(move |inner| {
            let end = Instant::now() + COMPARING;
            pairs.into_iter().filter_map(|pair| inner.changed(pair, end)).collect()
        })
        .await
    }

    /// The commit that the project stands on; `None` where there is none, or it cannot be read.
    pub async fn base(&self) -> Option<String> {
        let base = |inner: &Inner| Some(inner.project.head().ok().flatten()?.commit?.to_string());
        self.blocking(base).await.ok().flatten()
    }

    /// The names of the workspaces that are there.
    pub async fn workspaces(&self) -> Result<Vec<Box<str>>, Refusal> {
        self.blocking(|inner| match inner.project.reader()?.folders("changes") {
            Ok(names) => Ok(names),
            Err(ReadError::Missing) => Ok(Vec::new()),
            Err(why) => {
                let message = format!("the folder of workspaces, changes, cannot be read: {why}");
                Err(Refusal::conflict("WORKSPACES_UNREADABLE", message, "mend it, and say it again"))
            }
        })
        .await?
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&Inner) -> T + Send + 'static) -> Result<T, Refusal> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(|error| cut_off(&error.to_string()))
    }
}

/// Work on files that did not come to its end.
fn cut_off(why: &str) -> Refusal {
    Refusal::new(Kind::Internal, "FILES_UNREAD", format!("files were not read to the end: {why}"), "say it again")
}

impl Inner {
    /// Files are read without leaving the project and without following links.
    fn subject(&self, of: Of) -> Result<Subject, ProjectError> {
        let reader = self.project.reader()?;
        let mut files = Vec::with_capacity(of.rule.covers.len());
        let mut obstacle = None;
        for name in &of.rule.covers {
            let path = format!("changes/{}/{name}", of.change);
            files.push(self.file(&reader, &path).unwrap_or_else(|why| {
                let why = match why {
                    ReadError::Missing => "it is not there".to_owned(),
                    other => other.to_string(),
                };
                obstacle.get_or_insert(format!("{path} cannot be approved: {why}"));
                File::missing(path)
            }));
        }
        Ok(Subject::new(&self.project_id, of, files, obstacle))
    }

    fn file(&self, reader: &Reader, path: &str) -> Result<File, ReadError> {
        let key = path::text(path.as_bytes());
        let at = Moment::now();
        if let Some(file) = self.remembered(reader, &key) {
            return Ok(file);
        }
        let content = reader.read(&key, subject::MAX_BYTES)?;
        let file = File::new(path.to_owned(), &content.bytes);
        if let Some(stat) = content.stat {
            self.remember(&key, Remembered { file: file.clone(), stat, at });
        }
        Ok(file)
    }

    fn remembered(&self, reader: &Reader, key: &str) -> Option<File> {
        let stat = reader.stat(key)?;
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let before = read.files.get(key)?;
        stat.is_unchanged_since(&before.stat, before.at).then(|| before.file.clone())
    }

    /// Everything is forgotten where it would be too much: what is looked at now is remembered again.
    fn remember(&self, key: &str, new: Remembered) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.bytes += new.file.content.len();
        if let Some(old) = read.files.insert(key.to_owned(), new) {
            read.bytes = read.bytes.saturating_sub(old.file.content.len());
        }
        if read.bytes > MAX_REMEMBERED {
            *read = Read::default();
        }
    }

    fn changed(&self, pair: Pair, end: Instant) -> Option<v1::Changed> {
        let key = (Hash::of(&pair.before), Hash::of(&pair.after));
        if key.0 == key.1 {
            return None;
        }
        let known = self.compared.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return Some(v1::Changed { path: pair.path, ..known });
        }
        let changed = subject::changed(&pair.path, &pair.before, &pair.after, end);
        // What was cut short is compared again when there is time.
        if Instant::now() < end {
            let mut compared = self.compared.lock().unwrap_or_else(PoisonError::into_inner);
            if compared.len() >= MAX_COMPARED {
                compared.clear();
            }
            compared.insert(key, changed.clone());
        }
        Some(changed)
    }
}
