//! `system_model/components/<slug>.yaml`: the nodes of each component.

use super::made::{Material, Sum};
use super::slug::Slugs;
use crate::behaviour::{ContactKind, EntryKind};
use crate::components::{Component, ComponentKind, Dependency, Relations};
use crate::coverage::{class_name, cut_name, unread_name};
use crate::model::{File, Model, Parsed};
use crate::offers::{Offer, Offers};
use crate::record::FileClass;
use codexa_model::facts::SymbolKind;
use codexa_model::manifest::{
    Api, ComponentFile, ComponentNode, FileNode, Flow, ModuleNode, SYSTEM_MODEL_COMPONENT, Size, Source,
};
use codexa_model::relation::DependencyScope;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Most names that a file's public API is shown with; the rest is counted on the file's line.
pub const API_CAP: usize = 40;
/// The kind under which members of types from other files stand.
const EXTENSION: &str = "extension";

/// Every component's file of nodes before it is made, by its path under `.codexa/manifests/`. Vendored components have none.
pub(super) fn component_files<'m>(
    model: &'m Model,
    slugs: &'m Slugs,
) -> impl Iterator<Item = (String, Draft<'m>)> + 'm {
    let uses = uses_of_components(model);
    let files = files_of_components(model);
    model.components.all.iter().enumerate().filter(|(_, component)| component.kind != ComponentKind::Vendored).map(
        move |(id, component)| {
            let files = files.get(id).cloned().unwrap_or_default();
            let node = node(model, id, component, uses.get(id).cloned().unwrap_or_default());
            (slugs.path(id), Draft { model, node, files })
        },
    )
}

/// A component's file before it is made: its node, and of its files what [`Seen`] holds.
pub(super) struct Draft<'m> {
    model: &'m Model,
    node: ComponentNode,
    files: Vec<u32>,
}

impl<'m> Draft<'m> {
    pub(super) fn made_from(&self) -> Option<Sum> {
        let mut material = Material::new();
        material.add_named(&self.node);
        self.seen().for_each(|file| material.add(&file));
        material.sum()
    }

    fn seen(&self) -> impl Iterator<Item = Seen<'m>> {
        self.files.iter().filter_map(|file| self.model.file(*file)).map(Seen::of)
    }

    pub(super) fn file(self) -> ComponentFile<&'m str> {
        let modules = modules(self.seen());
        ComponentFile { schema: SYSTEM_MODEL_COMPONENT, component: self.node, modules }
    }
}

/// What a file's line is made from: nothing else of the file is.
#[derive(Serialize)]
struct Seen<'m> {
    path: &'m str,
    class: FileClass,
    /// `None` where it is not code.
    code: Option<Code<'m>>,
}

/// What is shown of a file of code.
#[derive(Serialize)]
struct Code<'m> {
    language: &'m str,
    size: Size,
    /// Why its facts are missing or incomplete.
    parsed: Option<&'static str>,
    /// The package or namespace that it declares.
    declares: Option<&'m str>,
    entry: Vec<&'static str>,
    contacts: Vec<&'static str>,
    offers: Option<&'m Offers>,
}

impl<'m> Seen<'m> {
    fn of(file: &'m File) -> Self {
        Self { path: &file.path, class: file.class, code: file.is_code.then(|| Code::of(file)) }
    }
}

impl<'m> Code<'m> {
    fn of(file: &'m File) -> Self {
        let parsed = file.parsed.as_ref();
        let entries = parsed.into_iter().flat_map(|parsed| &parsed.behaviour.entry_points);
        let contacts = parsed.into_iter().flat_map(|parsed| &parsed.behaviour.contacts);
        Self {
            language: file.language.as_deref().unwrap_or_default(),
            size: Size::of(file.lines.code),
            parsed: parsed_state(file),
            declares: parsed.and_then(|parsed| parsed.module.as_deref()),
            entry: sorted(entries.map(|entry| entry_name(entry.kind)).collect()),
            contacts: sorted(contacts.map(|contact| contact_name(contact.kind)).collect()),
            offers: parsed.map(|parsed| &*parsed.offers),
        }
    }
}

fn node(model: &Model, id: usize, component: &Component, uses: BTreeSet<&str>) -> ComponentNode {
    let id_of = |other: u32| model.components.all.get(other as usize).map(|other| other.id.to_string());
    let dependencies = model.unknown_dependencies(id);
    let from = super::system::count(id);
    let ships = |to: &&Dependency| !Relations::is_of_tests(&model.components, from, to);
    let depends_on = model.relations.of(id).iter().filter(ships);
    let depends_on: Vec<String> = depends_on.filter_map(|dependency| id_of(dependency.to)).collect();
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
        depends_on: (dependencies.is_none() || !depends_on.is_empty()).then_some(Flow(depends_on)),
        dependencies,
        uses: Flow(uses.into_iter().map(str::to_owned).collect()),
    }
}

/// Names of the declared dependencies that each component imports. Where a build hands what is declared for
/// development to tests and examples alone, what ships does not stand on it.
pub(super) fn uses_of_components(model: &Model) -> Vec<BTreeSet<&str>> {
    let mut uses = vec![BTreeSet::new(); model.components.all.len()];
    for (dependency, users) in model.externals.dependencies.iter().zip(&model.externals.users) {
        let is_for_development = dependency.scope == DependencyScope::Development
            && matches!(&*dependency.ecosystem, "cargo" | "gradle" | "maven");
        let ships = |owner: &u32| model.components.all.get(*owner as usize).is_some_and(|owner| owner.kind.ships());
        for &file in users {
            let owner = model.components.of_file.get(file as usize).copied().flatten();
            let owner = owner.filter(|owner| !is_for_development || !ships(owner));
            if let Some(uses) = owner.and_then(|owner| uses.get_mut(owner as usize)) {
                uses.insert(&*dependency.name);
            }
        }
    }
    uses
}

