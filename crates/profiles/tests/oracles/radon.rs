//! radon's four commands.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use codexa_profiles::{Options, Profile, run};
use serde_json::Value;

use crate::{differences, tools};

const PROFILES: [Profile; 4] = [Profile::RadonCc, Profile::RadonRaw, Profile::RadonMi, Profile::RadonHal];

/// radon reads the lines of a statement again for each of them: these files, most of them one long table, take it
/// minutes each. Its other commands measure them, too.
const SLOW_FOR_RADON: [&str; 14] = [
    "*/python3.11/locale.py",
    "*/_sysconfigdata__*.py",
    "*/python3.11/pickletools.py",
    "*/html/entities.py",
    "*/test/re_tests.py",
    "*/test/test_syntax.py",
    "*/pydoc_data/topics.py",
    "*/ode/tests/test_single.py",
    "*/resolvent_lookup.py",
    "*/matrices/tests/test_rref.py",
    "*/bench_solvers.py",
    "*/test_coset_table.py",
    "*/latexlexer.py",
    "*/assumptions_generated.py",
];

fn theirs(profile: Profile, path: &Path, options: &Options) -> Value {
    let command = profile.name().strip_prefix("radon-").expect("a command of radon");
    let (ignore, exclude) = (options.ignore.join(","), options.exclude.join(","));
    let mut arguments = vec![command, "-j"];
    if !ignore.is_empty() {
        arguments.extend(["-i", &ignore]);
    }
    if !exclude.is_empty() {
        arguments.extend(["-e", &exclude]);
    }
    tools::json(&tools::program("venv/bin/radon"), &arguments, path)
}

fn ours(profile: Profile, path: &Path, options: &Options) -> Value {
    let report = run(profile, &[path.to_path_buf()], options).expect("a report");
    serde_json::to_value(report).expect("JSON")
}

/// The differing files, of how many.
fn compare(profile: Profile, path: &Path, options: &Options) -> (Vec<String>, Vec<String>, usize) {
    let (theirs, ours) = (theirs(profile, path, options), ours(profile, path, options));
    let files: BTreeSet<&String> =
        theirs.as_object().into_iter().chain(ours.as_object()).flat_map(|map| map.keys()).collect();
    let known = differences::known();
    let (mut explained, mut unexplained) = (Vec::new(), Vec::new());
    for file in &files {
        let (theirs, ours) = (&theirs[file.as_str()], &ours[file.as_str()]);
        if tools::equal(theirs, ours) {
            continue;
        }
        let source = String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned();
        match known.iter().find(|difference| difference.explains(profile.name(), theirs, ours, &source)) {
            Some(difference) => explained.push(format!("{file}: {}", difference.id)),
            None => unexplained.push(format!("{file}:\n    radon:  {theirs}\n    Codexa: {ours}")),
        }
    }
    (explained, unexplained, files.len())
}

/// Compares a corpus by all four commands: nothing is unexplained, and 99.5 % of the files are equal to the last digit.
fn agrees(path: &Path, least_files: usize) {
    let mut report = String::new();
    for profile in PROFILES {
        let slow = matches!(profile, Profile::RadonRaw | Profile::RadonMi);
        let options = Options {
            ignore: ["site-packages", "dist-packages"].map(str::to_owned).to_vec(),
            exclude: if slow { SLOW_FOR_RADON.map(str::to_owned).to_vec() } else { Vec::new() },
            threads: None,
        };
        let (explained, unexplained, files) = compare(profile, path, &options);
        writeln!(report, "{}: {files} files, {} differ as known: {explained:#?}", profile.name(), explained.len())
            .unwrap();
        assert!(unexplained.is_empty(), "{}: unexplained:\n{}", profile.name(), unexplained.join("\n"));
        assert!(files >= least_files, "{}: only {files} files in {}", profile.name(), path.display());
        assert!(explained.len() * 1000 <= files * 5, "{report}");
    }
    println!("{report}");
}

#[test]
fn agrees_on_the_standard_library() {
    agrees(&tools::standard_library(), 500);
}

#[test]
fn agrees_on_django() {
    agrees(&tools::corpus("Django"), 600);
}

