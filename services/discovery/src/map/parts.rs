//! What is drawn: the components that ship, each with its files of source.

use super::heat::Heat;
use crate::components::Component;
use crate::hotspots::is_ranked_in;
use crate::model::Model;
use crate::query::text::plural;
use crate::record::FileClass;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A component of the drawing.
pub(super) struct Part<'m> {
    /// Its index in the model.
    pub(super) id: u32,
    pub(super) component: &'m Component,
    /// Its files of source, most lines of code first.
    pub(super) pieces: Vec<Piece>,
    /// Their lines of code.
    pub(super) lines: u64,
    pub(super) heat: Option<f64>,
}

/// A file of the drawing.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) file: u32,
    /// Lines of code.
    pub(super) lines: u32,
    pub(super) heat: Option<f64>,
}

/// The components that are drawn, most lines first.
pub(super) fn parts<'m>(model: &'m Model, heat: &Heat) -> Vec<Part<'m>> {
    let ships = (0_u32..).zip(&model.components.all).filter(|(_, component)| component.kind.ships());
    let mut parts: Vec<Part<'_>> = ships.map(|(id, component)| part(model, heat, id, component)).collect();
    parts.retain(|part| part.lines > 0);
    parts.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.component.id.cmp(&b.component.id)));
    parts
}

fn part<'m>(model: &'m Model, heat: &Heat, id: u32, component: &'m Component) -> Part<'m> {
    let sources = component.files.iter().copied().filter(|file| is_ranked_in(model, *file));
    let mut pieces: Vec<Piece> = sources
        .map(|file| Piece {
            file,
            lines: model.file(file).map_or(0, |file| file.lines.code),
            heat: heat.together(std::iter::once(file)),
        })
        .collect();
    pieces.sort_by_key(|piece| (Reverse(piece.lines), piece.file));
    Part {
        id,
        component,
        lines: pieces.iter().map(|piece| u64::from(piece.lines)).sum(),
        heat: heat.together(pieces.iter().map(|piece| piece.file)),
        pieces,
    }
}

/// What lies beside the drawing, by kind: files and lines of code.
pub(super) fn beside(model: &Model) -> Vec<(String, u32, u64)> {
    let mut kinds: BTreeMap<&str, (u32, u64)> = BTreeMap::new();
    for (id, file) in (0_u32..).zip(&model.files) {
        let kind = match model.components.of(id) {
            Some(component) if !component.kind.ships() => component.kind.name(),
            Some(_) => match file.class {
                FileClass::Test => "tests among the sources",
                FileClass::Generated => "generated code",
                _ => continue,
            },
            None => continue,
        };
        let sum = kinds.entry(kind).or_default();
        *sum = (sum.0 + 1, sum.1 + u64::from(file.lines.code));
    }
    let mut all: Vec<_> = kinds.into_iter().map(|(kind, (files, lines))| (kind.to_owned(), files, lines)).collect();
    all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    all
}

/// A component's name: its path, or the project's where it stands at the root.
pub(super) fn name<'m>(model: &'m Model, component: &'m Component) -> &'m str {
    match component.id.trim_start_matches("c:") {
        "." => &model.run.project,
        path => path,
    }
}

/// What is to be said of a component, a line each.
pub(super) fn said(model: &Model, part: &Part<'_>) -> Vec<String> {
    let component = part.component;
    let id = part.id as usize;
    let mut lines = vec![
        name(model, component).to_owned(),
        format!(
            "{} of {}, {} of code",
            component.kind.name(),
            plural(part.pieces.len() as u64, "source file"),
            plural(part.lines, "line")
        ),
        super::heat::words(part.heat),
    ];
    lines.push(match model.unknown_dependencies(id) {
        Some(unknown) => format!("dependencies {unknown}"),
        None => {
            let uses = model.relations.of(id).iter().filter(|to| to.shaping() > 0).count() as u64;
            let used = model.relations.dependents(&model.components, id).len() as u64;
            let layer = model.relations.strata.layer(id);
            format!("layer {layer}; uses {}, used by {}", plural(uses, "component"), plural(used, "component"))
        }
    });
    lines
}
