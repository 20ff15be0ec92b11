//! Edges between files against tools that follow imports for real: grimp on Python, the C preprocessor on C,
//! dependency-cruiser and madge on JavaScript and TypeScript. They, and the code, are what `scripts/oracles.sh` installs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;
use codexa_testkit::oracles::installed;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

type Edges = BTreeSet<(String, String)>;

/// A project with a copy of the code in it.
fn world_with(code: &Path) -> World {
    let world = World::new();
    copy(code, &world.project());
    world
}

fn copy(what: &Path, into: &Path) {
    assert!(Command::new("cp").arg("-r").arg(what).arg(into).status().unwrap().success());
}

/// The edges between files that Codexa finds by statements.
fn edges(world: &World) -> Edges {
    assert_eq!(world.run(&["discover"]).code, 0);
    let answer = world.run(&["show", "edges", "--kind", "depends_on", "--format", "json"]).json();
    let text = |edge: &Value, key: &str| edge[key].as_str().unwrap().to_owned();
    // The other tools follow statements, not calls of `import_module`.
    let stated = answer["edges"].as_array().unwrap().iter().filter(|edge| edge["origin"] != "python.dynamic_import");
    stated.map(|edge| (text(edge, "from"), text(edge, "to"))).collect()
}

/// The name that Python imports a file by.
fn module(path: &str) -> Option<String> {
    let dotted = path.strip_suffix(".py")?.replace('/', ".");
    Some(dotted.strip_suffix(".__init__").unwrap_or(&dotted).to_owned())
}

/// The modules of a package and which imports which, as grimp sees them.
fn grimp(folder: &Path, package: &str) -> (BTreeSet<String>, Edges) {
    let script = "\
import grimp, json, sys
sys.path.insert(0, sys.argv[1])
graph = grimp.build_graph(sys.argv[2], cache_dir=None)
edges = [[a, b] for a in graph.modules for b in graph.find_modules_directly_imported_by(a)]
print(json.dumps([sorted(graph.modules), edges]))";
    let output = Command::new(installed("imports/bin/python")).args(["-c", script]).arg(folder).arg(package).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn agrees_with_grimp(package: &str, folder: &str, at_least: usize) {
    let folder = installed(folder);
    let (modules, theirs) = grimp(&folder, package);
    // That a module imports itself is true and says nothing.
    let theirs: Edges = theirs.into_iter().filter(|(from, to)| from != to).collect();
    let ours: Edges = edges(&world_with(&folder.join(package)))
        .into_iter()
        .filter_map(|(from, to)| Some((module(&from)?, module(&to)?)))
        // grimp leaves out folders that are no packages; Python runs scripts in them all the same.
        .filter(|(from, to)| modules.contains(from) && modules.contains(to))
        .collect();
    assert!(theirs.len() >= at_least, "{}", theirs.len());
    assert_eq!(&theirs - &ours, Edges::new(), "missed");
    assert_eq!(&ours - &theirs, Edges::new(), "made up");
}

#[test]
fn grimp_finds_the_same_imports_in_django() {
    agrees_with_grimp("django", "corpora/Django", 3_000);
}

#[test]
fn grimp_finds_the_same_imports_in_sympy() {
    agrees_with_grimp("sympy", "corpora/sympy", 13_000);
}

/// Everything that a file leads to.
fn reached(edges: &BTreeMap<&str, Vec<&str>>, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(file) = pending.pop() {
        for to in edges.get(file).into_iter().flatten() {
            if *to != from && found.insert((*to).to_owned()) {
                pending.push(to);
            }
        }
    }
    found
}

/// The files of the project that the preprocessor opens for a file; `None` where it stops.
fn opened(root: &Path, file: &str, flags: &[&str]) -> Option<BTreeSet<String>> {
    // What is not here (Python.h) is taken for made later, which stops nothing.
    let output = Command::new("gcc").args(["-MM", "-MG"]).args(flags).arg(file).current_dir(root).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).replace("\\\n", " ");
    let (_, files) = text.split_once(':').filter(|_| output.status.success())?;
    let ours = files.split_whitespace().filter_map(|path| root.join(path).canonicalize().ok());
    let ours = ours.filter_map(|path| path.strip_prefix(root).ok().map(|path| path.to_string_lossy().into_owned()));
    Some(ours.filter(|path| path != file).collect())
}

