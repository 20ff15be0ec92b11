//! `codexa metrics PATH…`: Codexa's own measures of files; with `--profile NAME` what another tool would print for them.

use super::here::Here;
use super::stored::{Asked, answer};
use crate::cli::Globals;
use crate::failure::Exit;
use crate::output::{Format, Page, Ui};
use clap::builder::PossibleValuesParser;
use clap::{Args, builder::TypedValueParser};
use codexa_discovery::query::{MetricsAnswer, metrics};
use codexa_profiles::radon::PerFile;
use codexa_profiles::{Options, Profile, Report, radon};
use std::path::PathBuf;

/// What to measure, and as whom.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The tool whose numbers and JSON are wanted, of the files as they are now; without it Codexa's own measures, as
    /// the last discovery took them
    #[arg(long, value_name = "NAME", value_parser = profiles())]
    profile: Option<Profile>,
    /// Files and folders; without a profile those of the model, and all where none is named
    #[arg(required_if_eq_any = profile_names(), value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folders that radon does not enter, by name or shell pattern
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Paths that radon leaves out, by shell pattern
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    exclude: Vec<String>,
}

fn profiles() -> impl TypedValueParser<Value = Profile> {
    let names = PossibleValuesParser::new(Profile::ALL.map(Profile::name));
    names.try_map(|name| Profile::from_name(&name).ok_or("there is no such profile"))
}

/// Other tools measure nothing where nothing is named.
fn profile_names() -> Vec<(&'static str, &'static str)> {
    Profile::ALL.iter().map(|profile| ("profile", profile.name())).collect()
}

answer!(MetricsShown, MetricsAnswer<'m>, "metrics");

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    match arguments.profile {
        Some(profile) => as_another(profile, arguments, ui),
        None => own(arguments, globals, ui),
    }
}

fn own(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let asked = Asked::with_remark(globals, ui)?;
    let here = Here::new(&asked.project, globals)?;
    let paths: Vec<String> = arguments.paths.iter().map(|path| here.place(&path.to_string_lossy())).collect();
    asked.answer(ui, &MetricsShown::new(metrics(&asked.stored.model, &paths)?))?;
    Ok(Exit::Well)
}

fn as_another(profile: Profile, arguments: &Arguments, ui: &Ui) -> crate::Outcome {
    let options =
        Options { ignore: arguments.ignore.clone(), exclude: arguments.exclude.clone(), ..Options::default() };
    let report = codexa_profiles::run(profile, &arguments.paths, &options)?;
    match ui.format() {
        Format::Json => ui.foreign(&report)?,
        Format::Text => ui.page(&page(profile, &report))?,
    }
    Ok(Exit::Well)
}

fn page(profile: Profile, report: &Report) -> Page {
    let mut page = Page::default();
    page.heading("metrics", profile.name(), "");
    page.blank();
    match report {
        Report::RadonCc(files) => per_block(&mut page, files),
        Report::RadonRaw(files) => {
            per_file(&mut page, files, ["loc", "lloc", "sloc", "comments", "multi", "blank"], |raw| {
                [raw.loc, raw.lloc, raw.sloc, raw.comments, raw.multi, raw.blank].map(|count| count.to_string())
            })
        }
        Report::RadonMi(files) => per_file(&mut page, files, ["index", "rank", "", "", "", ""], |mi| {
            let empty = String::new;
            [format!("{:.2}", mi.mi), format!("{:?}", mi.rank), empty(), empty(), empty(), empty()]
        }),
        Report::RadonHal(files) => {
            per_file(&mut page, files, ["h1", "h2", "length", "volume", "difficulty", "bugs"], |file| {
                let total = &file.total;
                let two = |measure: radon::Measure| format!("{:.2}", measure.value());
                let counts = [total.h1, total.h2, total.length].map(|count| count.to_string());
                let [h1, h2, length] = counts;
                [h1, h2, length, two(total.volume), two(total.difficulty), two(total.bugs)]
            })
        }
        Report::Pygount(report) => {
            let mut rows = vec![["language", "files", "code", "documentation", "string", "empty"].map(str::to_owned)];
            rows.extend(report.languages.iter().map(|sum| {
                let counts =
                    [sum.file_count, sum.code_count, sum.documentation_count, sum.string_count, sum.empty_count];
                let [files, code, documentation, string, empty] = counts.map(|count| count.to_string());
                [sum.language.clone(), files, code, documentation, string, empty]
            }));
            page.rows(&rows);
        }
        Report::Tokei(report) => {
            let mut rows = vec![["language", "files", "code", "comments", "blanks"].map(str::to_owned)];
            rows.extend(report.sums().map(|sum| {
                let [files, code, comments, blanks] =
                    [sum.files, sum.code, sum.comments, sum.blanks].map(|count| count.to_string());
                [sum.language.to_owned(), files, code, comments, blanks]
            }));
            page.rows(&rows);
        }
    }
    page
}

fn per_block(page: &mut Page, files: &PerFile<Vec<radon::Block>>) {
    let mut rows = Vec::new();
    for (path, entry) in &files.0 {
        match entry {
            Err(error) => rows.push([path.clone(), String::new(), error.clone(), String::new()]),
            Ok(blocks) => rows.extend(blocks.iter().map(|block| {
                let (line, name, complexity, rank) = match block {
                    radon::Block::Function(function) => {
                        let class = function.classname.as_ref().map_or_else(String::new, |class| format!("{class}."));
                        (function.lineno, class + &function.name, function.complexity, function.rank)
                    }
                    radon::Block::Class(class) => (class.lineno, class.name.clone(), class.complexity, class.rank),
                };
                [format!("{path}:{line}"), format!("{rank:?}"), name, complexity.to_string()]
            })),
        }
    }
    page.rows(&rows);
}

/// A row for each file, with up to six numbers under their names, or the error.
fn per_file<T>(page: &mut Page, files: &PerFile<T>, names: [&str; 6], numbers: impl Fn(&T) -> [String; 6]) {
    let row = |first: &str, [a, b, c, d, e, f]: [String; 6]| [first.to_owned(), a, b, c, d, e, f];
    let mut rows = vec![row("file", names.map(str::to_owned))];
    for (path, entry) in &files.0 {
        rows.push(match entry {
            Ok(measured) => row(path, numbers(measured)),
            Err(error) => row(path, [error.as_str(), "", "", "", "", ""].map(str::to_owned)),
        });
    }
    page.rows(&rows);
}
