#!/usr/bin/env bash
# up.sh [REPO]: brings the house up in containers for REPO, this repository by default, and waits until it is ready.
# CODEXA_CHAT="slack discord" adds the chats that it names; CODEXA_PORT is where the gateway is, on loopback (7411).
# shellcheck source=compose/lib.sh
source "$(dirname "$0")/lib.sh"
name=codexa

[[ -d ${1:-$root} ]] || die "REPO=$1 is not a folder"
CODEXA_PROJECT=$(cd "${1:-$root}" && pwd -P)
CODEXA_UID=$(stat -c %u "$CODEXA_PROJECT")
CODEXA_GID=$(stat -c %g "$CODEXA_PROJECT")
export CODEXA_PROJECT CODEXA_UID CODEXA_GID
[[ -f $CODEXA_PROJECT/.codexa/config.yaml ]] || die "$CODEXA_PROJECT has no .codexa yet: codexa init"
[[ -d $CODEXA_PROJECT/.git ]] || die "$CODEXA_PROJECT is no git repository of its own: who decides is read from one"
((CODEXA_UID != 0 && CODEXA_GID != 0)) ||
    die "$CODEXA_PROJECT belongs to root, and no container runs as root: give it to the user whose it is (chown -R)"
for chat in "${chats[@]}"; do
    case $chat in
        slack) needs=(slack_app_token slack_bot_token) ;;
        discord) needs=(discord_token) ;;
        *) die "CODEXA_CHAT=$CODEXA_CHAT: there is no chat called $chat (slack, discord)" ;;
    esac
    for file in "${needs[@]}"; do [[ -s $CODEXA_SECRETS/$file ]] || die "$chat needs $CODEXA_SECRETS/$file"; done
done

need_podman
need curl curl
all_here
for image in "$CODEXA_IMAGE" "$CODEXA_POSTGRES_IMAGE" "$CODEXA_REDIS_IMAGE"; do
    podman image exists "$image" || { "$here/images.sh"; break; }
done
"$here/secrets.sh"
bring_up 180 || die "the house is not ready; see podman logs, governance first"
say "ready      http://127.0.0.1:$CODEXA_PORT for $CODEXA_PROJECT"
say "a token    podman exec $(container governance) codexa token new --person ID --project /project"
say "stop       compose/down.sh"
