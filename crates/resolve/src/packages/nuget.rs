//! NuGet packages: MSBuild projects (`.csproj`, `.fsproj`, `.vbproj`) and solutions. Properties that MSBuild would
//! compute (`$(…)`) are left out.

use crate::Repository;
use crate::paths::{folder, is_within, join, name, resolve, stem};
use crate::vendored::is_foreign;
use codexa_model::relation::{Exports, Package, Program};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Endings of project files.
const PROJECTS: &[&str] = &[".csproj", ".fsproj", ".vbproj"];
/// Elements of one file that are looked at.
const MOST_ELEMENTS: usize = 100_000;

/// A project file, as far as the code's names and packages need it.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// The file.
    pub(crate) path: Box<str>,
    /// Folders of the projects it references.
    pub(crate) references: Vec<Box<str>>,
    /// Packages it declares.
    pub(crate) packages: Vec<Box<str>>,
    /// Namespaces that it opens for all its files.
    pub(crate) usings: Vec<Box<str>>,
    name: Option<Box<str>>,
    version: Option<Box<str>>,
    /// Whether it is built to be run.
    runs: bool,
    /// Whether it is kept from being packed, as a project of tests is.
    stays: bool,
}

/// Every project of the repository, by path.
pub(crate) fn projects(repo: &dyn Repository) -> Vec<Project> {
    let files = repo.paths().iter().filter(|path| PROJECTS.iter().any(|ending| path.ends_with(ending)));
    files.filter_map(|path| Project::of(repo, path)).collect()
}

/// Packages that a file for many projects declares (`Directory.Packages.props`, `Directory.Build.props`, `packages.config`).
pub(crate) fn shared_packages(repo: &dyn Repository) -> Vec<Box<str>> {
    let shared = ["Directory.Packages.props", "Directory.Build.props", "packages.config"];
    let files = repo.paths().iter().filter(|path| shared.contains(&name(path)));
    files.filter_map(|path| Some(Project::of(repo, path)?.packages)).flatten().collect()
}

/// The NuGet packages of a repository.
pub(super) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let mut found: Vec<Package> = projects(repo)
        .into_iter()
        .filter(|project| !is_foreign(&project.path))
        .map(|project| project.package(repo.paths()))
        .collect();
    let solutions = repo.paths().iter().filter(|path| path.ends_with(".sln") || path.ends_with(".slnx"));
    let solutions: Vec<Package> = solutions
        .filter(|path| !is_foreign(path) && is_of_several(folder(path), &found))
        .map(|path| unit(path, stem(path), None))
        .collect();
    found.extend(solutions);
    found
}

/// Whether a solution in this folder says more than the projects below it: solutions of other languages hold none, and
/// that of a single project stands beside it.
fn is_of_several(root: &str, projects: &[Package]) -> bool {
    let below = projects.iter().filter(|project| is_within(&project.root, root)).take(2).count();
    below == 2 && !projects.iter().any(|project| *project.root == *root)
}

fn unit(manifest: &str, name: &str, version: Option<Box<str>>) -> Package {
    Package {
        root: folder(manifest).into(),
        ecosystem: Cow::Borrowed("nuget"),
        name: name.into(),
        version,
        manifest: manifest.into(),
        programs: Vec::new(),
        exports: Exports::Nothing,
    }
}

impl Project {
    fn of(repo: &dyn Repository, path: &str) -> Option<Self> {
        let (project, is_whole) = Self::read(path, &repo.read(path)?);
        if !is_whole {
            repo.cut(path, "has more elements than are looked at");
        }
        Some(project)
    }