/// The files of each component, in their order.
fn files_of_components(model: &Model) -> Vec<Vec<u32>> {
    let mut files = vec![Vec::new(); model.components.all.len()];
    for (file, owner) in (0_u32..).zip(&model.components.of_file) {
        if let Some(files) = owner.and_then(|owner| files.get_mut(owner as usize)) {
            files.push(file);
        }
    }
    files
}

fn modules<'m>(files: impl Iterator<Item = Seen<'m>>) -> BTreeMap<&'m str, ModuleNode<&'m str>> {
    let mut modules: BTreeMap<&str, Module<'_>> = BTreeMap::new();
    for file in files {
        let (folder, name) = super::split_path(file.path);
        let module = modules.entry(folder).or_default();
        if let Some(code) = file.code {
            module.declared.extend(code.declares.filter(|name| !module.declared.contains(name)));
            module.files.push((name, Flow(file_node(file.class, code))));
        } else {
            *module.others.entry(class_name(file.class)).or_default() += 1;
        }
    }
    modules.into_iter().map(|(path, module)| (path, module.node())).collect()
}

/// A module in the making.
#[derive(Default)]
struct Module<'m> {
    declared: Vec<&'m str>,
    files: Vec<(&'m str, Flow<FileNode<&'m str>>)>,
    others: BTreeMap<&'static str, u32>,
}

impl<'m> Module<'m> {
    fn node(self) -> ModuleNode<&'m str> {
        ModuleNode {
            declares: if let [only] = self.declared[..] { Some(only) } else { None },
            files: self.files.into_iter().collect(),
            others: (!self.others.is_empty()).then(|| Flow(self.others.into_iter().collect())),
        }
    }
}

fn file_node<'m>(class: FileClass, code: Code<'m>) -> FileNode<&'m str> {
    FileNode {
        language: code.language,
        class: (class != FileClass::Source).then(|| class_name(class)),
        size: code.size,
        parsed: code.parsed,
        entry: code.entry,
        contacts: code.contacts,
        api: code.offers.and_then(api),
    }
}

fn sorted(mut names: Vec<&'static str>) -> Vec<&'static str> {
    names.sort_unstable();
    names.dedup();
    names
}

/// Why a file's facts are missing or incomplete; `None` where it was parsed whole.
fn parsed_state(file: &File) -> Option<&'static str> {
    match (&file.parsed, file.unread) {
        (None, Some(reason)) => Some(unread_name(reason)),
        (None, None) => Some("not parsed"),
        (Some(Parsed { parse, .. }), _) => match parse.cut {
            Some(cut) => Some(cut_name(cut)),
            None => (parse.confidence() < crate::coverage::WHOLE).then_some("in part"),
        },
    }
}

/// What a file offers, at most [`API_CAP`] names: names at file level first, then members.
fn api(offers: &Offers) -> Option<Api<&str>> {
    let mut names: Vec<(bool, Offer<'_>)> = offers.iter().map(|offer| (offer.name.contains('.'), offer)).collect();
    names.sort_unstable_by(|a, b| (a.0, a.1.name, a.1.kind).cmp(&(b.0, b.1.name, b.1.kind)));
    names.dedup_by(|later, first| later.1.name == first.1.name);
    let dropped = u32::try_from(names.len().saturating_sub(API_CAP)).unwrap_or(u32::MAX);
    let mut api = Api { types: BTreeMap::new(), values: BTreeMap::new(), dropped };
    for (is_member, offer) in names.iter().take(API_CAP) {
        let name = offer.name;
        if is_type(offer.kind) {
            api.types.entry(kind_name(offer.kind)).or_default().entry(name).or_default();
        } else if *is_member {
            add_member(&mut api, name);
        } else {
            api.values.entry(kind_name(offer.kind)).or_default().push(name);
        }
    }
    (!names.is_empty()).then_some(api)
}

/// Puts a member under the type that encloses it; under `extension` where the file adds to a type defined elsewhere.
fn add_member<'m>(api: &mut Api<&'m str>, name: &'m str) {
    let Some((owner, member)) = name.rsplit_once('.') else { return };
    let known = api.types.values_mut().find_map(|types| types.get_mut(owner));
    match known {
        Some(members) => members.push(member),
        None => api.types.entry(EXTENSION).or_default().entry(owner).or_default().push(member),
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

/// The name of a kind of entry point, in files and on screens.
pub(crate) fn entry_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Main => "main",
        EntryKind::CliCommand => "cli_command",
        EntryKind::HttpRoute => "http_route",
        EntryKind::Job => "job",
        EntryKind::EventHandler => "event_handler",
        EntryKind::ExportedApi => "exported_api",
    }
}

/// The name of a kind of contact, in files and on screens.
pub(crate) fn contact_name(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Database => "database",
        ContactKind::Network => "network",
        ContactKind::Filesystem => "filesystem",
        ContactKind::Environment => "environment",
        ContactKind::Subprocess => "subprocess",
        ContactKind::MessageBus => "message_bus",
        ContactKind::Cache => "cache",
    }
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
