//! Symbols in the forms that the samples have no room for: who encloses whom, and who may use it.
#![cfg(test)]

use codexa_model::Language;
use codexa_model::facts::{Facts, Symbol};
use codexa_syntax::{Analyser, Limits};

fn facts(language: Language, source: &str) -> Facts {
    Analyser::new().analyse(language, source.as_bytes(), &Limits::default())
}

/// A symbol's name with those around it.
fn qualified(facts: &Facts, symbol: &Symbol) -> String {
    let around = symbol.parent.and_then(|parent| facts.symbols.get(parent as usize));
    around.map_or_else(|| symbol.name.to_string(), |around| format!("{}.{}", qualified(facts, around), symbol.name))
}

/// The symbols, one a line.
fn symbols(language: Language, source: &str) -> String {
    let facts = facts(language, source);
    let shown = |symbol: &Symbol| format!("{:?} {:?} {}", symbol.visibility, symbol.kind, qualified(&facts, symbol));
    facts.symbols.iter().map(shown).collect::<Vec<_>>().join("\n")
}

#[test]
fn cpp_types_with_markers_are_types() {
    let source = r#"
class X_EXPORT DB {
  int hidden();
 public:
  static int Open(const Options& o, DB** p);
  DB() : a(1) {}
  virtual ~DB();
 private:
  int a;
};
class X_API A final : public B<C> { public: A(); };
struct X_API(1) S : Base { S(); };
enum class X_API Colour : int { red };
template <typename T> class X_API
T3<int*> { public: T get(); };
class LOCKABLE [[nodiscard]] X_API Two { class X_API Inner { void g(); }; };
class __attribute__((visibility("default"))) V { public: int f(); };
class __declspec(dllexport) W {};
X_BEGIN
X_EXPORT template <typename T> struct U { T get(); };
class X_API Later;
"#;
    insta::assert_snapshot!(symbols(Language::Cpp, source));
    let used = facts(Language::Cpp, source).references;
    let marker = used.iter().find(|used| &*used.name == "X_API").map(|used| (used.count, used.line));
    assert_eq!(marker, Some((7, 11)), "a marker is a name that is used");
}

#[test]
fn what_only_looks_like_a_marker_is_left_alone() {
    let source = "\
struct POINT p {1, 2};
struct FLAGS { enum KIND kind : 8; };
template <class T, class UU> struct FOO bar() { return {}; }
struct FOO *pointer;
#define API struct
enum { FIRST,
LAST };
// class X_API Comment {
/* X_API class Comment2 : A {
   X_API
   class C { */
const char *text = \"class X_API Text {\";
#define DECLARE class X_API Macro {
";
    insta::assert_snapshot!(symbols(Language::Cpp, source));
    assert_eq!(facts(Language::Cpp, source).parse.error_bytes, 0);
}

#[test]
fn cpp_functions_with_markers_are_functions() {
    let source = r#"
#if X_HAS_INCLUDE(<bit>) && X_VERSION
#  include <bit>
#endif
X_PRAGMA(diagnostic error "-Wall")

X_BEGIN_NAMESPACE
// Comment
namespace detail {
X_API auto f(int a) -> int;
X_CONSTEXPR20 void g() {}
template <typename T, X_ENABLE_IF(!is_x<T>::value)>
X_CONSTEXPR inline auto h(T t) -> T {
  if X_CONSTEXPR (t) return t;
  return {};
}
template X_API int h<int>(int);
X_NORETURN X_API BOOL last(const char* text);
X_API std::string named(a::B<int> b);
class style {
  int bits_;
 public:
  X_CONSTEXPR style(int bits) noexcept : bits_(bits) {}
  X_INLINE operator int() const { return bits_; }
  X_CONSTEXPR explicit style(long bits);
};
}  // namespace detail
X_END_NAMESPACE
"#;
    let read = facts(Language::Cpp, source);
    assert_eq!(read.parse.error_bytes, 0);
    insta::assert_snapshot!(symbols(Language::Cpp, source));
    assert!(read.references.iter().any(|used| &*used.name == "X_API"), "a marker is a name that is used");
}

#[test]
fn words_that_may_be_types_stay_where_a_file_is_torn() {
    let source = ")
enum { FIRST,
LAST
};
BOOL
plain(int a) { return a; }
static BOOL hidden(void) { return 1; }
UINT32 number = 4;
RESULT const constant(int a);
int list[] = { ONE, TWO
};
// X_API comment(
TEST(Suite, name) { int x; }
";
    insta::assert_snapshot!(symbols(Language::Cpp, source));
    let used = |name: &str| facts(Language::Cpp, source).references.iter().any(|used| &*used.name == name);
    assert!(used("BOOL") && used("UINT32") && used("RESULT"));
}

