//! The tests that a file holds, by what the runners of its language look for.

use codexa_model::Language;
use codexa_model::facts::{Annotation, Call, CallKind, Condition, Facts, Symbol, SymbolKind};

/// How many tests a file holds: functions, methods, and blocks that are handed to a runner. Cases of one are not counted.
pub(crate) fn count(facts: &Facts) -> u32 {
    let found = match facts.language {
        Language::Python => functions(facts, |name| name.starts_with("test")),
        Language::Go => functions(facts, is_go_test),
        Language::Rust => {
            annotated(facts, is_rust_test)
                + called(facts, |call| is_macro(call, &["proptest", "quickcheck"]) || declares_test(facts, call))
        }
        Language::Java => annotated(facts, is_java_test) + methods(facts, "test"),
        Language::CSharp => annotated(facts, is_csharp_test),
        Language::Php => annotated(facts, |name| name == "Test") + methods(facts, "test") + called(facts, is_block),
        Language::JavaScript | Language::TypeScript | Language::Tsx => called(facts, is_block),
        Language::Ruby => called(facts, is_block) + methods(facts, "test_"),
        // What a runner of these starts is a program, or a macro that looks like a function.
        Language::C | Language::Cpp => {
            // `Test::Test()` makes what others test with.
            let is_test = |symbol: &&Symbol| symbol.kind == SymbolKind::Function && C_TESTS.contains(&&*symbol.name);
            facts.symbols.iter().filter(is_test).count()
                + called(facts, |call| C_TESTS.contains(&&*call.name) && is_item(facts, call))
                + switched_on(facts)
        }
        Language::Bash => 0,
    };
    u32::try_from(found).unwrap_or(u32::MAX)
}

/// GoogleTest, Catch2, Boost.Test, Check, Criterion.
const C_TESTS: [&str; 9] =
    ["BOOST_AUTO_TEST_CASE", "START_TEST", "TEST", "TEST_CASE", "TEST_F", "TEST_P", "TYPED_TEST", "Test", "SCENARIO"];

/// Words of names that switch on a file's test of itself.
const SWITCHES: [&str; 6] = ["SELFTEST", "TEST", "TESTING", "TESTS", "UNITTEST", "UNITTESTS"];

/// Blocks that runners of JavaScript, Ruby and PHP are handed.
const BLOCKS: [&str; 9] = ["context", "describe", "feature", "it", "scenario", "should", "specify", "suite", "test"];

fn functions(facts: &Facts, is_test: impl Fn(&str) -> bool) -> usize {
    let is_function = |symbol: &&Symbol| matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method);
    facts.symbols.iter().filter(is_function).filter(|symbol| is_test(&symbol.name)).count()
}

/// Methods that begin so, of a type whose name ends in a word for tests: others may begin so by chance.
fn methods(facts: &Facts, start: &str) -> usize {
    let is_of_test = |symbol: &Symbol| {
        let parent = symbol.parent.and_then(|parent| facts.symbols.get(parent as usize));
        parent.is_some_and(|parent| parent.name.contains("Test"))
    };
    let is_method = |symbol: &&Symbol| symbol.kind == SymbolKind::Method && symbol.name.starts_with(start);
    facts.symbols.iter().filter(is_method).filter(|symbol| is_of_test(symbol)).count()
}

/// Functions that a file of C keeps for its own test: they are compiled only where a name for tests is defined, and say in
/// theirs what they are.
fn switched_on(facts: &Facts) -> usize {
    let is_test = |symbol: &&Symbol| {
        let name = symbol.name.to_ascii_lowercase();
        name == "main" || name.starts_with("test") || name.ends_with("test") || name.ends_with("tests")
    };
    // What is only declared has no body to measure.
    let is_defined = |symbol: &&Symbol| symbol.kind == SymbolKind::Function && symbol.metrics.is_some();
    compiled_for_tests(facts).filter(is_defined).filter(is_test).count()
}

