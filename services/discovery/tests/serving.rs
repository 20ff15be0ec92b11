//! Discovery as a role, beside a queue that a test fills.

#![cfg(test)]

use codexa_chassis::bus::{Bus, InProcess};
use codexa_chassis::grpc::{self, Listen, Pace, in_process};
use codexa_chassis::settings::Secret;
use codexa_chassis::shutdown::Shutdown;
use codexa_discovery::engine::{Mode, Request as Run};
use codexa_discovery::serve::{Employment, Orders, serve};
use codexa_project::Project;
use codexa_proto::v1;
use codexa_proto::v1::discovery_client::DiscoveryClient;
use codexa_proto::v1::jobs_server::{self, JobsServer};
use codexa_testkit::GitRepository;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

const TOKEN: &str = "discovery's own token";
const SOON: Duration = Duration::from_secs(30);

/// The queue that governance keeps.
#[derive(Clone, Default)]
struct Queue(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    waiting: Vec<v1::Job>,
    renewed: Vec<v1::RenewRequest>,
    finished: Vec<v1::FinishRequest>,
}

impl Queue {
    fn with(mode: Option<&str>) -> Self {
        let args: Vec<(&str, &str)> = mode.map(|mode| ("mode", mode)).into_iter().collect();
        Self::of("discover", &args)
    }

    fn of(kind: &str, args: &[(&str, &str)]) -> Self {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let job = v1::Job { id: "job-1".to_owned(), kind: kind.to_owned(), args, ..v1::Job::default() };
        let queue = Self::default();
        queue.0.lock().unwrap().waiting.push(job);
        queue
    }
}

fn allowed(caller: Option<&v1::Caller>) -> Result<(), Status> {
    if caller.is_some_and(|caller| caller.token == TOKEN) { Ok(()) } else { Err(Status::unauthenticated("nobody")) }
}

#[tonic::async_trait]
impl jobs_server::Jobs for Queue {
    async fn lease(&self, request: Request<v1::LeaseRequest>) -> Result<Response<v1::LeaseReply>, Status> {
        allowed(request.get_ref().caller.as_ref())?;
        assert_eq!(request.get_ref().kinds, ["discover", "followup"]);
        Ok(Response::new(v1::LeaseReply { job: self.0.lock().unwrap().waiting.pop() }))
    }

    async fn renew(&self, request: Request<v1::RenewRequest>) -> Result<Response<v1::RenewReply>, Status> {
        allowed(request.get_ref().caller.as_ref())?;
        self.0.lock().unwrap().renewed.push(request.into_inner());
        Ok(Response::new(v1::RenewReply { lost: false }))
    }

    async fn finish(&self, request: Request<v1::FinishRequest>) -> Result<Response<v1::FinishReply>, Status> {
        allowed(request.get_ref().caller.as_ref())?;
        self.0.lock().unwrap().finished.push(request.into_inner());
        Ok(Response::new(v1::FinishReply { lost: false }))
    }
}

/// Discovery at work.
struct Work {
    queue: Queue,
    shutdown: Shutdown,
    to_discovery: Channel,
    working: JoinHandle<()>,
}

async fn work(repository: &GitRepository, queue: Queue, orders: Orders) -> Work {
    let (governance, at_governance) = in_process();
    let routes = Routes::new(JobsServer::new(queue.clone()));
    tokio::spawn(grpc::serve(routes, Listen::InProcess(at_governance), Shutdown::new(), Pace::default()));
    let (bus, shutdown) = (InProcess::new(), Shutdown::new());
    let employment = Employment { governance, token: Secret::new(TOKEN), wake: bus.subscribe("events").await.unwrap() };
    let (to_discovery, at_discovery) = in_process();
    let project = Project::open(repository.path()).unwrap();
    let serving = serve(project, orders, employment, Listen::InProcess(at_discovery), shutdown.clone());
    let working = tokio::spawn(async move { serving.await.unwrap() });
    Work { queue, shutdown, to_discovery, working }
}

