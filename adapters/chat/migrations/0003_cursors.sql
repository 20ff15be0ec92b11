-- An event is known by its cursor: ids begin again lower where the project's decisions were restored from a backup. What
-- was heard before has none, and everything is looked at anew.
DROP TABLE heard;

CREATE TABLE heard (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    event  INTEGER NOT NULL,
    cursor TEXT    NOT NULL
) STRICT;
