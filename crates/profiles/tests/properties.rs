//! What holds for any file.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that finds something missing has to fail, also in what its cases share"
)]

use codexa_profiles::pygount::count_text;
use codexa_profiles::radon::{MAX_DEPTH, Wanted, measure_source};
use proptest::prelude::*;

/// Texts of the pieces that lexers and parsers trip over.
fn code() -> impl Strategy<Value = String> {
    let pieces = [
        "(", ")", "[", "]", "{", "}", "\"\"\"", "'''", "\"", "'", "f'", "rb\"", "\\", "\n", "    ", "\t", "#", "//",
        "/*", "*/", ":", ";", "if ", "def f", "class A", "lambda ", "x", "1", "+", "-", "not ", "=", "`", "${", "r#\"",
        "\"#", "#if 0\n", "#endif\n", "é", "\u{2028}", "\x0c", "\r", "\u{feff}", "\0", "match ", "case ", "@", "!",
        "%s", "{{", "\u{93f}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60).prop_map(|pieces| pieces.concat())
}

const NAMES: [&str; 9] = ["a.py", "a.c", "a.cpp", "a.java", "a.js", "a.ts", "a.go", "a.rs", "a.txt"];

proptest! {
    #[test]
    fn any_bytes_are_measured_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        measure_source(&bytes, Wanted::all());
    }

    #[test]
    fn the_classes_of_radons_lines_add_up(text in code()) {
        if let Some(Ok(raw)) = measure_source(text.as_bytes(), Wanted::all()).raw {
            prop_assert_eq!(raw.loc, raw.sloc + raw.blank + raw.multi + raw.single_comments);
            prop_assert!(raw.loc <= text.len() + 1);
        }
    }

    #[test]
    fn every_line_has_one_class_in_pygount(text in code(), name in prop::sample::select(NAMES.to_vec())) {
        let (_, counts) = count_text(name, &text).expect("a language with a lexer");
        let trimmed = text.strip_prefix('\u{feff}').unwrap_or(&text).trim_matches('\n');
        prop_assert_eq!(counts.lines(), 1 + trimmed.matches('\n').count());
    }
}

/// Deep nesting of every kind is measured or refused with a reason, and never overflows the stack.
#[test]
fn deep_nesting_is_refused_with_a_reason() {
    let deep = |text: String| {
        let measures = std::thread::Builder::new()
            .stack_size(128 << 20)
            .spawn(move || measure_source(text.as_bytes(), Wanted::all()))
            .expect("a thread")
            .join()
            .expect("no panic");
        measures.hal.expect("asked for")
    };
    let many = 100_000;
    let cases = [
        format!("{}{}\n", "(".repeat(many), ")".repeat(many)),
        format!("{}x\n", "not ".repeat(many)),
        format!("x{}\n", " + x".repeat(many)),
        format!("x{}\n", ".x".repeat(many)),
        format!("x{}\n", "()".repeat(many)),
        format!("x = {}1\n", "lambda a, b: ".repeat(many)),
        format!("x{}\n", " if y else z".repeat(many)),
        format!("x = {}{}\n", "f'{".repeat(many), "}'".repeat(many)),
        (0..400).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect(),
    ];
    for case in cases {
        let start: String = case.chars().take(20).collect();
        let error = deep(case).expect_err(&start);
        assert!(!error.is_empty(), "{start}");
    }
    assert!(deep(format!("x{}\n", " + x".repeat(MAX_DEPTH - 100))).is_ok());
}
