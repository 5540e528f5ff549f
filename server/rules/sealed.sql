-- sealed.sql - persons of whom few may know that they live here (CNF-06, CNF-14).
-- Trap: nothing here may touch a row, number or time limit that more roles see.

CREATE OR REPLACE FUNCTION lodge.derive_sealed_of_household(new lodge.sealed_person, who lodge.actor) RETURNS lodge.sealed_person LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT h.area, h.unit INTO new.area, new.unit FROM household h WHERE h.id = new.household;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_sealed_ends(new lodge.sealed_person, who lodge.actor) RETURNS lodge.sealed_person LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.ended := coalesce(new.ended, estate_time(who.at)::date);
	RETURN new;
END $$;
