//! Which router a file means by a name: its imports say from which file the name comes.

use super::{DEEPEST, Router};
use crate::behaviour::RouterRef;
use crate::record::{FileLinks, FileRecord};
use codexa_model::Language;
use codexa_model::facts::Import;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// Files that stand for the folder they are in.
const OF_FOLDER: &[&str] = &["__init__", "index", "mod"];

/// What a name is bound to by an import.
struct Bound<'a> {
    /// The name in the file that the import leads to, where it is taken out of one.
    item: Option<&'a str>,
    /// The module that it is taken out of, by the last part of its name.
    of: Option<&'a str>,
    /// What follows the bound name, at its end.
    member: Option<&'a str>,
}

/// Names across files.
pub(super) struct Names<'a> {
    records: &'a [&'a FileRecord],
    links: &'a [&'a FileLinks],
    by_path: FxHashMap<&'a str, usize>,
    /// What each file imports, once it was asked for.
    imports: &'a [OnceCell<Vec<Import>>],
}

impl<'a> Names<'a> {
    /// The names of these files; `imports` are empty cells, one for each.
    pub(super) fn of(
        records: &'a [&'a FileRecord],
        links: &'a [&'a FileLinks],
        imports: &'a [OnceCell<Vec<Import>>],
    ) -> Self {
        let by_path = records.iter().enumerate().map(|(at, record)| (&*record.path, at)).collect();
        Self { records, links, by_path, imports }
    }

    /// The routers that a file may mean.
    pub(super) fn find(&self, from: usize, router: &'a RouterRef) -> Vec<Router<'a>> {
        match router {
            RouterRef::Name(name) => self.named(from, name, 0),
            RouterRef::Module(module) => self.module(from, module),
        }
    }

    /// What a name of a file is in another one, where an import says so and means one thing.
    pub(super) fn elsewhere(&self, from: usize, name: &'a str) -> Option<Router<'a>> {
        let is_script = matches!(
            self.language(from),
            Some(Language::JavaScript | Language::Python | Language::Tsx | Language::TypeScript)
        );
        if !is_script || !self.imports(from).any(|import| binds(import, name).is_some()) {
            return None;
        }
        let mut found = self.named(from, name, 0).into_iter();
        found.next().filter(|_| found.next().is_none())
    }

    fn named(&self, from: usize, text: &'a str, depth: usize) -> Vec<Router<'a>> {
        let mut found = Vec::new();
        let mut is_bound = false;
        for import in self.imports(from) {
            let Some(bound) = binds(import, text) else { continue };
            is_bound = true;
            for (file, name) in self.meant(from, import, &bound) {
                // A file may pass on what it imports itself.
                let further = name.filter(|_| depth < DEEPEST && file != from);
                let passed = further.filter(|name| self.imports(file).any(|import| binds(import, name).is_some()));
                match passed {
                    Some(name) => found.extend(self.named(file, name, depth + 1)),
                    None => found.push(Router { file, name }),
                }
            }
        }
        if !is_bound {
            let name = text.rsplit_once("::").map_or(text, |(_, last)| last);
            found.push(Router { file: from, name: Some(name) });
        }
        found
    }

    /// The files that a bound name may lead to, each with the name that is meant there.
    fn meant(&self, from: usize, import: &'a Import, bound: &Bound<'a>) -> Vec<(usize, Option<&'a str>)> {
        let files = self.led_to(from, import.line);
        let Some(item) = bound.item else { return files.into_iter().map(|file| (file, bound.member)).collect() };
        // `from app import users` may mean a module; `from app.users import users` is about something in one.
        let is_module = |file: &usize| {
            let is_target = bound.of.is_some_and(|target| self.is_called(*file, target));
            self.is_called(*file, item) && !is_target
        };
        if files.iter().any(is_module) {
            return files.into_iter().filter(is_module).map(|file| (file, bound.member)).collect();
        }
        files.into_iter().map(|file| (file, bound.member.or(Some(item)))).collect()
    }

    /// The files of a module that is named where it is mounted: one of the file's own imports, or a dotted name of Python's.
    fn module(&self, from: usize, module: &str) -> Vec<Router<'a>> {
        let lines = self.imports(from).filter(|import| *import.target == *module).map(|import| import.line);
        let mut files: Vec<usize> = lines.flat_map(|line| self.led_to(from, line)).collect();
        let is_python = self.language(from) == Some(Language::Python);
        if files.is_empty() && is_python {
            files.extend(self.python_module(from, module));
        }
        files.into_iter().map(|file| Router { file, name: None }).collect()
    }

    /// The one file whose path ends as a dotted name says; of several the one nearest to the file that asks.
    fn python_module(&self, from: usize, module: &str) -> Option<usize> {
        let stem = module.replace('.', "/");
        let endings = [format!("{stem}.py"), format!("{stem}/__init__.py")];
        let ends = |path: &str| {
            endings
                .iter()
                .any(|end| path.strip_suffix(&**end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')))
        };
        let asking = &*self.records.get(from)?.path;
        let shared = |path: &str| path.bytes().zip(asking.bytes()).take_while(|(a, b)| a == b).count();
        let found = self.records.iter().enumerate().filter(|(_, record)| ends(&record.path));
        let mut found: Vec<(usize, usize)> = found.map(|(at, record)| (shared(&record.path), at)).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        match found.as_slice() {
            [(_, one)] => Some(*one),
            [(near, one), (next, _), ..] if near > next => Some(*one),
            _ => None,
        }
    }

    fn imports(&self, file: usize) -> impl Iterator<Item = &'a Import> + use<'a> {
        let digest = self.records.get(file).and_then(|record| record.digest.as_ref());
        let cell = self.imports.get(file).zip(digest);
        cell.into_iter().flat_map(|(cell, digest)| cell.get_or_init(|| digest.imports.read()))
    }

    fn language(&self, file: usize) -> Option<Language> {
        self.records.get(file)?.digest.as_ref().map(|digest| digest.language)
    }

    /// The files that the imports of a line lead to.
    fn led_to(&self, from: usize, line: u32) -> Vec<usize> {
        let links = self.links.get(from).into_iter().flat_map(|links| links.resolved());
        links.filter(|link| link.line == line).filter_map(|link| self.by_path.get(link.to).copied()).collect()
    }

    /// Whether a file is the module of this name.
    fn is_called(&self, file: usize, name: &str) -> bool {
        let path = self.records.get(file).map_or("", |record| &*record.path);
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = file.split('.').next().unwrap_or(file);
        let folder = folder.rsplit('/').next().unwrap_or(folder);
        stem == name || OF_FOLDER.contains(&stem) && folder == name
    }
}

/// What an import binds the first part of a name to; `None` where it binds another one.
fn binds<'a>(import: &'a Import, text: &'a str) -> Option<Bound<'a>> {
    let (first, rest) = text.find(['.', ':']).map_or((text, ""), |end| text.split_at(end));
    let member = |rest: &'a str| rest.rsplit(['.', ':']).next().filter(|member| !member.is_empty());
    for imported in &import.names {
        if *imported.alias.as_deref().unwrap_or(&imported.name) == *first {
            let item = (!matches!(&*imported.name, "default" | "*")).then_some(&*imported.name);
            return Some(Bound { item, of: last(&import.target), member: member(rest) });
        }
    }
    // Rust's paths end in an item as often as in a module; others name a whole module.
    let item = last(&import.target).filter(|_| import.target.contains("::"));
    let whole = |rest| Bound { item, of: None, member: member(rest) };
    if let Some(alias) = import.alias.as_deref() {
        return (alias == first).then(|| whole(rest));
    }
    if !import.names.is_empty() || import.wildcard {
        return None;
    }
    // `import a.b` binds `a`, and is what `a.b.router` is about.
    if let Some(rest) = text.strip_prefix(&*import.target).filter(|rest| rest.is_empty() || rest.starts_with('.')) {
        return Some(whole(rest));
    }
    (last(&import.target)? == first).then(|| whole(rest))
}

/// The last part of what an import names.
fn last(target: &str) -> Option<&str> {
    target.rsplit(['.', ':', '/', '\\']).next().filter(|last| !last.is_empty())
}
