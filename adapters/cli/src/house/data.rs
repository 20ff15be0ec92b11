//! Where a project's decisions are kept on this machine: outside the work tree, so that `git clean` cannot take them.

use crate::failure::Failure;
use codexa_chassis::settings::Secret;
use codexa_config::Options;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The folder of a project's data, readable by its owner alone.
#[derive(Clone, Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
}

/// The right to be the project's house on this machine. It ends with the value, also where the process is killed.
#[derive(Debug)]
pub(crate) struct Hold {
    _file: File,
}

impl DataFolder {
    /// `$XDG_DATA_HOME/codexa/ID`, else `~/.local/share/codexa/ID`.
    pub fn of(options: &Options, project_id: &str) -> Result<Self, Failure> {
        let named = options.environment.get("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let base = named.or_else(|| options.home().map(|home| home.join(".local/share"))).ok_or_else(|| {
            Failure::blocked("DATA_NO_HOME", "there is no place for decisions: neither HOME nor XDG_DATA_HOME is set")
                .with_help("set XDG_DATA_HOME to a folder that is kept")
        })?;
        Ok(Self { path: base.join("codexa").join(project_id) })
    }

    /// Makes the folder where it is not there.
    pub fn made(&self) -> Result<(), Failure> {
        let failed = |error: io::Error| {
            Failure::blocked("DATA_WRITE", format!("{}: {error}", self.path.display()))
                .with_help("decisions are kept there; make it writable, or set XDG_DATA_HOME")
        };
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path).map_err(failed)?;
        fs::set_permissions(&self.path, fs::Permissions::from_mode(0o700)).map_err(failed)
    }

    /// Whether decisions were ever made here.
    pub fn is_in_use(&self) -> bool {
        self.store().exists() || self.socket().exists()
    }

    /// The store of decisions.
    pub fn store(&self) -> PathBuf {
        self.path.join("decisions.sqlite")
    }

    /// Takes the right to be the project's house. What a process leaves in files outlives it; a lock does not.
    pub fn hold(&self) -> Result<Hold, Failure> {
        self.made()?;
        let path = self.path.join("house.lock");
        let failed = |error: io::Error| Failure::blocked("DATA_WRITE", format!("{}: {error}", path.display()));
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).clone();
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&file)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // For people who ask who has it; nothing relies on it.
        file.set_len(0).and_then(|()| write!(file, "{}", std::process::id())).map_err(failed)?;
        Ok(Hold { _file: file })
    }

    /// Where a running `codexa up` listens for this machine's commands.
    pub fn socket(&self) -> PathBuf {
        self.path.join("gateway.sock")
    }

    /// The inbox of a chat platform.
    pub fn inbox(&self, platform: &str) -> PathBuf {
        self.path.join(format!("{platform}-inbox.sqlite"))
    }

    /// The file of a secret.
    pub fn secret_file(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.token"))
    }

    /// A secret that is made once and kept in a file of its own.
    pub fn secret(&self, name: &str) -> Result<Secret, Failure> {
        let file = self.secret_file(name);
        let failed = |error: io::Error| Failure::blocked("DATA_WRITE", format!("{}: {error}", file.display()));
        match read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            read => return read.map(Secret::new).map_err(failed),
        }
        self.made()?;
        // Whole or not at all, and never over one that another process made meanwhile.
        let secret = codexa_governance::secret();
        let beside = self.path.join(format!("{name}.{}", uuid::Uuid::new_v4().simple()));
        let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(failed)?;
        new.write_all(secret.as_bytes()).and_then(|()| new.sync_all()).map_err(failed)?;
        let linked = fs::hard_link(&beside, &file);
        fs::remove_file(&beside).map_err(failed)?;
        match linked {
            Ok(()) => Ok(Secret::new(secret)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(&file).map(Secret::new).map_err(failed),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Another process is the project's house.
fn held(file: &File) -> Failure {
    let mut pid = String::new();
    let signed = file.take(20).read_to_string(&mut pid).is_ok_and(|_| pid.parse::<u32>().is_ok());
    let who = if signed { format!(" (process {pid})") } else { String::new() };
    Failure::blocked("UP_RUNNING", format!("`codexa up` runs already for this project{who}"))
        .with_help("use that one, or stop it")
}

fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(file)?.take(1 << 10).read_to_string(&mut text)?;
    Ok(text.trim().to_owned())
}
