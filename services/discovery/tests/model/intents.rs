//! What the code is for: clusters, their names and what they stand on.

use crate::repo::Repo;
use codexa_discovery::documents::Document;
use codexa_discovery::intents::{Intent, Unnamed};
use codexa_discovery::iterations::{Difference, Snapshot};
use codexa_discovery::model::Model;
use codexa_discovery::projections::system_manifest;
use codexa_discovery::query::{intent, intents};
use codexa_discovery::record::FileClass;
use codexa_model::facts::SymbolKind;

/// A shop: orders, payments and mails, each with files that use each other, and one bridge between the first two.
pub fn shop() -> Repo {
    let mut repo = Repo::new(&["docs/orders.md", "docs/changelog.md", "tests/test_orders.py"]);
    for (group, parts) in [
        ("orders", ["order_cart", "order_basket", "order_checkout"]),
        ("payments", ["payment_card", "payment_invoice", "payment_refund"]),
        ("mail", ["mail_queue", "mail_template", "mail_sender"]),
    ] {
        for part in parts {
            let path = format!("shop/{group}/{part}.py");
            repo.add(&path);
            let method = format!("{part}.run");
            repo = repo.offers(&path, &[(part, SymbolKind::Class), (&method, SymbolKind::Method)]);
        }
        for (from, to) in [(0, 1), (1, 2), (2, 0)] {
            repo = repo.link(&format!("shop/{group}/{}.py", parts[from]), &format!("shop/{group}/{}.py", parts[to]));
        }
    }
    repo = repo.link("shop/orders/order_checkout.py", "shop/payments/payment_card.py");
    repo = repo.link("tests/test_orders.py", "shop/orders/order_cart.py");
    repo.at("docs/orders.md").0.headings = vec!["How an order is made".into(), "Installation".into()];
    repo.at("docs/changelog.md").0.headings = vec!["Order totals are rounded".into()];
    repo
}

fn named<'m>(model: &'m Model, name: &str) -> &'m Intent {
    let intents = &model.intents.all;
    intents.iter().find(|intent| &*intent.name == name).unwrap_or_else(|| {
        panic!("no {name} among {:?}", intents.iter().map(|intent| &intent.name).collect::<Vec<_>>())
    })
}

#[test]
fn files_that_belong_together_are_an_intent_named_by_their_words() {
    let model = shop().model();
    let ids: Vec<&str> = model.intents.all.iter().map(|intent| &*intent.id).collect();
    assert_eq!(ids, ["intent:payment", "intent:mail", "intent:order"]);
}

#[test]
fn an_intent_says_what_it_stands_on() {
    let model = shop().model();
    let order = named(&model, "order");
    let paths: Vec<&str> = order.files.iter().map(|file| model.path(*file)).collect();
    assert_eq!(paths.len(), 3);
    assert!(paths.iter().all(|path| path.starts_with("shop/orders/")));
    assert_eq!((order.edges_inside, order.edges_outside), (3, 1));
    assert_eq!(order.headings, [("docs/orders.md".into(), "How an order is made".into())]);
    assert_eq!((order.stability, order.named_by, order.confidence()), (1.0, 1.0, 100));
    let all: Vec<Option<u32>> = order.files.iter().map(|file| model.intents.of_file[*file as usize]).collect();
    assert!(all.iter().all(|id| *id == all[0] && id.is_some()));
    assert_eq!(model.intents.of_file[model.find("tests/test_orders.py").unwrap() as usize], None);
}

#[test]
fn what_is_not_looked_at_is_said() {
    let mut repo = shop();
    repo.run.mode = "quick".into();
    let intents = repo.model().intents;
    assert!(intents.all.is_empty() && intents.declined.unwrap().contains("quick mode"));
    let small = Repo::new(&["a.py", "b.py", "test/c.py"]).model().intents;
    assert!(small.all.is_empty() && small.declined.unwrap().contains("only 2 files"));
}

