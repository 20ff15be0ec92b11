//! `codexa schema`: the file formats, as JSON Schema.

use crate::failure::{Exit, Failure};
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_config::schema::{config_schema, project_metadata_schema};
use serde::Serialize;
use serde_json::Value;

/// What to print.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Which one; all are listed when left out
    name: Option<String>,
}

/// A published format: its name, what it describes, and its schema.
struct Published {
    name: &'static str,
    about: &'static str,
    schema: fn() -> Value,
}

/// A format of the model, by its name there.
fn manifest(name: &str) -> Value {
    let all = codexa_model::manifest::schemas();
    all.into_iter().find(|(known, _)| *known == name).map(|(_, schema)| schema.to_value()).unwrap_or_default()
}

/// Every published format, by name.
const PUBLISHED: &[Published] = &[
    Published {
        name: "annotations",
        about: ".codexa/annotations.yaml",
        schema: || codexa_model::annotations::schema().to_value(),
    },
    Published { name: "config", about: ".codexa/config.yaml and core.yaml", schema: config_schema },
    Published {
        name: "coverage",
        about: ".codexa/manifests/system_model/coverage.yaml",
        schema: || manifest("coverage"),
    },
    Published { name: "ids", about: ".codexa/manifests/ids.yaml", schema: || manifest("ids") },
    Published { name: "project-metadata", about: ".codexa/project_metadata.yaml", schema: project_metadata_schema },
    Published {
        name: "relationships",
        about: ".codexa/manifests/system_model/relationships.yaml",
        schema: || manifest("relationships"),
    },
    Published {
        name: "system-manifest",
        about: ".codexa/manifests/system_manifest.yaml",
        schema: || manifest("system-manifest"),
    },
    Published {
        name: "system-model-component",
        about: ".codexa/manifests/system_model/components/*.yaml",
        schema: || manifest("system-model-component"),
    },
];

#[derive(Serialize)]
struct List {
    schemas: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    name: &'static str,
    about: &'static str,
}

#[derive(Serialize)]
struct One {
    name: &'static str,
    document: Value,
}

pub(super) fn run(arguments: &Arguments, ui: &Ui) -> crate::Outcome {
    match &arguments.name {
        None => {
            let schemas = PUBLISHED.iter().map(|one| Listed { name: one.name, about: one.about }).collect();
            ui.answer(&List { schemas })?;
        }
        Some(name) => {
            let one = PUBLISHED.iter().find(|one| one.name == name).ok_or_else(|| {
                let names: Vec<&str> = PUBLISHED.iter().map(|one| one.name).collect();
                Failure::blocked("SCHEMA_NOT_FOUND", format!("there is no schema `{name}`"))
                    .with_help(format!("there are: {}", names.join(", ")))
            })?;
            ui.answer(&One { name: one.name, document: (one.schema)() })?;
        }
    }
    Ok(Exit::Well)
}

impl Report for List {
    const NAME: &'static str = "schema";

    fn page(&self, page: &mut Page) {
        page.heading("schema", "file formats with a JSON Schema", "");
        page.blank();
        page.rows(&self.schemas.iter().map(|one| [one.name.to_owned(), one.about.to_owned()]).collect::<Vec<_>>());
        page.blank();
        page.next("codexa schema config > config.schema.json");
    }
}

impl Report for One {
    const NAME: &'static str = "schema";

    /// The schema alone, so that it can be written to a file for an editor.
    fn page(&self, page: &mut Page) {
        page.line(&serde_json::to_string_pretty(&self.document).unwrap_or_default());
    }
}
