use crate::queue::{Asked, Memory, Mood};
use crate::soon::soon;
use codexa_chassis::bus::{Bus, InProcess};
use codexa_chassis::jobs::{Handler, Leased, Outcome, ProgressSender, Worker, work};
use codexa_chassis::shutdown::Shutdown;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// What the handler of these tests does with a job, by the job's id.
#[derive(Debug)]
struct Worked {
    /// Gets a permit when a handler hears that it is to stop.
    told: Arc<Semaphore>,
    /// Gets a permit when a handler is dropped or ends.
    left: Arc<Semaphore>,
}

struct Leaves(Arc<Semaphore>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[async_trait::async_trait]
impl Handler for Worked {
    fn kind(&self) -> &str {
        "test"
    }

    async fn run(&self, job: &Leased, progress: ProgressSender, stop: Shutdown) -> Outcome {
        let _leaves = Leaves(Arc::clone(&self.left));
        match job.id.as_str() {
            "steady" => sleep(Duration::from_secs(65)).await,
            "talks" => {
                for step in 1..=100 {
                    progress.say(format!("{step}/100"));
                    sleep(Duration::from_millis(50)).await;
                }
                progress.say("all of it");
            }
            "last word" => {
                progress.say("the last word");
                sleep(Duration::from_millis(1500)).await;
            }
            "obeys" => {
                stop.requested().await;
                self.told.add_permits(1);
                return Outcome::Stopped;
            }
            "completes" => {
                stop.requested().await;
                return Outcome::Done("just in time".to_owned());
            }
            "ignores" => sleep(Duration::from_secs(3600)).await,
            "fails" => return Outcome::Failed("no such commit".to_owned()),
            "panics" => panic!("a fault of the handler"),
            _ => {}
        }
        Outcome::Done(format!("{}: {}", job.id, job.args["mode"]))
    }
}

/// A worker at work.
struct Scene {
    queue: Arc<Memory>,
    bus: InProcess,
    shutdown: Shutdown,
    told: Arc<Semaphore>,
    worker: JoinHandle<()>,
}

impl Scene {
    async fn with(jobs: &[(&str, &str)]) -> Self {
        let (queue, bus, shutdown) = (Arc::new(Memory::new(jobs)), InProcess::new(), Shutdown::new());
        let told = Arc::new(Semaphore::new(0));
        let handler = Worked { told: Arc::clone(&told), left: Arc::clone(&queue.left) };
        let wake = bus.subscribe("jobs").await.expect("subscribed");
        let worker =
            tokio::spawn(work(queue.clone(), vec![Arc::new(handler)], wake, Worker::new("worker-1"), shutdown.clone()));
        Self { queue, bus, shutdown, told, worker }
    }

    /// Lets a time pass, and then some for what happens at its very end.
    async fn after(&self, seconds: u64) {
        sleep(Duration::from_millis(seconds * 1000 + 1)).await;
    }

    async fn ends(self) {
        self.shutdown.request();
        soon(self.worker).await.expect("no panic");
    }

    fn whats(&self, begins: &str) -> Vec<String> {
        self.queue.asked(begins).into_iter().map(|asked| asked.what).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn jobs_are_done_in_turn_and_their_outcome_told() {
    let scene =
        Scene::with(&[("1", "test"), ("fails", "test"), ("x", "other"), ("panics", "test"), ("2", "test")]).await;
    scene.after(1).await;
    assert_eq!(
        scene.whats("finish"),
        [
            r#"finish 1 Done("1: quick")"#,
            r#"finish fails Failed("no such commit")"#,
            r#"finish panics Failed("the worker met an error of its own; its log says which")"#,
            r#"finish 2 Done("2: quick")"#,
        ]
    );
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_worker_is_woken_by_the_bus_and_looks_by_itself() {
    let scene = Scene::with(&[]).await;
    scene.after(0).await;
    scene.queue.add("1", "test");
    scene.bus.publish("jobs", "1").await.expect("published");
    scene.after(0).await;
    assert_eq!(scene.whats("finish").len(), 1, "at once");
    scene.queue.add("2", "test");
    scene.after(3).await;
    assert_eq!(scene.whats("finish").len(), 2, "within three seconds");

    let leases = scene.queue.asked("lease").len();
    scene.after(300).await;
    let polled = scene.queue.asked("lease").len() - leases;
    assert!((99..=101).contains(&polled), "{polled}");
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_is_shut_leaves_a_worker_polling() {
    let mut scene = Scene::with(&[]).await;
    scene.bus = InProcess::new();
    scene.after(300).await;
    let polled = scene.queue.asked("lease").len();
    assert!((99..=102).contains(&polled), "{polled}");
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_at_a_third_of_it() {
    let scene = Scene::with(&[("steady", "test")]).await;
    scene.after(70).await;
    let seconds: Vec<u128> = scene.queue.asked("renew").iter().map(|asked| asked.at / 1000).collect();
    assert_eq!(seconds, [10, 20, 30, 40, 50, 60]);
    assert_eq!(scene.whats("renew")[0], r#"renew steady "" 30"#);
    assert_eq!(scene.whats("finish").len(), 1);
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn progress_is_throttled_and_the_last_of_it_arrives() {
    let scene = Scene::with(&[("talks", "test")]).await;
    scene.after(30).await;
    let renewed = scene.queue.asked("renew");
    let apart: Vec<u128> = renewed.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    assert!(apart[..apart.len() - 1].iter().all(|apart| *apart >= 1000), "{apart:?}");
    assert!((5..=6).contains(&renewed.len()), "{renewed:?}");
    let last: Vec<Asked> = scene.queue.asked("").into_iter().filter(|asked| asked.what != "lease").collect();
    let last: Vec<&str> = last[last.len() - 2..].iter().map(|asked| asked.what.as_str()).collect();
    assert_eq!(last, [r#"renew talks "all of it" 30"#, r#"finish talks Done("talks: quick")"#]);
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn progress_that_did_not_arrive_is_told_again_before_the_end() {
    let scene = Scene::with(&[("last word", "test")]).await;
    scene.after(0).await;
    scene.queue.becomes(Mood::Down);
    scene.after(1).await;
    scene.queue.becomes(Mood::Well);
    scene.after(1).await;
    let report = r#"renew last word "the last word" 30"#;
    assert_eq!(scene.whats("renew"), [report, report], "it failed after a second, and the job ended before a new try");
    assert_eq!(scene.whats("finish"), [r#"finish last word Done("last word: quick")"#]);
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_stops_when_the_job_is_anothers() {
    let scene = Scene::with(&[("obeys", "test"), ("completes", "test"), ("1", "test")]).await;
    scene.after(0).await;
    scene.queue.becomes(Mood::Taken);
    scene.after(10).await;
    assert_eq!(scene.told.available_permits(), 1, "it was told");
    scene.after(10).await;
    scene.queue.becomes(Mood::Well);
    scene.after(10).await;
    assert_eq!(
        scene.whats("finish"),
        [r#"finish 1 Done("1: quick")"#],
        "what is lost is not finished, the next job is"
    );
    assert!(scene.queue.asked("renew obeys").len() == 1, "and not let go of either");
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_does_not_stop_is_dropped() {
    let scene = Scene::with(&[("ignores", "test")]).await;
    scene.after(0).await;
    scene.queue.becomes(Mood::Taken);
    scene.after(14).await;
    assert_eq!(scene.queue.left.available_permits(), 0);
    scene.after(1).await;
    assert_eq!(scene.queue.left.available_permits(), 1, "ten seconds to the renewal, five of grace");
    scene.ends().await;
}

/// A worker that cannot renew has stopped before another can have the job, whether errors come or nothing does.
#[tokio::test(start_paused = true)]
async fn a_lease_that_cannot_be_renewed_is_over_before_it_ends() {
    for mood in [Mood::Down, Mood::Silent] {
        let scene = Scene::with(&[("obeys", "test")]).await;
        scene.after(0).await;
        scene.queue.becomes(mood);
        scene.after(24).await;
        assert_eq!(scene.told.available_permits(), 0, "{mood:?}: the lease is still ours");
        assert!(scene.queue.asked("renew").len() > 1, "{mood:?}: it is tried again");
        scene.after(1).await;
        assert_eq!(scene.told.available_permits(), 1, "{mood:?}: five seconds of grace are left of thirty");
        scene.queue.becomes(Mood::Well);
        scene.ends().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_outage_of_the_queue_does_no_harm() {
    let scene = Scene::with(&[("steady", "test")]).await;
    scene.after(9).await;
    scene.queue.becomes(Mood::Down);
    scene.after(8).await;
    scene.queue.becomes(Mood::Well);
    scene.after(47).await;
    scene.queue.becomes(Mood::Down);
    scene.after(10).await;
    scene.queue.becomes(Mood::Well);
    scene.after(2).await;
    let finished = scene.whats("finish");
    assert!(finished.len() > 1, "told again until it is taken: {finished:?}");
    assert!(finished.iter().all(|what| what == r#"finish steady Done("steady: quick")"#), "{finished:?}");
    let count = finished.len();
    scene.after(30).await;
    assert_eq!(scene.whats("finish").len(), count, "and then no more");
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_down_is_asked_less_and_less() {
    let scene = Scene::with(&[]).await;
    scene.queue.becomes(Mood::Down);
    scene.after(121).await;
    let seconds: Vec<u128> = scene.queue.asked("lease").iter().map(|asked| asked.at / 1000).collect();
    assert_eq!(seconds, [0, 1, 3, 7, 15, 31, 61, 91, 121]);
    scene.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_stops_lets_go_of_its_job() {
    for (job, says) in [
        ("obeys", r#"renew obeys "" 0"#),
        ("ignores", r#"renew ignores "" 0"#),
        ("completes", r#"finish completes Done("just in time")"#),
    ] {
        let scene = Scene::with(&[(job, "test"), ("2", "test")]).await;
        scene.after(0).await;
        let queue = Arc::clone(&scene.queue);
        let begun = Instant::now();
        scene.ends().await;
        assert!(begun.elapsed() <= Duration::from_secs(5), "{job}: {:?}", begun.elapsed());
        let last = queue.asked("").last().cloned().expect("asked");
        assert_eq!((last.what.as_str(), last.left), (says, 1), "the handler is gone before the job is let go of");
        assert_eq!(queue.left.available_permits(), 1, "{job}: and no other began");
    }
}

/// Neither a lease that is asked for nor a renewal, though nobody answers.
#[tokio::test(start_paused = true)]
async fn a_queue_that_hangs_keeps_nobody_from_stopping() {
    for jobs in [&[][..], &[("obeys", "test")]] {
        let scene = Scene::with(jobs).await;
        scene.after(1).await;
        scene.queue.becomes(Mood::Silent);
        scene.after(10).await;
        let begun = Instant::now();
        scene.ends().await;
        assert!(begun.elapsed() <= Duration::from_secs(6), "{jobs:?}: {:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_stops_at_once() {
    let scene = Scene::with(&[]).await;
    scene.after(1).await;
    let begun = Instant::now();
    scene.ends().await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
}
