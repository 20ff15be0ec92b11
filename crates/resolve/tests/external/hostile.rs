//! What a stranger's manifest may hold: nothing of it may panic, recurse without end or inflate.

use crate::{Files, lines, lines_of, survey_and_cuts, survey_of};
use codexa_resolve::external::survey;
use proptest::prelude::*;

const NAMES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "go.mod",
    "go.sum",
    "pyproject.toml",
    "requirements.txt",
    "requirements.in",
    "setup.cfg",
    "setup.py",
    "Pipfile",
    "Pipfile.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pylock.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "gradle/libs.versions.toml",
    "gradle.lockfile",
    "composer.json",
    "composer.lock",
    "Gemfile",
    "Gemfile.lock",
    "a.gemspec",
    "a.csproj",
    "Directory.Packages.props",
    "packages.config",
    "packages.lock.json",
    "conanfile.txt",
    "conanfile.py",
    "vcpkg.json",
    "CMakeLists.txt",
];

/// Bytes, and text made of the pieces that these formats give a meaning to.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "'",
        "\n",
        "  ",
        ":",
        "=",
        ",",
        "@",
        "/",
        "..",
        "$",
        "${",
        "#",
        "//",
        "\\",
        "é",
        "<",
        ">",
        "</",
        "dependencies",
        "packages",
        "name",
        "version",
        "require",
        "replace",
        "=>",
        "-r",
        "requirements.txt",
        "gem",
        "group",
        "end",
        "libs",
        "implementation",
        "project",
        "parent",
        "find_package(",
        "1.0",
        "a",
        "install_requires",
        "&x",
        "*x",
        "[[package]]",
        "path",
        "npm:",
    ]);
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat().into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_content_is_survived_and_the_answer_is_sorted(contents in prop::collection::vec(content(), NAMES.len())) {
        let files: Vec<(&str, &[u8])> = NAMES.iter().copied().zip(contents.iter().map(Vec::as_slice)).collect();
        let found = survey(&Files::new(&files));
        prop_assert!(found.dependencies.is_sorted());
        prop_assert!(found.dependencies.windows(2).all(|pair| pair[0] != pair[1]));
        prop_assert_eq!(&found, &survey(&Files::new(&files)));
    }
}

#[test]
fn what_cannot_be_understood_is_listed() {
    let survey =
        survey_of(&[("package.json", "{"), ("Cargo.toml", "= ="), ("pom.xml", "<project>"), ("go.mod", "module m")]);
    assert_eq!(survey.dependencies, []);
    let unread: Vec<&str> = survey.unread.iter().map(|file| &*file.path).collect();
    assert_eq!(unread, ["Cargo.toml", "package.json", "pom.xml"]);
}

#[test]
fn aliases_depth_and_chains_are_bounded() {
    let mut bomb = String::from("lockfileVersion: 5.4\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let alias = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![alias; 10].join(", ")));
    }
    let properties: String =
        (0..60).map(|at| format!("<p{at}>${{p{}}}${{p{}}}${{p{}}}</p{at}>", at + 1, at + 1, at + 1)).collect();
    let pom = format!(
        "<project><groupId>g</groupId><artifactId>a</artifactId><properties>{properties}</properties>\
         <dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId><version>${{p0}}</version></dependency></dependencies></project>"
    );
    let deep_json = "{\"dependencies\":".repeat(50_000);
    let deep_toml = format!("a = {}", "[".repeat(100_000));
    let deep_xml = "<a>".repeat(100_000);
    let survey = survey_of(&[
        ("a/pnpm-lock.yaml", &bomb),
        ("b/pom.xml", &pom),
        ("c/package-lock.json", &deep_json),
        ("d/pyproject.toml", &deep_toml),
        ("e/pom.xml", &deep_xml),
        ("f/build.gradle", &"dependencies {".repeat(50_000)),
        ("g/Gemfile", &"group :a do\n".repeat(50_000)),
    ]);
    let unread: Vec<&str> = survey.unread.iter().map(|file| &*file.path).collect();
    assert_eq!(unread, ["a/pnpm-lock.yaml", "c/package-lock.json", "d/pyproject.toml", "e/pom.xml"]);
    assert_eq!(survey.dependencies.len(), 1);
    assert_eq!(survey.dependencies[0].requirement.as_deref(), Some("${p0}"), "a chain without end stays as written");
}

