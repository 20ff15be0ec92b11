#!/usr/bin/env bash
# Once, in a new cluster: the database of Codexa and its role, which owns that and nothing more. Over the network nobody else
# gets in; who is the user postgres in the container administers without a password.
set -euo pipefail

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres <<'SQL'
\set password `cat /run/secrets/postgres_password`
CREATE ROLE codexa LOGIN PASSWORD :'password' CONNECTION LIMIT 40;
CREATE DATABASE codexa OWNER codexa;
REVOKE ALL ON DATABASE codexa FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
SQL

cat >"$PGDATA/pg_hba.conf" <<'HBA'
local all    postgres          peer
host  codexa codexa   samenet  scram-sha-256
HBA
