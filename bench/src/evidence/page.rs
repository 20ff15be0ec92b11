//! The page of the evidence.

use super::ranking::{Judged, WAYS};
use super::together::{Answers, Row as Asked};
use super::{Trial, groups};
use codexa_discovery::hotspots::figures::Figures;
use std::fmt::Write as _;

const HEAD: &str = "\
# What ranking by the past is worth

Made by `make evidence REPOS=DIR`, where DIR holds clones with their whole past. Each repository is set back one year and two
years, `codexa discover` runs there as it would have then, and the commits of the year after decide. Nothing here is measured
inside the product but the rankings themselves: lines, changes and repairs before are those that `codexa show hotspots --format
json` prints, what came after is what `git log` tells.

*In a fifth* is the share of later fixes in the first 20 % of the lines. *Popt* is the area under the curve of fixes over lines,
0 for the worst order and 1 for the best. *AUC* is the chance that a file which was fixed later stands before one that was not.
A later fix is counted twice, by two rules: by the product's own (words of the subject, and at most ten source files), and by
one of seven words in the subject alone, as somebody else would do it. Windows with fewer than 10 fixes or files are left out,
and for zones those with fewer than 10 zones.

A zone has the sums over its files, later fixes as well: a fix of two files counts twice. The zones that `codexa show zones`
prints stand as it prints them; the others, which it only counts, follow by the rule that it ranks by. Where the product
withholds an order (*loses*), `show hotspots` gives files by size, and that is what is judged; zones are judged by the order that
is not shown.

";

/// What is ranked: its heading, and where its judgement is.
type Kind = (&'static str, fn(&Trial) -> &Judged);

const KINDS: [Kind; 2] = [("Files", |trial| &trial.files), ("Zones", |trial| &trial.zones)];

pub(super) fn render(trials: &[Trial]) -> String {
    let mut out = HEAD.to_owned();
    for (kind, judged) in KINDS {
        let judged: Vec<(&Trial, &Judged)> = trials.iter().map(|trial| (trial, judged(trial))).collect();
        for (way, name) in WAYS.iter().enumerate() {
            let _ = writeln!(out, "## {kind}: mean over all windows, a fix by {name}\n");
            means(&mut out, &judged, way);
        }
        for (way, name) in WAYS.iter().enumerate() {
            let _ = writeln!(out, "## {kind}: each window, a fix by {name}\n");
            windows(&mut out, &judged, way);
        }
    }
    together(&mut out, trials);
    intents(&mut out, trials);
    out
}

fn orders(judged: &[(&Trial, &Judged)]) -> Vec<&'static str> {
    judged.first().map(|(_, judged)| judged.rows.iter().map(|row| row.order).collect()).unwrap_or_default()
}

/// The mean figures of an order, and over how many windows.
fn mean(judged: &[(&Trial, &Judged)], order: &str, way: usize) -> Option<(Figures, usize)> {
    let rows = judged.iter().flat_map(|(_, judged)| &judged.rows).filter(|row| row.order == order);
    let all: Vec<Figures> = rows.filter_map(|row| row.figures.get(way).copied().flatten()).collect();
    let mean = |value: fn(&Figures) -> f64| all.iter().map(value).sum::<f64>() / all.len() as f64;
    let figures = Figures { in_a_fifth: mean(|it| it.in_a_fifth), popt: mean(|it| it.popt), auc: mean(|it| it.auc) };
    (!all.is_empty()).then_some((figures, all.len()))
}

fn means(out: &mut String, judged: &[(&Trial, &Judged)], way: usize) {
    out.push_str("| order | windows | in a fifth | Popt | AUC |\n| --- | ---: | ---: | ---: | ---: |\n");
    let all: Vec<(&str, Figures, usize)> = orders(judged)
        .into_iter()
        .filter_map(|order| mean(judged, order, way).map(|(figures, windows)| (order, figures, windows)))
        .collect();
    for (order, it, windows) in &all {
        let fifth = 100.0 * it.in_a_fifth;
        let _ = writeln!(out, "| {order} | {windows} | {fifth:.1} % | {:.3} | {:.3} |", it.popt, it.auc);
    }
    if let Some(((ours, figures, _), others)) = all.split_first() {
        let others: Vec<(&str, Figures)> = others.iter().map(|(order, figures, _)| (*order, *figures)).collect();
        let _ = writeln!(out, "\n{} {}\n", lost(ours, figures, &others), lost_windows(judged, way));
    }
}

