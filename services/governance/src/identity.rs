//! Who asks: from a token, and the account that an adapter speaks for, to a person.

use crate::governance::Governance;
use crate::people::{People, Person};
use crate::refusal::{Kind, Refusal};
use crate::store::Transaction;
use codexa_ledger::{Actor, Hash, Via};
use codexa_proto::v1;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// Who stands behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A person: the only one who decides.
    Person(Person),
    /// Whoever sits at the host of a project with several people: they see how things stand, and say nothing as somebody.
    Operator,
    /// A chat adapter, speaking for nobody.
    Adapter(String),
    /// Another part of Codexa.
    Service(String),
}

/// What a token can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A person; the subject is the person's id.
    Person,
    /// A chat adapter; the subject is its platform.
    Adapter,
    /// A worker; the subject is its name.
    Service,
    /// Whoever sits at the host, by an account that says nothing of who they are.
    Operator,
}

impl TokenKind {
    /// The word, as in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Adapter => "adapter",
            Self::Service => "service",
            Self::Operator => "operator",
        }
    }

    /// The kind of a word; nobody is made an operator by a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Person, Self::Adapter, Self::Service].into_iter().find(|kind| kind.word() == word)
    }
}

impl Principal {
    /// The one behind a token, or behind the account that it speaks for.
    pub(crate) async fn of(
        tx: &mut dyn Transaction,
        bearer: Bearer,
        caller: &v1::Caller,
        people: &People,
    ) -> Result<Self, Refusal> {
        match (bearer.kind, &caller.account) {
            (TokenKind::Person, None) => person(&bearer.subject, people).map(Self::Person),
            // Where there is nobody else, it is the one person that there is.
            (TokenKind::Operator, None) => Ok(people.only().cloned().map_or(Self::Operator, Self::Person)),
            (TokenKind::Service, None) => Ok(Self::Service(bearer.subject)),
            (TokenKind::Adapter, None) => Ok(Self::Adapter(bearer.subject)),
            (TokenKind::Adapter, Some(account)) if account.platform == bearer.subject => {
                let found = tx.account(&account.platform, &account.space, &account.user).await?;
                let row = found.ok_or_else(|| unlinked(&account.platform))?;
                person(&row.person, people).map(Self::Person)
            }
            _ => Err(Refusal::forbidden(
                "ACCOUNT_FOREIGN",
                "this token may not speak for that account",
                "only an adapter's token speaks for accounts, and only for those of its platform",
            )),
        }
    }

    /// The person, where it is one.
    pub(crate) fn person(&self) -> Result<&Person, Refusal> {
        match self {
            Self::Person(person) => Ok(person),
            Self::Operator => Err(Refusal::forbidden(
                "PERSON_UNSAID",
                "this project has several people, and nothing says which of them you are",
                "`codexa token new --person ID` makes a token; set CODEXA_TOKEN, or CODEXA_TOKEN_FILE to a file that holds it",
            )),
            Self::Adapter(_) | Self::Service(_) => Err(Refusal::forbidden(
                "NOT_A_PERSON",
                "only people say what happens; this token is not a person's",
                "use a token of your own: `codexa token new --person ID`",
            )),
        }
    }

    /// Who it is, as idempotency keys and logs name it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Person(person) => format!("person/{}", person.id),
            Self::Operator => "operator".to_owned(),
            Self::Adapter(platform) => format!("adapter/{platform}"),
            Self::Service(name) => format!("service/{name}"),
        }
    }
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub kind: TokenKind,
    pub subject: String,
}

/// Tokens that the parts of an installation are given by its configuration. They are known while this process lives and are
/// kept nowhere else: a token that is taken out of the configuration is none any more.
#[derive(Debug, Default)]
pub(crate) struct Configured(RwLock<BTreeMap<String, Bearer>>);

impl Configured {
    pub fn add(&self, kind: TokenKind, subject: &str, token: &str) {
        let bearer = Bearer { kind, subject: subject.to_owned() };
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(hash(token), bearer);
    }

    fn find(&self, hash: &str) -> Option<Bearer> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }
}

impl Governance {
    /// Lets a token of the configuration stand for somebody, as long as this process lives.
    pub fn know(&self, kind: TokenKind, subject: &str, token: &str) {
        self.configured().add(kind, subject, token);
    }

    /// What a token stands for: only hashes are stored.
    pub(crate) async fn bearer(&self, tx: &mut dyn Transaction, token: &str, now: i64) -> Result<Bearer, Refusal> {
        let refused = || {
            let help = "send `Authorization: Bearer TOKEN`; `codexa token new` makes one";
            Refusal::new(
                Kind::Unauthenticated,
                "TOKEN_INVALID",
                "the token is missing, unknown, ended or revoked",
                help,
            )
        };
        if token.is_empty() {
            return Err(refused());
        }
        let hash = hash(token);
        if let Some(bearer) = self.configured().find(&hash) {
            return Ok(bearer);
        }
        let row = tx.token(&hash).await?.filter(|row| row.holds(now)).ok_or_else(refused)?;
        let kind = TokenKind::of(&row.kind).ok_or_else(refused)?;
        Ok(Bearer { kind, subject: row.subject })
    }
}

fn person(id: &str, people: &People) -> Result<Person, Refusal> {
    people.find(id).cloned().ok_or_else(|| {
        let help = "the people are those of the rules in force: `codexa rules show`";
        Refusal::forbidden("PERSON_UNKNOWN", format!("@{id} is not among the people of this project"), help)
    })
}

fn unlinked(platform: &str) -> Refusal {
    let message = format!("this {platform} account belongs to nobody yet");
    Refusal::forbidden(
        "ACCOUNT_NOT_LINKED",
        message,
        "link it: write `link` to Codexa, and give the code at a terminal",
    )
}

/// What is stored of a secret.
#[must_use]
pub fn hash(secret: &str) -> String {
    Hash::of(secret.as_bytes()).to_string()
}

/// A person, as ledger entries name them.
pub(crate) fn actor(person: &Person) -> Actor {
    Actor { person: person.id.clone(), roles: person.roles.iter().map(|role| role.word().to_owned()).collect() }
}

/// Where it was said, as ledger entries name it.
pub(crate) fn via(caller: &v1::Caller) -> Via {
    let channel = caller.channel.clone().unwrap_or_default();
    let account = caller.account.as_ref();
    let kind = match (account, channel.kind.as_str()) {
        (Some(account), _) => account.platform.clone(),
        (None, "terminal") => "terminal".to_owned(),
        _ => "rest".to_owned(),
    };
    let account = account.map(|account| format!("{}/{}", account.space, account.user)).unwrap_or_default();
    Via { kind, place: channel.place, account }
}
