//! Rake's tasks, by the names that people type: `db:migrate` is `task :migrate` in `namespace :db`.

use super::ruby::{Arguments, word};
use super::{EntryKind, EntryPoint, Registrar};
use codexa_model::facts::Facts;

/// The tasks of a file. A task that is added to in several places is one.
pub(super) fn find(path: &str, facts: &Facts) -> Vec<EntryPoint> {
    let mut found: Vec<EntryPoint> = Vec::new();
    if !is_rakefile(path) {
        return found;
    }
    let mut namespaces: Vec<(u32, &str)> = Vec::new();
    for registration in &facts.registrations {
        let Some(call) = facts.calls.get(registration.call as usize).filter(|call| call.receiver.is_none()) else {
            continue;
        };
        while namespaces.last().is_some_and(|(end, _)| *end < call.line) {
            namespaces.pop();
        }
        let arguments = Arguments::of(&registration.arguments);
        let Some(subject) = arguments.subject() else { continue };
        // A name that is put together is shown as written.
        let (own, confidence) = word(subject).map_or((subject.trim_matches(['"', '\'']), 60), |name| (name, 85));
        match &*call.name {
            "namespace" => namespaces.push((registration.end_line, own)),
            "task" | "multitask" => {
                let name = namespaces.iter().rev().fold(own.to_owned(), |name, (_, around)| format!("{around}:{name}"));
                if found.iter().all(|task| *task.name != *name) {
                    found.push(task(&name, call.line, confidence));
                }
            }
            _ => {}
        }
    }
    found
}

fn is_rakefile(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.ends_with(".rake") || matches!(file, "Rakefile" | "rakefile" | "Rakefile.rb" | "rakefile.rb")
}

fn task(name: &str, line: u32, confidence: u8) -> EntryPoint {
    EntryPoint {
        kind: EntryKind::CliCommand,
        name: name.into(),
        method: None,
        path: None,
        registrar: Registrar::default(),
        symbol: None,
        line,
        origin: "ruby.rake_task".into(),
        confidence,
    }
}
