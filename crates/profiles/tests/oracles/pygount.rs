//! pygount's command.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use codexa_profiles::{Options, Profile, run};
use serde_json::Value;

use crate::{differences, tools};

fn theirs(path: &Path) -> Value {
    tools::json(&tools::program("venv/bin/pygount"), &["--format", "json"], path)
}

fn ours(path: &Path) -> Value {
    let report = run(Profile::Pygount, &[path.to_path_buf()], &Options::default()).expect("a report");
    serde_json::to_value(report).expect("JSON")
}

fn files(report: &Value) -> Vec<(&str, &Value)> {
    report["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| (file["path"].as_str().expect("a path"), file))
        .collect()
}

/// Compares a corpus file by file: every difference is a known one, and at least so many files of each of `languages`
/// are equal.
fn agrees(path: &Path, languages: &[(&str, usize)]) {
    let (theirs, ours) = (theirs(path), ours(path));
    let (their_files, our_files) = (files(&theirs), files(&ours));
    let order = |files: &[(&str, &Value)]| files.iter().map(|(path, _)| (*path).to_owned()).collect::<Vec<_>>();
    assert_eq!(order(&their_files), order(&our_files), "other files, or another order");
    let known = differences::known();
    let mut equal: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differing_languages = BTreeSet::new();
    let mut unexplained = Vec::new();
    for ((path, theirs), (_, ours)) in their_files.iter().zip(&our_files) {
        let language = theirs["language"].as_str().expect("a language");
        if tools::equal(theirs, ours) {
            *equal.entry(language).or_default() += 1;
            continue;
        }
        differing_languages.extend([language, ours["language"].as_str().expect("a language")]);
        let source = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
        if !known.iter().any(|difference| difference.explains("pygount", theirs, ours, &source)) {
            unexplained.push(format!("{path}:\n    pygount: {theirs}\n    Codexa:  {ours}"));
        }
    }
    assert!(unexplained.is_empty(), "unexplained:\n{}", unexplained.join("\n"));
    for (language, least) in languages {
        let found = equal.get(language).copied().unwrap_or_default();
        assert!(found >= *least, "only {found} equal files of {language}");
    }
    let sums = |report: &Value| -> BTreeMap<String, Value> {
        let sums = report["languages"].as_array().expect("languages").iter();
        sums.map(|sum| (sum["language"].as_str().expect("a name").to_owned(), sum.clone())).collect()
    };
    let our_sums = sums(&ours);
    for (language, sum) in sums(&theirs).iter().filter(|(language, _)| !differing_languages.contains(language.as_str()))
    {
        assert!(tools::equal(sum, &our_sums[language]), "{language}:\n    {sum}\n    {}", our_sums[language]);
    }
    println!("{}: equal files by language: {equal:?}", path.display());
}

#[test]
fn agrees_on_django() {
    agrees(&tools::corpus("Django/django"), &[("Python", 600), ("JavaScript", 60)]);
}

#[test]
fn agrees_on_a_java_and_cpp_repository() {
    agrees(&tools::corpus("sdists/jpype1-1.6.0"), &[("Java", 100), ("C++", 50), ("C", 40), ("Python", 100)]);
}

#[test]
fn agrees_on_examples_of_every_language() {
    let examples = tools::corpus("sdists/pygments-2.20.0/tests/examplefiles");
    agrees(
        &examples,
        &[("Go", 2), ("Rust", 1), ("TypeScript", 1), ("Java", 4), ("C", 4), ("C++", 5), ("JavaScript", 4)],
    );
}

/// The sources of this crate's own dependencies: real Rust that is there wherever it was built.
#[test]
fn agrees_on_the_rust_of_our_dependencies() {
    // What other platforms need may not be here; offline, cargo would miss it.
    let version = std::process::Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let version = String::from_utf8(version.stdout).expect("text");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let metadata = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host, "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo's metadata");
    let packages = metadata["packages"].as_array().expect("packages");
    for (name, least) in [("ruff_python_parser", 10), ("tokei", 10), ("regex-automata", 60)] {
        let package = packages.iter().find(|package| package["name"] == name).expect("a dependency");
        let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
        agrees(&manifest.parent().expect("a folder").join("src"), &[("Rust", least)]);
    }
}

