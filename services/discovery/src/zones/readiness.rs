//! How safe a change is in a place. No validated score exists, so there is none: each dimension has its grade and its
//! reason, the lowest grade is the whole's, and what would raise it is named.

use crate::history::History;
use crate::model::Model;
use crate::query::text::{percent, plural};
use crate::tested::{Basis, Link};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How good something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Missing.
    #[default]
    None,
    /// There is something.
    Low,
    /// Good enough to begin.
    Fair,
    /// Nothing to wish for.
    Good,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Was it understood?
    Parsed,
    /// Is it known what it stands on?
    Resolved,
    /// Would a test notice?
    Tests,
    /// Is anybody there who knows it?
    Owner,
    /// How much stands on it?
    BlastRadius,
    /// Is it being changed by others right now?
    Volatility,
}

impl Dimension {
    /// The name in files and on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parsed => "parsed",
            Self::Resolved => "resolved",
            Self::Tests => "tests",
            Self::Owner => "owner",
            Self::BlastRadius => "blast_radius",
            Self::Volatility => "volatility",
        }
    }

    /// What a place is called whose lowest grade this is.
    fn lack(self) -> &'static str {
        match self {
            Self::Parsed => "not understood",
            Self::Resolved => "unresolved imports",
            Self::Tests => "needs tests",
            Self::Owner => "needs an owner",
            Self::BlastRadius => "wide reach",
            Self::Volatility => "in motion",
        }
    }
}

/// One dimension of a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What was looked at.
    pub dimension: Dimension,
    /// What came of it; absent where it is not known.
    pub grade: Option<Grade>,
    /// The numbers, as a sentence without a capital.
    pub says: Box<str>,
}

impl Part {
    /// Whether it keeps a place from being ready. So do tests of which nothing is known: nobody would begin on trust.
    #[must_use]
    pub fn holds_back(&self) -> bool {
        self.grade.map_or(self.dimension == Dimension::Tests, |grade| grade < Grade::Fair)
    }
}

/// What would raise the grade, at the least cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What to do, as a sentence without a capital.
    pub what: Box<str>,
    /// The dimension that it raises.
    pub raises: Dimension,
}

/// How safe a change is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Readiness {
    /// `ready`, or what is lacking most.
    pub label: Box<str>,
    /// The lowest grade of those that are known; low at most where tests are not.
    pub grade: Grade,
    /// Every dimension, in order.
    pub parts: Vec<Part>,
    /// The cheapest improvement; none needed where it is ready.
    pub next: Option<Step>,
}

/// From this share on something is good; see [`FAIR`].
const GOOD: f64 = 0.95;
/// From this share on something is fair; what is above nothing is low.
const FAIR: f64 = 0.6;
/// More files than this that depend on a place directly are many.
const MANY_DEPENDENTS: u32 = 20;
/// More people than this who changed a place in the last weeks are many.
const MANY_PEOPLE: usize = 3;
/// Those weeks.
const NOW_WEEKS: u32 = 4;

impl Readiness {
    /// The readiness of these files (sorted).
    #[must_use]
    pub fn of(model: &Model, history: &History, files: &[u32]) -> Self {
        let tests = tests(model, files);
        let holds = tests.grade.is_some_and(|grade| grade >= Grade::Fair);
        let knows_tests = tests.grade.is_some();
        let parts = vec![
            parsed(model, files),
            resolved(model, files),
            tests,
            owner(model, history, files),
            blast_radius(model, files, holds),
            volatility(history, files),
        ];
        let lowest = parts.iter().filter_map(|part| Some((part.grade?, part))).min_by_key(|(grade, _)| *grade);
        let (grade, label, next) = match lowest {
            Some((grade, part)) if grade < Grade::Fair => {
                (grade, part.dimension.lack(), Some(step(model, history, files, part.dimension)))
            }
            Some(_) if !knows_tests => {
                (Grade::Low, "tests not known", Some(step(model, history, files, Dimension::Tests)))
            }
            Some((grade, _)) => (grade, "ready", None),
            None => (Grade::None, "not known", None),
        };
        Self { label: label.into(), grade, parts, next }
    }

    /// Whether it can be changed as it is.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.grade >= Grade::Fair
    }

    /// A dimension.
    #[must_use]
    pub fn part(&self, dimension: Dimension) -> Option<&Part> {
        self.parts.iter().find(|part| part.dimension == dimension)
    }
}

fn of_share(share: f64) -> Grade {
    match share {
        share if share >= GOOD => Grade::Good,
        share if share >= FAIR => Grade::Fair,
        share if share > 0.0 => Grade::Low,
        _ => Grade::None,
    }
}

