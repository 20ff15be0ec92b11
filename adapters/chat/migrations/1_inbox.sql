-- What the platform told, until it had its effect. A message is acknowledged once its row is here.
CREATE TABLE inbox (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT    NOT NULL UNIQUE,
    place       TEXT    NOT NULL,
    payload     TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    tries       INTEGER NOT NULL DEFAULT 0,
    due_at      INTEGER NOT NULL DEFAULT 0,
    why         TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX inbox_waiting ON inbox (place, seq) WHERE state = 'waiting';

-- Messages that show a gate or a job, and what of it they show. `news` counts what happened since.
CREATE TABLE shown (
    channel   TEXT    NOT NULL,
    message   TEXT    NOT NULL,
    change_id TEXT,
    gate      TEXT,
    job       TEXT,
    as_of     INTEGER NOT NULL,
    looks     TEXT    NOT NULL,
    news      INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    PRIMARY KEY (channel, message),
    CHECK ((job IS NULL) = (change_id IS NOT NULL AND gate IS NOT NULL))
) STRICT;

CREATE INDEX shown_change ON shown (change_id, gate);
CREATE INDEX shown_job ON shown (job);

-- The newest event that was noted.
CREATE TABLE heard (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    event INTEGER NOT NULL
) STRICT;

-- What buttons carry that is too long for the platform.
CREATE TABLE kept (
    id    TEXT    PRIMARY KEY,
    value TEXT    NOT NULL,
    at    INTEGER NOT NULL
) STRICT;
