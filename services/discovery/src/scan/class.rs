//! What a file is, by its path: one table, read from top to bottom; the first row that matches decides.
//!
//! The rows follow the conventions of GitHub's linguist and of the languages' own test runners. Git's attributes
//! (`linguist-generated`, `linguist-vendored`, `linguist-documentation`, `binary`) come before the table.

use codexa_model::Language;
use codexa_project::git::Attributes;
use serde::{Deserialize, Serialize};
use tokei::LanguageType;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Code that the project's people write.
    Source,
    /// Code that tests it, and what tests read.
    Test,
    /// Written by a program.
    Generated,
    /// Taken from elsewhere.
    Vendored,
    /// Code that was squeezed for shipping.
    Minified,
    /// Not text.
    Binary,
    /// Text for people.
    Documentation,
    /// Settings of tools, build and deployment.
    Configuration,
}

impl Class {
    /// Whether its symbols and relations belong to the model.
    #[must_use]
    pub fn is_modelled(self) -> bool {
        matches!(self, Self::Source | Self::Test)
    }
}

/// How a row looks at a path.
enum When {
    /// A folder of this name lies above the file.
    Folder(&'static [&'static str]),
    /// The same, for files of these languages.
    FolderOf(&'static [Language], &'static [&'static str]),
    /// The second is the name of a folder above the file, and one of the first of a folder above that.
    FolderBelow(&'static [&'static str], &'static str),
    /// The path starts so.
    PathStart(&'static [&'static str]),
    /// The file's name, in lower case.
    Name(&'static [&'static str]),
    /// The file's name ends so, in lower case.
    NameEnd(&'static [&'static str]),
    /// The file's name starts so, in lower case.
    NameStart(&'static [&'static str]),
    /// The same, for files that are text, by what is known of them.
    TextNameStart(&'static [&'static str]),
    /// The file's name without its extension starts so, for files of these languages.
    StemStart(&'static [Language], &'static [&'static str]),
    /// The file's name without its extension ends so, for files of these languages.
    StemEnd(&'static [Language], &'static [&'static str]),
    /// The file's name without its extension ends in such a word, as it is written, for files of these languages.
    WordEnd(&'static [Language], &'static [&'static str]),
    /// The path starts so, for files of these languages.
    PathStartOf(&'static [LanguageType], &'static [&'static str]),
    /// The language, whatever the path.
    Language(&'static [LanguageType]),
}

use Class::{Binary, Configuration, Documentation, Generated, Minified, Test, Vendored};
use When::{
    Folder, FolderBelow, FolderOf, Name, NameEnd, NameStart, PathStart, PathStartOf, StemEnd, StemStart, TextNameStart,
    WordEnd,
};

const WEB: &[Language] = &[Language::JavaScript, Language::TypeScript, Language::Tsx];
const WEB_AND_RUBY: &[Language] = &[Language::JavaScript, Language::TypeScript, Language::Tsx, Language::Ruby];
const NATIVE: &[Language] = &[Language::C, Language::Cpp];
const CLASSES: &[Language] = &[Language::Java, Language::CSharp, Language::Php];
const SNAKE: &[Language] = &[Language::Go, Language::Ruby, Language::Python, Language::Rust];

/// What people read as it is.
const TEXT: &[LanguageType] = &[
    LanguageType::Markdown,
    LanguageType::Mdx,
    LanguageType::ReStructuredText,
    LanguageType::AsciiDoc,
    LanguageType::Org,
    LanguageType::Text,
    LanguageType::Tex,
    LanguageType::Typst,
];

#[rustfmt::skip]
const TABLE: &[(Class, When)] = &[
    // Taken from elsewhere.
    (Vendored, Folder(&[
        "node_modules", "bower_components", "jspm_packages", "vendor", "vendored", "_vendor", "third_party",
        "third-party", "thirdparty", "ThirdParty", "3rdparty", "3rd-party", "3rd_party", "extern", "externals", "Godeps", "Pods", "Carthage",
    ])),
    // Vendors are also those who sell; beside scripts and styles they are libraries.
    (Vendored, FolderBelow(&["assets", "static", "public", "dist", "www", "js", "javascript", "javascripts", "css"], "vendors")),
    (Vendored, PathStart(&["deps/", "dependencies/", ".yarn/", "gradle/wrapper/", ".mvn/wrapper/"])),
    (Vendored, Name(&["gradlew", "gradlew.bat", "mvnw", "mvnw.cmd", "config.guess", "config.sub", "ltmain.sh", "install-sh"])),
    // Squeezed.
    (Minified, NameEnd(&[".min.js", ".min.mjs", ".min.css", "-min.js", "-min.css"])),
    // Written by a program.
    (Generated, Name(&[
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "cargo.lock", "poetry.lock",
        "pipfile.lock", "uv.lock", "pdm.lock", "composer.lock", "gemfile.lock", "go.sum", "flake.lock", "packages.lock.json",
        "mix.lock", "podfile.lock", "gradle.lockfile", "deno.lock",
    ])),
    (Generated, NameEnd(&[
        ".pb.go", ".pb.gw.go", ".pb.cc", ".pb.h", ".pb.c", "_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb.js", "_pb.ts", "_pb.d.ts", "_pb.rb",
        "_pb2.rb", "_grpc_web_pb.js", ".g.cs", ".g.i.cs", ".designer.cs", ".generated.cs", ".g.dart", "_generated.go", ".generated.go", ".gen.go",
        "_gen.go", ".deepcopy.go", ".generated.ts", ".generated.js", ".gen.ts", ".js.map", ".css.map", ".mjs.map",
    ])),
    (Generated, Folder(&["__generated__", "generated-sources"])),
    // Not text, as far as the name tells.
    (Binary, NameEnd(&[
        ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".icns", ".bmp", ".tif", ".tiff", ".pdf", ".zip", ".gz", ".tgz", ".bz2", ".xz",
        ".zst", ".7z", ".tar", ".jar", ".war", ".class", ".pyc", ".so", ".dylib", ".dll", ".exe", ".o", ".wasm", ".woff", ".woff2", ".ttf",
        ".otf", ".eot", ".mp3", ".mp4", ".ogg", ".wav", ".webm", ".mov", ".avi", ".sqlite", ".p12", ".jks", ".keystore", ".der",
    ])),
    // Tests: by folder, then by the names that each language's runner looks for.
    (Test, Folder(&[
        "test", "tests", "Tests", "__tests__", "__mocks__", "__snapshots__", "testdata", "test-data", "test_data", "fixtures", "__fixtures__",
        "testFixtures", "e2e", "integration-test", "integration-tests", "integration_tests", "integrationTest", "androidTest", "selftests",
    ])),
    (Test, FolderOf(WEB_AND_RUBY, &["spec", "specs"])),
    (Test, Name(&["conftest.py", "tests.py", "tests.rs", "test.rs", "test.js", "test.ts", "phpunit.xml", "phpunit.xml.dist"])),
    (Test, StemStart(&[Language::Python], &["test_"])),
    (Test, StemEnd(SNAKE, &["_test"])),
    (Test, StemEnd(&[Language::Python, Language::Rust], &["_tests"])),
    (Test, StemEnd(&[Language::Ruby], &["_spec"])),
    (Test, StemEnd(WEB, &[".test", ".spec", ".test-d", ".spec-d", ".e2e", "-test", "_test", ".cy"])),
    // `Latest` and `Contest` end in the letters, not in the word.
    (Test, WordEnd(CLASSES, &["Test", "Tests", "TestCase", "TestBase"])),
    (Test, StemEnd(CLASSES, &["_test", "_tests", "-test"])),
    (Test, StemStart(NATIVE, &["test_", "test-"])),
    (Test, StemEnd(NATIVE, &["_test", "_tests", "_unittest", "-test"])),
    (Test, NameEnd(&[".bats"])),
    // Text for people. Code in a folder of documents stays code.
    (Documentation, TextNameStart(&[
        "readme", "changelog", "changes", "history", "contributing", "authors", "license", "licence", "copying", "notice", "maintainers",
        "credits", "code_of_conduct", "security", "install", "todo", "news",
    ])),
    (Documentation, When::Language(TEXT)),
    // Pages of a manual: the program shows no HTML out of the folder that explains it.
    (Documentation, PathStartOf(&[LanguageType::Html], &["doc/", "docs/", "documentation/"])),
    // Settings.
    (Configuration, When::Language(&[
        LanguageType::Json, LanguageType::Yaml, LanguageType::Toml, LanguageType::Ini, LanguageType::Xml, LanguageType::MsBuild,
        LanguageType::Dockerfile, LanguageType::Makefile, LanguageType::CMake, LanguageType::Meson, LanguageType::Bazel,
    ])),
    (Configuration, NameStart(&[".", "dockerfile", "procfile", "jenkinsfile", "vagrantfile", "kconfig", "kbuild"])),
    (Configuration, NameEnd(&[
        ".conf", ".cfg", ".config", ".properties", ".service", ".gradle", ".gradle.kts", ".in", ".lock", ".config.js", ".config.ts", ".config.mjs",
    ])),
];

/// The class that git's attributes fix, whatever the table says.
pub(super) fn said_by(attributes: Attributes, language: Option<LanguageType>) -> Option<Class> {
    let Attributes { generated, vendored, documentation, binary } = attributes;
    // `-text` alone only forbids the conversion of line ends; a language says that it is text.
    let is_binary = binary == Some(true) && language.is_none();
    [
        (vendored == Some(true), Vendored),
        (generated == Some(true), Generated),
        (is_binary, Binary),
        (documentation == Some(true), Documentation),
    ]
    .into_iter()
    .find_map(|(is_said, class)| is_said.then_some(class))
}

/// The class by path; [`Class::Source`] where no row matches. Attributes may deny rows (`-linguist-vendored`).
pub(super) fn of_path(path: &str, language: Option<LanguageType>, denied: Attributes) -> Class {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let file = File {
        path,
        above: crate::source_roots::free_names(above),
        name: &name.to_lowercase(),
        written: name,
        language,
        parsed: language.and_then(codexa_syntax::language_of),
    };
    TABLE
        .iter()
        .filter(|(class, _)| !is_denied(*class, denied))
        .find(|(_, when)| when.matches(&file))
        .map_or(Class::Source, |(class, _)| *class)
}

fn is_denied(class: Class, attributes: Attributes) -> bool {
    let said = match class {
        Vendored => attributes.vendored,
        Generated => attributes.generated,
        Documentation => attributes.documentation,
        Binary => attributes.binary,
        _ => None,
    };
    said == Some(false)
}

/// What the rows look at.
struct File<'a> {
    path: &'a str,
    above: &'a str,
    /// In lower case.
    name: &'a str,
    written: &'a str,
    language: Option<LanguageType>,
    parsed: Option<Language>,
}

impl File<'_> {
    fn is_of(&self, languages: &[Language]) -> bool {
        self.parsed.is_some_and(|parsed| languages.contains(&parsed))
    }

    fn lies_in(&self, folders: &[&str]) -> bool {
        !self.above.is_empty() && self.above.split('/').any(|folder| folders.contains(&folder))
    }

    fn lies_below(&self, folders: &[&str], name: &str) -> bool {
        let mut above = self.above.split('/');
        above.any(|folder| folders.contains(&folder)) && above.any(|folder| folder == name)
    }

    fn written_stem(&self) -> &str {
        self.written.rsplit_once('.').map_or(self.written, |(stem, _)| stem)
    }

    fn stem(&self) -> &str {
        self.name.rsplit_once('.').map_or(self.name, |(stem, _)| stem)
    }
}

impl When {
    fn matches(&self, file: &File<'_>) -> bool {
        match self {
            Self::Folder(folders) => file.lies_in(folders),
            Self::FolderOf(languages, folders) => file.is_of(languages) && file.lies_in(folders),
            Self::FolderBelow(folders, name) => file.lies_below(folders, name),
            Self::PathStart(starts) => starts_with_any(file.path, starts),
            Self::Name(names) => names.contains(&file.name),
            Self::NameEnd(ends) => ends_with_any(file.name, ends),
            Self::NameStart(starts) => starts_with_any(file.name, starts),
            Self::TextNameStart(starts) => {
                let may_be_text =
                    file.language.is_none_or(|language| language == LanguageType::Html || TEXT.contains(&language));
                may_be_text && starts_with_any(file.name, starts)
            }
            Self::StemStart(languages, starts) => file.is_of(languages) && starts_with_any(file.name, starts),
            Self::StemEnd(languages, ends) => file.is_of(languages) && ends_with_any(file.stem(), ends),
            Self::WordEnd(languages, ends) => file.is_of(languages) && ends_with_any(file.written_stem(), ends),
            Self::PathStartOf(languages, starts) => {
                file.language.is_some_and(|language| languages.contains(&language))
                    && starts_with_any(file.path, starts)
            }
            Self::Language(languages) => file.language.is_some_and(|language| languages.contains(&language)),
        }
    }
}

/// Most candidates differ in the byte that is looked at first, which saves comparing the rest.
fn ends_with_any(name: &str, ends: &[&str]) -> bool {
    let last = name.as_bytes().last();
    ends.iter().any(|end| end.as_bytes().last() == last && name.ends_with(end))
}

fn starts_with_any(name: &str, starts: &[&str]) -> bool {
    let first = name.as_bytes().first();
    starts.iter().any(|start| start.as_bytes().first() == first && name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(path: &str) -> Class {
        of_path(path, super::super::language::of_path(path), Attributes::default())
    }

    #[test]
    fn rows_decide_as_people_would() {
        let cases: &[(Class, &[&str])] = &[
            (
                Class::Source,
                &[
                    "src/lib.rs",
                    "security.c",
                    "history.py",
                    "app/SecurityConfig.kt",
                    "utils/changelog.tcl",
                    "src/spec/mod.rs",
                    "a/testing.py",
                    "run",
                    "app/docs/page.html",
                    "docs/conf.py",
                    "src/main/java/a/test/vendor/B.java",
                    "latest.py",
                    "Contest.py",
                    "src/Latest.java",
                    "Contest.cs",
                    "app/Protest.php",
                    "app/vendors/models.py",
                    "src/main/kotlin/org/samples/tests/B.java",
                ],
            ),
            (
                Vendored,
                &[
                    "node_modules/a/i.js",
                    "web/static/vendors/chart/chart.js",
                    "a/vendor/b.go",
                    "deps/lua/a.c",
                    "gradlew",
                ],
            ),
            (Minified, &["static/jquery.min.js"]),
            (Generated, &["Cargo.lock", "api/v1/x.pb.go", "x_pb2.py", "a/__generated__/q.ts"]),
            (Binary, &["logo.PNG", "a/b.jar"]),
            (
                Test,
                &[
                    "tests/a.rs",
                    "a_test.go",
                    "test_a.py",
                    "conftest.py",
                    "x.spec.ts",
                    "x.test-d.ts",
                    "spec/a_spec.rb",
                    "src/test/java/a/B.java",
                    "m/src/main/java/a/BTest.java",
                    "a/UnitTests.cs",
                    "a/cart_test.php",
                    "a/tests/data.json",
                    "lib/net_unittest.cc",
                ],
            ),
            (
                Documentation,
                &["docs/vendors/index.md", "docs/ops.html", "README", "docs/guide.rst", "LICENSE", "a/CHANGELOG.md"],
            ),
            (
                Configuration,
                &[
                    "pom.xml",
                    ".github/workflows/ci.yml",
                    "Makefile",
                    ".gitignore",
                    "a/log4j.properties",
                    "vite.config.ts",
                ],
            ),
        ];
        for (expected, paths) in cases {
            for path in *paths {
                assert_eq!(class(path), *expected, "{path}");
            }
        }
    }

    #[test]
    fn attributes_fix_and_deny() {
        let yes = Some(true);
        let said = |attributes| said_by(attributes, Some(LanguageType::C));
        assert_eq!(said(Attributes { vendored: yes, generated: yes, ..Default::default() }), Some(Vendored));
        assert_eq!(said(Attributes { generated: yes, ..Default::default() }), Some(Generated));
        assert_eq!(said(Attributes { binary: yes, ..Default::default() }), None, "-text on a source file");
        assert_eq!(said_by(Attributes { binary: yes, ..Default::default() }, None), Some(Binary));
        let denied = Attributes { vendored: Some(false), ..Default::default() };
        assert_eq!(of_path("vendor/a.c", Some(LanguageType::C), denied), Class::Source);
    }
}