#[test]
fn agrees_on_sympy() {
    agrees(&tools::corpus("sympy"), 1300);
}

fn write_all(folder: &Path, snippets: impl IntoIterator<Item = (String, String)>) {
    for (name, text) in snippets {
        std::fs::write(folder.join(name), text).expect("a snippet");
    }
}

/// A folder with a path of its own, so that the cache of outputs finds it again.
fn scratch(name: &str) -> PathBuf {
    let folder = tools::home().join("scratch").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

#[test]
fn every_known_difference_is_real() {
    let folder = scratch("radon-differences");
    let known: Vec<_> =
        differences::known().into_iter().filter(|difference| difference.file.ends_with(".py")).collect();
    let of_radon =
        || known.iter().filter(|difference| difference.profiles.iter().any(|name| name.starts_with("radon")));
    write_all(&folder, of_radon().map(|difference| (difference.file.clone(), difference.snippet.text())));
    for profile in PROFILES {
        let options = Options::default();
        let (theirs, ours) = (theirs(profile, &folder, &options), ours(profile, &folder, &options));
        for difference in of_radon().filter(|difference| difference.profiles.iter().any(|name| name == profile.name()))
        {
            let file = folder.join(&difference.file).to_string_lossy().into_owned();
            let (theirs, ours) = (&theirs[&file], &ours[&file]);
            let place = format!("{} of {}:\n    radon:  {theirs}\n    Codexa: {ours}", difference.id, profile.name());
            assert!(!tools::equal(theirs, ours), "no difference any more: {place}");
            assert!(
                difference.explains(profile.name(), theirs, ours, &difference.snippet.text()),
                "does not explain {place}"
            );
            assert!(differences::says(&difference.theirs, theirs), "radon says something else: {place}");
            assert!(differences::says(&difference.ours, ours), "Codexa says something else: {place}");
            assert!(difference.reason.len() > 20, "no reason: {place}");
        }
    }
}

/// Parts of the standard library's files with one character changed: most are no longer Python, and the line counts
/// must agree nevertheless. The seed is fixed.
#[test]
fn agrees_on_broken_code() {
    let folder = scratch("radon-broken");
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let library = tools::standard_library();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&library)
        .expect("the library")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    files.sort();
    let noise: Vec<char> = "()[]{}:;,.'\"\\\n\t #=+-*@!$?0aé\x0c ".chars().collect();
    let mut snippets = Vec::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let lines: Vec<&str> = text.lines().collect();
        for _ in 0..4 {
            let from = random(lines.len());
            let to = (from + 3 + random(22)).min(lines.len());
            let mut part: Vec<char> = lines[from..to].join("\n").chars().collect();
            if !part.is_empty() {
                let at = random(part.len());
                let gone = random(2);
                part.splice(at..(at + gone).min(part.len()), [noise[random(noise.len())]]);
            }
            snippets.push((format!("{:04}.py", snippets.len()), part.into_iter().collect()));
        }
    }
    write_all(&folder, snippets);
    for profile in PROFILES {
        let (_, unexplained, files) = compare(profile, &folder, &Options::default());
        assert!(unexplained.is_empty(), "{}: unexplained:\n{}", profile.name(), unexplained.join("\n"));
        assert!(files > 100, "only {files} files");
    }
}

