//! Leaves are canonical, numbered and hashed; whatever is not so is found.

#![cfg(test)]

use codexa_ledger::{Actor, Broken, Draft, Hash, LeafError, Stored, Via, check};
use proptest::prelude::*;
use serde_json::{Value, json};

const LEDGER: &str = "6a6f7e0e-0000-4000-8000-000000000001";

fn draft(act: &str, data: Value) -> Draft {
    Draft {
        act: act.to_owned(),
        actor: Actor { person: "ada".to_owned(), roles: vec!["GO".to_owned()] },
        via: Via { kind: "slack".to_owned(), place: "C1".to_owned(), account: "T1/U1".to_owned() },
        directive: Some("approve design for CH-001".to_owned()),
        change: Some("CH-001".to_owned()),
        gate: Some("design".to_owned()),
        subject: Some("sha256:00".to_owned()),
        base: None,
        maturity: "M1".to_owned(),
        rules: "sha256:11".to_owned(),
        data: data.as_object().cloned().unwrap_or_default(),
    }
}

fn ledger(count: u64) -> Vec<Stored> {
    let seal = |seq: u64| draft("gate.approve", json!({"n": seq})).seal(LEDGER, seq, 1_000 + seq as i64).unwrap();
    (0..count)
        .map(|seq| {
            let sealed = seal(seq);
            Stored { seq, text: sealed.text, hash: sealed.hash.to_string() }
        })
        .collect()
}

#[test]
fn a_leaf_is_canonical_json() {
    let sealed = draft("gate.approve", json!({"z": 1, "a": "\u{e9}\n"})).seal(LEDGER, 7, 1_700_000_000_123).unwrap();
    insta::assert_snapshot!(sealed.text, @r#"{"act":"gate.approve","actor":{"person":"ada","roles":["GO"]},"at":1700000000123,"change":"CH-001","data":{"a":"é\n","z":1},"directive":"approve design for CH-001","gate":"design","ledger":"6a6f7e0e-0000-4000-8000-000000000001","maturity":"M1","rules":"sha256:11","seq":7,"subject":"sha256:00","v":1,"via":{"account":"T1/U1","kind":"slack","place":"C1"}}"#);
    assert_eq!(sealed.hash, Hash::of_leaf(sealed.text.as_bytes()));
}

#[test]
fn the_hash_is_that_of_rfc_6962() {
    // The hash of the empty leaf, from the test vectors of certificate transparency.
    let empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    assert_eq!(Hash::of_leaf(b"").to_string(), empty);
    assert_eq!(empty.parse::<Hash>().unwrap(), Hash::of_leaf(b""));
    for wrong in ["", "6e", empty.trim_start_matches('6'), &empty.to_uppercase(), &format!("{empty}0")] {
        assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
    }
}

#[test]
fn abuse_28_a_leaf_over_64_kib_is_not_written() {
    let long = draft("gate.deny", json!({"reason": "x".repeat(64 << 10)}));
    assert!(matches!(long.seal(LEDGER, 0, 0), Err(LeafError::TooLarge { .. })));
}

#[test]
fn a_whole_ledger_is_found_whole() {
    assert_eq!(check(LEDGER, ledger(5)), Ok(5));
    assert_eq!(check(LEDGER, ledger(0)), Ok(0));
}

#[test]
fn gaps_other_ledgers_and_clocks_that_run_back_are_found() {
    let mut gap = ledger(4);
    gap.remove(1);
    assert_eq!(check(LEDGER, gap), Err(Broken::Gap { expected: 1, found: 2 }));

    assert!(matches!(check("another", ledger(1)), Err(Broken::Foreign { seq: 0, .. })));

    let mut back = ledger(1);
    let sealed = draft("gate.approve", json!({})).seal(LEDGER, 1, 999).unwrap();
    back.push(Stored { seq: 1, text: sealed.text, hash: sealed.hash.to_string() });
    assert_eq!(check(LEDGER, back), Err(Broken::Backwards { seq: 1 }));

    let mut moved = ledger(2);
    moved.swap(0, 1);
    moved[0].seq = 0;
    assert!(matches!(check(LEDGER, moved), Err(Broken::Foreign { seq: 0, .. })));
}

#[test]
fn abuse_29_a_leaf_that_was_written_otherwise_is_found_also_under_its_own_hash() {
    let mut spaced = ledger(1);
    spaced[0].text = spaced[0].text.replace("\"v\":1", "\"v\": 1");
    assert_eq!(check(LEDGER, spaced.clone()), Err(Broken::Changed { seq: 0 }));
    spaced[0].hash = Hash::of_leaf(spaced[0].text.as_bytes()).to_string();
    assert!(matches!(check(LEDGER, spaced), Err(Broken::Foreign { seq: 0, .. })));
}

proptest! {
    #[test]
    fn abuse_23_any_flipped_bit_is_found(at in 0_usize..4, byte in any::<prop::sample::Index>(), bit in 0_u8..7) {
        let mut leaves = ledger(4);
        let mut bytes = leaves[at].text.clone().into_bytes();
        let byte = byte.index(bytes.len());
        bytes[byte] ^= 1 << bit;
        leaves[at].text = String::from_utf8_lossy(&bytes).into_owned();
        prop_assert!(check(LEDGER, leaves).is_err());
    }
}
