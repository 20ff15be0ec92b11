//! The document that describes the API, before tools of others: one that knows what OpenAPI 3.1 is, and one that asks the
//! gateway everything that the document allows, and much that it does not.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once; the fakes are shared with the tests of the contract"
)]

#[path = "../gateway/fake.rs"]
mod fake;
#[path = "../gateway/world.rs"]
mod world;

use codexa_testkit::oracles::installed;
use std::process::Command;
use world::World;

/// What a tool says that is content.
fn is_content(command: &mut Command) -> String {
    let output = command.output().expect("the tool runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}{err}");
    out.into_owned()
}

#[test]
fn the_document_is_valid_openapi_3_1() {
    let folder = codexa_testkit::GitRepository::folder();
    let document = folder.write("openapi.json", codexa_gateway::document().to_json().unwrap());
    is_content(Command::new(installed("openapi/bin/openapi-spec-validator")).args(["--schema", "3.1"]).arg(document));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_answers_as_its_document_says_whatever_it_is_asked() {
    let world = World::new();
    let (address, _serving) = world.listen().await;
    let asking = tokio::task::spawn_blocking(move || {
        let folder = codexa_testkit::GitRepository::folder();
        is_content(
            Command::new(installed("openapi/bin/schemathesis"))
                .current_dir(folder.path())
                .arg("run")
                .arg(format!("http://{address}/openapi.json"))
                .args(["--header", &format!("Authorization: Bearer {}", fake::TOKEN)])
                // A stream is no answer to a request.
                .args(["--exclude-path", "/v1/stream"])
                .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--seed", "1"])
                // A document cannot say which of the bodies that have its shape mean something, so that positive data is refused too.
                .args(["--exclude-checks", "positive_data_acceptance"])
                .args(["--generation-database", "none", "--request-timeout", "10", "--no-color"]),
        )
    });
    let says = asking.await.unwrap();
    let document = serde_json::to_value(codexa_gateway::document()).unwrap();
    let operations = document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len());
    let tested = format!("Tested: {}\n", operations.sum::<usize>() - 1);
    assert!(says.contains(&tested), "{tested}: {says}");
}
