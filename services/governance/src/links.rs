//! Accounts and tokens: how a person is known on each channel.

use crate::act::{About, Act, Announced};
use crate::bounds;
use crate::governance::Governance;
use crate::identity::{Principal, TokenKind, hash};
use crate::people::is_id;
use crate::refusal::Refusal;
use crate::store::rows::{AccountRow, LinkCodeRow, TokenRow};
use codexa_directive::{Args, Directive, Verb};
use codexa_proto::v1;
use serde_json::{Map, Value};
use uuid::Uuid;

/// How long a code can be used, in milliseconds.
const LIFETIME: i64 = 10 * 60 * 1_000;

/// How much is kept of what a platform calls a user, in characters.
const MAX_NAME: usize = 80;

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

impl Governance {
    /// A one-time code for the account that an adapter speaks for. Whoever gives it back gets the account.
    ///
    /// # Errors
    /// When the caller is no adapter, or names no account of its platform.
    pub async fn begin_link(&self, caller: &v1::Caller) -> Result<v1::LinkCode, Refusal> {
        let rules = self.rules_for(caller).await?;
        let mut tx = self.store().write().await?;
        let now = tx.now().await?;
        let speaker = v1::Caller { account: None, ..caller.clone() };
        let principal = Principal::of(&mut *tx, &speaker, &rules, now).await?;
        bounds::caller(caller)?;
        let account = caller.account.clone().unwrap_or_default();
        if principal != Principal::Adapter(account.platform.clone()) {
            let message = "only an adapter asks for codes, for accounts of its platform";
            return Err(Refusal::forbidden("ACCOUNT_FOREIGN", message, "write `link` to Codexa in chat"));
        }
        if account.user.is_empty() || account.space.is_empty() {
            let message = "an account is a platform, a space and a user";
            return Err(Refusal::invalid("ACCOUNT_INVALID", message, "name all three"));
        }
        let code = code();
        let row = LinkCodeRow {
            hash: hash(&code),
            platform: account.platform,
            space: account.space,
            account: account.user,
            name: bounds::cut(&account.name, MAX_NAME),
            expires_at: now + LIFETIME,
            used_at: None,
        };
        tx.put_link_code(&row).await?;
        self.commit(tx).await?;
        Ok(v1::LinkCode { code, expires_at: row.expires_at })
    }

    /// Links the account of a code to the person who gives it back.
    ///
    /// # Errors
    /// When the caller is no person, or the code is unknown, used or ended.
    pub async fn confirm_link(&self, request: &v1::ConfirmLinkRequest) -> Result<v1::Answer, Refusal> {
        let caller = request.caller.clone().unwrap_or_default();
        bounds::caller(&caller)?;
        let rules = self.rules_for(&caller).await?;
        let mut tx = self.store().write().await?;
        let now = tx.now().await?;
        let principal = Principal::of(&mut *tx, &caller, &rules, now).await?;
        let person = principal.person()?.clone();
        let unknown = || {
            let help = "write `link` to Codexa in chat; it answers with a new one";
            Refusal::invalid("LINK_CODE_INVALID", "this code is unknown, used or has ended", help)
        };
        let code = request.code.trim().to_ascii_uppercase().replace('-', "");
        let row = tx.link_code(&hash(&code)).await?.ok_or_else(unknown)?;
        let before = tx.account(&row.platform, &row.space, &row.account).await?;
        let is_ours = before.as_ref().is_some_and(|account| account.person == person.id);
        let shown = format!("{} account {} ({}) of {}", row.platform, row.account, row.name, row.space);
        if row.used_at.is_some() && is_ours {
            return Ok(v1::Answer { says: format!("The {shown} is yours."), ..v1::Answer::default() });
        }
        if row.used_at.is_some() || row.expires_at <= now {
            return Err(unknown());
        }
        if request.look {
            let says = format!("This code links the {shown} to @{}.", person.id);
            return Ok(v1::Answer { says, ..v1::Answer::default() });
        }
        let directive = Directive { verb: Verb::Link, gate: None, target: None, args: Args::default() };
        let mut act = Act {
            tx: &mut *tx,
            now,
            rules: &rules,
            project: self.project(),
            project_id: self.project_id(),
            person: &person,
            caller: &caller,
            key: &request.idempotency_key,
            directive: &directive,
        };
        let account = format!("{}/{}/{}", row.platform, row.space, row.account);
        let mut data = Map::from_iter([("account".to_owned(), Value::from(account))]);
        if let Some(before) = before {
            data.insert("before".to_owned(), Value::from(before.person));
        }
        let entry = act.record("account.link", About { data, ..About::default() }).await?;
        act.announce("account.linked", Announced::default(), format!("@{} linked an account.", person.id)).await?;
        tx.use_link_code(&row.hash, now).await?;
        let account = AccountRow {
            platform: row.platform,
            space: row.space,
            account: row.account,
            person: person.id,
            linked_at: now,
        };
        tx.put_account(&account).await?;
        self.commit(tx).await?;
        Ok(v1::Answer { says: format!("The {shown} is yours."), entry: Some(entry), ..v1::Answer::default() })
    }

    /// Keeps a token that was made elsewhere, so that parts of one installation know each other. Doing it again changes
    /// nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn keep_token(&self, kind: TokenKind, subject: &str, token: &str) -> Result<(), Refusal> {
        let hash = hash(token);
        if self.store().read().await?.token(&hash).await?.is_some() {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        let now = tx.now().await?;
        let row = TokenRow {
            hash,
            kind: kind.word().to_owned(),
            subject: subject.to_owned(),
            made_at: now,
            expires_at: None,
            revoked_at: None,
        };
        tx.put_token(&row).await?;
        self.commit(tx).await
    }

    /// Makes a token for a person, an adapter or a service. It is shown once: only its hash is stored.
    ///
    /// # Errors
    /// When the person is not among the people, or the store does not answer.
    pub async fn new_token(&self, kind: TokenKind, subject: &str) -> Result<String, Refusal> {
        if kind == TokenKind::Person && self.rules().await?.people.find(subject).is_none() {
            let help = "the people are those of .codexa/rules/people.yaml on the protected branch";
            return Err(Refusal::invalid("PERSON_UNKNOWN", format!("there is no person `{subject}`"), help));
        }
        if !is_id(subject) {
            let help = "small letters, digits, `.`, `-` and `_`";
            return Err(Refusal::invalid("TOKEN_SUBJECT", format!("`{subject}` names nobody"), help));
        }
        let token = secret();
        self.keep_token(kind, subject, &token).await?;
        Ok(token)
    }
}

/// A token: 244 random bits behind a prefix by which scanners of secrets find it.
#[must_use]
pub fn secret() -> String {
    format!("cdx_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// Fifty random bits that a person can type.
fn code() -> String {
    let bytes = Uuid::new_v4().into_bytes();
    // Bytes 6 and 8 of a UUID are not all random.
    let random = bytes.iter().enumerate().filter(|(at, _)| ![6, 8].contains(at)).map(|(_, byte)| byte);
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).map(|letter| char::from(*letter));
    random.take(10).filter_map(letter).collect()
}
