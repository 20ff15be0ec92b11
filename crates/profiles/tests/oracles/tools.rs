//! The tools, the corpora, and what was said about them before.

use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use codexa_testkit::oracles::{home, installed as program};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A corpus that the script fetched.
pub(crate) fn corpus(below: &str) -> PathBuf {
    program(&format!("corpora/{below}"))
}

/// The standard library of the Python that runs radon.
pub(crate) fn standard_library() -> PathBuf {
    let output = Command::new(program("venv/bin/python"))
        .args(["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"])
        .output()
        .expect("Python runs");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path in UTF-8").trim())
}

/// The versions that decide what the tools say.
fn versions() -> String {
    let read = |below: &str| std::fs::read_to_string(home().join(below)).unwrap_or_default();
    let python = Command::new(program("venv/bin/python")).arg("-VV").output().expect("Python runs");
    format!("{}|{}|{}", read("venv/.pins"), read("tokei/.version"), String::from_utf8_lossy(&python.stdout))
}

/// What `program` prints as JSON with `arguments` about `corpus`, from the cache when nothing has changed.
pub(crate) fn json(program: &Path, arguments: &[&str], corpus: &Path) -> Value {
    let mut hash = Sha256::new();
    let name = program.file_name().expect("a program's name").to_string_lossy().into_owned();
    hash.update(format!("{name}|{arguments:?}|{}|{}|", versions(), corpus.display()));
    hash_tree(corpus, &mut hash);
    let key: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let cached = home().join("outputs").join(format!("{name}-{key}.json"));
    if let Some(value) = std::fs::read(&cached).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        return value;
    }
    let elsewhere = tempfile::tempdir().expect("a temporary folder"); // no configuration there
    let output = Command::new(program)
        .args(arguments)
        .arg(corpus)
        .current_dir(&elsewhere)
        .env("HOME", elsewhere.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("XDG_CONFIG_HOME")
        .output()
        .expect("the tool runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {arguments:?}: {errors}");
    let value = serde_json::from_slice(&output.stdout).expect("JSON from the tool");
    let unfinished = cached.with_extension(std::process::id().to_string());
    std::fs::create_dir_all(home().join("outputs")).expect("the cache folder");
    std::fs::write(&unfinished, &output.stdout).expect("a cache entry");
    std::fs::rename(&unfinished, &cached).expect("a cache entry");
    value
}

fn hash_tree(path: &Path, hash: &mut Sha256) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        entries.sort();
        for entry in entries {
            let name = entry.file_name().unwrap_or_default();
            // Other packages of that Python, and what it compiled, are not part of its library.
            if !["site-packages", "dist-packages", "__pycache__"].iter().any(|skipped| name == *skipped) {
                hash_tree(&entry, hash);
            }
        }
    } else if let Ok(bytes) = std::fs::read(path) {
        hash.update(path.as_os_str().as_encoded_bytes());
        hash.update(Sha256::digest(bytes));
    }
}

/// Equality of JSON with numbers to 1e-9, relative above 1.
pub(crate) fn equal(theirs: &Value, ours: &Value) -> bool {
    match (theirs, ours) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => theirs == ours,
    }
}
