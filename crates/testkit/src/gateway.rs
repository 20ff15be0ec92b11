//! A small gateway on loopback that says what a test tells it to. It keeps to the contract as strictly as the real one
//! where an adapter could get it wrong: the token, the idempotency keys, the shape of what is asked.

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use codexa_api::{
    Account, Answer, Card, Change, Changed, Covered, DirectiveRequest, Entry, Event, EventKind, LinkCode, LinkRequest,
    Problem, Said, Vote,
};
use codexa_directive::Outcome;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// The one token that the gateway knows.
pub const TOKEN: &str = "cdx_adapter_of_the_test";

/// The code that every account is given.
pub const CODE: &str = "KXQW-7P2M";

/// What a test's gateway answers to a directive.
pub type Answers = Box<dyn Fn(&DirectiveRequest) -> Result<Answer, Box<Problem>> + Send + Sync>;

/// A request that was sent, repeats included.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its idempotency key.
    pub key: String,
    /// The directive, or nothing where a code was asked for.
    pub directive: Option<DirectiveRequest>,
    /// The account that a code was asked for.
    pub link: Option<Account>,
}

/// A gateway; it ends with the test's runtime.
pub struct Gateway {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    held: Mutex<Held>,
    news: watch::Sender<()>,
}

struct Held {
    answers: Answers,
    asked: Vec<Asked>,
    /// What was asked under a key, and what the answer was.
    keys: BTreeMap<String, (String, Result<Answer, Box<Problem>>)>,
    changes: BTreeMap<String, Change>,
    jobs: BTreeMap<String, codexa_api::Job>,
    events: Vec<Event>,
    /// How often the events began again.
    histories: u32,
    down: bool,
}

impl Held {
    fn newest(&self) -> String {
        self.events.last().map_or_else(|| "0".to_owned(), |event| event.cursor.clone())
    }

    /// The events behind a cursor, where that is known.
    fn behind(&self, cursor: &str) -> Option<Vec<Event>> {
        let seen = match cursor {
            "0" => 0,
            _ => self.events.iter().position(|event| event.cursor == cursor)? + 1,
        };
        Some(self.events.iter().skip(seen).cloned().collect())
    }
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("no test panics while it holds the gateway")
    }
}

impl Gateway {
    /// A gateway on a free port.
    ///
    /// # Panics
    /// When loopback has no port.
    pub async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// A gateway at an address.
    ///
    /// # Panics
    /// When the address is taken.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let held = Held {
            answers: Box::new(|_| refused(404, "CHANGE_NOT_FOUND", "there is no such change")),
            asked: Vec::new(),
            keys: BTreeMap::new(),
            changes: BTreeMap::new(),
            jobs: BTreeMap::new(),
            events: Vec::new(),
            histories: 0,
            down: false,
        };
        let shared = Arc::new(Shared { held: Mutex::new(held), news: watch::Sender::new(()) });
        let address = listener.local_addr().expect("a bound port");
        let router = router(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets what directives are answered with.
    pub fn answer(&self, answers: impl Fn(&DirectiveRequest) -> Result<Answer, Box<Problem>> + Send + Sync + 'static) {
        self.shared.held().answers = Box::new(answers);
    }

    /// Sets a change, with its cards.
    pub fn set_change(&self, change: Change) {
        self.shared.held().changes.insert(change.id.clone(), change);
    }

    /// Sets a job.
    pub fn set_job(&self, job: codexa_api::Job) {
        self.shared.held().jobs.insert(job.id.clone(), job);
    }

    /// Whether every request is answered with 503.
    pub fn set_down(&self, down: bool) {
        self.shared.held().down = down;
    }

    /// Tells every listener, now and later, that something happened.
    pub fn emit(&self, id: i64, kind: EventKind, change: Option<&str>, gate: Option<&str>, job: Option<&str>) {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let says = "something happened".to_owned();
        let mut held = self.shared.held();
        let cursor = format!("{id}.{:016x}", held.histories);
        let event = Event { id, cursor, at: id, kind, change: own(change), gate: own(gate), job: own(job), says };
        held.events.push(event);
        drop(held);
        self.shared.news.send_replace(());
    }

    /// Nothing has happened any more, as where an old backup was restored.
    pub fn begin_again(&self) {
        let mut held = self.shared.held();
        held.events.clear();
        held.histories += 1;
        drop(held);
        self.shared.news.send_replace(());
    }

    /// Everything that was asked to have an effect, repeats included.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.held().asked.clone()
    }

    /// How many keys had an effect.
    #[must_use]
    pub fn effects(&self) -> usize {
        self.shared.held().keys.len()
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/directives", post(directive))
        .route("/v1/links", post(link))
        .route("/v1/changes/{id}", get(change))
        .route("/v1/jobs/{id}", get(job))
        .route("/v1/stream", get(stream))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&shared), admit))
        .with_state(shared)
}

fn refuse(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
}

async fn admit(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if shared.held().down {
        return refuse(&Problem::new(503, "STORE_DOWN", "the store is away", "the store does not answer"));
    }
    let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if token != Some(&format!("Bearer {TOKEN}")) {
        return refuse(&Problem::new(401, "TOKEN_UNKNOWN", "no such token", "nobody has this token"));
    }
    next.run(request).await
}

/// An answer that is a problem.
///
/// # Errors
/// Always: the problem.
pub fn refused(status: u16, code: &str, detail: &str) -> Result<Answer, Box<Problem>> {
    Err(Box::new(Problem::new(status, code, "no", detail)))
}