#[test]
fn cpp_definitions_outside_of_their_class_are_members() {
    let source = "\
namespace n { void g(); class K { K(); void m(); }; }
void n::g() {}
void n::K::m() {}
int Table::Get(int a) { return a; }
namespace leveldb { int DB::Get() { return 1; } }
lower::lower() {}
lower::~lower() {}
int lower::f() { return 1; }
int unknown::f() { return 1; }
int unknown2::g() const { return 1; }
template <typename T> int tree<T>::h() { return 1; }
K::operator bool() const { return true; }
K& K::operator=(const K& o) { return *this; }
struct B { operator bool() const; explicit operator int*() { return 0; } enum { P, Q = 2 }; };
enum class W { W1 };
";
    insta::assert_snapshot!(symbols(Language::Cpp, source));
    assert_eq!(
        symbols(Language::C, "enum a { A1, A2 = 3 }; void f(void) { enum b { B1 }; }").matches("Constant").count(),
        2
    );
}

#[test]
fn csharp_members_that_compute_are_functions() {
    let source = "
class C {
  public int A { get; private set; }
  public int B { get { return b; } private set => b = value; }
  public int D => x && y ? 1 : 2;
  public int this[int i] { get { return i; } }
  ~C() { }
  public static C operator +(C a, C b) { return a; }
  public static implicit operator int(C a) => 1;
  public event Handler E;
  public event Handler F { add { } remove { } }
  enum Colour { Red, Green = 2 }
  public record R(int Id) { }
}";
    insta::assert_snapshot!(symbols(Language::CSharp, source));
    let facts = facts(Language::CSharp, source);
    let computed = facts.symbols.iter().filter(|symbol| symbol.metrics.is_some_and(|metrics| metrics.cyclomatic == 3));
    assert_eq!(computed.map(|symbol| qualified(&facts, symbol)).collect::<Vec<_>>(), ["C.D.get"], "1 + && + ?:");
}

#[test]
fn ruby_methods_that_calls_define_and_hide() {
    let source = "
class A
  attr_reader :a, :b
  attr_writer :c
  private def d; end
  def e; end
  def self.f; end
  def f; end
  private :e, 'f'
  def self.g; end
  private_class_method :g
  private_class_method def self.h; end
  define_method(:i) { |x| x && 1 }
  protected attr_accessor :j
  LIMIT = 1
  private_constant :LIMIT
  private
  def k; end
  def self.l; end
  public def m; end
  attr_reader :n
end
attr_reader :outside
";
    insta::assert_snapshot!(symbols(Language::Ruby, source));
}

#[test]
fn members_that_are_constants_or_components() {
    let java = "
@interface A { String value() default \"\"; int N = 1; }
enum E { RED, GREEN(1) { void f() {} }; private int x; }
public record Pt(int x, String y) { }
";
    let php = "<?php
enum Suit: string { case Hearts = 'H'; const X = 1; }
define('VERSION', '1.0');
function f() { define('LATE', 1); }
";
    let python = "a, (b, *C) = 1, 2\nclass K:\n    m, [n] = 1, 2\n    x.y, z[0] = 1, 2\n";
    let rust = "pub enum E { A, B(u8), C { d: u8 } }";
    let typescript = "export enum E { A, B = 2, 'c-d' }";
    let shown = [
        symbols(Language::Java, java),
        symbols(Language::Php, php),
        symbols(Language::Python, python),
        symbols(Language::Rust, rust),
        symbols(Language::TypeScript, typescript),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn functions_in_objects_that_have_a_name_are_its_members() {
    let source = "
export const api = { get() {}, post: async (a) => a, put: function () {}, n: { deep() {}, closure: () => 1 }, x: 1 };
const inner = { a: () => 1 };
export default { data() {}, e: () => 1 };
module.exports = { q() {}, w: () => 1 };
exports.k = { z() {}, y: () => 1 };
foo({ bar() {}, baz: () => 1 });
function f() { const local = { g: () => 1 }; }
";
    let found = symbols(Language::JavaScript, source);
    assert_eq!(symbols(Language::TypeScript, source), found);
    assert_eq!(symbols(Language::Tsx, &source.replace("x: 1 };", "x: 1 } as const satisfies T;")), found);
    insta::assert_snapshot!(found);
}
