#!/usr/bin/env bash
# up.sh [REPO]: builds the release binary, lets it discover REPO (this repository by default), draws the map of what was found
# and runs everything there, in the foreground. LISTEN=HOST:PORT is where, 127.0.0.1:7411 by default; UP=no ends after the
# map; CODEXA_BINARY=/path is a binary that is there already.
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
repo=${1:-$root}
codexa=${CODEXA_BINARY:-$CARGO_TARGET_DIR/release/codexa}

[[ -d $repo ]] || die "REPO=$repo is not a folder"
if [[ -z ${CODEXA_BINARY:-} ]]; then
    need git git cc gcc
    need_openssl
    need_rust
    all_here
    say "up: needs Rust, git, gcc and libssl-dev, all here; nothing more is installed with apt, npm or pip"
    cargo build --release --locked --quiet --manifest-path "$root/Cargo.toml" -p codexa
fi

# 1 means that there are findings which do not block.
"$codexa" discover --project "$repo" || (($? == 1))
say
# A bare repository has no place for them.
if [[ -d $repo/.codexa/manifests ]]; then
    "$codexa" map --project "$repo" >/dev/null
    say "manifests  $repo/.codexa/manifests/"
    say "zones      $repo/.codexa/manifests/change_zones.md"
    say "map        $repo/.codexa/state/map.html, for a browser"
fi
say "binary     $codexa"
say
if [[ ! -f $repo/.codexa/config.yaml ]]; then
    say "decisions belong to a project: \`$codexa init --project $repo\` makes one of it; then \`make up\` goes on"
    exit 0
fi
[[ ${UP:-} == no ]] && exit 0
exec "$codexa" up --project "$repo" --examples ${LISTEN:+--listen "$LISTEN"}