/// What is compiled only where a name for tests is defined: `#ifdef REDIS_TEST`.
pub(crate) fn compiled_for_tests(facts: &Facts) -> impl Iterator<Item = &Symbol> {
    let is_for_tests = |condition: &&Condition| condition.name.split('_').any(|word| SWITCHES.contains(&word));
    let stretches: Vec<&Condition> = facts.conditions.iter().filter(is_for_tests).collect();
    let is_inside = move |symbol: &&Symbol| {
        let (start, end) = (symbol.span.start_byte, symbol.span.end_byte);
        stretches.iter().any(|stretch| stretch.start_byte <= start && end <= stretch.end_byte)
    };
    facts.symbols.iter().filter(is_inside)
}

fn annotated(facts: &Facts, is_test: impl Fn(&str) -> bool) -> usize {
    let last = |annotation: &&Annotation| is_test(&annotation.name);
    facts.annotations.iter().filter(last).count()
}

fn called(facts: &Facts, is_test: impl Fn(&Call) -> bool) -> usize {
    facts.calls.iter().filter(|call| is_test(call)).count()
}

/// `TestX`, `FuzzX`, `ExampleX` and `BenchmarkX`, where what follows begins no word in lower case.
fn is_go_test(name: &str) -> bool {
    let rest = ["Test", "Fuzz", "Example", "Benchmark"].iter().find_map(|start| name.strip_prefix(start));
    rest.is_some_and(|rest| !rest.starts_with(char::is_lowercase)) && name != "TestMain"
}

fn is_rust_test(name: &str) -> bool {
    let last = name.rsplit_once("::").map_or(name, |(_, last)| last);
    matches!(last, "test" | "rstest" | "test_case" | "quickcheck") || last.ends_with("_test")
}

fn is_java_test(name: &str) -> bool {
    let last = name.rsplit_once('.').map_or(name, |(_, last)| last);
    last.ends_with("Test") || matches!(last, "TestFactory" | "TestTemplate" | "Property")
}

fn is_csharp_test(name: &str) -> bool {
    let last = name.rsplit_once('.').map_or(name, |(_, last)| last);
    matches!(last, "Fact" | "Theory" | "Test" | "TestCase" | "TestCaseSource" | "TestMethod" | "DataTestMethod")
}

fn is_macro(call: &Call, names: &[&str]) -> bool {
    call.kind == CallKind::Macro && names.contains(&&*call.name)
}

/// A macro of one's own that stands where an item does and says that it makes a test of it: `rgtest!(name, …)`.
fn declares_test(facts: &Facts, call: &Call) -> bool {
    let is_test = call.name.ends_with("test") || call.name.ends_with("tests");
    call.kind == CallKind::Macro && is_test && is_item(facts, call)
}

/// Whether a call stands in a file or a module, and in no function: then it is a macro that declares something.
fn is_item(facts: &Facts, call: &Call) -> bool {
    let around = call.within.and_then(|within| facts.symbols.get(within as usize));
    around.is_none_or(|symbol| symbol.kind == SymbolKind::Module)
}