fn part(dimension: Dimension, grade: Option<Grade>, says: String) -> Part {
    Part { dimension, grade, says: says.into() }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn parsed(model: &Model, files: &[u32]) -> Part {
    let (mut understood, mut all) = (0, 0);
    for file in files.iter().filter_map(|file| model.file(*file)) {
        all += file.bytes;
        if let Some(parsed) = &file.parsed {
            understood += u64::from(parsed.parse.bytes.saturating_sub(parsed.parse.error_bytes));
        }
    }
    let says = if understood >= all {
        "parsed whole".to_owned()
    } else {
        format!("{} of its bytes parsed", percent(understood, all))
    };
    part(Dimension::Parsed, Some(of_share(share(understood, all))), says)
}

fn resolved(model: &Model, files: &[u32]) -> Part {
    let (mut open, mut links) = (0_u64, 0_u64);
    for file in files {
        links += model.graph.depends_on.of(*file as usize).len() as u64;
        if let Some(parsed) = model.file(*file).and_then(|file| file.parsed.as_ref()) {
            let declined = parsed.declined;
            open += u64::from(declined.ambiguous + declined.not_found + declined.cut + declined.dynamic);
        }
    }
    if model.file(*files.first().unwrap_or(&0)).is_none_or(|file| file.parsed.is_none()) {
        return part(Dimension::Resolved, None, "its imports were not read".to_owned());
    }
    let says = match (open, links) {
        (0, 0) => "it leans on no other file".to_owned(),
        (0, _) => format!("all of its imports that should lead here do ({})", plural(links, "file")),
        _ => format!("{} should lead here and do not, beside {} that do", plural(open, "import"), links),
    };
    part(Dimension::Resolved, Some(of_share(share(links, links + open))), says)
}

fn tests(model: &Model, files: &[u32]) -> Part {
    if let Some(cause) = model.tests_not_looked_at() {
        return part(Dimension::Tests, None, format!("tests were not looked at: {cause}"));
    }
    let reach = Reach::of(model, files);
    let (direct, lines) = (reach.direct, reach.lines);
    let grade = match (direct, reach.passed) {
        (0, 0) => Grade::None,
        (0, _) => Grade::Low,
        _ => of_share(share(direct, lines)),
    };
    let tests = plural(reach.tests.len() as u64, "test file");
    let not_known = if grade < Grade::Fair { not_known(model, files) } else { None };
    let says = match (direct, reach.passed, &not_known) {
        (0, 0, None) => "no test is seen to reach it".to_owned(),
        (0, 0, Some(cause)) => format!("what tests reach it is not known: {cause}"),
        (0, _, None) => format!("no test is about it; others {} it ({tests})", reach.passing()),
        (0, _, Some(cause)) => {
            format!("tests {} it ({tests}); whether one is about it is not known: {cause}", reach.passing())
        }
        _ if direct == lines => format!("tests are about it ({tests}, {})", reach.bases()),
        (_, _, not_known) => {
            let rest = percent(lines - direct, lines);
            let rest = match not_known {
                None => format!("{rest} of its lines lie in files that none is about"),
                Some(cause) => format!("for the files with the other {rest} of its lines it is not known: {cause}"),
            };
            format!("tests are about it ({tests}, {}); {rest}", reach.bases())
        }
    };
    part(Dimension::Tests, Some(grade).filter(|_| not_known.is_none()), says)
}

/// Why it is not known what tests are about those files that none is seen to be about, where that is so.
fn not_known(model: &Model, files: &[u32]) -> Option<String> {
    files.iter().filter(|file| !is_tested(model, **file)).find_map(|file| model.tested.not_known(*file))
}

/// What tests reach of some files.
#[derive(Default)]
struct Reach {
    /// All lines, those of files that a test is about, and those that a test only comes through.
    lines: u64,
    direct: u64,
    passed: u64,
    /// The test files that are about one of them; where there are none, those that come through.
    tests: BTreeSet<u32>,
    /// How it is known of the others.
    passing_by: BTreeSet<Basis>,
    bases: BTreeSet<Basis>,
}

impl Reach {
    fn of(model: &Model, files: &[u32]) -> Self {
        let mut reach = Self::default();
        let mut passing: BTreeSet<u32> = BTreeSet::new();
        for &file in files {
            let lines = model.file(file).map_or(0, |file| u64::from(file.lines.total()));
            let links = model.tested.links(file);
            reach.lines += lines;
            reach.direct += if is_tested(model, file) { lines } else { 0 };
            reach.passed += if links.is_empty() { 0 } else { lines };
            for link in links {
                if link.is_direct() {
                    reach.tests.insert(link.test);
                    reach.bases.insert(link.basis);
                } else {
                    passing.insert(link.test);
                    reach.passing_by.insert(link.basis);
                }
            }
        }
        if reach.tests.is_empty() {
            reach.tests = passing;
        }
        reach
    }

    /// What tests do that are not about it: that they run it only the past says, where nothing else does.
    fn passing(&self) -> &'static str {
        if self.passing_by.iter().all(|basis| *basis == Basis::CoChange) { "change with" } else { "come through" }
    }

    fn bases(&self) -> String {
        let names: Vec<String> = self.bases.iter().map(|basis| basis.name().replace('_', " ")).collect();
        format!("by {}", names.join(", "))
    }
}

/// Whether a test is about a file.
fn is_tested(model: &Model, file: u32) -> bool {
    model.tested.links(file).iter().any(Link::is_direct)
}

