//! The repository's folders with what lies in them.

use crate::record::{FileClass, FileRecord};
use codexa_model::Language;
use std::path::Path;

/// A folder.
#[derive(Debug, Default)]
pub(super) struct Folder<'a> {
    /// Path without a trailing `/`; empty for the repository itself.
    pub(super) path: &'a str,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    /// Its name is a part of the name that a package has, and not the first: it says nothing about what lies in it.
    pub(super) is_in_package: bool,
    /// Its name is a part of the name of a namespace.
    pub(super) is_namespace: bool,
    /// Files directly in it.
    pub(super) own: Counts,
    /// Files in it and below.
    pub(super) all: Counts,
}

impl<'a> Folder<'a> {
    /// The last part of the path.
    pub(super) fn name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// Numbers of files.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Files of every kind.
    pub(super) files: u32,
    /// Code that is ours, tests included.
    pub(super) code: u32,
    /// Of it, tests.
    pub(super) tests: u32,
    /// Prose.
    pub(super) documents: u32,
    /// Copied in from elsewhere.
    pub(super) vendored: u32,
}

impl Counts {
    fn of(record: &FileRecord) -> Self {
        let code = is_code(record);
        Self {
            files: 1,
            code: u32::from(code),
            tests: u32::from(code && record.class == FileClass::Test),
            documents: u32::from(record.class == FileClass::Documentation),
            vendored: u32::from(record.class == FileClass::Vendored),
        }
    }

    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.code += other.code;
        self.tests += other.tests;
        self.documents += other.documents;
        self.vendored += other.vendored;
    }
}

/// The folders of a repository. A folder stands before those below it.
#[derive(Debug)]
pub(super) struct Folders<'a> {
    pub(super) all: Vec<Folder<'a>>,
    /// The folder of each file.
    pub(super) of_file: Vec<usize>,
}

impl<'a> Folders<'a> {
    /// The folders of these files, which are sorted by path.
    pub(super) fn of(records: &[&'a FileRecord]) -> Self {
        let mut folders = Self { all: vec![Folder::default()], of_file: Vec::with_capacity(records.len()) };
        let mut open = vec![0_usize];
        for record in records {
            let path: &'a str = &record.path;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            while open.last().is_some_and(|&id| !is_at_or_below(folder, folders.path(id))) {
                open.pop();
            }
            loop {
                let parent = open.last().copied().unwrap_or(0);
                if folders.path(parent) == folder {
                    folders.of_file.push(parent);
                    folders.count(parent, Counts::of(record));
                    folders.mark_namespace(parent, record);
                    break;
                }
                open.push(folders.add(child_towards(folders.path(parent), folder), parent));
            }
        }
        folders.sum();
        folders
    }

    pub(super) fn get(&self, id: usize) -> Option<&Folder<'a>> {
        self.all.get(id)
    }

    /// The folder, its parent, and so on up to the repository itself.
    pub(super) fn upwards(&self, id: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(id), |&id| self.get(id).and_then(|folder| folder.parent))
    }

    fn path(&self, id: usize) -> &'a str {
        self.get(id).map_or("", |folder| folder.path)
    }

    fn add(&mut self, path: &'a str, parent: usize) -> usize {
        let id = self.all.len();
        self.all.push(Folder { path, parent: Some(parent), ..Folder::default() });
        if let Some(parent) = self.all.get_mut(parent) {
            parent.children.push(id);
        }
        id
    }

    fn count(&mut self, id: usize, counts: Counts) {
        if let Some(folder) = self.all.get_mut(id) {
            folder.own.add(counts);
        }
    }

    /// Namespaces lie in folders of their names: all of Java's packages, and of PHP's and C#'s as much of the end of the
    /// name as a project's root does not stand for.
    fn mark_namespace(&mut self, id: usize, record: &FileRecord) {
        let Some(digest) = &record.digest else { return };
        let Some(namespace) = digest.module.as_deref() else { return };
        let separator = match digest.language {
            Language::Java | Language::CSharp => '.',
            Language::Php => '\\',
            _ => return,
        };
        let names: Vec<&str> = namespace.rsplit(separator).collect();
        let is_named = |(folder, name): &(usize, &&str)| self.get(*folder).is_some_and(|it| it.name() == **name);
        let named: Vec<usize> = self.upwards(id).zip(&names).take_while(is_named).map(|(folder, _)| folder).collect();
        let is_whole = digest.language == Language::Java && named.len() == names.len();
        for (at, folder) in named.into_iter().enumerate() {
            if let Some(folder) = self.all.get_mut(folder) {
                folder.is_namespace = true;
                folder.is_in_package |= is_whole && at + 1 < names.len();
            }
        }
    }

    fn sum(&mut self) {
        for id in (0..self.all.len()).rev() {
            let Some(folder) = self.all.get_mut(id) else { continue };
            folder.all.add(folder.own);
            let (sum, parent) = (folder.all, folder.parent);
            if let Some(parent) = parent.and_then(|parent| self.all.get_mut(parent)) {
                parent.all.add(sum);
            }
        }
    }
}

