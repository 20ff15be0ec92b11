//! What the machine has to offer, checked without running anything of the project.

use crate::failure::Exit;
use codexa_config::{FOLDER, Options, Resolution, Settings};
use codexa_discovery::engine::DiscoverError;
use codexa_discovery::scan::{ScanOptions, scan};
use codexa_discovery::workers::Confinement;
use codexa_project::{Lack, Project};
use rustix::fs::{Access, access, statvfs};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Below this much free space a run may not be able to write what it finds.
const LOW_SPACE: u64 = 200 << 20;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// In order.
    Ok,
    /// Worth a look; runs go on.
    Check,
    /// Runs cannot work.
    Blocks,
}

impl State {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Check => "check",
            Self::Blocks => "blocks",
        }
    }
}

/// One check.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) state: State,
    pub(super) detail: String,
    pub(super) help: Option<String>,
}

impl Check {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Ok, detail: detail.into(), help: None }
    }

    fn bad(name: &'static str, state: State, detail: impl Into<String>, help: &str) -> Self {
        Self { name, state, detail: detail.into(), help: Some(help.to_owned()) }
    }
}

pub(super) fn exit_of(checks: &[Check]) -> Exit {
    match checks.iter().map(|check| check.state).max() {
        None | Some(State::Ok) => Exit::Well,
        Some(State::Check) => Exit::Findings,
        Some(State::Blocks) => Exit::Blocked,
    }
}

/// Every check, in a fixed order.
pub(super) fn checks(resolution: &Resolution, options: &Options) -> Vec<Check> {
    let root = &resolution.root;
    let files = files(root, resolution.settings.as_ref());
    let parsers = Check::ok("parsers", Confinement::of_this_kernel().to_string());
    vec![git(root, options), repository(root), files, permissions(root), space(root), caches(root), parsers]
}

fn git(root: &Path, options: &Options) -> Check {
    const HELP: &str = "Codexa reads repositories itself; git is needed to commit and for worktrees: install git";
    let path = options.environment.get("PATH").map(String::as_str).unwrap_or_default();
    let found = std::env::split_paths(path)
        // A folder of the project on PATH would run what a stranger put there.
        .filter(|folder| folder.is_absolute() && !folder.starts_with(root))
        .map(|folder| folder.join("git"))
        .find(|file| access(file, Access::EXEC_OK).is_ok() && file.is_file());
    let Some(file) = found else { return Check::bad("git", State::Check, "not found on PATH", HELP) };
    let output = Command::new(&file)
        .arg("--version")
        .current_dir("/")
        .env_clear()
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    match output.ok().filter(|output| output.status.success()).and_then(|output| String::from_utf8(output.stdout).ok())
    {
        Some(version) => Check::ok("git", format!("{} ({})", version.trim(), file.display())),
        None => Check::bad("git", State::Check, format!("`{}` does not answer", file.display()), HELP),
    }
}

fn repository(root: &Path) -> Check {
    let lacks = Project::open(root).and_then(|project| project.lacks());
    match lacks {
        Err(error) => {
            let help = "discovery reads the repository through the same door";
            Check::bad("repository", State::Blocks, error.to_string(), help)
        }
        Ok(lacks) => {
            let lacks = lacks.iter().filter(|lack| **lack != Lack::NoConfiguration).map(ToString::to_string);
            let lacks: Vec<String> = lacks.collect();
            if lacks.is_empty() {
                Check::ok("repository", "a git work tree with its history")
            } else {
                let help = "runs go on and say what they lack";
                Check::bad("repository", State::Check, lacks.join("; "), help)
            }
        }
    }
}

