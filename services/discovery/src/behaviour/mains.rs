//! Where the operating system starts a program, by each language's own rule.

use super::{EntryKind, EntryPoint};
use codexa_model::Language;
use codexa_model::facts::{CallKind, Facts, Symbol, SymbolKind, Visibility};

/// The program starts of a file.
pub(super) fn find(path: &str, facts: &Facts) -> Option<EntryPoint> {
    match facts.language {
        Language::Python => python(path, facts),
        Language::Rust => rust(path, facts),
        Language::Go => function(facts, "main", "go.main", 100).filter(|_| facts.module.as_deref() == Some("main")),
        Language::C | Language::Cpp => c(facts),
        Language::Java => java(facts),
        Language::CSharp => csharp(path, facts),
        Language::Bash => bash(path, facts),
        Language::Php => php(path, facts),
        Language::JavaScript | Language::TypeScript | Language::Tsx | Language::Ruby => None,
    }
}

fn entry(name: &str, symbol: Option<usize>, line: u32, origin: &'static str, confidence: u8) -> EntryPoint {
    let symbol = symbol.and_then(|symbol| u32::try_from(symbol).ok());
    EntryPoint::new(EntryKind::Main, name, symbol, line, (origin, confidence))
}

fn matching(facts: &Facts, fits: impl Fn(&Symbol) -> bool) -> Option<(usize, &Symbol)> {
    facts.symbols.iter().enumerate().find(|(_, symbol)| fits(symbol))
}

/// A free function of a name, defined (not only declared) at file level.
fn function(facts: &Facts, name: &str, origin: &'static str, confidence: u8) -> Option<EntryPoint> {
    let (at, symbol) = matching(facts, |symbol| is_start(symbol, name))?;
    Some(entry(name, Some(at), symbol.span.start_line, origin, confidence))
}

fn is_start(symbol: &Symbol, name: &str) -> bool {
    &*symbol.name == name && symbol.kind == SymbolKind::Function && symbol.parent.is_none() && symbol.metrics.is_some()
}

/// `if __name__ == "__main__"`, or a package's `__main__.py`.
fn python(path: &str, facts: &Facts) -> Option<EntryPoint> {
    let is_guard = |name: &str, kind: CallKind| name == "__name__" && kind == CallKind::Access;
    if let Some(guard) = facts.calls.iter().find(|call| is_guard(&call.name, call.kind)) {
        return Some(entry("__main__", None, guard.line, "python.main_guard", 100));
    }
    let is_main_module = path == "__main__.py" || path.ends_with("/__main__.py");
    is_main_module.then(|| entry("__main__", None, 1, "python.main_module", 100))
}

/// Cargo's default places are certain; elsewhere a manifest has to name the file. A library's root has no start, and a
/// start takes no arguments: `fn main(args)` is an ordinary function (an attribute macro, say).
fn rust(path: &str, facts: &Facts) -> Option<EntryPoint> {
    let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
    let is_in = |folder: &str| dir == folder || dir.ends_with(&format!("/{folder}"));
    // `examples/x.rs` and `examples/x/main.rs`.
    let is_target = |folder: &str| {
        let above = dir.rsplit_once('/').map_or("", |(above, _)| above);
        is_in(folder) || file == "main.rs" && (above == folder || above.ends_with(&format!("/{folder}")))
    };
    let (origin, confidence) = match file {
        "main.rs" if is_in("src") => ("rust.main", 100),
        "build.rs" if !is_in("src") => ("rust.build_script", 90),
        _ if is_target("src/bin") || is_target("examples") => ("rust.main", 100),
        _ if is_target("benches") || is_target("tests") => ("rust.main", 90),
        "lib.rs" | "mod.rs" => return None,
        _ => ("rust.main_elsewhere", 40),
    };
    let found = function(facts, "main", origin, confidence)?;
    let symbol = found.symbol.and_then(|symbol| facts.symbols.get(symbol as usize));
    let takes_nothing = symbol.and_then(|symbol| symbol.metrics).is_some_and(|metrics| metrics.parameters == 0);
    takes_nothing.then_some(found)
}

/// Names that platforms and compilers define beside those that begin with `_`.
const PLATFORMS: &[&str] = &["ANDROID", "APPLE", "MSDOS", "WIN32", "WIN64", "WINDOWS", "WINNT", "linux", "sun", "unix"];
/// How names begin that are settings of a build: what stands under them is a variant of the system, not a test of a file.
const SETTINGS: &[&str] = &["HAVE_", "USE_", "WITH_", "ENABLE_", "CONFIG_"];

