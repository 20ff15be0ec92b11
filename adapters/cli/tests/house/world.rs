//! A project, the processes of Codexa that serve it, and the chats around them.

use codexa_api::{Answer, Change, DirectiveRequest};
use codexa_chassis::settings::Secret;
use codexa_client::{Client, Stream};
use codexa_testkit::cli::{Run, World as Home};
use codexa_testkit::discord::{self, Discord};
use codexa_testkit::running::Running;
use codexa_testkit::slack::{self, Slack};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long something may take that should come at once, on a machine that builds beside it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What people ask first.
pub const ASK: &str = "approve design for CH-001";

/// A project with people, and Codexa's processes.
pub struct World {
    pub home: Home,
    pub slack: Slack,
    pub discord: Discord,
    pub up: Option<Running>,
    pub url: String,
    /// The token of who sits at the machine.
    cid: OnceLock<String>,
}

/// The people of the project: two decide about designs, one asked for the change.
const PEOPLE: &str = "version: 1
people:
  - id: ada
    roles: [GO]
  - id: bea
    roles: [PM]
  - id: cid
    roles: [IM]
";

impl World {
    /// A project at M1, with nothing running.
    pub async fn new() -> Self {
        let home = Home::new();
        home.run(&["init", "--maturity", "M1"]).with_code(0);
        home.write("project/.codexa/rules/people.yaml", PEOPLE);
        home.write("project/src/main.rs", "fn main() {}\n");
        for arguments in [
            &["init", "--quiet", "--initial-branch=main"][..],
            &["add", "--all"],
            &["commit", "--quiet", "--message", "everything"],
        ] {
            let done = codexa_testkit::git::command(&home.project()).args(arguments).status();
            assert!(done.expect("git runs").success(), "{arguments:?}");
        }
        let (slack, discord) = (Slack::start().await, Discord::start().await);
        Self { home, slack, discord, up: None, url: String::new(), cid: OnceLock::new() }
    }

    /// `codexa up`, with both chats.
    pub async fn up(mut self) -> Self {
        self.start();
        self
    }

    /// Starts `codexa up`, or starts it again.
    pub fn start(&mut self) {
        let mut command = self.home.command(&["up", "--listen", "127.0.0.1:0", "--format", "json"]);
        command
            .env("CODEXA_SLACK_BOT_TOKEN", slack::BOT_TOKEN)
            .env("CODEXA_SLACK_APP_TOKEN", slack::APP_TOKEN)
            .env("CODEXA_SLACK_API_URL", self.slack.api_url())
            .env("CODEXA_DISCORD_TOKEN", self.discord.token())
            .env("CODEXA_DISCORD_API_URL", self.discord.url());
        let mut up = Running::start(command, self.home.home().join("up.log"));
        let ready = up.document();
        self.url = ready["url"].as_str().expect("a URL").to_owned();
        self.up = Some(up);
    }

    /// Kills everything and starts it again.
    pub fn restart(&mut self) {
        if let Some(up) = &mut self.up {
            up.kill();
        }
        self.start();
    }

    /// A client of a person.
    pub fn client(&self, person: &str) -> Client {
        Client::http(&self.url, Secret::new(self.token(person))).expect("an address")
    }

    /// A new token of a person.
    pub fn token(&self, person: &str) -> String {
        self.home.run(&["token", "new", "--person", person]).with_code(0).stdout.trim().to_owned()
    }

    /// Runs a command as `cid`, by a token.
    pub fn say(&self, arguments: &[&str]) -> Run {
        let token = self.cid.get_or_init(|| self.token("cid"));
        self.home.run_with(&[("CODEXA_TOKEN", token)], arguments)
    }

    /// The same, which has to end well.
    pub fn say_ok(&self, arguments: &[&str]) -> Run {
        self.say(arguments).with_code(0)
    }

    /// A change with its workspace, opened by `cid`.
    pub fn open_change(&self) {
        self.say_ok(&["change", "new", "cap the parser depth"]);
    }

