//! What only its receiver may know is nowhere in the store.

use crate::engine::Engine;
use crate::world::{World, block_on};
use codexa_governance::identity::TokenKind;
use codexa_proto::v1;
use codexa_testkit::postgres::Version;

#[test]
fn abuse_49_no_secret_is_in_the_file_of_sqlite() {
    block_on(async {
        let world = World::new().await;
        let secrets = use_secrets(&world).await;
        let file = world.engine.file();
        let mut stored = std::fs::read(&file).unwrap();
        stored.extend(std::fs::read(file.with_extension("db-wal")).unwrap_or_default());
        assert!(holds(&stored, b"change.open"), "the ledger is in there");
        for secret in secrets {
            assert!(!holds(&stored, secret.as_bytes()), "{secret}");
        }
    });
}

#[test]
fn abuse_49_no_secret_is_in_a_table_of_postgresql() {
    block_on(async {
        let world = World::over(Engine::postgres(Version::V15)).await;
        let secrets = use_secrets(&world).await;
        let tables = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'";
        let mut stored = String::new();
        for table in world.engine.texts(tables).await {
            stored.extend(world.engine.texts(&format!("SELECT CAST(t AS TEXT) FROM {table} t")).await);
        }
        let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert!(
            stored.contains("change.open") && stored.contains(&hex("is open")),
            "the ledger and answers are in there"
        );
        for secret in secrets {
            assert!(!stored.contains(&secret) && !stored.contains(&hex(&secret)), "{secret}");
        }
    });
}

/// Uses a token, a nonce and a code of each kind; some of them once more.
async fn use_secrets(world: &World) -> Vec<String> {
    world.open_change().await;
    let mut secrets = vec![world.token("ada"), world.token("ben")];
    for words in [
        "approve design for CH-001",
        "deny scope for CH-001 because it is wrong",
        "hold CH-001",
        "withdraw design for CH-001",
    ] {
        let ask = world.order("ben", words);
        let asked = world.governance.execute(ask.clone()).await.unwrap();
        secrets.push(asked.confirm.as_ref().unwrap().nonce.clone());
        world.governance.execute(ask).await.unwrap();
        world.governance.execute(world.confirmation(world.caller("ben"), &asked)).await.unwrap();
    }
    // This one is never used.
    secrets.push(world.say("cat", "deny design for CH-001 because it is wrong").await.unwrap().confirm.unwrap().nonce);

    let token = world.governance.new_token(TokenKind::Adapter, "slack", None).await.unwrap();
    let account = Some(crate::votes::account("slack", "U9"));
    let caller = v1::Caller { token: token.clone(), account, channel: None };
    let unused = world.governance.begin_link(&caller).await.unwrap().code;
    let used = world.governance.begin_link(&caller).await.unwrap().code;
    let request =
        v1::ConfirmLinkRequest { caller: Some(world.caller("eve")), code: used.clone(), ..Default::default() };
    world.governance.confirm_link(&request).await.unwrap();
    world.governance.execute(world.order_of(caller, "status")).await.unwrap();
    secrets.extend([token, unused, used]);
    secrets
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
