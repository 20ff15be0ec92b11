//! `system_model/components/<slug>.yaml`: the nodes of each component.

use super::slug::Slugs;
use crate::components::{Component, ComponentKind};
use crate::coverage::{class_name, cut_name, unread_name};
use crate::model::{File, Model, Parsed};
use crate::record::{FileClass, Offer};
use codexa_model::facts::SymbolKind;
use codexa_model::manifest::{
    Api, ComponentFile, ComponentNode, FileNode, Flow, ModuleNode, SYSTEM_MODEL_COMPONENT, Size, Source,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most names that a file's public API is shown with; the rest is counted on the file's line.
pub const API_CAP: usize = 40;
/// The kind under which members of types from other files stand.
const EXTENSION: &str = "extension";

/// Every component's file of nodes, by its path under `.codexa/manifests/`. Vendored components have none.
pub(super) fn component_files<'m>(
    model: &'m Model,
    slugs: &'m Slugs,
) -> impl Iterator<Item = (String, ComponentFile)> + 'm {
    let uses = uses_of_components(model);
    let mut modules = modules_of_components(model);
    model.components.all.iter().enumerate().filter(|(_, component)| component.kind != ComponentKind::Vendored).map(
        move |(id, component)| {
            let file = ComponentFile {
                schema: SYSTEM_MODEL_COMPONENT.to_owned(),
                component: node(model, id, component, uses.get(id).cloned().unwrap_or_default()),
                modules: modules.get_mut(id).map(std::mem::take).unwrap_or_default(),
            };
            (slugs.path(id), file)
        },
    )
}

fn node(model: &Model, id: usize, component: &Component, uses: BTreeSet<&str>) -> ComponentNode {
    let id_of = |other: u32| model.components.all.get(other as usize).map(|other| other.id.to_string());
    let package = component.package.and_then(|package| model.packages.get(package as usize));
    ComponentNode {
        id: component.id.to_string(),
        name: component.name.to_string(),
        kind: component.kind.name().to_owned(),
        source: Source {
            rule: component.evidence.rule.to_string(),
            file: component.evidence.file.as_ref().map(ToString::to_string),
        },
        confidence: component.confidence,
        package: package.filter(|package| package.name != component.name).map(|package| package.name.to_string()),
        languages: Flow(component.lines.keys().map(ToString::to_string).collect()),
        depends_on: Flow(model.relations.of(id).iter().filter_map(|dependency| id_of(dependency.to)).collect()),
        uses: Flow(uses.into_iter().map(str::to_owned).collect()),
    }
}

/// Names of the declared dependencies that each component imports.
pub(super) fn uses_of_components(model: &Model) -> Vec<BTreeSet<&str>> {
    let mut uses = vec![BTreeSet::new(); model.components.all.len()];
    for (dependency, users) in model.externals.dependencies.iter().zip(&model.externals.users) {
        for &file in users {
            let owner = model.components.of_file.get(file as usize).copied().flatten();
            if let Some(uses) = owner.and_then(|owner| uses.get_mut(owner as usize)) {
                uses.insert(&*dependency.name);
            }
        }
    }
    uses
}

fn modules_of_components(model: &Model) -> Vec<BTreeMap<String, ModuleNode>> {
    let mut all: Vec<BTreeMap<String, ModuleNode>> = vec![BTreeMap::new(); model.components.all.len()];
    let mut declared: Vec<BTreeMap<String, BTreeSet<&str>>> = vec![BTreeMap::new(); model.components.all.len()];
    for (file, owner) in model.files.iter().zip(&model.components.of_file) {
        let Some(owner) = owner.map(|owner| owner as usize) else { continue };
        let (Some(modules), Some(declared)) = (all.get_mut(owner), declared.get_mut(owner)) else { continue };
        let (folder, name) = super::split_path(&file.path);
        if !modules.contains_key(folder) {
            modules.insert(folder.to_owned(), ModuleNode { declares: None, files: BTreeMap::new(), others: None });
        }
        let Some(module) = modules.get_mut(folder) else { continue };
        if file.is_code {
            module.files.insert(name.to_owned(), Flow(file_node(file)));
            if let Some(name) = file.parsed.as_ref().and_then(|parsed| parsed.module.as_deref()) {
                declared.entry(folder.to_owned()).or_default().insert(name);
            }
        } else {
            let others = module.others.get_or_insert_with(Flow::default);
            *others.0.entry(class_name(file.class).to_owned()).or_default() += 1;
        }
    }
    for (modules, declared) in all.iter_mut().zip(declared) {
        for (folder, names) in declared {
            if let (Some(module), [name]) = (modules.get_mut(&folder), &names.into_iter().collect::<Vec<_>>()[..]) {
                module.declares = Some((*name).to_owned());
            }
        }
    }
    all
}

