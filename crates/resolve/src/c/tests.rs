//! Each rule on a small repository.

use crate::testing::TestRepository;
use codexa_model::Language::{C, Cpp};
use codexa_model::relation::DeclineReason;

fn repository(paths: &[&str]) -> TestRepository {
    let mut repo = TestRepository::default();
    for path in paths {
        repo.text(path, "");
    }
    repo
}

fn from(repo: &mut TestRepository, path: &str, includes: &str) -> String {
    repo.source(path, C, includes);
    repo.show(path).join("\n")
}

#[test]
fn looks_beside_then_in_include_folders_then_by_suffix() {
    let mut repo = repository(&[
        "lib/x.h",
        "lib/vtls/x.h",
        "lib/setup.h",
        "include/curl/curl.h",
        "deps/z/zed.h",
        "a/twin.h",
        "b/twin.h",
        "lib/vtls/near/twin.h",
        "other/inc/api/a.h",
        "lib/parts.inc",
        "include/conf/made.h.in",
        "other/ssl.h",
        "lib/vtls/near/close.h",
    ]);
    let includes = r#"
        "x.h"
        <x.h>
        "setup.h"
        <curl/curl.h>
        <zed.h>
        "twin.h"
        <api/a.h>
        "..\parts.inc"
        "../../../etc/passwd"
        "/etc/passwd"
        "gone.h"
        <ssl.h>
        <close.h>
        <conf/made.h>
        <made_config.h>
    "#;
    insta::assert_snapshot!(from(&mut repo, "lib/vtls/v.c", includes), @r"
    deps/z/zed.h c.unique_suffix 70
    include/conf/made.h.in c.header_template 75
    include/curl/curl.h c.include_root 90
    lib/parts.inc c.include_beside 100
    lib/setup.h c.outer_folder 85
    lib/vtls/near/close.h c.unique_suffix 70
    lib/vtls/near/twin.h c.nearest_suffix 60
    lib/vtls/x.h c.include_beside 100
    lib/x.h c.outer_folder 60
    other/inc/api/a.h c.include_folder 80
    ../../../etc/passwd: not found
    /etc/passwd: not found
    gone.h: not found
    made_config.h: not found
    ssl.h: external ssl
    ");
    insta::assert_snapshot!(from(&mut repo, "c/v.c", "\"twin.h\""), @r"
    twin.h: ambiguous
    ");
}

#[test]
fn a_bare_name_in_brackets_may_mean_a_library_in_the_tree_or_the_only_file_beside() {
    let mut repo = repository(&[
        "zstd/zstd.h",
        "zstd/zdict.h",
        "zstd/config.h",
        "tools/perf/util/util.h",
        "tools/perf/util/deep.h",
        "ext/compat.h",
        "c-ext/own.h",
        "c-ext/twin.h",
        "other/twin.h",
    ]);
    let includes = "<zstd.h>\n<zdict.h>\n<config.h>\n<util.h>\n<deep.h>\n<own.h>\n<twin.h>\n";
    insta::assert_snapshot!(from(&mut repo, "c-ext/v.c", includes), @r"
    c-ext/own.h c.own_folder 60
    zstd/zdict.h c.unique_suffix 70
    zstd/zstd.h c.unique_suffix 70
    config.h: not found
    deep.h: external deep
    twin.h: external twin
    util.h: standard library
    ");
}

#[test]
fn systems_headers_are_nobodys_files() {
    let mut repo = repository(&["lib/string.h", "lib/errno.h", "compat/sys/queue.h", "include/sys/own.h"]);
    let includes = "<string.h>\n<vector>\n<Windows.h>\n<sys/socket.h>\n<sys/queue.h>\n<sys/own.h>\n<openssl/ssl.h>\n<zlib.h>\n\"stdio.h\"\nCONFIG_H";
    insta::assert_snapshot!(from(&mut repo, "lib/sub/m.c", includes), @r"
    include/sys/own.h c.include_root 90
    CONFIG_H: dynamic
    Windows.h: standard library
    openssl/ssl.h: external openssl
    stdio.h: standard library
    string.h: standard library
    sys/queue.h: standard library
    sys/socket.h: standard library
    vector: standard library
    zlib.h: external zlib
    ");
}

#[test]
fn linux_headers_belong_to_their_architecture() {
    let mut repo = repository(&[
        "include/linux/list.h",
        "include/uapi/linux/types.h",
        "tools/include/linux/list.h",
        "include/asm-generic/bug.h",
        "arch/x86/include/asm/page.h",
        "arch/arm/include/asm/page.h",
        "arch/arm/include/asm/mach.h",
        "arch/arm/kernel/private.h",
    ]);
    let includes = "<linux/list.h>\n<linux/types.h>\n<asm/page.h>\n<asm/mach.h>\n<asm/bug.h>\n<linux/gone.h>\n<generated/autoconf.h>\n\"private.h\"";
    insta::assert_snapshot!(from(&mut repo, "arch/x86/mm/init.c", includes), @r"
    arch/x86/include/asm/page.h c.include_root 90
    include/asm-generic/bug.h c.asm_generic 80
    include/linux/list.h c.include_root 90
    include/uapi/linux/types.h c.include_root 90
    asm/mach.h: not found
    generated/autoconf.h: not found
    linux/gone.h: not found
    private.h: not found
    ");
    insta::assert_snapshot!(from(&mut repo, "mm/slab.c", includes), @r"
    arch/arm/include/asm/mach.h c.include_folder 80
    include/linux/list.h c.include_root 90
    include/uapi/linux/types.h c.include_root 90
    asm/bug.h: not found
    asm/page.h: ambiguous
    generated/autoconf.h: not found
    linux/gone.h: not found
    private.h: not found
    ");
    insta::assert_snapshot!(from(&mut repo, "tools/perf/p.c", "<linux/list.h>"), @r"
    tools/include/linux/list.h c.include_root 90
    ");
}

#[test]
fn compile_commands_decide() {
    let mut repo = repository(&["one/conf.h", "two/conf.h", "two/only.h", "src/m.c", "src/n.c", "src/shared.h"]);
    repo.text(
        "compile_commands.json",
        r#"[
          {"directory": "/home/u/p/build", "file": "/home/u/p/src/m.c", "command": "cc -I ../two -I/home/u/p/one -I/usr/include -c ../src/m.c"},
          {"directory": "/home/u/p/build", "file": "../src/n.c", "arguments": ["cc", "-isystem", "/home/u/p/one", "-iquote../two", "n.c"]}
        ]"#,
    );
    assert_eq!(from(&mut repo, "src/m.c", "<conf.h>"), "two/conf.h c.compile_commands 100");
    assert_eq!(from(&mut repo, "src/n.c", "<conf.h>"), "one/conf.h c.compile_commands 100");
    assert_eq!(from(&mut repo, "src/n.c", "\"conf.h\""), "two/conf.h c.compile_commands 100");
    assert_eq!(from(&mut repo, "src/shared.h", "\"only.h\""), "two/only.h c.compile_commands 95");
    assert_eq!(from(&mut repo, "src/shared.h", "\"conf.h\""), "conf.h: ambiguous");
}

#[test]
fn modules_lead_to_the_file_that_declares_them() {
    let mut repo = TestRepository::default();
    repo.source("geometry.cppm", Cpp, "").module("geometry");
    repo.source("main.cpp", Cpp, "import geometry\nimport std\nimport none");
    insta::assert_snapshot!(repo.show("main.cpp").join("\n"), @r"
    geometry.cppm c.module 90
    none: not found
    std: standard library
    ");
}

/// 1,000 files of one name, included again and again.
#[test]
fn what_one_file_looks_at_is_bounded() {
    let mut repo = TestRepository::default();
    for at in 0..1_000 {
        repo.text(&format!("a/f{at}/x.h"), "");
    }
    repo.source("a/f500/m.c", C, &"\"x.h\"\n".repeat(10));
    assert_eq!(repo.show("a/f500/m.c"), ["a/f500/x.h c.include_beside 100"], "found at once among a thousand");
    let undecided = |repo: &TestRepository| {
        let declined = repo.resolve("m.c").declined;
        declined.iter().filter(|declined| declined.reason == DeclineReason::Cut).count()
    };
    repo.source("m.c", C, &"<x.h>\n".repeat(2_500));
    assert_ne!(undecided(&repo), 0);
}
