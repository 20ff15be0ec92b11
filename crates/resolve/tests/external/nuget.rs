use crate::{lines, lines_of, survey_and_cuts};

#[test]
fn nuget_projects_central_versions_and_locks() {
    let project = r#"<Project Sdk="Microsoft.NET.Sdk">
      <ItemGroup>
        <PackageReference Include="Serilog" />
        <PackageReference Include="Analyzers" Version="1.0"><PrivateAssets>all</PrivateAssets></PackageReference>
        <PackageReference Include="Dapper"><Version>2.1</Version></PackageReference>
        <PackageReference Include="@(Computed)" Version="1" />
        <ProjectReference Include="../core/core.csproj" />
      </ItemGroup>
    </Project>"#;
    let central = r#"<Project><ItemGroup><PackageVersion Include="serilog" Version="4.0.0" /></ItemGroup></Project>"#;
    let lock = r#"{"version": 1, "dependencies": {"net8.0": {
        "Serilog": {"type": "Direct", "resolved": "4.0.1"}, "Deep": {"type": "Transitive", "resolved": "0.1.0"}, "core": {"type": "Project"}}}}"#;
    let old = r#"<packages><package id="NUnit" version="3.14" developmentDependency="true" /></packages>"#;
    assert_eq!(
        lines(&[
            ("app/app.csproj", project),
            ("app/packages.lock.json", lock),
            ("Directory.Packages.props", central),
            ("old/packages.config", old),
        ]),
        [
            "Analyzers 1.0 = -, Development, app/app.csproj",
            "Dapper 2.1 = -, Runtime, app/app.csproj",
            "~Deep - = 0.1.0, Runtime, app/packages.lock.json",
            "NUnit 3.14 = 3.14, Development, old/packages.config",
            "Serilog 4.0.0 = 4.0.1, Runtime, app/app.csproj",
        ]
    );
}

#[test]
fn nuget_properties_of_a_project_and_of_the_files_above_it() {
    let above = r#"<Project><PropertyGroup><Base>8.0</Base><Web>$(Base).1</Web></PropertyGroup>
        <Import Project="build/versions.props" Condition="Exists('build/versions.props')" /></Project>"#;
    let imported = r#"<Project><PropertyGroup><Json Condition="'$(Json)' == ''">13.0</Json>
        <Base Condition="'$(Base)' == ''">1.0</Base></PropertyGroup>
        <PropertyGroup Condition="'$(TargetFramework)' == 'net8.0'"><Split>8</Split></PropertyGroup>
        <PropertyGroup Condition="'$(TargetFramework)' == 'net6.0'"><Split>6</Split></PropertyGroup></Project>"#;
    let central = r#"<Project>
        <Import Project="$([MSBuild]::GetPathOfFileAbove(Directory.Packages.props, $(MSBuildThisFileDirectory)..))" />
        <ItemGroup><PackageVersion Include="Web" Version="$(web)" /><PackageVersion Include="Json" Version="1" />
        <PackageVersion Update="Json" Version="$(Json)" /></ItemGroup></Project>"#;
    let outer = r#"<Project><ItemGroup><PackageVersion Include="Outer" Version="$(Base)" /></ItemGroup>
        <ItemGroup Condition="'$(TargetFramework)' == 'net9.0'"><PackageVersion Update="Outer" Version="9" /></ItemGroup></Project>"#;
    let project = r#"<Project><PropertyGroup><Own>2.0-$(Own)</Own></PropertyGroup><ItemGroup>
        <PackageReference Include="Web" /><PackageReference Include="Json" /><PackageReference Include="Outer" />
        <PackageReference Include="Override" VersionOverride="$(Base)" /><PackageReference Include="Own" Version="$(Own)" />
        <PackageReference Include="Split" Version="$(Split)" /><PackageReference Include="None" Version="$(None)" />
        </ItemGroup></Project>"#;
    assert_eq!(
        lines(&[
            ("Directory.Build.props", above),
            ("build/versions.props", imported),
            ("Directory.Packages.props", outer),
            ("src/Directory.Packages.props", central),
            ("src/app/app.csproj", project),
        ]),
        [
            "Json 13.0 = -, Runtime, src/app/app.csproj",
            "None $(None) = -, Runtime, src/app/app.csproj",
            "Outer 8.0 = -, Runtime, src/app/app.csproj",
            "Override 8.0 = -, Runtime, src/app/app.csproj",
            "Own 2.0-$(Own) = -, Runtime, src/app/app.csproj",
            "Split $(Split) = -, Runtime, src/app/app.csproj",
            "Web 8.0.1 = -, Runtime, src/app/app.csproj",
        ]
    );
}

