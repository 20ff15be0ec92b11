//! What the services around it rely on: statuses, requests that outlive their caller, events that are passed on.

use crate::world::{World, block_on};
use codexa_chassis::relay::Outbox as _;
use codexa_governance::Governance;
use codexa_proto::v1::governance_server::Governance as Face;
use codexa_proto::v1::{Caller, ExecuteRequest};
use tonic::{Code, Request};

/// An order, as the gateway sends it.
fn request(world: &World, person: &str, words: &str) -> ExecuteRequest {
    let order = world.order(person, words);
    ExecuteRequest {
        caller: Some(order.caller),
        directive: order.directive.as_ref().map(Into::into),
        idempotency_key: order.key,
        fingerprint: order.fingerprint,
        ..ExecuteRequest::default()
    }
}

#[test]
fn each_kind_of_refusal_has_its_status() {
    block_on(async {
        let world = World::with_change().await;
        let status = async |request| Face::execute(&world.governance, Request::new(request)).await.unwrap_err().code();
        let fine = || request(&world, "ben", "approve design for CH-001");
        assert_eq!(status(ExecuteRequest { idempotency_key: String::new(), ..fine() }).await, Code::InvalidArgument);
        assert_eq!(status(ExecuteRequest { caller: None, ..fine() }).await, Code::Unauthenticated);
        assert_eq!(status(ExecuteRequest { digest: "sha256:00".to_owned(), ..fine() }).await, Code::FailedPrecondition);
        assert_eq!(status(request(&world, "ben", "approve design for CH-002")).await, Code::NotFound);
        assert_eq!(status(request(&world, "eve", "publish velocity report")).await, Code::Unimplemented);
        let first = fine();
        Face::execute(&world.governance, Request::new(first.clone())).await.unwrap();
        assert_eq!(status(ExecuteRequest { fingerprint: "another".to_owned(), ..first }).await, Code::AlreadyExists);
        let mut odd = fine();
        odd.directive.as_mut().unwrap().verb = "crown".to_owned();
        assert_eq!(status(odd).await, Code::InvalidArgument);
    });
}

#[test]
fn a_request_whose_caller_left_is_carried_out_whole() {
    block_on(async {
        let world = World::new().await;
        let governance: Governance = world.governance.clone();
        let call = Face::execute(&governance, Request::new(request(&world, "ada", "open change: alone")));
        tokio::select! {
            biased;
            _ = call => panic!("it was answered at once"),
            () = std::future::ready(()) => {}
        }
        while world.engine.count("changes").await == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.acts().await, ["change.open"]);
    });
}

#[test]
fn events_are_passed_on_in_order_and_from_where_it_was_left() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        let pending = async |governance: &Governance| -> Vec<i64> {
            governance.pending(2).await.unwrap().into_iter().map(|row| row.id).collect()
        };
        assert_eq!(pending(&world.governance).await, [1, 2]);
        world.governance.relayed(2).await.unwrap();
        let other = world.another().await;
        other.relayed(1).await.unwrap();
        assert_eq!(pending(&other).await, [3], "what was passed on once is not forgotten");
        other.relayed(3).await.unwrap();
        assert!(pending(&world.governance).await.is_empty());
        let nobody = world.governance.events(&Caller::default(), "0", 10).await.unwrap_err();
        assert_eq!(nobody.code, "TOKEN_INVALID");
    });
}
