//! Complexity and Halstead's counts where languages differ in the form and must not in the count.
#![cfg(test)]

use codexa_model::Language;
use codexa_syntax::{Analyser, Limits};

/// Cyclomatic and cognitive complexity of each function, in source order.
fn complexity(language: Language, source: &str) -> Vec<(u32, u32)> {
    let facts = Analyser::new().analyse(language, source.as_bytes(), &Limits::default());
    let metrics = facts.symbols.iter().filter_map(|symbol| symbol.metrics);
    metrics.map(|metrics| (metrics.cyclomatic, metrics.cognitive)).collect()
}

#[test]
fn preprocessor_conditions_are_no_paths() {
    for condition in ["#ifdef A", "#if A && B || defined(C)", "#if A\n#elif B || C && D"] {
        let source = format!("int f(void) {{\n{condition}\n return x && y;\n#endif\n return 2; }}");
        assert_eq!(complexity(Language::C, &source), [(2, 1)], "{condition}: 1 + &&");
        assert_eq!(complexity(Language::Cpp, &source), [(2, 1)], "{condition}: 1 + &&");
    }
}

#[test]
fn the_arm_that_takes_the_rest_is_no_path() {
    let switches = [
        (Language::Bash, "f() { case $x in 1) a;; *) b;; esac }"),
        (Language::C, "void f(void) { switch (x) { case 1: a(); break; default: b(); } }"),
        (Language::Cpp, "void f() { switch (x) { case 1: a(); break; default: b(); } }"),
        (Language::CSharp, "class A { void F() { switch (x) { case 1: a(); break; default: b(); break; } } }"),
        (Language::CSharp, "class A { void F() { switch (x) { case 1: a(); break; case _: b(); break; } } }"),
        (Language::CSharp, "class A { int F() { return x switch { 1 => a(), _ => b() }; } }"),
        (Language::Go, "package a\nfunc f() { switch x { case 1: a()\n default: b() } }"),
        (Language::Java, "class A { void f() { switch (x) { case 1: a(); break; default: b(); } } }"),
        (Language::Java, "class A { int f() { return switch (x) { case 1 -> a(); default -> b(); }; } }"),
        (Language::JavaScript, "function f() { switch (x) { case 1: a(); break; default: b(); } }"),
        (Language::TypeScript, "function f() { switch (x) { case 1: a(); break; default: b(); } }"),
        (Language::Tsx, "function f() { switch (x) { case 1: a(); break; default: b(); } }"),
        (Language::Php, "<?php function f() { switch ($x) { case 1: a(); break; default: b(); } }"),
        (Language::Php, "<?php function f() { return match ($x) { 1 => a(), default => b() }; }"),
        (Language::Python, "def f():\n  match x:\n    case 1: a()\n    case _: b()\n"),
        (Language::Ruby, "def f; case x; when 1 then a; else b; end; end"),
        (Language::Rust, "fn f() { match x { 1 => a(), _ => b() } }"),
    ];
    for (language, source) in switches {
        let found = complexity(language, source);
        assert_eq!(found.iter().map(|(cyclomatic, _)| *cyclomatic).collect::<Vec<_>>(), [2], "1 + one arm: {source}");
    }
    let guarded = [
        (Language::CSharp, "class A { int F() { return x switch { 1 => a(), _ when c => b(), _ => d() }; } }"),
        (Language::CSharp, "class A { void F() { switch (x) { case 1: case 2: a(); break; default: b(); break; } } }"),
        (Language::Python, "def f():\n  match x:\n    case 1: a()\n    case _ if c: b()\n"),
        (Language::Ruby, "def f; case x; in 1 then a; in _ if c then b; in _ then d; end; end"),
        (Language::Rust, "fn f() { match x { 1 => a(), _ if c => b(), _ => d() } }"),
    ];
    for (language, source) in guarded {
        let expected = if language == Language::Python { 4 } else { 3 };
        assert_eq!(complexity(language, source).first().map(|of| of.0), Some(expected), "{source}");
    }
}

#[test]
fn let_chains_join_like_other_conditions() {
    let source = "fn f() { if a && b && c {} } fn g() { if let A(x) = y && b && c {} } fn h() { if let A(x) = y {} }";
    assert_eq!(complexity(Language::Rust, source), [(4, 2), (4, 2), (2, 1)]);
}

#[test]
fn a_shorthand_for_null_is_a_path_but_no_burden() {
    let source = "function f() { return a ?? b ?? c; }";
    for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
        assert_eq!(complexity(language, source), [(3, 0)]);
    }
    assert_eq!(complexity(Language::CSharp, "class A { int F() { return a ?? b; } }"), [(2, 0)]);
    assert_eq!(complexity(Language::Php, "<?php function f() { return $a ?? $b; }"), [(2, 0)]);
    assert_eq!(complexity(Language::JavaScript, "function f() { return a || (b ?? c) || d; }"), [(4, 1)]);
}

