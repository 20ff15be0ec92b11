# Shared by the scripts beside it: names, identities, and what they do with podman.
# shellcheck shell=bash
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

here=$root/compose
# Who the processes are: Codexa's belong to the project's owner, those of Debian's packages to the user their image has.
export store_user=999
# Limits that every host grants; podman's own are above what some do.
limits=(--ulimit nofile=4096:4096 --ulimit nproc=4096:4096)

export CODEXA_IMAGE=${CODEXA_IMAGE:-localhost/codexa:local}
export CODEXA_POSTGRES_IMAGE=${CODEXA_POSTGRES_IMAGE:-localhost/codexa-postgres:15}
export CODEXA_REDIS_IMAGE=${CODEXA_REDIS_IMAGE:-localhost/codexa-redis:7}
export CODEXA_SECRETS=${CODEXA_SECRETS:-$here/secrets}
export CODEXA_PORT=${CODEXA_PORT:-7411}
base=localhost/codexa-base:12

need_podman() {
    ((EUID == 0)) || die "run it as root: podman gives networks and limits to root's containers; no process in them is root"
    # runc beside podman, so that apt does not choose crun, which knows no hybrid cgroups.
    need podman podman podman-compose podman-compose runc runc
    local plugin
    for plugin in /usr/lib/podman/netavark /usr/libexec/podman/netavark; do [[ -x $plugin ]] && return; done
    apt_install netavark aardvark-dns
}

# no_containers: says why no container runs here; says nothing, and fails, when one does.
no_containers() {
    local network=codexa-trial-$$ said
    if said=$(podman network create --internal "$network" 2>&1 &&
        podman run --rm --network "$network" "${limits[@]}" --memory 64m --read-only --cap-drop ALL \
            --security-opt no-new-privileges --user 10001:10001 "$base" true 2>&1); then
        podman network rm "$network" >/dev/null
        return 1
    fi
    podman network rm --force "$network" >/dev/null 2>&1 || true
    printf 'podman runs no container here: %s\n' "$(grep -v syslog <<<"$said" | tail -n 1)"
}

# The services that are asked for: chats only where CODEXA_CHAT names them.
services=(postgres redis governance planner discovery gateway)
read -ra chats <<<"${CODEXA_CHAT:-}"

# compose ARGUMENT …: podman-compose for the house $name, with further files that `overrides` names. Its version 1.0.3 does not
# pass on `pids_limit`.
overrides=()
compose() {
    podman-compose -p "$name" -f "$here/compose.yaml" -f "$here/compose.chat.yaml" "${overrides[@]}" \
        --podman-run-args=--pids-limit=512 "$@"
}

# bring_up SECONDS: starts what does not run and waits until it is ready. podman-compose's account of it is shown where it is
# not: version 1.0.3 ends well even when podman does not.
bring_up() {
    local said
    said=$(compose up -d "${services[@]}" "${chats[@]}" 2>&1) && wait_until "$1" ready && return
    say "$said"
    podman ps --all --filter "label=io.podman.compose.project=$name" >&2
    return 1
}

# take_down [-v]: stops the house, in time for what is under way; with -v its data goes too. Says nothing where none is.
take_down() {
    compose down -t 30 "$@" >/dev/null 2>&1 || true
    # podman-compose 1.0.3 leaves networks behind.
    podman network ls --quiet --filter "label=io.podman.compose.project=$name" |
        xargs --no-run-if-empty podman network rm >/dev/null
}

# container SERVICE: its id, whatever podman-compose calls it.
container() {
    podman ps --all --quiet --filter "label=io.podman.compose.project=$name" --filter "label=com.docker.compose.service=$1"
}

# wait_until SECONDS COMMAND …: tries until the command succeeds; fails when the time is over.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.5
    done
}

ready() { curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$CODEXA_PORT/readyz"; }
