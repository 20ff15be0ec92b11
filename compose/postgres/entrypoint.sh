#!/usr/bin/env bash
# Makes the cluster when there is none, then becomes PostgreSQL. Variables as the official image has them: PGDATA,
# POSTGRES_PASSWORD_FILE, and scripts in /docker-entrypoint-initdb.d.
set -euo pipefail
: "${PGDATA:?}" "${POSTGRES_PASSWORD_FILE:?}"

if [[ ! -s $PGDATA/PG_VERSION ]]; then
    # Beside its place, and moved there when it is complete: a start that is cut off leaves nothing half made.
    new=$PGDATA.new
    rm -rf "$new"
    initdb --pgdata="$new" --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=peer --auth-host=scram-sha-256 --data-checksums
    # Nobody else reaches it meanwhile.
    pg_ctl --pgdata="$new" --wait --options="-c listen_addresses=''" start
    for script in /docker-entrypoint-initdb.d/*.sh; do
        PGDATA=$new bash "$script"
    done
    pg_ctl --pgdata="$new" --wait --mode=fast stop
    mv "$new" "$PGDATA"
    sync
fi

# The only networks of the container are its own loopback and the one of the data.
exec "$@" -c listen_addresses='*'
