//! What a directive acts on, as people write it.

use crate::directive::{Target, TargetKind};
use crate::normalise::normalise;
use crate::phrase::{self, Phrase};
use crate::tokens::{Kind, Token, tokenise};
use unicode_normalization::char::is_combining_mark;

/// A kind of thing that has numbers.
struct Numbered {
    kind: TargetKind,
    /// What its ids begin with, as Codexa writes it.
    prefix: &'static str,
    /// What people call it, in front of an id or of a bare number.
    nouns: &'static [&'static str],
    /// To how many digits its numbers are filled up.
    digits: usize,
}

/// Every kind with numbers. A new kind or noun is a row.
const NUMBERED: &[Numbered] = &[
    Numbered {
        kind: TargetKind::Change,
        prefix: "CH-",
        nouns: &["change", "change request", "change number", "ch"],
        digits: 3,
    },
    Numbered { kind: TargetKind::Requirement, prefix: "FR-", nouns: &["requirement", "fr"], digits: 1 },
    Numbered { kind: TargetKind::Workstream, prefix: "WS-", nouns: &["workstream", "work stream", "ws"], digits: 1 },
    Numbered {
        kind: TargetKind::Followup,
        prefix: "issue-",
        nouns: &["follow-up", "followup", "follow up", "issue", "follow-up issue", "question"],
        digits: 1,
    },
    Numbered { kind: TargetKind::Gap, prefix: "gap-", nouns: &["gap"], digits: 1 },
    Numbered { kind: TargetKind::Concern, prefix: "CN-", nouns: &["concern", "cn"], digits: 1 },
    Numbered { kind: TargetKind::Waiver, prefix: "WV-", nouns: &["waiver", "wv"], digits: 1 },
    Numbered { kind: TargetKind::Milestone, prefix: "MS-", nouns: &["milestone", "ms"], digits: 1 },
    Numbered { kind: TargetKind::Phase, prefix: "phase-", nouns: &["phase"], digits: 1 },
    Numbered { kind: TargetKind::Zone, prefix: "zone-", nouns: &["zone", "change zone"], digits: 1 },
];

/// The longest number that an id has.
const MAX_DIGITS: usize = 6;

/// The reports there are.
pub(crate) const REPORTS: &[&str] = &["governance", "status", "velocity", "traceability"];

/// Phrases that stand for the one thing of their kind.
const SINGLE: &[(&str, TargetKind)] = &[
    ("loop", TargetKind::Loop),
    ("loop plan", TargetKind::Loop),
    ("current loop", TargetKind::Loop),
    ("current loop plan", TargetKind::Loop),
    ("this loop", TargetKind::Loop),
    ("next loop", TargetKind::Loop),
    ("project", TargetKind::Project),
    ("this project", TargetKind::Project),
    ("whole project", TargetKind::Project),
    ("repo", TargetKind::Project),
    ("this repo", TargetKind::Project),
    ("whole repo", TargetKind::Project),
    ("repository", TargetKind::Project),
    ("this repository", TargetKind::Project),
    ("codebase", TargetKind::Project),
    ("whole codebase", TargetKind::Project),
];

/// Nouns in front of a path or a symbol that would not be known for one by its look.
const PATH_NOUNS: &[&str] = &["path", "file", "folder", "directory"];
const SYMBOL_NOUNS: &[&str] = &["symbol", "function", "method", "class", "struct", "type", "trait"];

/// Endings of files: what parts `lib.rs` from `Parser.parse`.
const EXTENSIONS: &[&str] = &[
    "bash", "c", "cc", "cfg", "conf", "cpp", "cs", "css", "cxx", "gradle", "go", "h", "hpp", "html", "ini", "java",
    "js", "json", "jsx", "kt", "lock", "md", "mjs", "mod", "php", "proto", "ps1", "py", "pyi", "rb", "rs", "rst",
    "scala", "sh", "sql", "sum", "swift", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml",
];

/// The target that stands at a place, with the number of tokens it takes. Paths and symbols are looked for where `code`
/// says so: no deciding verb acts on them.
pub(crate) fn at(tokens: &[Token], at: usize, code: bool) -> Option<(Target, usize)> {
    report(tokens, at)
        .or_else(|| numbered(tokens, at))
        .or_else(|| single(tokens, at))
        .or_else(|| test(tokens, at))
        .or_else(|| if code { path_or_symbol(tokens, at) } else { None })
}