/// A file with properties and versions, as MSBuild reads it.
fn props(content: &str) -> String {
    format!("<Project>{content}</Project>")
}

/// A project that needs `P`, in the version that the property `V` says.
fn project(before: &str) -> String {
    props(&format!("{before}<ItemGroup><PackageReference Include=\"P\" Version=\"$(V)\" /></ItemGroup>"))
}

#[test]
fn nuget_choices_are_read_and_not_decided() {
    let choice = "<Choose><When Condition=\"'$(TargetFramework)' == 'net8.0'\">
        <PropertyGroup><V>8</V><Same>1</Same></PropertyGroup>
        <ItemGroup><PackageReference Include=\"When\" Version=\"1\" /><PackageVersion Include=\"Central\" Version=\"1\" /></ItemGroup>
        </When><Otherwise><PropertyGroup><V>6</V></PropertyGroup><ItemGroup><PackageReference Include=\"Otherwise\" Version=\"2\" /></ItemGroup>
        <Choose><When Condition=\"'$(A)' == ''\"><ItemGroup><PackageReference Include=\"Nested\" Version=\"$(Same)\" /></ItemGroup></When></Choose>
        </Otherwise></Choose><ItemGroup><PackageReference Include=\"Central\" /></ItemGroup>";
    assert_eq!(
        lines(&[
            ("Directory.Build.props", &props("<PropertyGroup><V>5</V><Same>1</Same></PropertyGroup>")),
            ("a/a.csproj", &project(choice)),
            ("b/b.csproj", &project("")),
        ]),
        [
            "Central - = -, Runtime, a/a.csproj",
            "Nested 1 = -, Runtime, a/a.csproj",
            "Otherwise 2 = -, Runtime, a/a.csproj",
            "P $(V) = -, Runtime, a/a.csproj",
            "P 5 = -, Runtime, b/b.csproj",
            "When 1 = -, Runtime, a/a.csproj",
        ]
    );
}

#[test]
fn nuget_an_empty_property_is_set_and_counts_as_none() {
    let version = |content: &str| {
        let above = props("<ItemGroup><PackageVersion Include=\"P\" Version=\"4\" /></ItemGroup>");
        lines(&[("Directory.Packages.props", &above), ("a.csproj", &project(&props_group(content)))])
    };
    let default = "<V Condition=\"'$(V)' == ''\">1</V>";
    assert_eq!(version(&format!("<V></V>{default}")), ["P 1 = -, Runtime, a.csproj"]);
    assert_eq!(version(&format!("<V>2</V><V />{default}")), ["P 1 = -, Runtime, a.csproj"]);
    assert_eq!(version(&format!("<V>2</V>{default}")), ["P 2 = -, Runtime, a.csproj"]);
    assert_eq!(version("<W></W><V>$(W)3$(W)</V>"), ["P 3 = -, Runtime, a.csproj"]);
    assert_eq!(version("<V>2</V><V />"), ["P 4 = -, Runtime, a.csproj"], "no version of its own");
    assert_eq!(version(""), ["P $(V) = -, Runtime, a.csproj"], "something outside may set it");
    let decided = format!("<V Condition=\"'$(X)' == 'y'\">2</V>{default}");
    assert_eq!(version(&decided), ["P $(V) = -, Runtime, a.csproj"]);
}

fn props_group(content: &str) -> String {
    format!("<PropertyGroup>{content}</PropertyGroup>")
}

