//! Governance and the planner, as strict as the real ones about who asks and with which key, and otherwise as a test says.

use codexa_chassis::grpc;
use codexa_directive::Directive;
use codexa_proto::v1::{self, governance_server, planner_server};
use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};
use tonic::{Code, Request, Response, Status};

/// A person's token, which nothing but governance may ever show.
pub const TOKEN: &str = "cdx_Zm9yLWdvdmVybmFuY2Utb25seQ";

/// How a service behaves.
#[derive(Clone, Debug, Default)]
pub enum Mood {
    /// It answers.
    #[default]
    Well,
    /// It refuses whatever it is asked.
    Refusing(Status),
    /// It never answers.
    Hanging,
}

/// A call as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub method: &'static str,
    pub request_id: String,
    pub key: String,
    pub fingerprint: String,
    pub canonical: String,
}

/// Both services. Clones are the same.
#[derive(Clone, Default)]
pub struct Fake(Arc<Mutex<State>>);

#[derive(Default)]
pub struct State {
    pub governance: Mood,
    pub planner: Mood,
    /// Whether the token was taken back.
    pub is_revoked: bool,
    pub events: Vec<v1::Event>,
    /// How often the events began again.
    histories: u32,
    pub calls: Vec<Call>,
    /// How many entries were asked for, page by page.
    pub limits: Vec<u32>,
    /// First answers, by their keys.
    answered: BTreeMap<String, (String, v1::Answer)>,
}

impl Fake {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The methods that were called, in order.
    pub fn called(&self) -> Vec<&'static str> {
        self.state().calls.iter().map(|call| call.method).collect()
    }

    pub fn last(&self, method: &str) -> Call {
        self.state().calls.iter().rfind(|call| call.method == method).cloned().expect(method)
    }

    /// The next event.
    pub fn happens(&self, kind: &str) -> i64 {
        let mut state = self.state();
        let id = state.events.len() as i64 + 1;
        let cursor = format!("{id}.{:016x}", state.histories);
        state.events.push(v1::Event {
            id,
            at: 1_764_000_000_000 + id,
            kind: kind.to_owned(),
            change: "CH-001".to_owned(),
            gate: "design".to_owned(),
            says: format!("event {id}"),
            cursor,
            ..v1::Event::default()
        });
        id
    }

    /// Nothing has happened any more, as where an old backup was restored.
    pub fn begins_again(&self) {
        let mut state = self.state();
        state.events.clear();
        state.histories += 1;
    }

    async fn enter(&self, method: &'static str, request_id: &str, caller: Option<&v1::Caller>) -> Result<(), Status> {
        self.note(Call { method, request_id: request_id.to_owned(), ..none() }, caller).await
    }

    /// Where the next page begins: there are two, and the second is behind `first`.
    fn page(&self, asked: &v1::ListRequest) -> Result<String, Status> {
        self.state().limits.push(asked.limit);
        match asked.after.as_str() {
            "" => Ok("first".to_owned()),
            "first" => Ok(String::new()),
            _ => Err(grpc::status(Code::InvalidArgument, "PAGE_UNKNOWN", "there is no such page", "begin again")),
        }
    }

    async fn note(&self, call: Call, caller: Option<&v1::Caller>) -> Result<(), Status> {
        let (mood, is_revoked) = {
            let mut state = self.state();
            state.calls.push(call);
            (state.governance.clone(), state.is_revoked)
        };
        in_the(mood).await?;
        if is_revoked || caller.is_none_or(|caller| caller.token != TOKEN) {
            let help = "`codexa token new` makes one";
            return Err(grpc::status(Code::Unauthenticated, "TOKEN_INVALID", "nobody has this token", help));
        }
        Ok(())
    }
}

async fn in_the(mood: Mood) -> Result<(), Status> {
    match mood {
        Mood::Well => Ok(()),
        Mood::Refusing(status) => Err(status),
        Mood::Hanging => pending().await,
    }
}

fn none() -> Call {
    Call {
        method: "",
        request_id: String::new(),
        key: String::new(),
        fingerprint: String::new(),
        canonical: String::new(),
    }
}

