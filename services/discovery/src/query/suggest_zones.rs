//! `codexa suggest-change-zones`: where to begin.

use super::text::{Column, clean, table, wrap};
use super::zones::{ZoneRow, why, zones};
use crate::model::Model;
use serde::Serialize;

/// Zones that are suggested of each kind.
const MOST: usize = 5;

/// Where to begin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SuggestedZones<'m> {
    /// Zones that can be changed as they are, best first.
    pub ready: Vec<ZoneRow<'m>>,
    /// Zones that one step would make ready, best first.
    pub nearly: Vec<ZoneRow<'m>>,
    /// The words that were asked for; empty for all zones.
    pub focus: String,
    /// Whether the order means nothing here, because it did not beat size.
    pub withheld: bool,
    /// Why nothing is known, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// Where to begin: zones that words are about, or all; those that are ready apart from those that are not yet.
#[must_use]
pub fn suggest_zones<'m>(model: &'m Model, focus: &str) -> SuggestedZones<'m> {
    let answer = zones(model);
    let words: Vec<String> = words(focus);
    let is_about = |zone: &ZoneRow<'_>| words.is_empty() || score(zone, &words) > 0;
    let (mut ready, mut nearly): (Vec<_>, Vec<_>) =
        answer.zones.into_iter().filter(is_about).partition(|zone| zone.readiness == "ready");
    for list in [&mut ready, &mut nearly] {
        // The sort is stable: what is about as many of the words stays in the order of the ranking.
        list.sort_by_key(|zone| std::cmp::Reverse(score(zone, &words)));
        list.truncate(MOST);
    }
    SuggestedZones {
        ready,
        nearly,
        focus: focus.to_owned(),
        withheld: answer.withheld,
        unknown_because: answer.unknown_because,
    }
}

/// The words of a question, in small letters.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(str::to_lowercase).collect()
}

/// How many of the words a zone is about: by its place, what it is for, and its files.
fn score(zone: &ZoneRow<'_>, words: &[String]) -> usize {
    let text = [zone.place, zone.intent.unwrap_or_default()].into_iter().chain(zone.files.iter().copied());
    let text = text.collect::<Vec<_>>().join(" ").to_lowercase();
    words.iter().filter(|word| text.contains(word.as_str())).count()
}

impl SuggestedZones<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = &self.unknown_because {
            return super::text::unknown("zones", cause);
        }
        let mut out = String::new();
        if self.ready.is_empty() && self.nearly.is_empty() {
            let about = if self.focus.is_empty() { String::new() } else { format!(" about `{}`", clean(&self.focus)) };
            return format!("  no zone{about} among those that are shown\nnext: codexa show zones\n");
        }
        if self.withheld {
            out.push_str(&wrap("  in no order: here ranks are no better than size alone", "  "));
        }
        for (heading, zones) in [("ready", &self.ready), ("one step away", &self.nearly)] {
            if zones.is_empty() {
                continue;
            }
            out.push_str(&format!("  {heading}\n"));
            for zone in zones {
                let row = [vec![zone.id.to_owned(), clean(zone.place), zone.intent.map(clean).unwrap_or_default()]];
                out.push_str(&table(&[("", Column::Left), ("", Column::Flexible), ("", Column::Flexible)], &row));
                out.push_str(&wrap(&format!("    {}", why(zone)), "    "));
                if let Some(next) = zone.next {
                    out.push_str(&wrap(&format!("    first: {}", clean(&next.what)), "    "));
                }
            }
            out.push('\n');
        }
        let first = self.ready.first().or(self.nearly.first()).map_or("", |zone| zone.id);
        out.push_str(&format!("next: codexa explain {first}\n"));
        out
    }
}
