//! Each rule on a small repository.

use crate::testing::TestRepository;
use codexa_model::Language::CSharp;

#[test]
fn types_are_found_through_namespaces() {
    let mut repo = TestRepository::default();
    repo.text("App/App.csproj", r#"<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>
        <PackageReference Include="Serilog" Version="3"/><PackageReference Include="System.CommandLine" Version="2"/>
        <PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite"/><ProjectReference Include="..\Core\Core.csproj"/>
        <Using Include="Core.Global"/></ItemGroup></Project>"#);
    repo.text("Core/Core.csproj", "<Project/>");
    repo.text("Other/Other.csproj", "<Project/>");
    repo.source("Core/User.cs", CSharp, "").module("Core.Model").defines("User");
    repo.source("Core/User.Part.cs", CSharp, "").module("Core.Model").defines("User");
    repo.source("Other/User.cs", CSharp, "").module("Core.Model").defines("User");
    repo.source("Core/Log.cs", CSharp, "").module("Core.Global").defines("Log");
    repo.source("Core/Extensions.cs", CSharp, "").module("Core.Extensions").defines("StringExtensions");
    repo.source("App/Helper.cs", CSharp, "").module("App").defines("Helper");
    repo.source("App/Consts.cs", CSharp, "").module("App.Consts").defines("Numbers");
    let imports = "using Core.Model\nusing System.Text\nusing Serilog.Events\nusing System.CommandLine.Parsing\n\
        using Microsoft.EntityFrameworkCore\nusing Core.Extensions\nstatic App.Consts.Numbers\nusing Core\nusing Unknown.Thing\n\
        using App.Consts.Numbers as N";
    repo.source("App/Web/Program.cs", CSharp, imports)
        .module("App.Web")
        .defines("Program")
        .uses("Helper Log Numbers Program User Write");
    insta::assert_snapshot!(repo.show("App/Web/Program.cs").join("\n"), @r"
    App/Consts.cs csharp.using_named_type 95
    App/Helper.cs csharp.same_namespace 85
    Core/Extensions.cs csharp.using_namespace 75
    Core/Log.cs csharp.global_using 80
    Core/User.Part.cs csharp.using_type 90
    Core/User.cs csharp.using_type 90
    Core: not found
    Microsoft.EntityFrameworkCore: external Microsoft.EntityFrameworkCore.Sqlite
    Serilog.Events: external Serilog
    System.CommandLine.Parsing: external System.CommandLine
    System.Text: standard library
    Unknown.Thing: external Unknown.Thing
    ");
}

#[test]
fn a_name_that_two_strange_projects_define_is_not_guessed() {
    let mut repo = TestRepository::default();
    for project in ["A", "B", "C"] {
        repo.text(&format!("{project}/{project}.csproj"), "<Project/>");
    }
    repo.source("A/T.cs", CSharp, "").module("N").defines("T");
    repo.source("B/T.cs", CSharp, "").module("N").defines("T");
    repo.source("C/M.cs", CSharp, "using N").module("M").uses("T");
    assert_eq!(repo.show("C/M.cs"), ["N: ambiguous"]);
}

#[test]
fn a_repeated_directive_is_looked_up_once_and_declined_at_every_line() {
    let names: Vec<String> = (0..1_000).map(|at| format!("T{at}")).collect();
    let names = names.join(" ");
    let mut repo = TestRepository::default();
    repo.source("A.cs", CSharp, "").module("N").defines(&names);
    let imports = ["using Gone.A\n".repeat(2), "using N\n".repeat(1_000)].concat();
    repo.source("M.cs", CSharp, &imports).module("M").uses(&names);
    let found = repo.resolve("M.cs");
    assert_eq!(found.links.iter().map(|link| link.line).collect::<Vec<_>>(), [3]);
    assert_eq!(found.declined.iter().map(|declined| declined.line).collect::<Vec<_>>(), [1, 2]);
}

/// 600 namespaces that each define 600 names, all of them used: what is looked up for one file has an end.
#[test]
fn what_one_file_looks_up_is_bounded() {
    let names: Vec<String> = (0..600).map(|at| format!("T{at}")).collect();
    let names = names.join(" ");
    let mut repo = TestRepository::default();
    let mut imports = String::new();
    for at in 0..600 {
        repo.source(&format!("f/{at}.cs"), CSharp, "").module(&format!("N{at}")).defines(&names);
        imports.push_str(&format!("using N{at}\n"));
    }
    repo.source("M.cs", CSharp, &imports).module("M").uses(&names);
    let found = repo.resolve("M.cs");
    assert!(found.links.len() < 600 && found.links.len() + found.declined.len() == 600);
    assert!(found.declined.iter().all(|declined| declined.reason == codexa_model::relation::DeclineReason::Cut));
}

#[test]
fn a_file_in_the_namespace_of_a_package_is_not_what_its_users_open_it_for() {
    let mut repo = TestRepository::default();
    repo.text("Web/Web.csproj", "<Project><ItemGroup><PackageReference Include=\"Guards\" /></ItemGroup></Project>");
    repo.source("Web/UrlHelper.cs", CSharp, "").module("Microsoft.AspNetCore.Mvc").defines("UrlHelper");
    repo.source("Web/GuardMore.cs", CSharp, "").module("Guards").defines("GuardMore");
    repo.source("Web/Own.cs", CSharp, "").module("Web.Extensions").defines("Own");
    repo.source("Web/Page.cs", CSharp, "using Microsoft.AspNetCore.Mvc\nusing Guards\nusing Web.Extensions")
        .module("Pages");
    assert_eq!(
        repo.show("Web/Page.cs"),
        [
            "Web/Own.cs csharp.using_namespace 75",
            "Guards: external Guards",
            "Microsoft.AspNetCore.Mvc: external Microsoft.AspNetCore.Mvc"
        ]
    );
}
