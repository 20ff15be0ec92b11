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
";
    insta::assert_snapshot!(symbols(Language::Cpp, source));
    assert_eq!(facts(Language::Cpp, source).parse.error_bytes, 0);
}
