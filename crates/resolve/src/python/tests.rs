use crate::testing::TestRepository;
use codexa_model::Language::Python;
use codexa_model::relation::DeclineReason;

/// A src layout with a declared root.
fn flaskish() -> TestRepository {
    let mut repo = TestRepository::default();
    repo.text("pyproject.toml", "[project]\nname = 'web'\ndependencies = ['click>=8', 'Jinja2']\n");
    for path in ["src/web/__init__.py", "src/web/app.py", "src/web/json/__init__.py", "src/web/json/tag.py"] {
        repo.source(path, Python, "");
    }
    repo
}

#[test]
fn a_src_layout_is_a_root_and_names_lead_to_submodules_or_the_package() {
    let mut repo = flaskish();
    repo.source(
        "src/web/json/tag.py",
        Python,
        "from web import app, Flask\nimport web.json as j\nfrom web.app import App",
    );
    assert_eq!(
        repo.show("src/web/json/tag.py"),
        [
            "src/web/__init__.py python.absolute_import 100",
            "src/web/app.py python.absolute_import 100",
            "src/web/json/__init__.py python.absolute_import 100",
        ]
    );
}

#[test]
fn relative_imports_count_their_dots_and_stay_in_the_repository() {
    let mut repo = flaskish();
    let imports = "from . import __init__x\nfrom .. import app\nfrom ..app import App\nfrom ..json.tag import *\nfrom ..... import x";
    repo.source("src/web/json/__init__.py", Python, imports);
    assert_eq!(
        repo.show("src/web/json/__init__.py"),
        [
            "src/web/app.py python.relative_import 100",
            "src/web/json/tag.py python.relative_import 100",
            ".....: not found",
        ]
    );
}

#[test]
fn an_import_of_a_package_out_of_a_test_reaches_the_project_root() {
    let mut repo = flaskish();
    repo.source("tests/conftest.py", Python, "");
    repo.source("tests/helpers.py", Python, "");
    repo.source("tests/unit/test_app.py", Python, "import web.app\nimport helpers\nfrom conftest import client");
    assert_eq!(
        repo.show("tests/unit/test_app.py"),
        [
            "src/web/app.py python.absolute_import 100",
            "tests/conftest.py python.conftest_folder 90",
            "tests/helpers.py python.conftest_folder 90",
        ]
    );
}

#[test]
fn what_is_not_here_is_declined_with_its_reason() {
    let mut repo = flaskish();
    let imports = "import os.path\nimport click\nfrom web import app\nimport web.missing\nfrom web.nothing import x\ndynamic\n\
                   dynamic web.app\nimport a/b\nimport a..b\nimport numpy.linalg as la";
    repo.source("src/web/__init__.py", Python, imports);
    assert_eq!(
        repo.show("src/web/__init__.py"),
        [
            "src/web/app.py python.absolute_import 100",
            "src/web/app.py python.dynamic_import 90",
            ": dynamic",
            "a..b: not found",
            "a/b: not found",
            "click: external click",
            "numpy.linalg: external numpy",
            "os.path: standard library",
            "web.missing: not found",
            "web.nothing: not found",
        ]
    );
}

#[test]
fn a_module_beside_a_program_hides_the_standard_library_and_a_root_does_not() {
    let mut repo = flaskish();
    repo.source("src/types/__init__.py", Python, "");
    repo.source("tools/queue.py", Python, "");
    repo.source("tools/run.py", Python, "import queue\nimport types");
    assert_eq!(repo.show("tools/run.py"), ["tools/queue.py python.absolute_import 100", "types: standard library"]);
}

#[test]
fn a_namespace_package_is_found_below_a_declared_root() {
    let mut repo = TestRepository::default();
    repo.text("setup.cfg", "[options]\npackage_dir =\n    = lib\n");
    repo.source("lib/corp/billing/__init__.py", Python, "");
    repo.source(
        "lib/corp/billing/tax.py",
        Python,
        "from corp.billing import tax\nimport corp.billing\nfrom corp import billing, ads",
    );
    repo.source("bin/run.py", Python, "from corp.billing import tax");
    assert_eq!(repo.show("bin/run.py"), ["lib/corp/billing/tax.py python.namespace_package 95"]);
    assert_eq!(
        repo.show("lib/corp/billing/tax.py"),
        ["lib/corp/billing/__init__.py python.namespace_package 95", "corp.ads: not found"]
    );
}

#[test]
fn two_packages_of_one_name_are_ambiguous_unless_one_is_nearer() {
    let mut repo = TestRepository::default();
    for project in ["a", "b"] {
        repo.text(&format!("{project}/setup.py"), "from setuptools import setup\nsetup(name='x')");
        repo.source(&format!("{project}/common/__init__.py"), Python, "");
        repo.source(&format!("{project}/run.py"), Python, "import common");
    }
    repo.source("other/run.py", Python, "import common");
    assert_eq!(repo.show("a/run.py"), ["a/common/__init__.py python.absolute_import 100"]);
    assert_eq!(repo.show("other/run.py"), ["common: ambiguous"]);
}