#[test]
fn poms_that_are_each_others_parents_end() {
    let pom = |own: &str, parent: &str| {
        format!(
            "<project><parent><groupId>g</groupId><artifactId>{parent}</artifactId><relativePath>../{parent}</relativePath></parent>\
             <artifactId>{own}</artifactId><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId>\
             <version>${{nowhere}}</version></dependency></dependencies></project>"
        )
    };
    let (survey, cuts) = survey_and_cuts(&[("a/pom.xml", &pom("a", "b")), ("b/pom.xml", &pom("b", "a"))]);
    assert_eq!(lines_of(&survey), ["x:y ${nowhere} = -, Runtime, a/pom.xml", "x:y ${nowhere} = -, Runtime, b/pom.xml"]);
    assert_eq!(cuts, [""; 0], "both were read to the end");
}

#[test]
fn a_bundle_of_thousands_is_cut_and_named() {
    let libraries: String = (0..1_000).map(|at| format!("l{at} = 'g:l{at}:1'\n")).collect();
    let members: String = (0..1_000).map(|at| format!("'l{at}',")).collect();
    let catalog = format!("[libraries]\n{libraries}[bundles]\nall = [{members}]\n");
    let script = "dependencies {\n  api(libs.bundles.all)\n  api(libs.bundles.all)\n}\n";
    let (survey, cuts) = survey_and_cuts(&[("gradle/libs.versions.toml", &catalog), ("build.gradle", script)]);
    assert!((1..1_000).contains(&survey.dependencies.len()));
    assert_eq!(survey.unread, []);
    assert_eq!(cuts, ["gradle/libs.versions.toml: has a bundle with more entries than are read"]);
}

#[test]
fn a_version_that_no_go_command_writes_is_not_compared() {
    let sum = format!("m v1{}\nm v1.0.0 h1:x=\n", ".1".repeat(10_000));
    assert_eq!(lines(&[("go.mod", "module own\n"), ("go.sum", &sum)]), ["~m - = v1.0.0, Runtime, go.sum"]);
}

#[test]
fn a_pom_that_names_properties_without_end_is_cut_and_named() {
    let version = "${a}".repeat(60);
    let dependencies: String = (0..4_000)
        .map(|at| format!("<dependency><groupId>g</groupId><artifactId>a{at}</artifactId><version>{version}</version></dependency>"))
        .collect();
    let pom = format!(
        "<project><groupId>o</groupId><artifactId>o</artifactId><properties><a>1</a></properties>\
         <dependencies>{dependencies}</dependencies></project>"
    );
    let (survey, cuts) = survey_and_cuts(&[("pom.xml", &pom)]);
    assert_eq!(cuts, ["pom.xml: has more properties and versions than are looked up for one pom"]);
    let as_written = survey.dependencies.iter().filter(|found| found.requirement.as_deref() == Some(&*version)).count();
    assert!((1..4_000).contains(&as_written), "{as_written}");
}

#[test]
fn patterns_of_workspaces_are_bounded_together() {
    let patterns: String = (0..900).map(|at| format!("\"p{at}/*\",")).collect();
    let manifest = format!(r#"{{"name": "w", "workspaces": [{patterns}"z"]}}"#);
    let files: Vec<(String, &str)> = (0..6).map(|at| (format!("w{at}/package.json"), &*manifest)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, *text)).collect();
    let (_, cuts) = survey_and_cuts(&files);
    let cut = |path: &str| format!("{path}: names more or longer patterns of workspace members than are read");
    assert_eq!(cuts, [cut("w4/package.json"), cut("w5/package.json")]);
}
