//! A code is looked at before it links.

use crate::world::World;
use codexa_api::Account;
use codexa_chassis::settings::Secret;
use codexa_client::Client;

/// A code for an account of Slack, as its adapter asks for one.
async fn code(world: &World) -> String {
    let token = world.say_ok(&["token", "new", "--adapter", "slack"]).stdout;
    let adapter = Client::http(&world.url, Secret::new(token.trim())).unwrap();
    let account = Account {
        platform: "slack".to_owned(),
        space: "T1".to_owned(),
        user: "U7".to_owned(),
        name: "mallory \u{1b}[31m".to_owned(),
    };
    adapter.begin_link(&account, &uuid::Uuid::new_v4().to_string()).await.unwrap().code
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_account_it_is_is_shown_and_asked_before_it_is_linked() {
    let world = World::new().await.up().await;
    let token = world.token("ada");
    let ada = |arguments: &[&str]| world.home.run_with(&[("CODEXA_TOKEN", &token)], arguments);
    let given = code(&world).await;
    let whose = ["slack", "T1", "U7", "mallory", "@ada"];

    let refused = ada(&["link", &given]).with_code(2);
    assert!(refused.stderr.contains("LINK_UNCONFIRMED") && refused.stderr.contains("--yes"), "{}", refused.stderr);
    let (declined, shown) = world.home.at_a_terminal(&token, &["link", &given], "n\n");
    assert!(shown.contains("Link it? [y/N]") && shown.contains("Nothing was linked."), "{shown}");
    assert_eq!(declined, 1, "{shown}");
    let looked = ada(&["link", "--look", &given]).with_code(0);
    for text in [&refused.stderr, &shown, &looked.stdout] {
        assert!(whose.iter().all(|word| text.contains(word)) && !text.contains("\u{1b}[31m"), "{text}");
    }

    let (linked, shown) = world.home.at_a_terminal(&token, &["link", &given], "y\n");
    assert!(linked == 0 && shown.contains("is yours"), "{shown}");
    let other = code(&world).await;
    assert!(ada(&["link", "--yes", &other]).with_code(0).stdout.contains("is yours"));
}