/// Whether `path` is `folder` or lies below it.
pub(super) fn is_at_or_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folder directly below `parent` on the way to `folder`.
fn child_towards<'a>(parent: &str, folder: &'a str) -> &'a str {
    let start = if parent.is_empty() { 0 } else { parent.len() + 1 };
    let end = folder.get(start..).and_then(|rest| rest.find('/')).map_or(folder.len(), |at| start + at);
    folder.get(..end).unwrap_or(folder)
}

/// Code that is ours: source, tests and generated files in a language that says what to do. Prose and data are counted
/// apart even where they lie among tests.
pub(crate) fn is_code(record: &FileRecord) -> bool {
    matches!(record.class, FileClass::Source | FileClass::Test | FileClass::Generated)
        && record.language.as_deref().is_some_and(|language| !DATA.contains(&language))
}

/// Whether a language, as tokei names it, says how things look or what they hold, and not what is done: a file in it
/// stands on no other file's code. The types are those of GitHub's linguist.
pub(crate) fn is_markup(language: &str) -> bool {
    DATA.contains(&language) || MARKUP.contains(&language)
}

/// What makes vendored code: not the makefile that builds it, nor a text about it.
pub(super) fn is_vendored_content(record: &FileRecord) -> bool {
    let ending = || Path::new(&*record.path).extension().and_then(|ending| ending.to_str());
    let holds = match record.language.as_deref() {
        Some(language) => !DATA.contains(&language),
        None => ending().is_some_and(|ending| !SETTINGS.contains(&ending)),
    };
    record.class == FileClass::Vendored && holds
}

/// Endings of settings that no language stands for.
const SETTINGS: [&str; 6] = ["properties", "cfg", "conf", "config", "in", "lock"];

/// Languages, as tokei names them, that hold prose or data.
const DATA: [&str; 29] = [
    "AsciiDoc",
    "Autoconf",
    "CMake",
    "CSV",
    "Diff",
    "Device Tree",
    "Dockerfile",
    "INI",
    "JSON",
    "Jupyter Notebooks",
    "Kconfig",
    "Markdown",
    "Makefile",
    "MSBuild",
    "Org",
    "PO File",
    "Plain Text",
    "Properties",
    "ReStructuredText",
    "Roff",
    "SVG",
    "Text",
    "TOML",
    "Visual Studio Project",
    "Visual Studio Solution",
    "XML",
    "YAML",
    "YML",
    "gitignore",
];

/// Languages, as tokei names them, that are code to count and never import code.
const MARKUP: [&str; 40] = [
    "Apache Velocity",
    "Blade",
    "CSS",
    "Djot",
    "Dust.js",
    "FreeMarker",
    "Go HTML",
    "GraphQL",
    "Haml",
    "Hamlet",
    "Handlebars",
    "HTML",
    "Jinja2",
    "LESS",
    "Liquid",
    "Mustache",
    "NuGet Config",
    "PlantUML",
    "PostCSS",
    "Pug",
    "Razor",
    "RPM Specfile",
    "Ruby HTML",
    "Sass",
    "SQL",
    "Stylus",
    "TeX",
    "Templ",
    "Tera",
    "Twig",
    "Typst",
    "XAML",
    "XSL",
    ".NET Resource",
    "AXAML",
    "Cassius",
    "Lucius",
    "Edn",
    "Gherkin (Cucumber)",
    "Xcode Config",
];