#[test]
fn files_that_only_a_common_beginning_or_folder_names_are_called_by_it() {
    let mut repo = shop();
    for (at, file) in ["tool_a", "tool_b", "tool_c", "tool_d"].iter().enumerate() {
        let path = format!("src/{file}.py");
        repo.add(&path);
        if at > 0 {
            repo = repo.link(&path, "src/tool_a.py");
        }
    }
    for (at, file) in ["x", "y", "z", "w"].iter().enumerate() {
        let path = format!("shop/errors/{file}.py");
        repo.add(&path);
        if at > 0 {
            repo = repo.link(&path, "shop/errors/x.py");
        }
    }
    let model = repo.model();
    for (name, folder) in [("tool", "src/"), ("errors", "shop/errors/")] {
        let intent = named(&model, name);
        let paths: Vec<&str> = intent.files.iter().map(|file| model.path(*file)).collect();
        assert!(paths.len() == 4 && paths.iter().all(|path| path.starts_with(folder)), "{name}: {paths:?}");
        assert_eq!(intent.named_by, 1.0, "{name}");
    }
}

#[test]
fn what_says_how_code_is_built_is_no_part_of_an_intent() {
    let mut repo = shop();
    for path in ["shop/orders/order_rules.m4", "shop/orders/order_build.m4"] {
        repo.add(path).language = Some("M4".into());
    }
    let (model, without) = (repo.model(), shop().model());
    assert_eq!(model.intents.files, without.intents.files);
}

#[test]
fn a_file_that_nothing_binds_has_no_intent_and_is_counted() {
    let mut repo = shop();
    repo.add("shop/zebra.py").lines.code = 3;
    let intents = repo.model().intents;
    assert_eq!(intents.unnamed.into_iter().collect::<Vec<_>>(), [(Unnamed::Small, 1)]);
    assert_eq!(intents.files, 10);
}

#[test]
fn the_order_of_files_and_the_number_of_runs_mean_nothing() {
    let mut repo = shop();
    let first = repo.model().intents;
    assert_eq!(first, repo.model().intents);
    repo.files.reverse();
    assert_eq!(first, repo.model().intents);
}

#[test]
fn the_page_of_intents() {
    insta::assert_snapshot!(shop().files()["intent_map.md"]);
}

#[test]
fn the_intents_of_the_manifest_and_of_its_components() {
    let manifest = system_manifest(&shop().model());
    let found: Vec<&str> = manifest.intents.found.iter().map(|intent| &*intent.id).collect();
    assert_eq!(found, ["intent:payment", "intent:mail", "intent:order"]);
    assert_eq!(manifest.intents.found[2].headings, ["docs/orders.md: How an order is made"]);
    let shop = manifest.components.iter().find(|component| component.id == "c:shop").unwrap();
    assert_eq!(shop.intents.len(), 3);
    assert!(manifest.inputs.thresholds.contains_key("intent_seeds"));
}

#[test]
fn intents_as_a_table_and_one_in_full() {
    let model = shop().model();
    insta::assert_snapshot!(intents(&model).text());
    insta::assert_snapshot!(intent(&model, "intent:order").unwrap().text());
    assert_eq!(intent(&model, "intent-3").unwrap(), intent(&model, "order").unwrap());
    let unknown = intent(&model, "intent:ordre").unwrap_err();
    assert_eq!((unknown.code(), &*unknown.help()), ("QUERY_INTENT_NOT_FOUND", "did you mean `intent:order`?"));
    assert!(intent(&model, "intent-4").is_err() && intent(&model, "intent-0").is_err());
}

#[test]
fn without_documents_there_are_intents_that_say_what_is_not_known() {
    let mut repo = shop();
    repo.run.mode = "code-only".into();
    repo.files.retain(|(record, _)| matches!(record.class, FileClass::Source));
    let model = repo.model();
    let answer = intents(&model);
    assert_eq!(
        answer.intents.iter().map(|row| row.id).collect::<Vec<_>>(),
        ["intent:payment", "intent:mail", "intent:order"]
    );
    assert!(answer.not_known[0].starts_with("code-only: no document and no"));
    assert!(repo.files()["intent_map.md"].contains("Not known: code-only"));
}

