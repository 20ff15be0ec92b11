//! `intent_map.md`: what the code is for, on a page that people read.

use super::markdown::{HEADER, code, file, link, text};
use crate::intents::Intent;
use crate::model::Model;
use crate::query::text::{number, plural};
use crate::query::{Bonds, EntryOf, entries_of_intents};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Intents that have a section; the others have a line.
pub(super) const SECTIONS: usize = 16;
/// Files, words, names, headings and neighbours that a section shows.
const FIRST: usize = 4;
/// Less than this, in percent, is said to be unsure.
const SURE: u8 = 75;

pub(super) fn intent_map(model: &Model) -> String {
    let mut out = format!("{HEADER}# What {} is for\n\n", text(&model.run.project));
    let intents = &model.intents;
    if let Some(cause) = &intents.declined {
        out.push_str(&format!("No intents were looked for: {}.\n", text(cause)));
        return out;
    }
    out.push_str(&opening(model));
    if intents.all.is_empty() {
        return out;
    }
    out.push_str(&table(model));
    let entries = entries_of_intents(model);
    let bonds = Bonds::of(model);
    for (at, intent) in (0_u32..).zip(&intents.all).take(SECTIONS) {
        let entries = entries.get(at as usize).map_or(&[][..], Vec::as_slice);
        out.push_str(&section(model, at, intent, entries, &bonds));
    }
    out.push_str(&rest(model));
    out
}

/// How many there are, on what they stand, and what is not known.
fn opening(model: &Model) -> String {
    let intents = &model.intents;
    let unnamed: u32 = intents.unnamed.values().sum();
    let mut out = format!(
        "{} for {} of {} of code that ship. Each is a group of files that use each other and share words, named by the \
         words that tell it from the others. The groups are a heuristic: from other seeds {:.0} % of them come again. \
         Ranked by the share of lines and of use, an unsure one lower.\n",
        plural(intents.all.len() as u64, "intent"),
        number(u64::from(intents.files.saturating_sub(unnamed))),
        plural(intents.files.into(), "file"),
        intents.stability * 100.0,
    );
    for sentence in intents.not_known(&model.run.mode) {
        out.push_str(&format!("\nNot known: {}.\n", text(&sentence)));
    }
    out
}

fn table(model: &Model) -> String {
    let mut out =
        "\n| # | intent | files | share | sure | begin at |\n| --: | --- | --: | --: | --: | --- |\n".to_owned();
    for (place, intent) in (1_u32..).zip(&model.intents.all).take(SECTIONS) {
        let begin = intent.files.first().map_or_else(String::new, |&first| file(model.path(first)));
        out.push_str(&format!(
            "| {place} | {} | {} | {:.0} % | {} % | {begin} |\n",
            text(&intent.name),
            number(intent.files.len() as u64),
            intent.share * 100.0,
            intent.confidence(),
        ));
    }
    out
}

fn section(model: &Model, at: u32, intent: &Intent, entries: &[EntryOf<'_>], bonds: &Bonds) -> String {
    let mut out = format!("\n## {}. {}\n\n", at + 1, text(&intent.name));
    out.push_str(&format!("{}, in {}. ", code(&intent.id), components(model, intent)));
    out.push_str(&reasons(intent));
    let mut line = |label: &str, shown: String| {
        if !shown.is_empty() {
            out.push_str(&format!("- {label}: {shown}\n"));
        }
    };
    let paths = intent.files.iter().map(|&of| model.path(of));
    line("Begin at", listed(paths.map(file), intent.files.len()));
    line("Others use", listed(intent.symbols.iter().map(|(_, name)| code(name)), intent.symbols.len().min(FIRST)));
    line("Control comes in by", ways(entries));
    let headings = intent.headings.iter().map(|(path, heading)| link(heading, path));
    line("Documents speak of it", headings.take(FIRST - 1).collect::<Vec<_>>().join(", "));
    line("Leans on", neighbours(model, bonds.from(at)));
    out
}

/// Why these files are one, and how sure that is.
fn reasons(intent: &Intent) -> String {
    if intent.is_one_file() {
        return "One large file that no group holds: a matter by itself.\n\n".to_owned();
    }
    let words: Vec<String> = intent.terms.iter().take(FIRST).map(|(word, _)| format!("*{}*", text(word))).collect();
    let mut out = format!("Told from the rest by {}", words.join(", "));
    if let Some(cohesion) = intent.cohesion() {
        let all = intent.edges_inside + intent.edges_outside;
        let dependencies = if all == 1 { "dependency" } else { "dependencies" };
        out.push_str(&format!("; of {} {dependencies} at its files {cohesion} % stay inside", number(all.into())));
    }
    out.push_str(".\n");
    if intent.stable() < SURE {
        out.push_str(&format!("Its border is unsure: other seeds find {} % of it again.\n", intent.stable()));
    }
    if intent.fits() < SURE {
        out.push_str(&format!("Its name fits {} % of it; the rest is there by use alone.\n", intent.fits()));
    }
    out.push('\n');
    out
}

fn components(model: &Model, intent: &Intent) -> String {
    let name = |&id: &u32| model.components.all.get(id as usize).map(|component| code(&component.name));
    listed(intent.components.iter().filter_map(name), intent.components.len())
}

/// The first of a list, and how many more there are.
fn listed(shown: impl Iterator<Item = String>, all: usize) -> String {
    let first: Vec<String> = shown.take(FIRST).collect();
    let rest = all.saturating_sub(first.len());
    if rest == 0 { first.join(", ") } else { format!("{} and {} more", first.join(", "), number(rest as u64)) }
}

/// Entry points by kind, the first of each.
fn ways(entries: &[EntryOf<'_>]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&EntryOf<'_>>> = BTreeMap::new();
    for entry in entries {
        kinds.entry(entry.kind).or_default().push(entry);
    }
    let mut kinds: Vec<(&str, Vec<&EntryOf<'_>>)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(kind, entries)| (Reverse(entries.len()), *kind));
    let shown = kinds.iter().map(|(kind, entries)| {
        let first = entries.first().map_or_else(String::new, |entry| code(&entry.name));
        let more = if entries.len() > 1 { ", …" } else { "" };
        format!("{} ({first}{more})", plural(entries.len() as u64, &kind.replace('_', " ")))
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn neighbours(model: &Model, mut all: Vec<(u32, u32)>) -> String {
    all.sort_by_key(|&(other, edges)| (Reverse(edges), other));
    let shown = all.iter().take(FIRST).filter_map(|(other, edges)| {
        let other = model.intents.all.get(*other as usize)?;
        Some(format!("{} ({})", text(&other.name), number((*edges).into())))
    });
    listed(shown, all.len())
}

/// What has no section, and what has no intent.
fn rest(model: &Model) -> String {
    let intents = &model.intents;
    let mut out = String::new();
    if intents.all.len() > SECTIONS {
        out.push_str("\n## Smaller ones\n\n");
        for (place, intent) in (1_usize..).zip(&intents.all).skip(SECTIONS) {
            let begin = intent.files.first().map_or_else(String::new, |&first| file(model.path(first)));
            let files = plural(intent.files.len() as u64, "file");
            out.push_str(&format!("{place}. {}: {files}, {begin}\n", text(&intent.name)));
        }
    }
    if !intents.unnamed.is_empty() {
        out.push_str("\n## Without an intent\n\n");
        for (reason, files) in &intents.unnamed {
            out.push_str(&format!("- {} {}\n", plural((*files).into(), "file"), reason.sentence()));
        }
    }
    out.push_str("\n`codexa explain ID` tells all that is known of an intent; `codexa show intents` lists them all.\n");
    out
}
