#!/usr/bin/env bash
# images.sh: the images of the containers. From host binaries and Debian's packages; REGISTRY=1 builds in containers instead
# and takes PostgreSQL and Redis as they come. CODEXA_BINARY names a binary that is built already.
# shellcheck source=compose/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"
need_podman
all_here

if [[ ${REGISTRY:-} == 1 ]]; then
    podman build "${limits[@]}" --ignorefile compose/Containerfile.ignore --file compose/Containerfile --tag "$CODEXA_IMAGE" .
    podman pull docker.io/library/postgres:15-bookworm docker.io/library/redis:7-bookworm
    podman tag docker.io/library/postgres:15-bookworm "$CODEXA_POSTGRES_IMAGE"
    podman tag docker.io/library/redis:7-bookworm "$CODEXA_REDIS_IMAGE"
    exit
fi

podman image exists "$base" || compose/base-image.sh

binary=${CODEXA_BINARY:-}
if [[ -z $binary ]]; then
    need cc gcc
    need_openssl
    need_rust
    all_here
    cargo build --release --locked --quiet -p codexa
    binary=$CARGO_TARGET_DIR/release/codexa
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The context is the binary alone: nothing else can get into the image. Names of functions stay in it, for whoever reads a
# backtrace; line tables, three quarters of it, do not.
need strip binutils
all_here
strip --strip-debug -o "$work/codexa" "$binary"
chmod 0755 "$work/codexa"

# image TAG CONTAINERFILE CONTEXT: builds on the base, with the proxy of this host's apt while it lasts.
apt-config dump --no-empty Acquire::http::Proxy Acquire::https::Proxy >"$work/proxy"
image() {
    say "image: $1"
    podman build --quiet --pull=never "${limits[@]}" --volume "$work/proxy:/etc/apt/apt.conf.d/99proxy:ro" \
        --tag "$1" --file "$2" "$3" >/dev/null
}
image "$CODEXA_IMAGE" compose/Containerfile.host "$work"
image "$CODEXA_POSTGRES_IMAGE" compose/postgres/Containerfile compose/postgres
image "$CODEXA_REDIS_IMAGE" compose/redis/Containerfile compose/redis