/// In how many windows another order has the higher Popt, in words.
fn lost_windows(judged: &[(&Trial, &Judged)], way: usize) -> String {
    let mut lost: Vec<(&str, usize)> = Vec::new();
    let mut windows = 0;
    for (_, judged) in judged {
        let all = judged.rows.iter().filter_map(|row| Some((row.order, row.figures.get(way).copied().flatten()?.popt)));
        let all: Vec<(&str, f64)> = all.collect();
        let Some(((_, ours), others)) = all.split_first() else { continue };
        windows += 1;
        lost.resize(others.len(), ("", 0));
        for (lost, (order, theirs)) in lost.iter_mut().zip(others) {
            *lost = (order, lost.1 + usize::from(theirs > ours));
        }
    }
    let lost: Vec<String> = lost.iter().map(|(order, count)| format!("of {order} in {count}")).collect();
    format!("Of the {windows} windows its Popt is lower than that {}.", lost.join(", "))
}

/// Where a mean is lower than that of another order, in words.
fn lost(ours: &str, figures: &Figures, others: &[(&str, Figures)]) -> String {
    let measures = |it: &Figures| [("a fifth", it.in_a_fifth), ("Popt", it.popt), ("AUC", it.auc)];
    let mut lost = Vec::new();
    for (other, theirs) in others {
        for ((measure, ours), (_, theirs)) in measures(figures).into_iter().zip(measures(theirs)) {
            if theirs > ours {
                lost.push(format!("to {other} in {measure} ({ours:.3} against {theirs:.3})"));
            }
        }
    }
    if lost.is_empty() {
        format!("On the mean the order of {ours} loses to none of the others on any of the three.")
    } else {
        format!("On the mean the order of {ours} **loses** {}.", lost.join(", "))
    }
}

fn windows(out: &mut String, judged: &[(&Trial, &Judged)], way: usize) {
    let orders = orders(judged);
    let _ =
        writeln!(out, "In a fifth / Popt / AUC.\n\n| repository | from | to | product says | {} |", orders.join(" | "));
    let _ = writeln!(out, "| --- | --- | --- | --- |{}", " --- |".repeat(orders.len()));
    let shown = |figures: Option<Figures>| {
        figures.map_or_else(String::new, |it| format!("{:.2} / {:.2} / {:.2}", it.in_a_fifth, it.popt, it.auc))
    };
    for (trial, judged) in judged {
        let cells: Vec<String> = judged.rows.iter().map(|row| shown(row.figures.get(way).copied().flatten())).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            let (from, to) = &trial.window;
            let _ = writeln!(out, "| {} | {from} | {to} | {} | {} |", trial.name, judged.verdict, cells.join(" | "));
        }
    }
    out.push('\n');
}

fn together(out: &mut String, trials: &[Trial]) {
    out.push_str(
        "## Co-change: is what the next commit changed with a file among the first five?\n\n\
         Each later commit of 2 to 30 files is asked once for each of its files. Beside it: the five files of the same folder \
         that had changed most often. Where the product says *loses*, it withholds what changes together and goes by none of \
         it; the pairs are judged all the same.\n\n\
         The product names tests and examples as well, which take places among the five; only files that are ranked are \
         asked for, so that a test that did change is no hit. The last column leaves those out, as the product does where it \
         judges itself: how many were answered, hit, and hit by the same folder.\n\n\
         | repository | from | product says | asked | answered | hit | same folder, of those answered | same folder, of all | \
         without tests |\n\
         | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    let asked: Vec<&Trial> = trials.iter().filter(|trial| trial.together.asked > 0).collect();
    let line = |name: &str, from: &str, row: &Asked| {
        let (shown, sources) = (row.shown, row.sources);
        format!(
            "| {name} | {from} | {} | {} | {} | {} | {} | {} | {} / {} / {} |\n",
            row.verdict,
            row.asked,
            share(shown.answered, row.asked),
            share(shown.hit, shown.answered),
            share(shown.folder_hit, shown.answered),
            share(row.folder_hit, row.asked),
            share(sources.answered, row.asked),
            share(sources.hit, sources.answered),
            share(sources.folder_hit, sources.answered),
        )
    };
    for trial in &asked {
        out.push_str(&line(&trial.name, &trial.window.0, &trial.together));
    }
    out.push_str(&line("all", "", &Asked::sum(asked.iter().map(|trial| &trial.together))));
    let _ = writeln!(out, "\n{}", not_withheld(&asked));
}

/// How it does where the product goes by it, and where it loses, in words.
fn not_withheld(asked: &[&Trial]) -> String {
    let kept: Vec<&Asked> = asked.iter().map(|trial| &trial.together).filter(|it| it.verdict != "loses").collect();
    let all = Asked::sum(kept.iter().copied());
    format!(
        "The product withholds it in {} of {} windows. In the other {}, {} of {} questions were answered; of those co-change hit \
         {}, the same folder {}; without tests {} and {}. Of these windows it **loses** to the folder in {}; without tests in {}.",
        asked.len() - kept.len(),
        asked.len(),
        kept.len(),
        all.shown.answered,
        all.asked,
        share(all.shown.hit, all.shown.answered),
        share(all.shown.folder_hit, all.shown.answered),
        share(all.sources.hit, all.sources.answered),
        share(all.sources.folder_hit, all.sources.answered),
        lost_in(asked, |it| it.shown),
        lost_in(asked, |it| it.sources),
    )
}

/// The windows in which it is not withheld and the same folder hits more often.
fn lost_in(asked: &[&Trial], answers: fn(&Asked) -> Answers) -> String {
    let is_lost = |trial: &&&Trial| {
        let it = answers(&trial.together);
        trial.together.verdict != "loses" && it.hit < it.folder_hit
    };
    let lost: Vec<String> =
        asked.iter().filter(is_lost).map(|trial| format!("{} {}", trial.name, trial.window.0)).collect();
    if lost.is_empty() { "none".to_owned() } else { format!("{} ({})", lost.len(), lost.join(", ")) }
}

fn share(part: u32, whole: u32) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1} %", 100.0 * f64::from(part) / f64::from(whole)) }
}