#[test]
fn a_sibling_project_is_found_and_a_declared_dependency_is_not_taken_from_a_stray_folder() {
    let mut repo = TestRepository::default();
    repo.text("core/pyproject.toml", "[project]\nname='core'\n");
    repo.source("core/src/core/__init__.py", Python, "");
    repo.text("app/pyproject.toml", "[project]\nname='app'\ndependencies=['core', 'requests']\n");
    repo.source("app/fixtures/deep/requests/__init__.py", Python, "");
    repo.source("app/fixtures/deep/sample/__init__.py", Python, "");
    repo.source("app/src/app/__init__.py", Python, "import core\nimport requests\nimport sample");
    assert_eq!(
        repo.show("app/src/app/__init__.py"),
        [
            "app/fixtures/deep/sample/__init__.py python.discovered_root 80",
            "core/src/core/__init__.py python.sibling_project 90",
            "requests: external requests",
        ]
    );
}

#[test]
fn stubs_lead_to_stubs_and_sources_prefer_sources() {
    let mut repo = flaskish();
    repo.source("src/web/fast.pyi", Python, "from .app import App");
    repo.source("src/web/app.pyi", Python, "");
    repo.source("src/web/__init__.py", Python, "from .app import App\nfrom .fast import f");
    assert_eq!(repo.show("src/web/fast.pyi"), ["src/web/app.pyi python.stub 100"]);
    assert_eq!(
        repo.show("src/web/__init__.py"),
        ["src/web/app.py python.relative_import 100", "src/web/fast.pyi python.stub 100"]
    );
}

#[test]
fn roots_are_read_from_the_settings_of_build_back_ends() {
    let settings = [
        ("pyproject.toml", "[tool.setuptools.packages.find]\nwhere = ['code']"),
        ("pyproject.toml", "[tool.setuptools]\npackage-dir = {'' = 'code'}"),
        ("pyproject.toml", "[tool.poetry]\npackages = [{ include = 'web', from = 'code' }]"),
        ("pyproject.toml", "[tool.hatch.build.targets.wheel]\npackages = ['code/web']"),
        ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['code']"),
        ("pytest.ini", "[pytest]\npythonpath = code"),
        ("setup.cfg", "[options.packages.find]\nwhere = code"),
        ("setup.py", "setup(package_dir={'': 'code'})"),
        ("setup.py", "setup(packages=find_packages(where = \"code\"))"),
    ];
    for (manifest, content) in settings {
        let mut repo = TestRepository::default();
        repo.text(manifest, content);
        repo.source("code/web/__init__.py", Python, "");
        repo.source("examples/run.py", Python, "import web");
        assert_eq!(repo.show("examples/run.py"), ["code/web/__init__.py python.absolute_import 100"], "{content}");
    }
}

#[test]
fn packages_name_their_commands_and_their_public_face() {
    let mut repo = flaskish();
    repo.text(
        "pyproject.toml",
        "[project]\nname = 'web'\nversion = '2.0'\n[project.scripts]\nweb = 'web.cli:main'\n[build-system]\nrequires = []",
    );
    repo.text("tools/pyproject.toml", "[tool.black]\nline-length = 100");
    repo.text(
        "legacy/setup.py",
        "name = 'no'\nsetup(name='old', version=VERSION, entry_points={'console_scripts': ['old = old.cli:run [x]']})",
    );
    repo.source("legacy/old/__init__.py", Python, "");
    repo.source("legacy/tests/__init__.py", Python, "");
    let packages = crate::packages(&repo);
    let shown: Vec<String> = packages
        .iter()
        .map(|package| {
            let programs: Vec<String> = package.programs.iter().map(|p| format!("{}={}", p.name, p.target)).collect();
            format!(
                "{} {:?} {:?} {} {programs:?} {:?}",
                package.root,
                package.name,
                package.version,
                package.manifest,
                package.exports.files()
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "".to_owned() + " \"web\" Some(\"2.0\") pyproject.toml [\"web=web.cli:main\"] [\"src/web/__init__.py\"]",
            "legacy \"old\" None legacy/setup.py [\"old=old.cli:run\"] [\"legacy/old/__init__.py\"]".to_owned(),
        ]
    );
}

/// 300 folders that each hold a package of the name, and 3,000 imports that none of them has.
#[test]
fn what_one_file_looks_up_is_bounded() {
    let mut repo = TestRepository::default();
    for at in 0..300 {
        repo.text(&format!("f{at}/p/__init__.py"), "");
    }
    let imports: String = (0..3_000).map(|at| format!("from p.q{at} import a\n")).collect();
    repo.source("m/main.py", Python, &imports);
    let declined = repo.resolve("m/main.py").declined;
    let undecided = declined.iter().filter(|declined| declined.reason == DeclineReason::Cut).count();
    assert_eq!(declined.len(), 3_000);
    assert!((1..3_000).contains(&undecided), "{undecided}");
}
