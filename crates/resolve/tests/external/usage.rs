use crate::survey_of;
use codexa_model::Language;
use codexa_resolve::external::{Declared, Used};

fn ask(files: &[(&str, &str)], language: Language, import: &str) -> Option<(String, String, u8)> {
    let survey = survey_of(files);
    let declared = Declared::new(&survey.dependencies, &survey.namespaces);
    declared
        .find(language, import)
        .map(|Used { name, origin, confidence, .. }| (name.into_string(), origin.into_owned(), confidence))
}

fn found(name: &str, origin: &str, confidence: u8) -> Option<(String, String, u8)> {
    Some((name.to_owned(), origin.to_owned(), confidence))
}

#[test]
fn python_names_are_normalised_and_some_are_known_to_differ() {
    let files = [("requirements.txt", "Flask\nPyYAML\ntyping_extensions\nopencv-python-headless\n")];
    let other = [("requirements.txt", "python-dotenv\npytest\n")];
    assert_eq!(ask(&other, Language::Python, "dotenv"), found("python-dotenv", "usage.well_known", 85));
    assert_eq!(ask(&other, Language::Python, "_pytest"), found("pytest", "usage.well_known", 85));
    let ask = |import| ask(&files, Language::Python, import);
    assert_eq!(ask("flask"), found("flask", "usage.exact", 95));
    assert_eq!(ask("typing_extensions"), found("typing-extensions", "usage.exact", 95));
    assert_eq!(ask("yaml"), found("pyyaml", "usage.well_known", 85));
    assert_eq!(ask("cv2"), found("opencv-python-headless", "usage.well_known", 85));
    assert_eq!(ask("PIL"), None, "not declared");
}

#[test]
fn rust_npm_and_go_names() {
    let files = [
        ("Cargo.toml", "[package]\nname='a'\n[dependencies]\ntokio-util='1'"),
        (
            "package.json",
            r#"{"dependencies": {"@s/p": "1", "lodash": "4"}, "devDependencies": {"@types/node": "1", "@types/s__q": "1"}}"#,
        ),
        ("go.mod", "module m\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgithub.com/a/b/v2 v2.0.0\n)\n"),
    ];
    assert_eq!(ask(&files, Language::Rust, "tokio_util"), found("tokio-util", "usage.exact", 95));
    assert_eq!(ask(&files, Language::TypeScript, "@s/p/deep"), found("@s/p", "usage.prefix", 95));
    assert_eq!(ask(&files, Language::TypeScript, "@s/q"), found("@types/s__q", "usage.prefix", 70));
    assert_eq!(ask(&files, Language::JavaScript, "@s"), None);
    assert_eq!(ask(&files, Language::Go, "github.com/a/b/v2/x"), found("github.com/a/b/v2", "usage.prefix", 95));
    assert_eq!(ask(&files, Language::Go, "github.com/a/b/x"), found("github.com/a/b", "usage.prefix", 95));
    assert_eq!(ask(&files, Language::Go, "github.com/a/bc"), None);
}

#[test]
fn java_packages_go_to_the_artifact_of_the_longest_group() {
    let files = [(
        "build.gradle",
        "dependencies {\n implementation 'org.springframework:spring-web:6'\n implementation 'org.springframework:spring-jdbc:6'\n\
         implementation 'org.springframework.boot:spring-boot:3'\n implementation 'com.google.guava:guava:33'\n}",
    )];
    let ask = |import| ask(&files, Language::Java, import);
    assert_eq!(
        ask("org.springframework.boot.SpringApplication"),
        found("org.springframework.boot:spring-boot", "usage.prefix", 80)
    );
    assert_eq!(
        ask("org.springframework.web.bind"),
        found("org.springframework:spring-web", "usage.artifact_words", 60)
    );
    assert_eq!(ask("org.springframework.beans"), None, "two artifacts, and nothing decides");
    assert_eq!(ask("com.google.common.collect"), found("com.google.guava:guava", "usage.well_known", 85));
    assert_eq!(ask("java.util"), None);
}

#[test]
fn java_packages_outside_their_group_and_artifacts_that_stand_for_a_whole() {
    let gradle = "dependencies {\n testImplementation 'org.junit.jupiter:junit-jupiter:5'\n\
         testImplementation 'org.mockito:mockito-core:5'\n testImplementation 'org.mockito:mockito-junit-jupiter:5'\n\
         implementation 'org.slf4j:slf4j-api:2'\n implementation 'org.slf4j:slf4j-reload4j:2'\n\
         implementation 'ch.qos.reload4j:reload4j:1'\n implementation 'com.fasterxml.jackson.core:jackson-databind:2'\n\
         implementation 'org.rocksdb:rocksdbjni:7'\n implementation 'org.springframework.boot:spring-boot:3'\n\
         implementation 'org.springframework.boot:spring-boot-starter:3'\n implementation 'junit:junit:4'\n\
         implementation 'org.apache.commons:commons-text:1'\n}";
    let files = [("build.gradle", gradle)];
    let cases = [
        ("org.junit.jupiter.api.extension", Some("org.junit.jupiter:junit-jupiter")),
        ("org.junit.jupiter.params", Some("org.junit.jupiter:junit-jupiter")),
        ("org.junit.platform.launcher", None),
        ("org.junit.rules", Some("junit:junit")),
        ("org.mockito.stubbing", Some("org.mockito:mockito-core")),
        ("org.mockito.junit.jupiter", Some("org.mockito:mockito-junit-jupiter")),
        ("org.slf4j.event", Some("org.slf4j:slf4j-api")),
        ("org.apache.log4j", Some("ch.qos.reload4j:reload4j")),
        ("com.fasterxml.jackson.databind.node", Some("com.fasterxml.jackson.core:jackson-databind")),
        ("org.rocksdb", Some("org.rocksdb:rocksdbjni")),
        ("org.springframework.boot.web", Some("org.springframework.boot:spring-boot")),
        ("org.apache.commons.text", Some("org.apache.commons:commons-text")),
        ("org.apache.commons.cli", None),
    ];
    for (import, expected) in cases {
        let name = ask(&files, Language::Java, import).map(|(name, ..)| name);
        assert_eq!(name.as_deref(), expected, "{import}");
    }
}

