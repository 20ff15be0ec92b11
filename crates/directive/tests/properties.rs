//! What must hold for every text.

#![cfg(test)]

mod common;

use codexa_directive::{Class, Context, Gate, Interpretation, Outcome, interpret};
use common::{context, read};
use proptest::prelude::*;

/// Complete orders that decide.
const DECIDING: &[&str] = &[
    "approve design for CH-010",
    "approve test for CH-7 because the suite is green",
    "approve elaboration for FR-38",
    "deny release for CH-044 because the canary failed",
    "withdraw scope for CH-010",
    "waive test for CH-010 until 2026-12-31 because staging is down",
    "hold CH-010",
    "hold the loop",
    "resume CH-010",
    "promote CH-010",
    "rollback CH-010",
    "publish governance report",
    "start CH-010",
    "start the loop",
];

/// Ways to say such an order without giving it.
const WRAPPERS: &[(&str, &str)] = &[
    ("don't ", ""),
    ("do not ", ""),
    ("please do not ", ""),
    ("never ", ""),
    ("I will not ", ""),
    ("I won't ", ""),
    ("we can't ", ""),
    ("nobody should ", ""),
    ("if the tests pass, ", ""),
    ("when CI is green ", ""),
    ("once QA agrees, please ", ""),
    ("unless somebody objects, ", ""),
    ("", " if the tests pass"),
    ("", " unless QA objects"),
    ("", ", but only if QA agrees"),
    ("", ", if that is ok"),
    ("should we ", "?"),
    ("shall I ", "?"),
    ("do we ", "?"),
    ("can I ", "?"),
    ("why did you ", "?"),
    ("what if we ", "?"),
    ("", "?"),
    ("maybe ", ""),
    ("perhaps we ", ""),
    ("I think we should ", ""),
    ("I might ", ""),
    ("I would ", " if it were ready"),
    ("she said ", ""),
    ("he said \"", "\" but I disagree"),
    ("\"", "\""),
    ("\u{201c}", "\u{201d}"),
    ("'", "'"),
    ("`", "`"),
    ("```\n", "\n```"),
    ("~~", "~~"),
    ("> ", ""),
    ("&gt; ", ""),
    (">>> ", ""),
    ("Bob: ", ""),
    ("TODO: ", ""),
    ("example: ", ""),
    ("", ", just kidding"),
    ("", " ... not really"),
    ("", " and publish the velocity report"),
    ("", "; hold CH-999"),
    ("", "\nstart CH-999"),
    ("show CH-001 and ", ""),
    ("", " \u{1f44e}"),
];

fn decides(found: &Interpretation) -> bool {
    found.directive.as_ref().is_some_and(|directive| directive.verb.class() == Class::Deciding)
}

/// Words from which sentences are put together that come near orders.
fn word() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "approve",
        "deny",
        "hold",
        "show",
        "open",
        "change",
        "assign",
        "ask",
        "answer",
        "raise",
        "a",
        "the",
        "for",
        "on",
        "to",
        "and",
        "not",
        "if",
        "because",
        "because of",
        "since",
        ":",
        ",",
        ".",
        "?",
        "\n",
        "\"",
        "`",
        "> ",
        "design",
        "test",
        "gate",
        "CH-010",
        "ch 7",
        "FR-38",
        "issue-12",
        "gap-03",
        "CN-4",
        "the loop",
        "governance report",
        "RA",
        "@dev-a",
        "<@U1>",
        "until",
        "2026-12-31",
        "for 2 weeks",
        "critical",
        "concern",
        "deep",
        "mode",
        "please",
        "thanks",
        "src/lib.rs",
        "Parser::parse",
        "zones",
        "status",
        "why",
        "is",
        "*",
        "_",
        "~",
        "&amp;",
        "&lt;",
        "<https://a.b/CH-1|CH-1>",
        "reason:",
        "discover",
        "plan",
        "seed",
        "what",
        "of",
        "it",
        "of course",
    ];
    prop_oneof![8 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

fn sentence() -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 0..14).prop_map(|words| words.join(" "))
}

