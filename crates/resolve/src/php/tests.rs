//! Each rule on a small repository.

use crate::testing::TestRepository;
use codexa_model::Language::Php;
use codexa_model::facts::{ImportKind, ImportedName};

fn repository() -> TestRepository {
    let mut repo = TestRepository::default();
    repo.text("composer.json", r#"{"name": "acme/app", "require": {"php": "^8", "monolog/monolog": "*", "symfony/console": "*", "symfony/http-kernel": "*"},
        "autoload": {"psr-4": {"Acme\\": "src/", "Acme\\Sub\\": ["sub", "sub2"]}, "psr-0": {"Old_": "old"}, "classmap": ["legacy/"]}}"#);
    repo.text(
        "composer.lock",
        r#"{"packages": [{"name": "doctrine/orm", "autoload": {"psr-4": {"Doctrine\\ORM\\": "src"}}}]}"#,
    );
    for path in
        ["src/A/B.php", "sub2/C.php", "old/Old/Thing.php", "inc/beside.php", "top.php", "inc/twice.php", "twice.php"]
    {
        repo.text(path, "");
    }
    repo.source("legacy/k.php", Php, "").defines("Kept");
    repo.source("src/functions.php", Php, "").module("Acme").defines("helper");
    repo
}

#[test]
fn names_follow_the_autoloader() {
    let mut repo = repository();
    let imports = "use Acme\\A\\B\nuse Acme\\Sub\\C\nuse Old_Thing\nuse Kept\nuse Acme\\helper\nuse Acme\\Gone\nuse Exception\nuse \\Random\\Randomizer\n\
        use Doctrine\\ORM\\EntityManager\nuse Monolog\\Logger\nuse Symfony\\Component\\HttpKernel\\Kernel\nuse Nobody\\Knows";
    repo.source("src/Main.php", Php, imports).module("Acme");
    insta::assert_snapshot!(repo.show("src/Main.php").join("\n"), @r"
    legacy/k.php php.classmap 95
    old/Old/Thing.php php.psr0 100
    src/A/B.php php.psr4 100
    src/functions.php php.namespace 85
    sub2/C.php php.psr4 100
    Acme\Gone: not found
    Doctrine\ORM\EntityManager: external doctrine/orm
    Exception: standard library
    Monolog\Logger: external monolog/monolog
    Nobody\Knows: external Nobody
    Symfony\Component\HttpKernel\Kernel: external symfony/http-kernel
    \Random\Randomizer: standard library
    ");
}

#[test]
fn groups_name_each_of_their_members() {
    let mut repo = repository();
    let mut import = crate::testing::plain(ImportKind::From, "Acme", 1);
    import.names = ["A\\B", "Sub\\C"].map(|name| ImportedName { name: name.into(), alias: None }).to_vec();
    repo.parsed_file("m.php", Php, vec![import]);
    assert_eq!(repo.show("m.php"), ["src/A/B.php php.psr4 100", "sub2/C.php php.psr4 100"]);
}

#[test]
fn includes_follow_paths() {
    let mut repo = repository();
    repo.source("inc/m.php", Php, "require ./beside.php\nrequire beside.php\nrequire top.php\nrequire twice.php\nrequire ./../../x\nrequire $x\nrequire vendor/autoload.php");
    insta::assert_snapshot!(repo.show("inc/m.php").join("\n"), @r"
    inc/beside.php php.include_beside 90
    inc/beside.php php.include_relative 100
    top.php php.include_from_root 80
    $x: dynamic
    ./../../x: not found
    twice.php: ambiguous
    vendor/autoload.php: not found
    ");
}

#[test]
fn unqualified_classes_belong_to_the_own_namespace() {
    let mut repo = TestRepository::default();
    repo.source("src/User.php", Php, "").module("App\\Model").defines("User");
    repo.source("src/Mail.php", Php, "").module("App\\Model").defines("Mail");
    repo.source("src/Repo.php", Php, "use Other\\Mail").module("App\\Model").uses("Mail User user");
    assert_eq!(repo.show("src/Repo.php"), ["src/User.php php.same_namespace 85", "Other\\Mail: external Other"]);
}

#[test]
fn a_prefix_has_a_bounded_number_of_folders() {
    let folders: Vec<String> = (0..100).map(|at| format!("\"f{at}\", \"f{at}\"")).collect();
    let mut repo = TestRepository::default();
    repo.text("composer.json", &format!(r#"{{"autoload": {{"psr-4": {{"A\\": [{}]}}}}}}"#, folders.join(",")));
    repo.text("f31/X.php", "").text("f99/Y.php", "");
    repo.source("m.php", Php, "use A\\X\nuse A\\Y");
    assert_eq!(repo.show("m.php"), ["f31/X.php php.psr4 100", "A\\Y: not found"]);
}
