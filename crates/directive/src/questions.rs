//! Questions that ask for what a query answers. A new question is a row.

use crate::courtesy;
use crate::directive::Target;
use crate::phrase;
use crate::requirements;
use crate::scan::Draft;
use crate::spellings::SPELLINGS;
use crate::targets;
use crate::tokens::{Kind, Token};
use crate::verb::{Class, Verb};
use crate::views::{self, View};

/// How a question is built, and the query that answers it.
///
/// In a pattern `T` is a target, `V` a view, `a|b` one word of several, `the?` a word that may be absent, and `…` any words
/// but verbs that decide.
struct Question(&'static str, Verb);

const TABLE: &[Question] = &[
    Question("how is|are|was T ranked|scored|rated …", Verb::Explain),
    Question("how is|are T tested|covered|verified|implemented|traced …", Verb::Trace),
    Question("how is|are T …", Verb::Status),
    Question("how T is|are …", Verb::Status),
    Question("how far is|are T …", Verb::Status),
    Question("how far along is|are T …", Verb::Status),
    Question("how does|do T work …", Verb::Explain),
    Question("how are we doing …", Verb::Status),
    Question("how are things going …", Verb::Status),
    Question("where are we with|on T …", Verb::Status),
    Question("where are we …", Verb::Status),
    Question("where do we stand …", Verb::Status),
    Question("where does T stand …", Verb::Status),
    Question("where is|are T implemented|tested|covered|verified …", Verb::Trace),
    Question("where is|are T …", Verb::Status),
    Question("what is the? current? status|state|progress of|on|for|with T …", Verb::Status),
    Question("what the? status|state|progress of|on|for T is …", Verb::Status),
    Question("what is the? current? status|state|progress …", Verb::Status),
    Question("what is the? T status|state|progress …", Verb::Status),
    Question("what state is|are T in …", Verb::Status),
    Question("current|overall status …", Verb::Status),
    Question("what is up|happening|new|going with|on with? T …", Verb::Status),
    Question("what is going on …", Verb::Status),
    Question("what is missing|left|open|outstanding|pending|remaining for|on|in|with T …", Verb::Status),
    Question("what is T waiting|stuck …", Verb::Status),
    Question("what about T", Verb::Status),
    Question("any news|updates|update|progress on|about|for|with|from T …", Verb::Status),
    Question("any news|updates|update …", Verb::Status),
    Question(
        "is|are T blocked|done|ready|finished|approved|complete|completed|open|closed|merged|released|held|stuck|green|in|on|still …",
        Verb::Status,
    ),
    Question("has|have T been …", Verb::Status),
    Question("did|does T pass|fail|finish|land|ship …", Verb::Status),
    Question("when will|is|was|does|did T …", Verb::Status),
    Question("what happened to|with T …", Verb::Status),
    Question("why is|are|was|were|does|did|do|has T …", Verb::Explain),
    Question("why is|are|was|does|did not T …", Verb::Explain),
    Question("why T …", Verb::Explain),
    Question("what is the? impact|effect of|on changing? T …", Verb::Impact),
    Question("what would|will|does changing T affect|break|impact|change …", Verb::Impact),
    Question("what would|will be affected|impacted|touched by T …", Verb::Impact),
    Question("what the? impact of T is …", Verb::Impact),
    Question("what is T impact …", Verb::Impact),
    Question("what is the? blast radius of T …", Verb::Impact),
    Question("what does|do|would|will|might|could|can T affect|break|impact|touch|change|influence …", Verb::Impact),
    Question("what T affects|breaks|impacts|touches|changes …", Verb::Impact),
    Question("what is|are affected|impacted|touched by T …", Verb::Impact),
    Question("what would|will|could|might? break|happen|change|breaks|happens|changes if|when … T …", Verb::Impact),
    Question("what|who depends|relies on T …", Verb::Impact),
    Question("what|who uses|calls|imports T …", Verb::Impact),
    Question(
        "what|which tests|test|requirements|requirement|code|files|modules cover|covers|exercise|verify|verifies|check|checks|test|tests|implement|implements|validate|validates T …",
        Verb::Trace,
    ),
    Question("what|which tests|test are|exist|do there? for? T …", Verb::Trace),
    Question("what covers|tests|implements|verifies T …", Verb::Trace),
    Question("what does|do T cover|implement|trace|verify …", Verb::Trace),
    Question("is|are T covered|tested|implemented|verified|traced …", Verb::Trace),
    Question("what blocks|blocked T …", Verb::Explain),
    Question("what|who is blocking T …", Verb::Explain),
    Question("who approved|voted on|for|against? T …", Verb::Show),
    Question("who is working on T …", Verb::Show),
    Question("who owns T …", Verb::Show),
    Question("who is assigned to T …", Verb::Show),
    Question("who has T …", Verb::Show),
    Question("what does|do T mean|say|do|contain|want|need|require …", Verb::Explain),
    Question("what T is|are|means|does …", Verb::Explain),
    Question("what is|are T …", Verb::Explain),
    Question("T status|progress …", Verb::Status),
    Question("T impact …", Verb::Impact),
    Question("what|which should|shall|do|can|could|would we|i you? … next …", Verb::Suggest),
    Question("what should|shall we|i do|execute|tackle|plan|build|pick|work|focus …", Verb::Suggest),
    Question("what|which change|zone|loop|requirement should|shall|comes|is we|i|next …", Verb::Suggest),
    Question("what is next …", Verb::Suggest),
    Question("what is the? next step …", Verb::Suggest),
    Question("what should be done next …", Verb::Suggest),
    Question("what comes next …", Verb::Suggest),
    Question("what next", Verb::Suggest),
    Question("what to do next …", Verb::Suggest),
    Question("what now", Verb::Suggest),
    Question("what would|do you suggest|recommend …", Verb::Suggest),
    Question("any suggestions|suggestion|recommendations|recommendation|ideas …", Verb::Suggest),
    Question("what can|could you do …", Verb::Help),
    Question("what can|could i|we say|ask|do|type …", Verb::Help),
    Question("what do you do|understand|know …", Verb::Help),
    Question("how do|does you|this|it work …", Verb::Help),
    Question("how do i|we use|talk|work …", Verb::Help),
    Question("who|what are you", Verb::Help),
    Question("what|which commands …", Verb::Help),
    Question("what are the|your commands …", Verb::Help),
    Question("what|which open? V …", Verb::Show),
    Question("what are|is the|our|my? open? V …", Verb::Show),
    Question("where are|is the? V …", Verb::Show),
    Question("are there any? open? V …", Verb::Show),
    Question("do we have any? open? V …", Verb::Show),
    Question("any open? V …", Verb::Show),
    Question("how many open? V …", Verb::Show),
];

/// Ways to put a question inside another.
const FRAMES: &[&str] = &[
    "tell me",
    "tell us",
    "do you know",
    "can you tell me",
    "could you tell me",
    "can you explain",
    "could you explain",
    "i would like to know",
    "i want to know",
    "i wonder",
    "please tell me",
    "let me know",
    "explain",
    "explain to me",
    "show me",
    "can you show me",
    "could you show me",
    "show",
];

/// The query that answers the question in these tokens, where it is one that a query answers.
pub(crate) fn answer(tokens: &[Token]) -> Option<Draft> {
    let frame = phrase::any(tokens, 0, FRAMES);
    [0, frame].into_iter().find_map(|from| {
        let tokens = tokens.get(from..)?;
        TABLE.iter().find_map(|Question(pattern, verb)| {
            let parts: Vec<&str> = pattern.split(' ').collect();
            let mut found = Match { target: None, view: None };
            matches(&parts, tokens, 0, &mut found).then(|| draft(*verb, found, tokens))
        })
    })
}

fn draft(verb: Verb, found: Match, tokens: &[Token]) -> Draft {
    let mut draft = Draft::new(verb, true);
    let kinds = requirements::kinds(verb);
    let somewhere = || (0..tokens.len()).find_map(|at| targets::at(tokens, at, false)).map(|(target, _)| target);
    // "what commands are there for CH-010" is still about commands.
    let target = found.target.or_else(somewhere).filter(|target| kinds.contains(&target.kind));
    draft.targets.extend(target);
    draft.views.extend(found.view);
    let voters = phrase::one_of(tokens, 0, &["who"]) && phrase::one_of(tokens, 1, &["approved", "voted"]);
    if voters {
        draft.views.push(View::Approvals);
    }
    draft
}

/// What the letters of a pattern stand for.
struct Match {
    target: Option<Target>,
    view: Option<View>,
}

/// Whether the tokens from `at` on are what the parts say. The depth is that of a pattern.
fn matches(parts: &[&str], tokens: &[Token], at: usize, found: &mut Match) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return tokens.get(at..).unwrap_or_default().iter().all(is_mark);
    };
    match *part {
        "…" => {
            let reach = (at..tokens.len()).find(|at| decides(tokens, *at)).unwrap_or(tokens.len());
            if rest.is_empty() {
                return reach == tokens.len();
            }
            (at..=reach).any(|at| matches(rest, tokens, at, found))
        }
        "T" => {
            let article = usize::from(phrase::one_of(tokens, at, &["the", "our", "this", "a"]));
            // "who approved design for CH-010": the gate between them says no more than the whole.
            let gate = crate::gate::at(tokens, at + article).map(|(_, taken)| {
                taken + usize::from(phrase::one_of(tokens, at + article + taken, &["for", "of", "on"]))
            });
            let starts = [at + article, at + article + gate.unwrap_or_default()];
            let Some((target, end)) = starts
                .into_iter()
                .find_map(|from| targets::at(tokens, from, true).map(|(target, taken)| (target, from + taken)))
            else {
                return false;
            };
            found.target = Some(target);
            matches(rest, tokens, end, found)
        }
        "V" => {
            let Some((view, taken)) = views::at(tokens, at) else { return false };
            found.view = Some(view);
            matches(rest, tokens, at + taken, found)
        }
        words => {
            let (words, optional) = words.strip_suffix('?').map_or((words, false), |words| (words, true));
            let here = phrase::is_word(tokens, at, |word| words.split('|').any(|one| one == word));
            (here && matches(rest, tokens, at + 1, found)) || (optional && matches(rest, tokens, at, found))
        }
    }
}

fn is_mark(token: &Token) -> bool {
    !matches!(token.kind, Kind::Word | Kind::Mention | Kind::Code | Kind::Quote) || courtesy::is_thanks(&token.word)
}

/// Whether a verb that decides stands here in its plain form: the question may then be whether one should.
fn decides(tokens: &[Token], at: usize) -> bool {
    let single = |spelling: &&crate::spellings::Spelling| {
        spelling.sure && spelling.verb.class() == Class::Deciding && spelling.phrase().at(tokens, at).is_some()
    };
    SPELLINGS.iter().find(single).is_some_and(|spelling| !matches!(spelling.words, "start" | "begin" | "hold"))
}
