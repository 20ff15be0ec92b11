#!/usr/bin/env bash
# base-image.sh: Debian 12 as the image localhost/codexa-base:12, from the mirrors that this host's apt uses; no registry.
# shellcheck source=compose/lib.sh
source "$(dirname "$0")/lib.sh"

need_podman
need mmdebstrap mmdebstrap
all_here

# The host's own sources, but only Debian's: others have no place in the image.
sources() {
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
        grep -E ' bookworm(-updates|-security)? main$' | sort -u
}
sources >/dev/null || apt-get -qq update
list=$(sources) || die "this host's apt has no Debian 12: build on one that has, or with a registry (compose/README.md)"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
apt-config dump --no-empty Acquire::http::Proxy Acquire::https::Proxy >"$work/proxy"

# shellcheck disable=SC2016 # mmdebstrap gives the root as $1
forget='rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/hostname" "$1/etc/resolv.conf"'
say "base image: Debian 12 with mmdebstrap (a minute or two)"
# Nobody reads manuals in a container; the proxy is this host's and does not go along.
mmdebstrap --quiet --variant=minbase --include=ca-certificates,libssl3 --aptopt="$work/proxy" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook="$forget" \
    bookworm "$work/base.tar" - <<<"$list"
podman import --quiet --change 'CMD ["bash"]' "$work/base.tar" "$base" >/dev/null
say "base image: $base"