fn key_of(headers: &HeaderMap) -> Option<String> {
    headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn without_key() -> Response {
    refuse(&Problem::new(400, "IDEMPOTENCY_KEY_MISSING", "no key", "give an Idempotency-Key"))
}

async fn directive(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(request): Json<DirectiveRequest>,
) -> Response {
    let Some(key) = key_of(&headers) else { return without_key() };
    let mut held = shared.held();
    held.asked.push(Asked { key: key.clone(), directive: Some(request.clone()), link: None });
    let body = serde_json::to_string(&request).expect("a request is JSON");
    let answer = match held.keys.get(&key) {
        Some((known, answer)) if *known == body => answer.clone(),
        Some(_) => refused(422, "IDEMPOTENCY_CONFLICT", "this key came with another body"),
        None => {
            let answer = (held.answers)(&request);
            held.keys.insert(key, (body, answer.clone()));
            answer
        }
    };
    answer.map_or_else(|problem| refuse(&problem), |answer| Json(answer).into_response())
}

async fn link(State(shared): State<Arc<Shared>>, headers: HeaderMap, Json(request): Json<LinkRequest>) -> Response {
    let Some(key) = key_of(&headers) else { return without_key() };
    shared.held().asked.push(Asked { key, directive: None, link: request.account });
    // In 2100: a test's clock does not come near.
    Json(LinkCode { code: CODE.to_owned(), expires_at: 4_102_444_800_000 }).into_response()
}

async fn change(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let missing = || refuse(&Problem::new(404, "CHANGE_NOT_FOUND", "no such change", "there is no such change"));
    shared.held().changes.get(&id).map_or_else(missing, |change| Json(change).into_response())
}

async fn job(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let missing = || refuse(&Problem::new(404, "JOB_NOT_FOUND", "no such job", "there is no such job"));
    shared.held().jobs.get(&id).map_or_else(missing, |job| Json(job).into_response())
}

async fn stream(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
    up: WebSocketUpgrade,
) -> Response {
    let after = query.get("after").cloned().unwrap_or_else(|| shared.held().newest());
    if shared.held().behind(&after).is_none() {
        return refuse(&Problem::new(
            410,
            "EVENTS_GONE",
            "gone",
            "what happened after that is not known here any more",
        ));
    }
    up.on_upgrade(move |socket| async move { tell(socket, &shared, after).await })
}

/// Sends what happened behind a cursor, then what happens; until the cursor names nothing any more.
async fn tell(mut socket: WebSocket, shared: &Shared, mut told: String) {
    let mut news = shared.news.subscribe();
    loop {
        let Some(events) = shared.held().behind(&told) else { return };
        for event in events {
            told.clone_from(&event.cursor);
            let text = serde_json::to_string(&event).expect("an event is JSON");
            if socket.send(Message::Text(text.into())).await.is_err() {
                return;
            }
        }
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return },
            said = socket.recv() => if !matches!(said, Some(Ok(_))) { return },
        }
    }
}

/// What words were read as, where they were a directive.
#[must_use]
pub fn said(canonical: &str) -> Said {
    Said {
        outcome: Outcome::Directive,
        directive: None,
        canonical: Some(canonical.to_owned()),
        question: None,
        options: Vec::new(),
        reason: None,
    }
}

/// An answer that says nothing yet.
#[must_use]
pub fn answered(said: Said) -> Answer {
    Answer {
        said,
        says: String::new(),
        lines: Vec::new(),
        confirm: None,
        card: None,
        change: None,
        changes: Vec::new(),
        job: None,
        report: None,
        entry: None,
    }
}

/// A ledger entry.
#[must_use]
pub fn entry() -> Entry {
    Entry { sequence: 7, hash: "5feceb66".to_owned() }
}

/// The card of `design` of CH-001 with these votes, open, at an event.
#[must_use]
pub fn card(votes: Vec<Vote>, as_of: i64) -> Card {
    let covered = |name: &str, lines| Covered {
        path: format!("changes/CH-001/{name}"),
        sha256: "ab".repeat(32),
        lines,
        unwritten: false,
    };
    Card {
        change: "CH-001".to_owned(),
        title: "cap the parser depth".to_owned(),
        gate: "design".to_owned(),
        state: "open".to_owned(),
        quorum: 2,
        have: u32::try_from(votes.iter().filter(|vote| vote.verdict == "approve" && !vote.stale).count()).unwrap_or(0),
        digest: digest(),
        covers: vec![covered("spec.md", 40), covered("plan.md", 12)],
        base: Some("41d0e9a2c0ffee00000000000000000000000000".to_owned()),
        votes,
        missing: vec!["1 of PM or HR, not the requester".to_owned()],
        closes_at: None,
        hold: None,
        as_of,
        obstacle: None,
    }
}

/// The digest on that card.
#[must_use]
pub fn digest() -> String {
    format!("sha256:7f3a{}c2", "0".repeat(58))
}

/// An approval by a person, in a role.
#[must_use]
pub fn vote(person: &str, role: &str, at: i64) -> Vote {
    Vote {
        person: person.to_owned(),
        role: role.to_owned(),
        verdict: "approve".to_owned(),
        digest: digest(),
        reason: None,
        at,
        via: "slack".to_owned(),
        own: false,
        stale: false,
        since: Vec::new(),
    }
}

/// Lines of plan.md that changed since a vote.
#[must_use]
pub fn edited_plan() -> Vec<Changed> {
    let lines = vec!["-cap at 100".to_owned(), "+cap at 1000".to_owned(), "+say so".to_owned()];
    vec![Changed { path: "changes/CH-001/plan.md".to_owned(), added: 2, removed: 1, lines }]
}

/// CH-001 with its card.
#[must_use]
pub fn change_with(card: Card) -> Change {
    Change {
        id: card.change.clone(),
        title: card.title.clone(),
        state: "draft".to_owned(),
        requester: "ana".to_owned(),
        opened_at: 0,
        hold: card.hold.clone(),
        gates: vec![card],
    }
}
