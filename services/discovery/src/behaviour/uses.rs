//! What the names that a file uses tell, where its calls do not: what its classes extend, and variables that are the
//! environment.

use super::{Contact, ContactKind, EntryKind, EntryPoint};
use codexa_model::Language;
use codexa_model::facts::{Facts, Symbol, SymbolIndex, SymbolKind, Visibility};

/// Entry points by what the classes of a file extend: the name of it is used, and the method that it asks for is there.
pub(super) fn entries(facts: &Facts) -> Vec<EntryPoint> {
    let rules: &[Extends] = match facts.language {
        Language::CSharp => &[
            Extends { name: "BackgroundService", methods: &["ExecuteAsync"], origin: "csharp.background_service" },
            Extends { name: "IHostedService", methods: &["StartAsync", "StopAsync"], origin: "csharp.hosted_service" },
        ],
        Language::Php => &[
            Extends { name: "ShouldQueue", methods: &["handle"], origin: "php.laravel_job" },
            Extends { name: "Command", methods: &["handle", "$signature"], origin: "php.laravel_command_class" },
        ],
        _ => &[],
    };
    let used = rules.iter().filter(|rule| uses(facts, rule.name) && rule.is_imported(facts));
    used.flat_map(|rule| rule.classes(facts)).collect()
}

/// A type that a framework runs.
struct Extends {
    name: &'static str,
    /// Members that its classes have.
    methods: &'static [&'static str],
    origin: &'static str,
}

impl Extends {
    /// C# imports whole namespaces, and some without a word. PHP's names lead where their imports say.
    fn is_imported(&self, facts: &Facts) -> bool {
        let named = |module: &str| facts.imports.iter().any(|import| &*import.target == module);
        match self.name {
            "ShouldQueue" => named("Illuminate\\Contracts\\Queue\\ShouldQueue"),
            "Command" => named("Illuminate\\Console\\Command"),
            _ => true,
        }
    }

    fn classes(&self, facts: &Facts) -> Vec<EntryPoint> {
        let has = |class: SymbolIndex, method: &&&str| {
            facts.symbols.iter().any(|symbol| symbol.parent == Some(class) && is_called(symbol, method))
        };
        let is_class = |(symbol, at): &(&Symbol, SymbolIndex)| {
            symbol.kind == SymbolKind::Class && self.methods.iter().all(|method| has(*at, &method))
        };
        let kind = if self.name == "Command" { EntryKind::CliCommand } else { EntryKind::Job };
        let classes = facts.symbols.iter().zip(0_u32..).filter(is_class);
        let entries = classes.map(|(class, at)| {
            let signature = signature(facts, at).filter(|_| kind == EntryKind::CliCommand);
            let name = signature.map_or_else(|| class.name.clone(), Into::into);
            EntryPoint::new(kind, name, Some(at), class.span.start_line, (self.origin, 80))
        });
        entries.collect()
    }
}

/// What people type for a command: the first word of its `$signature`.
fn signature(facts: &Facts, class: SymbolIndex) -> Option<&str> {
    let texts = facts.texts.iter().filter_map(|text| Some((text, facts.symbols.get(text.symbol as usize)?)));
    let of_class = texts.filter(|(_, symbol)| symbol.parent == Some(class));
    let mut named = of_class.filter(|(_, symbol)| symbol.name.trim_start_matches('$') == "signature");
    named.next()?.0.value.split_whitespace().next()
}

/// What a background service overrides is protected; a public method of that name is another one.
fn is_called(symbol: &Symbol, name: &str) -> bool {
    let is_override = name != "ExecuteAsync" || symbol.visibility == Visibility::Restricted;
    symbol.name.trim_start_matches('$') == name.trim_start_matches('$') && is_override
}

fn uses(facts: &Facts, name: &str) -> bool {
    facts.references.binary_search_by(|reference| (*reference.name).cmp(name)).is_ok()
}

/// Contacts that no call shows.
pub(super) fn contacts(facts: &Facts) -> Vec<Contact> {
    match facts.language {
        Language::Php => php_environment(facts).into_iter().collect(),
        Language::Java => spring_repositories(facts),
        _ => Vec::new(),
    }
}

/// The first use of `$_ENV`.
fn php_environment(facts: &Facts) -> Option<Contact> {
    let reference = facts.references.iter().find(|reference| reference.name.trim_start_matches('$') == "_ENV")?;
    Some(Contact {
        kind: ContactKind::Environment,
        detail: "$_ENV".into(),
        literal: None,
        symbol: None,
        line: reference.line,
        origin: "php.environment".into(),
        confidence: 90,
    })
}

/// Interfaces that Spring Data implements: their methods are queries.
fn spring_repositories(facts: &Facts) -> Vec<Contact> {
    let repository = facts.imports.iter().find_map(|import| {
        let (module, name) = import.target.strip_prefix("org.springframework.data.")?.rsplit_once('.')?;
        let is_base = !import.wildcard && name.ends_with("Repository") && uses(facts, name);
        is_base.then_some((module, name))
    });
    let Some((module, name)) = repository else { return Vec::new() };
    let kind = if module.starts_with("redis") { ContactKind::Cache } else { ContactKind::Database };
    let interfaces = facts.symbols.iter().zip(0_u32..).filter(|(symbol, _)| symbol.kind == SymbolKind::Interface);
    let contacts = interfaces.map(|(symbol, at)| Contact {
        kind,
        detail: name.into(),
        literal: None,
        symbol: Some(at),
        line: symbol.span.start_line,
        origin: "java.spring_data".into(),
        confidence: 85,
    });
    contacts.collect()
}
