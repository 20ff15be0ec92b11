//! `codexa impact`: who is reached by a change of a file or a symbol.

use super::beside::Beside;
use super::error::QueryError;
use super::naming::{Meant, meant};
use super::tests::TestRow;
use super::text::{Column, clean, more, number, plural, table, wrap};
use crate::engine::SymbolTables;
use crate::graph::User;
use crate::model::{MEMBER, Model, THROUGH_HEADER};
use crate::record::FileClass;
use crate::tested::{Link, Role};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 30;

/// Rows of tests, examples and benchmarks that the text shows beside others.
const BESIDE: usize = 10;

/// Tests that the text shows.
const TESTS: usize = 8;

/// Other symbols of the name that the text shows.
const NAMED: usize = 5;

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImpactOptions {
    /// Edges under this confidence are not followed, in percent.
    pub min_confidence: u8,
    /// Most steps.
    pub max_depth: u32,
}

impl Default for ImpactOptions {
    fn default() -> Self {
        Self { min_confidence: 50, max_depth: u32::MAX }
    }
}

/// Who is reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImpactAnswer<'m> {
    /// What would change.
    pub target: Target,
    /// Edges under this confidence were not followed, in percent.
    pub min_confidence: u8,
    /// Files that are reached: the direct ones, then surest and nearest first; tests, examples and benchmarks after the rest.
    pub reached: Vec<Reached<'m>>,
    /// Reached files by component.
    pub components: BTreeMap<&'m str, u32>,
    /// Of the reached files, tests.
    pub tests: u32,
    /// What goes with it beside dependencies.
    pub beside: Beside<'m>,
    /// The tests to run after the change, those that are about it first.
    pub tests_to_run: TestsToRun<'m>,
    /// Why it is not known what is reached, where nothing was found because nothing was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// The tests that a change should be tried with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TestsToRun<'m> {
    /// How many files of tests reach what would change, at least.
    pub count: u32,
    /// The strongest of them; what they are linked with is the changed file, and the symbol where they name it.
    pub files: Vec<TestRow<'m>>,
    /// Of the tests that dependencies lead to (`reached`), those that are not sure enough to be among them.
    pub further: u32,
    /// Of a symbol, files of tests that name it; they stand first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub naming_the_symbol: Option<u32>,
    /// Tests that nobody can follow and that may reach it as well, where they are many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_followed: Option<String>,
    /// Why it is not known which, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<&'static str>,
}

/// What would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The file, or the folder with `/` at its end.
    pub path: String,
    /// The symbol in it, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// The type around it whose users were followed, for members: those of a member alone are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followed: Option<String>,
    /// Other symbols that the name may mean and fits less well, as `path:name`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
}

/// A file that is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reached<'m> {
    /// The file.
    pub path: &'m str,
    /// Number of edges to it.
    pub depth: u32,
    /// Least confidence along the way, in percent; less where the way leads through a file that only hands names on, and this
    /// one uses none of the target's.
    pub confidence: u8,
    /// Whether it is a test.
    pub test: bool,
    /// Whether it only shows, measures or explains something; absent where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_examples: bool,
    /// The way, from the target to this file.
    pub via: Vec<Step<'m>>,
}

/// One edge of the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step<'m> {
    /// The file that depends.
    pub from: &'m str,
    /// The file that is depended on.
    pub to: &'m str,
    /// The rule that shows it.
    pub origin: &'m str,
    /// How sure the rule is, in percent.
    pub confidence: u8,
}

/// How sure it is that a file feels a change that it is reached by through one that only hands names on, where it uses no name
/// of what would change, in percent.
const HANDED_ON: u8 = 30;
/// The rule of an import that hands on what it names.
const HANDS_ON: &str = "rust.pub_use";

/// Rule for a use of a name in a file that depends on the defining one.
const BY_IMPORT: &str = "name.imported";
/// Rule for a use of a name that only one file defines.
const BY_NAME: &str = "name.defined_once";

/// How a file was reached first.
#[derive(Clone, Copy)]
struct Visit<'m> {
    depth: u32,
    confidence: u8,
    /// The file it depends on; `None` for the target itself.
    by: Option<(u32, &'m str, u8)>,
    /// Whether it is reached because it hands on names of the target.
    hands_on: bool,
}

