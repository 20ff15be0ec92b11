//! Copies of real repositories to measure on, so that the originals are only read.

use crate::Compare;
use crate::cases::progress;
use crate::error::{Error, at};
use crate::measure::{output, output_of, pause, quietly};
use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Where copies lie, and the programs that work on them.
pub(crate) struct Subjects<'a> {
    repos: Option<&'a Path>,
    scratch: PathBuf,
    codexa: &'a Path,
    /// Threads for Codexa and for the floor.
    pub(crate) threads: usize,
    /// How many folders lie in the one of what was forgotten.
    forgotten: Cell<u64>,
}

/// Where what runs left is put away until the end.
const FORGOTTEN: &str = "forgotten";
/// The file whose age says when that was last deleted.
const DELETED: &str = "deleted";
/// How long a deletion slows down who makes files. An ext4 without a journal gives out an inode again only five minutes and more
/// after its file was deleted, and for every new file looks at each such inode first.
const REST: Duration = Duration::from_secs(7 * 60);

impl Drop for Subjects<'_> {
    fn drop(&mut self) {
        delete_forgotten(&self.scratch);
    }
}

impl<'a> Subjects<'a> {
    pub(crate) fn new(compare: &'a Compare) -> Result<Self, Error> {
        let scratch = compare.scratch.clone().unwrap_or_else(cache);
        fs::create_dir_all(&scratch).map_err(at(&scratch))?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = compare.threads.unwrap_or(cores);
        // Of a bench that was ended before its end.
        delete_forgotten(&scratch);
        let forgotten = Cell::new(0);
        Ok(Self { repos: compare.repos.as_deref(), scratch, codexa: &compare.codexa, threads, forgotten })
    }

    /// A clone of the repository of that name.
    pub(crate) fn clone(&self, name: &str) -> Result<PathBuf, Error> {
        let from = self.original(name)?;
        let to = self.scratch.join(name);
        let head = |at: &Path| output(git(at).args(["rev-parse", "HEAD"])).unwrap_or_default();
        if !to.exists() || head(&from) != head(&to) {
            remove(&to)?;
            quietly(Command::new("git").args(["clone", "--quiet", "--no-hardlinks", "--no-tags"]).arg(&from).arg(&to))?;
            self.scaffold(&to)?;
        }
        Ok(to)
    }

    /// A copy of a tree that is no repository, made into one that tracks every file, whatever its `.gitignore` says.
    pub(crate) fn tree(&self, name: &str) -> Result<PathBuf, Error> {
        let from = self.original(name)?;
        self.repository(name, |to| quietly(Command::new("cp").args(["-a", "--reflink=auto"]).arg(&from).arg(to)))
    }

