//! A difference in words.

use super::difference::{Dependency, Difference, Grown, Head, Moved, Share, Sides};
use crate::query::text::{clean, number, percent, plural, wrap};
use std::fmt::Write;

/// Names that one row names.
const NAMED: usize = 4;

impl Difference {
    /// For a terminal: a row for each thing that changed, and nothing of what did not.
    #[must_use]
    pub fn text(&self, project: &str) -> String {
        let mut out = format!("{}  {} against {}\n\n", clean(project), head(&self.to), head(&self.from));
        let mut row =
            |word: &str, said: String| out.push_str(&wrap(&format!("  {word:<11} {}", clean(&said)), "              "));
        if let Some(unlike) = &self.unlike {
            row("unlike", format!("{unlike}: what one has and the other has not may be there all the same"));
        }
        for (word, said) in self.rows() {
            row(word, said);
        }
        if self.is_empty() {
            row(
                "unchanged",
                "parts, dependencies, circles, entry points, coverage and questions are the same".to_owned(),
            );
        }
        let next = match (self.zones.first(), self.questions.new.first()) {
            (Some(zone), _) => format!("codexa explain {}", zone.id),
            (None, Some(_)) => "codexa followups".to_owned(),
            (None, None) => "codexa show components".to_owned(),
        };
        let _ = writeln!(out, "\n  next: {next}");
        out
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let mut rows = Vec::new();
        let mut row = |word, said: String| {
            if !said.is_empty() {
                rows.push((word, said));
            }
        };
        row("parts", both(&self.parts, |part| part.name.clone()));
        let (shrunk, more): (Vec<&Grown>, Vec<&Grown>) = self.grown.iter().partition(|part| has_shrunk(part));
        row("grew", listed(&more, |part| grown(part)));
        row("shrank", listed(&shrunk, |part| grown(part)));
        row("leans on", both(&self.dependencies, dependency));
        row("circles", circles(&self.circles));
        let cycles = self.file_cycles;
        if cycles.before != cycles.after {
            row("file cycles", format!("{} -> {}", cycles.before, cycles.after));
        }
        row("reached by", both(&self.entry_points, Clone::clone));
        row("needs", both(&self.externals, Clone::clone));
        row(
            "coverage",
            self.coverage.iter().filter(|of| trend(of).is_some()).map(share).collect::<Vec<_>>().join("; "),
        );
        row("zones", listed(&self.zones, zone));
        row("intents", intents(&self.intents));
        row("asked", listed(&self.questions.new, |question| format!("{}: {}", question.id, question.name)));
        row("settled", listed(&self.questions.gone, |question| format!("{}: {}", question.id, question.name)));
        rows
    }

    /// The same in a line, for the end of a run.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        if self.is_empty() {
            return format!("nothing since iteration {}", self.from.iteration);
        }
        let mut said: Vec<String> = Vec::new();
        let mut count = |new: usize, gone: usize, one: &str| {
            said.extend((new > 0).then(|| format!("+{}", plural(new as u64, one))));
            said.extend((gone > 0).then(|| format!("-{}", plural(gone as u64, one))));
        };
        count(self.parts.new.len(), self.parts.gone.len(), "part");
        count(self.dependencies.new.len(), self.dependencies.gone.len(), "edge");
        count(self.circles.new.len(), self.circles.gone.len(), "circle");
        count(self.entry_points.new.len(), self.entry_points.gone.len(), "entry point");
        count(self.externals.new.len(), self.externals.gone.len(), "outside need");
        said.extend(self.zones.iter().take(2).map(zone));
        let (before, after): (u64, u64) =
            self.grown.iter().fold((0, 0), |(a, b), part| (a + part.code.before, b + part.code.after));
        said.extend((before != after).then(|| format!("{} of code in known parts", signed(before, after, "line"))));
        said.extend(self.coverage.iter().filter(|share| share.of != "files_parsed").filter_map(trend));
        said.extend(said.is_empty().then(|| "only what `codexa diff` tells".to_owned()));
        let unlike = self.unlike.as_ref().map(|unlike| format!("; {unlike}")).unwrap_or_default();
        format!("{} (since iteration {}{unlike})", said.join(", "), self.from.iteration)
    }
}

