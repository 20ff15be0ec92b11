-- What PostgreSQL's migration of the same number says.

-- The branch whose rules count: pinned by an act, and changed by one.
ALTER TABLE ledgers ADD COLUMN branch TEXT;

-- Jobs are listed newest first.
CREATE INDEX jobs_by_age ON jobs (project, asked_at);

-- Old rows are swept by their age.
CREATE INDEX nonces_by_end ON nonces (project, expires_at);
CREATE INDEX link_codes_by_end ON link_codes (project, expires_at);
CREATE INDEX requests_by_age ON requests (project, at);
CREATE INDEX directives_by_age ON directives (project, at);
