use crate::{lines, lines_of, survey_and_cuts};

#[test]
fn maven_properties_parents_and_managed_versions() {
    let parent = r#"<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.outside</groupId><artifactId>outside-parent</artifactId><version>7</version><relativePath/></parent>
  <groupId>com.own</groupId><artifactId>parent</artifactId><version>1.0</version>
  <properties><jackson.version>2.17.0</jackson.version><loop>${loop}</loop></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>com.fasterxml</groupId><artifactId>databind</artifactId><version>${jackson.version}</version></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13</version><scope>test</scope></dependency>
  </dependencies></dependencyManagement>
  <build><plugins><plugin><artifactId>maven-jar-plugin</artifactId><version>3.4</version></plugin></plugins></build>
</project>"#;
    let child = r#"<project>
  <parent><groupId>com.own</groupId><artifactId>parent</artifactId><version>1.0</version></parent>
  <artifactId>child</artifactId>
  <dependencies>
    <dependency><groupId>com.fasterxml</groupId><artifactId>databind</artifactId></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>sibling</artifactId><version>${project.version}</version></dependency>
    <dependency><groupId>a</groupId><artifactId>b</artifactId><version>${loop}</version><optional>true</optional></dependency>
    <dependency><groupId>a</groupId><artifactId>c</artifactId><version>${nowhere}</version></dependency>
  </dependencies>
</project>"#;
    let sibling = "<project><groupId>com.own</groupId><artifactId>sibling</artifactId></project>";
    assert_eq!(
        lines(&[("pom.xml", parent), ("child/pom.xml", child), ("sibling/pom.xml", sibling)]),
        [
            "a:b ${loop} = -, Optional, child/pom.xml",
            "a:c ${nowhere} = -, Runtime, child/pom.xml",
            "com.fasterxml:databind 2.17.0 = -, Runtime, child/pom.xml",
            "junit:junit 4.13 = -, Development, child/pom.xml",
            "org.apache.maven.plugins:maven-jar-plugin 3.4 = -, Build, pom.xml",
            "org.outside:outside-parent 7 = -, Build, pom.xml",
        ]
    );
}

#[test]
fn maven_parents_of_parents_and_lists_of_versions_inside_the_repository() {
    let root = "<project><groupId>o</groupId><artifactId>root</artifactId><version>${revision}</version>\
        <properties><revision>3</revision><a.version>1.5</a.version></properties></project>";
    let middle = "<project><parent><groupId>o</groupId><artifactId>root</artifactId><version>${revision}</version><relativePath/></parent>\
        <artifactId>middle</artifactId><dependencyManagement><dependencies>\
        <dependency><groupId>x</groupId><artifactId>a</artifactId><version>${a.version}</version></dependency>\
        <dependency><groupId>o</groupId><artifactId>bom</artifactId><version>${project.version}</version><type>pom</type><scope>import</scope></dependency>\
        <dependency><groupId>far</groupId><artifactId>bom</artifactId><version>9</version><type>pom</type><scope>import</scope></dependency>\
        </dependencies></dependencyManagement></project>";
    let bom = "<project><groupId>o</groupId><artifactId>bom</artifactId><version>3</version>\
        <properties><b.version>2.5</b.version></properties><dependencyManagement><dependencies>\
        <dependency><groupId>x</groupId><artifactId>a</artifactId><version>0</version></dependency>\
        <dependency><groupId>x</groupId><artifactId>b</artifactId><version>${b.version}</version><scope>test</scope></dependency>\
        </dependencies></dependencyManagement></project>";
    let leaf = "<project><parent><groupId>o</groupId><artifactId>middle</artifactId><version>3</version></parent>\
        <artifactId>leaf</artifactId><dependencies>\
        <dependency><groupId>x</groupId><artifactId>a</artifactId></dependency>\
        <dependency><groupId>x</groupId><artifactId>b</artifactId></dependency>\
        <dependency><groupId>x</groupId><artifactId>c</artifactId></dependency></dependencies></project>";
    assert_eq!(
        lines(&[
            ("build/root/pom.xml", root),
            ("start/src/main/resources/archetype-resources/pom.xml", &leaf.replace("leaf", "${artifactId}")),
            ("lists/bom/pom.xml", bom),
            ("middle/pom.xml", middle),
            ("middle/leaf/pom.xml", leaf),
        ]),
        [
            "far:bom 9 = -, Build, middle/pom.xml",
            "x:a 1.5 = -, Runtime, middle/leaf/pom.xml",
            "x:b 2.5 = -, Development, middle/leaf/pom.xml",
            "x:c - = -, Runtime, middle/leaf/pom.xml",
        ]
    );
}

