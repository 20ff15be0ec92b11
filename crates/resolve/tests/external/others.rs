use crate::lines;

#[test]
fn composer_with_lock_file() {
    let manifest = r#"{"name": "own/app", "require": {"php": ">=8", "ext-json": "*", "Monolog/Monolog": "^3", "own/part": "*"},
        "require-dev": {"phpunit/phpunit": "^11"}, "replace": {"own/part": "self.version"}}"#;
    let lock = r#"{"packages": [{"name": "monolog/monolog", "version": "3.5.0"}, {"name": "psr/log", "version": "v3.0.0"}],
        "packages-dev": [{"name": "phpunit/phpunit", "version": "11.1.0"}, {"name": "sebastian/diff", "version": "6.0.0"}]}"#;
    assert_eq!(
        lines(&[("composer.json", manifest), ("composer.lock", lock)]),
        [
            "monolog/monolog ^3 = 3.5.0, Runtime, composer.json",
            "phpunit/phpunit ^11 = 11.1.0, Development, composer.json",
            "~psr/log - = 3.0.0, Runtime, composer.lock",
            "~sebastian/diff - = 6.0.0, Development, composer.lock",
        ]
    );
}

#[test]
fn gemfile_gemspec_and_lock_file() {
    let gemfile = "source 'https://example.com'\ngemspec\ngem 'rails', '~> 7.1', '>= 7.1.2'\ngem \"near\", path: '../near'\n\
        group :development, :test do\n  gem 'rspec', require: false\nend\ngem 'pg', group: :production\nif ENV['X']\n  gem 'rare'\nend\ngem 'last'\n";
    let gemspec = "Gem::Specification.new do |spec|\n  spec.name = 'own'\n  spec.add_dependency 'thor', '>= 1.0'\n  spec.add_development_dependency(\"rake\")\nend\n";
    let lock = "PATH\n  remote: .\n  specs:\n    own (1.0)\n\nGEM\n  remote: https://example.com/\n  specs:\n    rails (7.1.3)\n      rack (>= 2)\n\
        \x20   rack (3.0.0)\n    rspec (3.13.0)\n    thor (1.3.0)\n\nDEPENDENCIES\n  rails\n";
    assert_eq!(
        lines(&[("Gemfile", gemfile), ("own.gemspec", gemspec), ("Gemfile.lock", lock)]),
        [
            "last - = -, Runtime, Gemfile",
            "pg - = -, Optional, Gemfile",
            "~rack - = 3.0.0, Runtime, Gemfile.lock",
            "rails ~> 7.1, >= 7.1.2 = 7.1.3, Runtime, Gemfile",
            "rake - = -, Development, own.gemspec",
            "rare - = -, Runtime, Gemfile",
            "rspec - = 3.13.0, Development, Gemfile",
            "thor >= 1.0 = 1.3.0, Runtime, own.gemspec",
        ]
    );
}

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
            "Own $(Own) = -, Runtime, src/app/app.csproj",
            "Split $(Split) = -, Runtime, src/app/app.csproj",
            "Web 8.0.1 = -, Runtime, src/app/app.csproj",
        ]
    );
}

#[test]
fn native_manifests() {
    assert_eq!(
        lines(&[
            (
                "CMakeLists.txt",
                "# find_package(No)\nFIND_PACKAGE(ZLIB 1.2 REQUIRED)\nfind_package(${Computed})\nfind_package(OpenSSL\n  REQUIRED)\n"
            ),
            (
                "conanfile.txt",
                "[requires]\nfmt/10.2.1@user/stable\n[tool_requires]\ncmake/3.28 # why\n[options]\nx/1=y\n"
            ),
            (
                "lib/conanfile.py",
                "class R(ConanFile):\n    requires = 'zlib/1.3', \"bzip2/1.0\"\n    def build_requirements(self):\n        self.test_requires(\"gtest/1.14\")\n"
            ),
            (
                "vcpkg.json",
                r#"{"name": "own", "dependencies": ["boost", {"name": "curl", "version>=": "8.0"}, {"name": "own", "features": ["x"]}], "features": {"x": {"dependencies": ["sqlite3"]}}}"#
            ),
        ]),
        [
            "OpenSSL - = -, Build, CMakeLists.txt",
            "ZLIB 1.2 = -, Build, CMakeLists.txt",
            "bzip2 1.0 = -, Runtime, lib/conanfile.py",
            "cmake 3.28 = -, Build, conanfile.txt",
            "fmt 10.2.1 = -, Runtime, conanfile.txt",
            "gtest 1.14 = -, Development, lib/conanfile.py",
            "zlib 1.3 = -, Runtime, lib/conanfile.py",
            "boost - = -, Runtime, vcpkg.json",
            "curl >=8.0 = -, Runtime, vcpkg.json",
            "sqlite3 - = -, Optional, vcpkg.json",
        ]
    );
}