    /// The standard library of CPython 3.11 as a repository, without what pip installed into it.
    pub(crate) fn standard_library(&self) -> Result<PathBuf, Error> {
        let mut python = Command::new("python3.11");
        let asked = output(python.args(["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]));
        let from = PathBuf::from(asked.map_err(|_| Error::Absent("no python3.11 here".to_owned()))?.trim());
        self.repository("cpython-3.11-stdlib", |to| {
            quietly(Command::new("cp").args(["-a", "--reflink=auto"]).arg(&from).arg(to))?;
            remove(&to.join("site-packages"))?;
            quietly(Command::new("find").arg(to).args([
                "-name",
                "__pycache__",
                "-prune",
                "-exec",
                "rm",
                "-r",
                "{}",
                "+",
            ]))
        })
    }

    /// A repository without a work tree and with a million files, which are a thousand names in each of a thousand folders
    /// for one and the same content: small on disk, and as large as any other to whoever reads it.
    pub(crate) fn million(&self) -> Result<PathBuf, Error> {
        let to = self.scratch.join("million.git");
        remove(&to)?;
        quietly(Command::new("git").args(["init", "--quiet", "--bare"]).arg(&to))?;
        let written = |name: &str, content: &str| {
            let path = to.join(name);
            fs::write(&path, content).map_err(at(&path))?;
            fs::File::open(&path).map_err(at(&path))
        };
        let id = |arguments: &[&str], input: fs::File| {
            output_of(git(&to).args(arguments), input).map(|id| id.trim().to_owned())
        };
        let content = "def sign(x):\n    if x < 0:\n        return -1\n    return 1\n";
        let file = id(&["hash-object", "-w", "--stdin"], written("content", content)?)?;
        let files: String = (0..1000).map(|n| format!("100644 blob {file}\tm{n:03}.py\n")).collect();
        let folder = id(&["mktree"], written("files", &files)?)?;
        let folders: String = (0..1000).map(|n| format!("040000 tree {folder}\tp{n:03}\n")).collect();
        let root = id(&["mktree"], written("folders", &folders)?)?;
        let author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
        let commit = output(git(&to).args(author).args(["commit-tree", &root, "-m", "a million files"]))?;
        quietly(git(&to).args(["update-ref", "HEAD", commit.trim()]))?;
        Ok(to)
    }

    /// The `codexa` command on a project, with caches and data of its own.
    pub(crate) fn codexa(&self, project: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.codexa);
        for (variable, folder) in
            [("XDG_CACHE_HOME", "cache"), ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config")]
        {
            command.env(variable, self.scratch.join("xdg").join(folder));
        }
        command.args(arguments).arg("--project").arg(project);
        command
    }

    /// Discovery of a project in one mode.
    pub(crate) fn discover(&self, project: &Path, mode: &str) -> Command {
        self.codexa(project, &["discover", "--mode", mode, "--threads", &self.threads.to_string()])
    }

    /// Forgets everything that Codexa knows of a project, so that the next run is a cold one.
    ///
    /// It is put away, not deleted: ext4 gives no inode again that was freed within seconds, and a run right after a deletion
    /// spends a fifth of its time looking for others.
    pub(crate) fn forget(&self, project: &Path) -> Result<(), Error> {
        for folder in ["state", "manifests", "logs"] {
            self.put_away(&project.join(".codexa").join(folder))?;
        }
        // Where nobody asked for settings, an empty folder would ask for them.
        let _ = fs::remove_dir(project.join(".codexa"));
        self.put_away(&self.scratch.join("xdg"))
    }

    /// Waits until what the last bench deleted no longer slows down this one.
    pub(crate) fn rest(&self) {
        let deleted = fs::metadata(self.scratch.join(DELETED)).and_then(|deleted| deleted.modified()).ok();
        let age = deleted.and_then(|deleted| deleted.elapsed().ok());
        if let Some(left) = age.and_then(|age| REST.checked_sub(age)) {
            progress(&format!("waiting {} s, until the last bench's deletions are over", left.as_secs()));
            pause(left);
        }
    }

    fn put_away(&self, folder: &Path) -> Result<(), Error> {
        if !folder.exists() {
            return Ok(());
        }
        let away = self.scratch.join(FORGOTTEN);
        fs::create_dir_all(&away).map_err(at(&away))?;
        self.forgotten.set(self.forgotten.get() + 1);
        fs::rename(folder, away.join(self.forgotten.get().to_string())).map_err(at(folder))
    }

    /// A file beside the copies.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// The clone itself, for what only reads its objects; it may have no work tree.
    pub(crate) fn original(&self, name: &str) -> Result<PathBuf, Error> {
        let repos =
            self.repos.ok_or_else(|| Error::Absent("no folder of clones was given (REPOS=/path)".to_owned()))?;
        let path = repos.join(name);
        if path.is_dir() { Ok(path) } else { Err(Error::Absent(format!("no {name} in {}", repos.display()))) }
    }

    /// A repository made from files, once: it is complete when its first commit stands.
    fn repository(&self, name: &str, copy: impl Fn(&Path) -> Result<(), Error>) -> Result<PathBuf, Error> {
        let to = self.scratch.join(name);
        if output(git(&to).args(["rev-parse", "--verify", "--quiet", "HEAD"])).is_err() {
            remove(&to)?;
            copy(&to)?;
            quietly(git(&to).args(["init", "--quiet"]))?;
            quietly(git(&to).args(["add", "--force", "--all"]))?;
            let author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
            quietly(git(&to).args(author).args(["commit", "--quiet", "--message", "as it was found"]))?;
            self.scaffold(&to)?;
        }
        Ok(to)
    }

    fn scaffold(&self, project: &Path) -> Result<(), Error> {
        quietly(&mut self.codexa(project, &["init"]))
    }
}

/// `git -C FOLDER`, without the configuration of the machine.
pub(crate) fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").arg("-C").arg(folder);
    command
}

fn cache() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    cache.or_else(home).unwrap_or_else(|| PathBuf::from(".")).join("codexa/bench")
}

fn delete_forgotten(scratch: &Path) {
    if fs::remove_dir_all(scratch.join(FORGOTTEN)).is_ok() {
        let _ = fs::write(scratch.join(DELETED), "");
    }
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}
