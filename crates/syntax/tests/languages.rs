//! What is read from one sample per language. The samples are written for the purpose: each holds the forms that its
//! language has for symbols, imports, calls, annotations and control flow.

use codexa_model::Language;
use codexa_model::facts::Facts;
use codexa_syntax::{Analyser, Limits};
use std::fmt::Write as _;

fn facts(language: Language, source: &str) -> Facts {
    Analyser::new().analyse(language, source.as_bytes(), &Limits::default())
}

/// The facts as lines that people can check against the sample.
fn table(facts: &Facts) -> String {
    let mut out = String::new();
    let name = |index: Option<u32>| {
        index.and_then(|index| facts.symbols.get(index as usize)).map_or("-", |symbol| &*symbol.name)
    };
    let _ = writeln!(out, "module {:?}  parse {:?}", facts.module, facts.parse);
    for symbol in &facts.symbols {
        let _ = write!(
            out,
            "symbol {:?} {:?} {} in {} {}-{}",
            symbol.visibility,
            symbol.kind,
            symbol.name,
            name(symbol.parent),
            symbol.span.start_line,
            symbol.span.end_line
        );
        if let Some(m) = symbol.metrics {
            let _ = write!(out, " cc={} cog={} nest={} params={}", m.cyclomatic, m.cognitive, m.nesting, m.parameters);
        }
        let _ = writeln!(out, "{}", symbol.doc.as_ref().map(|doc| format!(" \"{doc}\"")).unwrap_or_default());
    }
    for import in &facts.imports {
        let names: Vec<_> = import
            .names
            .iter()
            .map(|n| n.alias.as_ref().map_or_else(|| n.name.to_string(), |alias| format!("{}>{alias}", n.name)))
            .collect();
        let _ = writeln!(
            out,
            "import {}: {:?} {:?}{}{}{} in {}{}",
            import.line,
            import.kind,
            import.target,
            if names.is_empty() { String::new() } else { format!(" {{{}}}", names.join(", ")) },
            if import.wildcard { " *" } else { "" },
            import.alias.as_ref().map(|alias| format!(" as {alias}")).unwrap_or_default(),
            name(import.within),
            if import.for_types { ", for types" } else { "" }
        );
    }
    for call in &facts.calls {
        let _ = writeln!(
            out,
            "call {}: {:?} {}{}{} in {}",
            call.line,
            call.kind,
            call.receiver.as_ref().map(|receiver| format!("{receiver} . ")).unwrap_or_default(),
            call.name,
            call.literal.as_ref().map(|literal| format!(" {literal:?}")).unwrap_or_default(),
            name(call.within)
        );
    }
    for assigned in &facts.assigned {
        let call = facts.calls.get(assigned.call as usize).map_or("-", |call| &*call.name);
        let _ = writeln!(out, "assigned {}: {call} {:?}", assigned.name, assigned.arguments);
    }
    for condition in &facts.conditions {
        let _ = writeln!(out, "condition {}: {}-{}", condition.name, condition.start_byte, condition.end_byte);
    }
    for a in &facts.annotations {
        let _ =
            writeln!(out, "annotation {}: {} {:?} {:?} on {}", a.line, a.name, a.literal, a.arguments, name(a.symbol));
    }
    let used: Vec<_> = facts.references.iter().map(|r| format!("{}*{}", r.name, r.count)).collect();
    let _ = writeln!(out, "uses {}", used.join(" "));
    let _ = writeln!(out, "metrics {:?}", facts.metrics);
    out
}

macro_rules! sample {
    ($name:ident, $language:ident, $file:literal) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(table(&facts(Language::$language, include_str!(concat!("samples/", $file)))));
        }
    };
}

sample!(bash, Bash, "sample.sh");
sample!(c, C, "sample.c");
sample!(cpp, Cpp, "sample.cpp");
sample!(csharp, CSharp, "sample.cs");
sample!(go, Go, "sample.go");
sample!(java, Java, "Sample.java");
sample!(javascript, JavaScript, "sample.js");
sample!(php, Php, "sample.php");
sample!(python, Python, "sample.py");
sample!(ruby, Ruby, "sample.rb");
sample!(rust, Rust, "sample.rs");
sample!(tsx, Tsx, "sample.tsx");
sample!(typescript, TypeScript, "sample.ts");

/// What is compiled under which condition.
fn conditions(source: &str) -> Vec<(String, &str)> {
    let found = facts(Language::C, source).conditions.into_iter();
    let within = |start: u32, end: u32| source.get(start as usize..end as usize).unwrap_or_default();
    found.map(|condition| (condition.name.to_string(), within(condition.start_byte, condition.end_byte))).collect()
}

#[test]
fn conditions_reach_to_their_else() {
    assert_eq!(
        conditions("#ifdef A\nint a;\n#else\nint b;\n#endif\n"),
        [("A".to_owned(), "#ifdef A\nint a;\n")],
        "what stands after #else needs no A"
    );
    let names = |source| conditions(source).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names("#if defined(A) && (B && !defined(C))\nint a;\n#endif\n"), ["A", "B"]);
    assert_eq!(names("#if 0\nint a;\n#elif defined A\nint b;\n#endif\n"), ["0", "A"]);
    assert_eq!(names("#if defined(A) || B > 2\nint a;\n#endif\n"), [""; 0]);
    assert_eq!(names("#ifndef A_H\nint a;\n#endif\n"), [""; 0]);
    let otherwise = conditions("#ifndef A\nint a;\n#else\nint b;\n#endif\n");
    assert!(matches!(&*otherwise, [(name, part)] if name == "A" && part.starts_with("#else")), "{otherwise:?}");
    assert_eq!(names("void f(void) {\n#ifdef A\ng();\n#endif\n}\n"), [""; 0], "inside a function");
}

#[test]
fn calls_that_give_a_name_its_value_keep_their_arguments() {
    let assigned = |language, source| {
        let facts = facts(language, source);
        let call = |at: u32| facts.calls.get(at as usize).map(|call| call.name.to_string()).unwrap();
        let shown = facts.assigned.iter().map(|a| format!("{} = {}({})", a.name, call(a.call), a.arguments));
        shown.collect::<Vec<_>>()
    };
    let python = "a = f(1, b=g(2))\nc = d\nx: T = y.z('q')\ne = f()\ndef h():\n    i = f(1)\nclass K:\n    j = f(1)\n";
    assert_eq!(assigned(Language::Python, python), ["a = f(1, b=g(2))", "x = z('q')"]);
    let script = "const a = new R({ prefix: '/x' }), b = require('b')('c')\nfunction f() { const d = g(1) }";
    assert_eq!(assigned(Language::JavaScript, script), ["a = R({ prefix: '/x' })"]);
}

#[test]
fn imports_for_types_are_told_from_those_that_run() {
    let for_types = |language, source: &str| {
        let imports = facts(language, source).imports;
        imports.into_iter().filter(|import| import.for_types).map(|import| import.target).collect::<Vec<_>>()
    };
    let python = "\
import a
if t.TYPE_CHECKING:
    import b
    from .c import D
else:
    import e
if TYPE_CHECKING:
    import f
if ready:
    import g
if not t.TYPE_CHECKING:
    import j
class H:
    import i
";
    assert_eq!(for_types(Language::Python, python), ["b", ".c", "f"].map(Box::from));
    let typescript = "import type { A } from './a';\nimport { b } from './b';\nexport { c } from './c';\nexport type { D } from './d';\n";
    assert_eq!(for_types(Language::TypeScript, typescript), ["./a", "./d"].map(Box::from));
}