/// Windows with fewer commits are not counted in the sum.
const FEWEST_COMMITS: u32 = 10;
/// Fewer files are a small repository.
const FEW_FILES: u32 = 30;

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
    let lead = |split: &groups::Split| split.together - split.any;
    let told: Vec<&Trial> = trials.iter().filter(|trial| trial.groups.commits >= FEWEST_COMMITS).collect();
    let behind = |few: bool| {
        let of_size = told.iter().filter(|trial| (trial.groups.files < FEW_FILES) == few);
        let behind = of_size.clone().filter(|trial| lead(&trial.groups.ours) < lead(&trial.groups.folders)).count();
        format!("{behind} of {}", of_size.count())
    };
    let _ = writeln!(
        out,
        "\nThe lead of a division is the first share less the second. Of the windows with at least {FEWEST_COMMITS} commits, that of \
         intents is smaller than that of folders in {} where fewer than {FEW_FILES} files take part, and in {} where more do. Of so \
         few files the product says that groups say little.",
        behind(true),
        behind(false),
    );
}

#[cfg(test)]
mod tests {
    use super::{lost, not_withheld};
    use crate::evidence::ranking::Judged;
    use crate::evidence::together::Answers;
    use crate::evidence::{Trial, together};
    use codexa_discovery::hotspots::figures::Figures;

    #[test]
    fn what_is_lost_to_another_order_is_said_with_both_figures() {
        let ours = Figures { in_a_fifth: 0.3, popt: 0.6, auc: 0.8 };
        let behind = Figures { in_a_fifth: 0.2, popt: 0.5, auc: 0.8 };
        assert!(lost("zones", &ours, &[("size", behind)]).contains("loses to none"));
        let ahead = Figures { popt: 0.625, ..behind };
        let said = lost("zones", &ours, &[("size", behind), ("fix density", ahead)]);
        assert_eq!(said, "On the mean the order of zones **loses** to fix density in Popt (0.600 against 0.625).");
    }

    #[test]
    fn windows_in_which_co_change_is_withheld_are_left_out_of_the_sum_and_counted() {
        let trial = |name: &str, verdict: &str, hit: u32| Trial {
            name: name.into(),
            window: ("abc".into(), "def".into()),
            files: Judged { rows: Vec::new(), verdict: String::new() },
            zones: Judged { rows: Vec::new(), verdict: String::new() },
            together: together::Row {
                verdict: verdict.into(),
                asked: 20,
                folder_hit: 5,
                shown: Answers { answered: 10, hit, folder_hit: 5 },
                sources: Answers { answered: 8, hit: 6, folder_hit: 4 },
            },
            groups: crate::evidence::groups::Row::default(),
        };
        let trials = [trial("one", "beats", 9), trial("two", "untested", 3), trial("three", "loses", 0)];
        assert_eq!(
            not_withheld(&trials.iter().collect::<Vec<_>>()),
            "The product withholds it in 1 of 3 windows. In the other 2, 20 of 40 questions were answered; of those co-change \
             hit 60.0 %, the same folder 50.0 %; without tests 75.0 % and 50.0 %. Of these windows it **loses** to the folder \
             in 1 (two abc); without tests in none."
        );
    }
}
