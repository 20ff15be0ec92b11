-- What PostgreSQL's migration of the same number says.
CREATE TABLE rules (
    project   TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    branch    TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    digest    TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (project, seq),
    FOREIGN KEY (project, seq) REFERENCES leaves (project, seq)
) STRICT;
