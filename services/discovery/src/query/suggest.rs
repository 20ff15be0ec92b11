//! "Did you mean": names like one that is not there.

/// How alike two names must be, 0 to 1.
const ALIKE: f64 = 0.7;
/// How far behind the best a suggestion may be.
const CLOSE: f64 = 0.1;
/// Most suggestions.
const MOST: usize = 3;
/// Longest name that is compared; what is longer is no slip of the hand.
const LONGEST: usize = 300;

/// The names most like `wanted`, nearest first, then in order. For paths the last part counts as well as the whole.
pub(super) fn like<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Vec::new();
    }
    let wanted_last = last_part(wanted);
    let mut found: Vec<(f64, &str)> = names
        .filter_map(|name| {
            let last = last_part(name);
            let whole =
                if may_be_alike(wanted, name) { strsim::normalized_damerau_levenshtein(wanted, name) } else { 0.0 };
            let part = match may_be_alike(wanted_last, last) {
                true if wanted_last == last => 0.95,
                true => 0.9 * strsim::normalized_damerau_levenshtein(wanted_last, last),
                false => 0.0,
            };
            let score = whole.max(part);
            (score >= ALIKE).then_some((score, name))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    found.dedup_by(|later, first| later.1 == first.1);
    let best = found.first().map_or(0.0, |(score, _)| *score);
    found.retain(|(score, _)| *score + CLOSE >= best);
    found.into_iter().take(MOST).map(|(_, name)| name.to_owned()).collect()
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The distance is at least the difference in length: most names need no closer look.
fn may_be_alike(a: &str, b: &str) -> bool {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    long <= LONGEST && short * 10 >= long * 7
}
