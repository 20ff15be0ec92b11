//! What services refuse, and services that are away.

use crate::fake::Mood;
use crate::world::{World, quick, signed};
use axum::body::Body;
use axum::http::Method;
use codexa_chassis::grpc;
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tonic::{Code, Status};
use tower::ServiceExt;

#[tokio::test]
async fn every_kind_of_refusal_has_its_status() {
    let world = World::new();
    // Every kind that governance's face makes.
    let kinds = [
        (Code::InvalidArgument, 400),
        (Code::Unauthenticated, 401),
        (Code::PermissionDenied, 403),
        (Code::NotFound, 404),
        (Code::FailedPrecondition, 409),
        (Code::Aborted, 409),
        (Code::AlreadyExists, 422),
        (Code::Unimplemented, 501),
        (Code::Unavailable, 503),
        (Code::Internal, 500),
    ];
    for (kind, status) in kinds {
        let refusal = grpc::status(kind, "SUBJECT_STALE", "spec.md changed: „neu“", "look at it again → `show CH-001`");
        world.fake.state().governance = Mood::Refusing(refusal);
        for answered in [world.get("/v1/me").await, world.post("/v1/directives", json!({"confirm": "n0nce"})).await] {
            let document = answered.is_problem(status, "SUBJECT_STALE");
            assert_eq!(document["detail"], "spec.md changed: „neu“");
            assert_eq!(document["help"], "look at it again → `show CH-001`");
            let challenge = if status == 401 { "Bearer" } else { "" };
            assert_eq!(answered.header("www-authenticate"), challenge, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn what_grpc_itself_says_is_for_logs_and_not_for_callers() {
    let world = World::new();
    let kinds = [
        (Code::Unavailable, 503, "SERVICE_UNAVAILABLE"),
        (Code::DeadlineExceeded, 503, "SERVICE_UNAVAILABLE"),
        (Code::Cancelled, 503, "SERVICE_UNAVAILABLE"),
        (Code::Unknown, 500, "SERVICE_FAILED"),
        (Code::Internal, 500, "SERVICE_FAILED"),
        (Code::Unimplemented, 500, "SERVICE_FAILED"),
    ];
    for (kind, status, code) in kinds {
        world.fake.state().governance = Mood::Refusing(Status::new(kind, "tcp connect error 10.0.0.7:7421"));
        let answered = world.get("/v1/jobs").await;
        answered.is_problem(status, code);
        assert!(!answered.text.contains("10.0.0.7"), "{}", answered.text);
    }
}

#[tokio::test]
async fn services_that_are_away_are_said_to_be() {
    let mut world = World::new();
    assert_eq!(world.get("/readyz").await.json()["ready"], true);
    world.services_go().await;
    for answered in [world.get("/v1/me").await, world.post("/v1/directives", json!({"words": "help"})).await] {
        answered.is_problem(503, "SERVICE_UNAVAILABLE");
    }
    let ready = world.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert_eq!(
        ready.json(),
        json!({"ready": false, "checks": {
            "gateway": "ok",
            "governance": "does not answer",
            "planner": "does not answer",
            "discovery": "does not answer",
        }})
    );
    assert_eq!(world.get("/healthz").await.status, 200, "the process lives");
}

#[tokio::test]
async fn a_service_that_dies_while_it_is_asked_is_away() {
    let mut world = World::new();
    world.fake.state().governance = Mood::Hanging;
    let request = signed(Method::GET, "/v1/changes").body(Body::empty()).unwrap();
    let asked = tokio::spawn(world.router().oneshot(request));
    while world.fake.called().is_empty() {
        assert!(!asked.is_finished(), "it is answered before anybody was asked");
        tokio::task::yield_now().await;
    }
    world.services_go().await;
    assert_eq!(asked.await.unwrap().unwrap().status(), 503);
}

#[tokio::test]
async fn a_service_that_hangs_is_not_waited_for() {
    let world = World::at(quick());
    world.fake.state().governance = Mood::Hanging;
    let asked = Instant::now();
    for answered in [world.get("/v1/changes").await, world.post("/v1/interpret", json!({"words": "help"})).await] {
        answered.is_problem(503, "SERVICE_UNAVAILABLE");
    }
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_planner_that_hangs_or_is_busy_does_not_hide_that_a_change_is_open() {
    let world = World::at(quick());
    let busy = grpc::status(Code::Unavailable, "PROJECT_BUSY", "the project is being written", "wait");
    for mood in [Mood::Hanging, Mood::Refusing(busy)] {
        world.fake.state().planner = mood;
        let opening = world.post("/v1/changes", json!({"title": "Faster search"}));
        let answered = timeout(Duration::from_secs(5), opening).await.unwrap();
        assert_eq!(answered.status, 200, "{}", answered.text);
        assert_eq!(answered.json()["id"], "CH-001");
        let said = world.post("/v1/directives", json!({"words": "open change: Faster search"})).await;
        // Another request under the same key: what counts is that the planner did not decide.
        assert_eq!(said.status, 422, "{}", said.text);
    }
}

#[tokio::test]
async fn who_stops_says_that_it_is_not_ready() {
    let world = World::new();
    world.shutdown.request();
    let ready = world.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()["checks"]["gateway"], "is stopping");
}