    /// What a file says, and whether it was read to its end.
    fn read(path: &str, bytes: &[u8]) -> (Self, bool) {
        let mut project = Self { path: path.into(), ..Self::default() };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = Reader::from_reader(bytes);
        let mut open: Vec<Vec<u8>> = Vec::new();
        for _ in 0..MOST_ELEMENTS {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    project.item(&start);
                    open.push(start.local_name().as_ref().to_vec());
                }
                Ok(Event::Empty(start)) => project.item(&start),
                Ok(Event::End(_)) => drop(open.pop()),
                Ok(Event::Text(text)) => {
                    // A `<Version>` elsewhere is that of a package.
                    if let [.., group, property] = open.as_slice()
                        && group == b"PropertyGroup"
                    {
                        project.property(property, &text.decode().unwrap_or_default());
                    }
                }
                Ok(Event::Eof) | Err(_) => return (project, true),
                Ok(_) => {}
            }
        }
        (project, false)
    }

    /// `<PackageReference Include="x"/>` and its like.
    fn item(&mut self, start: &BytesStart<'_>) {
        let element = start.local_name();
        if element.as_ref() == b"Project" {
            self.runs |=
                attribute(start, &["Sdk"]).is_some_and(|sdk| sdk.ends_with(".Web") || sdk.ends_with(".Worker"));
            return;
        }
        let Some(value) = attribute(start, &["Include", "Update", "id"]).filter(|value| !value.contains("$(")) else {
            return;
        };
        match element.as_ref() {
            b"PackageReference" | b"PackageVersion" | b"GlobalPackageReference" | b"package" => {
                self.packages.push(value.into())
            }
            b"Using" => self.usings.push(value.into()),
            b"ProjectReference" => {
                let target = resolve(folder(&self.path), &value);
                self.references.extend(target.map(|target| Box::from(folder(&target))));
            }
            _ => {}
        }
    }

    fn property(&mut self, element: &[u8], text: &str) {
        let text = text.trim();
        if text.is_empty() || text.contains("$(") {
            return;
        }
        match element {
            b"PackageId" => self.name = Some(text.into()),
            b"AssemblyName" if self.name.is_none() => self.name = Some(text.into()),
            b"Version" => self.version = Some(text.into()),
            b"VersionPrefix" if self.version.is_none() => self.version = Some(text.into()),
            b"IsPackable" => self.stays |= text.eq_ignore_ascii_case("false"),
            b"IsTestProject" => self.stays |= text.eq_ignore_ascii_case("true"),
            b"OutputType" => self.runs |= matches!(text, "Exe" | "WinExe"),
            _ => {}
        }
    }

    fn package(&self, paths: &[Box<str>]) -> Package {
        let name = self.name.as_deref().unwrap_or(stem(&self.path));
        let mut package = unit(&self.path, name, self.version.clone());
        if !self.runs && !self.stays {
            package.exports = Exports::Sources;
        }
        let main = join(&package.root, "Program.cs").into_boxed_str();
        if self.runs {
            let tracked = paths.binary_search(&main).is_ok();
            package.programs.push(Program {
                name: name.into(),
                target: if tracked { main } else { self.path.clone() },
                declared_in: None,
            });
        }
        package
    }
}

/// The first of the attributes that is there, unescaped.
fn attribute(start: &BytesStart<'_>, names: &[&str]) -> Option<String> {
    let mut attributes = start.attributes();
    let known = |key: &[u8]| names.iter().any(|name| key == name.as_bytes());
    let wanted =
        attributes.with_checks(false).flatten().find(|attribute| known(attribute.key.local_name().as_ref()))?;
    wanted.unescape_value().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use crate::testing::TestRepository;

    #[test]
    fn projects_and_solutions_are_packages() {
        let mut repo = TestRepository::default();
        repo.text("All.sln", "");
        repo.text("src/App/App.csproj", "\u{feff}<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><AssemblyName>app</AssemblyName>\
            <VersionPrefix>2.0</VersionPrefix></PropertyGroup><ItemGroup><PackageReference Include=\"X\"><Version>9</Version></PackageReference></ItemGroup></Project>");
        repo.text("src/App/Program.cs", "");
        repo.text("src/Web/Web.csproj", r#"<Project Sdk="Microsoft.NET.Sdk.Web"/>"#);
        repo.text("src/Web/Web.sln", "");
        repo.text("src/Bad/Bad.csproj", "<Project><PropertyGroup><PackageId>$(Name)</PackageId><Version>");
        repo.text(
            "src/Kept/Kept.csproj",
            "<Project><PropertyGroup><IsPackable>false</IsPackable></PropertyGroup></Project>",
        );
        insta::assert_snapshot!(repo.show_packages("nuget"), @r"
        All All.sln
        app 2.0 src/App/App.csproj app=src/App/Program.cs
        Bad src/Bad/Bad.csproj -> its sources
        Kept src/Kept/Kept.csproj
        Web src/Web/Web.csproj Web=src/Web/Web.csproj
        ");
    }
}