/// A pom of a group `o` that manages and needs what is written.
fn pom(name: &str, managed: &str, dependencies: &str) -> String {
    format!(
        "<project><groupId>o</groupId><artifactId>{name}</artifactId><properties><one>1</one></properties>\
         <dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>\
         <dependencies>{dependencies}</dependencies></project>"
    )
}

fn dependency(group: &str, name: &str, more: &str) -> String {
    format!("<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>{more}</dependency>")
}

fn import(name: &str) -> String {
    dependency("o", name, "<version>1</version><type>pom</type><scope>import</scope>")
}

fn told(files: &[(String, String)]) -> (Vec<String>, Vec<String>) {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, content)| (&**path, &**content)).collect();
    let (survey, cuts) = survey_and_cuts(&files);
    assert_eq!(survey.unread, []);
    (lines_of(&survey), cuts)
}

#[test]
fn maven_a_list_of_versions_costs_who_imports_it() {
    let names = || (0..4_000).map(|at| format!("a{at}"));
    let version = format!("<version>{}</version>", "${one}".repeat(60));
    let bom = pom("bom", &names().map(|name| dependency("x", &name, &version)).collect::<String>(), "");
    let greedy = pom("greedy", &import("bom"), &names().map(|name| dependency("x", &name, "")).collect::<String>());
    let modest = pom("modest", &import("bom"), &dependency("x", "a1", ""));
    for (first, last) in [(&greedy, &modest), (&modest, &greedy)] {
        let at = |folder: &str, pom: &str| (format!("{folder}/pom.xml"), pom.to_owned());
        let (lines, cuts) = told(&[at("a", first), at("bom", &bom), at("z", last)]);
        let (greedy, modest) = if *first == greedy { ("a", "z") } else { ("z", "a") };
        assert_eq!(
            cuts,
            [format!("{greedy}/pom.xml: has more properties and versions than are looked up for one pom")]
        );
        let known = format!("x:a1 {} = -, Runtime, {modest}/pom.xml", "1".repeat(60));
        assert!(lines.contains(&known), "{modest}");
    }
}

#[test]
fn maven_lists_of_versions_that_are_not_looked_through_are_named() {
    let user = |name: &str, lists: usize| {
        let imports: String = (0..lists).map(|at| import(&format!("bom{at}"))).collect();
        (format!("{name}/pom.xml"), pom(name, &imports, &dependency("x", "a14", "")))
    };
    let bom = |at: usize| {
        // Each imports the next one again, and the last one the first.
        let managed =
            dependency("x", &format!("a{at}"), "<version>9</version>") + &import(&format!("bom{}", (at + 1) % 15));
        (format!("bom{at}/pom.xml"), pom(&format!("bom{at}"), &managed, ""))
    };
    let mut files: Vec<_> = (0..15).map(bom).collect();
    files.push(user("fits", 15));
    let known = "x:a14 9 = -, Runtime, fits/pom.xml";
    let (lines, cuts) = told(&files);
    assert!(lines.contains(&known.to_owned()), "{lines:?}");
    assert_eq!(cuts, [""; 0], "a list that is imported again is no further one");
    files.extend([bom(15), user("more", 16)]);
    let (lines, cuts) = told(&files);
    assert!(lines.contains(&known.to_owned()), "{lines:?}");
    assert_eq!(
        cuts,
        ["more/pom.xml: imports, with the poms around it, more lists of versions than are looked through"]
    );
}

