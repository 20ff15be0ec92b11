use crate::echo::{Echo, call};
use crate::soon::soon;
use codexa_chassis::grpc::{Listen, Pace, in_process, serve};
use codexa_chassis::request_id::{self, Propagate, RequestId};
use codexa_chassis::shutdown::Shutdown;
use codexa_chassis::telemetry::{Format, Telemetry, TelemetryError, init, subscriber};
use http::{Request, Response, StatusCode};
use serde_json::Value;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};
use tonic::service::interceptor::InterceptedService;
use tower::{Layer, Service, ServiceExt};

/// Log lines, kept.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// From now on what this thread logs is kept.
    fn kept(format: Format) -> (Self, tracing::subscriber::DefaultGuard) {
        let lines = Self::default();
        let writer = lines.clone();
        let telemetry = Telemetry { format, filter: "info,h2=off,hyper=off,tower=off".to_owned() };
        let subscriber = subscriber(&telemetry, move || writer.clone()).expect("a filter");
        (lines, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }

    fn json(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
    }
}

/// The ids of the spans that a line stands in.
fn ids(line: &Value) -> Vec<&str> {
    let spans = line["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
    spans.iter().filter_map(|span| span["request_id"].as_str()).collect()
}

#[tokio::test]
async fn one_id_goes_from_http_through_grpc_into_log_lines() {
    let (lines, _kept) = Lines::kept(Format::Json);
    let (channel, incoming) = in_process();
    let routes = Echo::routes(|_| async {
        tracing::info!("deep within");
        Ok(request_id::current().expect("a request").to_string())
    });
    let server = tokio::spawn(serve(routes, Listen::InProcess(incoming), Shutdown::new(), Pace::default()));

    let client = InterceptedService::new(channel, Propagate);
    let mut gateway = request_id::http().layer(tower::service_fn(move |request: Request<()>| {
        let client = client.clone();
        async move {
            let of_request = request.extensions().get::<RequestId>().cloned();
            assert_eq!(of_request, request_id::current());
            let answer = call(client, "").await.expect("answered");
            Ok::<_, Infallible>(Response::new(answer))
        }
    }));
    let request = Request::post("http://codexa/v1/changes?token=hidden").header("x-request-id", "from-outside.1");
    let response = soon(ask(&mut gateway, request)).await;
    assert_eq!(response.headers()["x-request-id"], "from-outside.1");
    assert_eq!(response.body(), "from-outside.1", "the gRPC server knows it");
    assert_eq!(request_id::current(), None, "outside a request there is none");

    let logged = lines.json();
    let messages: Vec<&str> = logged.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(messages, ["deep within", "answered", "answered"], "{}", lines.text());
    assert!(logged.iter().all(|line| ids(line) == ["from-outside.1"]), "{}", lines.text());
    let (grpc, http) = (&logged[1], &logged[2]);
    assert_eq!((&grpc["spans"][0]["path"], &grpc["status"]), (&"/test.Echo/Say".into(), &0.into()));
    assert_eq!((&http["spans"][0]["path"], &http["status"]), (&"/v1/changes".into(), &200.into()));
    assert_eq!(http["spans"][0]["method"], "POST");
    assert!(http["ms"].as_f64().is_some_and(|ms| (0.0..20_000.0).contains(&ms)), "{http}");
    assert!(!lines.text().contains("hidden"), "no query in the log");
    server.abort();
}

#[tokio::test]
async fn an_id_that_could_do_harm_is_replaced() {
    let mut gateway = request_id::http().layer(tower::service_fn(|_: Request<()>| async {
        Ok::<_, Infallible>(Response::new(request_id::current().expect("a request").to_string()))
    }));
    let longest = "x".repeat(64);
    for kept in ["a", "A-z_0.9", &longest] {
        let response = ask(&mut gateway, Request::get("/").header("x-request-id", kept)).await;
        assert_eq!(response.body(), kept);
    }
    let too_long = "x".repeat(65);
    for replaced in ["", " ", "a b", "a\tb", "x;y", "ü", "\"", &too_long] {
        let response = ask(&mut gateway, Request::get("/").header("x-request-id", replaced)).await;
        let id = response.body();
        assert_ne!(id, replaced);
        assert_eq!((id.len(), response.headers()["x-request-id"].to_str().ok()), (36, Some(id.as_str())), "a UUID");
    }
    let [first, second] = [ask(&mut gateway, Request::get("/")).await, ask(&mut gateway, Request::get("/")).await];
    assert_ne!(first.body(), second.body());
}

#[tokio::test]
async fn a_spawned_task_is_told_whom_it_works_for() {
    let id = RequestId::new();
    let (alone, told) = id
        .clone()
        .scope(async {
            let alone = tokio::spawn(async { request_id::current() });
            let told = tokio::spawn(request_id::current().expect("a request").scope(async { request_id::current() }));
            (alone.await.expect("no panic"), told.await.expect("no panic"))
        })
        .await;
    assert_eq!((alone, told), (None, Some(id)));
}

#[tokio::test]
async fn a_failure_of_ours_is_a_warning_and_text_is_for_people() {
    let (lines, _kept) = Lines::kept(Format::Text);
    let mut gateway = request_id::http().layer(tower::service_fn(|request: Request<()>| async move {
        let mut response = Response::new(String::new());
        *response.status_mut() =
            if request.uri().path() == "/bad" { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NOT_FOUND };
        Ok::<_, Infallible>(response)
    }));
    for path in ["/bad", "/else"] {
        ask(&mut gateway, Request::get(path).header("x-request-id", "r-1")).await;
    }
    let text = lines.text();
    let levels: Vec<bool> =
        text.lines().map(|line| line.contains(" WARN http{request_id=r-1 method=GET path=")).collect();
    assert_eq!(levels, [true, false], "{text}");
}

#[tokio::test]
async fn questions_of_health_are_not_in_the_log() {
    let (lines, _kept) = Lines::kept(Format::Json);
    let mut service = request_id::grpc()
        .layer(tower::service_fn(|_: Request<()>| async { Ok::<_, Infallible>(Response::new(String::new())) }));
    for path in ["/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch", "/codexa.v1.Governance/Execute"] {
        ask(&mut service, Request::post(path)).await;
    }
    for status in [200, 503] {
        let answer = move |_: Request<()>| async move {
            Ok::<_, Infallible>(Response::builder().status(status).body(String::new()).expect("an answer"))
        };
        let mut service = request_id::http().layer(tower::service_fn(answer));
        ask(&mut service, Request::get("/readyz")).await;
    }
    let logged = lines.json();
    let paths: Vec<&str> = logged.iter().filter_map(|line| line["spans"][0]["path"].as_str()).collect();
    assert_eq!(paths, ["/codexa.v1.Governance/Execute", "/readyz"], "but for one that went wrong: {}", lines.text());
}

/// One test, since a process has one log.
#[test]
fn a_log_is_set_up_once() {
    let unreadable = init(&Telemetry { filter: "codexa=loud".to_owned(), ..Telemetry::default() });
    assert!(
        matches!(&unreadable, Err(TelemetryError::Filter { filter, .. }) if filter == "codexa=loud"),
        "{unreadable:?}"
    );
    init(&Telemetry::default()).expect("the first time");
    let again = init(&Telemetry { format: Format::Json, ..Telemetry::default() });
    assert!(matches!(again, Err(TelemetryError::Already(_))), "{again:?}");
}

#[test]
fn formats_have_names() {
    for format in [Format::Text, Format::Json] {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!("yaml".parse::<Format>(), Err("is neither text nor json"));
}

async fn ask<S>(service: &mut S, request: http::request::Builder) -> Response<String>
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    let request = request.body(()).expect("a request");
    service.ready().await.expect("ready").call(request).await.expect("infallible")
}