fn id_of<T>(request: &Request<T>) -> String {
    request.metadata().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

/// A change with everything that a change can have.
pub fn change() -> v1::Change {
    let digest = format!("sha256:{}", "ab".repeat(32));
    let hold = v1::Hold { person: "bob".to_owned(), reason: "wait".to_owned(), at: 2, until: Some(3) };
    let changed = v1::Changed { path: "spec.md".to_owned(), added: 1, removed: 1, lines: vec!["+new".to_owned()] };
    let vote = v1::Vote {
        person: "bob".to_owned(),
        role: "architect".to_owned(),
        verdict: "approve".to_owned(),
        digest: digest.clone(),
        reason: Some("fine".to_owned()),
        at: 4,
        via: "slack".to_owned(),
        own: false,
        stale: true,
        since: vec![changed],
    };
    let card = v1::Card {
        change: "CH-001".to_owned(),
        title: "Faster search".to_owned(),
        gate: "design".to_owned(),
        state: "open".to_owned(),
        quorum: 2,
        have: 1,
        digest,
        covers: vec![v1::Covered { path: "spec.md".to_owned(), sha256: "ab".repeat(32), lines: 9, unwritten: false }],
        base: "c0ffee".to_owned(),
        votes: vec![vote],
        missing: vec!["one architect".to_owned()],
        closes_at: Some(5),
        hold: Some(hold.clone()),
        as_of: 6,
        obstacle: Some("plan.md is missing".to_owned()),
    };
    v1::Change {
        id: "CH-001".to_owned(),
        title: "Faster search".to_owned(),
        state: "draft".to_owned(),
        requester: "ann".to_owned(),
        opened_at: 1,
        hold: Some(hold),
        gates: vec![card],
    }
}

pub fn job() -> v1::Job {
    v1::Job {
        id: "0b6b8f5e-5c0a-4a3e-9d0c-111111111111".to_owned(),
        kind: "discover".to_owned(),
        state: "running".to_owned(),
        progress: "parse: 3 of 9 files".to_owned(),
        summary: String::new(),
        person: "ann".to_owned(),
        asked_at: 7,
        args: [("mode".to_owned(), "deep".to_owned())].into(),
    }
}

fn answer(directive: &Directive) -> v1::Answer {
    let change = change();
    let card = change.gates[0].clone();
    let confirm = v1::Confirm {
        digest: card.digest.clone(),
        nonce: "n0nce".to_owned(),
        expires_at: 8,
        covers: card.covers.clone(),
        summary: "approve the design".to_owned(),
    };
    let report = v1::Report { name: "governance".to_owned(), blockers: vec!["no".to_owned()], ..v1::Report::default() };
    v1::Answer {
        says: "Done.".to_owned(),
        confirm: Some(confirm),
        card: Some(card),
        changes: vec![change.clone()],
        change: Some(change),
        job: Some(job()),
        report: Some(report),
        entry: Some(v1::Entry { sequence: 0, hash: "ab".repeat(32) }),
        directive: Some(directive.into()),
        lines: vec!["a line".to_owned()],
    }
}

#[tonic::async_trait]
impl governance_server::Governance for Fake {
    async fn identify(&self, request: Request<v1::Caller>) -> Result<Response<v1::Principal>, Status> {
        self.enter("identify", &id_of(&request), Some(request.get_ref())).await?;
        let roles = vec!["architect".to_owned()];
        Ok(Response::new(v1::Principal { kind: "person".to_owned(), name: "ann".to_owned(), roles }))
    }

    async fn get_context(&self, request: Request<v1::Caller>) -> Result<Response<v1::Context>, Status> {
        self.enter("get_context", &id_of(&request), Some(request.get_ref())).await?;
        let gates =
            v1::GateNames { names: vec!["scope".to_owned(), "design".to_owned(), "a gate of tomorrow".to_owned()] };
        Ok(Response::new(v1::Context {
            changes: vec!["CH-001".to_owned()],
            open_gates: [("CH-001".to_owned(), gates)].into(),
            speaker: "ann".to_owned(),
        }))
    }

    async fn execute(&self, request: Request<v1::ExecuteRequest>) -> Result<Response<v1::Answer>, Status> {
        let asked = request.get_ref();
        let canonical = asked.directive.as_ref().map(|directive| directive.canonical.clone()).unwrap_or_default();
        let call = Call {
            method: "execute",
            request_id: id_of(&request),
            key: asked.idempotency_key.clone(),
            fingerprint: asked.fingerprint.clone(),
            canonical,
        };
        self.note(call, asked.caller.as_ref()).await?;
        let directive = match &asked.directive {
            Some(directive) => {
                Directive::try_from(directive).map_err(|error| Status::invalid_argument(error.to_string()))?
            }
            None if asked.nonce == "n0nce" => approve(),
            None => return Err(grpc::status(Code::InvalidArgument, "WORDS_MISSING", "nothing was said", "say it")),
        };
        let mut state = self.state();
        let (fingerprint, first) = state
            .answered
            .entry(asked.idempotency_key.clone())
            .or_insert_with(|| (asked.fingerprint.clone(), answer(&directive)));
        if *fingerprint != asked.fingerprint {
            let message = "this idempotency key was used for another request";
            return Err(grpc::status(Code::AlreadyExists, "IDEMPOTENCY_KEY_REUSED", message, "send a new key"));
        }
        Ok(Response::new(first.clone()))
    }

    async fn list_changes(&self, request: Request<v1::ListRequest>) -> Result<Response<v1::ChangeList>, Status> {
        self.enter("list_changes", &id_of(&request), request.get_ref().caller.as_ref()).await?;
        let next = self.page(request.get_ref())?;
        Ok(Response::new(v1::ChangeList { changes: vec![change()], next }))
    }

    async fn get_change(&self, request: Request<v1::GetChangeRequest>) -> Result<Response<v1::Change>, Status> {
        self.enter("get_change", &id_of(&request), request.get_ref().caller.as_ref()).await?;
        if request.get_ref().id != "CH-001" {
            return Err(grpc::status(Code::NotFound, "CHANGE_NOT_FOUND", "there is no such change", "list them"));
        }
        Ok(Response::new(change()))
    }

    async fn list_jobs(&self, request: Request<v1::ListRequest>) -> Result<Response<v1::JobList>, Status> {
        self.enter("list_jobs", &id_of(&request), request.get_ref().caller.as_ref()).await?;
        let next = self.page(request.get_ref())?;
        Ok(Response::new(v1::JobList { jobs: vec![job()], next }))
    }

    async fn get_job(&self, request: Request<v1::GetJobRequest>) -> Result<Response<v1::Job>, Status> {
        self.enter("get_job", &id_of(&request), request.get_ref().caller.as_ref()).await?;
        Ok(Response::new(job()))
    }

    async fn begin_link(&self, request: Request<v1::Caller>) -> Result<Response<v1::LinkCode>, Status> {
        self.enter("begin_link", &id_of(&request), Some(request.get_ref())).await?;
        Ok(Response::new(v1::LinkCode { code: "K7P2-M9QX".to_owned(), expires_at: 9 }))
    }

    async fn confirm_link(&self, request: Request<v1::ConfirmLinkRequest>) -> Result<Response<v1::Answer>, Status> {
        self.enter("confirm_link", &id_of(&request), request.get_ref().caller.as_ref()).await?;
        let entry = Some(v1::Entry { sequence: 1, hash: "cd".repeat(32) });
        Ok(Response::new(v1::Answer { says: "Linked.".to_owned(), entry, ..v1::Answer::default() }))
    }

    async fn list_events(&self, request: Request<v1::ListEventsRequest>) -> Result<Response<v1::EventList>, Status> {
        let asked = request.get_ref();
        self.enter("list_events", &id_of(&request), asked.caller.as_ref()).await?;
        let state = self.state();
        let newest = state.events.last().map_or_else(|| "0".to_owned(), |event| event.cursor.clone());
        if asked.after.is_empty() {
            return Ok(Response::new(v1::EventList { events: Vec::new(), newest }));
        }
        let seen = match asked.after.as_str() {
            "0" => Some(0),
            after => state.events.iter().position(|event| event.cursor == after).map(|place| place + 1),
        };
        let gone = || grpc::status(Code::OutOfRange, "EVENTS_GONE", "it is not known any more", "look anew");
        let events = state.events.iter().skip(seen.ok_or_else(gone)?);
        let events = events.take(asked.limit.max(1) as usize).cloned().collect();
        Ok(Response::new(v1::EventList { events, newest }))
    }
}

#[tonic::async_trait]
impl planner_server::Planner for Fake {
    async fn prepare_workspace(
        &self,
        request: Request<v1::PrepareWorkspaceRequest>,
    ) -> Result<Response<v1::Workspace>, Status> {
        let mood = {
            let mut state = self.state();
            state.calls.push(Call { method: "prepare_workspace", request_id: id_of(&request), ..none() });
            state.planner.clone()
        };
        in_the(mood).await?;
        let asked = request.into_inner();
        if asked.caller.is_none_or(|caller| caller.token != TOKEN) || asked.change != "CH-001" {
            return Err(Status::invalid_argument("who asks, and for which change?"));
        }
        Ok(Response::new(v1::Workspace { path: "changes/CH-001".to_owned(), made: Vec::new() }))
    }
}

fn approve() -> Directive {
    let message = v1::Directive {
        verb: "approve".to_owned(),
        gate: Some("design".to_owned()),
        target: Some(v1::Target { kind: "change".to_owned(), id: "CH-001".to_owned() }),
        args: Default::default(),
        canonical: String::new(),
    };
    Directive::try_from(&message).unwrap()
}