/// Who is reached by a change of a path (file or folder) or of a symbol (`name` or `path:name`, as `show symbols` prints it
/// or as its language writes it).
///
/// Breadth first: each file is reached by the shortest way, among those by the surest. A symbol's first step goes to the
/// files that use its name, a member's to those that use its type; the steps after that follow dependencies of whole files.
///
/// # Errors
/// [`QueryError::UnknownTarget`], [`QueryError::AmbiguousSymbol`].
pub fn impact<'m>(
    model: &'m Model,
    tables: &SymbolTables<'_>,
    target: &str,
    options: ImpactOptions,
) -> Result<ImpactAnswer<'m>, QueryError> {
    let plain = super::edges::plain(target);
    if super::edges::known(model, target).is_ok() && !plain.is_empty() {
        let is_file = model.find(&plain).is_some();
        let starts =
            (0_u32..).zip(&model.files).filter(|(_, file)| super::edges::is_in(&file.path, &plain)).map(|(id, _)| id);
        let path = if is_file { plain.to_string() } else { format!("{plain}/") };
        let target = Target { path, symbol: None, followed: None, others: Vec::new() };
        return Ok(answer(model, target, starts.collect(), Vec::new(), options));
    }
    let meant = meant(model, tables, target)?;
    let mut first: BTreeMap<u32, (&'static str, u8)> = BTreeMap::new();
    let mut add = |user: u32, by: (&'static str, u8)| {
        let known = first.entry(user).or_insert(by);
        if by.1 > known.1 {
            *known = by;
        }
    };
    for user in named(model, &meant) {
        add(user.file, (if user.linked { BY_IMPORT } else { BY_NAME }, user.confidence));
    }
    for &file in &meant.files {
        let through = model.references.through_headers.users(file, &meant.followed);
        through.iter().for_each(|user| add(user.file, (THROUGH_HEADER, user.confidence)));
    }
    if first.is_empty() && meant.is_member {
        // The type stands in another file.
        let members = meant.files.iter().flat_map(|&file| model.references.members.of(file as usize));
        first.extend(members.map(|&user| (user, MEMBER)));
    }
    first.retain(|user, _| !meant.files.contains(user));
    first.retain(|_, (_, confidence)| *confidence >= options.min_confidence);
    let first = first.into_iter().map(|(file, (origin, confidence))| (file, origin, confidence)).collect();
    let path = meant.files.first().map_or("", |&file| model.path(file)).to_owned();
    let followed = meant.is_member.then_some(meant.followed);
    let target = Target { path, symbol: Some(meant.name), followed, others: meant.others };
    Ok(answer(model, target, meant.files, first, options))
}

/// Who uses what has to be named to reach a symbol.
fn named<'m>(model: &'m Model, meant: &'m Meant) -> impl Iterator<Item = &'m User> {
    meant.files.iter().flat_map(|&file| model.references.users_of(file, &meant.followed))
}