#[test]
fn a_starter_is_behind_what_it_brings_along() {
    let gradle = "dependencies {\n implementation 'org.springframework.boot:spring-boot-starter-data-jpa:3'\n\
         implementation 'org.springframework.boot:spring-boot-starter-web:3'\n\
         testImplementation 'org.springframework.boot:spring-boot-starter-test:3'\n}";
    let survey = survey_of(&[("build.gradle", gradle)]);
    let declared = Declared::new(&survey.dependencies, &survey.namespaces);
    let cases = [
        ("org.springframework.context.annotation", "web data-jpa test"),
        ("org.springframework.boot.test.context", "test"),
        ("org.springframework.data.domain", "data-jpa"),
        ("org.springframework.web.bind.annotation", "web"),
        ("org.springframework.web.reactive.function", ""),
        ("org.springframework.kafka.core", ""),
        ("org.springframework", ""),
        ("jakarta.persistence", "data-jpa"),
        ("org.junit.jupiter.api", "test"),
    ];
    for (import, expected) in cases {
        assert_eq!(declared.find(Language::Java, import), None, "{import}");
        let found = declared.bringing(Language::Java, import);
        let found =
            found.iter().map(|used| used.name.trim_start_matches("org.springframework.boot:spring-boot-starter-"));
        assert_eq!(found.collect::<Vec<_>>().join(" "), expected, "{import}");
    }
    assert_eq!(declared.bringing(Language::Python, "org.springframework.context"), []);
}

#[test]
fn what_was_found_stands_in_every_manifest_that_names_it() {
    let pom = "<project><artifactId>a</artifactId><dependencies><dependency><groupId>org.slf4j</groupId>\
               <artifactId>slf4j-api</artifactId><version>2</version></dependency></dependencies></project>";
    let survey =
        survey_of(&[("a/build.gradle", "dependencies { implementation 'org.slf4j:slf4j-api:1' }"), ("b/pom.xml", pom)]);
    let declared = Declared::new(&survey.dependencies, &survey.namespaces);
    let used = declared.find(Language::Java, "org.slf4j").unwrap();
    let files: Vec<&str> = declared.places(&used).iter().map(|&at| &*survey.dependencies[at].declared_in).collect();
    assert_eq!(files, ["a/build.gradle", "b/pom.xml"]);
}

#[test]
fn php_namespaces_come_from_the_lock_file() {
    let files = [
        ("composer.json", r#"{"require": {"monolog/monolog": "^3"}}"#),
        (
            "composer.lock",
            r#"{"packages": [{"name": "monolog/monolog", "version": "3.0.0", "autoload": {"psr-4": {"Monolog\\": "src"}}}]}"#,
        ),
    ];
    assert_eq!(ask(&files, Language::Php, "Monolog\\Handler\\X"), found("monolog/monolog", "usage.autoload", 95));
    assert_eq!(ask(&files, Language::Php, "Mono"), None);
}

#[test]
fn dotted_and_dashed_names() {
    let files = [
        (
            "a.csproj",
            r#"<Project><ItemGroup><PackageReference Include="Newtonsoft.Json" Version="13" /></ItemGroup></Project>"#,
        ),
        ("Gemfile", "gem 'activerecord'\ngem 'rspec'\ngem 'net-http'\n"),
        ("conanfile.txt", "[requires]\nzlib/1.3\nspdlog/1\n"),
    ];
    assert_eq!(ask(&files, Language::CSharp, "Newtonsoft.Json.Linq"), found("Newtonsoft.Json", "usage.prefix", 80));
    assert_eq!(ask(&files, Language::CSharp, "Newtonsoft.JsonX"), None);
    assert_eq!(ask(&files, Language::Ruby, "active_record"), found("activerecord", "usage.well_known", 85));
    assert_eq!(ask(&files, Language::Ruby, "net/http"), found("net-http", "usage.prefix", 95));
    assert_eq!(ask(&files, Language::Cpp, "zlib.h"), found("zlib", "usage.well_known", 85));
    assert_eq!(ask(&files, Language::Cpp, "spdlog/spdlog.h"), found("spdlog", "usage.exact", 60));
}

#[test]
fn a_group_of_hundreds_is_not_told_apart_by_words() {
    let of = |count: usize| {
        let dependencies: String = (0..count)
            .map(|at| format!("<dependency><groupId>g.h</groupId><artifactId>a{at}</artifactId></dependency>"))
            .collect();
        let pom = format!(
            "<project><groupId>o</groupId><artifactId>o</artifactId><dependencies>{dependencies}</dependencies></project>"
        );
        let survey = survey_of(&[("pom.xml", &pom)]);
        Declared::new(&survey.dependencies, &survey.namespaces).find(Language::Java, "g.h.a5").map(|used| used.name)
    };
    assert_eq!(of(100).as_deref(), Some("g.h:a5"));
    assert_eq!(of(600), None);
}
