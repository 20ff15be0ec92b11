-- What a message that had its effect is answered with, until that is delivered. A row without an answer waits for its
-- effect, one with an answer for its delivery, which holds up nothing.
ALTER TABLE inbox ADD COLUMN answer TEXT;
ALTER TABLE inbox ADD COLUMN answered_at INTEGER NOT NULL DEFAULT 0;

DROP INDEX inbox_waiting;
CREATE INDEX inbox_waiting ON inbox (place, seq) WHERE state = 'waiting' AND answer IS NULL;
CREATE INDEX inbox_answered ON inbox (seq) WHERE state = 'waiting' AND answer IS NOT NULL;
