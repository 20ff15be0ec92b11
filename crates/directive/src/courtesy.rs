//! Words that carry nothing: greetings, thanks, ways to ask politely, and the small words between the parts of an order.

use crate::context::Context;
use crate::phrase;
use crate::tokens::{Kind, Token};
use crate::verb::{Class, Verb};

/// What may stand before or after an order of any kind and changes nothing.
const PLAIN: &[&str] = &[
    "hi",
    "hi team",
    "hi all",
    "hi everyone",
    "hi folks",
    "hello team",
    "hello all",
    "hello everyone",
    "hello folks",
    "hey team",
    "hey all",
    "hey everyone",
    "hey folks",
    "good morning team",
    "good morning all",
    "good morning everyone",
    "good morning folks",
    "good afternoon team",
    "good afternoon all",
    "good afternoon everyone",
    "good afternoon folks",
    "morning team",
    "morning all",
    "morning everyone",
    "morning folks",
    "thanks team",
    "thanks all",
    "thanks everyone",
    "thanks folks",
    "thank you team",
    "thank you all",
    "thank you everyone",
    "thank you folks",
    "hello",
    "hey",
    "hey there",
    "hi there",
    "hello there",
    "codexa",
    "/codexa",
    "good morning",
    "good afternoon",
    "good evening",
    "morning",
    "ok",
    "okay",
    "k",
    "alright",
    "all right",
    "yes",
    "yep",
    "yeah",
    "yup",
    "sure",
    "thanks",
    "thank you",
    "thank you very much",
    "thank you so much",
    "thanks a lot",
    "many thanks",
    "thx",
    "ty",
    "cheers",
    "please",
    "pls",
    "plz",
    "kindly",
    "now",
    "right now",
    "right away",
    "immediately",
    "asap",
    "at once",
    "also",
    "just",
    "lgtm",
    "looks good",
    "looks good to me",
    "all good",
    "for me",
    "for us",
    "hereby",
    "formally",
];

/// The same in front of an order. Behind one they are asked about: "first" and "next" speak of an order of things.
const OPENING: &[&str] = &[
    "dear",
    "right",
    "good",
    "nice",
    "fine",
    "done",
    "next",
    "finally",
    "first",
    "go ahead and",
    "great",
    "perfect",
    "cool",
    "awesome",
    "excellent",
];

/// The same, but an order to decide beside it is asked about: it may refuse, limit or doubt.
const SOFT: &[&str] = &[
    "team",
    "all",
    "everyone",
    "folks",
    "do not worry",
    "do not worry about it",
    "no worries",
    "no problem",
    "never mind that",
    "sorry",
    "so",
    "no",
    "nope",
    "well",
    "then",
    "and",
    "but",
    "anyway",
    "actually",
    "oh",
    "hm",
    "hmm",
    "ah",
    "btw",
    "by the way",
    "quick question",
    "question",
    "if you can",
    "if possible",
    "if you do not mind",
    "if you please",
    "when you can",
    "when you get a chance",
    "when you have time",
    "when you have a moment",
    "in the meantime",
    "meanwhile",
    "as well",
    "too",
    "again",
    "today",
    "for now",
    "instead",
    "quickly",
    "real quick",
];

/// How an order is asked for. What stands in front of the verb and is in neither list makes it no order.
const REQUESTS: &[&str] = &[
    "can you",
    "could you",
    "would you please",
    "will you please",
    "would you kindly",
    "could you kindly",
    "i would like to",
    "i want to",
    "i would like you to",
    "i want you to",
    "i need you to",
    "let us",
    "we would like you to",
    "i hereby",
    "i formally",
    "i do hereby",
    "i also",
];

/// The same, but an order to decide is asked about: these ask for leave, give leave, or speak of a plan.
const SOFT_REQUESTS: &[&str] = &[
    "can we",
    "could we",
    "would you",
    "will you",
    "can i",
    "could i",
    "may i",
    "we want to",
    "we would like to",
    "i need to",
    "we need to",
    "you can",
    "you may",
    "you could",
    "time to",
    "it is time to",
    "feel free to",
    "do",
    "i am going to",
    "i will",
    "we will",
    "let me",
    "would it be possible to",
    "is it possible to",
    "are you able to",
    "remember to",
    "make sure to",
    "be sure to",
    "try to",
    "i wish to",
    "need to",
    "i have to",
    "we have to",
];

/// The small words inside an order.
const FILLERS: &[&str] = &["the", "a", "an", "my", "our", "on", "latest", "current"];

/// Those between a gate and what it is of.
const GATE_FILLERS: &[&str] = &["of", "for", "in", "at", "gate", "approval"];

/// More small words, where nothing is decided.
const LOOSE_FILLERS: &[&str] = &[
    "to",
    "me",
    "us",
    "it",
    "them",
    "about",
    "with",
    "from",
    "this",
    "that",
    "these",
    "those",
    "some",
    "new",
    "all",
    "any",
    "current",
    "latest",
    "open",
    "your",
    "its",
    "their",
    "again",
    "as",
    "into",
    "over",
    "by",
    "onto",
    "details",
    "detail",
    "currently",
    "please",
    "request",
    "item",
    "full",
    "account",
    "slack",
    "against",
    "severity",
    "level",
    "discord",
    "terminal",
    "profile",
    "here",
    "whole",
    "entire",
    "complete",
    "more",
    "next",
    "up",
    "list",
];

