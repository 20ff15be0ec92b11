//! The planner beside a governance that a test moves on.

use crate::{card, change, planner};
use codexa_chassis::bus::{Bus, InProcess};
use codexa_chassis::grpc::{self, Listen, Pace, in_process};
use codexa_chassis::settings::Secret;
use codexa_chassis::shutdown::Shutdown;
use codexa_planner::serve::{Following, serve};
use codexa_proto::v1;
use codexa_proto::v1::governance_server::{self, GovernanceServer};
use codexa_proto::v1::planner_client::PlannerClient;
use codexa_testkit::GitRepository;
use std::collections::BTreeMap;
use std::fs;
use std::future::pending;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status};

const TOPIC: &str = "events";
const TOKEN: &str = "the planner's own token";
/// Of somebody who asks the planner for something.
const CALLER: &str = "a person's token";
const SOON: Duration = Duration::from_secs(20);

/// What the planner asks of governance, and nothing else.
#[derive(Clone, Default)]
struct Fake(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    changes: BTreeMap<String, v1::Change>,
    events: Vec<v1::Event>,
    /// How often the events began again.
    histories: usize,
    hangs: bool,
    asked: usize,
    /// How often a change was asked for by its id.
    looked_up: usize,
}

impl Fake {
    fn decide(&self, change: v1::Change) {
        let mut state = self.0.lock().unwrap();
        let id = state.events.len() as i64 + 1;
        let cursor = format!("{id}.{}", state.histories);
        state.events.push(v1::Event { id, cursor, change: change.id.clone(), ..v1::Event::default() });
        state.changes.insert(change.id.clone(), change);
    }

    async fn enter(&self, caller: Option<&v1::Caller>) -> Result<(), Status> {
        let hangs = {
            let mut state = self.0.lock().unwrap();
            state.asked += 1;
            state.hangs
        };
        if hangs {
            pending::<()>().await;
        }
        let is_known = caller.is_some_and(|caller| caller.token == TOKEN && caller.account.is_none());
        if is_known { Ok(()) } else { Err(Status::unauthenticated("nobody")) }
    }
}

fn not_asked<T>() -> Result<Response<T>, Status> {
    panic!("the planner has no business with this")
}

#[tonic::async_trait]
impl governance_server::Governance for Fake {
    /// Pages of one change.
    async fn list_changes(&self, request: Request<v1::ListRequest>) -> Result<Response<v1::ChangeList>, Status> {
        let asked = request.get_ref();
        self.enter(asked.caller.as_ref()).await?;
        let state = self.0.lock().unwrap();
        let below = |id: &String| asked.after.is_empty() || *id < asked.after;
        let mut left = state.changes.iter().rev().filter(|(id, _)| below(id));
        let changes: Vec<v1::Change> = left.next().map(|(_, change)| change.clone()).into_iter().collect();
        let next = left.next().and(changes.first()).map(|change| change.id.clone()).unwrap_or_default();
        Ok(Response::new(v1::ChangeList { changes, next }))
    }

    async fn get_change(&self, request: Request<v1::GetChangeRequest>) -> Result<Response<v1::Change>, Status> {
        self.enter(request.get_ref().caller.as_ref()).await?;
        let change = {
            let mut state = self.0.lock().unwrap();
            state.looked_up += 1;
            state.changes.get(&request.get_ref().id).cloned()
        };
        let missing = || grpc::status(Code::NotFound, "CHANGE_NOT_FOUND", "there is no such change", "list them");
        change.map(Response::new).ok_or_else(missing)
    }

