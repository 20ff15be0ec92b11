//! How long the names may be that resolvers get to see. Rules go through every part of a name, and each part with what stands
//! before it: a name of 100 KB with a dot at every second letter is work, and memory, in its square.

use crate::{InlineScope, Repository, SourceFile};
use codexa_model::facts::Import;
use codexa_model::relation::{DeclineReason, Declined};

/// The bounds that ordinary repositories can meet, by name. Where one strikes, what it leaves open is declined as cut, or
/// the first so many are taken; these numbers say how many.
pub const LIMITS: &[(&str, usize)] = &[
    ("rust_globs_per_file", crate::rust::MOST_GLOBS),
    ("rust_modules_per_name", crate::rust::MOST_ALTERNATIVES),
    ("rust_places_per_file", crate::rust::MOST_PLACES),
    ("rust_use_hops", crate::rust::MOST_HOPS as usize),
    ("type_max_defining_files", crate::definitions::MOST_DEFINERS),
];

/// Longest target of an import, in bytes: hardly a path in a repository is longer.
const LONGEST_TARGET: usize = 4 << 10;
/// Longest name of a package or namespace, in bytes; a file that says a longer one counts as saying none.
const LONGEST_MODULE: usize = 512;

/// The imports of a file without those that are too long; `None` where none is, as nearly always.
pub(crate) struct Bounded(Option<(Vec<Import>, Vec<InlineScope>)>);

impl Bounded {
    pub(crate) fn of(file: &SourceFile<'_>) -> Self {
        if !file.imports.iter().any(is_too_long) {
            return Self(None);
        }
        let mut imports = Vec::new();
        let mut scopes = Vec::new();
        for (index, import) in file.imports.iter().enumerate().filter(|(_, import)| !is_too_long(import)) {
            let scope = file.scopes.binary_search_by(|scope| (scope.import as usize).cmp(&index));
            if let (Some(scope), Ok(import)) = (scope.ok().and_then(|at| file.scopes.get(at)), imports.len().try_into())
            {
                scopes.push(InlineScope { import, path: scope.path.clone() });
            }
            imports.push(import.clone());
        }
        Self(Some((imports, scopes)))
    }

    /// The file as resolvers see it.
    pub(crate) fn file<'a>(&'a self, file: &SourceFile<'a>) -> SourceFile<'a> {
        let (imports, scopes) = match &self.0 {
            Some((imports, scopes)) => (imports.as_slice(), scopes.as_slice()),
            None => (file.imports, file.scopes),
        };
        SourceFile { module: module(file), imports, scopes, ..*file }
    }

    /// The imports that were left out.
    pub(crate) fn too_long(&self, file: &SourceFile<'_>) -> Vec<Declined> {
        let left_out = file.imports.iter().filter(|import| self.0.is_some() && is_too_long(import));
        left_out
            .map(|import| Declined { target: import.target.clone(), reason: DeclineReason::Cut, line: import.line })
            .collect()
    }
}

fn is_too_long(import: &Import) -> bool {
    import.target.len() > LONGEST_TARGET
}

fn module<'a>(file: &SourceFile<'a>) -> Option<&'a str> {
    file.module.filter(|module| module.len() <= LONGEST_MODULE)
}

/// A repository whose files say no name of a package that is too long.
pub(crate) struct BoundedRepository<'a>(pub(crate) &'a dyn Repository);

impl Repository for BoundedRepository<'_> {
    fn sources(&self) -> Vec<SourceFile<'_>> {
        let mut sources = self.0.sources();
        for file in &mut sources {
            let short = module(file);
            if short != std::mem::replace(&mut file.module, short) {
                self.cut(file.path, "the name of its package is too long and counts as none");
            }
        }
        sources
    }

    fn paths(&self) -> &[Box<str>] {
        self.0.paths()
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.read(path)
    }

    fn cut(&self, path: &str, what: &'static str) {
        self.0.cut(path, what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestRepository;
    use codexa_model::Language;

    #[test]
    fn an_import_that_is_longer_than_any_path_is_cut() {
        let long = "a.".repeat(LONGEST_TARGET);
        let mut repo = TestRepository::default();
        repo.source("a/A.java", Language::Java, "").module("a").defines("A");
        repo.source("b/B.java", Language::Java, &format!("import {long}A\nimport a.A")).module(&long);
        let found = repo.resolve("b/B.java");
        assert_eq!(found.links.iter().map(|link| (&*link.to, link.line)).collect::<Vec<_>>(), [("a/A.java", 2)]);
        let declined: Vec<_> = found.declined.iter().map(|declined| (&declined.reason, declined.line)).collect();
        assert_eq!(declined, [(&DeclineReason::Cut, 1)]);
        assert_eq!(repo.cuts(), ["b/B.java: the name of its package is too long and counts as none"]);
    }

    #[test]
    fn scopes_stay_with_their_imports() {
        let mut repo = TestRepository::default();
        let imports = format!("use {}\nuse super::super::c::X", "a::".repeat(LONGEST_TARGET));
        repo.source("src/lib.rs", Language::Rust, "mod b\nmod c");
        repo.source("src/b.rs", Language::Rust, &imports).inline(0, "t").inline(1, "t");
        repo.source("src/c.rs", Language::Rust, "");
        repo.text("Cargo.toml", "[package]\nname = 'c'\n");
        assert_eq!(repo.resolve("src/b.rs").links.iter().map(|link| &*link.to).collect::<Vec<_>>(), ["src/c.rs"]);
    }
}
