#!/usr/bin/env bash
# evidence.sh --repos DIR [ARGUMENT …]: sets the clones in DIR back one and two years and writes what ranking by their past was
# worth to docs/evidence/hotspots.md.
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

need git git cc gcc
need_openssl
need_rust
all_here

cargo build --release --locked --quiet -p codexa -p codexa-bench
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$CARGO_TARGET_DIR/release/codexa-bench" evidence --codexa "$CARGO_TARGET_DIR/release/codexa" --scratch "$scratch" \
    --write "$root/docs/evidence/hotspots.md" "$@"
