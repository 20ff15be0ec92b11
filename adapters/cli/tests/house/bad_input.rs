//! What is wrong is refused with its code, and changes nothing.

use crate::world::{ASK, World, said};
use codexa_api::DirectiveRequest;
use codexa_chassis::settings::Secret;
use codexa_client::{Client, Error};

fn code(error: &Error) -> &str {
    error.code().unwrap_or("no code")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_refused_with_its_code_and_changes_nothing() {
    let world = World::new().await.up().await;
    world.open_change();
    let ada = world.client("ada");
    let before = ada.change("CH-001").await.unwrap();

    let refused = async |words: &str, key: &str| said(&ada, words, key).await.unwrap_err();
    assert_eq!(code(&refused("approve design for CH-009", "a").await), "CHANGE_NOT_FOUND");
    assert_eq!(code(&refused("approve impact for CH-001", "b").await), "GATE_NOT_FOUND");
    assert_eq!(code(&ada.change("CH-009").await.unwrap_err()), "CHANGE_NOT_FOUND");

    let nobody = Client::http(&world.url, Secret::new("cdx_0123456789")).unwrap();
    assert_eq!(code(&nobody.me().await.unwrap_err()), "TOKEN_INVALID");
    assert_eq!(code(&said(&nobody, ASK, "c").await.unwrap_err()), "TOKEN_INVALID");

    let confirm = async |nonce: &str, key: &str| {
        let request = DirectiveRequest { confirm: Some(nonce.to_owned()), ..DirectiveRequest::default() };
        ada.directive(&request, key).await
    };
    assert_eq!(code(&confirm("never given", "d").await.unwrap_err()), "NONCE_UNKNOWN");
    assert_eq!(ada.change("CH-001").await.unwrap(), before, "nothing has changed so far");

    let nonce = said(&ada, ASK, "e").await.unwrap().confirm.unwrap().nonce;
    let voted = confirm(&nonce, "f").await.unwrap();
    assert_eq!(voted.card.unwrap().have, 1);
    assert_eq!(code(&confirm(&nonce, "g").await.unwrap_err()), "NONCE_USED");
    assert_eq!(confirm(&nonce, "f").await.unwrap().entry, voted.entry, "the same request gets the first answer");

    // The requester, and a person without the role.
    assert_eq!(said(&world.client("cid"), ASK, "h").await.unwrap().confirm, None);
    let digest = ada.change("CH-001").await.unwrap().gates[0].digest.clone();
    let request = DirectiveRequest { words: ASK.to_owned(), digest: Some(digest), ..DirectiveRequest::default() };
    assert_eq!(code(&world.client("cid").directive(&request, "i").await.unwrap_err()), "VOTE_ROLE");
    assert_eq!(ada.change("CH-001").await.unwrap().gates[0].have, 1);
}
