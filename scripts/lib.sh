# Shared by the scripts beside it: where things are, and how something missing gets here.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/codexa
tools=$cache/tools
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
# Programs that the user has come before those that we fetched.
export PATH="$PATH:$tools/bin"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# lack WHAT: names something that is missing and was not installed; all_here ends the script once all of it is named.
lacking=0
lack() {
    lacking=1
    say "missing: $*"
}
all_here() { ((lacking == 0)) || die "something is missing, see above; without NO_INSTALL=1 what can be installed is"; }

# need COMMAND PACKAGE …: installs with apt the packages whose command is missing.
need() {
    local missing=()
    while (($#)); do
        have "$1" || missing+=("$2")
        shift 2
    done
    ((${#missing[@]})) || return 0
    apt_install "${missing[@]}"
}

# OpenSSL's headers, which TLS towards Discord is built with. They have no command of their own.
need_openssl() {
    pkg-config --exists openssl 2>/dev/null || apt_install libssl-dev pkg-config
}

# PostgreSQL 15, as Debian 12 packs it: its programs are on nobody's path.
need_postgresql() {
    [[ -x /usr/lib/postgresql/15/bin/postgres ]] || apt_install postgresql-15
}

# apt_install PACKAGE …: as root, or by sudo, which asks for nothing when CI=true.
apt_install() {
    if [[ ${NO_INSTALL:-} == 1 ]]; then
        lack "$* (apt-get install $*)"
        return 0
    fi
    local as=()
    if ((EUID != 0)); then
        have sudo || die "missing: $*; install as root: apt-get install $*"
        as=(sudo)
        [[ ${CI:-} == true ]] && as=(sudo -n)
    fi
    say "apt installs: $*"
    "${as[@]}" apt-get -qq update
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "$@" >/dev/null
}

need_rust() {
    have cargo || lack "cargo (Rust from https://rustup.rs; rust-toolchain.toml names the version)"
}

# The tools that Codexa is compared with, and the code they are compared on.
need_oracles() {
    "$root/scripts/oracles.sh" >&2 || lacking=1
}

# need_tools COMMAND …: programs of scripts/tools.txt, into $tools, when one of them is missing.
need_tools() {
    local missing=() name
    for name; do have "$name" || missing+=("$name"); done
    ((${#missing[@]})) || return 0
    if [[ ${NO_INSTALL:-} == 1 ]]; then
        lack "${missing[*]} (pip, scripts/tools.txt)"
        return 0
    fi
    need_python
    say "pip installs into $tools: ${missing[*]}"
    python3 -m venv "$tools"
    if "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$root/scripts/tools.txt"; then
        return 0
    fi
    say "no prebuilt program for this machine; cargo builds them (some minutes)"
    for name in "${missing[@]}"; do
        [[ $name == cargo-* ]] || die "missing: $name; see scripts/tools.txt"
        cargo install --quiet --locked --root "$tools" "$name"
    done
}

# Python with venv; Debian packs venv apart.
need_python() {
    python3 -c 'import ensurepip' >/dev/null 2>&1 || apt_install python3 python3-venv
}
