-- Rules that came into force: what people had written, on which branch, and the ledger entry that made it so. The last of a
-- project hold; a ledger from before has none until its next act.
CREATE TABLE rules (
    project   TEXT NOT NULL,
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    branch    TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    digest    TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (project, seq),
    FOREIGN KEY (project, seq) REFERENCES leaves (project, seq)
);
