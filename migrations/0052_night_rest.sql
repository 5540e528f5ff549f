-- 0052_night_rest.sql - who was found at a post in another one's place (NGT-02).
-- Not for: who belongs there (roster). Trap: a check stays as it was made, this too.

ALTER TABLE lodge.post_check ADD COLUMN found bigint REFERENCES lodge.staff ON DELETE RESTRICT,
	ADD CONSTRAINT "NGT-02 found" CHECK (found IS NULL OR (state = 'absent' AND found IS DISTINCT FROM checker));
CREATE INDEX post_check_found ON lodge.post_check (found) WHERE found IS NOT NULL;
