//! Each rule on a small repository.

use crate::testing::TestRepository;
use codexa_model::Language::Ruby;
use codexa_model::relation::DeclineReason;

#[test]
fn features_are_found_along_load_paths() {
    let mut repo = TestRepository::default();
    repo.text("Gemfile", "source 'https://x'\ngem 'rack-test', '~> 1'\n");
    repo.text(
        "core/core.gemspec",
        "Gem::Specification.new do |s|\n  s.add_dependency \"activesupport\", \">= 5\"\nend\n",
    );
    for path in [
        "core/lib/core.rb",
        "core/lib/core/json.rb",
        "other/lib/other.rb",
        "test/test_helper.rb",
        "config/boot.rb",
        "core/lib/core/b.rb",
    ] {
        repo.text(path, "");
    }
    repo.text("other/other.gemspec", "");
    let imports = "require ./json\nrequire core/b.rb\nrequire other\nrequire json\nrequire rack/test/methods\nrequire active_support/core_ext\n\
        require sinatra/base\nrequire config/boot\nrequire ./gone\nrequire /etc/x\nrequire net/ssh\nrequire";
    repo.source("core/lib/core/a.rb", Ruby, imports);
    insta::assert_snapshot!(repo.show("core/lib/core/a.rb").join("\n"), @r"
    config/boot.rb ruby.require_from_root 75
    core/lib/core/b.rb ruby.load_path 95
    core/lib/core/json.rb ruby.require_relative 100
    other/lib/other.rb ruby.gem_lib 90
    : dynamic
    ./gone: not found
    /etc/x: not found
    active_support/core_ext: external activesupport
    json: standard library
    net/ssh: external net
    rack/test/methods: external rack-test
    sinatra/base: external sinatra
    ");
    repo.source("test/models/user_test.rb", Ruby, "require test_helper");
    assert_eq!(repo.show("test/models/user_test.rb"), ["test/test_helper.rb ruby.load_path 95"]);
}

#[test]
fn a_constant_leads_to_the_one_file_that_spells_it() {
    let mut repo = TestRepository::default();
    repo.source("app/models/user_account.rb", Ruby, "").defines("UserAccount");
    repo.source("app/lib/html_parser.rb", Ruby, "").defines("HTMLParser");
    repo.source("app/a/twin.rb", Ruby, "").defines("Twin");
    repo.source("app/b/twin.rb", Ruby, "").defines("Twin");
    repo.source("app/string.rb", Ruby, "").defines("String");
    repo.source("app/misc.rb", Ruby, "").defines("Elsewhere");
    repo.source("app/c.rb", Ruby, "").uses("Elsewhere HTMLParser String Twin UserAccount");
    insta::assert_snapshot!(repo.show("app/c.rb").join("\n"), @r"
    app/lib/html_parser.rb ruby.constant 70
    app/models/user_account.rb ruby.constant 70
    ");
}

#[test]
fn what_one_file_looks_up_is_bounded() {
    let mut repo = TestRepository::default();
    for at in 0..600 {
        repo.text(&format!("g{at}/g{at}.gemspec"), "");
    }
    let imports: String = (0..3_000).map(|at| format!("require q{at}\n")).collect();
    repo.source("m/main.rb", Ruby, &imports);
    let declined = repo.resolve("m/main.rb").declined;
    let undecided = declined.iter().filter(|declined| declined.reason == DeclineReason::Cut).count();
    assert_eq!(declined.len(), 3_000);
    assert!((1..3_000).contains(&undecided), "{undecided}");
}
