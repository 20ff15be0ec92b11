-- Decisions: what PostgreSQL's migration of the same number says, in SQLite's types. Times are milliseconds since 1970, UTC.

-- One row a project: whoever writes takes it first, so that entries and events are numbered without a gap.
CREATE TABLE ledgers (
    project TEXT PRIMARY KEY,
    ledger  TEXT NOT NULL,
    size    INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    events  INTEGER NOT NULL,
    relayed INTEGER NOT NULL
) STRICT;

CREATE TABLE leaves (
    project TEXT NOT NULL REFERENCES ledgers (project),
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    act     TEXT NOT NULL,
    leaf    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (project, seq)
) STRICT;

CREATE TABLE changes (
    project     TEXT NOT NULL REFERENCES ledgers (project),
    id          TEXT NOT NULL,
    number      INTEGER NOT NULL,
    title       TEXT NOT NULL,
    requester   TEXT NOT NULL,
    opened_at   INTEGER NOT NULL,
    held_by     TEXT,
    held_reason TEXT,
    held_at     INTEGER,
    held_until  INTEGER,
    PRIMARY KEY (project, id),
    UNIQUE (project, number)
) STRICT;

-- A gate whose rule is frozen. `seen` is the digest that was announced last.
CREATE TABLE gates (
    project   TEXT NOT NULL,
    change_id TEXT NOT NULL,
    gate      TEXT NOT NULL,
    rule      TEXT NOT NULL,
    round     INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closes_at INTEGER,
    seen      TEXT NOT NULL,
    PRIMARY KEY (project, change_id, gate),
    FOREIGN KEY (project, change_id) REFERENCES changes (project, id)
) STRICT;

-- The vote that a person has now; the ledger has every one there was.
CREATE TABLE votes (
    project   TEXT NOT NULL,
    change_id TEXT NOT NULL,
    gate      TEXT NOT NULL,
    person    TEXT NOT NULL,
    verdict   TEXT NOT NULL,
    digest    TEXT NOT NULL,
    reason    TEXT,
    at        INTEGER NOT NULL,
    via       TEXT NOT NULL,
    own       INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (project, change_id, gate, person),
    FOREIGN KEY (project, change_id, gate) REFERENCES gates (project, change_id, gate),
    FOREIGN KEY (project, seq) REFERENCES leaves (project, seq)
) STRICT;

-- What a digest was taken of, and the texts it covers, so that what changed since can be shown.
CREATE TABLE subjects (
    project  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, digest)
) STRICT;

CREATE TABLE texts (
    project TEXT NOT NULL,
    hash    TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (project, hash)
) STRICT;

CREATE TABLE nonces (
    project    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    person     TEXT NOT NULL,
    directive  TEXT NOT NULL,
    digest     TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (project, hash)
) STRICT;

-- The first answer to each idempotency key of each caller.
CREATE TABLE requests (
    project     TEXT NOT NULL,
    caller      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer      BLOB NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (project, caller, key)
) STRICT;

CREATE TABLE outbox (
    project   TEXT NOT NULL REFERENCES ledgers (project),
    id        INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    change_id TEXT,
    gate      TEXT,
    job       TEXT,
    says      TEXT NOT NULL,
    PRIMARY KEY (project, id)
) STRICT;

CREATE TABLE jobs (
    project      TEXT NOT NULL,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    args         TEXT NOT NULL,
    state        TEXT NOT NULL,
    progress     TEXT NOT NULL,
    summary      TEXT NOT NULL,
    person       TEXT NOT NULL,
    asked_at     INTEGER NOT NULL,
    leased_by    TEXT,
    leased_until INTEGER,
    attempts     INTEGER NOT NULL,
    PRIMARY KEY (project, id)
) STRICT;
CREATE INDEX jobs_waiting ON jobs (project, state, asked_at);

CREATE TABLE tokens (
    project    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (project, hash)
) STRICT;

CREATE TABLE accounts (
    project   TEXT NOT NULL,
    platform  TEXT NOT NULL,
    space     TEXT NOT NULL,
    account   TEXT NOT NULL,
    person    TEXT NOT NULL,
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (project, platform, space, account)
) STRICT;

CREATE TABLE link_codes (
    project    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    platform   TEXT NOT NULL,
    space      TEXT NOT NULL,
    account    TEXT NOT NULL,
    name       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (project, hash)
) STRICT;

-- Every directive that was asked for, what came of it, failures included.
CREATE TABLE directives (
    project   TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    caller    TEXT NOT NULL,
    via       TEXT NOT NULL,
    canonical TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    PRIMARY KEY (project, id)
) STRICT;