fn answer<'m>(
    model: &'m Model,
    target: Target,
    starts: Vec<u32>,
    first: Vec<(u32, &'m str, u8)>,
    options: ImpactOptions,
) -> ImpactAnswer<'m> {
    let named_by: Option<Vec<u32>> = target.symbol.as_ref().map(|_| first.iter().map(|(file, ..)| *file).collect());
    let mut tests_to_run = tests_to_run(model, &starts, named_by.as_deref());
    let visits = visit(model, &starts, &target, first, options);
    let mut reached: Vec<(u32, Reached<'m>)> = Vec::new();
    for (&file, visit) in visits.iter().filter(|(_, visit)| visit.by.is_some()) {
        let test = model.file(file).is_some_and(|file| file.class == FileClass::Test);
        let via = way(model, &visits, file);
        reached.push((
            file,
            Reached {
                path: model.path(file),
                depth: visit.depth,
                confidence: visit.confidence,
                test,
                in_examples: !test && crate::entries::is_apart(model, file),
                via,
            },
        ));
    }
    reached.sort_by_key(|(_, row)| {
        (row.test || row.in_examples, row.depth > 1, Reverse(row.confidence), row.depth, row.path)
    });
    let beside = Beside::of(model, &starts, |file| visits.contains_key(&file));
    let mut components: BTreeMap<&str, u32> = BTreeMap::new();
    for component in reached.iter().filter_map(|(file, _)| model.components.of(*file)) {
        *components.entry(&component.id).or_default() += 1;
    }
    let tests = reached.iter().filter(|(_, row)| row.test).count();
    let is_to_run = |row: &Reached<'_>| tests_to_run.files.iter().any(|test| test.path == row.path);
    let further =
        reached.iter().filter(|(file, row)| model.tested.role(*file) == Role::Test && !is_to_run(row)).count();
    tests_to_run.further = u32::try_from(further).unwrap_or(u32::MAX);
    let unknown_because = reached.is_empty().then(|| super::text::not_looked_at(model, &starts)).flatten();
    ImpactAnswer {
        target,
        unknown_because,
        min_confidence: options.min_confidence,
        components,
        tests: u32::try_from(tests).unwrap_or(u32::MAX),
        beside,
        tests_to_run,
        reached: reached.into_iter().map(|(_, row)| row).collect(),
    }
}

/// The tests that reach any of these files, each once by its strongest link; those that name the symbol first.
fn tests_to_run<'m>(model: &'m Model, files: &[u32], named_by: Option<&[u32]>) -> TestsToRun<'m> {
    let mut links: BTreeMap<u32, Link> = BTreeMap::new();
    for link in files.iter().flat_map(|&file| model.tested.links(file)) {
        let known = links.entry(link.test).or_insert(*link);
        if link.order() < known.order() {
            *known = *link;
        }
    }
    let names_it = |link: &Link| named_by.is_some_and(|users| users.contains(&link.test) || link.distance == 0);
    let mut links: Vec<Link> = links.into_values().collect();
    links.sort_by_key(|link| (!names_it(link), link.order()));
    // What one file has too many of was counted with it.
    let most = files.iter().map(|&file| model.tested.count(file)).max().unwrap_or(0);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    TestsToRun {
        count: most.max(count(links.len())),
        further: 0,
        naming_the_symbol: named_by.map(|_| count(links.iter().filter(|link| names_it(link)).count())),
        files: links.iter().map(|link| TestRow::of(model, link)).collect(),
        not_followed: files.iter().find_map(|&file| model.tested.not_known(file)),
        unknown_because: model.tests_not_looked_at(),
    }
}

/// Breadth first over dependents, level by level, so that the surest of the shortest ways wins whatever the order.
fn visit<'m>(
    model: &'m Model,
    starts: &[u32],
    target: &Target,
    first: Vec<(u32, &'m str, u8)>,
    options: ImpactOptions,
) -> BTreeMap<u32, Visit<'m>> {
    let mut visits: BTreeMap<u32, Visit<'m>> = BTreeMap::new();
    visits.extend(starts.iter().map(|&file| (file, Visit { depth: 0, confidence: 100, by: None, hands_on: false })));
    let naming = naming(model, starts);
    let mut level: Vec<u32> = starts.to_vec();
    let mut depth = 0;
    while !level.is_empty() && depth < options.max_depth {
        depth += 1;
        let mut next: BTreeMap<u32, Visit<'m>> = BTreeMap::new();
        for &file in &level {
            let (so_far, is_face) = visits.get(&file).map_or((0, false), |visit| (visit.confidence, visit.hands_on));
            let edges: Vec<(u32, &'m str, u8)> =
                if target.symbol.is_some() && depth == 1 { first.clone() } else { dependents(model, file, depth == 1) };
            for (user, origin, confidence) in edges {
                if confidence < options.min_confidence || visits.contains_key(&user) {
                    continue;
                }
                let named = naming.get(&user).map_or(0, |sure| confidence.min(*sure));
                let hands_on = (depth == 1 || is_face) && hands_on(model, user, file);
                let most = if is_face && !hands_on { HANDED_ON } else { 100 };
                let sure = so_far.min(confidence).min(most).max(named);
                let visit = Visit { depth, confidence: sure, by: Some((file, origin, confidence)), hands_on };
                let known = next.entry(user).or_insert(visit);
                if visit.confidence > known.confidence {
                    *known = visit;
                }
            }
        }
        level = next.keys().copied().collect();
        visits.extend(next);
    }
    visits
}

