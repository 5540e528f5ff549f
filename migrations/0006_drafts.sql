-- 0006_drafts.sql - what somebody began to type and has not saved: his alone, under a key that the
-- database does not hold, for a week. No grant leads here; server/rules/draft.sql is the only way.
CREATE TABLE lodge.draft (
	staff bigint NOT NULL REFERENCES lodge.staff ON DELETE RESTRICT,
	form text NOT NULL CHECK (length(form) <= 100), record bigint NOT NULL CHECK (record >= 0), -- 0 = of no record yet
	body bytea NOT NULL CHECK (length(body) <= 40000), at timestamptz NOT NULL, PRIMARY KEY (staff, form, record));
CREATE INDEX draft_at ON lodge.draft (at);