/// Compares what each C file leads to. The preprocessor follows one configuration and Codexa all of them: what it opens
/// must be there, and little else.
fn agrees_with_gcc(corpus: &str, flags: &[&str], at_least: usize) {
    let world = world_with(&installed(&format!("imports/sdists/{corpus}")));
    let root: PathBuf = world.project().join(corpus).canonicalize().unwrap();
    let found = edges(&world);
    let inside =
        |path: &str| path.strip_prefix(corpus).and_then(|path| path.strip_prefix('/')).unwrap_or("").to_owned();
    let found: Vec<(String, String)> = found.iter().map(|(from, to)| (inside(from), inside(to))).collect();
    let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    found.iter().for_each(|(from, to)| edges.entry(from).or_default().push(to));
    let (mut files, mut theirs, mut ours) = (0, 0, 0);
    for file in edges.keys().filter(|file| file.ends_with(".c")) {
        let Some(opened) = opened(&root, file, flags) else { continue };
        let reached = reached(&edges, file);
        assert_eq!(&opened - &reached, BTreeSet::new(), "missed in {file}");
        files += 1;
        theirs += opened.len();
        ours += reached.len();
    }
    assert!(files >= at_least, "{files}");
    assert!(ours * 80 <= theirs * 100, "{ours} where gcc opens {theirs}");
}

#[test]
fn the_preprocessor_opens_the_same_files_of_zstandard() {
    agrees_with_gcc("zstandard-0.25.0", &["-Izstd", "-Ic-ext"], 17);
}

#[test]
fn the_preprocessor_opens_the_same_files_of_uwsgi() {
    agrees_with_gcc("uwsgi-2.0.31", &["-I."], 200);
}

/// The sources of an npm package.
struct Package {
    /// Where it lies in the project, as its `tsconfig.json` expects.
    folder: &'static str,
    /// Its name.
    name: &'static str,
    /// What of it is compared: the rest is made of this.
    parts: &'static [&'static str],
    /// Whether a `tsconfig.json` says where names lead.
    is_configured: bool,
    /// Edges that the tools cannot miss without a test that compares little.
    at_least: usize,
}

/// What an npm program prints as JSON, asked about the parts of a package. It prints into a file: Node may end before a pipe
/// has taken everything.
fn npm_program(program: &str, arguments: &[&str], package: &Package, world: &World) -> Value {
    let printed = world.write("home/printed.json", "");
    let mut command = Command::new("node");
    command.arg(installed("javascript/node_modules/.bin").join(program)).args(arguments);
    command.args(["--ts-config", "tsconfig.json"].iter().filter(|_| package.is_configured)).args(package.parts);
    command.current_dir(world.project().join(package.folder)).stdout(std::fs::File::create(&printed).unwrap());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&std::fs::read(printed).unwrap()).unwrap()
}

/// dependency-cruiser follows Node's `exports` and `imports`, TypeScript's `paths`, `require`, and imports for types.
fn dependency_cruiser(package: &Package, world: &World) -> Edges {
    let rules = world.write(
        "home/cruiser.json",
        r#"{"options": {"tsPreCompilationDeps": true, "enhancedResolveOptions":
            {"exportsFields": ["exports"], "conditionNames": ["import", "require", "node", "default"]}}}"#,
    );
    let arguments = ["--config", rules.to_str().unwrap(), "--output-type", "json"];
    let answer = npm_program("depcruise", &arguments, package, world);
    let modules = answer["modules"].as_array().unwrap().iter();
    let edges = modules.flat_map(|module| {
        let found = module["dependencies"].as_array().unwrap().iter();
        found.map(|to| (module["source"].as_str().unwrap(), to["resolved"].as_str().unwrap()))
    });
    between_files(edges, &world.project().join(package.folder))
}

