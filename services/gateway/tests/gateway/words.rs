//! Words, and what of them reaches governance.

use crate::fake::Mood;
use crate::world::World;
use codexa_chassis::grpc;
use serde_json::json;
use tonic::Code;

#[tokio::test]
async fn words_that_are_no_order_are_answered_without_governance_carrying_anything_out() {
    let world = World::new();
    let said = [
        ("good morning", "none"),
        ("should we approve design for CH-001?", "none"),
        ("don't approve design for CH-001", "none"),
        ("approve d\u{435}sign for CH-001", "refused"),
        ("\u{202e}approve design for CH-001", "refused"),
        ("approve design", "clarify"),
        ("approve desing for CH-001", "clarify"),
    ];
    let mut outcomes = Vec::new();
    for (words, _) in said {
        let answered = world.post("/v1/directives", json!({"words": words})).await;
        assert_eq!(answered.status, 200, "{words}: {}", answered.text);
        let document = answered.json();
        outcomes.push((words, document["outcome"].as_str().unwrap().to_owned()));
        assert_eq!(document["says"], "");
        assert!(document.get("card").is_none() && document.get("entry").is_none(), "{document}");
    }
    assert_eq!(outcomes, said.map(|(words, outcome)| (words, outcome.to_owned())));
    assert!(!world.fake.called().contains(&"execute"), "{:?}", world.fake.called());
}

#[tokio::test]
async fn reading_words_carries_nothing_out() {
    let world = World::new();
    let read = world.post("/v1/interpret", json!({"words": "approve design for CH-001"})).await.json();
    assert_eq!(
        read,
        json!({
            "outcome": "directive",
            "directive": {"verb": "approve", "gate": "design", "target": {"kind": "change", "id": "CH-001"}, "args": {}},
            "canonical": "approve design for CH-001",
        })
    );
    assert_eq!(world.fake.called(), ["get_context"]);
}

#[tokio::test]
async fn an_order_reaches_governance_in_its_one_form_with_key_and_answer() {
    let world = World::new();
    let words = json!({"words": "@codexa please Approve the design for ch-001", "own": ["codexa"]});
    let answered = world.post("/v1/directives", words).await;
    let document = answered.json();
    assert_eq!(document["canonical"], "approve design for CH-001", "{}", answered.text);
    assert_eq!(document["outcome"], "directive");
    for part in ["confirm", "card", "change", "changes", "job", "report", "entry", "lines"] {
        assert!(document.get(part).is_some(), "{part}: {document}");
    }
    assert_eq!(world.fake.called(), ["execute"], "nothing else is asked for");
    let order = world.fake.last("execute");
    assert_eq!((order.key.as_str(), order.canonical.as_str()), ("key-1", "approve design for CH-001"));
    assert_eq!(order.fingerprint.len(), 64);
}

#[tokio::test]
async fn a_nonce_alone_confirms_and_nothing_at_all_does_not() {
    let world = World::new();
    let confirmed = world.post("/v1/directives", json!({"confirm": "n0nce"})).await;
    assert_eq!(confirmed.json()["canonical"], "approve design for CH-001");
    assert_eq!(world.fake.called(), ["execute"], "nothing was said that would have to be read");
    world.post("/v1/directives", json!({"words": "  "})).await.is_problem(400, "WORDS_MISSING");
}

#[tokio::test]
async fn an_opened_change_gets_its_workspace() {
    let world = World::new();
    let opened = world.post("/v1/changes", json!({"title": "Faster search"})).await;
    assert_eq!(opened.json()["id"], "CH-001");
    assert_eq!(world.fake.called(), ["execute", "prepare_workspace"]);
    assert_eq!(world.fake.last("execute").canonical, "open change: Faster search");
    let (execute, prepare) = (world.fake.last("execute"), world.fake.last("prepare_workspace"));
    assert_eq!(prepare.request_id, execute.request_id, "one request, one id in every log");
    let said = World::new().post("/v1/directives", json!({"words": "open change: Faster search"})).await.json();
    assert_eq!(said["lines"], json!(["a line"]), "the planner was asked by the caller, for the change");
}

#[tokio::test]
async fn a_list_is_asked_for_page_by_page() {
    let world = World::new();
    for list in ["changes", "jobs"] {
        world.fake.state().limits.clear();
        let first = world.get(&format!("/v1/{list}")).await.json();
        assert_eq!((first[list].as_array().unwrap().len(), &first["next"]), (1, &json!("first")));
        let last = world.get(&format!("/v1/{list}?limit=100&after=first")).await.json();
        assert_eq!(last.as_object().unwrap().keys().collect::<Vec<_>>(), [list], "no page is behind the last");
        assert_eq!(world.fake.state().limits, [50, 100]);
        world.get(&format!("/v1/{list}?after=nobody")).await.is_problem(400, "PAGE_UNKNOWN");
        for query in ["limit=0", "limit=101", "limit=-1", "limit=all", "before=x", "limit=1&limit=2"] {
            world.get(&format!("/v1/{list}?{query}")).await.is_problem(400, "QUERY_INVALID");
        }
        assert_eq!(world.fake.state().limits, [50, 100, 50], "what makes no sense is not asked");
    }
}

#[tokio::test]
async fn a_workspace_that_is_late_is_said_to_be() {
    let world = World::new();
    world.fake.state().planner = Mood::Refusing(grpc::status(Code::Unavailable, "PROJECT_BUSY", "busy", "wait"));
    let document = world.post("/v1/directives", json!({"words": "open change: Faster search"})).await.json();
    assert_eq!(document["lines"], json!(["a line", "Its workspace follows by itself."]));
}

#[tokio::test]
async fn a_title_that_the_language_refuses_opens_nothing() {
    let world = World::new();
    for title in ["\u{202e}evil", "two\u{7}bells", "zero\u{200b}width\u{e0041}"] {
        let answered = world.post("/v1/changes", json!({"title": title})).await;
        answered.is_problem(400, "TITLE_INVALID");
    }
    assert!(!world.fake.called().contains(&"execute"));
}

#[tokio::test]
async fn a_link_is_about_an_account_or_a_code() {
    let world = World::new();
    let account = json!({"platform": "slack", "space": "T1", "user": "U1"});
    let begun = world.post("/v1/links", json!({"account": account})).await;
    assert_eq!((begun.status.as_u16(), begun.json()), (201, json!({"code": "K7P2-M9QX", "expires_at": 9})));
    let confirmed = world.post("/v1/links", json!({"code": "K7P2-M9QX"})).await;
    assert_eq!(confirmed.json()["says"], "Linked.");
    for wrong in [json!({}), json!({"account": account, "code": "K7P2-M9QX"})] {
        world.post("/v1/links", wrong).await.is_problem(400, "LINK_INVALID");
    }
}