#[test]
fn nuget_imports_that_come_back_are_read_once() {
    let importing = |target: &str, content: &str| {
        props(&format!("<ImportGroup><Import Project=\"{target}\" /></ImportGroup>{}", props_group(content)))
    };
    assert_eq!(
        lines(&[
            ("Directory.Build.props", &importing("a.props", "<V>$(A).$(B)</V>")),
            ("a.props", &importing("b.props", "<A>1</A>")),
            ("b.props", &importing("a.props", "<B>$(A)2</B>")),
            ("own/p.csproj", &project("<Import Project=\"p.csproj\" /><Import Project=\"../b.props\" />")),
        ]),
        ["P 1.$(A)2 = -, Runtime, own/p.csproj"],
        "where the second file imports the first one again, that has set nothing yet"
    );
}

#[test]
fn nuget_files_that_are_not_followed_are_named() {
    let chain = |count: usize| -> Vec<(String, String)> {
        let next =
            |at: usize| format!("<Import Project=\"{}.props\" />{}", at + 1, props_group(&format!("<V>{at}</V>")));
        let mut files: Vec<_> = (0..count).map(|at| (format!("{at}.props"), props(&next(at)))).collect();
        files.push(("Directory.Build.props".into(), props("<Import Project=\"0.props\" />")));
        files.push(("p.csproj".into(), project("")));
        files
    };
    let told = |count: usize| {
        let files = chain(count);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, content)| (&**path, &**content)).collect();
        let (survey, cuts) = survey_and_cuts(&files);
        assert_eq!(survey.unread, []);
        (lines_of(&survey), cuts)
    };
    assert_eq!(told(63), (vec!["P 0 = -, Runtime, p.csproj".into()], Vec::new()));
    let (lines, cuts) = told(64);
    assert_eq!(lines, ["P $(V) = -, Runtime, p.csproj"], "the file that is not read may set it");
    assert!(cuts.contains(&too_much("63.props")) && cuts.contains(&too_much("p.csproj")), "{cuts:?}");
}

/// Cut is the one that is too large, and no other.
#[test]
fn nuget_properties_are_bounded_for_each_project() {
    let many = |count: usize| -> String { (0..count).map(|at| format!("<V{at}>1</V{at}>")).collect() };
    let shared = props(&props_group(&format!("{}<V>1</V>", many(6_000))));
    let large = project(&props_group(&many(15_000)));
    let mut files = vec![("Directory.Build.props".to_owned(), shared), ("a.csproj".to_owned(), large)];
    files.extend((0..300).map(|at| (format!("p{at}/p.csproj"), project(&props_group("<W>2</W>")))));
    files.push(("z/Directory.Build.props".into(), props(&props_group(&format!("<V>1</V>{}<V>2</V>", many(15_000))))));
    files.push(("z/z.csproj".into(), project("")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, content)| (&**path, &**content)).collect();
    let (survey, cuts) = survey_and_cuts(&files);
    assert_eq!(survey.unread, []);
    assert_eq!(cuts, ["a.csproj", "z/Directory.Build.props", "z/z.csproj"].map(too_much));
    let (known, unknown): (Vec<_>, Vec<_>) =
        survey.dependencies.iter().partition(|found| found.requirement.as_deref() == Some("1"));
    assert_eq!(known.len(), 300);
    let unknown = unknown.iter().map(|found| (&*found.declared_in, found.requirement.as_deref()));
    assert_eq!(unknown.collect::<Vec<_>>(), [("a.csproj", Some("$(V)")), ("z/z.csproj", Some("$(V)"))]);
}

fn too_much(path: &str) -> String {
    format!(
        "{path}: has more properties, versions and imports, with the files around it, than are read for one project or for all"
    )
}

#[test]
fn nuget_properties_above_many_projects_are_bounded_for_all_of_them() {
    let values: String = (0..9_000).map(|at| format!("<V{at}>1</V{at}>")).collect();
    let mut files = vec![("big.props".to_owned(), props(&props_group(&values)))];
    for at in 0..240 {
        files.push((format!("p{at:03}/Directory.Build.props"), props("<Import Project=\"../big.props\"/>")));
        files.push((format!("p{at:03}/p.csproj"), project("")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, content)| (&**path, &**content)).collect();
    let (survey, cuts) = survey_and_cuts(&files);
    assert!(cuts.contains(&too_much("p239/p.csproj")) && !cuts.contains(&too_much("p050/p.csproj")), "{cuts:?}");
    assert_eq!(survey.unread, []);
}
