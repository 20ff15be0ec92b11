#!/usr/bin/env bash
# test.sh [NEXTEST ARGUMENT …]: every test of the workspace; with arguments only what they select.
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

"$root/scripts/test-setup.sh"
[[ ${CI:-} == true ]] && export NEXTEST_PROFILE=ci
if (($# == 0)); then
    cargo test --quiet --locked --workspace --doc
fi
cargo nextest run --locked --workspace "$@"
