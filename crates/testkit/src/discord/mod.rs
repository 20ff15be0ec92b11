//! A strict stub of Discord on loopback: REST and gateway, as far as a chat bot uses them.
//!
//! It refuses what Discord refuses, keeps each breach as a fault, and shows channels as people see them. Beyond
//! Discord's own rules it holds Codexa to one more: no message may be able to ping anybody.

#![allow(
    clippy::indexing_slicing,
    reason = "writing a member of a JSON object by its name makes it where it is missing"
)]

mod checks;
mod gateway;
mod payload;
mod rest;
mod world;

pub use world::{
    APPLICATION, Acknowledged, BOT, Button, CHANNEL, GUILD, Membership, Message, OTHER_CHANNEL, OTHER_GUILD, User,
    id_ago,
};

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use world::{Interaction, Order, World};

/// How long a test waits for something that should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the routes share: the world, and a bell that rings at each change.
struct Stub {
    address: SocketAddr,
    world: Mutex<World>,
    bell: watch::Sender<u64>,
}

impl Stub {
    fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.lock().expect("a test that panicked has failed already"))
    }

    fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let answer = act(&mut self.world.lock().expect("a test that panicked has failed already"));
        self.bell.send_modify(|rings| *rings += 1);
        answer
    }

    fn gateway_url(&self) -> String {
        let elsewhere = self.look(|world| world.knobs.gateway.clone());
        elsewhere.unwrap_or_else(|| format!("ws://{}", self.address))
    }
}

/// Discord, with one guild per channel and the bot in both; it ends when dropped.
pub struct Discord {
    stub: Arc<Stub>,
    server: JoinHandle<()>,
}

