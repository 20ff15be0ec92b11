#!/usr/bin/env bash
# test.sh: the story against the containers, for a project and with secrets that are thrown away: what the containers may do and
# reach, the story over HTTP, the same from Slack and Discord (strict stubs on this host), then the death of one container after
# the other. Skipped, and said why, where podman cannot run.
# shellcheck source=compose/lib.sh
source "$(dirname "$0")/lib.sh"

skip() { say "skipped: $*"; exit 0; }
step() { printf '\n== %s\n' "$*"; }
saw() { printf '   %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

((EUID == 0)) || skip "only root's podman has the networks and limits that are tested"
(need_podman && need curl curl jq jq git git && all_here) || skip "something is missing and could not be installed, see above"
podman image exists "$base" || "$here/base-image.sh" || skip "the base image cannot be made, see above"
if reason=$(no_containers); then skip "$reason"; fi

name=codexa-test-$$
work=$(mktemp -d)
project=$work/project
export CODEXA_IMAGE=localhost/codexa:test CODEXA_SECRETS=$work/secrets CODEXA_PROJECT=$project CODEXA_UID=10001 CODEXA_GID=10001
chats=()

leave() {
    local status=$?
    [[ -z ${chat_story:-} ]] || kill "$chat_story" 2>/dev/null || true
    if ((status != 0)); then
        local service id
        for service in "${services[@]}" slack discord; do
            id=$(container "$service")
            [[ -n $id ]] || continue
            say "-- the last words of $service"
            podman logs --tail 15 "$id" >&2 || true
        done
    fi
    take_down -v
    rm -rf "$work"
    exit "$status"
}
trap leave EXIT

free_port() {
    local port
    for port in $(shuf -i 20000-29999 -n 50); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}
CODEXA_PORT=$(free_port)
export CODEXA_PORT

# --- how it is asked -------------------------------------------------------------------------------------------------------

new_key() { cat /proc/sys/kernel/random/uuid; }

# get PATH; post KEY PATH BODY: the answer, or the problem on stderr. The token goes by a file: arguments are for all to see.
get() { curl --silent --show-error --fail-with-body --max-time 20 --header "@$work/bearer" "http://127.0.0.1:$CODEXA_PORT$1"; }
post() {
    curl --silent --show-error --fail-with-body --max-time 20 --header "@$work/bearer" --header "Idempotency-Key: $1" \
        --header 'Content-Type: application/json' --data "$3" "http://127.0.0.1:$CODEXA_PORT$2"
}
words() { post "$(new_key)" /v1/directives "$(jq -n --arg words "$1" '{$words}')" || fail "\"$1\" was refused"; }
# confirm KEY NONCE: carries out what an earlier answer asked to confirm.
confirm() { post "$1" /v1/directives "$(jq -n --arg confirm "$2" '{$confirm}')"; }
sql() { podman exec "$(container postgres)" psql --no-psqlrc --no-align --tuples-only --dbname=codexa --command="$1"; }

# expect WHAT FILTER JSON: the filter holds of the document; shows what it shows.
expect() {
    jq --exit-status "$2" <<<"$3" >/dev/null || fail "$1; the answer was: $3"
    saw "$1"
}
equal() { [[ $2 == "$3" ]] || fail "$1: expected \"$3\", is \"$2\""; saw "$1: ${2:-none}"; }

# soon SECONDS WHAT COMMAND …
soon() {
    local seconds=$1 what=$2
    shift 2
    wait_until "$seconds" "$@" || fail "after $seconds s still not: $what"
    saw "$what"
}
has() { [[ -s $1 ]]; }
design_vote() { get /v1/changes/CH-001 | jq --exit-status ".gates[] | select(.gate == \"design\") | .votes[0].stale == $1" >/dev/null; }
job_ended() { get "/v1/jobs/$1" | jq --exit-status '.state == "done" or .state == "failed"' >/dev/null; }

# --- up --------------------------------------------------------------------------------------------------------------------

step "images, a project, secrets"
"$here/images.sh"
mkdir -p "$project/src"
printf 'def depth(tree):\n    return 1 + max(map(depth, tree), default=0)\n' >"$project/src/depth.py"
chown -R "$CODEXA_UID:$CODEXA_GID" "$project"
podman run --rm --network none --user "$CODEXA_UID:$CODEXA_GID" "${limits[@]}" --volume "$project:/project" "$CODEXA_IMAGE" \
    init --project /project --name throwaway >/dev/null
# git works only in what belongs to who runs it.
chown -R 0:0 "$project"
cat >"$project/.codexa/rules/people.yaml" <<'YAML'
version: 1
people:
  - {id: ada, name: Ada, roles: [PM, RA, GO, QA]}
YAML
git -C "$project" init --quiet --initial-branch=main
git -C "$project" add .
git -C "$project" -c user.name=Ada -c user.email=ada@example.org commit --quiet --message='a project'
chown -R "$CODEXA_UID:$CODEXA_GID" "$project"
"$here/secrets.sh" ada
(umask 077 && printf 'Authorization: Bearer %s\n' "$(<"$CODEXA_SECRETS/person-ada")" >"$work/bearer")
saw "a project at M0 whose only person is ada"

step "the house comes up"
bring_up 240 || fail "the house did not become ready in 240 s"
expect "/readyz says that all are ready" '.ready and (.checks | length == 4)' "$(get /readyz)"
expect "ada's token of CODEXA_TOKENS is ada's" '.kind == "person" and .name == "ada"' "$(get /v1/me)"
made=$(podman exec "$(container governance)" codexa token new --person ada --project /project)
expect "a token made in the governance container is ada's" '.name == "ada"' \
    "$(curl --silent --header @- "http://127.0.0.1:$CODEXA_PORT/v1/me" <<<"Authorization: Bearer $made")"

# --- what the containers are ----------------------------------------------------------------------------------------------

step "each container: no root, no capabilities, read-only root, no new privileges, limits (abuse 50)"
# hardened SERVICE: what podman was asked for, and what the kernel says of the process.
hardened() {
    local service=$1 id seen status secret
    id=$(container "$service")
    [[ -n $id ]] || fail "$service has no container"
    seen=$(podman inspect "$id")
    jq --exit-status '.[0] | (.Config.User | test("^(0|root|)(:|$)") | not)
        and ((.EffectiveCaps // []) == []) and ((.BoundingCaps // []) == [])
        and .HostConfig.ReadonlyRootfs and (.HostConfig.Privileged | not)
        and any(.HostConfig.SecurityOpt[]; startswith("no-new-privileges"))
        and .HostConfig.Memory > 0 and .HostConfig.PidsLimit > 0 and .HostConfig.PidsLimit <= 512
        and ([.HostConfig.Ulimits[].Name] | contains(["RLIMIT_NOFILE", "RLIMIT_NPROC"]))' <<<"$seen" >/dev/null ||
        fail "$service: $(jq -c '.[0] | {user: .Config.User, EffectiveCaps, BoundingCaps, host: .HostConfig}' <<<"$seen")"
    # What podman was asked for is one thing, what the kernel says of the process another.
    status=$(podman exec "$id" cat /proc/1/status)
    grep -qE '^Uid:\s+[1-9]' <<<"$status" || fail "$service runs as root"
    [[ $(grep -cE '^Cap(Eff|Prm|Bnd):\s+0+$' <<<"$status") == 3 ]] || fail "$service has capabilities"
    grep -qE '^NoNewPrivs:\s+1$' <<<"$status" || fail "$service may gain privileges"
    ! podman exec "$id" touch /etc/x 2>/dev/null || fail "$service can write to its root"
    for secret in "$CODEXA_SECRETS"/*; do
        ! grep -qF "$(head -n 1 "$secret" | tr ' ' '\n' | tail -n 1)" <<<"$seen" || fail "$service: podman inspect shows $(basename "$secret")"
    done
    saw "$service: $(jq -r '.[0] | "user \(.Config.User), \(.HostConfig.Memory / 1048576) MiB, \(.HostConfig.PidsLimit) pids"' <<<"$seen")"
}
for service in "${services[@]}"; do
    hardened "$service"
    soon 30 "$service: healthy" podman healthcheck run "$(container "$service")"
done
! podman exec "$(container governance)" touch /project/x 2>/dev/null || fail "governance can write to the project"
saw "governance reads the project and cannot write to it"
for service in planner discovery; do
    ! podman exec "$(container "$service")" touch /project/.git/x 2>/dev/null || fail "$service can write to the project's .git"
    podman exec "$(container "$service")" touch /project/x || fail "$service cannot write to the project"
    rm "$project/x"
done
saw "planner and discovery write to the project, and not to its .git"
equal "secrets that discovery sees" "$(podman exec "$(container discovery)" ls /run/secrets | xargs)" "redis_url service_discovery"

step "who reaches whom"
# reaches SERVICE HOST PORT
reaches() { podman exec "$(container "$1")" timeout 3 bash -c "</dev/tcp/$2/$3" 2>/dev/null; }
store=$(podman inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(container postgres)")
reaches governance "$store" 5432 || fail "governance does not reach PostgreSQL at $store"
saw "governance reaches PostgreSQL at $store"
for service in discovery planner gateway redis; do
    ! reaches "$service" "$store" 5432 || fail "$service reaches PostgreSQL"
    ! podman exec "$(container "$service")" getent hosts postgres >/dev/null || fail "$service knows where PostgreSQL is"
    saw "$service does not reach PostgreSQL, and does not know its name"
done
said=$(podman exec "$(container postgres)" psql --no-password "host=$store user=postgres" 2>&1) && fail "postgres gets in by the network"
[[ $said == *"no pg_hba.conf entry"* ]] || fail "PostgreSQL does not say that postgres may not come by the network: $said"
saw "over the network PostgreSQL lets nobody in but codexa"
for service in postgres redis governance planner discovery; do
    ! podman exec "$(container "$service")" grep -qE '^[^[:space:]]+[[:space:]]00000000[[:space:]]' /proc/net/route || fail "$service has a way out"
done
saw "only the gateway's network has a way out"
equal "published" "$(for service in "${services[@]}"; do podman port "$(container "$service")"; done)" "7411/tcp -> 127.0.0.1:$CODEXA_PORT"

# --- the story ------------------------------------------------------------------------------------------------------------

step "a change and its workspace"
change=$(post "$(new_key)" /v1/changes '{"title": "cap the depth"}')
expect "CH-001 is open" '.id == "CH-001" and .state == "draft"' "$change"
workspace=$project/changes/CH-001
soon 30 "its workspace is written: changes/CH-001" has "$workspace/spec.md"
cat >"$workspace/spec.md" <<'MD'
# Cap the depth
A tree deeper than 200 is refused.
MD
printf '# Plan\nCount while descending.\n' >"$workspace/plan.md"

step "approve design for CH-001"
asked=$(words "approve design for CH-001")
expect "nothing is done yet; a nonce and the digest of spec.md and plan.md come back" \
    '(.confirm.nonce | length > 20) and ([.confirm.covers[].path] == ["changes/CH-001/spec.md", "changes/CH-001/plan.md"])' "$asked"
nonce=$(jq -r .confirm.nonce <<<"$asked")
digest=$(jq -r .confirm.digest <<<"$asked")
key=$(new_key)
voted=$(confirm "$key" "$nonce") || fail "the confirmation was refused: $voted"
expect "confirmed: the card has ada's vote and the gate is met" '.card.state == "met" and .card.votes[0].person == "ada"' "$voted"
entry=$(jq -r '"\(.entry.sequence)|\(.entry.hash)"' <<<"$voted")
vote="select v.person, v.verdict, v.digest, l.seq, l.hash from votes v join leaves l using (project, seq)
      where v.change_id = 'CH-001' and v.gate = 'design'"
equal "the vote in PostgreSQL, with its ledger entry" "$(sql "$vote")" "ada|approve|$digest|$entry"
! answer=$(confirm "$(new_key)" "$nonce" 2>/dev/null) || fail "a nonce counted twice: $answer"
saw "the nonce is used up: $(jq -r .code <<<"$answer")"

step "an edit of spec.md"
echo 'So is a tree wider than 10000.' >>"$workspace/spec.md"
soon 30 "the vote is stale" design_vote true
expect "and the card says what changed since" \
    '.gates[] | select(.gate == "design") | .state == "open" and .votes[0].since[0].path == "changes/CH-001/spec.md"' "$(get /v1/changes/CH-001)"

step "codexa discover, as a job"
asked=$(words "discover")
job=$(jq -r .job.id <<<"$asked")
soon 120 "the job ended" job_ended "$job"
ended=$(get "/v1/jobs/$job")
expect "well: $(jq -r .summary <<<"$ended")" '.state == "done"' "$ended"
manifests=$(find "$project/.codexa/manifests" -type f ! -name README.md -printf '%f ')
[[ -n $manifests ]] || fail "no manifests were written"
saw "manifests: $manifests"

# carry_out WORDS: asks, and confirms what that asks for.
carry_out() {
    local asked
    asked=$(words "$1")
    confirm "$(new_key)" "$(jq -r .confirm.nonce <<<"$asked")" || fail "\"$1\" was not confirmed"
}
step "publish governance report"
asked=$(words "publish governance report")
expect "blocked: $(jq -r '.report.blockers | join("; ")' <<<"$asked")" '.report.blockers != [] and (.report.published | not)' "$asked"
expect "the scope is approved" '.card.state == "met"' "$(carry_out "approve scope for CH-001")"
expect "the design is approved again" '.card.state == "met"' "$(carry_out "approve design for CH-001")"
published=$(carry_out "publish governance report")
expect "published: $(jq -r .report.digest <<<"$published")" '.report.published and (.report.text | contains("CH-001"))' "$published"

step "the same words and codexa status, with the binary, to the gateway"
# codexa ARGUMENT …: with ada's token, beside the gateway; it has no way to the store.
codexa() {
    CODEXA_TOKEN=$(<"$CODEXA_SECRETS/person-ada") podman exec --env CODEXA_TOKEN "$(container gateway)" \
        codexa "$@" --project /project --remote http://127.0.0.1:7411
}
expect "codexa say show CH-001" '.change.id == "CH-001"' "$(codexa say --format json "show CH-001")"
expect "codexa status has the change and the model" '.changes[0].id == "CH-001" and .files > 0' \
    "$(codexa status --format json)"

# --- the chats -------------------------------------------------------------------------------------------------------------

step "Slack and Discord: strict stubs on this host, and a container for each"
need cc gcc
need_openssl
need_rust
all_here
cargo build --locked --quiet --example chat_story -p codexa
mkdir "$work/platforms"
edge=$(podman network inspect "${name}_edge" | jq --raw-output '.[0].subnets[0].gateway')
# What it says goes to a file, because its end is waited for; what it is told comes by a pipe.
mkfifo "$work/told"
"$CARGO_TARGET_DIR/debug/examples/chat_story" "$edge" "$work/platforms" <"$work/told" >"$work/chat_story.log" 2>&1 &
chat_story=$!
exec 3>"$work/told"
soon 30 "they listen at $edge, which the network edge reaches" has "$work/platforms/urls"
read -r slack_url discord_url <"$work/platforms/urls"
cp "$work/platforms/"*_token "$CODEXA_SECRETS"
"$here/secrets.sh" ada
cat >"$work/stubs.yaml" <<YAML
version: "3.8"
services:
  slack:
    environment: ["CODEXA_SLACK_API_URL=$slack_url"]
  discord:
    environment: ["CODEXA_DISCORD_API_URL=$discord_url"]
YAML
overrides=(-f "$work/stubs.yaml")
chats=(slack discord)
bring_up 60 || fail "the chats did not start"
for service in "${chats[@]}"; do hardened "$service"; done
for service in "${chats[@]}"; do
    ! reaches "$service" "$store" 5432 || fail "$service reaches PostgreSQL"
    ! podman exec "$(container "$service")" getent hosts governance >/dev/null || fail "$service knows where governance is"
done
saw "neither reaches PostgreSQL, nor knows where governance is"

step "the story from the chats"
cat >"$work/kill-chats" <<SH
#!/bin/sh
# Not by podman, which takes that for a wish and does not start it again.
for id in $(container slack) $(container discord); do kill -KILL "\$(podman inspect --format '{{.State.Pid}}' "\$id")" || exit 1; done
SH
chmod +x "$work/kill-chats"
echo "http://127.0.0.1:$CODEXA_PORT $CODEXA_SECRETS/person-ada $project/changes $work/kill-chats" >&3
exec 3>&-
wait "$chat_story" || fail "the chats' part: $(cat "$work/chat_story.log")"
chat_story=
cat "$work/chat_story.log"
equal "votes from Slack in PostgreSQL, each with its ledger entry" \
    "$(sql "select count(*) from votes v join leaves l using (project, seq) where v.via = 'slack' and l.act = 'gate.approve'")" 1
compose stop -t 10 slack discord >/dev/null 2>&1

# --- deaths ---------------------------------------------------------------------------------------------------------------

alive_again() { local pid; pid=$(podman inspect --format '{{.State.Pid}}' "$(container "$1")") && ((pid != 0 && pid != $2)); }
voted_at_last() { voted=$(confirm "$1" "$2" 2>/dev/null); }
votes_cast="select count(*) from leaves where act = 'gate.approve'"

for victim in gateway governance postgres redis planner discovery; do
    step "$victim is killed while a vote is cast"
    echo "$victim" >>"$workspace/spec.md"
    soon 30 "the design waits for a vote" design_vote true
    before=$(sql "$votes_cast")
    nonce=$(words "approve design for CH-001" | jq -r .confirm.nonce)
    pid=$(podman inspect --format '{{.State.Pid}}' "$(container "$victim")")
    key=$(new_key)
    # Not by podman, which takes that for a wish and does not start it again.
    kill -KILL "$pid"
    soon 90 "the same request, sent until it is answered, is" voted_at_last "$key" "$nonce"
    soon 60 "$victim runs again" alive_again "$victim" "$pid"
    soon 90 "all are ready" ready
    again=$(confirm "$key" "$nonce") || fail "the same request again: $again"
    equal "the answer to the same request again" "$(jq -r .entry.hash <<<"$again")" "$(jq -r .entry.hash <<<"$voted")"
    equal "votes in the ledger" "$(sql "$votes_cast")" "$((before + 1))"
    equal "the vote in PostgreSQL" "$(sql "$vote" | cut -d'|' -f4,5)" "$(jq -r '"\(.entry.sequence)|\(.entry.hash)"' <<<"$voted")"
done
equal "gaps in the ledger" "$(sql "select count(*) from leaves l where seq > 0 and not exists
    (select 1 from leaves p where p.project = l.project and p.seq = l.seq - 1)")" 0

for service in "${services[@]}" "${chats[@]}"; do
    log=$(podman logs "$(container "$service")" 2>&1)
    for secret in "$CODEXA_SECRETS"/*; do
        ! grep -qF "$(head -n 1 "$secret" | tr ' ' '\n' | tail -n 1)" <<<"$log" || fail "the log of $service shows $(basename "$secret")"
    done
done
saw "no log shows a secret"

step "other people on the protected branch, and the officer who accepts them"
# accept ARGUMENT …: as ada, by the token of the configuration.
accept() {
    CODEXA_TOKEN=$(<"$CODEXA_SECRETS/person-ada") podman exec --env CODEXA_TOKEN "$(container governance)" \
        codexa rules accept --project /project --format json "$@"
}
printf '  - {id: bea, name: Bea, roles: [PM]}\n' >>"$project/.codexa/rules/people.yaml"
git -c safe.directory="$project" -C "$project" -c user.name=Ada -c user.email=ada@example.org commit --quiet --all --message='bea joins'
equal "people before anybody accepted" "$(podman exec "$(container governance)" codexa rules show --project /project --format json |
    jq --raw-output '.people | keys | join(" ")')" ada
proposed=$(accept || true)
expect "what is proposed is shown, and nothing is accepted" '.entry == null and .changes[0].of == "@bea"' "$proposed"
expect "ada accepts it by its digest" '.entry > 0' "$(accept --confirm "$(jq --raw-output .digest <<<"$proposed")")"
equal "people since" "$(podman exec "$(container governance)" codexa rules show --project /project --format json |
    jq --raw-output '.people | keys | join(" ")')" "ada bea"

step "down"
take_down -v
equal "containers, networks and volumes that are left" "$(podman ps --all --quiet --filter "label=io.podman.compose.project=$name"
    podman network ls --quiet --filter "label=io.podman.compose.project=$name"
    podman volume ls --quiet --filter "label=io.podman.compose.project=$name")" ""
printf '\ncompose-test passed\n'