/// Who depends on a file, by its surest edge; with those who only use what it defines, where they are asked for: who uses them
/// in turn need not feel it.
fn dependents(model: &Model, file: u32, by_name: bool) -> Vec<(u32, &str, u8)> {
    let edges = model.graph.dependents.of(file as usize).iter().filter_map(|&user| {
        let edge = model.graph.surest(user as usize, file)?;
        Some((user, model.graph.origin(edge), edge.confidence))
    });
    let named = if by_name { model.users_by_name(file) } else { BTreeMap::new() };
    edges.chain(named.into_iter().map(|(user, (rule, confidence))| (user, rule, confidence))).collect()
}

/// Files that use a name of these, with how sure that is.
fn naming(model: &Model, files: &[u32]) -> BTreeMap<u32, u8> {
    let mut all: BTreeMap<u32, u8> = BTreeMap::new();
    let symbols = files.iter().flat_map(|&file| model.references.of_file(file));
    for user in symbols.flat_map(|at| model.references.users(at)) {
        let known = all.entry(user.file).or_default();
        *known = user.confidence.max(*known);
    }
    all
}

fn hands_on(model: &Model, from: u32, to: u32) -> bool {
    model.graph.to(from as usize, to).iter().any(|edge| model.graph.origin(edge) == HANDS_ON)
}

/// The edges from the target to a file; depths fall by one at each step back, so the walk ends.
fn way<'m>(model: &'m Model, visits: &BTreeMap<u32, Visit<'m>>, file: u32) -> Vec<Step<'m>> {
    let mut steps = Vec::new();
    let mut at = file;
    while let Some((to, origin, confidence)) = visits.get(&at).and_then(|visit| visit.by) {
        steps.push(Step { from: model.path(at), to: model.path(to), origin, confidence });
        at = to;
    }
    steps.reverse();
    steps
}