#[test]
fn maven_parents_that_are_not_followed_are_named() {
    let chain = |count: usize| {
        let below = |at: usize| {
            let above = at + 1;
            let parent = if above == count {
                String::new()
            } else {
                format!("<parent><groupId>o</groupId><artifactId>p{above}</artifactId><version>1</version></parent>")
            };
            let pom = format!(
                "<project>{parent}<groupId>o</groupId><artifactId>p{at}</artifactId><version>1</version></project>"
            );
            (format!("p{at}/pom.xml"), pom)
        };
        told(&(0..count).map(below).collect::<Vec<_>>())
    };
    assert_eq!(chain(16), (Vec::new(), Vec::new()));
    assert_eq!(chain(17), (Vec::new(), vec!["p0/pom.xml: has more parents above it than are followed".into()]));
}

#[test]
fn gradle_coordinates_in_groovy_and_kotlin() {
    let groovy = r#"
        buildscript { dependencies { classpath 'org.tool:plugin:1.0' } }
        def fourVersion = "4.4"
        plugins {
            id 'java'
            id 'com.diffplug.spotless' version '6.1'
        }
        dependencies {
            implementation project(':core')
            implementation 'com.a:one:1.0', 'com.a:two:2.0@aar'
            // implementation 'com.a:commented:1'
            api("com.a:three:$threeVersion") { exclude group: 'x', module: 'y' }
            testImplementation group: 'junit', name: 'junit', version: '4.13'
            implementation "com.a:${computed}:1"
            implementation libs.jackson
            implementation "com.a:four:$fourVersion"
            constraints { implementation 'com.a:limited:9' }
        }
    "#;
    let tables = r#"
        versions += [ jackson: "2.16.2" ]
        libs += [
          jackson: "com.fasterxml:databind:$versions.jackson", // why
          scala: "org.scala:lib_$versions.base:1"
        ]
    "#;
    let kotlin = r#"
        plugins { alias(libs.plugins.kotlin.jvm) }
        dependencies {
            implementation(platform("com.a:bom:3"))
            implementation(libs.junit.jupiter.api)
            "custom"("com.a:custom:1")
            testImplementation(libs.bundles.mock)
            implementation(projects.core)
        }
    "#;
    let catalog = r#"
        [versions]
        junit = "5.10"
        [libraries]
        junit-jupiter_api = { module = "org.junit:api", version.ref = "junit" }
        mockito = { group = "org.mockito", name = "core", version = { strictly = "5.1" } }
        unused = "com.a:unused:1"
        [bundles]
        mock = ["mockito"]
        [plugins]
        kotlin-jvm = { id = "org.kotlin.jvm", version = "2.0" }
    "#;
    assert_eq!(
        lines(&[
            ("build.gradle", groovy),
            ("gradle/dependencies.gradle", tables),
            ("kt/build.gradle.kts", kotlin),
            ("kt/gradle/libs.versions.toml", catalog),
            ("build.gradle.kts.txt", "dependencies { implementation 'no:no:1' }"),
        ]),
        [
            "com.a:bom 3 = -, Runtime, kt/build.gradle.kts",
            "com.a:custom 1 = -, Runtime, kt/build.gradle.kts",
            "com.a:four 4.4 = -, Runtime, build.gradle",
            "com.a:one 1.0 = -, Runtime, build.gradle",
            "com.a:three $threeVersion = -, Runtime, build.gradle",
            "com.a:two 2.0 = -, Runtime, build.gradle",
            "com.diffplug.spotless 6.1 = -, Build, build.gradle",
            "com.fasterxml:databind 2.16.2 = -, Runtime, build.gradle",
            "junit:junit 4.13 = -, Development, build.gradle",
            "org.junit:api 5.10 = -, Runtime, kt/build.gradle.kts",
            "org.kotlin.jvm 2.0 = -, Build, kt/build.gradle.kts",
            "org.mockito:core 5.1 = -, Development, kt/build.gradle.kts",
            "org.tool:plugin 1.0 = -, Build, build.gradle",
        ]
    );
}

#[test]
fn gradle_lock_file_names_versions() {
    let lock = "# generated\ncom.a:one:1.5=compileClasspath,runtimeClasspath\ncom.a:deep:2.0=testRuntimeClasspath\nempty=annotationProcessor\n";
    assert_eq!(
        lines(&[("build.gradle", "dependencies { implementation 'com.a:one:1.+' }"), ("gradle.lockfile", lock)]),
        ["~com.a:deep - = 2.0, Development, gradle.lockfile", "com.a:one 1.+ = 1.5, Runtime, build.gradle"]
    );
}