/// `describe("…")`, `it.only("…")`, `RSpec.describe X`, `Deno.test("…")`.
fn is_block(call: &Call) -> bool {
    let is_of_block = |name: &str| BLOCKS.contains(&name);
    match call.receiver.as_deref() {
        None => is_of_block(&call.name),
        Some("RSpec" | "Deno" | "QUnit") => is_of_block(&call.name),
        Some(receiver) => {
            let first = receiver.split('.').next().unwrap_or(receiver);
            is_of_block(first) && matches!(&*call.name, "only" | "skip" | "each" | "concurrent" | "serial" | "todo")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::count;
    use codexa_model::Language;
    use codexa_syntax::{Analyser, Limits};

    /// For each language files with what its runners find, and with what only looks like it.
    const CASES: &[(Language, u32, &str)] = &[
        (
            Language::Python,
            2,
            "def test_a(): pass\nclass TestB:\n    def test_b(self): pass\n    def helper(self): pass\n",
        ),
        (Language::Python, 0, "def client(): pass\nattest = 1\n"),
        (Language::Go, 3, "package a\nfunc TestA(t *T) {}\nfunc Example() {}\nfunc BenchmarkB(b *B) {}\n"),
        (Language::Go, 0, "package a\nfunc Testing() {}\nfunc TestMain(m *M) {}\nfunc setup() {}\n"),
        (Language::Rust, 2, "#[cfg(test)]\nmod tests {\n #[test]\n fn a() {}\n #[tokio::test]\n async fn b() {}\n}\n"),
        (Language::Rust, 1, "proptest! { #![proptest_config(c())] }\n"),
        (Language::Rust, 2, "rgtest!(one, |dir: Dir| { run(dir) });\nmod deep { rgtest!(two, |dir: Dir| {}); }\n"),
        (Language::Rust, 0, "#[cfg(test)]\nmod tests { fn sample() { mytest!(a); } }\nlatest_of!(a);\n"),
        (Language::Java, 2, "class A { @Test void a() {} @ParameterizedTest void b(int n) {} void c() {} }\n"),
        (Language::Java, 1, "public class ATest extends TestCase { public void testIt() {} public void help() {} }\n"),
        (
            Language::Java,
            0,
            "class Attempt { void testify() {} @Override public String toString() { return null; } }\n",
        ),
        (
            Language::CSharp,
            2,
            "class A { [Fact] public void B() {} [Theory] public void C(int n) {} [Obsolete] void D() {} }\n",
        ),
        (Language::Php, 2, "<?php class ATest { function testA() {} #[Test] function b() {} function c() {} }\n"),
        (Language::JavaScript, 3, "describe('a', () => { it('b', () => {}); it.only('c', () => {}) })\n"),
        (Language::TypeScript, 1, "Deno.test('a', () => { run('b') })\n"),
        (Language::JavaScript, 0, "if (/a/.test('a')) { commit('b'); suite.add('c') }\n"),
        (Language::Ruby, 2, "RSpec.describe Cart do\n  it 'adds' do\n  end\nend\n"),
        (Language::Ruby, 1, "class CartTest < Minitest::Test\n  def test_add\n  end\n  def setup\n  end\nend\n"),
        (Language::Cpp, 1, "#include <gtest/gtest.h>\nTEST(Cart, Adds) { EXPECT_EQ(1, 1); }\n"),
        (
            Language::C,
            1,
            "#ifdef REDIS_TEST\nvoid fill(void) {}\nint setTest(int);\nint dictTest(int n) { return n; }\n#endif\n",
        ),
        (Language::C, 1, "#if defined(CRC_TEST_MAIN)\nint main(void) { return 0; }\n#endif\n"),
        (Language::C, 0, "#ifdef LATEST\nint runTest(void) { return 0; }\n#endif\nint testBit(int n) { return n; }\n"),
        (Language::Cpp, 0, "class Test { Test(); };\nTest::Test() : a_(1) {}\nvoid run() { use(Test(1)); }\n"),
        (Language::Bash, 0, "test -f x && run\n"),
    ];

    #[test]
    fn tests_are_found_as_the_runners_of_each_language_find_them() {
        let found =
            |language, source: &str| count(&Analyser::new().analyse(language, source.as_bytes(), &Limits::default()));
        let wrong: Vec<_> = CASES
            .iter()
            .filter(|(language, tests, source)| found(*language, source) != *tests)
            .map(|(language, tests, source)| (source, *tests, found(*language, source)))
            .collect();
        assert!(wrong.is_empty(), "source, tests in it, tests found: {wrong:#?}");
        let is_like_another = |language| language == Language::Tsx;
        for language in Language::ALL.into_iter().filter(|language| !is_like_another(*language)) {
            assert!(CASES.iter().any(|(of, ..)| *of == language), "no case of {}", language.name());
        }
    }
}
