//! What a person types is untrusted. The numbers are those of the abuse cases.

#![cfg(test)]

mod common;

use codexa_directive::{Class, Interpretation, Outcome};
use common::read;

const ORDER: &str = "approve design for CH-010";

fn decides(found: &Interpretation) -> bool {
    found.directive.as_ref().is_some_and(|directive| directive.verb.class() == Class::Deciding)
}

#[test]
fn abuse_10_a_lookalike_in_a_command_slot_is_refused_and_its_code_point_shown() {
    let slots = [
        ("\u{430}pprove design for CH-010", "U+0430"),
        ("approve d\u{435}sign for CH-010", "U+0435"),
        ("approve design for \u{421}H-010", "U+0421"),
        ("approve design for CH-\u{ff10}10", "U+FF10"),
        ("approve design for CH-01\u{39f}", "U+039F"),
        ("approve design for CH-01\u{660}", "U+0660"),
        ("\u{ff48}old CH-010", "U+FF48"),
        ("assign gap-03 to \u{421}\u{415}", "U+0421"),
        ("assign gap-03 to Q\u{410}", "U+0410"),
        ("start the l\u{43e}op", "U+043E"),
    ];
    for (words, code) in slots {
        let found = read(words);
        assert_eq!(found.outcome, Outcome::Refused, "{words:?}: {found:?}");
        let reason = found.reason.expect("a reason");
        assert!(reason.contains(code), "{words:?}: {reason}");
    }
}

#[test]
fn abuse_10_a_colon_hides_no_lookalike_where_it_begins_no_free_text() {
    for (words, code) in [
        ("status of: src/p\u{430}rser.rs", "U+0430"),
        ("status A:a\u{ab11}_", "U+AB11"),
        ("show it: Parser::p\u{430}rse", "U+0430"),
    ] {
        let found = read(words);
        assert_eq!(found.outcome, Outcome::Refused, "{words:?}: {found:?}");
        assert!(found.reason.is_some_and(|reason| reason.contains(code)), "{words:?}");
    }
    let free = read("open a change: \u{43f}\u{430}\u{440}\u{441}er.rs is slow");
    assert_eq!(free.outcome, Outcome::Directive, "{free:?}");
}

#[test]
fn abuse_10_zero_width_and_variation_selectors_in_a_command_slot_are_refused() {
    let hidden =
        ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{fe0f}', '\u{fe00}', '\u{e0100}'];
    for c in hidden {
        for words in [
            format!("app{c}rove design for CH-010"),
            format!("approve des{c}ign for CH-010"),
            format!("approve design for CH{c}-010"),
            format!("approve design for CH-010{c}"),
            format!("assign gap-03 to Q{c}A"),
        ] {
            let found = read(&words);
            assert_eq!(found.outcome, Outcome::Refused, "{words:?}: {found:?}");
            let code = format!("U+{:04X}", u32::from(c));
            assert!(found.reason.is_some_and(|reason| reason.contains(&code)), "{words:?}");
        }
    }
}

#[test]
fn abuse_10_the_refusal_says_what_was_seen_and_what_to_do() {
    let found = read("approve design for \u{421}H-010");
    let reason =
        "I did not do that: the `C` in `\u{421}H-010` is U+0421 (Cyrillic). Type the id again, or pick it: CH-010.";
    assert_eq!(found.reason.as_deref(), Some(reason));
    assert_eq!(found.options, ["CH-010"]);
    assert_eq!(found.directive, None);
}

#[test]
fn abuse_11_control_characters_refuse_the_whole_message() {
    let controls = [
        '\u{0}',
        '\u{7}',
        '\u{8}',
        '\u{b}',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{61c}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202e}',
        '\u{2028}',
        '\u{2029}',
        '\u{2066}',
        '\u{2069}',
        '\u{e0001}',
        '\u{e0041}',
        '\u{e007f}',
        '\r',
    ];
    for c in controls {
        for words in [
            format!("{c}{ORDER}"),
            format!("{ORDER} because it is {c}fine"),
            format!("open a change: {c}title"),
            format!("good {c}morning"),
        ] {
            let found = read(&words);
            assert_eq!(found.outcome, Outcome::Refused, "{words:?}: {found:?}");
            let code = format!("U+{:04X}", u32::from(c));
            assert!(found.reason.is_some_and(|reason| reason.contains(&code)), "{words:?}");
        }
    }
}

#[test]
fn abuse_11_tabs_newlines_emoji_and_other_scripts_in_free_text_are_fine() {
    let found =
        read("dismiss\tissue-9 because \u{5df2}\u{7ecf}\r\n\u{43d}\u{435} \u{1f469}\u{200d}\u{1f4bb} \u{2764}\u{fe0f}");
    let reason = found.directive.expect("a directive").args.reason;
    assert_eq!(reason.as_deref(), Some("\u{5df2}\u{7ecf} \u{43d}\u{435} \u{1f469}\u{200d}\u{1f4bb} \u{2764}\u{fe0f}"));
}

#[test]
fn abuse_12_what_is_no_order_approves_nothing() {
    let messages = [
        "don't approve design for CH-010",
        "should we approve design for CH-010?",
        "if tests pass, approve design for CH-010",
        "approve design for CH-010 and approve test for CH-010",
        "approve design for CH-010\napprove design for CH-011",
        "approve design for CH-010. Hold CH-011.",
        "approve design for CH-010, or rather don't",
        "approve design for CH-010 when the build is green",
        "show CH-010 and approve design for CH-010",
        "assign gap-03 to IA, then approve design for CH-010",
        "approve design for CH-010 because it is fine and publish the governance report",
        "approve design for CH-010 because it is fine; hold CH-011",
    ];
    for words in messages {
        let found = read(words);
        assert!(!decides(&found), "{words:?}: {found:?}");
        assert!(matches!(found.outcome, Outcome::None | Outcome::Clarify), "{words:?}: {found:?}");
    }
}

#[test]
fn abuse_13_a_link_that_names_something_else_is_no_target() {
    let deceiving = [
        "approve design for <https://evil.example/CH-011|CH-010>",
        "approve design for <https://evil.example|CH-010>",
        "approve design for <https://codexa.dev/CH-0101|CH-010>",
        "approve design for [CH-010](https://codexa.dev/changes/CH-011)",
    ];
    for words in deceiving {
        assert!(!decides(&read(words)), "{words:?}");
    }
    let honest = read("approve design for <https://codexa.dev/changes/CH-010|CH-010>");
    assert_eq!(honest.canonical.as_deref(), Some(ORDER));
}

#[test]
fn abuse_13_a_call_to_everybody_is_no_order_to_codexa() {
    for words in
        ["<!here> approve design for CH-010", "<!channel> hold CH-010", "<!subteam^S1|@devs> approve design for CH-010"]
    {
        assert!(!decides(&read(words)), "{words:?}");
    }
}

#[test]
fn a_message_longer_than_what_is_read_is_refused_as_a_whole() {
    let long = format!("{ORDER} because {}", "x".repeat(4_000));
    let found = read(&long);
    assert_eq!(found.outcome, Outcome::Refused);
    assert_eq!(
        found.reason.as_deref(),
        Some("I did not read this: it has 4034 characters, and I read at most 4000. Say it shorter."),
    );
    let most = format!("{ORDER} because {}", "x".repeat(3_966));
    assert!(decides(&read(&most)));
}

#[test]
fn markup_without_end_is_refused() {
    let nested = format!("hold CH-010 because &{}lt;", "amp;".repeat(40));
    assert_eq!(read(&nested).outcome, Outcome::Refused);
}
