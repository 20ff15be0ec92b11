//! `codexa account`: which chat accounts are whose. `codexa link` makes one yours; this ends it, at the store's host.

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{host, run_async};
use crate::output::{Page, Report, Ui, decisions};
use clap::{Args, Subcommand};
use codexa_governance::store::rows::AccountRow;
use serde::Serialize;

/// What to do about accounts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the chat accounts that are linked, and whose they are
    List,
    /// Unlink an account; votes that were given from it stay
    Unlink(Unlink),
}

/// Which account.
#[derive(Debug, Args)]
pub struct Unlink {
    /// As it is listed: PLATFORM/SPACE/USER
    #[arg(value_name = "ACCOUNT")]
    account: String,
}

#[derive(Serialize)]
struct Account {
    account: String,
    person: String,
    linked_at: i64,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        let AccountRow { platform, space, account, person, linked_at } = row;
        Self { account: format!("{platform}/{space}/{account}"), person, linked_at }
    }
}

#[derive(Serialize)]
struct Listed {
    accounts: Vec<Account>,
}

impl Report for Listed {
    const NAME: &'static str = "account-list";

    fn page(&self, page: &mut Page) {
        if self.accounts.is_empty() {
            page.line("no account is linked; write `link` to Codexa in chat to begin");
        }
        let row = |account: &Account| {
            let linked = format!("linked {}", decisions::day(account.linked_at));
            [account.account.clone(), format!("@{}", account.person), linked]
        };
        page.rows(&self.accounts.iter().map(row).collect::<Vec<_>>());
    }
}

#[derive(Serialize)]
struct Unlinked {
    #[serde(flatten)]
    account: Account,
}

impl Report for Unlinked {
    const NAME: &'static str = "account-unlink";

    fn page(&self, page: &mut Page) {
        page.line(&format!("{} is nobody's again; it was @{}'s", self.account.account, self.account.person));
    }
}

pub(super) fn run(command: &Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    match command {
        Command::List => {
            let accounts = run_async(async { Ok(host(globals).await?.accounts().await?) })?;
            ui.answer(&Listed { accounts: accounts.into_iter().map(Account::from).collect() })?;
        }
        Command::Unlink(unlink) => {
            let named =
                unlink.account.split_once('/').and_then(|(platform, rest)| Some((platform, rest.split_once('/')?)));
            let Some((platform, (space, user))) = named else {
                let message = format!("{:?} is no account", unlink.account);
                return Err(Failure::blocked("CLI_USAGE", message).with_help("name one as `codexa account list` does"));
            };
            let row = run_async(async { Ok(host(globals).await?.unlink(platform, space, user).await?) })?;
            ui.answer(&Unlinked { account: row.into() })?;
        }
    }
    Ok(Exit::Well)
}