/// The kind whose noun stands at a place without an id, with the number of tokens it takes.
pub(crate) fn noun_at(tokens: &[Token], at: usize) -> Option<(TargetKind, usize)> {
    let nouns = NUMBERED.iter().flat_map(|row| row.nouns.iter().map(|noun| (Phrase(noun), row.kind)));
    let others = [(Phrase("report"), TargetKind::Report), (Phrase("test case"), TargetKind::Test)];
    phrase::longest(tokens, at, nouns.chain(others))
}

/// The id that a single word is, whatever stands around it.
pub(crate) fn id(word: &str) -> Option<Target> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    NUMBERED.iter().find_map(|row| with_prefix(row, word)).or_else(|| test_id(word))
}

/// Whether a word is a number as ids have it.
pub(crate) fn is_number(word: &str) -> bool {
    number(word).is_some()
}

fn number(word: &str) -> Option<&str> {
    let digits = word.strip_prefix('#').unwrap_or(word);
    (!digits.is_empty() && digits.len() <= MAX_DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// The target of a kind and a number. A number is what was typed; only those of changes are filled up, and one with more zeros
/// than that is another id.
fn with_number(row: &Numbered, digits: &str) -> Option<Target> {
    let digits = number(digits)?;
    if row.digits > 1 && digits.len() > row.digits && digits.starts_with('0') {
        return None;
    }
    let width = row.digits;
    let id = format!("{}{digits:0>width$}", row.prefix);
    Some(match row.kind {
        TargetKind::Phase => Target::new(row.kind, digits),
        kind => Target::new(kind, id),
    })
}

/// `CH-010`, `ch10`, `CH#10`.
fn with_prefix(row: &Numbered, word: &str) -> Option<Target> {
    let letters = row.prefix.trim_end_matches('-');
    let start = word.get(..letters.len())?;
    let rest = word.get(letters.len()..)?;
    if !start.eq_ignore_ascii_case(letters) {
        return None;
    }
    with_number(row, rest.strip_prefix(['-', '#']).unwrap_or(rest)).filter(|_| !rest.contains("-#"))
}

/// `change CH-010`, `change 10`, `CH 10`, `CH-010`.
fn numbered(tokens: &[Token], at: usize) -> Option<(Target, usize)> {
    let word = |at: usize| tokens.get(at).filter(|token| token.kind == Kind::Word).map(|token| token.word.as_str());
    let possessive = |word: &str| word.strip_suffix("'s").unwrap_or(word).to_owned();
    for row in NUMBERED {
        let noun = phrase::longest(tokens, at, row.nouns.iter().map(|noun| (Phrase(noun), ())));
        if let Some(((), taken)) = noun
            && let Some(next) = word(at + taken).map(possessive)
            && let Some(target) = with_number(row, &next).or_else(|| with_prefix(row, &next))
        {
            return Some((target, taken + 1));
        }
    }
    id(word(at)?).filter(|target| target.kind != TargetKind::Test).map(|target| (target, 1))
}

/// Whether a word is the name of a report.
pub(crate) fn is_report(word: &str) -> bool {
    REPORTS.contains(&word)
}

/// `governance report`, `report on governance`.
fn report(tokens: &[Token], at: usize) -> Option<(Target, usize)> {
    let name = |at: usize| REPORTS.iter().find(|name| phrase::one_of(tokens, at, &[name])).copied();
    if let Some(name) = name(at).filter(|_| phrase::one_of(tokens, at + 1, &["report"])) {
        return Some((Target::new(TargetKind::Report, name), 2));
    }
    if !phrase::one_of(tokens, at, &["report"]) {
        return None;
    }
    let skipped = 1 + usize::from(phrase::one_of(tokens, at + 1, &["on", "about", "of"]));
    name(at + skipped).map(|name| (Target::new(TargetKind::Report, name), skipped + 1))
}

fn single(tokens: &[Token], at: usize) -> Option<(Target, usize)> {
    let (kind, taken) = phrase::longest(tokens, at, SINGLE.iter().map(|(words, kind)| (Phrase(words), *kind)))?;
    let target = if kind == TargetKind::Loop { Target::current_loop() } else { Target::project() };
    Some((target, taken))
}

/// `TC-FR44-001`, `test TC-FR44-001`.
fn test(tokens: &[Token], at: usize) -> Option<(Target, usize)> {
    let noun = phrase::any(tokens, at, &["test", "test case", "testcase"]);
    let token = tokens.get(at + noun).filter(|token| token.kind == Kind::Word)?;
    test_id(&token.word).map(|target| (target, noun + 1))
}

fn test_id(word: &str) -> Option<Target> {
    let word = word.strip_suffix("'s").unwrap_or(word).to_ascii_uppercase();
    let rest = word.strip_prefix("TC-")?;
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (rest.len() <= 40 && rest.split('-').all(part)).then(|| Target::new(TargetKind::Test, word.clone()))
}

fn path_or_symbol(tokens: &[Token], at: usize) -> Option<(Target, usize)> {
    let word = |at: usize| tokens.get(at).filter(|token| matches!(token.kind, Kind::Word | Kind::Code));
    if let Some(target) = word(at).and_then(|token| evident(&token.raw)) {
        return Some((target, 1));
    }
    let named = |nouns: &[&str]| phrase::one_of(tokens, at, nouns).then(|| word(at + 1)).flatten();
    if let Some(token) = named(PATH_NOUNS) {
        return path(&token.raw).map(|id| (Target::new(TargetKind::Path, id), 2));
    }
    let token = named(SYMBOL_NOUNS)?;
    let id = token.raw.strip_suffix("()").unwrap_or(&token.raw);
    identifier(id).then(|| (Target::new(TargetKind::Symbol, id), 2))
}

/// The path or symbol that a word is by its look alone.
pub(crate) fn evident(word: &str) -> Option<Target> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.contains('/') || has_extension(word) {
        return path(word).map(|id| Target::new(TargetKind::Path, id));
    }
    let name = word.strip_suffix("()").unwrap_or(word);
    let parts = || name.split("::").flat_map(|part| part.split('.'));
    let compound = name.contains("::") || name.contains('.') || name != word || name.contains('_') || is_camel(name);
    let numbered = id(name).is_some();
    (compound && !numbered && parts().all(identifier)).then(|| Target::new(TargetKind::Symbol, name))
}

/// How a target is named in a canonical form.
pub(crate) fn written(target: &Target) -> String {
    match target.kind {
        TargetKind::Loop => "the loop".to_owned(),
        TargetKind::Project => "the project".to_owned(),
        TargetKind::Phase => format!("phase {}", target.id),
        TargetKind::Report => format!("{} report", target.id),
        TargetKind::Path | TargetKind::Symbol => written_code(target),
        _ => target.id.clone(),
    }
}

/// A path or symbol, behind its noun where its look would not tell what it is, and in code marks where its own marks would be
/// read as emphasis, as a quote or as the end of a sentence.
fn written_code(target: &Target) -> String {
    let known = evident(&target.id).as_ref() == Some(target);
    let named = |id: String| if known { id } else { format!("{} {id}", target.kind.noun()) };
    let plain = named(target.id.clone());
    if reads_back(&plain, target) { plain } else { named(format!("`{}`", target.id)) }
}

/// Whether a written target is read as it was meant, even where free text behind it would close a mark that it begins with.
fn reads_back(written: &str, target: &Target) -> bool {
    let text = format!("{written} a~ a_ a__");
    let tokens = tokenise(&text);
    let read = at(&tokens, 0, true).filter(|(found, _)| found == target);
    let ends = |taken: usize| tokens.get(taken).is_some_and(|token| token.start == written.len() + 1);
    normalise(&text).is_some_and(|plain| plain == text) && read.is_some_and(|(_, taken)| ends(taken))
}

fn has_extension(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    })
}

/// A path inside the project: relative, without a step upwards.
fn path(word: &str) -> Option<&str> {
    let word = word.split_once(':').map_or(
        word,
        |(path, line)| {
            if line.bytes().all(|b| b.is_ascii_digit()) { path } else { word }
        },
    );
    let word = word.strip_prefix("./").unwrap_or(word);
    let word = word.strip_suffix('/').unwrap_or(word);
    let allowed = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "/._-+@#$~".contains(c);
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    (word.chars().all(allowed) && !word.starts_with('@') && word.split('/').all(part)).then_some(word)
}

fn identifier(word: &str) -> bool {
    word.chars().all(|c| c.is_alphanumeric() || c == '_') && word.chars().next().is_some_and(|c| !c.is_numeric())
}

/// `HttpClient`, `parseFile`: a capital behind a small letter.
fn is_camel(word: &str) -> bool {
    word.as_bytes().windows(2).any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()))
}

/// Whether a word is what people call a kind of thing, or the one thing of its kind.
pub(crate) fn is_noun(word: &str) -> bool {
    word == "report"
        || SINGLE.iter().any(|(words, _)| *words == word)
        || NUMBERED.iter().any(|row| row.nouns.contains(&word))
}
