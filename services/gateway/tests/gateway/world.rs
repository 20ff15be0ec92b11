//! A gateway over fakes, and what a test asks of it.

use crate::fake::{Fake, TOKEN};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use codexa_chassis::bus::{Bus, InProcess};
use codexa_chassis::grpc::{self, Listen, in_process};
use codexa_chassis::shutdown::Shutdown;
use codexa_gateway::serve::Services;
use codexa_gateway::{Gateway, Pace, WayIn, router};
use codexa_proto::v1::governance_server::GovernanceServer;
use codexa_proto::v1::planner_server::PlannerServer;
use http_body_util::BodyExt;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, UnixListener};
use tokio::task::JoinHandle;
use tonic::service::Routes;
use tower::ServiceExt;

pub const TOPIC: &str = "codexa/test/events";

pub struct World {
    pub fake: Fake,
    pub gateway: Gateway,
    pub shutdown: Shutdown,
    pub bus: InProcess,
    services: Vec<JoinHandle<()>>,
}

/// Patience of tests: what is bounded is bounded soon, what should work has time enough.
pub fn quick() -> Pace {
    let soon = Duration::from_millis(300);
    Pace {
        head: soon,
        body: soon,
        answer: Duration::from_secs(2),
        workspace: soon,
        take: soon,
        poll: Duration::from_millis(50),
        grace: Duration::from_secs(5),
    }
}

/// A pace at which nothing happens by itself.
pub fn slow() -> Pace {
    let never = Duration::from_secs(600);
    Pace { head: never, body: never, answer: never, workspace: never, take: never, poll: never, grace: never }
}

impl World {
    pub fn new() -> Self {
        Self::at(Pace::default())
    }

    pub fn at(pace: Pace) -> Self {
        let (fake, shutdown, bus) = (Fake::default(), Shutdown::new(), InProcess::new());
        let (governance, at_governance) = in_process();
        let (planner, at_planner) = in_process();
        let (discovery, at_discovery) = in_process();
        let serve = |routes: Routes, listen| {
            let stop = Shutdown::new();
            tokio::spawn(async move {
                grpc::serve(routes, Listen::InProcess(listen), stop, grpc::Pace::default()).await.unwrap();
            })
        };
        let services = vec![
            serve(Routes::new(GovernanceServer::new(fake.clone())), at_governance),
            serve(Routes::new(PlannerServer::new(fake.clone())), at_planner),
            serve(Routes::default(), at_discovery),
        ];
        let services_at = Services { governance, planner, discovery };
        let bus_of_it: Arc<dyn Bus> = Arc::new(bus.clone());
        let gateway = Gateway::new(services_at, bus_of_it, TOPIC, shutdown.clone()).at_pace(pace);
        Self { fake, gateway, shutdown, bus, services }
    }

    /// Every service goes away.
    pub async fn services_go(&mut self) {
        for service in self.services.drain(..) {
            service.abort();
            let _ = service.await;
        }
    }

    pub fn router(&self) -> Router {
        router(self.gateway.clone(), WayIn::Rest)
    }

    /// The gateway on a real socket.
    pub async fn listen(&self) -> (SocketAddr, JoinHandle<()>) {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let listen = codexa_gateway::serve::Listen { tcp, unix: None };
        (address, tokio::spawn(codexa_gateway::serve::serve(self.gateway.clone(), listen)))
    }

    /// The gateway on a Unix socket too.
    pub async fn listen_at(&self, path: PathBuf) -> JoinHandle<()> {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let unix = Some(UnixListener::bind(path).unwrap());
        let listen = codexa_gateway::serve::Listen { tcp, unix };
        tokio::spawn(codexa_gateway::serve::serve(self.gateway.clone(), listen))
    }

    pub async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answered { status: head.status, headers: head.headers, text }
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send(signed(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// A POST as it should be, with a key of its own.
    pub async fn post(&self, path: &str, body: Value) -> Answered {
        let request = posting(path).body(Body::from(body.to_string())).unwrap();
        self.send(request).await
    }
}

/// A request with the token.
pub fn signed(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
}

/// A POST with all headers that it needs.
pub fn posting(path: &str) -> axum::http::request::Builder {
    signed(Method::POST, path).header("idempotency-key", "key-1").header(header::CONTENT_TYPE, "application/json")
}

/// What came back.
#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect(&self.text)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// It is this problem, and a document that is complete.
    pub fn is_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let document = self.json();
        assert_eq!(document["code"], code);
        assert_eq!(document["type"], format!("urn:codexa:error:{code}"));
        assert_eq!(document["status"], status);
        assert_eq!(document["request_id"], self.header("x-request-id"));
        for field in ["title", "detail", "help"] {
            assert!(!document[field].as_str().unwrap().is_empty(), "{field}: {document}");
        }
        document
    }
}
