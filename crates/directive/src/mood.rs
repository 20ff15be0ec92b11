//! Words that make a sentence something else than an order. They never decide that a sentence *is* one.

/// Why a sentence is no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Negated,
    Conditional,
    Doubtful,
    Reported,
    Question,
    Quoted,
    TakenBack,
}

impl Mood {
    /// The reason that people read.
    pub(crate) fn reason(self, word: &str) -> String {
        let why = match self {
            Self::Negated => format!("`{word}` negates it"),
            Self::Conditional => format!("`{word}` makes it depend on something"),
            Self::Doubtful => format!("`{word}` leaves it in doubt"),
            Self::Reported => format!("`{word}` tells of something"),
            Self::Question => format!("`{word}` makes it a question"),
            Self::Quoted => "the words are quoted or in code marks".to_owned(),
            Self::TakenBack => format!("`{word}` takes it back"),
        };
        format!("I did nothing: this is not an order, {why}. To give one, say it plainly, or ask for `help`.")
    }
}

/// Phrases that take back what was said, wherever they stand.
const TAKEN_BACK: &[&str] = &[
    "never mind",
    "nevermind",
    "scratch that",
    "just kidding",
    "only kidding",
    "just joking",
    "j/k",
    "jk",
    "on second thought",
    "on second thoughts",
    "i take that back",
    "changed my mind",
    "actually no",
    "actually not",
];

/// Phrases that do so too, but which a reason may well hold in its midst ("the host is not yet ready").
const TURNED_DOWN: &[&str] = &[
    "forget it",
    "forget that",
    "ignore that",
    "ignore this",
    "kidding",
    "not really",
    "or not",
    "psych",
    "as a joke",
    "disregard",
    "strike that",
    "no wait",
    "/s",
];

const NEGATED: &[&str] = &[
    "not",
    "never",
    "no",
    "none",
    "nobody",
    "nothing",
    "neither",
    "nor",
    "without",
    "instead of",
    "rather than",
    "refuse",
    "avoid",
    "anything but",
    "hold off",
    "unless",
    "far from",
    "stop",
    "nope",
    "except",
    "hardly",
    "nowhere",
];

const CONDITIONAL: &[&str] = &[
    "if",
    "when",
    "once",
    "unless",
    "after",
    "before",
    "until",
    "whenever",
    "in case",
    "assuming",
    "provided",
    "providing",
    "suppose",
    "supposing",
    "as soon as",
    "as long as",
    "so long as",
    "depending",
    "depends",
    "otherwise",
    "pending",
    "subject to",
    "given",
    "on condition",
    "while",
    "whether",
    "only",
    "contingent",
    "were",
];

const DOUBTFUL: &[&str] = &[
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "might",
    "may",
    "could",
    "would",
    "should",
    "ought",
    "must",
    "presumably",
    "think",
    "guess",
    "believe",
    "wonder",
    "wondering",
    "unsure",
    "consider",
    "considering",
    "hypothetically",
    "theoretically",
    "imagine",
    "pretend",
    "say",
    "eventually",
    "someday",
    "later",
    "tomorrow",
    "soon",
    "potentially",
    "ideally",
    "tempted",
    "inclined",
    "leaning",
    "supposed",
    "example",
    "e.g",
    "what if",
    "as if",
    "almost",
    "nearly",
    "hope",
    "hopefully",
    "wish",
    "planning",
    "intend",
    "plan to",
    "kind of",
    "sort of",
    "test message",
    "doubt",
    "eh",
    "possible",
];

const REPORTED: &[&str] = &[
    "said",
    "says",
    "saying",
    "told",
    "tells",
    "asked",
    "asks",
    "wants",
    "wanted",
    "reported",
    "mentioned",
    "wrote",
    "writes",
    "claims",
    "claimed",
    "according",
    "heard",
    "already",
    "yesterday",
    "ago",
    "last",
    "he",
    "she",
    "they",
    "someone",
    "somebody",
    "everybody",
    "has",
    "have",
    "had",
    "was",
    "been",
    "did",
    "does",
    "is",
    "are",
    "be",
    "got",
    "quote",
    "quoting",
    "apparently",
    "reportedly",
    "via",
    "per",
];

const QUESTIONS: &[&str] = &[
    "should we",
    "should i",
    "shall we",
    "shall i",
    "do we",
    "do i",
    "did",
    "does",
    "who",
    "why",
    "what",
    "which",
    "how",
    "where",
    "is it",
    "are we",
    "can i",
    "may i",
    "must we",
    "must i",
    "can we",
    "ok to",
    "okay to",
    "safe to",
    "time to",
    "ready to",
];