impl ImpactAnswer<'_> {
    fn write_nothing(&self, out: &mut String, target: &str) -> std::fmt::Result {
        match (&self.unknown_because, &self.target.symbol) {
            (Some(cause), _) => out.push_str(&wrap(&format!("{target}: what it reaches is not known: {cause}"), "  ")),
            (None, Some(_)) => {
                let followed = self.target.followed.as_ref().or(self.target.symbol.as_ref());
                let name = followed.map_or(String::new(), |name| clean(name));
                writeln!(out, "{target} reaches nothing: no other file is seen to use `{name}`")?;
            }
            (None, None) => {
                let least = self.min_confidence;
                writeln!(out, "{target} reaches nothing: no edge of at least {least} % leads to it")?;
            }
        }
        self.write_notes(out);
        self.write_tests(out);
        self.beside.write(out);
        Ok(())
    }

    /// Which tests to run, and how that is known.
    fn write_tests(&self, out: &mut String) {
        let tests = &self.tests_to_run;
        out.push('\n');
        if let Some(cause) = tests.unknown_because {
            out.push_str(&wrap(&format!("  which tests to run is not known: {cause}"), "  "));
            return;
        }
        let count = u64::from(tests.count);
        let named = match tests.naming_the_symbol {
            Some(0) if count > 0 => "; none names the symbol".to_owned(),
            Some(1) => "; the first names the symbol".to_owned(),
            Some(naming) if naming > 1 => format!("; the first {naming} name the symbol"),
            _ => String::new(),
        };
        let further = match u64::from(tests.further) {
            0 => String::new(),
            n => format!("; {} more may come there by what they depend on", number(n)),
        };
        let those = match &tests.not_followed {
            _ if count > 0 => plural(count, "file"),
            None => "no test is seen to reach it".to_owned(),
            Some(cause) => format!("not known: {cause}"),
        };
        out.push_str(&wrap(&format!("  tests to run: {those}{named}{further}"), "  "));
        let row = |test: &TestRow<'_>| {
            let steps = plural(u64::from(test.distance), "step");
            vec![clean(test.path), super::tests::word(test.basis), steps, format!("{} %", test.confidence)]
        };
        let rows: Vec<Vec<String>> = tests.files.iter().take(TESTS).map(row).collect();
        let columns = [("", Column::Flexible), ("", Column::Left), ("", Column::Left), ("", Column::Right)];
        out.push_str(&table(&columns, &rows));
        let shown = usize::try_from(count).unwrap_or(usize::MAX);
        out.push_str(&more(rows.len(), shown, "--format json has more"));
        if let Some(cause) = tests.not_followed.as_ref().filter(|_| count > 0) {
            out.push_str(&wrap(&format!("  others may reach it: {cause}"), "  "));
        }
    }

    /// What was followed instead of what was asked, and what else the name may mean.
    fn write_notes(&self, out: &mut String) {
        if let Some(followed) = &self.target.followed {
            let followed = clean(followed);
            out.push_str(&wrap(&format!("  users of members are not known: these are reached by `{followed}`"), "  "));
        }
        let shown: Vec<String> = self.target.others.iter().take(NAMED).map(|other| clean(other)).collect();
        if !shown.is_empty() {
            let more = self.target.others.len() - shown.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            out.push_str(&wrap(&format!("  also called so: {}{more}", shown.join(", ")), "    "));
        }
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        if self.write(&mut out).is_err() {
            out.push_str("…\n");
        }
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let symbol = self.target.symbol.as_ref().map_or(String::new(), |symbol| format!(":{}", clean(symbol)));
        let target = format!("{}{symbol}", clean(&self.target.path));
        let Some(deepest) = self.reached.iter().map(|row| row.depth).max() else {
            self.write_nothing(out, &target)?;
            return writeln!(
                out,
                "next: codexa show edges --to {}",
                clean(&crate::projections::quoted(&self.target.path))
            );
        };
        let row = |row: &Reached<'_>| {
            let step = row.via.last();
            let by = step.filter(|_| row.depth > 1).map_or("", |step| step.to);
            let origin = step.map_or("", |step| step.origin);
            vec![row.depth.to_string(), clean(row.path), clean(by), origin.to_owned(), format!("{} %", row.confidence)]
        };
        let columns = [
            ("steps", Column::Right),
            ("reached", Column::Flexible),
            ("through", Column::Flexible),
            ("by rule", Column::Left),
            ("sure", Column::Right),
        ];
        writeln!(out, "a change of {target} reaches\n")?;
        self.write_notes(out);
        let (beside, own): (Vec<_>, Vec<_>) = self.reached.iter().partition(|row| row.test || row.in_examples);
        let write = |out: &mut String, rows: &[&Reached<'_>], most: usize| {
            let shown: Vec<Vec<String>> = rows.iter().take(most).map(|it| row(it)).collect();
            out.push_str(&table(&columns, &shown));
            out.push_str(&more(shown.len(), rows.len(), "--format json has all"));
        };
        if !own.is_empty() {
            write(out, &own, SHOWN);
        }
        if !beside.is_empty() && !own.is_empty() {
            out.push_str("\n  tests, examples and benchmarks\n");
        }
        if !beside.is_empty() {
            write(out, &beside, if own.is_empty() { SHOWN } else { BESIDE });
        }
        if self.reached.iter().any(|row| row.confidence == HANDED_ON) {
            let note =
                format!("{HANDED_ON} %: reached through a file that only hands names on, and using none of this one");
            out.push_str(&wrap(&format!("  {note}"), "    "));
        }
        let direct = self.reached.iter().filter(|row| row.depth == 1).count();
        let line = format!(
            "{} ({} directly, {} steps at most) in {}, {} of them tests; edges of at least {} %",
            plural(self.reached.len() as u64, "file"),
            number(direct as u64),
            deepest,
            plural(self.components.len() as u64, "component"),
            number(u64::from(self.tests)),
            self.min_confidence,
        );
        out.push('\n');
        out.push_str(&wrap(&line, "  "));
        self.write_tests(out);
        self.beside.write(out);
        let next = self.reached.first().map_or("", |row| row.path);
        writeln!(out, "next: codexa show edges --from {}", clean(&crate::projections::quoted(next)))
    }
}