/// Free text as people write it, and worse.
fn free_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z ,.:;'\"()*_`<>&!-]{1,40}", "\\PC{1,30}", sentence()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn the_parts_of_an_answer_fit_its_outcome(text in sentence()) {
        let found = read(&text);
        prop_assert_eq!(found.directive.is_some(), found.outcome == Outcome::Directive);
        prop_assert_eq!(found.canonical.is_some(), found.outcome == Outcome::Directive);
        prop_assert_eq!(found.question.is_some(), found.outcome == Outcome::Clarify);
        prop_assert_eq!(found.reason.is_some(), matches!(found.outcome, Outcome::None | Outcome::Refused));
    }

    #[test]
    fn what_exists_makes_no_other_order_of_an_order(text in sentence()) {
        let bare = read(&text);
        if bare.outcome == Outcome::Directive {
            let known = Context {
                speaker: Some("ada".to_owned()),
                changes: vec!["CH-010".to_owned(), "CH-7".to_owned()],
                open_gates: [("CH-010".to_owned(), vec![Gate::Design])].into(),
                ..context()
            };
            prop_assert_eq!(interpret(&text, &known), bare);
        }
    }

    #[test]
    fn a_canonical_form_reads_back(text in sentence()) {
        let found = read(&text);
        if let Some(canonical) = &found.canonical {
            prop_assert_eq!(&read(canonical), &found, "{:?}", text);
        }
    }

    #[test]
    fn a_canonical_form_with_free_text_reads_back(
        head in proptest::sample::select(&[
            "deny design for CH-010 because ", "deny design for CH-010: ", "hold the loop because ", "dismiss issue-9 because ",
            "open a change: ", "answer issue-12: ", "raise critical concern on CH-010: ", "ask RA about FR-38: ", "ask QA ",
            "waive test for CH-010 until 2026-12-31 because ", "assign gap-03 to IA because ",
        ][..]),
        text in free_text(),
    ) {
        let words = format!("{head}{text}");
        let found = read(&words);
        if let Some(canonical) = &found.canonical {
            prop_assert_eq!(&read(canonical), &found, "{:?}", words);
        }
    }

    #[test]
    fn a_canonical_form_with_a_strange_name_reads_back(
        form in proptest::sample::select(&[
            "show `NAME`", "show NAME", "show path NAME", "show path `NAME`", "status of: NAME", "status symbol NAME", "ask RA about NAME: why",
            "ask RA about `NAME`: is *it_ so~ and __this__, *too",
        ][..]),
        name in prop_oneof!["[ab_~.#@$+*/:-]{1,8}", "\\PC{1,4}[/._]\\PC{0,4}"],
    ) {
        let words = form.replace("NAME", &name);
        let found = read(&words);
        if let Some(canonical) = &found.canonical {
            prop_assert_eq!(&read(canonical), &found, "{:?}", words);
        }
    }

    #[test]
    fn a_word_of_doubt_anywhere_in_an_order_keeps_it_from_deciding(
        order in proptest::sample::select(DECIDING),
        word in proptest::sample::select(&[
            "not", "never", "no", "don't", "if", "unless", "when", "maybe", "perhaps", "should", "would", "said", "says", "yesterday", "almost",
            "\"", "`", "?", "\u{1f44e}", "but", "or", "CH-999", "FR-99", "xyzzy", "\u{442}\u{435}\u{441}\u{442}",
        ][..]),
        place in any::<prop::sample::Index>(),
    ) {
        let mut words: Vec<&str> = order.split(" because ").next().unwrap_or(order).split(' ').collect();
        words.insert(place.index(words.len() + 1), word);
        let because = if order.contains("because") { " because of the outage" } else { "" };
        let words = words.join(" ") + because;
        let found = read(&words);
        prop_assert!(!decides(&found), "{}: {:?}", words, found);
    }

    #[test]
    fn a_forbidden_character_anywhere_refuses(
        before in "\\PC{0,20}",
        c in proptest::sample::select(&['\u{1b}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{e0041}', '\u{0}', '\u{8}', '\u{9b}'][..]),
        after in "\\PC{0,20}",
    ) {
        prop_assert_eq!(read(&format!("{before}{c}{after}")).outcome, Outcome::Refused);
    }

    #[test]
    fn a_deciding_verb_with_one_edit_is_never_a_directive(
        order in proptest::sample::select(DECIDING), place in any::<prop::sample::Index>(), letter in "[a-z]", edit in 0..4_u8,
    ) {
        let (verb, rest) = order.split_once(' ').expect("a verb and the rest");
        let mut letters: Vec<char> = verb.chars().collect();
        let at = place.index(letters.len());
        let new = letter.chars().next().expect("a letter");
        match edit {
            0 => { letters.remove(at); }
            1 => letters.insert(at, new),
            2 => letters[at] = new,
            _ => { let to = (at + 1) % letters.len(); letters.swap(at, to); }
        }
        let typed: String = letters.into_iter().collect();
        prop_assume!(typed != verb);
        let found = read(&format!("{typed} {rest}"));
        prop_assert!(!decides(&found), "{} {}: {:?}", typed, rest, found);
    }
}

#[test]
fn no_wrapper_around_an_order_lets_it_decide() {
    let mut deciding = Vec::new();
    for order in DECIDING {
        assert!(decides(&read(order)), "{order:?} decides when it stands alone");
        for (before, after) in WRAPPERS {
            // Why something is denied may well hold a condition ("because it crashes if the file is empty") or a thumb down.
            if order.starts_with("deny") && matches!(*after, " if the tests pass" | " unless QA objects" | " \u{1f44e}")
            {
                continue;
            }
            let words = format!("{before}{order}{after}");
            let found = read(&words);
            if decides(&found) {
                deciding.push(words);
            }
        }
    }
    assert!(deciding.is_empty(), "{deciding:#?}");
}

#[test]
fn a_courtesy_around_an_order_takes_nothing_from_it() {
    let courtesies = [
        ("please ", ""),
        ("", ", please"),
        ("hi codexa, ", ""),
        ("ok, ", ""),
        ("<@U024BE7LH> ", ""),
        ("can you please ", "?"),
        ("could you ", "?"),
        ("I'd like you to ", ""),
        ("let's ", ""),
        ("", " \u{1f44d}\u{1f3fd}"),
        ("good morning team. ", ""),
        ("", ". Thanks!"),
        ("", "\nthank you"),
        ("*", "*"),
    ];
    for order in DECIDING {
        let plain = read(order);
        for (before, after) in courtesies {
            if after.contains('?') && order.contains("because") {
                continue;
            }
            let words = format!("{before}{order}{after}");
            let found = read(&words);
            let same = found
                .directive
                .as_ref()
                .map(|directive| (directive.verb, directive.gate, directive.target.clone()))
                == plain.directive.as_ref().map(|directive| (directive.verb, directive.gate, directive.target.clone()));
            assert!(same, "{words:?}: {found:?}");
        }
    }
}
