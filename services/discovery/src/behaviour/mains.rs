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
        // Facts do not show `#if`: a `main` may be a self-test that is not compiled.
        Language::C | Language::Cpp => function(facts, "main", "c.main", 85),
        Language::Java => java(facts),
        Language::CSharp => csharp(path, facts),
        Language::Bash => {
            let is_called = facts.calls.iter().any(|call| call.within.is_none() && &*call.name == "main");
            function(facts, "main", "bash.main", 90).filter(|_| is_called)
        }
        Language::JavaScript | Language::TypeScript | Language::Tsx | Language::Php | Language::Ruby => None,
    }
}

fn entry(name: &str, symbol: Option<usize>, line: u32, origin: &'static str, confidence: u8) -> EntryPoint {
    EntryPoint {
        kind: EntryKind::Main,
        name: name.into(),
        method: None,
        path: None,
        symbol: symbol.and_then(|symbol| u32::try_from(symbol).ok()),
        line,
        origin: origin.into(),
        confidence,
    }
}

fn matching(facts: &Facts, fits: impl Fn(&Symbol) -> bool) -> Option<(usize, &Symbol)> {
    facts.symbols.iter().enumerate().find(|(_, symbol)| fits(symbol))
}

/// A free function of a name, defined (not only declared) at file level.
fn function(facts: &Facts, name: &str, origin: &'static str, confidence: u8) -> Option<EntryPoint> {
    let is_it = |symbol: &Symbol| {
        &*symbol.name == name
            && symbol.kind == SymbolKind::Function
            && symbol.parent.is_none()
            && symbol.metrics.is_some()
    };
    let (at, symbol) = matching(facts, is_it)?;
    Some(entry(name, Some(at), symbol.span.start_line, origin, confidence))
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

/// Cargo's default places are certain; elsewhere a manifest has to name the file.
fn rust(path: &str, facts: &Facts) -> Option<EntryPoint> {
    let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
    let in_dir = |name: &str| dir == name || dir.ends_with(&format!("/{name}"));
    let below = |name: &str| {
        dir.rsplit_once('/').is_some_and(|(above, _)| above == name || above.ends_with(&format!("/{name}")))
    };
    let is_root = file == "main.rs" && in_dir("src")
        || in_dir("src/bin")
        || in_dir("examples")
        || file == "main.rs" && (below("src/bin") || below("examples"));
    match (is_root, file) {
        (true, _) => function(facts, "main", "rust.main", 100),
        (false, "build.rs") => function(facts, "main", "rust.build_script", 90),
        (false, _) => function(facts, "main", "rust.main_elsewhere", 60),
    }
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
