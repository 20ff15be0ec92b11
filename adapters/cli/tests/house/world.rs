//! A project, the processes of Codexa that serve it, and the chats around them.

use codexa_api::{Answer, Change, DirectiveRequest};
use codexa_chassis::settings::Secret;
use codexa_client::Client;
use codexa_project::Project;
use codexa_project::lock::Lock;
use codexa_testkit::cli::{Run, World as Home};
use codexa_testkit::discord::{self, Discord};
use codexa_testkit::running::Running;
use codexa_testkit::slack::{self, Slack};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long something may take that should come at once, on a machine that builds beside it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How long chats wait for an acknowledgement that are told to wait less long than the real ones.
const IMPATIENCE: Duration = Duration::from_secs(1);

/// What people ask first.
pub const ASK: &str = "approve design for CH-001";

/// A project with people, and Codexa's processes.
pub struct World {
    pub home: Home,
    pub slack: Slack,
    pub discord: Discord,
    pub up: Option<Running>,
    pub url: String,
    /// The tokens of people, each made when it is first needed.
    tokens: Mutex<BTreeMap<String, String>>,
    /// Commands are told where the house is; else they find the one on this machine.
    is_remote: bool,
}

/// The people of the project: two decide, one asked for the change.
const PEOPLE: &str = "version: 1
people:
  - id: ada
    roles: [GO, QA]
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
        Self { home, slack, discord, up: None, url: String::new(), tokens: Mutex::default(), is_remote: false }
    }

    /// The same with a house elsewhere that knows people by these tokens.
    pub async fn remote(url: String, tokens: &[(&str, &str)]) -> Self {
        let owned = |(person, token): &(&str, &str)| ((*person).to_owned(), (*token).to_owned());
        let tokens = Mutex::new(tokens.iter().map(owned).collect());
        Self { url, tokens, is_remote: true, ..Self::new().await }
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

    /// The token of a person.
    pub fn token(&self, person: &str) -> String {
        let mut tokens = self.tokens.lock().unwrap();
        let token = tokens.entry(person.to_owned());
        token
            .or_insert_with(|| {
                self.home.run(&["token", "new", "--person", person]).with_code(0).stdout.trim().to_owned()
            })
            .clone()
    }

    /// Runs a command as `cid`, by a token.
    pub fn say(&self, arguments: &[&str]) -> Run {
        let token = self.token("cid");
        let mut command = self.home.command(arguments);
        command.env("CODEXA_TOKEN", token);
        if self.is_remote {
            command.env("CODEXA_REMOTE", &self.url);
        }
        self.home.finish(command)
    }

    /// The same, which has to end well.
    pub fn say_ok(&self, arguments: &[&str]) -> Run {
        self.say(arguments).with_code(0)
    }

    /// A change with its workspace, opened by `cid`.
    pub fn open_change(&self) {
        self.say_ok(&["change", "new", "cap the parser depth"]);
    }

    /// Waits until the whole house answers.
    pub async fn ready(&self) {
        let client = self.client("cid");
        self.until("the house answers", async || client.changes().await.ok()).await;
    }

    /// Makes the account of a chat a person's: the code is taken from what the chat shows to the account alone.
    pub async fn link(&self, person: &str, code: &str) {
        let client = self.client(person);
        self.until("the code is taken", async || client.confirm_link(code, false, code).await.ok()).await;
    }

    /// The right to write the project's files: discovery waits for it as long as this is held.
    pub fn hold_files(&self) -> Lock {
        let project = Project::open(&self.home.project()).unwrap();
        Lock::acquire(&project, "the story", PATIENCE, |_| {}, || false).unwrap()
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
                "waited in vain until {what}\nslack shows {:#?}\ndiscord shows {:#?}\n{}",
                self.slack.channel(slack::CHANNEL).iter().map(slack::Shown::read).collect::<Vec<_>>(),
                self.discord.seen(discord::CHANNEL, &self.dea()).iter().map(discord::Message::text).collect::<Vec<_>>(),
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

    /// Who is bea in Discord.
    pub fn dea(&self) -> discord::User {
        self.discord.user("dea")
    }

    /// The same in a channel of Discord, as dea sees it.
    pub async fn in_discord(&self, channel: u64, text: &str) -> discord::Message {
        let dea = self.dea();
        let look =
            async || self.discord.seen(channel, &dea).into_iter().rev().find(|message| message.text().contains(text));
        self.until(&format!("Discord shows {text:?}"), look).await
    }

    /// This message of Slack's channel, once it reads so.
    pub async fn slack_turns(&self, message: &slack::Shown, text: &str) -> slack::Shown {
        let look = async || {
            let mut all = self.slack.replies(slack::CHANNEL).into_iter();
            all.find(|shown| shown.ts == message.ts && shown.read().contains(text))
        };
        self.until(&format!("the message of Slack turns to {text:?}"), look).await
    }

    /// The same of Discord.
    pub async fn discord_turns(&self, message: &discord::Message, text: &str) -> discord::Message {
        let dea = self.dea();
        let look = async || {
            let mut all = self.discord.seen(message.channel, &dea).into_iter();
            all.find(|shown| shown.id == message.id && shown.text().contains(text))
        };
        self.until(&format!("the message of Discord turns to {text:?}"), look).await
    }

    /// What both chats object to.
    pub fn faults(&self) -> Vec<String> {
        self.slack.faults().into_iter().chain(self.discord.faults()).collect()
    }

    /// Both chats wait less long for acknowledgements, so that what processes take into their death is missed sooner.
    pub fn make_impatient(&self) {
        self.slack.set_patience(IMPATIENCE);
        self.discord.set_answer_within(IMPATIENCE);
    }

    /// What both chats object to, but for what was not acknowledged in time: processes were killed with it.
    pub fn faults_of_the_living(&self) -> Vec<String> {
        let died =
            |fault: &String| fault.contains("not acknowledged within") || fault.contains("was not answered within");
        self.faults().into_iter().filter(|fault| !died(fault)).collect()
    }

    /// What decisions of the project are kept under.
    pub fn project_id(&self) -> String {
        let config = self.home.read("project/.codexa/config.yaml");
        config.lines().find_map(|line| line.trim().strip_prefix("id: ")).expect("an id").to_owned()
    }

    /// The one change.
    pub async fn change(&self) -> Change {
        let client = self.client("cid");
        self.until("the change is shown", async || client.change("CH-001").await.ok()).await
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
