-- Decisions. Times are milliseconds since 1970, UTC. Nothing here is newer than PostgreSQL 11.

-- One row a project: whoever writes takes it first, so that entries and events are numbered without a gap.
CREATE TABLE ledgers (
    project TEXT PRIMARY KEY,
    ledger  TEXT NOT NULL,
    size    BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    events  BIGINT NOT NULL,
    relayed BIGINT NOT NULL
);

CREATE TABLE leaves (
    project TEXT NOT NULL REFERENCES ledgers (project),
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    act     TEXT NOT NULL,
    leaf    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (project, seq)
);

CREATE TABLE changes (
    project     TEXT NOT NULL REFERENCES ledgers (project),
    id          TEXT NOT NULL,
    number      BIGINT NOT NULL,
    title       TEXT NOT NULL,
    requester   TEXT NOT NULL,
    opened_at   BIGINT NOT NULL,
    held_by     TEXT,
    held_reason TEXT,
    held_at     BIGINT,
    held_until  BIGINT,
    PRIMARY KEY (project, id),
    UNIQUE (project, number)
);

-- A gate whose rule is frozen. `seen` is the digest that was announced last.
CREATE TABLE gates (
    project   TEXT NOT NULL,
    change_id TEXT NOT NULL,
    gate      TEXT NOT NULL,
    rule      TEXT NOT NULL,
    round     BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closes_at BIGINT,
    seen      TEXT NOT NULL,
    PRIMARY KEY (project, change_id, gate),
    FOREIGN KEY (project, change_id) REFERENCES changes (project, id)
);

-- The vote that a person has now; the ledger has every one there was.
CREATE TABLE votes (
    project   TEXT NOT NULL,
    change_id TEXT NOT NULL,
    gate      TEXT NOT NULL,
    person    TEXT NOT NULL,
    verdict   TEXT NOT NULL,
    digest    TEXT NOT NULL,
    reason    TEXT,
    at        BIGINT NOT NULL,
    via       TEXT NOT NULL,
    own       BOOLEAN NOT NULL,
    seq       BIGINT NOT NULL,
    PRIMARY KEY (project, change_id, gate, person),
    FOREIGN KEY (project, change_id, gate) REFERENCES gates (project, change_id, gate),
    FOREIGN KEY (project, seq) REFERENCES leaves (project, seq)
);

-- What a digest was taken of, and the texts it covers, so that what changed since can be shown.
CREATE TABLE subjects (
    project  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, digest)
);

CREATE TABLE texts (
    project TEXT NOT NULL,
    hash    TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (project, hash)
);

CREATE TABLE nonces (
    project    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    person     TEXT NOT NULL,
    directive  TEXT NOT NULL,
    digest     TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (project, hash)
);

-- The first answer to each idempotency key of each caller.
CREATE TABLE requests (
    project     TEXT NOT NULL,
    caller      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer      BYTEA NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (project, caller, key)
);

CREATE TABLE outbox (
    project   TEXT NOT NULL REFERENCES ledgers (project),
    id        BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    change_id TEXT,
    gate      TEXT,
    job       TEXT,
    says      TEXT NOT NULL,
    PRIMARY KEY (project, id)
);

CREATE TABLE jobs (
    project      TEXT NOT NULL,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    args         TEXT NOT NULL,
    state        TEXT NOT NULL,
    progress     TEXT NOT NULL,
    summary      TEXT NOT NULL,
    person       TEXT NOT NULL,
    asked_at     BIGINT NOT NULL,
    leased_by    TEXT,
    leased_until BIGINT,
    attempts     BIGINT NOT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX jobs_waiting ON jobs (project, state, asked_at);

CREATE TABLE tokens (
    project    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (project, hash)
);

CREATE TABLE accounts (
    project   TEXT NOT NULL,
    platform  TEXT NOT NULL,
    space     TEXT NOT NULL,
    account   TEXT NOT NULL,
    person    TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (project, platform, space, account)
);

CREATE TABLE link_codes (
    project    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    platform   TEXT NOT NULL,
    space      TEXT NOT NULL,
    account    TEXT NOT NULL,
    name       TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (project, hash)
);

-- Every directive that was asked for, what came of it, failures included.
CREATE TABLE directives (
    project   TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        BIGINT NOT NULL,
    caller    TEXT NOT NULL,
    via       TEXT NOT NULL,
    canonical TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    PRIMARY KEY (project, id)
);
