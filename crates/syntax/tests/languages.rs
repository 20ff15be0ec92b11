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
    for r in &facts.registrations {
        let call = facts.calls.get(r.call as usize).map_or("-", |call| &*call.name);
        let _ = writeln!(out, "registers {}: {call} {:?}", r.name.as_deref().unwrap_or("-"), r.arguments);
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
fn go_imports_say_what_is_used_of_them() {
    let go = "package a\nimport (\n \"fmt\"\n h \"net/http\"\n \"github.com/x/go-yaml/v3\"\n \"example.com/other\"\n _ \"embed\"\n)\n\
        func f(c h.Client, o thing.Other) { fmt.Println(yaml.Node{}, h.Get, c.Do, fmt.hidden); h.Get() }\n";
    let facts = facts(Language::Go, go);
    let used: Vec<_> =
        facts.imports.iter().map(|import| format!("{}: {}", import.target, import.members.join(" "))).collect();
    assert_eq!(
        used,
        ["fmt: Println", "net/http: Client Get", "github.com/x/go-yaml/v3: Node", "example.com/other: ", "embed: "]
    );
}

#[test]
fn calls_that_register_routes_keep_their_arguments_and_the_name_of_their_value() {
    let shown = |language, source| {
        let facts = facts(language, source);
        let call = |at: u32| facts.calls.get(at as usize).map(|call| call.name.to_string()).unwrap();
        let shown = facts.registrations.iter().map(|r| {
            let name = r.name.as_deref().unwrap_or("-");
            format!("{name} = {}({}) to {}", call(r.call), r.arguments, r.end_line)
        });
        shown.collect::<Vec<_>>()
    };
    let python = "a = Blueprint(1, b=g(2))\nc: T = y.APIRouter('q')\nf(1)\ndef h():\n    i = Router()\n    a.include_router(\n  i)\n";
    assert_eq!(
        shown(Language::Python, python),
        ["a = Blueprint(1, b=g(2)) to 1", "c = APIRouter('q') to 2", "i = Router() to 5", "- = include_router(i) to 7"]
    );
    let script = "const a = new Router({ prefix: '/x' }), b = express.Router()('c')\napp.use('/a', a)";
    assert_eq!(
        shown(Language::JavaScript, script),
        ["a = Router({ prefix: '/x' }) to 1", "b = Router() to 1", "- = use('/a', a) to 2"]
    );
    let go = "package a\nfunc f() {\n v1 := r.Group(\"/v1\")\n s := r.PathPrefix(\"/p\").Subrouter()\n x, y := r.Group(\"/z\")\n r.Route(\"/u\", func(r R) {\n  r.Get(\"/\", f)\n })\n}";
    assert_eq!(
        shown(Language::Go, go),
        [
            "v1 = Group(\"/v1\") to 3",
            "s = PathPrefix(\"/p\") to 4",
            "- = Group(\"/z\") to 5",
            "- = Route(\"/u\", func(r R) {\n  r.Get(\"/\", f)\n }) to 8"
        ]
    );
    let rust = "fn f() { let app = Router::new().nest(\"/a\", users::router()).layer(x); }";
    assert_eq!(shown(Language::Rust, rust), ["app = nest(\"/a\", users::router()) to 1"]);
    let csharp = "var g = app.MapGroup(\"/t\").WithTags(\"x\");";
    assert_eq!(shown(Language::CSharp, csharp), ["g = MapGroup(\"/t\") to 1"]);
    let php = "<?php $app->group('/u', function ($g) { $g->get('/x', 'f'); });";
    assert_eq!(shown(Language::Php, php), ["- = group('/u', function ($g) { $g->get('/x', 'f'); }) to 1"]);
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
    let typescript = "\
/// <reference types=\"node\" />
/// <reference path=\"./e.d.ts\" />
///<reference no-default-lib=\"true\" path='f.d.ts'/>
// <reference path=\"g.d.ts\" />
/// <reference path=\"\" />
/// A <reference path=\"h.d.ts\" /> in a sentence.
import type { A } from './a';
import { b } from './b';
export { c } from './c';
export type { D } from './d';
";
    let expected = ["./e.d.ts", "./f.d.ts", "./a", "./d"].map(Box::from);
    assert_eq!(for_types(Language::TypeScript, typescript), expected);
}
