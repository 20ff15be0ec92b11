#!/usr/bin/env bash
# up.sh [REPO]: builds the release binary and lets it discover REPO, this repository by default.
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
repo=${1:-$root}

[[ -d $repo ]] || die "REPO=$repo is not a folder"
need git git cc gcc
need_rust
all_here
say "up: needs Rust, git and gcc, all here; nothing more is installed with apt, npm or pip"

cargo build --release --locked --quiet --manifest-path "$root/Cargo.toml" -p codexa
codexa=$CARGO_TARGET_DIR/release/codexa

# 1 means that there are findings which do not block.
"$codexa" discover --project "$repo" || (($? == 1))
say
say "manifests  $repo/.codexa/manifests/"
say "binary     $codexa"