/// How a stretch of courtesy changes what it surrounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tone {
    /// Something may refuse, limit or doubt: nothing is decided without a question.
    pub soft: bool,
    /// Somebody else is spoken to.
    pub aside: bool,
}

impl Tone {
    pub(crate) fn add(&mut self, other: Self) {
        self.soft |= other.soft;
        self.aside |= other.aside;
    }
}

/// The courtesy that stands at a place: how many tokens it takes, and its tone.
pub(crate) fn at(tokens: &[Token], at: usize, leading: bool, context: &Context) -> Option<(usize, Tone)> {
    let token = tokens.get(at)?;
    match token.kind {
        Kind::Mention => mention(&token.raw, leading, context).map(|tone| (1, tone)),
        Kind::Emoji => Some((1, Tone { soft: !is_friendly(&token.raw), aside: false })),
        Kind::Word => {
            let opening = phrase::any(tokens, at, OPENING);
            let plain = phrase::any(tokens, at, PLAIN).max(if leading { opening } else { 0 });
            let soft = phrase::any(tokens, at, SOFT).max(opening);
            let taken = plain.max(soft);
            (taken > 0).then_some((taken, Tone { soft: soft > plain, aside: false }))
        }
        _ => None,
    }
}

/// A mention of Codexa is an address. In front, where Codexa's own ids are not known, so is one by a platform's id; any other
/// name in front means that somebody else is spoken to.
fn mention(raw: &str, leading: bool, context: &Context) -> Option<Tone> {
    if context.is_own(raw) || (leading && context.own.is_empty() && is_platform_id(raw)) {
        return Some(Tone::default());
    }
    leading.then_some(Tone { soft: true, aside: true })
}

/// `@U024BE7LH` (Slack) or `@80351110224678912` (Discord).
fn is_platform_id(mention: &str) -> bool {
    let id = mention.trim_start_matches('@');
    let slack =
        id.starts_with(['U', 'W', 'B']) && id.bytes().skip(1).all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let digits = id.bytes().any(|b| b.is_ascii_digit());
    digits && (slack || id.bytes().all(|b| b.is_ascii_digit()))
}

/// Emoji that can only mean assent or thanks. Any other (a cross, a thinking face) may take an order back.
fn is_friendly(emoji: &str) -> bool {
    const NAMES: &[&str] = &[
        ":+1:",
        ":thumbsup:",
        ":white_check_mark:",
        ":heavy_check_mark:",
        ":pray:",
        ":rocket:",
        ":tada:",
        ":wave:",
        ":smile:",
        ":slightly_smiling_face:",
    ];
    const SIGNS: &str = "👍✅✔☑🙏🚀🎉👋🙂😀😊👌💯";
    let bare = |c: char| crate::refuse::is_invisible(c) || matches!(c, '\u{1f3fb}'..='\u{1f3ff}');
    NAMES.contains(&emoji) || emoji.chars().all(|c| SIGNS.contains(c) || bare(c))
}

/// Whether an emoji says no to what stands in front of it.
pub(crate) fn is_refusal(emoji: &str) -> bool {
    const NAMES: &[&str] = &[
        ":-1:",
        ":thumbsdown:",
        ":x:",
        ":no_entry:",
        ":no_entry_sign:",
        ":octagonal_sign:",
        ":negative_squared_cross_mark:",
    ];
    NAMES.contains(&emoji) || emoji.contains(['👎', '❌', '🚫', '⛔', '🛑', '🙅', '❎', '✖'])
}

/// The way of asking that stands at a place: how many tokens it takes, and whether it is one of the soft ones.
pub(crate) fn request(tokens: &[Token], at: usize) -> Option<(usize, bool)> {
    let firm = phrase::any(tokens, at, REQUESTS);
    let soft = phrase::any(tokens, at, SOFT_REQUESTS);
    let taken = firm.max(soft);
    (taken > 0).then_some((taken, soft > firm))
}

/// Whether a small word stands at this place; `loose` adds those that matter where something is decided.
pub(crate) fn is_filler(tokens: &[Token], at: usize, verb: Option<Verb>) -> bool {
    let loose = verb.is_none_or(|verb| verb.class() != Class::Deciding);
    // "Roll back to CH-010" is not to roll it back: without a gate, a preposition may turn what a decision is about.
    let gated = verb.is_none_or(|verb| loose || verb.needs_gate());
    phrase::one_of(tokens, at, FILLERS)
        || (gated && phrase::one_of(tokens, at, GATE_FILLERS))
        || (loose && phrase::one_of(tokens, at, LOOSE_FILLERS))
}

/// Whether a word alone is thanks or asks politely.
pub(crate) fn is_thanks(word: &str) -> bool {
    matches!(word, "please" | "thanks" | "thx" | "codexa" | "now" | "today" | "pls" | "plz" | "cheers")
}
