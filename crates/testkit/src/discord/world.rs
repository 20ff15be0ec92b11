//! What the stub holds: channels with their messages, interactions with their clocks, the gateway's session, faults.

use super::payload;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// The bot's user.
pub const BOT: u64 = 900_000_000_000_000_001;
/// The bot's application.
pub const APPLICATION: u64 = 900_000_000_000_000_002;
/// A guild that the bot is in.
pub const GUILD: u64 = 900_000_000_000_000_010;
/// Another guild that the bot is in.
pub const OTHER_GUILD: u64 = 900_000_000_000_000_011;
/// A channel of [`GUILD`].
pub const CHANNEL: u64 = 900_000_000_000_000_020;
/// A channel of [`OTHER_GUILD`].
pub const OTHER_CHANNEL: u64 = 900_000_000_000_000_021;

/// The id of the first person.
const FIRST_USER: u64 = 910_000_000_000_000_000;

/// Somebody on Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id, the same in every guild.
    pub id: u64,
    /// The name.
    pub name: String,
    /// No person.
    pub bot: bool,
}

/// What somebody is in a guild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// A member like any other.
    Member,
    /// A member who has not passed the guild's screening yet.
    Pending,
    /// Let into one voice channel.
    Guest,
    /// Shown, when asked about, as nobody should be.
    Garbled,
    /// None, or none any more.
    Gone,
}

/// A message of the bot, as people see it.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: u64,
    /// Where it is.
    pub channel: u64,
    /// Who alone sees it.
    pub only: Option<u64>,
    /// "codexa is thinking": the answer is still owed.
    pub loading: bool,
    /// How often it was edited.
    pub edits: usize,
    /// `content`, `embeds` and `components`.
    pub body: Value,
    pub(super) nonce: Option<String>,
}

/// A button, as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What a press sends.
    pub custom_id: String,
    /// It cannot be pressed.
    pub disabled: bool,
}

impl Message {
    /// All its text, line by line: content, titles, descriptions, fields, footers; with backslashes as they were sent.
    #[must_use]
    pub fn raw(&self) -> String {
        let mut lines = Vec::new();
        let mut push = |value: Option<&Value>| {
            if let Some(text) = value.and_then(Value::as_str).filter(|text| !text.is_empty()) {
                lines.push(text.to_owned());
            }
        };
        push(self.body.get("content"));
        for embed in items(self.body.get("embeds")) {
            push(embed.get("title"));
            push(embed.get("description"));
            for field in items(embed.get("fields")) {
                push(field.get("name"));
                push(field.get("value"));
            }
            push(embed.get("footer").and_then(|footer| footer.get("text")));
        }
        lines.join("\n")
    }

    /// All its text as Discord shows it: an escaping backslash is not seen, nor is a zero-width space.
    #[must_use]
    pub fn text(&self) -> String {
        let mut shown = String::new();
        let mut escaped = false;
        for c in self.raw().chars() {
            if c == '\\' && !escaped {
                escaped = true;
                continue;
            }
            escaped = false;
            if c != '\u{200b}' {
                shown.push(c);
            }
        }
        shown
    }

    /// Its buttons, left to right.
    #[must_use]
    pub fn buttons(&self) -> Vec<Button> {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        items(self.body.get("components"))
            .iter()
            .flat_map(|row| items(row.get("components")))
            .map(|button| Button {
                label: text(button, "label"),
                custom_id: text(button, "custom_id"),
                disabled: button.get("disabled").and_then(Value::as_bool).unwrap_or(false),
            })
            .collect()
    }
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// How an interaction was answered first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    /// With a message.
    Message,
    /// "codexa is thinking": a message follows.
    Deferred,
    /// Without anything that people see: an edit may follow.
    Silently,
    /// With a form.
    Form,
}

/// A press or a slash command, with its clock.
#[derive(Clone, Debug)]
pub(super) struct Interaction {
    pub by: u64,
    pub channel: u64,
    pub token: String,
    pub at: Instant,
    pub acknowledged: Option<Acknowledged>,
    /// The message that `@original` means.
    pub original: Option<u64>,
    /// What it came from: a message's button, or a form that a button opened.
    pub pressed: bool,
    /// The form that it was answered with.
    pub form: Option<Value>,
    /// What the gateway sent.
    pub event: Value,
    /// Fifteen minutes are over.
    pub dead: bool,
}

/// What a connection is told to do.
pub(super) enum Order {
    Send(String),
    /// The connection breaks.
    Cut,
    Close(u16),
}

