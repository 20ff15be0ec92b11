//! Accounts: how a person is known on a chat platform.

use crate::act::{About, Act, Announced};
use crate::bounds;
use crate::governance::Governance;
use crate::identity::{Principal, hash};
use crate::refusal::Refusal;
use crate::session::Session;
use crate::store::rows::{AccountRow, LinkCodeRow};
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
        bounds::caller(caller)?;
        let adapter = v1::Caller { account: None, ..caller.clone() };
        let Session { mut tx, now, principal, .. } = self.writing(&adapter).await?;
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

    /// Links the account of a code to the person who gives it back, or only says whose it is.
    ///
    /// # Errors
    /// When the caller is no person, or the code is unknown, used or ended.
    pub async fn confirm_link(&self, request: &v1::ConfirmLinkRequest) -> Result<v1::Answer, Refusal> {
        let caller = request.caller.clone().unwrap_or_default();
        let mut session = self.reading(&caller).await?;
        let code = match offered(&mut session, &request.code).await? {
            Offered::Taken(shown) => return Ok(yours(&shown, None)),
            Offered::Free(code) => code,
        };
        if request.look {
            let now = session.tx.account(&code.platform, &code.space, &code.account).await?;
            let now = now.map(|account| format!(" It is @{}'s now.", account.person)).unwrap_or_default();
            let says = format!("This code links the {} to @{}.{now}", shown(&code), session.principal.person()?.id);
            return Ok(v1::Answer { says, ..v1::Answer::default() });
        }
        drop(session);
        let mut session = self.turn(&caller).await?;
        let code = match offered(&mut session, &request.code).await? {
            Offered::Taken(shown) => return Ok(yours(&shown, None)),
            Offered::Free(code) => code,
        };
        let Session { mut tx, now, rules, principal } = session;
        let person = principal.person()?;
        let directive = Directive { verb: Verb::Link, gate: None, target: None, args: Args::default() };
        let (files, key) = (self.files(), &request.idempotency_key);
        let mut act =
            Act { tx: &mut *tx, now, rules: &rules, files, person, caller: &caller, key, directive: &directive };
        act.pin_branch().await?;
        let entry = link(&mut act, &code).await?;
        self.commit(tx).await?;
        Ok(yours(&shown(&code), Some(entry)))
    }
}

/// What a code stands for.
enum Offered {
    /// It was used by whoever asks: the account, in words.
    Taken(String),
    Free(LinkCodeRow),
}

async fn offered(session: &mut Session, code: &str) -> Result<Offered, Refusal> {
    let person = session.principal.person()?;
    let unknown = || {
        let help = "write `link` to Codexa in chat; it answers with a new one";
        Refusal::invalid("LINK_CODE_INVALID", "this code is unknown, used or has ended", help)
    };
    let code = code.trim().to_ascii_uppercase().replace('-', "");
    let row = session.tx.link_code(&hash(&code)).await?.ok_or_else(unknown)?;
    if row.used_at.is_none() && row.expires_at > session.now {
        return Ok(Offered::Free(row));
    }
    let account = session.tx.account(&row.platform, &row.space, &row.account).await?;
    let is_theirs = row.used_at.is_some() && account.is_some_and(|account| account.person == person.id);
    if is_theirs { Ok(Offered::Taken(shown(&row))) } else { Err(unknown()) }
}

async fn link(act: &mut Act<'_>, code: &LinkCodeRow) -> Result<v1::Entry, Refusal> {
    let before = act.tx.account(&code.platform, &code.space, &code.account).await?;
    let account = format!("{}/{}/{}", code.platform, code.space, code.account);
    let mut data = Map::from_iter([("account".to_owned(), Value::from(account))]);
    if let Some(before) = before {
        data.insert("before".to_owned(), Value::from(before.person));
    }
    let entry = act.record("account.link", About { data, ..About::default() }).await?;
    act.announce("account.linked", Announced::default(), format!("@{} linked an account.", act.person.id)).await?;
    act.tx.use_link_code(&code.hash, act.now).await?;
    let row = AccountRow {
        platform: code.platform.clone(),
        space: code.space.clone(),
        account: code.account.clone(),
        person: act.person.id.clone(),
        linked_at: act.now,
    };
    act.tx.put_account(&row).await?;
    Ok(entry)
}

/// The account of a code, in words.
fn shown(code: &LinkCodeRow) -> String {
    let name = if code.name.is_empty() { String::new() } else { format!(" ({})", code.name) };
    format!("{} account {}{name} of {}", code.platform, code.account, code.space)
}

fn yours(shown: &str, entry: Option<v1::Entry>) -> v1::Answer {
    v1::Answer { says: format!("The {shown} is yours."), entry, ..v1::Answer::default() }
}

/// Fifty random bits that a person can type.
fn code() -> String {
    let bytes = Uuid::new_v4().into_bytes();
    // Bytes 6 and 8 of a UUID are not all random.
    let random = bytes.iter().enumerate().filter(|(at, _)| ![6, 8].contains(at)).map(|(_, byte)| byte);
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).map(|letter| char::from(*letter));
    random.take(10).filter_map(letter).collect()
}
