#!/usr/bin/env bash
# check.sh [PIECE …]: fmt, clippy, docs, deny, house; all of them when none is named. Says which failed, at the end.
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"
need_rust
all_here
(($#)) || set -- fmt clippy docs deny house

fmt() { cargo fmt --all --check; }

clippy() { cargo clippy --quiet --locked --workspace --all-targets -- -D warnings; }

docs() { RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --workspace --no-deps --document-private-items; }

deny() {
    need_tools cargo-deny
    all_here
    local checks=(licenses bans sources)
    # The database is a git repository of its own: where it cannot be reached, the rest is checked all the same.
    if timeout 60 cargo deny fetch db >/dev/null 2>&1; then
        checks+=(advisories)
    else
        say "deny: the advisory database could not be fetched: advisories were not checked"
    fi
    cargo deny --locked --log-level error check "${checks[@]}"
}

# Imports point down, file sizes, inherited lints, docs of each command, the roadmap.
house() { cargo test --quiet --locked -p codexa-house; }

failed=()
for piece; do
    case $piece in
        fmt | clippy | docs | deny | house) ;;
        *) die "no such piece: $piece (fmt, clippy, docs, deny, house)" ;;
    esac
    say "check: $piece"
    # A piece runs in a shell of its own, so that the first failing command ends it, and only it.
    set +e
    (set -e; "$piece")
    status=$?
    set -e
    ((status == 0)) || failed+=("$piece")
done
((${#failed[@]} == 0)) || die "failed: ${failed[*]}"
say "check: $* passed"