/// A gateway session: it outlives its connections.
pub(super) struct Session {
    pub id: String,
    pub seq: u64,
    pub intents: u64,
    /// Every dispatch, for a resume.
    pub log: Vec<(u64, String)>,
    pub live: Option<UnboundedSender<Order>>,
}

impl Session {
    pub fn dispatch(&mut self, name: &str, mut data: Value) {
        if name == "MESSAGE_CREATE" {
            self.withhold(&mut data);
        }
        self.seq += 1;
        let frame = json!({"op": 0, "s": self.seq, "t": name, "d": data}).to_string();
        self.log.push((self.seq, frame.clone()));
        if let Some(live) = &self.live {
            let _ = live.send(Order::Send(frame));
        }
    }

    /// Without the privileged intent a bot reads only direct messages and messages that mention it.
    fn withhold(&self, data: &mut Value) {
        let content_intent = self.intents & (1 << 15) != 0;
        let direct = data.get("guild_id").is_none();
        let mentioned = items(data.get("mentions")).iter().any(|user| user["id"].as_str() == Some(&BOT.to_string()));
        if !content_intent && !direct && !mentioned {
            data["content"] = json!("");
        }
    }
}

/// What tests may turn.
pub(super) struct Knobs {
    /// The gateway takes no connections.
    pub away: bool,
    /// Where the gateway is said to be, if not where it is.
    pub gateway: Option<String>,
    pub heartbeat: Duration,
    pub answer_within: Duration,
    /// How long a first answer is on its way.
    pub slow_answers: Duration,
    pub closed_to_direct: BTreeSet<u64>,
    /// Nobody is told who is a member.
    pub members_hidden: bool,
    /// Requests that write a message fail with this status, so many times.
    pub failing: (u16, usize),
    /// So many messages are posted while their sender hears 502.
    pub losing: usize,
}

pub(super) struct World {
    pub token: String,
    pub ids: u64,
    pub users: Vec<String>,
    /// The guild of each channel; the bot is in them.
    pub guilds: BTreeMap<u64, u64>,
    /// What people are in guilds, where they are not members.
    pub memberships: BTreeMap<(u64, u64), Membership>,
    /// Direct channels, with their person.
    pub direct: BTreeMap<u64, u64>,
    pub messages: Vec<Message>,
    /// What people said, as `MESSAGE_CREATE` carries it.
    pub said: Vec<Value>,
    pub interactions: BTreeMap<u64, Interaction>,
    pub commands: Vec<Value>,
    pub session: Option<Session>,
    pub identified: usize,
    pub resumed: usize,
    pub faults: Vec<String>,
    pub knobs: Knobs,
}

/// The first id of a moment that is so long ago: <https://discord.com/developers/docs/reference#snowflakes>
#[must_use]
pub fn id_ago(ago: Duration) -> u64 {
    const EPOCH: i64 = 1_420_070_400_000;
    let now = jiff::Timestamp::now().as_millisecond() - EPOCH;
    let ago = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
    u64::try_from(now.saturating_sub(ago)).unwrap_or_default() << 22
}

impl World {
    pub fn new(token: String) -> Self {
        Self {
            token,
            ids: id_ago(Duration::ZERO),
            users: Vec::new(),
            guilds: BTreeMap::from([(CHANNEL, GUILD), (OTHER_CHANNEL, OTHER_GUILD)]),
            memberships: BTreeMap::new(),
            direct: BTreeMap::new(),
            messages: Vec::new(),
            said: Vec::new(),
            interactions: BTreeMap::new(),
            commands: Vec::new(),
            session: None,
            identified: 0,
            resumed: 0,
            faults: Vec::new(),
            knobs: Knobs {
                away: false,
                gateway: None,
                heartbeat: Duration::from_millis(41_250),
                answer_within: Duration::from_secs(3),
                slow_answers: Duration::ZERO,
                closed_to_direct: BTreeSet::new(),
                members_hidden: false,
                failing: (0, 0),
                losing: 0,
            },
        }
    }

    pub fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    /// Somebody; a name is one person.
    pub fn user(&mut self, name: &str) -> User {
        let at = self.users.iter().position(|known| known == name).unwrap_or(self.users.len());
        if at == self.users.len() {
            self.users.push(name.to_owned());
        }
        User { id: FIRST_USER + at as u64, name: name.to_owned(), bot: false }
    }

    /// Somebody by the id.
    pub fn user_of(&self, id: u64) -> Option<User> {
        let at = usize::try_from(id.checked_sub(FIRST_USER)?).ok()?;
        self.users.get(at).map(|name| User { id, name: name.clone(), bot: false })
    }

