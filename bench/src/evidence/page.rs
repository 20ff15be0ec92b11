//! The page of the evidence.

use super::Trial;
use super::ranking::WAYS;
use codexa_discovery::hotspots::figures::Figures;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEAD: &str = "\
# What ranking by the past is worth

Made by `make evidence REPOS=DIR`, where DIR holds clones with their whole past. Each repository is set back one year and two
years, `codexa discover` runs there as it would have then, and the commits of the year after decide. Nothing here is measured
inside the product but the ranking itself: lines, changes and repairs before are those that `codexa show hotspots --format json`
prints, what came after is what `git log` tells.

*In a fifth* is the share of later fixes in the first 20 % of the lines. *Popt* is the area under the curve of fixes over lines,
0 for the worst order and 1 for the best. *AUC* is the chance that a file which was fixed later stands before one that was not.
A later fix is counted twice, by two rules: by the product's own (words of the subject, and at most ten source files), and by
one of seven words in the subject alone, as somebody else would do it. Windows with fewer than 10 fixes or files are left out.

";

pub(super) fn render(trials: &[Trial]) -> String {
    let mut out = HEAD.to_owned();
    for (way, name) in WAYS.iter().enumerate() {
        let _ = writeln!(out, "## Files: mean over all windows, a fix by {name}\n");
        means(&mut out, trials, way);
    }
    for (way, name) in WAYS.iter().enumerate() {
        let _ = writeln!(out, "## Files: each window, a fix by {name}\n");
        windows(&mut out, trials, way);
    }
    together(&mut out, trials);
    intents(&mut out, trials);
    out
}

fn orders(trials: &[Trial]) -> Vec<&'static str> {
    trials.first().map(|trial| trial.ranking.iter().map(|row| row.order).collect()).unwrap_or_default()
}

fn means(out: &mut String, trials: &[Trial], way: usize) {
    let mut sums: BTreeMap<&str, (f64, f64, f64, f64)> = BTreeMap::new();
    for row in trials.iter().flat_map(|trial| &trial.ranking) {
        if let Some(Some(figures)) = row.figures.get(way) {
            let sum = sums.entry(row.order).or_default();
            *sum = (sum.0 + figures.in_a_fifth, sum.1 + figures.popt, sum.2 + figures.auc, sum.3 + 1.0);
        }
    }
    out.push_str("| order | windows | in a fifth | Popt | AUC |\n| --- | ---: | ---: | ---: | ---: |\n");
    for order in orders(trials) {
        if let Some((fifth, popt, auc, windows)) = sums.get(order) {
            let _ = writeln!(
                out,
                "| {order} | {windows} | {:.1} % | {:.3} | {:.3} |",
                100.0 * fifth / windows,
                popt / windows,
                auc / windows
            );
        }
    }
    out.push('\n');
}

fn windows(out: &mut String, trials: &[Trial], way: usize) {
    let orders = orders(trials);
    let _ =
        writeln!(out, "In a fifth / Popt / AUC.\n\n| repository | from | to | product says | {} |", orders.join(" | "));
    let _ = writeln!(out, "| --- | --- | --- | --- |{}", " --- |".repeat(orders.len()));
    let shown = |figures: Option<Figures>| {
        figures.map_or_else(String::new, |it| format!("{:.2} / {:.2} / {:.2}", it.in_a_fifth, it.popt, it.auc))
    };
    for trial in trials {
        let cells: Vec<String> =
            trial.ranking.iter().map(|row| shown(row.figures.get(way).copied().flatten())).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            let (from, to) = &trial.window;
            let _ = writeln!(out, "| {} | {from} | {to} | {} | {} |", trial.name, trial.verdict, cells.join(" | "));
        }
    }
    out.push('\n');
}

fn together(out: &mut String, trials: &[Trial]) {
    out.push_str(
        "## Co-change: is what the next commit changed with a file among the first five?\n\n\
         Each later commit of 2 to 30 files is asked once for each of its files. Beside it: the five files of the same folder \
         that had changed most often.\n\n\
         | repository | from | asked | answered | hit | same folder, of those answered | same folder, of all |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let share = |part: u32, whole: u32| {
        if whole == 0 { "-".to_owned() } else { format!("{:.1} %", 100.0 * f64::from(part) / f64::from(whole)) }
    };
    let mut all = super::together::Row::default();
    for trial in trials.iter().filter(|trial| trial.together.asked > 0) {
        let row = trial.together;
        all.asked += row.asked;
        all.answered += row.answered;
        all.hit += row.hit;
        all.folder_hit += row.folder_hit;
        all.folder_hit_answered += row.folder_hit_answered;
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            trial.name,
            trial.window.0,
            row.asked,
            share(row.answered, row.asked),
            share(row.hit, row.answered),
            share(row.folder_hit_answered, row.answered),
            share(row.folder_hit, row.asked)
        );
    }
    let _ = writeln!(
        out,
        "| all | | {} | {} | {} | {} | {} |",
        all.asked,
        share(all.answered, all.asked),
        share(all.hit, all.answered),
        share(all.folder_hit_answered, all.answered),
        share(all.folder_hit, all.asked)
    );
}

fn intents(out: &mut String, trials: &[Trial]) {
    out.push_str(
        "\n## Intents: do files that later commits changed together lie in one?\n\n\
         *Stable* is how far the same groups are found from other seeds. *Changed together* is the share of the pairs of files of a \
         later commit (2 to 30 files; each commit counts once) that lie in one intent, *any two* the same of all pairs of files. \
         Beside it the same of the folders that the files lie in. What an intent is for no commit can tell; readers did: \
         [intents.md](intents.md).\n\n\
         | repository | from | intents | files with one | stable | commits | changed together | any two | in one folder | any two |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    for trial in trials.iter().filter(|trial| trial.groups.intents > 0) {
        let row = trial.groups;
        let split = |share: f64| if row.commits > 0 { percent(share) } else { "-".to_owned() };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} of {} | {:.2} | {} | {} | {} | {} | {} |",
            trial.name,
            trial.window.0,
            row.intents,
            row.with_intent,
            row.files,
            row.stability,
            row.commits,
            split(row.ours.together),
            split(row.ours.any),
            split(row.folders.together),
            split(row.folders.any),
        );
    }
}