/// What is easy to get wrong, in files of its own.
#[test]
fn agrees_on_tricky_code() {
    let snippets = [
        (
            "match.py",
            "match x:\n    case 1 | 2: pass\n    case [a, *_] if a: pass\n    case {'k': -1, **r}: pass\n    case P(x=0) as p: pass\n    case _: pass\n",
        ),
        ("bare_capture.py", "def f(x):\n    match x:\n        case y:\n            return y\n"),
        (
            "try_star.py",
            "def f():\n    try:\n        g()\n    except* E as e:\n        pass\n    else:\n        pass\n",
        ),
        (
            "try_else.py",
            "def f():\n    try: g()\n    except A: pass\n    except (B, C): pass\n    else: pass\n    finally: pass\n",
        ),
        (
            "comprehensions.py",
            "def f(): return {a: b for a in c if d if e for g in h} | {*i} | set(j for j in k if l)\n",
        ),
        (
            "loops.py",
            "async def f():\n    async for a in b:\n        pass\n    else:\n        pass\n    while x: y()\n    else: z()\n",
        ),
        ("assert.py", "def f():\n    assert a and b or c, [\n      d for d in e]\n"),
        (
            "decorated.py",
            "class A:\n    @b(lambda x: x if x else 0)\n    # comment def\n    @c\n    async  def d(self, e=1 if f else 2): pass\n\n    @property\n    class g: pass\n",
        ),
        (
            "inner.py",
            "class A:\n    class B:\n        def c(self):\n            if d: pass\n    def e(self):\n        class F:\n            def g(self): pass\n        def h():\n            def i(): return j or k\n        return 1\n    if l:\n        def m(self): pass\n",
        ),
        ("endline.py", "def f():\n    if a:\n        b(\n            c)\n    def g():\n        return 1\n"),
        ("fstring.py", "x = f'{a + b!r:>{c * 2}}' f'{{}}' 'd' + f'''\n{e\n  or f}'''\n"),
        (
            "equal_constants.py",
            "a = 1 + True * 1.0 - 0j + 0 - False + 0x1 - 1e0 + 10**20 + 1e20 + 100000000000000000000\n",
        ),
        ("equal_text.py", "x = y + 'y' + z.y + b'y' + None + ... + 'a' 'b' + 'ab'\n"),
        (
            "nested_context.py",
            "def f():\n    def g():\n        return a + b\n    return a + b\ndef f():\n    return a - c\n",
        ),
        ("augmented.py", "x += 1\nx @= y\nx[i] //= ~-+z\nnot a < b <= c is not d not in e\n"),
        ("unicode.py", "def ﬁ(µ):\n    return µ + μ + 'é'\n"),
        ("blank_after_backslash.py", "x = 1 + \\\n\n\ny = 2\n"),
        ("string_backslash.py", "'abc' \\\n\n'def'\n"),
        ("strings.py", "'''doc'''\n\"\"\"a\n\n  b\"\"\"\nx = '''\n\n'''\n'a\\\nb'\nrb'''c'''; f'd'\n"),
        ("semicolons.py", "if a: b; c\nif a: b(); c\nx = {1: 2}; y = [3:4]\nclass A: pass; pass\nlambda: 0;\n"),
        ("walrus.py", "if (a := b): c\nx = (y := 1)\n"),
        ("form_feed.py", "x = 1\n\x0c\ndef f():\x0c\n    pass\n"),
        ("separators.py", "x = 'a\u{2028}b'\n# c\u{85}d\n"),
        ("crlf.py", "def f():\r\n    # c\r\n\r\n    return 1\r"),
        ("bom.py", "\u{feff}x = 1\n"),
        ("null.py", "x = 1\n\0\n"),
        ("python2.py", "print 'a', 0777, `b`\nexec c\n"),
        ("tabs.py", "if a:\n\tif b:\n\t\tc()\n"),
        ("star_statement.py", "*a\nb = *c\nfor *d in *e, f: pass\ndef g(): return *h\n"),
        ("empty.py", ""),
        ("one_comment.py", "#"),
        ("only_blank.py", "\n  \n\t\n"),
        ("unmatched.py", "x = )\ny = 1\n"),
        ("mark.py", "क\u{93f} = 1\n"),
    ];
    let folder = scratch("radon-tricky");
    write_all(&folder, snippets.map(|(name, text)| (name.to_owned(), text.to_owned())));
    std::fs::write(folder.join("latin.py"), b"# \xe9\n").expect("a snippet");
    std::fs::write(folder.join("cut.py"), b"x = '\xe4\xb8").expect("a snippet");
    std::fs::write(folder.join("script"), "#!/usr/bin/env python\nif a: b\n").expect("a snippet");
    for profile in PROFILES {
        let (_, unexplained, files) = compare(profile, &folder, &Options::default());
        assert!(unexplained.is_empty(), "{}: unexplained:\n{}", profile.name(), unexplained.join("\n"));
        assert!(files > 15);
    }
}