#[test]
fn what_documents_in_a_text_is_counted_apart_and_is_no_operand() {
    let metrics =
        |source: &str| Analyser::new().analyse(Language::Python, source.as_bytes(), &Limits::default()).metrics;
    let told = "\"\"\"A module.\n\nOf two.\n\"\"\"\ndef f(x): 'one line'\n\ndef g(x):\n    r'''says'''\n    return x\n";
    let bare = metrics("def f(x): pass\n\ndef g(x):\n    return x\n");
    let told = metrics(told);
    assert_eq!((told.remark_lines, bare.remark_lines), (5, 0));
    assert_eq!(told.halstead.operands, bare.halstead.operands);
    // What is computed, passed on or kept is code.
    assert_eq!(metrics("f'''{g()}'''\nh('''a\nb''')\nx = '''a\nb'''\n").remark_lines, 0);
}

/// Operators and operands, all and distinct.
fn halstead(language: Language, source: &str) -> [u32; 4] {
    let halstead = Analyser::new().analyse(language, source.as_bytes(), &Limits::default()).metrics.halstead;
    [halstead.operators, halstead.distinct_operators, halstead.operands, halstead.distinct_operands]
}

#[test]
fn of_a_literal_nothing_counts_but_itself() {
    let texts: &[(Language, &str, [u32; 4], &[&str])] = &[
        (Language::Bash, "g @", [0, 0, 2, 2], &["\"a\"", "\"{\"", "\"#\"", "\"\\\"\""]),
        (Language::C, "int x = @;", [2, 2, 3, 3], &["\"a\"", "\"a\\tb\"", "\"{}\"", "'a'", "'\\n'"]),
        (Language::Cpp, "int x = @;", [2, 2, 3, 3], &["\"a\"", "\"$\\t#\"", "'a'", "'\\''"]),
        (Language::CSharp, "var x = @;", [3, 3, 2, 2], &["\"a\"", "\"{a}\\t\"", "\"a\"u8", "'a'", "'{'"]),
        (Language::Go, "package a\nvar x = @", [3, 3, 3, 3], &["\"a\"", "\"{a}\\t\"", "'a'", "`{`"]),
        (Language::Java, "class A { int x = @; }", [5, 5, 3, 3], &["\"a\"", "\"{a}\\t\"", "'a'", "'{'"]),
        (Language::JavaScript, "x = @", [1, 1, 2, 2], &["'a'", "'{a}\\t'", "\"a\"", "`a`", "`#`"]),
        (Language::JavaScript, "<a b=@/>", [3, 3, 3, 3], &["'a'", "'a &amp; b'", "\"{ &lt; }\""]),
        (Language::Tsx, "<a b=@/>", [3, 3, 3, 3], &["'a'", "'a &amp; b'", "\"{ &lt; }\""]),
        (Language::TypeScript, "x = @", [1, 1, 2, 2], &["'a'", "'{a}\\t'", "\"a\"", "`a`"]),
        (Language::Php, "<?php x(@);", [2, 2, 2, 2], &["'a'", "'$a {b}'", "'\\''", "\"a\"", "\"{ # \\t\""]),
        (
            Language::Python,
            "x = @",
            [1, 1, 2, 2],
            &["'a'", "'\\w'", "r'\\w{a}'", "f'{{a}}'", "f'\\w'", "\"\"\"a\nb\"\"\""],
        ),
        (Language::Ruby, "x = @", [1, 1, 2, 2], &["'a'", "'\\w$'", "'#{a}'", "\"a\"", "\"{ # \\t\""]),
        (Language::Rust, "static X: A = @;", [4, 4, 3, 3], &["\"a\"", "\"{a}\\t\"", "'a'", "r#\"{a}\"#", "b\"$\""]),
    ];
    let mut wrong = Vec::new();
    for (language, around, expected, literals) in texts {
        for literal in *literals {
            let counted = halstead(*language, &around.replace('@', literal));
            if counted != *expected {
                wrong.push((language.name(), *literal, counted));
            }
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn what_is_computed_in_a_literal_is_code() {
    let texts = [
        (Language::Bash, "g \"`late x`\""),
        (Language::Bash, "g \"$(late x)\""),
        (Language::CSharp, "var x = $\"{late(1)}\";"),
        (Language::Java, "class A { String x = \"\\{late(1)}\"; }"),
        (Language::JavaScript, "x = `${late(1)}`"),
        (Language::Php, "<?php g(\"{$x->late(1)}\");"),
        (Language::Python, "x = f'{late(1)}'"),
        (Language::Ruby, "x = \"#{late(1)}\""),
        (Language::Tsx, "x = `${late(1)}`"),
    ];
    for (language, source) in texts {
        let facts = Analyser::new().analyse(language, source.as_bytes(), &Limits::default());
        let is_called = facts.calls.iter().any(|call| &*call.name == "late");
        assert!(is_called, "{}: {source}: {:?}", language.name(), facts.calls);
    }
    // Names alone, as some languages have them.
    for (language, plain, named) in [
        (Language::Bash, "g \"a\"", "g \"$a\""),
        (Language::Php, "<?php g(\"a\");", "<?php g(\"$a\");"),
        (Language::Ruby, "g \"a\"", "g \"#@a\""),
    ] {
        let [_, _, operands, _] = halstead(language, plain);
        assert!(halstead(language, named)[2] > operands, "{}: {named}", language.name());
    }
}
