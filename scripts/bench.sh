#!/usr/bin/env bash
# bench.sh [ARGUMENT …]: measures Codexa against floors and peers, and, unless `--only` names some of it, how long people in a
# chat wait; REPOS names the folder with the clones.
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

need git git cc gcc
need_openssl
need_rust
need_tools scc
ORACLES=radon need_oracles
all_here

cargo build --release --locked --quiet -p codexa -p codexa-bench

# Version managers put wrappers before programs, and a wrapper's time is not the peer's.
program() { pyenv which "$1" 2>/dev/null || command -v "$1"; }
[[ "$*" == *--only* ]] || cargo bench --locked --quiet -p codexa --bench story -- --write "$root/docs/PERFORMANCE.md"
exec "$CARGO_TARGET_DIR/release/codexa-bench" compare --codexa "$CARGO_TARGET_DIR/release/codexa" \
    --scc "$(program scc)" --radon "${CODEXA_ORACLES:-$cache/oracles}/venv/bin/radon" --write "$root/docs/PERFORMANCE.md" "$@"