/// madge resolves with other code, and less: no `exports`, no `imports`, no imports that only declaration files have.
fn madge(package: &Package, world: &World) -> Edges {
    let arguments = ["--json", "--no-spinner", "--basedir", ".", "--extensions", "js,ts,tsx"];
    let answer = npm_program("madge", &arguments, package, world);
    let modules = answer.as_object().unwrap().iter();
    let edges = modules.flat_map(|(from, to)| {
        let found = to.as_array().unwrap().iter();
        found.map(|to| (from.as_str(), to.as_str().unwrap()))
    });
    between_files(edges, &world.project().join(package.folder))
}

/// Edges that lead to another file, and not to a package that is not here.
fn between_files<'a>(edges: impl Iterator<Item = (&'a str, &'a str)>, folder: &Path) -> Edges {
    let inside = edges.filter(|(from, to)| from != to && folder.join(to).is_file());
    inside.map(|(from, to)| (from.to_owned(), to.to_owned())).collect()
}

/// Compares the edges of a package. Nothing differs, so nothing is listed as known to differ: a difference is an error, or
/// gets its reason here.
fn agrees_with_npm_tools(package: &Package) {
    let world = World::new();
    let folder = world.project().join(package.folder);
    std::fs::create_dir_all(&folder).unwrap();
    let source = installed("javascript/packages").join(package.name);
    let config = ["tsconfig.json"].iter().filter(|_| package.is_configured);
    for part in package.parts.iter().chain(&["package.json"]).chain(config) {
        copy(&source.join(part), &folder);
    }
    // What the configuration of a package extends lies around it, and is not published.
    if !package.folder.is_empty() {
        world.write("project/tsconfig.build.json", "{}");
    }
    let inside = |path: String| Path::new(&path).strip_prefix(package.folder).ok()?.to_str().map(str::to_owned);
    let ours = edges(&world).into_iter();
    let ours: Edges = ours.filter_map(|(from, to)| Some((inside(from)?, inside(to)?))).collect();
    let theirs = dependency_cruiser(package, &world);
    assert!(theirs.len() >= package.at_least, "{}", theirs.len());
    assert_eq!(&theirs - &ours, Edges::new(), "missed");
    assert_eq!(&ours - &theirs, Edges::new(), "made up");
    let others = madge(package, &world);
    assert!(others.len() * 10 >= package.at_least * 9, "{}", others.len());
    assert_eq!(&others - &ours, Edges::new(), "missed, says madge");
}

#[test]
fn npm_tools_find_the_same_imports_in_typescript() {
    let parts = &["src"];
    agrees_with_npm_tools(&Package { folder: "", name: "rxjs", parts, is_configured: true, at_least: 1_200 });
}

#[test]
fn npm_tools_find_the_same_imports_through_the_paths_of_a_configuration() {
    let name = "@refinedev/core";
    let (folder, parts) = ("packages/core", &["src"]);
    agrees_with_npm_tools(&Package { folder, name, parts, is_configured: true, at_least: 750 });
}

#[test]
fn npm_tools_find_the_same_imports_through_exports_and_imports_of_a_package() {
    let parts = &["src", "types"];
    agrees_with_npm_tools(&Package { folder: "", name: "svelte", parts, is_configured: false, at_least: 1_300 });
}

#[test]
fn npm_tools_find_the_same_imports_in_modules_that_are_required() {
    let parts = &["bin", "conf", "lib", "messages"];
    agrees_with_npm_tools(&Package { folder: "", name: "eslint", parts, is_configured: false, at_least: 650 });
}
