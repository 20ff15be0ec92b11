//! Abuse case 49: a token is shown to nobody but governance.

use crate::fake::{Mood, TOKEN};
use crate::world::{World, posting, quick, signed};
use axum::body::Body;
use axum::http::{Method, Request};
use codexa_chassis::telemetry::{Format, Telemetry, subscriber};
use serde_json::json;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tonic::Status;
use tracing_subscriber::fmt::MakeWriter;

/// A log that is kept.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn abuse_49_no_token_is_in_a_log_or_an_answer() {
    let log = Log::default();
    let telemetry = Telemetry { format: Format::Json, filter: "trace".to_owned() };
    tracing::subscriber::set_global_default(subscriber(&telemetry, log.clone()).unwrap()).unwrap();
    let world = World::at(quick());
    let wrong_scheme = || {
        let request = Request::builder().uri("/v1/me").header("authorization", format!("Basic {TOKEN}"));
        request.body(Body::empty()).unwrap()
    };
    let key = || {
        let request = signed(Method::POST, "/v1/directives").header("content-type", "application/json");
        request.header("idempotency-key", "a").header("idempotency-key", "b").body(Body::from("{}")).unwrap()
    };
    let malformed = || posting("/v1/directives").body(Body::from(r#"{"words":1}"#)).unwrap();
    let fine = || posting("/v1/directives").body(Body::from(json!({"words": "help"}).to_string())).unwrap();
    let nowhere = || signed(Method::GET, "/v1/nowhere").body(Body::empty()).unwrap();
    let moods = [Mood::Well, Mood::Refusing(Status::unknown("?")), Mood::Hanging];
    for mood in moods {
        world.fake.state().governance = mood;
        for request in [wrong_scheme(), key(), malformed(), fine(), nowhere()] {
            let answered = world.send(request).await;
            assert!(!answered.text.contains(TOKEN), "{}", answered.text);
            assert!(!format!("{:?}", answered.headers).contains(TOKEN));
        }
    }
    let lines = log.text();
    assert!(lines.contains("answered"), "the log is kept: {lines}");
    assert!(!lines.contains(TOKEN), "{}", lines.lines().find(|line| line.contains(TOKEN)).unwrap_or_default());
}

#[test]
fn abuse_49_a_message_with_a_token_in_it_does_not_print_it() {
    use codexa_proto::v1;
    let caller = v1::Caller { token: TOKEN.to_owned(), ..v1::Caller::default() };
    let printed = format!("{caller:?} {:?}", v1::ExecuteRequest { caller: Some(caller.clone()), ..Default::default() });
    assert!(!printed.contains(TOKEN), "{printed}");
    assert!(printed.contains("(secret)"), "{printed}");
}
