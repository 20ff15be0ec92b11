//! `codexa up` killed at each step of the story: it ends right, and nothing is counted twice.

use crate::story::{House, tell};
use crate::world::World;
use codexa_governance::store::Store;
use std::sync::Arc;

/// `codexa up`, killed whenever something has begun.
struct Killed(World);

impl House for Killed {
    fn world(&self) -> &World {
        &self.0
    }

    fn strike(&mut self) {
        self.0.restart();
    }

    async fn store(&self) -> Arc<dyn Store> {
        self.0.store().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_45_killed_at_each_step_the_story_ends_right_and_nothing_counts_twice() {
    let mut house = Killed(World::new().await.up().await);
    house.0.make_impatient();
    tell(&mut house).await;
    assert_eq!(house.0.faults_of_the_living(), Vec::<String>::new());
}