fn file_node(file: &File) -> FileNode {
    let behaviour = file.parsed.as_ref().map(|parsed| &parsed.behaviour);
    let kinds = |kinds: BTreeSet<String>| kinds.into_iter().collect();
    FileNode {
        language: file.language.as_deref().unwrap_or_default().to_owned(),
        class: (file.class != FileClass::Source).then(|| class_name(file.class).to_owned()),
        size: Size::of(file.lines.code),
        parsed: parsed_state(file),
        entry: behaviour
            .map(|behaviour| kinds(behaviour.entry_points.iter().map(|entry| super::name_of(&entry.kind)).collect()))
            .unwrap_or_default(),
        contacts: behaviour
            .map(|behaviour| kinds(behaviour.contacts.iter().map(|contact| super::name_of(&contact.kind)).collect()))
            .unwrap_or_default(),
        api: file.parsed.as_ref().and_then(api),
    }
}

/// Why a file's facts are missing or incomplete; `None` where it was parsed whole.
fn parsed_state(file: &File) -> Option<String> {
    match (&file.parsed, file.unread) {
        (None, Some(reason)) => Some(unread_name(reason).to_owned()),
        (None, None) => Some("not parsed".to_owned()),
        (Some(Parsed { parse, .. }), _) => match parse.cut {
            Some(cut) => Some(cut_name(cut).to_owned()),
            None => (parse.confidence() < crate::coverage::WHOLE).then(|| "in part".to_owned()),
        },
    }
}

/// What a file offers, at most [`API_CAP`] names: names at file level first, then members.
fn api(parsed: &Parsed) -> Option<Api> {
    let mut names: Vec<(bool, &Offer)> = parsed.offers.iter().map(|offer| (offer.name.contains('.'), offer)).collect();
    names.sort_by(|a, b| (a.0, &a.1.name, a.1.kind).cmp(&(b.0, &b.1.name, b.1.kind)));
    names.dedup_by(|later, first| later.1.name == first.1.name);
    let mut api =
        Api { dropped: u32::try_from(names.len().saturating_sub(API_CAP)).unwrap_or(u32::MAX), ..Api::default() };
    for (is_member, offer) in names.iter().take(API_CAP) {
        let name = &*offer.name;
        if is_type(offer.kind) {
            api.types.entry(kind_name(offer.kind).to_owned()).or_default().entry(name.to_owned()).or_default();
        } else if *is_member {
            add_member(&mut api, name);
        } else {
            api.values.entry(kind_name(offer.kind).to_owned()).or_default().push(name.to_owned());
        }
    }
    (!names.is_empty()).then_some(api)
}

/// Puts a member under the type that encloses it; under `extension` where the file adds to a type defined elsewhere.
fn add_member(api: &mut Api, name: &str) {
    let Some((owner, member)) = name.rsplit_once('.') else { return };
    let known = api.types.values_mut().find_map(|types| types.get_mut(owner));
    match known {
        Some(members) => members.push(member.to_owned()),
        None => {
            let extensions = api.types.entry(EXTENSION.to_owned()).or_default();
            extensions.entry(owner.to_owned()).or_default().push(member.to_owned());
        }
    }
}

fn is_type(kind: SymbolKind) -> bool {
    matches!(
        kind,
        SymbolKind::Class
            | SymbolKind::Struct
            | SymbolKind::Union
            | SymbolKind::Enum
            | SymbolKind::Interface
            | SymbolKind::Trait
            | SymbolKind::Module
    )
}

/// The name of a kind of symbol, in files and on screens.
pub(crate) fn kind_name(kind: SymbolKind) -> &'static str {
    match kind {
        SymbolKind::Module => "module",
        SymbolKind::Class => "class",
        SymbolKind::Struct => "struct",
        SymbolKind::Union => "union",
        SymbolKind::Enum => "enum",
        SymbolKind::Interface => "interface",
        SymbolKind::Trait => "trait",
        SymbolKind::TypeAlias => "type",
        SymbolKind::Implementation => "implementation",
        SymbolKind::Function => "function",
        SymbolKind::Method => "method",
        SymbolKind::Constant => "constant",
        SymbolKind::Variable => "variable",
        SymbolKind::Macro => "macro",
    }
}