impl Drop for Discord {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Discord {
    /// Starts it on a free port.
    ///
    /// # Panics
    /// When loopback has no port to give.
    pub async fn start() -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST.into()).await
    }

    /// The same at another address of this machine, for who does not reach loopback.
    ///
    /// # Panics
    /// When nobody can listen there.
    pub async fn start_at(address: IpAddr) -> Self {
        let listener = tokio::net::TcpListener::bind((address, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let token = "OTAwMDAwMDAwMDAwMDAwMDAx.stub.token".to_owned();
        let stub = Arc::new(Stub { address, world: Mutex::new(World::new(token)), bell: watch::channel(0).0 });
        let routes = Router::new()
            .nest("/api/v10", rest::routes(&stub))
            .route("/", get(gateway::connect))
            .with_state(Arc::clone(&stub));
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, routes).await;
        });
        Self { stub, server }
    }

    /// Where its REST API is, without `/api`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.stub.address)
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.stub.look(|world| world.token.clone())
    }

    // What tests may turn.

    /// Where it says that its gateway is.
    pub fn set_gateway_url(&self, url: String) {
        self.stub.change(|world| world.knobs.gateway = Some(url));
    }

    /// How often the next connection has to send a heartbeat.
    pub fn set_heartbeat(&self, interval: Duration) {
        self.stub.change(|world| world.knobs.heartbeat = interval);
    }

    /// How long an interaction may wait for its first answer.
    pub fn set_answer_within(&self, limit: Duration) {
        self.stub.change(|world| world.knobs.answer_within = limit);
    }

    /// How long the first answer to an interaction is on its way.
    pub fn slow_answers(&self, delay: Duration) {
        self.stub.change(|world| world.knobs.slow_answers = delay);
    }

    /// This user takes no direct messages.
    pub fn close_direct(&self, user: &User) {
        self.stub.change(|world| world.knobs.closed_to_direct.insert(user.id));
    }

    /// The next requests that write anything fail.
    pub fn fail(&self, status: u16, times: usize) {
        self.stub.change(|world| world.knobs.failing = (status, times));
    }

    /// The next messages are posted, and their sender does not hear of it.
    pub fn lose_answers(&self, times: usize) {
        self.stub.change(|world| world.knobs.losing = times);
    }

    /// Fifteen minutes pass for this interaction: its token opens nothing any more.
    pub fn expire(&self, interaction: u64) {
        self.stub.change(|world| {
            if let Some(it) = world.interactions.get_mut(&interaction) {
                it.dead = true;
            }
        });
    }

    /// What somebody is in a guild from now on; before, everybody is a member of every guild.
    pub fn becomes(&self, guild: u64, user: &User, membership: Membership) {
        self.stub.change(|world| world.memberships.insert((guild, user.id), membership));
    }

    /// The bot is taken out of a guild.
    pub fn remove_bot(&self, guild: u64) {
        self.stub.change(|world| world.guilds.retain(|_, of| *of != guild));
    }

    /// Whether questions about members are answered with 503.
    pub fn hide_members(&self, hide: bool) {
        self.stub.change(|world| world.knobs.members_hidden = hide);
    }

    /// The connection breaks without a word.
    pub fn cut(&self) {
        self.disconnect(Order::Cut);
    }

    /// Whether the gateway refuses new connections.
    pub fn set_away(&self, away: bool) {
        self.stub.change(|world| world.knobs.away = away);
    }

    /// The gateway closes the connection with a code; 4000 may be resumed.
    pub fn close(&self, code: u16) {
        self.disconnect(Order::Close(code));
    }

    /// The gateway asks to reconnect and resume (op 7).
    pub fn ask_to_reconnect(&self) {
        self.stub.change(|world| world.order(Order::Send(json!({"op": 7, "d": null}).to_string())));
    }

    /// The gateway gives the session up (op 9): nothing of it can be resumed.
    pub fn invalidate(&self) {
        self.stub.change(|world| {
            world.order(Order::Send(json!({"op": 9, "d": false}).to_string()));
            world.session = None;
        });
    }

    fn disconnect(&self, order: Order) {
        self.stub.change(|world| {
            world.order(order);
            if let Some(session) = &mut world.session {
                session.live = None;
            }
        });
    }

    // What people do.

    /// Somebody; a name is one person.
    #[must_use]
    pub fn user(&self, name: &str) -> User {
        self.stub.change(|world| world.user(name))
    }

    /// The channel for direct messages between the bot and somebody.
    #[must_use]
    pub fn direct(&self, with: &User) -> u64 {
        self.stub.change(|world| world.direct_channel(with.id))
    }

    /// Somebody writes a message; the answer is what `MESSAGE_CREATE` carried, to be sent again or changed.
    pub fn says(&self, channel: u64, by: &User, content: &str) -> Value {
        let message = self.draft(channel, by, content);
        self.stub.change(|world| world.said.push(message.clone()));
        self.dispatch("MESSAGE_CREATE", message.clone());
        message
    }

    /// Somebody said this before, or as somebody else: it is there to be read, and no event tells of it.
    pub fn said(&self, message: Value) {
        self.stub.change(|world| world.said.push(message));
    }

    /// The same, not yet sent.
    #[must_use]
    pub fn draft(&self, channel: u64, by: &User, content: &str) -> Value {
        self.stub.change(|world| {
            let id = world.next_id();
            payload::said(id, channel, world.standing_in(channel, by), by, content)
        })
    }

    /// Sends any event of the gateway.
    pub fn dispatch(&self, name: &str, data: Value) {
        self.stub.change(|world| world.dispatch(name, data));
    }

    /// Somebody presses a button of a message; the answer is the interaction's id.
    ///
    /// # Panics
    /// When the message has no such button that this person can press.
    pub fn press(&self, by: &User, message: u64, label: &str) -> u64 {
        self.stub.change(|world| {
            let message = world.message_mut(message).expect("a message that is there").clone();
            assert!(message.only.is_none_or(|only| only == by.id), "{} does not see this message", by.name);
            let button = message.buttons().into_iter().find(|button| button.label == label && !button.disabled);
            let button = button.unwrap_or_else(|| panic!("no button {label} in {:?}", message.buttons()));
            interact(world, message.channel, by, Some(message.id), |event| {
                event["type"] = json!(3);
                event["message"] = payload::message(&message);
                event["data"] = json!({"custom_id": button.custom_id, "component_type": 2});
            })
        })
    }

    /// Whoever pressed saw that it failed, and presses once more what they see; the answer is the new interaction's id.
    ///
    /// # Panics
    /// When there was no such press.
    pub fn press_again(&self, by: &User, press: u64) -> u64 {
        self.stub.change(|world| {
            let pressed = world.interactions.get(&press).expect("a press").clone();
            interact(world, pressed.channel, by, pressed.original, |event| {
                for part in ["type", "message", "data"] {
                    event[part] = pressed.event[part].clone();
                }
            })
        })
    }

    /// Somebody uses `/codexa words:…`; the answer is the interaction's id.
    ///
    /// # Panics
    /// When no such command is registered.
    pub fn slash(&self, channel: u64, by: &User, words: &str) -> u64 {
        self.stub.change(|world| {
            assert!(world.commands.iter().any(|command| command["name"] == "codexa"), "no command /codexa");
            interact(world, channel, by, None, |event| {
                event["type"] = json!(2);
                event["data"] = json!({
                    "id": "900000000000000100", "name": "codexa", "type": 1,
                    "options": [{"name": "words", "type": 3, "value": words}],
                });
            })
        })
    }

    /// The gateway sends an interaction once more.
    pub fn again(&self, interaction: u64) {
        self.stub.change(|world| {
            if let Some(event) = world.interactions.get(&interaction).map(|it| it.event.clone()) {
                world.dispatch("INTERACTION_CREATE", event);
            }
        });
    }

    /// Somebody fills in the form that a press opened; the answer is the interaction's id.
    ///
    /// # Panics
    /// When the press opened none.
    pub fn fill(&self, by: &User, press: u64, text: &str) -> u64 {
        self.stub.change(|world| {
            let pressed = world.interactions.get(&press).expect("a press").clone();
            let form = pressed.form.expect("a form");
            let message = pressed.original.and_then(|id| world.message_mut(id)).expect("the pressed message").clone();
            interact(world, pressed.channel, by, Some(message.id), |event| {
                let input = &form["components"][0]["components"][0]["custom_id"];
                let filled = json!([{"type": 1, "components": [{"type": 4, "custom_id": input, "value": text}]}]);
                event["type"] = json!(5);
                event["message"] = payload::message(&message);
                event["data"] = json!({"custom_id": form["custom_id"], "components": filled});
            })
        })
    }

    // What can be seen.

    /// The messages of the bot in a channel that this person sees, oldest first.
    #[must_use]
    pub fn seen(&self, channel: u64, by: &User) -> Vec<Message> {
        self.stub.look(|world| {
            let sees = |message: &&Message| message.channel == channel && message.only.is_none_or(|only| only == by.id);
            world.messages.iter().filter(sees).cloned().collect()
        })
    }

    /// How an interaction was answered first, if it was.
    #[must_use]
    pub fn acknowledged(&self, interaction: u64) -> Option<Acknowledged> {
        self.stub.look(|world| world.interactions.get(&interaction).and_then(|it| it.acknowledged))
    }

    /// Whether an interaction was not answered in time: whoever pressed sees that it failed.
    #[must_use]
    pub fn has_failed(&self, interaction: u64) -> bool {
        self.stub.look(|world| world.has_failed(interaction))
    }

    /// The form that a press was answered with.
    #[must_use]
    pub fn form(&self, press: u64) -> Option<Value> {
        self.stub.look(|world| world.interactions.get(&press).and_then(|it| it.form.clone()))
    }

    /// How often a client said IDENTIFY and RESUME.
    #[must_use]
    pub fn sessions(&self) -> (usize, usize) {
        self.stub.look(|world| (world.identified, world.resumed))
    }

    /// The registered commands.
    #[must_use]
    pub fn commands(&self) -> Vec<Value> {
        self.stub.look(|world| world.commands.clone())
    }

    /// What the client did that Discord refuses, or that Codexa may not do.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        self.stub.look(|world| world.all_faults())
    }

    /// Ends a test: nothing was wrong.
    ///
    /// # Panics
    /// When something was.
    pub fn assert_no_faults(&self) {
        let faults = self.faults();
        assert!(faults.is_empty(), "Discord objects:\n{}", faults.join("\n"));
    }

    /// Waits until a client is connected and ready.
    pub async fn ready(&self) {
        let live = |world: &World| world.session.as_ref().is_some_and(|session| session.live.is_some());
        self.until("a client is ready", |discord| discord.stub.look(live).then_some(())).await;
    }

    /// Waits until a look at Discord finds what it looks for.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn until<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        let mut bell = self.stub.bell.subscribe();
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            // Some looks see what no bell tells: a look now and then costs nothing.
            let _ = tokio::time::timeout(Duration::from_millis(50), bell.changed()).await;
            if Instant::now() > end {
                let (faults, messages) = self.stub.look(|world| (world.all_faults(), world.messages.clone()));
                panic!("waited in vain until {what}; faults {faults:?}; messages {messages:#?}");
            }
        }
    }
}

fn interact(world: &mut World, channel: u64, by: &User, original: Option<u64>, fill: impl FnOnce(&mut Value)) -> u64 {
    let id = world.next_id();
    let token = format!("interaction-token-{id}");
    let mut event = payload::interaction(id, &token, channel, world.standing_in(channel, by), by);
    fill(&mut event);
    world.interactions.insert(
        id,
        Interaction {
            by: by.id,
            channel,
            token,
            at: Instant::now(),
            acknowledged: None,
            original,
            pressed: original.is_some(),
            form: None,
            event: event.clone(),
            dead: false,
        },
    );
    world.dispatch("INTERACTION_CREATE", event);
    id
}
