//! Names that are written in full, without an import, and files that are included by a path from the own folder.
#![cfg(test)]

use codexa_model::Language;
use codexa_model::facts::{Facts, ImportKind};
use codexa_syntax::{Analyser, Limits};

fn facts(language: Language, source: &str) -> Facts {
    Analyser::new().analyse(language, source.as_bytes(), &Limits::default())
}

/// Imports of a kind, each with its line.
fn imports(facts: &Facts, kind: ImportKind) -> Vec<String> {
    let of_kind = facts.imports.iter().filter(|import| import.kind == kind);
    of_kind.map(|import| format!("{} {}", import.line, import.target)).collect()
}

fn calls(facts: &Facts) -> Vec<String> {
    let shown = |receiver: Option<&str>, name: &str| format!("{} {name}", receiver.unwrap_or("-"));
    facts.calls.iter().map(|call| shown(call.receiver.as_deref(), &call.name)).collect()
}

#[test]
fn php_names_in_full_are_imports_where_they_stand_first() {
    let source = r"<?php
namespace App;
use Foo\Used;
#[\Foo\Attribute(1)]
class A extends \App\Base implements \Countable, \Foo\I {
  use \Foo\T;
  function f(\Foo\Argument $a): \Foo\I {
    new \PDO('x'); new \Foo\Deep\Made(); \strlen('x'); \Foo\call(); \Foo\K::g(); Used\Below::h();
    return \PHP_EOL . \Foo\K::class . $a instanceof \DateTime;
  }
}
";
    let facts = facts(Language::Php, source);
    assert_eq!(imports(&facts, ImportKind::Module), ["3 Foo\\Used"]);
    let expected = [
        "4 Foo\\Attribute",
        "5 App\\Base",
        "5 Countable",
        "5 Foo\\I",
        "6 Foo\\T",
        "7 Foo\\Argument",
        "8 PDO",
        "8 Foo\\Deep\\Made",
        "8 Foo\\call",
        "8 Foo\\K",
        "9 DateTime",
    ];
    assert_eq!(imports(&facts, ImportKind::Path), expected);
    assert_eq!(calls(&facts), ["- PDO", "Foo\\Deep Made", "- strlen", "Foo call", "\\Foo\\K g", "Used\\Below h"]);
}

#[test]
fn php_includes_from_the_own_folder() {
    let source = "<?php
require __DIR__.'/a.php';
require dirname(__DIR__).'/b.php';
require_once dirname(__FILE__) . '/c.php';
require \\dirname(__DIR__, 2) . '/d.php';
require (dirname(dirname(__FILE__)) . '/e.php');
include __DIR__ . '/' . 'f' . \".php\";
require dirname(dirname(__DIR__)) . '/g.php';
require __DIR__ . $x;
require $x . '/y.php';
require dirname($x) . '/y.php';
require __DIR__;
require __DIR__ . 'z.php';
";
    let facts = facts(Language::Php, source);
    let expected =
        ["2 ./a.php", "3 ../b.php", "4 ./c.php", "5 ../../d.php", "6 ../e.php", "7 ./f.php", "8 ../../g.php"];
    assert_eq!(imports(&facts, ImportKind::Require), expected);
    assert_eq!(imports(&facts, ImportKind::Dynamic), ["9 ", "10 ", "11 ", "12 ", "13 "]);
}

#[test]
fn java_types_in_full_are_imports() {
    let source = "package a;
class Q {
  java.util.List<com.x.Held> all = new com.x.full.Made(new com.x.Inner());
  Object o = new Outer.Nested();
  com.x.Held again;
}
";
    let facts = facts(Language::Java, source);
    let expected = ["3 java.util.List", "3 com.x.Held", "3 com.x.full.Made", "3 com.x.Inner"];
    assert_eq!(imports(&facts, ImportKind::Path), expected);
    assert_eq!(calls(&facts), ["com.x.full Made", "com.x Inner", "Outer Nested"]);
}

#[test]
fn a_comment_before_the_first_argument_is_none() {
    let first = |language, source: &str| {
        let facts = Analyser::new().analyse(language, source.as_bytes(), &Limits::default());
        facts.calls.first().and_then(|call| call.literal.clone())
    };
    assert_eq!(first(Language::Python, "route(  # \"/old\"\n    \"/new\")\n").as_deref(), Some("/new"));
    assert_eq!(first(Language::JavaScript, "get(/* '/old' */ '/new');\n").as_deref(), Some("/new"));
    assert_eq!(first(Language::Python, "route(  # why\n    name)\n"), None);
}