    /// The guild of a channel and what somebody is there; nothing where it is none of a guild's.
    pub fn standing_in(&self, channel: u64, user: &User) -> Option<(u64, Membership)> {
        self.guilds.get(&channel).map(|guild| (*guild, self.membership(*guild, user.id)))
    }

    pub fn membership(&self, guild: u64, user: u64) -> Membership {
        self.memberships.get(&(guild, user)).copied().unwrap_or(Membership::Member)
    }

    pub fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    /// What went wrong so far; an interaction that nobody answered in time is a fault too.
    pub fn all_faults(&self) -> Vec<String> {
        let within = self.knobs.answer_within;
        let unanswered = self.interactions.keys().filter(|id| self.has_failed(**id));
        let unanswered = unanswered.map(|id| format!("interaction {id} was not answered within {within:?}"));
        self.faults.iter().cloned().chain(unanswered).collect()
    }

    /// Whether an interaction was not answered in time.
    pub fn has_failed(&self, interaction: u64) -> bool {
        let late = |it: &Interaction| it.acknowledged.is_none() && it.at.elapsed() > self.knobs.answer_within;
        self.interactions.get(&interaction).is_some_and(late)
    }

    pub fn knows_channel(&self, channel: u64) -> bool {
        self.guilds.contains_key(&channel) || self.direct.contains_key(&channel)
    }

    /// The channel for direct messages with somebody.
    pub fn direct_channel(&mut self, user: u64) -> u64 {
        if let Some((channel, _)) = self.direct.iter().find(|(_, with)| **with == user) {
            return *channel;
        }
        let channel = self.next_id();
        self.direct.insert(channel, user);
        channel
    }

    pub fn dispatch(&mut self, name: &str, data: Value) {
        if let Some(session) = &mut self.session {
            session.dispatch(name, data);
        }
    }

    /// A message as it is handed out to the bot.
    pub fn withheld(&self, message: &Value) -> Value {
        let mut message = message.clone();
        if let Some(session) = &self.session {
            session.withhold(&mut message);
        }
        message
    }

    pub fn order(&mut self, order: Order) {
        if let Some(live) = self.session.as_ref().and_then(|session| session.live.as_ref()) {
            let _ = live.send(order);
        }
    }

    /// A connection ended: its session lives on, without one.
    pub fn hang_up(&mut self, connection: &UnboundedSender<Order>) {
        if let Some(session) = &mut self.session
            && session.live.as_ref().is_some_and(|live| live.same_channel(connection))
        {
            session.live = None;
        }
    }

    pub fn message_mut(&mut self, id: u64) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == id)
    }

    /// A new message of the bot; one with the same enforced nonce is the one that is there already.
    pub fn post(&mut self, channel: u64, only: Option<u64>, loading: bool, body: &Value) -> Value {
        let nonce = body.get("nonce").and_then(Value::as_str).map(str::to_owned);
        let enforced = body.get("enforce_nonce").and_then(Value::as_bool) == Some(true);
        if enforced && let Some(there) = self.messages.iter().find(|it| it.channel == channel && it.nonce == nonce) {
            return payload::message(there);
        }
        let id = self.next_id();
        let message = Message { id, channel, only, loading, edits: 0, body: shown(&json!({}), body), nonce };
        let answer = payload::message(&message);
        self.messages.push(message);
        if only.is_none() && !loading {
            self.tell_of(answer.clone());
        }
        answer
    }

    /// A bot hears its own messages too.
    fn tell_of(&mut self, mut message: Value) {
        let channel = message["channel_id"].as_str().and_then(|id| id.parse().ok());
        if let Some(guild) = channel.and_then(|channel: u64| self.guilds.get(&channel)) {
            message["guild_id"] = json!(guild.to_string());
        }
        self.dispatch("MESSAGE_CREATE", message);
    }

    pub fn edit(&mut self, id: u64, body: &Value) -> Option<Value> {
        let message = self.message_mut(id)?;
        message.body = shown(&message.body, body);
        message.loading = false;
        message.edits += 1;
        Some(payload::message(message))
    }
}

/// What people see of a body; what an edit leaves out stays.
fn shown(old: &Value, new: &Value) -> Value {
    let mut body = old.clone();
    for key in ["content", "embeds", "components"] {
        if let Some(value) = new.get(key).filter(|value| !value.is_null()) {
            body[key] = value.clone();
        }
    }
    body
}
