#!/usr/bin/env bash
# secrets.sh [PERSON …]: makes the secrets that are not there yet, random, in compose/secrets (or CODEXA_SECRETS), each a file
# of its own that only the user of its container can read. With PERSON a token for each, in person-PERSON.
# Environment: CODEXA_UID, who Codexa's processes are (who they were, else 10001).
# shellcheck source=compose/lib.sh
source "$(dirname "$0")/lib.sh"
uid=${CODEXA_UID:-$(stat -c %u "$CODEXA_SECRETS/tokens" 2>/dev/null || echo 10001)}
[[ $uid =~ ^[1-9][0-9]*$ ]] || die "CODEXA_UID=$uid: no process of Codexa is root"
((EUID == 0)) || die "run it as root: the files belong to the users of the containers"
umask 077
mkdir -p "$CODEXA_SECRETS"
cd "$CODEXA_SECRETS"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# secret FILE OWNER TEXT: a file that OWNER alone reads, whole or not at all.
secret() {
    printf '%s\n' "$3" >"$1.new"
    chown "$2:$2" "$1.new"
    mv "$1.new" "$1"
}
# once FILE OWNER: the same with a random text, unless it has one.
once() { secret "$1" "$2" "$(cat "$1" 2>/dev/null || random)"; }

once postgres_password "$store_user"
once redis_password 0
for part in planner discovery; do once "service_$part" "$uid"; done
for platform in slack discord; do once "adapter_$platform" "$uid"; done
for person; do
    [[ $person =~ ^[a-z0-9][a-z0-9._-]*$ ]] || die "$person is no id of a person"
    once "person-$person" 0
done

# What follows from these is written anew each time.
secret redis_auth "$store_user" "requirepass $(<redis_password)"
secret redis_url "$uid" "redis://:$(<redis_password)@redis:6379"
secret database_url "$uid" "postgres://codexa:$(<postgres_password)@postgres:5432/codexa"
tokens() {
    local file
    for file in service_* adapter_*; do printf '%s %s %s\n' "${file%%_*}" "${file#*_}" "$(<"$file")"; done
    for file in person-*; do
        [[ ! -e $file ]] || printf 'person %s %s\n' "${file#person-}" "$(<"$file")"
    done
}
secret tokens "$uid" "$(tokens)"

# What only the platforms can give is put here by hand.
for file in slack_app_token slack_bot_token discord_token; do
    [[ ! -e $file ]] || secret "$file" "$uid" "$(<"$file")"
done
say "secrets: $CODEXA_SECRETS"
