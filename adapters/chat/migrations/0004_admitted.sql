-- Whoever sent it was found to be a member, and it may have had its effect since.
ALTER TABLE inbox ADD COLUMN admitted INTEGER NOT NULL DEFAULT 0 CHECK (admitted IN (0, 1));
