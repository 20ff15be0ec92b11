#!/usr/bin/env bash
# Everything that tests need and the build does not: repeatable, and quick when it is all here.
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

need git git cc gcc node nodejs npm npm redis-server redis-server chromium chromium
need_rust
need_openssl
need_postgresql
need_python
need_tools cargo-nextest cargo-deny
need_oracles
all_here
