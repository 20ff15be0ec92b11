use crate::lines;

#[test]
fn pyproject_in_every_dialect() {
    let project = r#"
        [build-system]
        requires = ["hatchling>=1.2"]
        [project]
        name = "app"
        dependencies = ["Requests[socks] >=2,<3 ; python_version > '3.8'", "app[extra]", "tool @ git+https://example.com/tool", "sibling"]
        [project.optional-dependencies]
        extra = ["PyYAML"]
        [dependency-groups]
        test = ["pytest==8.*", {include-group = "lint"}]
        lint = ["ruff"]
        [tool.uv.sources]
        sibling = { workspace = true }
    "#;
    assert_eq!(
        lines(&[("pyproject.toml", project)]),
        [
            "hatchling >=1.2 = -, Build, pyproject.toml",
            "pytest ==8.* = -, Development, pyproject.toml",
            "pyyaml - = -, Optional, pyproject.toml",
            "requests >=2,<3 = -, Runtime, pyproject.toml",
            "ruff - = -, Development, pyproject.toml",
            "tool @ git+https://example.com/tool = -, Runtime, pyproject.toml",
        ]
    );
    let poetry = r#"
        [tool.poetry]
        name = "app"
        [tool.poetry.dependencies]
        python = "^3.10"
        django = "^5"
        redis = { version = "^5", optional = true }
        sibling = { path = "../sibling" }
        [tool.poetry.group.dev.dependencies]
        mypy = "*"
    "#;
    assert_eq!(
        lines(&[("pyproject.toml", poetry)]),
        [
            "django ^5 = -, Runtime, pyproject.toml",
            "mypy * = -, Development, pyproject.toml",
            "redis ^5 = -, Optional, pyproject.toml",
        ]
    );
    let flit = "[tool.flit.metadata]\nmodule = 'app'\nrequires = ['click']\n[tool.flit.metadata.requires-extra]\ndoc = ['sphinx']\n";
    assert_eq!(
        lines(&[("pyproject.toml", flit)]),
        ["click - = -, Runtime, pyproject.toml", "sphinx - = -, Optional, pyproject.toml"]
    );
}

#[test]
fn requirement_files_include_each_other_once() {
    let main = "-r base/common.txt\n--index-url https://example.com\nflask==3.0.0 \\\n    --hash=sha256:00 # pinned\n# comment\n-e .\n./local\nhttps://example.com/x.whl\n";
    let common = "-r ../requirements.txt\nclick>=8  # why\n-r ../../outside.txt\n-c limits.txt\n";
    assert_eq!(
        lines(&[
            ("requirements.txt", main),
            ("base/common.txt", common),
            ("requirements-dev.txt", "pytest\n-r extra.txt\n"),
            ("extra.txt", "coverage\n"),
            ("limits.txt", "limited<2\n"),
        ]),
        [
            "click >=8 = -, Runtime, base/common.txt",
            "coverage - = -, Development, extra.txt",
            "flask ==3.0.0 = -, Runtime, requirements.txt",
            "pytest - = -, Development, requirements-dev.txt",
        ]
    );
}

#[test]
fn a_compiled_requirement_file_locks_its_source() {
    assert_eq!(
        lines(&[
            ("requirements.in", "flask\n"),
            ("requirements.txt", "flask==3.0.0\njinja2==3.1.4\n    # via flask\n")
        ]),
        [
            "flask - = -, Runtime, requirements.in",
            "flask ==3.0.0 = 3.0.0, Runtime, requirements.txt",
            "~jinja2 ==3.1.4 = 3.1.4, Runtime, requirements.txt",
        ]
    );
}