    async fn list_events(&self, request: Request<v1::ListEventsRequest>) -> Result<Response<v1::EventList>, Status> {
        let asked = request.get_ref();
        self.enter(asked.caller.as_ref()).await?;
        let state = self.0.lock().unwrap();
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

    async fn identify(&self, request: Request<v1::Caller>) -> Result<Response<v1::Principal>, Status> {
        if request.get_ref().token != CALLER {
            return Err(grpc::status(Code::Unauthenticated, "TOKEN_INVALID", "nobody has this token", "make one"));
        }
        Ok(Response::new(v1::Principal::default()))
    }
    async fn get_context(&self, _: Request<v1::Caller>) -> Result<Response<v1::Context>, Status> {
        not_asked()
    }
    async fn execute(&self, _: Request<v1::ExecuteRequest>) -> Result<Response<v1::Answer>, Status> {
        not_asked()
    }
    async fn list_jobs(&self, _: Request<v1::ListRequest>) -> Result<Response<v1::JobList>, Status> {
        not_asked()
    }
    async fn get_job(&self, _: Request<v1::GetJobRequest>) -> Result<Response<v1::Job>, Status> {
        not_asked()
    }
    async fn begin_link(&self, _: Request<v1::Caller>) -> Result<Response<v1::LinkCode>, Status> {
        not_asked()
    }
    async fn confirm_link(&self, _: Request<v1::ConfirmLinkRequest>) -> Result<Response<v1::Answer>, Status> {
        not_asked()
    }
}

/// A planner at work.
struct Work {
    fake: Fake,
    bus: InProcess,
    shutdown: Shutdown,
    to_planner: Channel,
    working: JoinHandle<()>,
}

async fn work(repository: &GitRepository, fake: Fake) -> Work {
    let (governance, at_governance) = in_process();
    let routes = Routes::new(GovernanceServer::new(fake.clone()));
    tokio::spawn(grpc::serve(routes, Listen::InProcess(at_governance), Shutdown::new(), Pace::default()));
    let (bus, shutdown) = (InProcess::new(), Shutdown::new());
    let following = Following { governance, token: Secret::new(TOKEN), wake: bus.subscribe(TOPIC).await.unwrap() };
    let (to_planner, at_planner) = in_process();
    let serving = serve(planner(repository), following, Listen::InProcess(at_planner), shutdown.clone());
    let working = tokio::spawn(async move { serving.await.unwrap() });
    Work { fake, bus, shutdown, to_planner, working }
}

impl Work {
    async fn decide(&self, change: v1::Change) {
        self.fake.decide(change);
        self.bus.publish(TOPIC, "1").await.unwrap();
    }
}

/// Waits until a file says so.
async fn says(path: &Path, text: &str) {
    let deadline = Instant::now() + SOON;
    loop {
        let now = fs::read_to_string(path).unwrap_or_default();
        if now.contains(text) {
            return;
        }
        assert!(Instant::now() < deadline, "{}: {now}", path.display());
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_planner_that_starts_looks_at_every_change_and_then_follows() {
    let repository = GitRepository::with_files(&[]);
    let status = |id: &str| repository.path().join(format!("changes/{id}/status.md"));
    let fake = Fake::default();
    fake.decide(change("CH-001", "first"));
    fake.decide(change("CH-002", "second"));
    let work = work(&repository, fake).await;
    says(&status("CH-001"), "CH-001: first").await;
    says(&status("CH-002"), "CH-002: second").await;
    work.decide(v1::Change { gates: vec![card()], ..change("CH-001", "first") }).await;
    says(&status("CH-001"), "open, 1 of 2").await;
    work.decide(change("CH-003", "third")).await;
    says(&status("CH-003"), "CH-003: third").await;
    work.shutdown.request();
    timeout(SOON, work.working).await.expect("it ends").unwrap();
}

#[tokio::test]
async fn a_planner_whose_events_began_again_looks_at_every_change() {
    let repository = GitRepository::with_files(&[]);
    let status = |id: &str| repository.path().join(format!("changes/{id}/status.md"));
    let work = work(&repository, Fake::default()).await;
    work.decide(change("CH-001", "first")).await;
    says(&status("CH-001"), "CH-001: first").await;
    {
        // A backup of before: the change is called otherwise, and no event says so.
        let mut state = work.fake.0.lock().unwrap();
        state.events.clear();
        state.histories += 1;
        state.changes.insert("CH-001".to_owned(), change("CH-001", "before"));
    }
    work.decide(change("CH-002", "second")).await;
    says(&status("CH-001"), "CH-001: before").await;
    says(&status("CH-002"), "CH-002: second").await;
}

#[tokio::test]
async fn a_planner_looks_at_every_change_when_other_rules_come_into_force() {
    let repository = GitRepository::with_files(&[]);
    let status = |id: &str| repository.path().join(format!("changes/{id}/status.md"));
    let work = work(&repository, Fake::default()).await;
    for id in ["CH-001", "CH-002"] {
        work.decide(v1::Change { gates: vec![card()], ..change(id, "one") }).await;
        says(&status(id), "open, 1 of 2").await;
    }
    {
        let mut state = work.fake.0.lock().unwrap();
        for change in state.changes.values_mut() {
            change.gates[0].quorum = 3;
        }
        let kind = "rules.changed".to_owned();
        state.events.push(v1::Event { id: 3, cursor: "3.0".to_owned(), kind, ..v1::Event::default() });
    }
    work.bus.publish(TOPIC, "3").await.unwrap();
    for id in ["CH-001", "CH-002"] {
        says(&status(id), "open, 1 of 3").await;
    }
}

#[tokio::test]
async fn a_workspace_that_cannot_be_written_holds_up_no_other_and_follows_when_it_is_mended() {
    let (repository, outside) = (GitRepository::with_files(&[]), GitRepository::folder());
    fs::create_dir(repository.path().join("changes")).unwrap();
    let link = repository.path().join("changes/CH-001");
    symlink(outside.path(), &link).unwrap();
    let work = work(&repository, Fake::default()).await;
    work.decide(change("CH-001", "stuck")).await;
    work.decide(change("CH-002", "free")).await;
    says(&repository.path().join("changes/CH-002/status.md"), "CH-002: free").await;
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    fs::remove_file(&link).unwrap();
    work.bus.publish(TOPIC, "2").await.unwrap();
    says(&link.join("status.md"), "CH-001: stuck").await;
}

#[tokio::test]
async fn a_governance_that_hangs_does_not_keep_the_planner_from_stopping() {
    let repository = GitRepository::with_files(&[]);
    let fake = Fake::default();
    fake.0.lock().unwrap().hangs = true;
    let work = work(&repository, fake).await;
    while work.fake.0.lock().unwrap().asked == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    let asked = Instant::now();
    work.shutdown.request();
    timeout(SOON, work.working).await.expect("it ends").unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
}

/// What comes of asking the planner for a workspace.
async fn asked(work: &Work, token: &str, id: &str) -> Result<v1::Workspace, Status> {
    let caller = v1::Caller { token: token.to_owned(), ..v1::Caller::default() };
    let request = v1::PrepareWorkspaceRequest { caller: Some(caller), change: id.to_owned() };
    PlannerClient::new(work.to_planner.clone()).prepare_workspace(request).await.map(Response::into_inner)
}

/// It is refused so, and the sentences that say why.
fn is_refused(asked: Result<v1::Workspace, Status>, kind: Code, code: &str) -> (String, String) {
    let status = asked.unwrap_err();
    let (said, message, help) = grpc::problem_of(&status).unwrap();
    assert_eq!((status.code(), said.as_str()), (kind, code), "{message}");
    (message, help)
}

#[tokio::test]
async fn a_workspace_is_made_of_what_governance_says_of_an_id() {
    let repository = GitRepository::with_files(&[]);
    let work = work(&repository, Fake::default()).await;
    work.fake.decide(v1::Change { gates: vec![card()], ..change("CH-001", "Faster search") });
    let made = asked(&work, CALLER, "CH-001").await.unwrap();
    assert_eq!(made.path, "changes/CH-001");
    let page = repository.read("changes/CH-001/status.md");
    assert!(page.contains("CH-001: Faster search") && page.contains("open, 1 of 2"), "{page}");
}

#[tokio::test]
async fn who_is_nobody_is_made_no_workspace() {
    let repository = GitRepository::with_files(&[]);
    let work = work(&repository, Fake::default()).await;
    work.fake.decide(change("CH-001", "x"));
    for token in ["", "another token"] {
        is_refused(asked(&work, token, "CH-001").await, Code::Unauthenticated, "TOKEN_INVALID");
    }
    let nobody = v1::PrepareWorkspaceRequest { caller: None, change: "CH-001".to_owned() };
    let refused = PlannerClient::new(work.to_planner.clone()).prepare_workspace(nobody).await;
    is_refused(refused.map(Response::into_inner), Code::Unauthenticated, "TOKEN_INVALID");
}

#[tokio::test]
async fn abuse_31_an_id_that_is_none_or_of_no_change_makes_no_workspace() {
    let repository = GitRepository::with_files(&[]);
    let work = work(&repository, Fake::default()).await;
    for id in ["", "../x", "CH-1/../../x", "CH-001\n", "CH-1234567890"] {
        let before = work.fake.0.lock().unwrap().looked_up;
        is_refused(asked(&work, CALLER, id).await, Code::InvalidArgument, "CHANGE_ID");
        assert_eq!(work.fake.0.lock().unwrap().looked_up, before, "{id:?} goes nowhere");
    }
    is_refused(asked(&work, CALLER, "CH-404").await, Code::NotFound, "CHANGE_NOT_FOUND");
    assert!(!repository.path().join("changes").exists());
}

#[tokio::test]
async fn a_workspace_that_cannot_be_written_is_refused_with_what_stands_in_the_way() {
    let repository = GitRepository::with_files(&[]);
    symlink("/", repository.path().join("changes")).unwrap();
    let work = work(&repository, Fake::default()).await;
    work.fake.decide(change("CH-002", "x"));
    let (message, help) = is_refused(asked(&work, CALLER, "CH-002").await, Code::FailedPrecondition, "WORKSPACE_WRITE");
    assert!(message.contains("symbolic link") && help.contains("symbolic link"), "{message}; {help}");
}
