//! From build output that is named but not tracked (`dist/esm/x.js`) to the source it is made of (`src/x.ts`).

use crate::files::Files;
use crate::paths::join;

/// Folders that build tools write into, by convention.
const OUTPUT_FOLDERS: &[&str] = &[
    "_cjs",
    "_esm",
    "build",
    "bundles",
    "cjs",
    "commonjs",
    "compiled",
    "declarations",
    "dist",
    "dist-cjs",
    "dist-es",
    "dist-esm",
    "dist-node",
    "dist-types",
    "dist-web",
    "dts",
    "es",
    "es2015",
    "es6",
    "esm",
    "esnext",
    "lib",
    "lib-esm",
    "module",
    "modules",
    "npm",
    "out",
    "output",
    "prod",
    "types",
    "typings",
    "umd",
];

/// Endings of outputs, longest first.
const OUTPUT_ENDINGS: &[&str] =
    &[".d.mts", ".d.cts", ".d.ts", ".min.js", ".umd.js", ".esm.js", ".cjs.js", ".mjs", ".cjs", ".jsx", ".js", ""];

/// Endings of sources.
const SOURCE_ENDINGS: &[&str] = &[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/// What the search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Exactly one file fits.
    One(String),
    /// Several fit, and nothing decides.
    Several,
    /// None fits.
    None,
}

/// The source of an output, given as a path inside its package.
///
/// The leading output folders are taken away, one after the other; what remains is looked for in `src`, then in the
/// package itself, with the endings of sources. The first place that holds any candidate decides, if it holds just one.
pub(crate) fn source(files: &Files, package: &str, output: &str) -> Source {
    let output = OUTPUT_ENDINGS.iter().find_map(|ending| output.strip_suffix(ending)).unwrap_or(output);
    let mut rest = output;
    let mut found = Source::None;
    while let Some((first, inner)) = rest.split_once('/') {
        if !OUTPUT_FOLDERS.contains(&first) {
            break;
        }
        rest = inner;
        let inner = inner.strip_prefix("src/").unwrap_or(inner);
        found = in_places(files, package, inner);
        if found != Source::None {
            break;
        }
    }
    found
}

/// The file that a package's code begins with by convention, where its manifest names only outputs: `src/index`, or `index`.
pub(crate) fn entry(files: &Files, package: &str) -> Source {
    in_places(files, package, "index")
}

/// Whether an output is a bundle named after its package, whatever stands before or after the name's dot.
pub(crate) fn is_bundle_of(output: &str, package: &str) -> bool {
    let own_name = package.rsplit('/').next().unwrap_or(package);
    let in_output = output.split_once('/').is_some_and(|(folder, _)| OUTPUT_FOLDERS.contains(&folder));
    let file = crate::paths::name(output);
    in_output && !own_name.is_empty() && file.split('.').next() == Some(own_name)
}

fn in_places(files: &Files, package: &str, stem: &str) -> Source {
    let folders = [join(package, "src"), package.to_owned()];
    let places = folders.iter().flat_map(|folder| [join(folder, stem), join(folder, &[stem, "/index"].concat())]);
    for place in places {
        let mut fitting =
            SOURCE_ENDINGS.iter().map(|ending| [&place, *ending].concat()).filter(|path| files.contains(path));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => return Source::One(only),
            (Some(_), Some(_)) => return Source::Several,
            (None, _) => {}
        }
    }
    Source::None
}
