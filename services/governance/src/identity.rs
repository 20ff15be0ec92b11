//! Who asks: from a token, and the account that an adapter speaks for, to a person.

use crate::people::Person;
use crate::refusal::{Kind, Refusal};
use crate::rules::Rules;
use crate::store::Transaction;
use crate::store::rows::TokenRow;
use codexa_ledger::{Actor, Hash, Via};
use codexa_proto::v1;

/// Who stands behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A person: the only one who decides.
    Person(Person),
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
}

impl TokenKind {
    /// The word, as in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Adapter => "adapter",
            Self::Service => "service",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Person, Self::Adapter, Self::Service].into_iter().find(|kind| kind.word() == word)
    }
}

impl Principal {
    /// Finds out who asks.
    pub(crate) async fn of(
        tx: &mut dyn Transaction,
        caller: &v1::Caller,
        rules: &Rules,
        now: i64,
    ) -> Result<Self, Refusal> {
        let token = token(tx, &caller.token, now).await?;
        match (TokenKind::of(&token.kind), &caller.account) {
            (Some(TokenKind::Person), None) => person(&token.subject, rules).map(Self::Person),
            (Some(TokenKind::Service), None) => Ok(Self::Service(token.subject)),
            (Some(TokenKind::Adapter), None) => Ok(Self::Adapter(token.subject)),
            (Some(TokenKind::Adapter), Some(account)) if account.platform == token.subject => {
                let found = tx.account(&account.platform, &account.space, &account.user).await?;
                let row = found.ok_or_else(|| unlinked(&account.platform))?;
                person(&row.person, rules).map(Self::Person)
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
            Self::Adapter(platform) => format!("adapter/{platform}"),
            Self::Service(name) => format!("service/{name}"),
        }
    }
}

/// A token's row, by what the caller shows: only hashes are stored.
pub(crate) async fn token(tx: &mut dyn Transaction, token: &str, now: i64) -> Result<TokenRow, Refusal> {
    let refused = || {
        let help = "send `Authorization: Bearer TOKEN`; `codexa token new` makes one";
        Refusal::new(Kind::Unauthenticated, "TOKEN_INVALID", "the token is missing, unknown, ended or revoked", help)
    };
    if token.is_empty() {
        return Err(refused());
    }
    let row = tx.token(&hash(token)).await?.ok_or_else(refused)?;
    let ended = row.revoked_at.is_some() || row.expires_at.is_some_and(|end| end <= now);
    if ended { Err(refused()) } else { Ok(row) }
}

fn person(id: &str, rules: &Rules) -> Result<Person, Refusal> {
    rules.people.find(id).cloned().ok_or_else(|| {
        let help = "the people are those of .codexa/rules/people.yaml on the protected branch";
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