#[test]
fn setup_files_are_read_and_not_run() {
    let script = r#"
from setuptools import setup
# install_requires=["commented"]
more = ["computed"]
setup(
    name="app",
    install_requires=["requests>=2", 'six', "joined" + suffix, "a" "b"],
    tests_require=more,
    extras_require={"yaml": ["PyYAML>=5"], "all": more},
)
"#;
    let cfg = "[metadata]\nname = other\n[options]\npackages = find:\ninstall_requires =\n    attrs>=20\n    # note\n    rich; python_version>'3'\n[options.extras_require]\ndoc = sphinx\n";
    assert_eq!(
        lines(&[("setup.py", script), ("sub/setup.cfg", cfg)]),
        [
            "attrs >=20 = -, Runtime, sub/setup.cfg",
            "pyyaml >=5 = -, Optional, setup.py",
            "requests >=2 = -, Runtime, setup.py",
            "rich - = -, Runtime, sub/setup.cfg",
            "six - = -, Runtime, setup.py",
            "sphinx - = -, Optional, sub/setup.cfg",
        ]
    );
}

#[test]
fn uv_lock_covers_its_members_and_follows_needs() {
    let lock = r#"
        version = 1
        [[package]]
        name = "app"
        source = { editable = "." }
        [[package]]
        name = "member"
        source = { virtual = "packages/member" }
        [[package]]
        name = "flask"
        version = "3.0.0"
        source = { registry = "https://example.com" }
        dependencies = [{ name = "jinja2" }]
        [[package]]
        name = "jinja2"
        version = "3.1.4"
        source = { registry = "https://example.com" }
        [[package]]
        name = "pytest"
        version = "8.0.0"
        source = { registry = "https://example.com" }
        dependencies = [{ name = "pluggy" }]
        [[package]]
        name = "pluggy"
        version = "1.5.0"
        source = { registry = "https://example.com" }
    "#;
    assert_eq!(
        lines(&[
            ("uv.lock", lock),
            ("pyproject.toml", "[project]\nname='app'\ndependencies=['flask']\n[dependency-groups]\ndev=['pytest']\n"),
            ("packages/member/pyproject.toml", "[project]\nname='member'\ndependencies=['flask>2', 'app']\n"),
            ("apart/pyproject.toml", "[project]\nname='apart'\ndependencies=['flask']\n"),
        ]),
        [
            "flask - = -, Runtime, apart/pyproject.toml",
            "flask - = 3.0.0, Runtime, pyproject.toml",
            "flask >2 = 3.0.0, Runtime, packages/member/pyproject.toml",
            "~jinja2 - = 3.1.4, Runtime, uv.lock",
            "~pluggy - = 1.5.0, Development, uv.lock",
            "pytest - = 8.0.0, Development, pyproject.toml",
        ]
    );
}

#[test]
fn poetry_pdm_and_pipenv_locks() {
    let poetry = "[[package]]\nname = 'django'\nversion = '5.0'\ngroups = ['main']\n[[package]]\nname = 'mypy'\nversion = '1.0'\ngroups = ['dev']\n\
        [[package]]\nname = 'sibling'\nversion = '0.1'\n[package.source]\ntype = 'directory'\nurl = '../sibling'\n";
    let project = "[tool.poetry]\nname = 'app'\n[tool.poetry.dependencies]\ndjango = '^5'\n";
    assert_eq!(
        lines(&[("a/poetry.lock", poetry), ("a/pyproject.toml", project)]),
        ["django ^5 = 5.0, Runtime, a/pyproject.toml", "~mypy - = 1.0, Development, a/poetry.lock"]
    );
    let pipfile = "[packages]\nflask = '*'\nnear = {path = './near'}\n[dev-packages]\npytest = {version = '>=8'}\n";
    let lock = r#"{"default": {"flask": {"version": "==3.0.0"}, "jinja2": {"version": "==3.1.4"}}, "develop": {"pytest": {"version": "==8.1.0"}}}"#;
    assert_eq!(
        lines(&[("Pipfile", pipfile), ("Pipfile.lock", lock)]),
        [
            "flask * = 3.0.0, Runtime, Pipfile",
            "~jinja2 - = 3.1.4, Runtime, Pipfile.lock",
            "pytest >=8 = 8.1.0, Development, Pipfile",
        ]
    );
}
