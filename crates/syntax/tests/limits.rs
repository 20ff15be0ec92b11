//! What no file may do: harm the run, or be called clean when it was cut.

use codexa_model::Language;
use codexa_model::facts::Cut;
use codexa_syntax::{Analyser, Limits};
use proptest::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn abuse_33_nested_parentheses_are_labelled_too_deep() {
    let source = format!("x = {}1{}\n", "(".repeat(100_000), ")".repeat(100_000));
    // However long it takes: a busy machine parses this for seconds.
    let limits = Limits { time: Duration::from_secs(600), ..Limits::default() };
    let facts = Analyser::new().analyse(Language::Python, source.as_bytes(), &limits);
    assert_eq!(facts.parse.cut, Some(Cut::TooDeep));
    assert!(facts.parse.confidence() < 0.5, "{:?}", facts.parse);
}

#[test]
fn a_file_over_the_limit_is_labelled_too_large() {
    let limits = Limits { max_bytes: 10, ..Limits::default() };
    let facts = Analyser::new().analyse(Language::Rust, b"fn main() { }", &limits);
    assert_eq!(facts.parse.cut, Some(Cut::TooLarge));
    assert_eq!(facts.parse.error_bytes, 13);
}

#[test]
fn a_file_with_too_many_nodes_is_labelled_and_keeps_what_was_read() {
    let limits = Limits { max_nodes: 40, ..Limits::default() };
    let source = "fn first() {}\n".to_owned() + &"fn more() {}\n".repeat(50);
    let facts = Analyser::new().analyse(Language::Rust, source.as_bytes(), &limits);
    assert_eq!(facts.parse.cut, Some(Cut::TooManyNodes));
    assert_eq!(facts.symbols.first().map(|symbol| &*symbol.name), Some("first"));
    assert!(facts.parse.error_bytes > 0);
}

#[test]
fn an_abandoned_file_leaves_nothing_behind_for_the_next() {
    let mut analyser = Analyser::new();
    let hasty = Limits { time: Duration::ZERO, ..Limits::default() };
    let long = "fn abandoned() { let x = 1; }\n".repeat(20_000);
    let cut = analyser.analyse(Language::Rust, long.as_bytes(), &hasty);
    assert_eq!(cut.parse.cut, Some(Cut::TimedOut));
    let next = analyser.analyse(Language::Rust, b"fn next() {}", &Limits::default());
    assert_eq!(next, Analyser::new().analyse(Language::Rust, b"fn next() {}", &Limits::default()));
}

/// How long this thread has worked.
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}

#[test]
fn on_a_busy_machine_a_file_has_as_much_time_as_on_a_quiet_one() {
    let source = "int f(int x) { return x * (x + 1); }\n".repeat(8_000);
    let mut analyser = Analyser::new();
    let mut analyse = |limits: &Limits| analyser.analyse(Language::C, source.as_bytes(), limits);
    let (before, whole) = (worked(), analyse(&Limits { time: Duration::from_secs(600), ..Limits::default() }));
    // Enough where it has the machine for itself, and less than it takes by the clock where it has a small part of it.
    let limits = Limits { time: (worked() - before) * 5 / 2, ..Limits::default() };
    let is_over = &AtomicBool::new(false);
    let threads = 16 * thread::available_parallelism().unwrap().get();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| while !is_over.load(Ordering::Relaxed) {});
        }
        let was_kept_waiting = (0..50).find_map(|_| {
            let began = Instant::now();
            let facts = analyse(&limits);
            (began.elapsed() > limits.time).then_some(facts)
        });
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(was_kept_waiting.map(|facts| facts.parse), Some(whole.parse));
    });
}

/// Pieces that open and close scopes in most languages, so that random texts reach the extraction hooks.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("class A {".to_owned()),
        Just("struct A_API(x) B final : C<D> {".to_owned()),
        Just("\nA_API template <class B_API C {".to_owned()),
        Just("def f(self, x):\n  ".to_owned()),
        Just("fn f(x: u8) -> u8 {".to_owned()),
        Just("import a.b.c;\n".to_owned()),
        Just("from . import (a as b, c)\n".to_owned()),
        Just("use a::{self, b::{c as d, *}};".to_owned()),
        Just("#include <x.h>\n".to_owned()),
        Just("#define A(x) x\n".to_owned()),
        Just("if (a && b || c) {".to_owned()),
        Just("} else if (x) {".to_owned()),
        Just("else".to_owned()),
        Just("@a.b('x')\n".to_owned()),
        Just("#[a(b = \"c\")]\n".to_owned()),
        Just("/** doc */".to_owned()),
        Just("// note\n".to_owned()),
        Just("\"text ${x} #{y}\"".to_owned()),
        Just("require('x').y(z)".to_owned()),
        Just("}".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("\n".to_owned()),
        "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_harms_the_walk(pieces in prop::collection::vec(piece(), 0..40), cut in any::<prop::sample::Index>()) {
        let mut bytes = pieces.concat().into_bytes();
        // End anywhere, also inside a character.
        bytes.truncate(cut.index(bytes.len() + 1));
        let mut analyser = Analyser::new();
        for language in Language::ALL {
            let facts = analyser.analyse(language, &bytes, &Limits::default());
            let length = u32::try_from(bytes.len()).unwrap();
            prop_assert_eq!(facts.parse.bytes, length);
            prop_assert!(facts.parse.error_bytes <= length);
            for (index, symbol) in facts.symbols.iter().enumerate() {
                prop_assert!(symbol.span.start_byte <= symbol.span.end_byte && symbol.span.end_byte <= length);
                prop_assert!(symbol.parent.is_none_or(|parent| (parent as usize) < index));
            }
            let symbols = u32::try_from(facts.symbols.len()).unwrap();
            prop_assert!(facts.calls.iter().filter_map(|call| call.within).all(|within| within < symbols));
            prop_assert!(facts.annotations.iter().filter_map(|a| a.symbol).all(|symbol| symbol < symbols));
            prop_assert!(facts.references.is_sorted_by(|a, b| a.name < b.name));
        }
    }
}
