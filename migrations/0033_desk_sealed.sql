-- 0033_desk_sealed.sql - tries at another one's password, and what was left open in the duty book (LOG-06, LOG-08, NGT-06).
-- Not for: a person's own password, whose wrong tries stand in staff_account. Trap: tries are counted for the pair, so that
-- nobody's mistakes keep another one from signing in.

CREATE TABLE lodge.password_try (staff bigint NOT NULL REFERENCES lodge.staff ON DELETE RESTRICT, whose bigint NOT NULL REFERENCES lodge.staff ON DELETE RESTRICT,
	failed integer NOT NULL, failed_at timestamptz NOT NULL, PRIMARY KEY (staff, whose), CHECK (staff <> whose));

-- What the house wanted to see written is not slipped onto a closed page either.
DROP TRIGGER duty_entry_on_open_page ON lodge.duty_entry;
CREATE TRIGGER duty_entry_on_open_page BEFORE INSERT OR UPDATE OF page ON lodge.duty_entry FOR EACH ROW EXECUTE FUNCTION lodge.duty_entry_on_open_page();
ALTER TABLE lodge.duty_entry ENABLE ALWAYS TRIGGER duty_entry_on_open_page;

-- Nor is it written down later that somebody else was told, or what a wanted entry was about.
CREATE FUNCTION lodge.duty_entry_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (old.reported_at IS NOT NULL AND (new.reported_to, new.reported_at) IS DISTINCT FROM (old.reported_to, old.reported_at))
		OR (new.about_book, new.about) IS DISTINCT FROM (old.about_book, old.about) THEN
		RAISE EXCEPTION 'LOG-08: who was told of what stays as it is' USING ERRCODE = 'P0001';
	END IF;
	RETURN new;
END $$;
CREATE TRIGGER duty_entry_told BEFORE UPDATE ON lodge.duty_entry FOR EACH ROW EXECUTE FUNCTION lodge.duty_entry_told();
ALTER TABLE lodge.duty_entry ENABLE ALWAYS TRIGGER duty_entry_told;
