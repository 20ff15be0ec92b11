//! What the YAML writer writes reads back as it was.

use codexa_discovery::projections::to_yaml;
use codexa_model::manifest::Flow;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every shape that manifests have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Shapes {
    text: String,
    number: u64,
    share: f64,
    sure: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maybe: Option<String>,
    list: Vec<String>,
    lists: Vec<Vec<String>>,
    map: BTreeMap<String, String>,
    maps: Vec<BTreeMap<String, Vec<String>>>,
    nested: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    line: Flow<BTreeMap<String, BTreeMap<String, Vec<String>>>>,
    lines: Vec<Flow<BTreeMap<String, String>>>,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,12}",
        "[a-z0-9./:@~*#,\\[\\]{}&!|>'\"% -]{0,12}",
        "(true|NO|null|~|0x1f|1_000|1e3|\\.5|-1|12:30|=|<<|\\.inf|2026-01-01|\\? a|- a|---|\\.\\.\\.)",
        any::<char>().prop_map(String::from),
        "[a-z/]{1000,1100}",
    ]
}

fn map<V: Strategy>(value: V) -> impl Strategy<Value = BTreeMap<String, V::Value>>
where
    V::Value: std::fmt::Debug,
{
    prop::collection::btree_map(text(), value, 0..4)
}

fn list() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..4)
}

fn shapes() -> impl Strategy<Value = Shapes> {
    let scalars = (text(), any::<u32>(), 0.0..1.0, any::<bool>(), prop::option::of(text()));
    let lists = (list(), prop::collection::vec(list(), 0..3), map(text()), prop::collection::vec(map(list()), 0..3));
    let deep = (map(map(list())), map(map(list())), prop::collection::vec(map(text()), 0..3));
    (scalars, lists, deep).prop_map(
        |((text, number, share, sure, maybe), (list, lists, map, maps), (nested, line, lines))| Shapes {
            text,
            number: number.into(),
            share,
            sure,
            maybe,
            list,
            lists,
            map,
            maps,
            nested,
            line: Flow(line),
            lines: lines.into_iter().map(Flow).collect(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn what_is_written_reads_back_equal(shapes in shapes()) {
        let text = to_yaml(&shapes).unwrap();
        let back: Shapes = serde_saphyr::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(back, shapes);
        let is_seen = |c: char| c == '\n' || (c >= ' ' && c != '\u{7f}' && !('\u{202a}'..='\u{202e}').contains(&c));
        prop_assert!(text.chars().all(is_seen));
    }
}

#[test]
fn it_looks_like_what_people_write() {
    let mut api = BTreeMap::new();
    api.insert("class".to_owned(), vec!["App".to_owned(), "yes".to_owned()]);
    let mut lines = BTreeMap::new();
    lines.insert("app.py".to_owned(), Flow(api));
    lines.insert("a: b\u{202e}.py".to_owned(), Flow(BTreeMap::new()));
    #[derive(Serialize)]
    struct Document {
        schema: &'static str,
        share: f64,
        none: Vec<String>,
        steps: Vec<BTreeMap<&'static str, &'static str>>,
        files: BTreeMap<String, Flow<BTreeMap<String, Vec<String>>>>,
    }
    let steps = vec![[("what", "look: twice"), ("command", "codexa show coverage")].into_iter().collect()];
    let document = Document { schema: "codexa/x@1", share: 0.5, none: vec![], steps, files: lines };
    insta::assert_snapshot!(to_yaml(&document).unwrap(), @r#"
    schema: codexa/x@1
    share: 0.5
    none: []
    steps:
      - command: codexa show coverage
        what: "look: twice"
    files:
      "a: b\u202e.py": {}
      app.py: {class: [App, "yes"]}
    "#);
}
