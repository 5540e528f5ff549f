-- 0004_import.sql - an important household's mobiles move with its flag (CNF-03, invariant 38).
-- The foreign key carries the flag from the household into its persons' rows; here the number follows
-- it, whoever changes the household: into person_sealed and out of the search, or back. Forward only.

CREATE FUNCTION lodge.mobile_follows_household() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = lodge, pg_temp AS $$
BEGIN
	new.version := old.version + 1;
	IF new.mobile_withheld THEN
		INSERT INTO person_sealed (id, mobile) VALUES (new.id, old.mobile) ON CONFLICT (id) DO UPDATE SET mobile = excluded.mobile;
		new.mobile := NULL;
	ELSE
		SELECT s.mobile INTO new.mobile FROM person_sealed s WHERE s.id = new.id;
		UPDATE person_sealed SET mobile = NULL WHERE id = new.id;
	END IF;
	PERFORM contact_write(new.area, 'person', new.id, new.name, ARRAY[digits(new.mobile), digits(new.home_phone)]);
	RETURN new;
END $$;
CREATE TRIGGER mobile_follows BEFORE UPDATE OF mobile_withheld ON lodge.person
	FOR EACH ROW WHEN (old.mobile_withheld IS DISTINCT FROM new.mobile_withheld) EXECUTE FUNCTION lodge.mobile_follows_household();
ALTER TABLE lodge.person ENABLE ALWAYS TRIGGER mobile_follows;
