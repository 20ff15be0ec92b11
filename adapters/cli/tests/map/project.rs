//! A project with something of everything that the page shows.

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;
use std::path::PathBuf;

/// A file whose name is markup, and a folder whose name turns the reading direction.
pub const MARKUP: &str = "shop/mail/<img src=x onerror=alert(1)>.py";
pub const TURNED: &str = "shop/\u{202e}gro/turned.py";

const WEEK: i64 = 7 * 86_400;
const BEGIN: i64 = 1_650_000_000;
const ADA: (&str, &str) = ("Ada & \"Co\" Lovelace", "ada@example.org");

/// Three parts in layers, two of them in a circle; tests; a year and a half of changes, most in one file.
pub fn shop() -> GitRepository {
    let repository = GitRepository::empty();
    repository.write("pyproject.toml", "[project]\nname = \"shop\"\n");
    repository.write("README.md", "# Shop\n\n## How a payment is taken\n");
    for (part, uses) in [("base", "base"), ("payment", "mail"), ("mail", "payment")] {
        for (at, name) in ["card", "line", "sum", "rule", "form", "view"].iter().enumerate() {
            repository.write(&format!("shop/{part}/__init__.py"), "");
            let lines = (0..20 + at * 24).map(|n| format!("    total = total + {n}\n")).collect::<String>();
            let base = format!("from shop.base.base_{name} import base_{name}\n");
            let other = format!("from shop.{uses}.{uses}_{name} import {uses}_{name}\n");
            let imports = if part == "base" { String::new() } else { base + &other };
            let text = format!("{imports}\n\ndef {part}_{name}(total):\n{lines}    return total\n");
            repository.write(&format!("shop/{part}/{part}_{name}.py"), text);
        }
    }
    repository.write("shop/__init__.py", "");
    repository.write(MARKUP, "def odd(total):\n    total = 1\n    total = 2\n    return total\n");
    repository.write(TURNED, format!("def odd(total):\n{}    return total\n", "    total += 1\n".repeat(40)));
    repository.write("tests/test_card.py", "from shop.payment.payment_card import payment_card\n\n\ndef test(): ...\n");
    repository.commit_by(ADA, BEGIN, "all of it");
    for week in 0..60 {
        let name = if week % 3 == 0 { "view" } else { ["card", "line", "sum"][week % 3] };
        let path = format!("shop/payment/payment_{name}.py");
        let text = repository.read(&path);
        repository.write(&path, format!("{text}# {week}\n"));
        let message = if week % 2 == 0 { format!("Fix the {name} of week {week}") } else { format!("more {name}") };
        repository.commit_by(ADA, BEGIN + WEEK * week as i64, &message);
    }
    repository
}

/// The same, after so many runs.
pub fn discovered(runs: usize, arguments: &[&str]) -> GitRepository {
    let shop = shop();
    for _ in 0..runs {
        let run = codexa(shop.path(), &[&["discover"], arguments].concat());
        assert!(run.code <= 1, "{}", run.transcript());
    }
    shop
}

/// Its map.
pub fn drawn(shop: &GitRepository) -> PathBuf {
    codexa(shop.path(), &["map", "--out", "map.html"]).with_code(0);
    shop.path().join("map.html")
}
