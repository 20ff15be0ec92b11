//! From a path as a module names it to a tracked file: extensions, index files, and the TypeScript source that is
//! meant where its output is named.

use crate::files::Files;
use crate::paths::join;

/// The language that decides which of `x.ts` and `x.js` is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// The importing file is TypeScript.
    TypeScript,
    /// The importing file is JavaScript.
    JavaScript,
}

/// How a file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The path as written, or with an extension that the language's own rule adds.
    Direct,
    /// The output's name (`x.js`) was written where the source (`x.ts`) is tracked.
    SourceOfOutput,
    /// The index file of a folder.
    Index,
}

/// Extensions tried for a TypeScript file, first match wins (TypeScript handbook, module resolution; then what bundlers add).
const TYPESCRIPT_FIRST: &[&str] =
    &["ts", "tsx", "d.ts", "mts", "cts", "d.mts", "d.cts", "js", "jsx", "mjs", "cjs", "json", "vue", "svelte", "astro"];

/// Extensions tried for a JavaScript file (Node.js `require`, then what bundlers add).
const JAVASCRIPT_FIRST: &[&str] =
    &["js", "cjs", "mjs", "jsx", "json", "node", "ts", "tsx", "mts", "cts", "d.ts", "vue", "svelte", "astro"];

/// Extensions of outputs, each with those of the sources they come from (TypeScript 5 handbook, "file extension substitution").
const SOURCES_OF_OUTPUTS: &[(&str, &[&str])] = &[
    (".js", &["ts", "tsx", "d.ts"]),
    (".jsx", &["tsx", "d.ts"]),
    (".mjs", &["mts", "d.mts"]),
    (".cjs", &["cts", "d.cts"]),
];

impl Flavour {
    /// The extensions in the order they are tried.
    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::TypeScript => TYPESCRIPT_FIRST,
            Self::JavaScript => JAVASCRIPT_FIRST,
        }
    }
}

/// The tracked file that `path` means as a file (not as a folder).
pub(crate) fn file(files: &Files, path: &str, flavour: Flavour) -> Option<(String, Step)> {
    if path.is_empty() {
        return None;
    }
    let exact = || files.contains(path).then(|| (path.to_owned(), Step::Direct));
    let source = || source_of_output(files, path).map(|source| (source, Step::SourceOfOutput));
    let found = match flavour {
        Flavour::TypeScript => source().or_else(exact),
        Flavour::JavaScript => exact().or_else(source),
    };
    found.or_else(|| with_extension(files, path, flavour).map(|path| (path, Step::Direct)))
}

/// The index file of a folder.
pub(crate) fn index(files: &Files, folder: &str, flavour: Flavour) -> Option<(String, Step)> {
    with_extension(files, &join(folder, "index"), flavour).map(|path| (path, Step::Index))
}

fn with_extension(files: &Files, stem: &str, flavour: Flavour) -> Option<String> {
    let mut path = String::with_capacity(stem.len() + 8);
    path.push_str(stem);
    path.push('.');
    let length = path.len();
    flavour.extensions().iter().find_map(|extension| {
        path.truncate(length);
        path.push_str(extension);
        files.contains(&path).then(|| path.clone())
    })
}

fn source_of_output(files: &Files, path: &str) -> Option<String> {
    let (stem, sources) =
        SOURCES_OF_OUTPUTS.iter().find_map(|(output, sources)| Some((path.strip_suffix(output)?, sources)))?;
    sources.iter().map(|extension| [stem, ".", extension].concat()).find(|path| files.contains(path))
}