impl Work {
    async fn finished(&self) -> v1::FinishRequest {
        let deadline = Instant::now() + SOON;
        loop {
            if let Some(finished) = self.queue.0.lock().unwrap().finished.pop() {
                return finished;
            }
            assert!(Instant::now() < deadline, "the job ends");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The example that stands beside this test's executable; of files without tricks it makes what the real one does.
fn worker() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    folder.join("examples").join("faulty_worker")
}

fn run(repository: &GitRepository, mode: Mode) -> Run {
    Run {
        root: repository.path().to_path_buf(),
        name: "probe".to_owned(),
        mode,
        focus: Vec::new(),
        skip: Vec::new(),
        generated: Vec::new(),
        vendored: Vec::new(),
        context: Vec::new(),
        control_plane: None,
        coverage: Vec::new(),
        no_ignore: false,
        budget: None,
        threads: 1,
        max_files: 1_000,
        max_commits: 50_000,
        max_file_bytes: 1 << 20,
        max_depth: 1_000,
        max_nodes: 1_000_000,
        parse_timeout: Duration::from_secs(2),
        worker_memory: 512 << 20,
        patience: Duration::from_secs(5),
        worker: vec![worker().into_os_string()],
        configuration: Vec::new(),
        config: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_the_settings_do_not_allow_fails_with_the_reason() {
    let repository = GitRepository::with_files(&[]);
    let orders: Orders = Arc::new(|_| Err("discovery.mode: no such mode".to_owned()));
    let work = work(&repository, Queue::with(None), orders).await;
    let finished = work.finished().await;
    assert_eq!((finished.failed, finished.summary.as_str()), (true, "discovery.mode: no such mode"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_in_a_mode_that_does_not_exist_is_not_run() {
    let repository = GitRepository::with_files(&[]);
    let orders: Orders = Arc::new(|mode| panic!("asked for {mode:?}"));
    let finished = work(&repository, Queue::with(Some("fast")), orders).await.finished().await;
    assert_eq!((finished.failed, finished.summary.as_str()), (true, "there is no mode `fast`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_panics_fails_its_job_without_telling_strangers_why() {
    let repository = GitRepository::with_files(&[]);
    let orders: Orders = Arc::new(|_| panic!("secret state"));
    let work = work(&repository, Queue::with(None), orders).await;
    let finished = work.finished().await;
    assert!(finished.failed && !finished.summary.contains("secret"), "{}", finished.summary);
    assert!(!work.working.is_finished(), "the worker goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_lets_go_of_its_job() {
    let repository = GitRepository::with_files(&[("a.txt", "a")]);
    let (begun, may_go_on) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (beginning, going_on, request) = (Arc::clone(&begun), Arc::clone(&may_go_on), run(&repository, Mode::Quick));
    let orders: Orders = Arc::new(move |_| {
        beginning.store(true, Ordering::Relaxed);
        while !going_on.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        Ok(request.clone())
    });
    let work = work(&repository, Queue::with(None), orders).await;
    while !begun.load(Ordering::Relaxed) {
        sleep(Duration::from_millis(5)).await;
    }
    work.shutdown.request();
    sleep(Duration::from_millis(100)).await;
    may_go_on.store(true, Ordering::Relaxed);
    timeout(SOON, work.working).await.expect("it ends").unwrap();
    let state = work.queue.0.lock().unwrap();
    assert_eq!(state.finished, [], "nothing came of it yet");
    assert_eq!(state.renewed.last().unwrap().seconds, 0, "another may take it at once");
    assert!(!repository.path().join(".codexa/manifests").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_with_its_summary_and_the_face_answers_from_it() {
    let repository = GitRepository::with_files(&[("a.txt", "a")]);
    let request = run(&repository, Mode::Quick);
    let orders: Orders = Arc::new(move |mode| {
        assert!(mode.is_some_and(|mode| mode.name() == "quick"), "the mode that was asked for");
        Ok(request.clone())
    });
    let work = work(&repository, Queue::with(Some("quick")), orders).await;
    let mut face = DiscoveryClient::new(work.to_discovery.clone());
    let finished = work.finished().await;
    assert!(!finished.failed && finished.summary.starts_with("probe"), "{}", finished.summary);
    assert_eq!(finished.summary.lines().count(), 1);
    let summary = face.get_summary(v1::GetSummaryRequest {}).await.unwrap().into_inner();
    assert!(summary.known && summary.files >= 1, "{summary:?}");
    work.shutdown.request();
    timeout(SOON, work.working).await.expect("it ends").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_written_down_and_the_face_goes_by_it() {
    let repository = GitRepository::with_files(&[("a.txt", "a")]);
    repository.write(".codexa/manifests/ids.yaml", "issue:\n  \"owner:a.txt\": 3\n");
    let orders: Orders = Arc::new(|mode| panic!("asked for {mode:?}"));
    let said = [("followup", "issue-3"), ("decision", "accept"), ("text", "@kim"), ("by", "@sam")];
    let work = work(&repository, Queue::of("followup", &said), orders).await;
    let finished = work.finished().await;
    let summary = "issue-3 (owner:a.txt): accept, written to .codexa/annotations.yaml";
    assert_eq!((finished.failed, finished.summary.as_str()), (false, summary));
    assert!(repository.read(".codexa/annotations.yaml").contains("      owner: \"@kim\"\n"));
    let mut face = DiscoveryClient::new(work.to_discovery.clone());
    let asked = face.get_followups(v1::GetFollowupsRequest {}).await.unwrap().into_inner();
    assert_eq!((asked.known, asked.lines.len()), (false, 0), "nobody ran yet: {asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_fits_no_question_fails_with_what_would() {
    let repository = GitRepository::with_files(&[("a.txt", "a")]);
    repository.write(".codexa/manifests/ids.yaml", "issue:\n  \"owner:a.txt\": 3\n");
    for (args, why) in [
        (&[("followup", "issue-3"), ("decision", "accept"), ("text", "nobody")][..], "the answer names a person"),
        (&[("followup", "issue-4"), ("decision", "dismiss")], "there is no follow-up `issue-4`"),
        (&[("followup", "issue-3"), ("decision", "bury")], "does not say what was answered"),
    ] {
        let orders: Orders = Arc::new(|mode| panic!("asked for {mode:?}"));
        let finished = work(&repository, Queue::of("followup", args), orders).await.finished().await;
        assert!(finished.failed && finished.summary.contains(why), "{}", finished.summary);
    }
    assert!(!repository.path().join(".codexa/annotations.yaml").exists());
}
