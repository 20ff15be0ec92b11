//! `codexa map`: the model as one page to look at.

use super::stored::Asked;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::output::{Format, Page, Report, Ui};
use clap::Args;
use codexa_discovery::engine::runs;
use codexa_discovery::map::{BEGIN, map};
use serde::Serialize;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Where the map goes when nobody says: git never sees it, and no run reads it.
const PLACE: &str = ".codexa/state/map.html";

/// Where the page goes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to write, or `-` for stdout [default: `.codexa/state/map.html` in the project]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write over a file that is no map
    #[arg(long)]
    force: bool,
}

/// What was written.
#[derive(Serialize)]
struct Answer {
    /// Where it lies, absolute.
    path: String,
    /// Its size.
    bytes: u64,
    /// Components, zones and intents of the model.
    components: usize,
    zones: usize,
    intents: usize,
    /// Runs of the log.
    runs: usize,
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let to_stdout = arguments.out.as_deref() == Some(Path::new("-"));
    if to_stdout && ui.format() == Format::Json {
        return Err(Failure::blocked("MAP_OUT", "`--out -` prints the page itself, which is no JSON document")
            .with_help("leave out `--format json`, or name a file"));
    }
    let asked = Asked::with_remark(globals, ui)?;
    let model = &asked.stored.model;
    let runs = runs(&asked.project);
    let page = map(model, &runs);
    if to_stdout {
        return ui.styled(&page);
    }
    let path = match &arguments.out {
        Some(named) => globals.options()?.directory.join(named),
        None => asked.project.root().join(PLACE),
    };
    write(&path, &page, arguments.force)?;
    let answer = Answer {
        path: path.to_string_lossy().into_owned(),
        bytes: page.len() as u64,
        components: model.components.all.len(),
        zones: model.zones.as_ref().map_or(0, |zones| zones.shown.len()),
        intents: model.intents.all.len(),
        runs: runs.len(),
    };
    asked.answer(ui, &answer)?;
    Ok(Exit::Well)
}

/// Puts the page at its place, whole or not at all.
fn write(path: &Path, page: &str, force: bool) -> Result<(), Failure> {
    let shown = path.display();
    let failed = |error: io::Error| Failure::blocked("MAP_NOT_WRITTEN", format!("{shown} cannot be written: {error}"));
    if !force && !may_be_replaced(path).map_err(failed)? {
        return Err(Failure::blocked(
            "MAP_FILE_IS_OTHER",
            format!("{shown} is there already and is no map of Codexa's"),
        )
        .with_help("name another file, or write over it with `--force`"));
    }
    let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::IsADirectory.into()))?;
    let mut staged = OsString::from(".");
    staged.push(name);
    staged.push(format!(".{}", std::process::id()));
    let staged = path.with_file_name(staged);
    let put = || {
        let mut file = File::create_new(&staged)?;
        file.write_all(page.as_bytes())?;
        file.sync_all()?;
        fs::rename(&staged, path)
    };
    put().map_err(|error| {
        // What is left of a file that was not finished is nobody's; where it never came to be there is nothing to remove.
        if error.kind() != io::ErrorKind::AlreadyExists {
            let _ = fs::remove_file(&staged);
        }
        failed(error)
    })
}

/// Whether nothing lies there, or a map. What a link leads to is not looked at: a link is no map.
fn may_be_replaced(path: &Path) -> io::Result<bool> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
        Ok(metadata) if !metadata.is_file() => return Ok(false),
        Ok(_) => {}
    }
    let mut begin = Vec::with_capacity(BEGIN.len());
    File::open(path)?.take(BEGIN.len() as u64).read_to_end(&mut begin)?;
    Ok(begin == BEGIN.as_bytes())
}

impl Report for Answer {
    const NAME: &'static str = "map";

    fn page(&self, page: &mut Page) {
        page.heading("map", &self.path, "");
        page.blank();
        page.rows(&[
            [
                "shows".to_owned(),
                format!("{} components, {} zones, {} intents", self.components, self.zones, self.intents),
            ],
            ["size".to_owned(), format!("{} KiB in one file, which needs no network", self.bytes.div_ceil(1024))],
        ]);
        page.blank();
        page.next("open it in a browser");
    }
}
