//! Maven projects: `pom.xml`, with coordinates inherited from `<parent>` (POM Reference, "Maven Coordinates").

use crate::Repository;
use crate::external::xml::Element;
use crate::paths::{folder, name};
use codexa_model::relation::{Exports, Package};

/// The projects of a repository, each named `group:artifact`.
pub(super) fn packages(repo: &dyn Repository) -> Vec<Package> {
    repo.paths()
        .iter()
        .filter(|path| name(path) == "pom.xml")
        .filter_map(|path| package(path, &String::from_utf8(repo.read(path)?).ok()?))
        .collect()
}

fn package(path: &str, text: &str) -> Option<Package> {
    let project = Element::parse(text).filter(|root| root.name == "project")?;
    let inherited = |field| project.value(field).or_else(|| project.child("parent")?.value(field));
    let name = format!("{}:{}", inherited("groupId")?, project.value("artifactId")?);
    Some(Package {
        root: folder(path).into(),
        ecosystem: "maven".into(),
        name: name.into(),
        // `${revision}` is chosen when the build runs.
        version: inherited("version").filter(|version| !version.contains("${")).map(Into::into),
        manifest: path.into(),
        programs: Vec::new(),
        // What is packaged otherwise is run, deployed, or holds other projects together.
        exports: match project.value("packaging") {
            None | Some("jar" | "bundle" | "maven-plugin") => Exports::Sources,
            Some(_) => Exports::Nothing,
        },
    })
}