#[test]
fn what_strangers_write_steers_no_page() {
    let mut repo = shop();
    repo.at("docs/orders.md").0.headings = vec!["order <script> [x](http://y)|`\u{202e}".into()];
    let page = &repo.files()["intent_map.md"];
    assert!(page.contains(r"[order &lt;script&gt; \[x\](http&#58;//y)\|\`(U+202E)](../../docs/orders.md)"), "{page}");
}

#[test]
fn headings_name_components_too() {
    let mut repo = shop().many("mailer", "py", 12);
    repo.at("docs/orders.md").0.headings = vec!["The mailer".into(), "How the shop and its mailer meet".into()];
    repo.context = vec![Document { path: "notes/wiki.html".into(), headings: vec!["Mailers".into()] }];
    let manifest = system_manifest(&repo.model());
    let mailer = manifest.components.iter().find(|component| component.id == "c:mailer").unwrap();
    let expected =
        ["docs/orders.md: The mailer", "notes/wiki.html: Mailers", "docs/orders.md: How the shop and its mailer meet"];
    assert_eq!(mailer.headings, expected);
}

/// [`shop`] beside a part of which nothing says what it is for: its files are called what files are called everywhere.
pub fn shop_with_a_riddle() -> Repo {
    let mut repo = shop();
    for name in
        ["base", "basic", "common", "constants", "core", "errors", "internal", "misc", "paths", "shared", "types"]
    {
        repo.add(&format!("helpers/{name}.py")).lines.code = 40;
    }
    repo
}

#[test]
fn components_with_an_intent_are_counted_beside_those_that_ship() {
    let repo = shop_with_a_riddle();
    let coverage = &repo.files()["system_model/coverage.yaml"];
    let counted =
        "intents:\n  components: {ship: 2, with_intent: 1, answered: 0}\n  without_intent:\n    - c:helpers\n";
    assert!(coverage.contains(counted), "{coverage}");
    let model = repo.model();
    let shown = codexa_discovery::query::coverage(&model).text();
    let says = "  intents     in 1 of 2 components that ship; not known of c:helpers\n";
    assert!(shown.contains(says), "{shown}");
    let trend = Difference::between(&Snapshot::of(&shop().model(), 1), &Snapshot::of(&model, 2)).coverage;
    let share = trend.iter().find(|share| share.of == "components_with_intent").unwrap();
    assert_eq!((share.before, share.after), ([1, 1], [1, 2]));
    // Where nobody looked, there is no number.
    let mut quick = shop_with_a_riddle();
    quick.run.mode = "quick".into();
    let coverage = &quick.files()["system_model/coverage.yaml"];
    assert!(coverage.contains("intents:\n  not_looked_at: ") && !coverage.contains("with_intent"), "{coverage}");
}

#[test]
fn a_large_file_that_everything_uses_is_a_matter_by_itself() {
    let mut repo = shop();
    repo.add("shop/ledger.py").lines.code = 900;
    for part in ["shelf", "pallet", "aisle"] {
        repo.add(&format!("shop/stock/stock_{part}.py"));
    }
    for (from, to) in [("shelf", "pallet"), ("pallet", "aisle"), ("aisle", "shelf")] {
        repo = repo.link(&format!("shop/stock/stock_{from}.py"), &format!("shop/stock/stock_{to}.py"));
    }
    for from in ["orders/order_cart", "payments/payment_card", "mail/mail_queue", "stock/stock_shelf"] {
        repo = repo.link(&format!("shop/{from}.py"), "shop/ledger.py");
    }
    let model = repo.model();
    assert!(named(&model, "ledger").is_one_file());
    assert!(repo.files()["intent_map.md"].contains("One large file that no group holds"));
}
