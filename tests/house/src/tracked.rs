//! What git tracks is text: nothing that a build, an install or an archiver left behind.

use crate::Workspace;
use std::fs;
use std::io;
use std::process::Command;

/// How files begin that hold no text, and what they are. Most hold a NUL byte as well; compressed ones need not.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive (a wheel, a jar)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"!<arch>\n", "an ar archive (a static library, a Debian package)"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG"),
    (b"GIF8", "a GIF"),
    (b"\xff\xd8\xff", "a JPEG"),
];

/// Tracked files that are binaries or archives. There is no list of exceptions, because none is needed.
#[must_use]
pub fn all_is_text(workspace: &Workspace) -> Vec<String> {
    let paths = match tracked(workspace) {
        Ok(paths) => paths,
        Err(why) => return vec![format!("git did not say what it tracks: {why}")],
    };
    let mut broken = Vec::new();
    for path in paths {
        match fs::read(workspace.root.join(&path)) {
            Ok(content) => broken.extend(no_text(&content).map(|what| format!("{path} is tracked and is {what}"))),
            // Deleted and not yet committed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => broken.push(format!("{path} is tracked and cannot be read: {error}")),
        }
    }
    broken
}

/// The paths in git's index.
fn tracked(workspace: &Workspace) -> Result<Vec<String>, String> {
    let mut git = Command::new("git");
    let output =
        git.args(["ls-files", "-z"]).current_dir(&workspace.root).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim_end().to_owned());
    }
    let names = String::from_utf8_lossy(&output.stdout);
    let paths: Vec<String> = names.split_terminator('\0').map(str::to_owned).collect();
    if paths.is_empty() { Err("nothing is tracked".to_owned()) } else { Ok(paths) }
}

/// What a file is that is not text.
fn no_text(content: &[u8]) -> Option<&'static str> {
    let known = MAGIC.iter().find(|(magic, _)| content.starts_with(magic)).map(|(_, what)| *what);
    known.or_else(|| content.contains(&0).then_some("binary: it holds a NUL byte"))
}