/// A free function `main`. One that is compiled only where somebody switches it on (a file's test of itself) is shown as
/// hardly a start of the system.
fn c(facts: &Facts) -> Option<EntryPoint> {
    let is_switch = |name: &str| {
        let is_defined = |symbol: &Symbol| symbol.kind == SymbolKind::Macro && &*symbol.name == name;
        !(name.starts_with('_')
            || PLATFORMS.contains(&name)
            || SETTINGS.iter().any(|start| name.starts_with(start))
            // `#if 1`
            || name.starts_with(|first: char| first.is_ascii_digit()) && name != "0"
            || facts.symbols.iter().any(is_defined))
    };
    let is_switched = |symbol: &Symbol| {
        let around = |start: u32, end: u32| start <= symbol.span.start_byte && symbol.span.end_byte <= end;
        let mut conditions =
            facts.conditions.iter().filter(|condition| around(condition.start_byte, condition.end_byte));
        conditions.any(|condition| is_switch(&condition.name))
    };
    let always = matching(facts, |symbol| is_start(symbol, "main") && !is_switched(symbol));
    let (at, symbol, origin, confidence) = match always {
        Some((at, symbol)) => (at, symbol, "c.main", 90),
        None => {
            let (at, symbol) = matching(facts, |symbol| is_start(symbol, "main"))?;
            (at, symbol, "c.conditional_main", 30)
        }
    };
    Some(entry("main", Some(at), symbol.span.start_line, origin, confidence))
}

/// `public static void main(String[])`; the modifiers and types that facts do not hold keep it from being certain.
fn java(facts: &Facts) -> Option<EntryPoint> {
    let is_main = |symbol: &Symbol| {
        &*symbol.name == "main"
            && symbol.kind == SymbolKind::Method
            && symbol.visibility == Visibility::Public
            && symbol.metrics.is_some_and(|metrics| metrics.parameters == 1)
    };
    let (at, symbol) = matching(facts, is_main)?;
    Some(entry("main", Some(at), symbol.span.start_line, "java.main", 90))
}

/// A method `Main`, or statements outside of any type in `Program.cs`.
fn csharp(path: &str, facts: &Facts) -> Option<EntryPoint> {
    let is_main =
        |symbol: &Symbol| &*symbol.name == "Main" && symbol.kind == SymbolKind::Method && symbol.metrics.is_some();
    if let Some((at, symbol)) = matching(facts, is_main) {
        return Some(entry("Main", Some(at), symbol.span.start_line, "csharp.main", 90));
    }
    let first = facts.calls.iter().find(|call| call.within.is_none() && call.kind != CallKind::Access)?;
    let is_program = path == "Program.cs" || path.ends_with("/Program.cs");
    is_program.then(|| entry("Program", None, first.line, "csharp.top_level", 85))
}

/// A script that calls its `main`, or one that is started by its name: a file without an ending is known to be a script by
/// its first line alone, and what lies in a folder of programs is one.
fn bash(path: &str, facts: &Facts) -> Option<EntryPoint> {
    let is_called = facts.calls.iter().any(|call| call.within.is_none() && &*call.name == "main");
    if let Some(main) = function(facts, "main", "bash.main", 90).filter(|_| is_called) {
        return Some(main);
    }
    let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
    let is_among_programs = matches!(dir.rsplit('/').next(), Some("bin" | "sbin" | "libexec"));
    // `.bashrc` and packages' build files are known by their names.
    let is_bare = !file.contains(['.', '~']) && !matches!(file, "APKBUILD" | "PKGBUILD") && !is_completion(file);
    let does_something = facts.calls.iter().any(|call| call.within.is_none());
    (does_something && (is_bare || is_among_programs && !file.starts_with('.')))
        .then(|| entry(file, None, 1, "bash.script", 85))
}

/// What a shell reads to complete commands; it is no program though it may begin like one.
fn is_completion(file: &str) -> bool {
    file.contains("completion")
}

/// The file that a web server hands every request to, or a script that is started by its name (`artisan`, `bin/console`).
fn php(path: &str, facts: &Facts) -> Option<EntryPoint> {
    let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
    let does_something = !facts.imports.is_empty() || facts.calls.iter().any(|call| call.within.is_none());
    if file == "index.php" && dir.rsplit('/').next() == Some("public") {
        return does_something.then(|| entry(file, None, 1, "php.front_controller", 90));
    }
    (does_something && !file.contains('.')).then(|| entry(file, None, 1, "php.script", 85))
}
