-- import.sql - what `lodge import` knows again: households and persons that a list names.
-- RES-01, 02; ARC-19; CNF-03, 05. Not for: who enters them one by one (archive.sql).
-- Trap: ID numbers are compared by their keyed hash; nothing here could read one.

CREATE OR REPLACE FUNCTION lodge.known_household_of_name(new lodge.household, who lodge.actor) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT h.id FROM household h WHERE h.unit = new.unit AND h.display_name = new.display_name ORDER BY h.closed IS NOT NULL, h.id LIMIT 1);
END $$;

-- When the household moved in is not known from a list: `opened` stays empty.
CREATE OR REPLACE FUNCTION lodge.derive_household_taken_over(new lodge.household, who lodge.actor) RETURNS lodge.household LANGUAGE plpgsql STABLE AS $$
BEGIN
	new.important := coalesce(new.important, false) OR coalesce((who.prior ->> 'important')::boolean, false);
	IF who.prior IS NULL THEN
		SELECT u.area INTO new.area FROM unit u WHERE u.id = new.unit;
		new.kind := coalesce(new.kind, 'owner');
	ELSE
		new.kind := who.prior ->> 'kind';
	END IF;
	RETURN new;
END $$;

CREATE OR REPLACE FUNCTION lodge.guard_household_importance_differs(new lodge.household, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT h.important FROM lodge.household h WHERE h.id = (new).id) IS DISTINCT FROM (new).important;
END $$;

-- The numbers have moved with the flag (trigger mobile_follows_household); the log of each person says so.
CREATE OR REPLACE FUNCTION lodge.effect_household_marked(new lodge.household, who lodge.actor) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	p record;
BEGIN
	IF (who.prior ->> 'important')::boolean IS NOT DISTINCT FROM new.important THEN
		RETURN;
	END IF;
	FOR p IN SELECT t.id, t.area FROM person t WHERE t.household = new.id ORDER BY t.id LOOP
		PERFORM write_event(who, 'person', p.id, p.area, CASE WHEN new.important THEN 'seal' ELSE 'unseal' END, 'ok', NULL, NULL, ARRAY['mobile'], NULL, NULL, NULL);
	END LOOP;
END $$;

-- Who still lives there before who has left; the ID number before name and birth, which settle it only
-- where one of the two numbers is unknown.
CREATE OR REPLACE FUNCTION lodge.known_person_of_unit(new lodge.person, who lodge.actor) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT p.id FROM person p WHERE p.unit = new.unit AND (p.id_no_key = new.id_no_key
			OR (p.name = new.name AND p.birth IS NOT DISTINCT FROM new.birth AND (p.id_no_key IS NULL OR new.id_no_key IS NULL)))
		ORDER BY (p.id_no_key = new.id_no_key) DESC NULLS LAST, p.left_on IS NOT NULL, p.id LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION lodge.derive_person_taken_over(new lodge.person, who lodge.actor) RETURNS lodge.person LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF who.prior IS NOT NULL THEN
		new.household := (who.prior ->> 'household')::bigint;
		RETURN new;
	END IF;
	SELECT u.area INTO new.area FROM unit u WHERE u.id = new.unit;
	new.mobile_withheld := coalesce((SELECT h.important FROM household h WHERE h.id = new.household), false);
	RETURN new;
END $$;

-- A rehearsal may come before the household is there.
CREATE OR REPLACE FUNCTION lodge.guard_person_household_of_unit(new lodge.person, who lodge.actor) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM lodge.household h WHERE h.id = (new).household AND h.unit = (new).unit)
		OR ((new).household IS NULL AND coalesce(((who).args ->> 'rehearse')::boolean, false));
END $$;