    /// Makes the account of a chat a person's: the code is taken from what the chat shows to the account alone.
    pub fn link(&self, person: &str, code: &str) {
        let token = self.token(person);
        let linked = self.home.run_with(&[("CODEXA_TOKEN", &token)], &["link", "--yes", code]).with_code(0);
        assert!(linked.stdout.contains("is yours"), "{}", linked.stdout);
    }

    /// A listener from now on.
    pub async fn listen(&self, person: &str) -> Stream {
        self.client(person).stream(None).await.expect("the gateway takes listeners")
    }

    /// Waits until a look finds what it looks for.
    pub async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(
                Instant::now() < end,
                "waited in vain until {what}\nslack shows {:#?}\n{}",
                self.slack.channel(slack::CHANNEL).iter().map(slack::Shown::read).collect::<Vec<_>>(),
                self.logs()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How the log of each process ends.
    fn logs(&self) -> String {
        let mut logs = String::new();
        for file in std::fs::read_dir(self.home.home()).into_iter().flatten().flatten() {
            let path = file.path();
            if path.extension().is_some_and(|ending| ending == "log") {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let lines: Vec<&str> = text.lines().collect();
                let last = lines.get(lines.len().saturating_sub(25)..).unwrap_or_default();
                logs.push_str(&format!("-- {}\n{}\n", path.display(), last.join("\n")));
            }
        }
        logs
    }

    /// The newest message of Slack's channel by the bot, once it reads so.
    pub async fn in_slack(&self, text: &str) -> slack::Shown {
        let look = async || {
            let all = self.slack.replies(slack::CHANNEL).into_iter().chain(self.slack.replies(slack::DIRECT));
            all.rev().find(|shown| shown.read().contains(text))
        };
        self.until(&format!("Slack shows {text:?}"), look).await
    }

    /// Presses a button after what should happen anyway did not: a press that a process took with it into its death is not
    /// sent again by Slack, whose user sees that nothing came of it.
    pub async fn pressed_until(&self, card: &slack::Shown, text: &str) {
        for _ in 0..5 {
            let shown =
                async || self.slack.replies(slack::CHANNEL).into_iter().find(|shown| shown.read().contains(text));
            let waited = async {
                while shown().await.is_none() {
                    tokio::time::sleep(Duration::from_millis(20)).await
                }
            };
            if tokio::time::timeout(Duration::from_secs(10), waited).await.is_ok() {
                return;
            }
            self.slack.send_interaction(self.slack.pressed(slack::CHANNEL, card, "Approve", "U1"));
        }
        self.in_slack(text).await;
    }

    /// What Slack objects to, but for what was not acknowledged: processes were killed with it.
    pub fn slack_faults(&self) -> Vec<String> {
        let faults = self.slack.faults().into_iter();
        faults.filter(|fault| !fault.contains("not acknowledged within 3 s")).collect()
    }

    /// The same in Discord's channel, as one user sees it.
    pub async fn in_discord(&self, by: &discord::User, text: &str) -> discord::Message {
        let look = |discord: &Discord| {
            discord.seen(discord::CHANNEL, by).into_iter().rev().find(|message| message.text().contains(text))
        };
        self.discord.until(text, look).await
    }

    /// The one change.
    pub async fn change(&self) -> Change {
        self.client("cid").change("CH-001").await.expect("the change is there")
    }

    /// An edit of a file of the change's workspace.
    pub fn edit(&self, name: &str, text: &str) {
        self.home.write(&format!("project/changes/CH-001/{name}"), text);
    }
}

/// Sends words with a key of their own.
pub async fn said(client: &Client, words: &str, key: &str) -> Result<Answer, codexa_client::Error> {
    client.directive(&DirectiveRequest { words: words.to_owned(), ..DirectiveRequest::default() }, key).await
}

/// The code in a message to somebody whom nobody knows.
pub fn code_in(text: &str) -> String {
    let (_, after) = text.split_once("codexa link ").unwrap_or_else(|| panic!("no code in {text}"));
    after.chars().take_while(char::is_ascii_alphanumeric).collect()
}