const TABLE: &[(Mood, &[&str])] = &[
    (Mood::TakenBack, TAKEN_BACK),
    (Mood::TakenBack, TURNED_DOWN),
    (Mood::Question, QUESTIONS),
    (Mood::Conditional, CONDITIONAL),
    (Mood::Negated, NEGATED),
    (Mood::Doubtful, DOUBTFUL),
    (Mood::Reported, REPORTED),
];

/// The mood of a stretch of words, with the word that shows it.
pub(crate) fn of(words: &[&str]) -> Option<(Mood, &'static str)> {
    TABLE.iter().find_map(|(mood, phrases)| first(words, phrases).map(|phrase| (*mood, phrase)))
}

/// The words that take an order back, if there are any.
pub(crate) fn taken_back(words: &[&str]) -> Option<&'static str> {
    first(words, TAKEN_BACK)
}

/// The words with which a part of a reason takes the order back, if it begins with such.
pub(crate) fn turned_down(words: &[&str]) -> Option<&'static str> {
    TURNED_DOWN.iter().copied().find(|phrase| begins(words, phrase))
}

/// Words that, at the beginning of a reason or of a part of it, limit the order itself.
const LIMITS: &[&str] = &[
    "if",
    "unless",
    "maybe",
    "perhaps",
    "probably",
    "possibly",
    "provided",
    "providing",
    "assuming",
    "only if",
    "only when",
    "only after",
    "only once",
    "as long as",
    "on condition",
    "otherwise",
    "not sure",
    "i guess",
    "i think",
    "i suppose",
    "except if",
    "except when",
    "depending",
    "but only",
    "but if",
    "but not",
    "but wait",
    "subject to",
    "contingent",
];

/// More of them, which a reason to stop may well begin with.
const SOFT_LIMITS: &[&str] = &[
    "do not",
    "never",
    "not yet",
    "not now",
    "not until",
    "not before",
    "not if",
    "not unless",
    "not ok",
    "not anymore",
    "but",
    "wait",
    "when",
    "once",
    "after",
    "until",
    "before",
    "however",
    "though",
    "although",
    "except",
    "no wait",
    "said",
    "says",
    "he said",
    "she said",
    "they said",
    "is what",
    "only",
    "cancel",
    "stop",
    "pending",
    "actually",
    "just testing",
    "testing",
    "this is a test",
    "this was a test",
    "only testing",
    "hmm",
];

/// Whether a part of a reason limits the order: an order to permit something is read more strictly than one to stop it.
pub(crate) fn limits(words: &[&str], permits: bool) -> bool {
    let begins = |phrase: &&str| begins(words, phrase);
    LIMITS.iter().any(begins) || (permits && SOFT_LIMITS.iter().any(begins))
}

fn begins(words: &[&str], phrase: &str) -> bool {
    phrase.split(' ').eq(words.iter().copied().take(phrase.split(' ').count()))
}

/// Whether a whole reason says the opposite of the order.
pub(crate) fn is_denial(words: &[&str], permits: bool) -> bool {
    const DENIALS: &[&str] =
        &["denied", "rejected", "refused", "declined", "vetoed", "false", "wrong", "failed", "never"];
    matches!(words, ["do", "not"]) || (permits && matches!(words, [word] if DENIALS.contains(word)))
}

/// What makes the end of a reason a doubt, a joke or a later day.
const TRAILING: &[&str] = &[
    "maybe",
    "perhaps",
    "probably",
    "possibly",
    "presumably",
    "hopefully",
    "i guess",
    "i think",
    "i suppose",
    "not sure",
    "or not",
    "or else",
    "not",
    "eventually",
    "someday",
    "later",
    "soon",
    "tomorrow",
    "next week",
    "lol",
    "haha",
    "/s",
    "pending review",
    "subject to review",
];

/// Whether a reason ends in words that leave the order itself in doubt.
pub(crate) fn trails_off(words: &[&str]) -> bool {
    TRAILING.iter().any(|phrase| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        words.ends_with(&parts)
    })
}

fn first(words: &[&str], phrases: &'static [&'static str]) -> Option<&'static str> {
    phrases.iter().copied().find(|phrase| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        words.windows(parts.len()).any(|window| window == parts)
    })
}
