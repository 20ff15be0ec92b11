//! Jobs: who may take them, and what a worker that is gone leaves behind.

use crate::world::{World, block_on, code};
use codexa_governance::Governance;
use codexa_governance::identity::TokenKind;
use codexa_proto::v1;

/// Workers, with one token.
pub struct Worker {
    governance: Governance,
    caller: v1::Caller,
}

impl Worker {
    pub async fn new(world: &World) -> Self {
        let token = world.governance.new_token(TokenKind::Service, "discovery", None).await.unwrap();
        Self { governance: world.governance.clone(), caller: v1::Caller { token, ..v1::Caller::default() } }
    }

    pub async fn lease(&self, worker: &str) -> Option<v1::Job> {
        let request = v1::LeaseRequest {
            caller: Some(self.caller.clone()),
            worker: worker.to_owned(),
            kinds: vec!["discover".to_owned()],
            seconds: 60,
        };
        self.governance.lease(request).await.unwrap()
    }

    pub async fn renew(&self, worker: &str, job: &str, progress: &str) -> bool {
        self.renew_for(worker, job, progress, 60).await
    }

    pub async fn let_go(&self, worker: &str, job: &str) -> bool {
        self.renew_for(worker, job, "", 0).await
    }

    async fn renew_for(&self, worker: &str, job: &str, progress: &str, seconds: u32) -> bool {
        let request = v1::RenewRequest {
            caller: Some(self.caller.clone()),
            worker: worker.to_owned(),
            job: job.to_owned(),
            progress: progress.to_owned(),
            seconds,
        };
        self.governance.renew(request).await.unwrap()
    }

    pub async fn finish(&self, worker: &str, job: &str, summary: &str) -> bool {
        let request = v1::FinishRequest {
            caller: Some(self.caller.clone()),
            worker: worker.to_owned(),
            job: job.to_owned(),
            failed: false,
            summary: summary.to_owned(),
        };
        self.governance.finish(request).await.unwrap()
    }
}

#[test]
fn only_a_service_takes_jobs() {
    block_on(async {
        let world = World::new().await;
        world.say("ada", "discover").await.unwrap();
        for caller in [world.caller("ada"), v1::Caller::default()] {
            let request = v1::LeaseRequest { caller: Some(caller), worker: "w".to_owned(), kinds: vec![], seconds: 60 };
            world.governance.lease(request).await.unwrap_err();
        }
        let worker = Worker::new(&world).await;
        assert_eq!(
            code(world.governance.execute(world.order_of(worker.caller.clone(), "status")).await),
            "NOT_A_PERSON"
        );
        assert!(worker.lease("w").await.is_some());
    });
}

#[test]
fn one_job_goes_to_one_of_many_workers() {
    block_on(async {
        let world = World::new().await;
        world.say("ada", "discover").await.unwrap();
        let other = Worker { governance: world.another().await, ..Worker::new(&world).await };
        let first = Worker::new(&world).await;
        let (a, b, c) = tokio::join!(first.lease("a"), other.lease("b"), other.lease("c"));
        assert_eq!([a, b, c].into_iter().flatten().count(), 1);
    });
}

#[test]
fn a_job_that_takes_its_workers_with_it_is_given_up() {
    block_on(async {
        let world = World::new().await;
        let job = world.say("ada", "discover").await.unwrap().job.unwrap().id;
        let worker = Worker::new(&world).await;
        for attempt in 0..5 {
            assert!(worker.lease(&format!("worker {attempt}")).await.is_some());
            world.engine.sql("UPDATE jobs SET leased_until = 1").await;
        }
        assert_eq!(worker.lease("worker 5").await, None);
        let failed = world.governance.job(&world.caller("ada"), &job).await.unwrap();
        assert_eq!(failed.state, "failed");
        assert_eq!(failed.summary, "Given up: each of 5 workers that took it was lost.");
        assert_eq!(world.events().await.pop().unwrap().says, failed.summary);
        assert_ne!(world.say("ada", "discover").await.unwrap().job.unwrap().id, job, "it can be asked for again");
    });
}

#[test]
fn a_job_that_is_given_back_was_not_tried() {
    block_on(async {
        let world = World::new().await;
        let job = world.say("ada", "discover").await.unwrap().job.unwrap().id;
        let worker = Worker::new(&world).await;
        // More often than a job is tried.
        for stopped in 0..7 {
            let name = format!("worker {stopped}");
            assert!(worker.lease(&name).await.is_some(), "{name}");
            assert!(!worker.let_go("somebody", &job).await, "only who has it gives it back");
            assert!(worker.let_go(&name, &job).await);
            assert!(!worker.let_go(&name, &job).await);
            assert_eq!(world.governance.job(&world.caller("ada"), &job).await.unwrap().state, "queued");
        }
        assert_eq!(world.events().await.pop().unwrap().says, "The job waits for another worker.");
        for lost in 0..5 {
            assert!(worker.lease(&format!("lost {lost}")).await.is_some(), "it has all of its attempts");
            world.engine.sql("UPDATE jobs SET leased_until = 1").await;
        }
        assert_eq!(worker.lease("too late").await, None);
    });
}

#[test]
fn what_a_worker_says_is_cut() {
    block_on(async {
        let world = World::new().await;
        let job = world.say("ada", "discover").await.unwrap().job.unwrap().id;
        let worker = Worker::new(&world).await;
        worker.lease("w").await.unwrap();
        assert!(worker.renew("w", &job, &"x".repeat(1 << 20)).await);
        assert!(worker.finish("w", &job, &format!("{}\0{}", "a", "y".repeat(1 << 20))).await);
        let job = world.governance.job(&world.caller("ada"), &job).await.unwrap();
        assert!(job.progress.len() <= 2_000 && job.summary.len() <= 2_000);
        assert!(!job.summary.contains('\0'), "no store has room for it");
        assert!(world.events().await.iter().all(|event| event.says.len() <= 2_000));
    });
}