/// Whether any file is left to read. Discovery's own scan decides, so that both say the same.
fn files(root: &Path, settings: Option<&Settings>) -> Check {
    let options = settings.map_or_else(ScanOptions::default, |settings| ScanOptions {
        skip: settings.discovery.skip_paths.clone(),
        focus: settings.discovery.focus.clone(),
        generated: settings.discovery.generated.clone(),
        vendored: settings.discovery.vendored.clone(),
        max_files: settings.discovery.limits.max_files,
        max_file_bytes: settings.discovery.limits.max_file_bytes,
        ..ScanOptions::default()
    });
    let scanned = Project::open(root).map_err(Into::into).and_then(|project| scan(&project, &options, &|| false));
    let scan = match scanned {
        Ok(scan) => scan,
        Err(error) => {
            let message = error.to_string();
            return Check::bad("files", State::Blocks, message, DiscoverError::from(error).help());
        }
    };
    // Of rules that hide the same number, the first in the file.
    let most = scan.hidden_by.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
    match (scan.files.len(), scan.untracked.files, most) {
        (0, 0, Some((rule, entries))) => Check::bad(
            "files",
            State::Blocks,
            format!("ignore rules hide everything: `{}` in {}:{} hides {entries}", rule.pattern, rule.file, rule.line),
            "narrow the rule; there is nothing to discover",
        ),
        (0, 0, None) => Check::bad("files", State::Check, "there are none yet", "there is nothing to discover"),
        (0, untracked, _) => {
            let help = "`git add` what belongs to the project; untracked files are not modelled";
            Check::bad("files", State::Check, format!("none tracked, {untracked} untracked"), help)
        }
        (files, ..) => Check::ok("files", format!("{files} to read")),
    }
}

fn permissions(root: &Path) -> Check {
    let folder = root.join(FOLDER);
    let place = if folder.is_dir() { folder } else { root.to_owned() };
    let shown = place.display();
    if access(&place, Access::READ_OK | Access::EXEC_OK).is_err() {
        let help = "give this user read access to the project";
        return Check::bad("permissions", State::Blocks, format!("`{shown}` cannot be read"), help);
    }
    if access(&place, Access::WRITE_OK).is_err() {
        let help = "manifests cannot be written here; give this user write access, or work on a clone";
        return Check::bad("permissions", State::Check, format!("`{shown}` cannot be written"), help);
    }
    Check::ok("permissions", format!("`{shown}` is readable and writable"))
}

fn space(root: &Path) -> Check {
    match statvfs(root) {
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            let detail = format!("{} free", megabytes(free));
            if free < LOW_SPACE {
                Check::bad("disk", State::Check, detail, "free some space; a run stops whole when the disk is full")
            } else {
                Check::ok("disk", detail)
            }
        }
        Err(error) => {
            Check::bad("disk", State::Check, format!("free space is not known: {error}"), "look at the mount")
        }
    }
}

fn caches(root: &Path) -> Check {
    let state = root.join(FOLDER).join("state");
    let kind = state.symlink_metadata().map(|metadata| metadata.file_type());
    match kind {
        Err(_) => Check::ok("caches", "none yet"),
        Ok(kind) if !kind.is_dir() => {
            let help = "remove `.codexa/state`; it is made again";
            Check::bad("caches", State::Blocks, "`.codexa/state` is not a folder", help)
        }
        Ok(_) if access(&state, Access::WRITE_OK | Access::EXEC_OK).is_err() => {
            let help = "remove `.codexa/state`, or give this user write access; it is made again";
            Check::bad("caches", State::Check, "`.codexa/state` cannot be written", help)
        }
        Ok(_) => Check::ok("caches", format!("{} in `.codexa/state`", megabytes(size(&state)))),
    }
}

/// Bytes below a folder, without following links; stops counting after 100,000 entries.
fn size(folder: &Path) -> u64 {
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    let mut bytes = 0_u64;
    let mut seen = 0_u32;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            seen += 1;
            if seen > 100_000 {
                return bytes;
            }
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => open.push(entry.path()),
                Ok(metadata) => bytes = bytes.saturating_add(metadata.len()),
                Err(_) => {}
            }
        }
    }
    bytes
}

fn megabytes(bytes: u64) -> String {
    match bytes >> 20 {
        0 if bytes > 0 => "under 1 MiB".to_owned(),
        small if small < 10_240 => format!("{small} MiB"),
        large => format!("{} GiB", large >> 10),
    }
}