fn head(head: &Head) -> String {
    let commit = head.basis_commit.as_deref().map(|commit| format!(" @ {}", commit.get(..8).unwrap_or(commit)));
    format!("iteration {}{}", head.iteration, commit.unwrap_or_default())
}

/// A component's id as people see it.
fn part(id: &str) -> &str {
    id.strip_prefix("c:").unwrap_or(id)
}

fn both<T>(sides: &Sides<T>, name: impl Fn(&T) -> String) -> String {
    let signed = |sign: &str, all: &[T]| {
        let said = listed(all, &name);
        (!said.is_empty()).then(|| format!("{sign} {said}"))
    };
    [signed("new:", &sides.new), signed("gone:", &sides.gone)].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn listed<T>(all: &[T], name: impl Fn(&T) -> String) -> String {
    let mut said: Vec<String> = all.iter().take(NAMED).map(name).collect();
    let rest = all.len().saturating_sub(NAMED);
    said.extend((rest > 0).then(|| format!("{} more", number(rest as u64))));
    said.join(", ")
}

fn grown(grown: &Grown) -> String {
    let files = (grown.files.before != grown.files.after)
        .then(|| format!("{}, ", signed(grown.files.before.into(), grown.files.after.into(), "file")));
    let lines = signed(grown.code.before, grown.code.after, "line");
    format!("{} ({}{lines})", grown.name, files.unwrap_or_default())
}

/// Whether there is less code in it; where there is as much, whether there are fewer files.
fn has_shrunk(part: &Grown) -> bool {
    (part.code.after, part.files.after) < (part.code.before, part.files.before)
}

/// What the code is for now and was not before, what it was for, and what has another name.
fn intents(all: &[(String, Option<String>, Option<String>)]) -> String {
    let (mut sides, mut renamed) = (Sides { new: Vec::new(), gone: Vec::new() }, Vec::new());
    for (_, before, after) in all {
        match (before, after) {
            (Some(before), Some(after)) => renamed.push(format!("{before} -> {after}")),
            (None, after) => sides.new.extend(after),
            (before, None) => sides.gone.extend(before),
        }
    }
    let renamed = listed(&renamed, Clone::clone);
    let said = [both(&sides, |name| (*name).clone()), renamed];
    said.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join("; ")
}

fn signed(before: u64, after: u64, one: &str) -> String {
    let sign = if after < before { "-" } else { "+" };
    format!("{sign}{}", plural(after.abs_diff(before), one))
}

fn dependency(dependency: &Dependency) -> String {
    let pairs = plural(dependency.pairs.into(), "pair");
    format!("{} -> {} ({pairs} of files)", part(&dependency.from), part(&dependency.to))
}

fn circles(circles: &Sides<Vec<String>>) -> String {
    let named = |members: &Vec<String>| {
        let rest = members.len().saturating_sub(NAMED);
        let mut said: Vec<&str> = members.iter().take(NAMED).map(|id| part(id)).collect();
        said.extend((rest > 0).then_some("…"));
        said.join(" <-> ")
    };
    both(circles, named)
}

fn share(share: &Share) -> String {
    let of = share.of.replace('_', " ");
    let [(part, whole), (now, all)] = [share.before, share.after].map(|[part, whole]| (part, whole));
    format!(
        "{of} {} of {} ({}) -> {} of {} ({})",
        number(part),
        number(whole),
        percent(part, whole),
        number(now),
        number(all),
        percent(now, all)
    )
}

/// `imports resolved 90.1 % -> 92 %`, where that is to be seen.
fn trend(share: &Share) -> Option<String> {
    let [before, after] = [share.before, share.after].map(|[part, whole]| percent(part, whole));
    (before != after).then(|| format!("{} {before} -> {after}", share.of.replace('_', " ")))
}

/// `zone-4 up 3 (five fixes since May)`.
fn zone(zone: &Moved) -> String {
    let moved = match (zone.before, zone.after) {
        (Some(before), Some(after)) if after < before => format!("up {}", before - after),
        (Some(before), Some(after)) if after > before => format!("down {}", after - before),
        (Some(_), Some(_)) => zone.readiness.as_ref().map_or_else(String::new, |[a, b]| format!("{a} -> {b}")),
        (None, Some(_)) => format!("new ({})", zone.path),
        (_, None) => format!("gone ({})", zone.path),
    };
    let because = zone.because.first().map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{} {moved}{because}", zone.id)
}