fn owner(model: &Model, history: &History, files: &[u32]) -> Part {
    let (mut owned, mut active, mut lines) = (0, 0, 0);
    let mut stated: BTreeSet<&str> = BTreeSet::new();
    for &file in files {
        let own = model.file(file).map_or(0, |file| u64::from(file.lines.total()));
        lines += own;
        if let Some(owner) = stated_owner(model, file) {
            stated.insert(owner);
            active += own;
        } else if let Some(owners) = history.owners.get(file as usize) {
            owned += if owners.authors.is_empty() { 0 } else { own };
            active += if owners.is_active { own } else { 0 };
        }
    }
    let says = match (active, owned) {
        _ if !stated.is_empty() => {
            let names: Vec<&str> = stated.into_iter().collect();
            format!("{} was named as its owner", names.join(", "))
        }
        (0, 0) => "nobody is known to know it".to_owned(),
        (0, _) => "nobody who knows it committed in the last year".to_owned(),
        _ if active == lines => "somebody who knows it is active".to_owned(),
        _ => format!("of {} of its lines somebody who knows them is active", percent(active, lines)),
    };
    part(Dimension::Owner, Some(of_share(share(active, lines))), says)
}

/// Who people said answers for a file, or for a folder that it lies in.
fn stated_owner(model: &Model, file: u32) -> Option<&str> {
    let path = model.path(file);
    let is_above =
        |of: &str| path == of || path.strip_prefix(of.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'));
    let owner = model.stated.iter().find(|stated| &*stated.what == "owner" && is_above(&stated.of))?;
    Some(&owner.is)
}

fn blast_radius(model: &Model, files: &[u32], holds: bool) -> Part {
    let dependents = super::dependents(model, files);
    let grade = match dependents {
        n if n <= 3 => Grade::Good,
        n if n <= MANY_DEPENDENTS || holds => Grade::Fair,
        _ => Grade::Low,
    };
    let says = match dependents {
        0 => "no file outside depends on it".to_owned(),
        1 => "1 file outside depends on it".to_owned(),
        n => format!("{} outside depend on it", plural(n.into(), "file")),
    };
    part(Dimension::BlastRadius, Some(grade), says)
}

fn volatility(history: &History, files: &[u32]) -> Part {
    let is_inside = |file: &u32| files.binary_search(file).is_ok();
    let now = history.recent.iter().filter(|commit| commit.weeks < NOW_WEEKS && commit.files.iter().any(is_inside));
    let mut people: BTreeSet<u32> = BTreeSet::new();
    let mut commits = 0_u64;
    for commit in now {
        commits += 1;
        people.insert(commit.author);
    }
    let grade = if people.len() > MANY_PEOPLE {
        Grade::Low
    } else if commits > 0 {
        Grade::Fair
    } else {
        Grade::Good
    };
    let says = match commits {
        0 => format!("not changed in the last {NOW_WEEKS} weeks"),
        _ => format!("{} by {} in the last {NOW_WEEKS} weeks", plural(commits, "commit"), people_text(people.len())),
    };
    part(Dimension::Volatility, Some(grade), says)
}

fn people_text(people: usize) -> String {
    if people == 1 { "one person".to_owned() } else { format!("{people} people") }
}

/// What raises a dimension at the least cost.
fn step(model: &Model, history: &History, files: &[u32], raises: Dimension) -> Step {
    let largest = |is_wanted: &dyn Fn(u32) -> bool| {
        let lines = |file: &u32| model.file(*file).map_or(0, |file| file.lines.total());
        files.iter().copied().filter(|file| is_wanted(*file)).max_by_key(|file| (lines(file), std::cmp::Reverse(*file)))
    };
    let path = |file: Option<u32>| file.map_or("it", |file| model.path(file)).to_owned();
    let what = match raises {
        Dimension::Parsed => {
            let unread = largest(&|file| {
                model.file(file).is_some_and(|file| file.parsed.as_ref().is_none_or(|it| it.parse.error_bytes > 0))
            });
            format!("see why `{}` is not understood: `codexa show coverage`", path(unread))
        }
        Dimension::Resolved => "see which imports lead nowhere: `codexa show coverage`".to_owned(),
        Dimension::Tests if model.tests_not_looked_at().is_some() => {
            "a run that looks at tests: `codexa discover`".to_owned()
        }
        Dimension::Tests if not_known(model, files).is_some() => {
            "a coverage file, which says what tests reach: under a usual name, or named by `discovery.coverage`"
                .to_owned()
        }
        Dimension::Tests => {
            let bare = largest(&|file| !is_tested(model, file));
            let lines = bare.and_then(|file| model.file(file)).map_or(0, |file| file.lines.total());
            format!("a test of `{}` ({}, no test is about it)", path(bare), plural(lines.into(), "line"))
        }
        Dimension::Owner => {
            let orphan = largest(&|file| history.owners.get(file as usize).is_none_or(|owners| !owners.is_active));
            format!("say who answers for `{}`", path(orphan))
        }
        Dimension::BlastRadius => "tests first: they hold what depends on it".to_owned(),
        Dimension::Volatility => "agree with those who are changing it".to_owned(),
    };
    Step { what: what.into(), raises }
}
