//! A run after an edit writes the bytes of a clean run, whatever other files are resolved from what was edited.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

fn discover(folder: &Path) -> BTreeMap<String, String> {
    codexa(folder, &["discover"]).with_code(0);
    let manifests = folder.join(".codexa/manifests");
    let folders = [manifests.clone(), manifests.join("system_model"), manifests.join("system_model/components")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let texts = files.filter(|file| file.is_file());
    texts.map(|file| (file.display().to_string(), fs::read_to_string(&file).unwrap())).collect()
}

/// Files, and an edit of one of them that changes what another one's imports lead to.
struct Case {
    what: &'static str,
    files: &'static [(&'static str, &'static str)],
    edited: &'static str,
    text: &'static str,
}

const CASES: &[Case] = &[
    Case {
        what: "Rust: a module is declared elsewhere",
        files: &[
            ("Cargo.toml", "[package]\nname = \"shop\"\n"),
            ("src/lib.rs", "mod a;\n#[path = \"x.rs\"]\nmod t;\n"),
            ("src/a.rs", "use crate::t::T;\nfn f(_: T) {}\n"),
            ("src/x.rs", "pub struct T;\n"),
            ("src/y.rs", "pub struct T;\n"),
        ],
        edited: "src/lib.rs",
        text: "mod a;\n#[path = \"y.rs\"]\nmod t;\n",
    },
    Case {
        what: "Rust: a name is passed on no longer",
        files: &[
            ("Cargo.toml", "[package]\nname = \"shop\"\n"),
            ("src/lib.rs", "mod a;\nmod b;\nmod c;\n"),
            ("src/a.rs", "use crate::b::C;\nfn f(_: C) {}\n"),
            ("src/b.rs", "pub use crate::c::C;\n"),
            ("src/c.rs", "pub struct C;\n"),
        ],
        edited: "src/b.rs",
        text: "pub struct B;\n",
    },
    Case {
        what: "C#: a namespace is opened for the whole project",
        files: &[
            ("shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"></Project>\n"),
            ("GlobalUsings.cs", "global using System;\n"),
            ("Store/Item.cs", "namespace Shop.Store;\npublic class Item {}\n"),
            ("Web/Page.cs", "namespace Web;\npublic class Page { Item item; }\n"),
        ],
        edited: "GlobalUsings.cs",
        text: "global using System;\nglobal using Shop.Store;\n",
    },
    Case {
        what: "C#: a file begins to use what is open to the whole project, beside another language",
        files: &[
            ("shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"></Project>\n"),
            ("GlobalUsings.cs", "global using Shop.Store;\n"),
            ("Store/Item.cs", "namespace Shop.Store;\npublic class Item {}\n"),
            ("Web/Page.cs", "namespace Web;\npublic class Page { }\n"),
            ("tools/a.py", "def there():\n    return 1\n"),
            ("tools/b.py", "from a import there\n"),
        ],
        edited: "Web/Page.cs",
        text: "namespace Web;\npublic class Page { Item item; }\n",
    },
    Case {
        what: "Rust: a file begins to use what another one passes on",
        files: &[
            ("Cargo.toml", "[package]\nname = \"shop\"\n"),
            ("src/lib.rs", "mod a;\nmod b;\nmod c;\n"),
            ("src/a.rs", "fn f() {}\n"),
            ("src/b.rs", "pub use crate::c::C;\n"),
            ("src/c.rs", "pub struct C;\n"),
        ],
        edited: "src/a.rs",
        text: "use crate::b::C;\nfn f() { C; }\n",
    },
    Case {
        what: "Python: a package stops passing a name on",
        files: &[
            ("app/__init__.py", "from .users import User\n"),
            ("app/users.py", "class User:\n    pass\n"),
            ("main.py", "from app import User\n"),
        ],
        edited: "app/__init__.py",
        text: "class User:\n    pass\n",
    },
    Case {
        what: "JavaScript: a package exports another file",
        files: &[
            ("package.json", "{\"name\":\"root\",\"workspaces\":[\"packages/*\"]}"),
            ("packages/a/package.json", "{\"name\":\"@s/a\",\"exports\":{\".\":\"./one.js\"}}"),
            ("packages/a/one.js", "exports.x = 1\n"),
            ("packages/a/two.js", "exports.x = 2\n"),
            ("packages/b/package.json", "{\"name\":\"@s/b\"}"),
            ("packages/b/index.js", "const { x } = require('@s/a')\n"),
        ],
        edited: "packages/a/package.json",
        text: "{\"name\":\"@s/a\",\"exports\":{\".\":\"./two.js\"}}",
    },
    Case {
        what: "TypeScript: a path leads elsewhere",
        files: &[
            ("tsconfig.json", "{\"compilerOptions\":{\"paths\":{\"@/*\":[\"./src/*\"]}}}"),
            ("src/x.ts", "export const x = 1\n"),
            ("lib/x.ts", "export const x = 2\n"),
            ("main.ts", "import { x } from '@/x'\n"),
        ],
        edited: "tsconfig.json",
        text: "{\"compilerOptions\":{\"paths\":{\"@/*\":[\"./lib/*\"]}}}",
    },
    Case {
        what: "Go: the module is renamed",
        files: &[
            ("go.mod", "module example.com/shop\n"),
            ("store/store.go", "package store\n\nfunc Open() {}\n"),
            ("main.go", "package main\n\nimport \"example.com/shop/store\"\n\nfunc main() { store.Open() }\n"),
        ],
        edited: "go.mod",
        text: "module example.com/other\n",
    },
    Case {
        what: "Java: a type moves to another package",
        files: &[
            ("src/main/java/shop/Item.java", "package shop;\npublic class Item {}\n"),
            ("src/main/java/web/Page.java", "package web;\nimport shop.Item;\nclass Page { Item item; }\n"),
        ],
        edited: "src/main/java/shop/Item.java",
        text: "package store;\npublic class Item {}\n",
    },
    Case {
        what: "Gradle: a project uses the released library, not the sources",
        files: &[
            ("settings.gradle", "include 'core', 'old'\n"),
            ("old/build.gradle", "dependencies { implementation project(':core') }\n"),
            ("core/src/main/java/org/shop/Item.java", "package org.shop;\npublic class Item {}\n"),
            ("old/src/main/java/org/shop/up/Use.java", "package org.shop.up;\nimport org.shop.Item;\nclass Use {}\n"),
        ],
        edited: "old/build.gradle",
        text: "dependencies { implementation 'org.shop:core:1.0' }\n",
    },
    Case {
        what: "PHP: the autoloader looks elsewhere",
        files: &[
            ("composer.json", "{\"autoload\":{\"psr-4\":{\"App\\\\\":\"src/\"}}}"),
            ("src/Item.php", "<?php\nnamespace App;\nclass Item {}\n"),
            ("lib/Item.php", "<?php\nnamespace App;\nclass Item {}\n"),
            ("web.php", "<?php\nuse App\\Item;\nnew Item();\n"),
        ],
        edited: "composer.json",
        text: "{\"autoload\":{\"psr-4\":{\"App\\\\\":\"lib/\"}}}",
    },
    Case {
        what: "FastAPI: a router is mounted elsewhere",
        files: &[
            (
                "main.py",
                "from fastapi import FastAPI\nimport users\napp = FastAPI()\napp.include_router(users.router, prefix='/a')\n",
            ),
            ("users.py", "from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get('/x')\ndef x(): ...\n"),
        ],
        edited: "main.py",
        text: "from fastapi import FastAPI\nimport users\napp = FastAPI()\napp.include_router(users.router, prefix='/b')\n",
    },
];

#[test]
fn an_edit_of_what_others_are_resolved_from_gives_the_bytes_of_a_clean_run() {
    for case in CASES {
        let repository = GitRepository::with_files(case.files);
        let before = discover(repository.path());
        repository.write(case.edited, case.text);
        let incremental = discover(repository.path());
        fs::remove_dir_all(repository.path().join(".codexa")).unwrap();
        assert_eq!(incremental, discover(repository.path()), "{}", case.what);
        assert_ne!(incremental, before, "{}: the edit changes nothing", case.what);
    }
}

/// Two dozen files, of which one edit is little, and where the cache lies once they are discovered.
fn many() -> (GitRepository, PathBuf) {
    let repository = GitRepository::with_files(&[("b.py", "def there():\n    return 1\n")]);
    for number in 0..24 {
        let text = format!("from b import there\n\n\ndef part{number}():\n    there()\n");
        repository.write(&format!("part{number}.py"), text);
    }
    repository.git(&["add", "."]);
    discover(repository.path());
    let cache = repository.path().join(".codexa/state/cache");
    (repository, cache)
}

/// Files that a run reads.
fn files_read(repository: &GitRepository) -> u64 {
    let run = codexa(repository.path(), &["discover", "--format", "json"]).with_code(0);
    run.json()["read"].as_u64().unwrap()
}

#[test]
fn after_a_small_edit_only_what_changed_is_written_and_later_runs_build_on_it() {
    let (repository, cache) = many();
    let records = fs::read(cache.join("records")).unwrap();
    let is_as_it_was = || fs::read(cache.join("records")).unwrap() == records;
    // Of 25 files three are few, and four are not.
    for number in 0..3 {
        repository.write(&format!("part{number}.py"), format!("def part{number}():\n    pass\n"));
        assert_eq!(files_read(&repository), 1);
        assert!(is_as_it_was());
    }
    assert!(fs::metadata(cache.join("changes")).unwrap().len() < records.len() as u64);
    repository.write("part3.py", "def part3():\n    pass\n");
    assert_eq!(files_read(&repository), 1);
    assert!(!is_as_it_was());
    let found = discover(repository.path());
    fs::remove_dir_all(&cache).unwrap();
    assert_eq!(discover(repository.path()), found);
}

#[test]
fn a_damaged_part_of_the_cache_costs_time_and_nothing_else() {
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let none = |_: Vec<u8>| Vec::new();
    let of_others = |bytes: Vec<u8>| [vec![0; 40], bytes[40..].to_vec()].concat();
    let lost_end = |bytes: Vec<u8>| [&bytes[..bytes.len() / 2], &vec![0; bytes.len() / 2]].concat();
    for name in ["changes", "records", "intents", "made", "model", "symbols"] {
        let damages = [half as fn(Vec<u8>) -> Vec<u8>, none, of_others];
        // Parts of what intents were found from are taken over into the next run.
        for damage in damages.into_iter().chain((name == "intents").then_some(lost_end as fn(Vec<u8>) -> Vec<u8>)) {
            let (repository, cache) = many();
            repository.write("part4.py", "def part4():\n    pass\n");
            let found = discover(repository.path());
            let bytes = fs::read(cache.join(name)).unwrap();
            fs::write(cache.join(name), damage(bytes)).unwrap();
            assert_eq!(discover(repository.path()), found, "{name}");
            repository.write("part5.py", "def part5():\n    pass\n");
            assert_eq!(files_read(&repository), 1, "{name}: the next run knows everything again");
            assert!(codexa(repository.path(), &["show", "symbols"]).with_code(0).stdout.contains("part23"), "{name}");
        }
    }
}

#[test]
fn a_file_of_the_model_that_stands_is_not_made_again_and_one_that_somebody_edited_is() {
    let (repository, cache) = many();
    let found = discover(repository.path());
    let made = || fs::metadata(cache.join("made")).unwrap().ino();
    let first = made();
    repository.write("part4.py", "from b import there\n\n\n# One.\ndef part4():\n    there()\n");
    assert_eq!(discover(repository.path()).len(), found.len(), "what stands is not swept");
    assert_eq!(made(), first, "a comment changes none of the files that are kept");
    for (path, text) in found.iter().filter(|(path, _)| path.contains("system_model")) {
        fs::write(path, text.replacen("schema", "schemo", 1)).unwrap();
        codexa(repository.path(), &["discover"]).with_code(0);
        assert_eq!(&fs::read_to_string(path).unwrap(), text, "{path}: edited");
        fs::remove_file(path).unwrap();
        codexa(repository.path(), &["discover"]).with_code(0);
        assert_eq!(&fs::read_to_string(path).unwrap(), text, "{path}: gone");
    }
    assert_eq!(made(), first);
    repository.write("part4.py", "from b import there\n\n\ndef part5():\n    there()\n");
    discover(repository.path());
    assert_ne!(made(), first, "another name is offered");
}

#[test]
fn what_intents_were_found_from_is_all_that_they_are_remembered_by() {
    let (repository, cache) = many();
    // What is written is another file.
    let is_found_anew = |text: &str| {
        let before = fs::metadata(cache.join("intents")).unwrap().ino();
        repository.write("part3.py", text);
        let found = discover(repository.path());
        let is_new = fs::metadata(cache.join("intents")).unwrap().ino() != before;
        let kept = fs::read(cache.join("intents")).unwrap();
        fs::remove_file(cache.join("intents")).unwrap();
        assert_eq!(discover(repository.path()), found);
        assert!(fs::read(cache.join("intents")).unwrap() == kept);
        is_new
    };
    assert!(is_found_anew("class Run:\n    pass\n\n\ndef zap():\n    pass\n"));
    assert!(!is_found_anew("class Run:\n    # Nothing new.\n    pass\n\n\ndef zap():\n    pass\n"));
    assert!(is_found_anew("class Run:\n    def zap(self):\n        pass\n"), "a member says less than a function");
}