/// A file name, its text, for each thing that is easy to get wrong.
const TRICKY: &[(&str, &str)] = &[
    (
        "doc.py",
        "#!/usr/bin/python\n'''doc\n\nmore'''\n\n\ndef f(a):\n    \"\"\"doc \\\"\"\"\n    x = 'a' # b\n    pass\n",
    ),
    (
        "strings.py",
        "x = [\n    'a',\n    \"%s:%s\",\n    '''b\n\n    %s:%s\n    c''',\n    {'d':\n      'e'},\n    r'''\\''', rb'f',\n]\n",
    ),
    ("fields.py", "x = f'''a\n{b:\n'c'!r:>{d}}\n{{e}}\n{f['g']}\n'''\ny = f'{h!r}' 'i\nz = 1\n"),
    ("formats.py", "x = '{a[\"b\"]:>3}' + '{c[' + d + ']}'\n'e'\ny = \"%(f)s\" % {\n    'g': 1}\n"),
    ("white.py", "x = (\n    [\n    ],\n)\ntry:\n    pass\nexcept (\n):\n    pass;\n"),
    ("blank.py", "\n\n  \n# a\n\x0c\nx\n\n\n"),
    (
        "macro.c",
        "#include \"a.h\" // b\n#include <c>\n#define A \"http://d\"\n#define B \\\n  /* e\n  f */ 1\n#if 0\ng\n#if h\ni\n#endif\n#else\nint j;\n#endif\n  # define k\n",
    ),
    (
        "text.c",
        "int main(void) { /* a */\n  char b = '\"', c = '\\'', *d = \"e // f\\\n  g\";\n  // h \\\n  i\n  return 'jk';\n}\n/* open\n",
    ),
    ("raw.cpp", "auto a = R\"(b\n// c\n)\";\nauto d = u8R\"x(\n)\" )x\"; int e = 1'000'000; // f\n"),
    ("head.h", "#ifndef A\n#define A\n/* a@b */\nvoid f(int a /* b */,\n       // c\n       int d);\n#endif\n"),
    ("objc.h", "#import <a.h>\n@interface A\n@end\n"),
    (
        "Text.java",
        "/** a\n * b */\nclass A {\n  String b = \"c // d\";\n  char e = '\"', f = '\\u0041';\n  String g = \"\"\"\n    h \\\"\"\" i\n    \"\"\";\n  // j\n}\n",
    ),
    ("text.go", "package a\n\n/* b\n*/\nvar c = `d\n// e\n`\nvar f = '\"' // g\nvar h = \"i\\\"j\"\n"),
    (
        "text.rs",
        "#![a = \"// b\"]\n//! c\n/// d\n//// e\n/** f */ /*! g\nh */ /* i /* j */ k */\n#[l(\n  // m\n)]\nfn n<'o>(p: &'o str) { let q = '\\''; let r = r#\"s\n\"t\" // u\n\"#; let v = b\"w\n\"; $x; /**/ }\n",
    ),
    (
        "regex.js",
        "var a = /[/]\\/\"/g, b = c / d / e;\nreturn /f'/\n// g\nvar h = `i ${j + `k`} {\n// l\n`;\nm = x /* n */ / 2;\n<!-- o\n/p\n'q'\n",
    ),
    ("type.ts", "@A()\nclass B { c: string = 'd'; // e\n  f = <T>(g?: T): T => g as T;\n}\n"),
    ("notes.txt", "a\n\n(\n"),
    ("edit.py", "# a\n# Do NOT edit\nx = 1\n"),
    ("a.lock", "x\n"),
    ("latin.py", "# coding: latin-1\nx = 1\n"),
    ("unknown.zzz", "x\n"),
    ("empty.py", ""),
    ("empty2.py", ""),
    ("same1.py", "x = 11\n"),
    ("same2.py", "x = 11\n"),
    ("other.py", "x = 12\n"),
    ("other2.py", "x = 12\n"),
    ("other3.py", "x = 12\n"),
];

#[test]
fn agrees_on_tricky_code() {
    let folder = tools::home().join("scratch/pygount-tricky");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    for (name, text) in TRICKY {
        std::fs::write(folder.join(name), text).expect("a snippet");
    }
    std::fs::write(folder.join("cp1252.py"), b"# \xe9\nx = 1\n").expect("a snippet");
    std::fs::write(folder.join("undefined.py"), b"# \x81\nx = 1\n").expect("a snippet");
    std::fs::write(folder.join("binary.py"), b"x = 1\0\n").expect("a snippet");
    std::fs::write(folder.join("utf_8.py"), b"\xef\xbb\xbfx = 1\n").expect("a snippet");
    std::fs::write(folder.join("utf_16.py"), b"\xff\xfex\0=\x001\0\n\0").expect("a snippet");
    agrees(&folder, &[("Python", 8), ("C", 3)]);
}

#[test]
fn every_known_difference_is_real() {
    let folder = tools::home().join("scratch/pygount-differences");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    let known: Vec<_> = differences::known()
        .into_iter()
        .filter(|difference| difference.profiles.iter().any(|name| name == "pygount"))
        .collect();
    for difference in &known {
        std::fs::write(folder.join(&difference.file), difference.snippet.text()).expect("a snippet");
    }
    let (theirs, ours) = (theirs(&folder), ours(&folder));
    for difference in &known {
        let file = folder.join(&difference.file).to_string_lossy().into_owned();
        let find = |report| files(report).into_iter().find(|(path, _)| *path == file).expect("the file").1;
        let (theirs, ours) = (find(&theirs), find(&ours));
        let place = format!("{}:\n    pygount: {theirs}\n    Codexa:  {ours}", difference.id);
        assert!(!tools::equal(theirs, ours), "no difference any more: {place}");
        assert!(difference.explains("pygount", theirs, ours, &difference.snippet.text()), "does not explain {place}");
        assert!(differences::says(&difference.theirs, theirs), "pygount says something else: {place}");
        assert!(differences::says(&difference.ours, ours), "Codexa says something else: {place}");
        assert!(difference.reason.len() > 20, "no reason: {place}");
    }
}
